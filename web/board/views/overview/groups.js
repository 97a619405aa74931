// Mandatory lines by sector and by class of items: numbers of lines and of organizations, established beside indicative.

import { h, svg } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { hatch } from "../../charts/frame.js";
import { rowBar } from "../../charts/stacked.js";
import { link } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { kindOf } from "../../parts/figure.js";
import { LINE_BASES, LINE_ORDER, STATUS_BASES } from "./data.js";
import { linesLink, signKey, signedCount } from "./marks.js";

/** @typedef {import("./data.js").SummaryGroup} SummaryGroup */
/** @typedef {import("./data.js").OverviewData} OverviewData */

/**
 * A row of the table: a group, what narrows the lines to it, and whether its organizations are counted once.
 * @typedef {{ name: string, established: SummaryGroup["established"]["lines"], indicative: SummaryGroup["indicative"]["lines"],
 *   organizations: SummaryGroup["organization_statuses"] | null, query: Record<string, string> }} GroupRow
 */

/** @type {string[]} */
const KINDS = ["rescue_team", "enterprise", "bureau"];
const SHOWN = LINE_ORDER.filter((status) => status !== "not_required");

/** @param {OverviewData} data */
export async function overviewSectors(data) {
  const summary = await data.sectors();
  // Organizations without a sector are grouped by their kind, such as rescue teams.
  const rows = summary.groups.map((group) => rowOf(group, KINDS.includes(group.key) ? { kind: group.key } : { sector: group.key }));
  return [groupTable(t("overview-sectors"), t("overview-sector"), rows), asOfLine(summary)];
}

/** @param {OverviewData} data */
export async function overviewClasses(data) {
  const [summary, classOfItem] = await Promise.all([data.classes(), data.classOfItem()]);
  const classes = new Set(classOfItem.values());
  const rows = summary.groups.filter(({ key }) => classes.has(key)).map((group) => rowOf(group, { item_class: group.key }));
  const several = severalItems(summary.groups.filter(({ key }) => !classes.has(key)));
  return [groupTable(t("overview-classes"), t("overview-class"), several ? [...rows, several] : rows), asOfLine(summary)];
}

/** @param {SummaryGroup} group @param {Record<string, string>} query @returns {GroupRow} */
function rowOf(group, query) {
  return { name: group.name, established: group.established.lines, indicative: group.indicative.lines, organizations: group.organization_statuses, query };
}

/** The lines that several items can meet: they have no class. Their lines can be added, their organizations cannot. @param {SummaryGroup[]} groups @returns {GroupRow | null} */
function severalItems(groups) {
  if (!groups.length) return null;
  const sum = (/** @type {"established" | "indicative"} */ basis) => /** @type {GroupRow["established"]} */ (Object.fromEntries(LINE_ORDER.map((status) => [status, groups.reduce((n, group) => n + group[basis].lines[status], 0)])));
  return { name: t("overview-several"), established: sum("established"), indicative: sum("indicative"), organizations: null, query: { several: "1" } };
}

/** @param {string} caption @param {string} head @param {GroupRow[]} rows */
function groupTable(caption, head, rows) {
  const used = rows.filter((row) => LINE_BASES.some((basis) => linesOnBasis(row, basis) > 0)).sort(byShort);
  if (!used.length) return h("p", null, t("overview-no-mandatory"));
  const { pattern, fill } = hatch();
  const heads = [head, t("overview-established-lines"), t("overview-indicative-lines"), ...STATUS_BASES.map((basis) => t(`overview-short-by-${basis}`))];
  return h("div.stack-8", null,
    svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "hatch-source" }, pattern),
    signKey(SHOWN),
    h("div.table-scroll", { tabindex: "0", role: "region", "aria-label": `${head}: ${t("overview-established-lines")}, ${t("overview-indicative-lines")}` },
      h("table.group-table", null, h("caption.visually-hidden", null, caption),
        h("thead", null, h("tr", null, heads.map((words) => h("th", { scope: "col" }, words)))),
        h("tbody", null, used.map((row) => h("tr", null, h("th", { scope: "row" }, row.name),
          LINE_BASES.map((basis) => h("td.bar-cell", null, basisCell(row, basis, fill))),
          organizationCells(row)))))));
}

/** @param {GroupRow} row @param {"established" | "indicative"} basis */
function linesOnBasis(row, basis) {
  return SHOWN.reduce((n, status) => n + row[basis][status], 0);
}

/** The group with the most lines surely short first: by established lines, then by indicative. @param {GroupRow} one @param {GroupRow} other */
function byShort(one, other) {
  return other.established.short - one.established.short || other.indicative.short - one.indicative.short;
}

/** The numbers of lines, and a bar of their shares. @param {GroupRow} row @param {"established" | "indicative"} basis @param {string} hatched */
function basisCell(row, basis, hatched) {
  const shown = SHOWN.filter((status) => row[basis][status] > 0);
  if (!shown.length) return h("span.small.muted", null, t("overview-no-lines"));
  const parts = shown.map((status) => ({ kind: kindOf(status), n: row[basis][status], words: t(`line-status-${status}`) }));
  const figures = shown.map((status) => signedCount(status, row[basis][status], {
    href: linesLink({ ...row.query, basis, status }), label: `${row.name}, ${t(`overview-${basis}-lines`)}, ${t(`line-status-${status}`)}`,
  }));
  return [h("div.signed-row", null, figures), rowBar(parts, { hatched, total: linesOnBasis(row, basis) })];
}

/** Organizations that are short: by established lines, and by both. @param {GroupRow} row */
function organizationCells(row) {
  const { organizations } = row;
  if (!organizations) return h("td.small.muted", { colspan: STATUS_BASES.length }, t("overview-not-added"));
  return STATUS_BASES.map((basis) => h("td", null, signedCount("short", organizations[basis].short, {
    // The list of organizations is narrowed to sectors and kinds; for a class of items, the lines tell them.
    href: row.query.sector || row.query.kind ? link("organizations", { status: "short", basis, ...row.query }) : linesLink({ ...row.query, status: "short", basis: basis === "established" ? basis : null }),
    label: `${row.name}, ${t(`overview-short-by-${basis}`)}`,
  })));
}
