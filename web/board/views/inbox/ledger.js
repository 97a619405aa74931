// Rows of ledgers that are in no count yet: which item each is must be said by somebody.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { asOfLine } from "../../parts/asof.js";
import { dataTable } from "../../parts/table.js";
import { codeWords, itemCatalogue } from "../../parts/words.js";
import { inboxColumns, inboxLink, inboxOrganization } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["LedgerRowView"]} LedgerRow */

/** The words of a row that tell which thing it is. @param {LedgerRow} row */
export function ledgerWords({ text }) {
  return [text.name, text.specification, text.model].filter(Boolean).join(" ") || t("inbox-ledger-nameless");
}

/** The quantity as the ledger has it. @param {LedgerRow} row */
export function ledgerQuantity({ text }) {
  const { quantity, unit } = text;
  if (!quantity) return "";
  return unit && !quantity.includes(unit) ? `${quantity} ${unit}` : quantity;
}

/** @param {import("./data.js").InboxData} data */
export async function inboxLedgerBlock(data) {
  const [{ rows, standing }, words, items] = await Promise.all([data.ledger(), codeWords(), itemCatalogue()]);
  const nearest = (/** @type {LedgerRow} */ { candidates }) => candidates.slice(0, 2).map(({ item }) => { const found = items.get(item); return found ? found.name : item; });
  const table = dataTable({
    caption: t("inbox-ledger-caption"),
    rows,
    text: (row) => [ledgerWords(row), row.organization.name, row.organization.code, row.depot ? row.depot.name : ""].join(" "),
    empty: t("inbox-ledger-none"),
    columns: inboxColumns([
      { head: t("inbox-ledger-words"), rowHead: true, sort: ledgerWords, cell: (row) => [
        h("a", { href: inboxLink("ledger", row.id), lang: "zh-CN" }, ledgerWords(row)),
        h("span.block.small.inbox-plain", { lang: "zh-CN" }, ledgerQuantity(row)),
      ] },
      { head: t("inbox-where"), sort: (row) => row.organization.name, cell: (row) => [inboxOrganization(row.organization), h("span.block.small", null, row.depot ? row.depot.name : t("inbox-depot-none"))] },
      { head: t("inbox-ledger-day"), sort: (row) => row.ledger_on, cell: (row) => h("span.nowrap", null, row.ledger_on) },
      { head: t("inbox-why"), cell: (row) => [h("span.block", null, words("why_open", row.why)), row.candidates.length ? h("span.block.small.muted", null, t("inbox-ledger-nearest", { list: nearest(row).join(t("inbox-list-and")) })) : null] },
    ]),
  });
  return [table.node, asOfLine(standing)];
}
