// Counts that differ: in conflict because they were made at about the same time, or contested because an inspection found less.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { mark } from "../../../shared/status.js";
import { readAll } from "../../api.js";
import { link } from "../../links.js";
import { figure } from "../../parts/figure.js";
import { mayEdit } from "../../rights.js";
import { organizationCountLink } from "./shared.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./sheet-data.js").SheetData} SheetData */

const DIFFERING = ["conflict", "contested"];

/** @param {SheetData} data */
export async function differencesBlock(data) {
  const { rows } = await data.lines();
  const depots = new Set(rows.flatMap(({ reasons }) => reasons.flatMap(({ code, depot }) => (DIFFERING.includes(code) && depot ? [depot] : []))));
  const stock = await Promise.all(Array.from(depots, (depot) => readAll("/stock", { depot })));
  /** @type {ApiSchemas["StockLine"][]} */
  const differing = stock.flat().filter((line) => DIFFERING.includes(line.stock.state));
  if (!differing.length) return h("p", null, t("orgs-differences-none"));
  return [
    h("ul.org-causes", null, differing.map((line) => differenceItem(line, data))),
    mayEdit() ? h("p", null, h("a", { href: link("inbox") }, t("orgs-to-inbox"))) : null,
  ];
}

/** One item in one depot: what each count found, side by side. @param {ApiSchemas["StockLine"]} line @param {SheetData} data */
function differenceItem({ item, depot, stock }, { code, words }) {
  const unit = item ? item.unit : "";
  const { inspection } = stock;
  const counts = inspection ? [inspection.count, ...stock.counts] : stock.counts;
  return h("li.stack-8", null,
    h("p", null, mark("contested", words("stock_state", stock.state)), " ", h("strong", null, item ? item.name : stock.item), ` · ${depot.name}`),
    h("ul.org-found", null, counts.map((count) => h("li", null,
      figure(count.usable, { unit }), h("div.small", null, words("count_kind", count.kind), " · ",
        h("a", { href: organizationCountLink(code, count.id) }, instantText(count.effective_at)), ` · ${count.counted_by}`)))),
    h("p.small", null, t("orgs-difference-both"), " ", figure(stock.usable, { unit })));
}
