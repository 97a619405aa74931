// What to do first: the lines that lack most of what they require, and the organizations to ask about what is unknown.

import { h } from "../../../shared/dom.js";
import { hasText, t } from "../../../shared/text.js";
import { lineLink, link, organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { figure } from "../../parts/figure.js";
import { mark } from "../../../shared/status.js";
import { LINE_BASES } from "./data.js";
import { linesLink } from "./marks.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./data.js").OverviewData} OverviewData */
/** @typedef {import("./data.js").LineBasis} LineBasis */
/** @typedef {Pick<ApiSchemas["ShortageLine"], "organization" | "line" | "name" | "required" | "shortage" | "unit">} TopLine */

const TOP = 6;

/** The causes that somebody can end by a count or an answer, the quickest to end first. @type {string[]} */
const ASKED_CAUSES = ["never_counted", "stale_count", "conflict", "contested", "expiry_missing", "inspection_unknown", "fact_unknown", "target_not_declared", "condition_unknown", "no_depot"];

/** @param {OverviewData} data @param {LineBasis} basis */
export async function topLines(data, basis) {
  const page = await data.shortLines(basis);
  const lines = /** @type {TopLine[]} */ (page.items).slice().sort(byShareMissing);
  if (!lines.length) return [h("p", null, t("overview-top-none")), asOfLine(page)];
  return [
    h("ul.top-lines", null, lines.slice(0, TOP).map((line) => h("li", null,
      mark("short", `${line.organization.code} ${line.organization.name}`), h("p.row.wrap.spread", null, h("span", null, line.name), " ",
        h("span.nowrap", null, h("span.small.muted", null, t("overview-missing"), " "), figure(line.shortage, { unit: line.unit, href: lineLink(line.organization.code, line.line), label: `${line.organization.name}, ${line.name}` })))))),
    h("p.small", null, page.next_cursor ? [t("overview-top-part", { n: page.items.length }), " "] : null,
      h("a", { href: linesLink({ status: "short", basis }) }, page.next_cursor ? t("overview-top-all") : t("overview-top-all-n", { n: page.items.length }))),
    asOfLine(page),
  ];
}

/** The line that surely lacks the largest share of what it requires first; of the same, the larger number. @param {TopLine} one @param {TopLine} other */
function byShareMissing(one, other) {
  const share = (/** @type {TopLine} */ line) => line.shortage.min / Math.max(1, line.required.min);
  return share(other) - share(one) || other.shortage.min - one.shortage.min;
}

/** The organizations with the most lines that a count or an answer would make known. @param {OverviewData} data */
export async function askFirst(data) {
  const page = await data.causes();
  const asked = page.items.flatMap(({ organization, causes }) => {
    const open = causes.filter(({ code }) => ASKED_CAUSES.includes(code)).sort((one, other) => other.lines - one.lines);
    return open.length ? [{ organization, cause: open[0], lines: open[0].lines }] : [];
  }).sort((one, other) => other.lines - one.lines);
  if (!asked.length) return [h("p", null, t("overview-ask-none")), asOfLine(page)];
  return [
    h("ul.top-lines", null, asked.slice(0, TOP).map(({ organization, cause, lines }) => h("li", null,
      mark("unknown", `${organization.code} ${organization.name}`),
      h("p.row.wrap.spread", null, h("span", null, causeText(cause)), h("a.nowrap", { href: organizationLink(organization.code), "aria-label": `${organization.name}: ${t("overview-lines-n", { n: lines })}` }, t("overview-lines-n", { n: lines }))),
      h("p.small.muted", null, t("overview-ask", { who: askedPeople(cause.ask) }))))),
    h("p.small", null, page.next_cursor ? [t("overview-ask-part", { n: page.items.length }), " "] : null, h("a", { href: link("organizations", { status: "unknown", basis: "together" }) }, t("overview-ask-all"))),
    asOfLine(page),
  ];
}

/** A cause of what is unknown, in words. @param {ApiSchemas["CauseView"]} cause */
function causeText({ code, depots, facts }) {
  const n = code === "fact_unknown" ? facts.length : depots.length;
  return hasText(`overview-cause-${code}`) ? t(`overview-cause-${code}`, { n }) : code;
}

/** @param {ApiSchemas["Ask"][]} ask */
function askedPeople(ask) {
  const names = Array.from(new Set(ask.map(({ who, keeper, depot }) => keeper && depot ? `${keeper} (${depot})` : hasText(`overview-who-${who}`) ? t(`overview-who-${who}`) : who)));
  const most = 2;
  return names.slice(0, most).join(t("overview-and")) + (names.length > most ? t("overview-and-more", { n: names.length - most }) : "");
}

/** The three lists, each loading by itself. @param {OverviewData} data @param {(load: () => Promise<import("../../../shared/dom.js").Child>) => HTMLElement} shown */
export function firstThings(data, shown) {
  return h("div.columns.three", null,
    LINE_BASES.map((basis) => h("div.stack-8", null, h("h3", null, t(`overview-top-${basis}`)), shown(() => topLines(data, basis)))),
    h("div.stack-8", null, h("h3", null, t("overview-ask-first")), shown(() => askFirst(data))));
}
