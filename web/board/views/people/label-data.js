// What is printed on labels: the items that a depot has to count, with the places where they were found last, and the numbers of items.

import { read, readFile } from "../../api.js";
import { readCsv } from "../../parts/csv.js";

/** @typedef {import("../../session.js").ApiSchemas["DepotView"]} DepotView */

/**
 * @typedef {object} ShelfLabel
 * @property {"depot" | "place" | "line"} kind
 * @property {DepotView} depot
 * @property {string} name
 * @property {string} item  its code; empty on a sign
 * @property {string} place
 * @property {string | null} number  to type where there is no camera
 */

/** The columns of a count list that a label needs, by their place in it (docs/tables.md). */
const LIST_PLACE = 2;
const LIST_ITEM = 3;
const LIST_NAME = 4;

/** The numbers of items, by their codes; they stay, so that they are kept. @type {{ numbers: Map<string, number>, cursor: string | null, whole: boolean }} */
const itemNumbers = { numbers: new Map(), cursor: null, whole: false };

/**
 * Reads the numbers of labels, which the service gives with the copy that phones take: only as much of it as has these items.
 * @param {string[]} items
 */
async function readItemNumbers(items) {
  if (itemNumbers.whole) Object.assign(itemNumbers, { cursor: null, whole: false });
  while (items.some((item) => !itemNumbers.numbers.has(item))) {
    const { json } = await read("/sync", { cursor: itemNumbers.cursor });
    for (const { type, key, data } of json.changes) if (type === "item" && data && Number.isInteger(data.label)) itemNumbers.numbers.set(key, data.label);
    itemNumbers.cursor = json.cursor;
    if (!json.more) {
      itemNumbers.whole = true;
      return;
    }
  }
}

/**
 * The labels of depots, in their order.
 * @param {string[]} codes
 * @param {string[]} kinds
 * @returns {Promise<ShelfLabel[]>}
 */
export async function readLabels(codes, kinds) {
  /** @type {ShelfLabel[]} */
  const labels = [];
  for (const code of codes) {
    const path = `/depots/${encodeURIComponent(code)}`;
    /** @type {DepotView} */
    const depot = (await read(path)).json;
    const rows = kinds.some((kind) => kind !== "depot") ? readCsv(await (await readFile(`${path}/count-list`, { format: "csv" })).text()).slice(1) : [];
    if (kinds.includes("depot")) labels.push({ kind: "depot", depot, name: depot.name, item: "", place: "", number: null });
    if (kinds.includes("place")) for (const place of new Set(rows.map((row) => row[LIST_PLACE]).filter(Boolean))) labels.push({ kind: "place", depot, name: place, item: "", place, number: null });
    if (kinds.includes("line")) for (const row of rows) labels.push({ kind: "line", depot, name: row[LIST_NAME], item: row[LIST_ITEM], place: row[LIST_PLACE], number: null });
  }
  const lines = labels.filter((label) => label.kind === "line");
  await readItemNumbers(lines.map((label) => label.item));
  for (const label of lines) {
    const number = itemNumbers.numbers.get(label.item);
    label.number = number === undefined ? null : String(number).padStart(4, "0");
  }
  return labels;
}
