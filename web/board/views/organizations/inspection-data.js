// What an inspector's list has: the items that the depot was found with, those that are required of the organization, and what is
// known of each, which stays hidden until a number is typed.

import { readAll } from "../../api.js";
import { itemCatalogue } from "../../parts/words.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/**
 * @typedef {object} InspectedItem
 * @property {ApiSchemas["ItemView"]} item
 * @property {ApiSchemas["ShortageLine"][]} lines  that ask for it
 * @property {ApiSchemas["DepotStock"] | null} stock  as counted last in the depot
 *
 * @typedef {object} InspectionList
 * @property {InspectedItem[]} here  what the depot was found with
 * @property {InspectedItem[]} required  of the organization, and not found in the depot
 * @property {(code: string) => InspectedItem | null} find  any item of the catalogue
 * @property {ApiSchemas["ItemView"][]} catalogue
 */

/** @param {string} organization @param {string} depot id @returns {Promise<InspectionList>} */
export async function inspectionList(organization, depot) {
  const [catalogue, stock, lines] = await Promise.all([itemCatalogue(), readAll("/stock", { depot }), readAll("/shortages", { organization })]);
  /** @type {Map<string, ApiSchemas["DepotStock"]>} */
  const stockOf = new Map(stock.map((/** @type {ApiSchemas["StockLine"]} */ line) => [line.stock.item, line.stock]));
  /** @type {Map<string, ApiSchemas["ShortageLine"][]>} */
  const linesOf = new Map();
  /** The items that are listed because something names them. @type {Set<string>} */
  const named = new Set();
  for (const line of lines) {
    const own = askedItems(line.selector);
    own.forEach((code) => named.add(code));
    for (const code of [...own, ...capableItems(line.selector)]) linesOf.set(code, [...(linesOf.get(code) || []), line]);
  }
  const find = (/** @type {string} */ code) => {
    const item = catalogue.get(code);
    return item ? { item, lines: linesOf.get(code) || [], stock: stockOf.get(code) || null } : null;
  };
  const isFound = (/** @type {string} */ code) => { const found = stockOf.get(code); return Boolean(found && found.counts.some((count) => count.lots.length)); };
  const all = Array.from(new Set([...stockOf.keys(), ...named])).sort();
  const listed = (/** @type {string[]} */ codes) => codes.flatMap((code) => { const found = find(code); return found && !found.item.retired ? [found] : []; });
  return { here: listed(all.filter(isFound)), required: listed(all.filter((code) => named.has(code) && !isFound(code))), find, catalogue: Array.from(catalogue.values()).filter((item) => !item.retired) };
}

/** The items that a selector names; those of a capability are too many, and are found by typing. @param {ApiSchemas["Selector"]} selector @returns {string[]} */
function askedItems(selector) {
  if (selector.item) return [selector.item];
  return itemsOf([...(selector.any_of || []), ...(selector.kit || []), ...(selector.each_of || []).flatMap((kind) => kind.items.map((item) => ({ item })))]);
}

/** The items that count for a capability that a selector asks for. @param {ApiSchemas["Selector"]} selector @returns {string[]} */
function capableItems({ capability }) {
  if (!capability) return [];
  return itemsOf([...capability.items, ...(capability.kinds || []).flatMap((kind) => kind.items.map((item) => ({ item })))]);
}

/** The items of alternatives, those of bundles too. @param {any[]} parts @returns {string[]} */
function itemsOf(parts) {
  return parts.flatMap((part) => (part.item ? [part.item] : (part.bundle || []).map((/** @type {any} */ one) => one.item)));
}
