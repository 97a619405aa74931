// A rule: the clause in words, whom it binds, how it was read, and who is exempt from it.

import { h } from "../../../shared/dom.js";
import { dayText, t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { exemptionsLink, standardLink } from "../../links.js";
import { clauseName, standardNumber } from "../../parts/clause.js";
import { loading } from "../../parts/states.js";
import { codeWords, itemCatalogue } from "../../parts/words.js";
import { conditionWords } from "./conditions.js";
import { basisMark, inItsLanguage, standardsBlock, standardsFrame } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** @param {string} code */
export function ruleView(code) {
  return standardsFrame("", t("standards-rule-title", { rule: code }), [loading(() => ruleFacts(code), 8), standardsBlock(t("standards-exempt-from-it"), loading(() => exemptFrom(code), 2))]);
}

/** @param {string} code */
async function ruleFacts(code) {
  const [{ json }, words, say, items] = await Promise.all([read(`/rules/${encodeURIComponent(code)}`), codeWords(), conditionWords(), itemCatalogue()]);
  /** @type {ApiSchemas["RuleView"]} */
  const { standard, rule, basis, evaluated, text } = json;
  const other = text === rule.text_zh ? { lang: "en", words: rule.text_en } : { lang: "zh-CN", words: rule.text_zh };
  const item = rule.selector.item ? items.get(rule.selector.item) : null;
  /** @type {[string, import("../../../shared/dom.js").Child][]} */
  const pairs = [
    [t("standards-standard"), [h("a", { href: standardLink(standard.code) }, standardNumber(standard.code)), ` ${standard.title}`]],
    [t("standards-clause"), inItsLanguage(clauseName(rule.clause))],
    [t("standards-strength"), words("strength", rule.strength)],
    [t("standards-role"), words("rule_role", rule.role || "requirement")],
    [t("standards-item"), item ? `${item.name} ${item.code}` : rule.selector.item],
    [t("standards-who"), say(rule.applies_when)],
    [t("standards-waived"), rule.waived_when ? say(rule.waived_when) : null],
    [t("standards-figure"), rule.role && rule.role !== "requirement" ? null : t(evaluated ? "standards-figure-yes" : "standards-no-figure")],
    [t("standards-specification"), inItsLanguage(rule.specification)],
    [t("standards-count-validity"), rule.validity_days ? t("standards-days", { n: rule.validity_days }) : null],
    [t("standards-inspected-within"), rule.inspected_within_months ? t("standards-months", { n: rule.inspected_within_months }) : null],
    [t("standards-agreement"), rule.agreement_percent ? `${rule.agreement_percent} %` : null],
    [t("standards-reading"), [basisMark(basis), h("span.block", null, t("standards-read-text", { how: words("confidence", rule.confidence) })),
      rule.attribution ? h("span.block", null, t("standards-read-attribution", { how: words("confidence", rule.attribution) })) : null]],
    [t("standards-source"), inItsLanguage(rule.source)],
    [t("standards-note"), inItsLanguage(rule.note)],
  ];
  return [
    h("blockquote.standards-quote.text", null, text), other.words !== text ? h("p.muted.text", { lang: other.lang }, other.words) : null,
    h("dl.pairs.standards-pairs", null, pairs.filter(([, value]) => value).map(([name, value]) => [h("dt", null, name), h("dd", null, value)])),
  ];
}

/** @param {string} rule */
async function exemptFrom(rule) {
  /** @type {ApiSchemas["ExemptionView"][]} */
  const exemptions = await readAll("/exemptions", { rule });
  if (!exemptions.length) return h("p.muted", null, t("standards-exempt-nobody"));
  return h("ul.dots", null, exemptions.map(({ organization, valid_from: from, ends_on: end }) => h("li", null,
    h("a", { href: exemptionsLink(organization.code) }, `${organization.code} ${organization.name}`), ` ${dayText(from)} – ${dayText(end)}`)));
}
