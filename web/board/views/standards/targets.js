// Declared targets: the numbers that organizations need under rules that say "as needed".

import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { to } from "../../../shared/address.js";
import { dayText, t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { ruleLink, targetsLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { mayEdit } from "../../rights.js";
import { amountWithUnit } from "./conditions.js";
import { organizationsWithCause } from "./causes.js";
import { besidePages, standardsBlock, standardsFrame } from "./frame.js";
import { organizationChoice } from "./organizations.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** @param {import("../../page.js").Board} board */
export function targetsView(board) {
  return standardsFrame("targets", t("standards-part-targets"), [
    standardsBlock(t("standards-targets-missing"), loading(() => undeclaredTable(board))),
    standardsBlock(t("standards-targets-other"), organizationChoice(board, targetsLink)),
  ], { lead: h("p.text.muted", null, t("standards-targets-lead")) });
}

/** @param {import("../../page.js").Board} board */
async function undeclaredTable(board) {
  const { rows, standing } = await organizationsWithCause(["target_not_declared"]);
  board.asOf(standing);
  return [
    dataTable({
      caption: t("standards-targets-missing-by"),
      rows,
      empty: t("standards-targets-all-declared"),
      text: ({ organization }) => `${organization.code} ${organization.name}`,
      columns: [
        { head: t("standards-organization"), cell: ({ organization: { code, name } }) => [h("a", { href: targetsLink(code) }, code), h("span.small.block", null, name)], sort: (row) => row.organization.code, rowHead: true },
        { head: t("standards-lines-waiting"), cell: (row) => h("a.figure", { href: targetsLink(row.organization.code) }, row.lines), sort: (row) => row.lines, number: true },
        { head: t("standards-rules-of"), cell: (row) => h("span.row.wrap", null, row.rules.map((rule) => h("a", { href: to("standards", "targets", row.organization.code, rule) }, rule))) },
      ],
    }).node,
    asOfLine(standing),
  ];
}

/** @param {string} code */
export function organizationTargetsView(code) {
  return standardsFrame("targets", t("standards-targets-of", { code }), [loading(() => organizationTargets(code), 6)], { lead: h("p.text.muted", null, t("standards-targets-lead")) });
}

/** @typedef {{ rule: string, name: string, unit: string, strength: string, quantity: number | null, from: string | null }} TargetRow */

/** @param {string} code */
async function organizationTargets(code) {
  const path = `/organizations/${encodeURIComponent(code)}`;
  /** @type {any} */
  let standing = null;
  const [{ json: organization }, declared, lines] = await Promise.all([read(path), readAll(`${path}/targets`), readAll("/shortages", { organization: code }, (_, page) => { standing = page; })]);
  /** @type {Map<string, TargetRow>} */
  const rows = new Map();
  const lineOf = (/** @type {string} */ rule) => lines.find((/** @type {ApiSchemas["ShortageLine"]} */ { clauses }) => clauses.some((clause) => clause.rule === rule));
  for (const line of lines) {
    for (const { code: reason, rule } of line.reasons) {
      if (reason === "target_not_declared" && rule) rows.set(rule, { rule, name: line.name, unit: line.unit, strength: line.strength, quantity: null, from: null });
    }
  }
  for (const { rule, quantity, valid_from: from } of declared) {
    const line = lineOf(rule);
    rows.set(rule, { rule, name: line ? line.name : "", unit: line ? line.unit : "", strength: line ? line.strength : "", quantity, from });
  }
  return [
    h("p.strong", null, organization.name), besidePages(code, "targets"),
    dataTable({
      caption: t("standards-part-targets"),
      rows: Array.from(rows.values()).sort((one, other) => (one.rule < other.rule ? -1 : 1)),
      empty: t("standards-targets-none"),
      columns: [
        { head: t("standards-rule"), cell: (row) => [h("a", { href: ruleLink(row.rule) }, row.rule), h("span.small.block", null, row.name)], sort: (row) => row.rule, rowHead: true },
        { head: t("standards-target"), cell: (row) => (row.quantity === null ? mark("unknown", t("line-status-not_set")) : h("span.figure", null, amountWithUnit(row.quantity, row.unit))), sort: (row) => row.quantity },
        { head: t("standards-since-head"), cell: (row) => (row.from ? dayText(row.from) : h("span.muted", null, t("standards-none"))), sort: (row) => row.from },
        { head: t("standards-act"), cell: (row) => h("a", { href: to("standards", "targets", code, row.rule), "aria-label": `${t(mayEdit() ? "standards-target-declare" : "standards-history")} ${row.rule}` }, t(mayEdit() ? "standards-target-declare" : "standards-history")) },
      ],
    }).node,
    standing ? asOfLine(standing) : null,
  ];
}
