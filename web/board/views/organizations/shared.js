// What the pages of an organization share: addresses, ranges, names of what is required, marks of counts.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { icon } from "../../../shared/icons.js";
import { mark } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { organizationLink } from "../../links.js";
import { clauseName, standardNumber } from "../../parts/clause.js";
import { statusMark } from "../../parts/figure.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["ShortageLine"]} ShortageLine */
/** @typedef {import("../../parts/words.js").CodeWords} CodeWords */

/** The sheet of an organization with its lines narrowed. @param {string} code @param {Record<string, string | null>} query */
export function organizationLinesLink(code, query) {
  const given = Object.entries(query).filter(([, value]) => value);
  return organizationLink(code) + (given.length ? `?${given.map(([name, value]) => `${name}=${value}`).join("&")}` : "");
}

/** The page of a count. @param {string} code @param {string} id */
export const organizationCountLink = (code, id) => to("organizations", code, "counts", id);

/** Where an officer counts a depot. @param {string} code @param {string} depot */
export const inspectionLink = (code, depot) => to("organizations", code, "depots", depot, "count");

/** The status of a line, and that its counts are contested or in conflict. @param {ShortageLine} line */
export function lineMarks(line) {
  return h("span.org-marks", null, statusMark(line.status),
    line.conflict ? mark("contested", t("orgs-conflict")) : null,
    line.contested ? mark("contested", t("orgs-contested")) : null);
}

/** The clauses that require a line, by the numbers of their editions. @param {ApiSchemas["ClauseCited"][]} clauses */
export function clauseText(clauses) {
  const shown = Array.from(new Set(clauses.map(({ standard, clause }) => `${standardNumber(standard)} ${clauseName(clause)}`)));
  return shown.length > 2 ? t("orgs-clauses-more", { first: shown[0], n: shown.length - 1 }) : shown.join("; ");
}

/** How far a line binds, and how sure its rules are. @param {{ strength: string, basis: string }} line @param {CodeWords} words */
export function bindingText({ strength, basis }, words) {
  return `${words("strength", strength)} · ${words("basis", basis)}`;
}

/** A button that prints the page. */
export function printButton() {
  return h("button.button", { type: "button", onclick: () => window.print() }, icon("print", 18), t("orgs-print"));
}

/** A list of what is too much to show at once. @template T @param {T[]} all @param {number} most @param {(one: T) => import("../../../shared/dom.js").Child} show */
export function firstOf(all, most, show) {
  return [all.slice(0, most).map((one) => h("li", null, show(one))), all.length > most ? h("li.muted", null, t("orgs-more", { n: all.length - most })) : null];
}
