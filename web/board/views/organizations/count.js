// One count: who saw what in which depot and when, and the receipt that proves it.

import { h } from "../../../shared/dom.js";
import { notice } from "../../../shared/status.js";
import { clock, dayText, t } from "../../../shared/text.js";
import { read } from "../../api.js";
import { organizationLink } from "../../links.js";
import { figure } from "../../parts/figure.js";
import { heading, loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { codeWords, itemCatalogue } from "../../parts/words.js";
import { countNotes } from "./counts.js";
import { receiptBlock } from "./receipt.js";
import { printButton } from "./shared.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {Map<string, ApiSchemas["ItemView"]>} Catalogue */

/** @param {import("../../page.js").Board} _board @param {string} code @param {string} id @returns {Promise<import("../../page.js").View>} */
export async function organizationCountView(_board, code, id) {
  const path = `/counts/${encodeURIComponent(id)}`;
  const [{ json }, words, items] = await Promise.all([read(path), codeWords(), itemCatalogue()]);
  /** @type {ApiSchemas["CountView"]} */
  const count = json;
  const title = t("orgs-count-title", { depot: count.depot.name });
  return {
    title,
    body: h("div.blocks", null,
      h("div.stack", null,
        h("p.no-print", null, h("a", { href: organizationLink(code) }, count.organization.name)),
        heading(title, printButton()),
        count.void ? notice("warn", h("p.strong", null, t("orgs-count-voided")), h("p", null, t("orgs-voided-at", { at: clock(count.void.voided_at), reason: count.void.reason }))) : null,
        countParticulars(count, words)),
      h("section.stack", { "aria-labelledby": "count-lines" }, h("h2", { id: "count-lines" }, t("orgs-count-lines")), countLines(count, items, words), notMentioned(count, items)),
      h("section.stack", { "aria-labelledby": "count-receipt" }, h("h2", { id: "count-receipt" }, t("orgs-receipt")), loading(async () => {
        /** @type {ApiSchemas["CountReceipts"]} */
        const receipts = (await read(`${path}/receipt`)).json;
        return receiptBlock(receipts.receipt, { id: count.id, sha256: count.sha256 });
      }))),
  };
}

/** @param {ApiSchemas["CountView"]} count @param {import("./shared.js").CodeWords} words */
function countParticulars(count, words) {
  const [kind, scope, ...notes] = countNotes(count, words);
  return h("dl.pairs", null, [
    [t("orgs-depot"), `${count.depot.name} (${count.depot.code})`],
    [t("orgs-counted"), instantText(count.effective_at)],
    [t("orgs-counted-by"), count.counted_by],
    [t("orgs-count-what"), `${kind} · ${scope}`],
    [t("orgs-received"), instantText(count.received_at)],
    [t("orgs-revision"), t("orgs-revision-number", { revision: count.revision })],
    [t("orgs-device"), count.device],
    [t("orgs-notes"), notes.join(" · ")],
    [t("orgs-remark"), count.note],
  ].filter(([, value]) => value).map(([name, value]) => [h("dt", null, name), h("dd.org-plain", null, value)]));
}

/** @param {ApiSchemas["CountView"]} count @param {Catalogue} items @param {import("./shared.js").CodeWords} words */
function countLines(count, items, words) {
  const nameOfLine = (/** @type {ApiSchemas["CountLineView"]} */ { item }) => { const found = items.get(item); return found ? found.name : item; };
  return dataTable({
    caption: t(count.scope === "full" ? "orgs-count-caption-full" : "orgs-count-caption", { n: count.speaks_for }),
    columns: [
      { head: t("orgs-item"), rowHead: true, sort: nameOfLine, cell: (line) => [nameOfLine(line), h("div.small.muted.org-plain", null, line.item),
        line.note ? h("div.small.org-plain", null, line.note) : null] },
      { head: t("orgs-quantity"), number: true, sort: ({ quantity }) => quantity, cell: (line) => { const item = items.get(line.item); return figure(line.quantity, { unit: item ? item.unit : "" }); } },
      { head: t("orgs-condition"), sort: ({ condition }) => condition, cell: (line) => [words("condition", line.condition), line.held === "lent" ? h("div", null, words("held", line.held)) : null] },
      { head: t("orgs-lot-short"), cell: (line) => [line.lot || h("span.muted", null, t("lot-none")), line.expires_on ? h("div.small", null, t("lot-expires", { day: dayText(line.expires_on) })) : null,
        line.made_on ? h("div.small.wide-only", null, t("lot-made", { day: dayText(line.made_on) })) : null] },
      { head: t("orgs-inspected"), wide: true, cell: ({ inspected_on: day }) => day ? dayText(day) : h("span.muted", null, t("nothing-set")) },
    ],
    rows: count.lines,
    text: (line) => [line.item, nameOfLine(line), line.lot].join(" "),
  }).node;
}

/** Lots that an earlier count found and this one does not mention. @param {ApiSchemas["CountView"]} count @param {Catalogue} items */
function notMentioned({ lots_not_mentioned: lots }, items) {
  if (!lots || !lots.length) return null;
  return h("div.stack-8", null, h("h3", null, t("orgs-lots-not-mentioned")), h("ul.dots", null, lots.map((lot) => {
    const item = items.get(lot.item);
    return h("li", null, item ? item.name : lot.item, ", ", lot.lot ? t("lot-number", { lot: lot.lot }) : lot.expires_on ? t("lot-expires", { day: dayText(lot.expires_on) }) : t("lot-none"), " ",
      figure(lot.quantity === undefined ? null : lot.quantity, { unit: item ? item.unit : "" }));
  })));
}
