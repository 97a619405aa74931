// The effect of a decision: how organizations, or the lines of one of them, stand by the revision before it and by its own, on the
// first day on which it holds.

import { h } from "../../../shared/dom.js";
import { dayOfTime, interval, t, unitText } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { lineLink, organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { organizationMark, statusMark } from "../../parts/figure.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { basisMark, standardsBlock } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["OrganizationStatusView"]} StatusRow */
/** @typedef {ApiSchemas["ShortageLine"]} LineRow */
/** @template Row @typedef {{ key: string, before: Row | undefined, after: Row | undefined }} Changed */

/** The day on which a decision is looked at: its first, if that is to come; else none, which is today. @param {string | null | undefined} day */
const effectDay = (day) => (day && day > dayOfTime(new Date()) ? day : "");

/**
 * The block that a query `?effect=REVISION&day=DAY` asks for; nothing without it.
 * @param {Record<string, string>} query
 * @param {string} [organization]  whose lines are compared; else the organizations are
 */
export function effectBlock(query, organization) {
  const revision = Number(query.effect);
  if (!Number.isInteger(revision) || revision < 2) return null;
  const day = effectDay(query.day);
  return standardsBlock(day ? t("standards-effect-title-day", { revision, day }) : t("standards-effect-title", { revision }),
    loading(() => (organization ? lineEffect(revision, day, organization) : organizationEffect(revision, day)), 4));
}

/**
 * Reads a list by the revision before and by that of the decision, and leaves out what is the same.
 * @template Row
 * @param {string} path @param {import("../../api.js").Query} query @param {number} revision @param {string} day
 * @param {(row: Row) => string} keyOf
 * @param {(row: Row) => unknown} shown  what counts as changed
 */
async function changedRows(path, query, revision, day, keyOf, shown) {
  /** @type {any} */
  let standing = null;
  const [before, after] = await Promise.all([revision - 1, revision].map((one) => readAll(path, { ...query, revision: one, as_of: day }, (_, page) => {
    if (one === revision) standing = page;
  })));
  /** @type {Map<string, Changed<Row>>} */
  const pairs = new Map();
  for (const row of before) pairs.set(keyOf(row), { key: keyOf(row), before: row, after: undefined });
  for (const row of after) pairs.set(keyOf(row), { key: keyOf(row), before: (pairs.get(keyOf(row)) || { before: undefined }).before, after: row });
  const said = (/** @type {Row | undefined} */ row) => (row ? JSON.stringify(shown(row)) : "");
  return { rows: Array.from(pairs.values()).filter((pair) => said(pair.before) !== said(pair.after)), standing };
}

/** @param {number} revision @param {string} day */
async function organizationEffect(revision, day) {
  const { rows, standing } = await changedRows("/organization-statuses", { fields: "organization,established,together" }, revision, day,
    (/** @type {StatusRow} */ row) => row.organization.code, ({ established, together }) => [established, together]);
  const becomes = (/** @type {"established" | "together"} */ basis) => rows.filter(({ before, after }) => after && after[basis].status === "short" && (!before || before[basis].status !== "short")).length;
  return [
    rows.length ? h("p", null, t("standards-effect-sum", { n: rows.length, established: becomes("established"), together: becomes("together") })) : h("p.muted", null, t("standards-effect-none")),
    rows.length ? dataTable({
      caption: t("standards-effect-organizations"),
      rows,
      text: ({ before, after }) => { const one = /** @type {StatusRow} */ (after || before); return `${one.organization.code} ${one.organization.name}`; },
      columns: [
        { head: t("standards-organization"), cell: ({ before, after }) => organizationWords(/** @type {StatusRow} */ (after || before).organization), sort: ({ key }) => key, rowHead: true },
        { head: t("standards-by-established"), cell: ({ before, after }) => statusChange(before && before.established, after && after.established) },
        { head: t("standards-by-together"), cell: ({ before, after }) => statusChange(before && before.together, after && after.together) },
      ],
    }).node : null,
    standing ? asOfLine(standing) : null,
  ];
}

/** @param {{ code: string, name: string }} organization */
export function organizationWords({ code, name }) {
  return [h("a", { href: organizationLink(code) }, code), h("span.small.block", null, name)];
}

/** @param {ApiSchemas["OrganizationFigures"] | undefined} before @param {ApiSchemas["OrganizationFigures"] | undefined} after */
function statusChange(before, after) {
  if (!before || !after) return after ? organizationMark(after.status) : t("standards-gone");
  const marks = before.status === after.status ? organizationMark(after.status) : [organizationMark(before.status), " → ", organizationMark(after.status)];
  const kinds = /** @type {const} */ (["short", "unknown", "met", "not_set", "not_required"]);
  const lines = kinds.filter((kind) => before.lines[kind] !== after.lines[kind]);
  return [marks, lines.map((kind) => h("span.small.muted.block", null, t("standards-effect-lines", { status: t(`line-status-${kind}`), before: before.lines[kind], after: after.lines[kind] })))];
}

/** @param {number} revision @param {string} day @param {string} organization */
async function lineEffect(revision, day, organization) {
  const { rows, standing } = await changedRows("/shortages", { organization, fields: "line,name,required,shortage,status,strength,basis,unit" }, revision, day,
    (/** @type {LineRow} */ row) => row.line, ({ required, shortage, status, basis }) => [required, shortage, status, basis]);
  return [
    rows.length ? null : h("p.muted", null, t("standards-effect-none-lines")),
    rows.length ? dataTable({
      caption: t("standards-effect-of-lines", { n: rows.length }),
      rows,
      columns: [
        { head: t("standards-line"), cell: ({ key, before, after }) => h("a", { href: lineLink(organization, key) }, /** @type {LineRow} */ (after || before).name), rowHead: true },
        { head: t("standards-required"), cell: ({ before, after }) => [t("standards-change", { before: requiredText(before), after: requiredText(after) })] },
        { head: t("standards-status"), cell: ({ before, after }) => [before ? statusMark(before.status) : t("standards-no-line"), " → ", after ? statusMark(after.status) : t("standards-no-line")] },
        { head: t("standards-reading"), cell: ({ before, after }) => basisMark(/** @type {LineRow} */ (after || before).basis) },
      ],
    }).node : null,
    standing ? asOfLine(standing) : null,
  ];
}

/** @param {LineRow | undefined} line */
function requiredText(line) {
  return line ? t("amount", { n: interval(line.required), unit: unitText(line.unit, line.required.max === null ? undefined : line.required.max) }) : t("standards-no-line");
}
