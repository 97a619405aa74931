// The condition of a rule in words, part by part, with what was found of the organization.

import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { dayText, figureText, t, unitText } from "../../../shared/text.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {Map<string, ApiSchemas["FactDefinitionView"]>} Facts */
/** @typedef {import("./shared.js").CodeWords} CodeWords */

/** The kinds of mark of what holds, holds not, and is unknown. @type {Record<string, string>} */
const HOLDING_KINDS = { yes: "met", no: "none", unknown: "unknown" };

/** A condition as nested lists. @param {ApiSchemas["EvaluatedCondition"]} condition @param {CodeWords} words @param {Facts} facts @returns {HTMLElement} */
export function conditionList(condition, words, facts) {
  const { any, all, not, holds } = condition;
  const parts = any || all || (not ? [not] : null);
  const said = parts ? t(any ? "orgs-condition-any" : all ? "orgs-condition-all" : "orgs-condition-not") : testText(condition, words, facts);
  return h("div", null, h("span", null, said), " ", mark(HOLDING_KINDS[holds] || "unknown", t(`orgs-holds-${holds}`)),
    parts ? h("ul.org-condition", null, parts.map((part) => h("li", null, conditionList(part, words, facts)))) : null);
}

/** @param {ApiSchemas["EvaluatedCondition"]} condition @param {CodeWords} words @param {Facts} facts */
function testText({ type, kind, sector, compare, tag, class: table }, words, facts) {
  const asked = (/** @type {string} */ what, /** @type {string} */ wanted, /** @type {string} */ found) => t("orgs-condition-is", { what, wanted, found: found || t("nothing-set") });
  if (type) return asked(t("orgs-type"), words("team_type", type.asked), words("team_type", type.found));
  if (kind) return asked(t("orgs-kind"), words("organization_kind", kind.asked), words("organization_kind", kind.found));
  if (sector) return asked(t("orgs-sector"), words("sector", sector.asked), words("sector", sector.found));
  if (tag) return factText(tag, facts);
  if (compare) return `${t("orgs-condition-compare", { op: t(`orgs-op-${compare.op}`), value: figureText(compare.value) })} ${factText(compare.found, facts)}`;
  if (table) return t("orgs-condition-class", { table: table.table, wanted: table.asked, found: table.possible.map((one) => one || t("nothing-set")).join(", ") });
  return t("orgs-condition-always");
}

/** A fact as it was found: its name, its value, and since when. @param {ApiSchemas["FactFound"]} found @param {Facts} facts */
export function factText(found, facts) {
  const fact = facts.get(found.fact);
  const name = fact ? fact.name : found.fact;
  if (found.state === "unknown") return t("orgs-fact-unknown", { name });
  const value = found.number !== undefined ? `${figureText(found.number)} ${fact && fact.unit ? unitText(fact.unit) : ""}`.trim() : t(found.tag ? "orgs-fact-yes" : "orgs-fact-no");
  return t("orgs-fact-found", { name, value, from: found.valid_from ? dayText(found.valid_from) : "?" });
}
