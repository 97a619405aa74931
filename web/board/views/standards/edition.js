// An edition of a standard: its status, where it binds and by whose decision, and its clauses.

import { h } from "../../../shared/dom.js";
import { choice } from "../../../shared/choice.js";
import { dayText, t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { ruleLink, standardLink, withQuery } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { clauseName, standardNumber } from "../../parts/clause.js";
import { downloadButtons } from "../../parts/download.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { codeWords } from "../../parts/words.js";
import { adoptionBlock } from "./adoption.js";
import { conditionWords } from "./conditions.js";
import { basisMark, byWhom, inItsLanguage, newestRevision, readIfThere, standardsBlock, standardsFrame, watchedForms } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["RuleView"]} RuleRow */

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code */
export function editionView(board, place, code) {
  const forms = watchedForms();
  return standardsFrame("", standardNumber(code), [
    loading(() => editionFacts(code)),
    standardsBlock(t("standards-adoption"), loading(() => adoptionBlock(board, place, code, forms))),
    standardsBlock(t("standards-clauses"), loading(() => clausesTable(board, place, code), 8)),
    standardsBlock(t("standards-changes"), loading(() => editionChanges(code))),
  ], { forms, beside: downloadButtons("/rules", () => ({ standard: code }), code) });
}

/** @param {string} code */
async function editionFacts(code) {
  const [{ json }, words] = await Promise.all([read(`/standards/${encodeURIComponent(code)}`), codeWords()]);
  /** @type {ApiSchemas["StandardView"]} */
  const edition = json;
  const later = edition.replaced_by ? (await readIfThere(`/standards/${encodeURIComponent(edition.replaced_by)}`)).json : null;
  const other = edition.title === edition.title_zh ? { lang: "en", words: edition.title_en } : { lang: "zh-CN", words: edition.title_zh };
  /** @type {[string, import("../../../shared/dom.js").Child][]} */
  const pairs = [
    [t("standards-status"), words("standard_status", edition.status)],
    [t("standards-in-force"), [edition.valid_from ? dayText(edition.valid_from) : t("value-unknown"), edition.valid_to ? ` – ${dayText(edition.valid_to)}` : ""]],
    [t("standards-replaced-by"), later ? h("a", { href: standardLink(later.code) }, standardNumber(later.code)) : edition.replaced_by ? t("standards-replaced-by-missing", { code: standardNumber(edition.replaced_by) }) : t("standards-replaced-by-none")],
    [t("standards-jurisdiction"), edition.jurisdiction],
    [t("standards-note"), inItsLanguage(edition.note)],
  ];
  return [
    h("p.strong.text", null, edition.title), other.words !== edition.title ? h("p.muted.text", { lang: other.lang }, other.words) : null,
    h("dl.pairs.standards-pairs", null, pairs.filter(([, value]) => value).map(([name, value]) => [h("dt", null, name), h("dd", null, value)])),
  ];
}

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code */
async function clausesTable(board, place, code) {
  const standing = await newestRevision();
  board.asOf(standing);
  /** @type {[RuleRow[], import("../../parts/words.js").CodeWords, import("./conditions.js").ConditionWords]} */
  const [rules, words, sayCondition] = await Promise.all([readAll("/rules", { standard: code, revision: standing.revision }), codeWords(), conditionWords()]);
  const { basis } = place.query;
  const chosen = basis === "established" || basis === "indicative" ? basis : "all";
  return [
    h("p.text.small.muted", null, t("standards-basis-lead")),
    dataTable({
      caption: t("standards-clauses-of", { code: standardNumber(code) }),
      rows: rules.filter((row) => chosen === "all" || row.basis === chosen),
      text: (row) => [row.rule.code, row.rule.clause, clauseName(row.rule.clause), row.rule.text_en, row.rule.text_zh, t(`standards-basis-${row.basis}`), words("strength", row.rule.strength), sayCondition(row.rule.applies_when)].join(" "),
      beside: choice(t("standards-reading"), ["all", "established", "indicative"].map((key) => [key, t(`standards-basis-show-${key}`)]), chosen, (key) => board.go(withQuery(standardLink(code), { basis: key === "all" ? "" : key }))),
      columns: [
        { head: t("standards-clause"), cell: (row) => [h("a", { href: ruleLink(row.rule.code) }, row.rule.code), h("span.small.muted.block", null, inItsLanguage(clauseName(row.rule.clause)))], sort: (row) => row.rule.code, rowHead: true },
        { head: t("standards-text"), cell: (row) => h("span.standards-clause", null, row.text, h("span.small.muted.block", null, t("standards-applies-to", { who: sayCondition(row.rule.applies_when) }))) },
        { head: t("standards-binds"), cell: (row) => [words("strength", row.rule.strength), row.rule.role === "requirement" ? null : h("span.small.muted.block", null, words("rule_role", row.rule.role)),
          h("span.block", null, basisMark(row.basis)), row.evaluated || row.rule.role !== "requirement" ? null : h("span.small.muted.block", null, t("standards-no-figure"))], sort: (row) => row.rule.strength },
      ],
    }).node,
    asOfLine(standing),
  ];
}

/** Who changed the standard or its rules, and when: one row for each revision. @param {string} code */
async function editionChanges(code) {
  /** @type {ApiSchemas["PageVersionStandardChange"]["items"]} */
  const entries = await readAll(`/standards/${encodeURIComponent(code)}/history`);
  /** @type {Map<string, { first: (typeof entries)[0], rules: number }>} */
  const byRevision = new Map();
  for (const entry of entries) {
    const key = `${entry.revision} ${entry.valid_from}`;
    const found = byRevision.get(key) || { first: entry, rules: 0 };
    if (entry.state.rule) found.rules += 1;
    byRevision.set(key, found);
  }
  return dataTable({
    caption: t("standards-changes-of", { code: standardNumber(code) }),
    rows: Array.from(byRevision.values()).reverse(),
    columns: [
      { head: t("standards-revision"), cell: ({ first }) => String(first.revision), rowHead: true },
      { head: t("standards-decided"), cell: ({ rules }) => t("standards-rules-changed", { n: rules }) },
      { head: t("standards-from"), cell: ({ first }) => (first.valid_from <= "1970-01-01" ? t("standards-from-ever") : dayText(first.valid_from)) },
      { head: t("standards-by"), cell: ({ first }) => byWhom(first.author && first.author.name, first.recorded_at) },
    ],
  }).node;
}
