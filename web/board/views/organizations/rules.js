// The rules of a line: the clause in its own words, why it applies, what it counts, and what it comes to; and those that ask for the
// same and do not bear on it.

import { h } from "../../../shared/dom.js";
import { dayText, language, t } from "../../../shared/text.js";
import { mark } from "../../../shared/status.js";
import { clauseName, standardNumber } from "../../parts/clause.js";
import { figure } from "../../parts/figure.js";
import { conditionList, factText } from "./conditions.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./shared.js").CodeWords} CodeWords */
/** @typedef {import("./conditions.js").Facts} Facts */

/** @param {ApiSchemas["ExplainedLine"]} found @param {CodeWords} words @param {Facts} facts */
export function rulesBlock({ explanation, unit }, words, facts) {
  const rules = explanation.scopes.flatMap((scope) => scope.rules.map((rule) => ({ rule, governs: scope.governing.includes(rule.rule) })));
  return h("section.stack", { "aria-labelledby": "line-rules" }, h("h2", { id: "line-rules" }, t("orgs-rules", { n: rules.length })),
    h("ul.org-rules", null, rules.map(({ rule, governs }) => h("li.stack-8", null,
      h("h3", null, `${standardNumber(rule.standard.code)} ${clauseName(rule.clause)}`, h("span.muted.org-plain", null, ` · ${t("orgs-rule", { rule: rule.rule })}`)),
      h("p.small", null, chosenText(rule.standard.title_zh, rule.standard.title_en), ` · ${words("standard_status", rule.standard.status)}`),
      h("blockquote.org-clause", null, chosenText(rule.text_zh, rule.text_en)),
      rule.specification ? h("p.small", null, rule.specification) : null,
      h("p", null, rule.words.working),
      h("dl.pairs", null,
        h("dt", null, t("orgs-rule-result")), h("dd", null, figure(rule.result, { unit, words: t("orgs-required-open") }), governs ? h("span.small", null, ` ${t("orgs-rule-governs")}`) : null),
        h("dt", null, t("orgs-strength")), h("dd", null, t("orgs-rule-strength", { strength: words("strength", rule.strength), region: rule.adoption.region_code, from: dayText(rule.adoption.valid_from) })),
        h("dt", null, t("orgs-confidence")), h("dd", null, mark(rule.verified ? "met" : "unknown", confidenceText(rule, words))),
        rule.counted.length ? [h("dt", null, t("orgs-rule-counted")), h("dd", null, h("ul", null, rule.counted.map((fact) => h("li", null, factText(fact, facts)))))] : null,
        rule.target ? [h("dt", null, t("orgs-target")), h("dd", null, figure(rule.target.quantity, { unit }), ` ${t("orgs-from", { from: dayText(rule.target.valid_from) })}`)] : null,
        rule.exemption ? [h("dt", null, t("orgs-exemption")), h("dd", null, t("orgs-exempt", { name: rule.exemption.granted_by, reason: rule.exemption.reason, from: dayText(rule.exemption.valid_from), to: dayText(rule.exemption.ends_on) }))] : null),
      h("details", null, h("summary", null, t("orgs-why-applies", { holds: t(`orgs-holds-${rule.applies}`) })), conditionList(rule.condition, words, facts))))));
}

/** How sure the text is: as it was transcribed, and that it is the standard's. @param {ApiSchemas["RuleWorking"]} rule @param {CodeWords} words */
function confidenceText({ confidence, recall_certainty: certainty, attribution }, words) {
  return [words("confidence", confidence), certainty ? t("orgs-certainty", { certainty: words("certainty", certainty) }) : "", attribution ? t("orgs-attribution", { confidence: words("confidence", attribution) }) : ""].filter(Boolean).join(" · ");
}

/** What asks for the same and does not bear on the line, and why. @param {ApiSchemas["ExplainedLine"]} found @param {CodeWords} words @param {Facts} facts */
export function passedOverBlock({ explanation }, words, facts) {
  const { rules, adoptions, more } = explanation.passed_over;
  if (!rules.length && !adoptions.length) return null;
  return h("details.org-passed", null, h("summary", null, t("orgs-passed-over", { n: rules.length + adoptions.length + more })),
    h("ul.org-causes", null,
      rules.map((rule) => h("li.stack-8", null, h("p.org-plain", null, `${standardNumber(rule.standard)} ${clauseName(rule.clause)} · ${t("orgs-rule", { rule: rule.rule })} · ${words("strength", rule.strength)}`),
        h("p.small", null, t(`orgs-passed-${rule.cause}`)), rule.cause === "does_not_apply" ? h("div.small", null, conditionList(rule.condition, words, facts)) : null)),
      adoptions.map((adoption) => h("li", null, h("p.org-plain", null, `${standardNumber(adoption.standard)} · ${adoption.region_code}`), h("p.small", null, t(`orgs-adoption-${adoption.cause}`), adoption.by ? ` ${adoption.by}` : "")))));
}

/** @param {string} chinese @param {string} english */
const chosenText = (chinese, english) => (language() === "en" ? english || chinese : chinese || english);
