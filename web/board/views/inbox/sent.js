// What a phone sent, as people read it, and as it came.

import { h } from "../../../shared/dom.js";
import { dayText, figureText, t, unitText } from "../../../shared/text.js";
import { read } from "../../api.js";
import { itemCatalogue } from "../../parts/words.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./command.js").Command} Command */

/** What a count is made of, of content that anything may be. @param {unknown} data @returns {Record<string, any>} */
export function sentFields(data) {
  return data && typeof data === "object" && !Array.isArray(data) ? /** @type {Record<string, any>} */ (data) : {};
}

/** The lines of a count that was sent; those that are none are left out. @param {unknown} data @returns {Record<string, any>[]} */
export function sentLines(data) {
  const { lines } = sentFields(data);
  return Array.isArray(lines) ? lines.filter((line) => line && typeof line === "object" && !Array.isArray(line)) : [];
}

/** The pointers of faults, by which what is wrong is marked. @param {Command} command @param {string} start */
export function faultAt({ problem }, start) {
  return (problem.errors || []).some(({ pointer }) => pointer === start || pointer.startsWith(`${start}/`));
}

/** @param {Command} command @param {import("../../parts/words.js").CodeWords} words */
export async function sentContent(command, words) {
  const fields = sentFields(command.data);
  const lines = sentLines(command.data);
  const [items, depot] = await Promise.all([itemCatalogue(), depotName(fields.depot_id)]);
  const raw = command.data_text === null ? JSON.stringify(command.data, null, 2) : command.data_text;
  return h("div.stack", null,
    Object.keys(fields).length ? h("dl.pairs.text", null,
      h("dt", null, t("inbox-depot")), h("dd", null, depot),
      h("dt", null, t("inbox-counted-at")), h("dd", null, typeof fields.counted_at === "string" ? instantText(fields.counted_at) : t("nothing-set")),
      h("dt", null, t("inbox-scope")), h("dd", null, words("count_scope", plainText(fields.scope)) || t("nothing-set")),
      fields.note ? [h("dt", null, t("inbox-remark")), h("dd", null, plainText(fields.note))] : null) : h("p", null, t("inbox-no-count")),
    lines.length ? h("div.table-scroll", { tabindex: "0", role: "region", "aria-label": t("inbox-sent-lines") }, h("table", null,
      h("caption", null, t("inbox-sent-lines")),
      h("thead", null, h("tr", null, ["inbox-item", "inbox-quantity", "inbox-lot", "inbox-expires", "inbox-condition"].map((head) => h("th", { scope: "col" }, t(head))))),
      h("tbody", null, lines.map((line, at) => sentRow(command, line, at, items, words))))) : null,
    h("details", null, h("summary", null, t("inbox-as-sent")), h("pre.inbox-raw", { tabindex: "0" }, raw)));
}

/** @param {Command} command @param {Record<string, any>} line @param {number} at @param {Map<string, ApiSchemas["ItemView"]>} items @param {import("../../parts/words.js").CodeWords} words */
function sentRow(command, line, at, items, words) {
  const item = items.get(plainText(line.item));
  const wrong = (/** @type {string} */ name) => (faultAt(command, `/lines/${at}/${name}`) ? "inbox-wrong" : "");
  const missing = () => h("span.muted", null, t("nothing-set"));
  return h("tr", null,
    h("th", { scope: "row", class: wrong("item") }, item ? item.name : t("inbox-item-unknown"), h("span.block.small.muted.inbox-plain", null, plainText(line.item))),
    h("td", { class: wrong("quantity") || wrong("pack_size") }, quantityWords(line, item) || missing()),
    h("td", { class: wrong("lot") }, plainText(line.lot) || missing()),
    h("td", { class: wrong("expires_on") }, dayText(plainText(line.expires_on)) || missing()),
    h("td", { class: wrong("condition") }, words("condition", plainText(line.condition) || "serviceable")));
}

/** @param {Record<string, any>} line @param {ApiSchemas["ItemView"] | undefined} item */
function quantityWords({ quantity, packs, pack, pack_size: size }, item) {
  if (quantity !== undefined && quantity !== null) return [figureText(plainText(quantity)), item ? ` ${unitText(item.unit, Number(quantity))}` : ""].join("");
  return packs === undefined ? "" : t("inbox-packs", { packs: plainText(packs), pack: plainText(pack), size: plainText(size) });
}

/** @param {unknown} value */
export function plainText(value) {
  if (value === null || value === undefined) return "";
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A depot by what was sent as its id. @param {unknown} id */
async function depotName(id) {
  if (typeof id !== "string") return t("nothing-set");
  try {
    /** @type {{ json: ApiSchemas["DepotView"] }} */
    const { json } = await read(`/depots/${encodeURIComponent(id)}`);
    return `${json.name} (${json.code})`;
  } catch (error) {
    if (/** @type {any} */ (error).status !== 404) throw error;
    return h("span.inbox-wrong", null, t("inbox-depot-unknown"), h("span.block.small.inbox-plain", null, id));
  }
}
