// Counts that differ: made at about the same time by different sources, or contested because an inspection found less.

import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read } from "../../api.js";
import { asOfLine } from "../../parts/asof.js";
import { figure } from "../../parts/figure.js";
import { dataTable } from "../../parts/table.js";
import { codeWords } from "../../parts/words.js";
import { inboxColumns, inboxLink, inboxOrganization } from "./shared.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["StockLine"]} StockLine */
/** @typedef {ApiSchemas["SpeakingCount"]} DifferingCount */

/** The stock of an item in a depot, and as of when that is. @param {string} depot @param {string} item @returns {Promise<{ line: StockLine | null, page: ApiSchemas["StockPage"] }>} */
export async function stockOf(depot, item) {
  /** @type {{ json: ApiSchemas["StockPage"] }} */
  const { json } = await read("/stock", { depot, item });
  return { line: json.items[0] || null, page: json };
}

/** The counts that differ, the inspection first. @param {StockLine["stock"]} stock @returns {DifferingCount[]} */
export function differingCounts({ counts, inspection }) {
  return inspection ? [inspection.count, ...counts] : counts;
}

/** The name of what is counted. @param {StockLine} line */
export function countedName({ item, stock }) {
  return item ? item.name : stock.item;
}

/** @param {import("./data.js").InboxData} data */
export async function inboxDifferencesBlock(data) {
  const [{ rows, standing }, words] = await Promise.all([data.counts(), codeWords()]);
  const table = dataTable({
    caption: t("inbox-counts-caption"),
    rows,
    text: (line) => [countedName(line), line.stock.item, line.depot.code, line.depot.name, line.organization.code, line.organization.name].join(" "),
    empty: t("inbox-counts-none"),
    columns: inboxColumns([
      { head: t("inbox-item"), rowHead: true, sort: countedName, cell: (line) => [
        h("a", { href: inboxLink("counts", line.depot.code, line.stock.item) }, countedName(line)),
        h("span.block.small.muted.inbox-plain", null, line.stock.item),
        h("span.block.inbox-plain", null, mark("contested", words("stock_state", line.stock.state))),
      ] },
      { head: t("inbox-where"), sort: (line) => line.organization.name, cell: (line) => [inboxOrganization(line.organization), h("span.block.small", null, line.depot.name)] },
      { head: t("inbox-counted"), cell: (line) => h("ul.inbox-counted", null, differingCounts(line.stock).map((count) => h("li", null,
        figure(count.usable, { unit: line.item ? line.item.unit : "" }), " ",
        h("span.small", null, words("count_kind", count.kind), " · ", count.counted_by, " · ", instantText(count.effective_at))))) },
      { head: t("inbox-figure-covers"), cell: (line) => figure(line.stock.usable, { unit: line.item ? line.item.unit : "", href: inboxLink("counts", line.depot.code, line.stock.item), label: countedName(line) }) },
    ]),
  });
  return [table.node, asOfLine(standing)];
}
