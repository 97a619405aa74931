// Facts of organizations: which of them are missing, and how many lines wait for them.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { factSheetLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { organizationsWithCause } from "./causes.js";
import { standardsBlock, standardsFrame } from "./frame.js";
import { organizationChoice } from "./organizations.js";

/** Of thousands of organizations that lack a fact, the first are named; the other table has all. */
const ORGANIZATIONS_NAMED = 12;

/** @typedef {{ key: string, name: string, organizations: string[], lines: number, sure: boolean }} MissingFact */

/** @param {import("../../page.js").Board} board */
export function factSheetsView(board) {
  return standardsFrame("facts", t("standards-part-facts"), [
    loading(() => missingFactTables(board), 8),
    standardsBlock(t("standards-facts-other"), organizationChoice(board, factSheetLink)),
  ], { lead: h("p.text.muted", null, t("standards-facts-lead")) });
}

/** @param {import("../../page.js").Board} board */
async function missingFactTables(board) {
  const { rows: all, standing } = await organizationsWithCause(["fact_unknown", "condition_unknown"]);
  const rows = all.filter(({ facts }) => facts.length);
  board.asOf(standing);
  return [
    h("div.columns", null,
      dataTable({
        caption: t("standards-facts-by-organization"),
        rows,
        empty: t("standards-facts-none-missing"),
        text: ({ organization, facts }) => [organization.code, organization.name, ...facts.map(({ name }) => name)].join(" "),
        columns: [
          { head: t("standards-organization"), cell: ({ organization: { code, name } }) => [h("a", { href: factSheetLink(code) }, code), h("span.small.block", null, name)], sort: (row) => row.organization.code, rowHead: true },
          { head: t("standards-facts-missing"), cell: (row) => h("ul", null, row.facts.map((fact) => h("li", null, fact.name))) },
          { head: t("standards-lines-waiting"), cell: (row) => h("a.figure", { href: factSheetLink(row.organization.code), "aria-label": t("standards-lines-waiting-of", { n: row.lines, name: row.organization.code }) }, row.lines), sort: (row) => row.lines, number: true },
        ],
      }).node,
      dataTable({
        caption: t("standards-facts-by-fact"),
        rows: missingByFact(rows),
        empty: t("standards-facts-none-missing"),
        columns: [
          { head: t("standards-fact"), cell: (row) => row.name, sort: (row) => row.name, rowHead: true },
          { head: t("standards-organizations"), cell: (row) => h("span.row.wrap", null, row.organizations.slice(0, ORGANIZATIONS_NAMED).map((code) => h("a", { href: factSheetLink(code) }, code)), row.organizations.length > ORGANIZATIONS_NAMED ? t("standards-and-more", { n: row.organizations.length - ORGANIZATIONS_NAMED }) : null), sort: (row) => row.organizations.length },
          { head: t("standards-lines-waiting"), cell: (row) => h("span.figure", null, row.sure ? row.lines : `≤ ${row.lines}`), sort: (row) => row.lines, number: true },
        ],
      }).node),
    asOfLine(standing),
  ];
}

/** The same by fact, the fact with most lines first. @param {import("./causes.js").CauseRow[]} rows @returns {MissingFact[]} */
function missingByFact(rows) {
  /** @type {Map<string, MissingFact>} */
  const byFact = new Map();
  for (const { organization, causes } of rows) {
    for (const { facts, lines } of causes) {
      for (const { key, name } of facts) {
        const found = byFact.get(key) || { key, name, organizations: [], lines: 0, sure: true };
        if (!found.organizations.includes(organization.code)) found.organizations.push(organization.code);
        found.lines += lines;
        // Where several facts are missing together, not every line waits for each.
        if (facts.length > 1) found.sure = false;
        byFact.set(key, found);
      }
    }
  }
  return Array.from(byFact.values()).sort((one, other) => other.lines - one.lines);
}
