// A store in memory, for a browser that keeps nothing.
import { FENCE_KEY, STORE_TABLES, StoreFault } from "./store-fault.js";

/** @typedef {import("./types.js").Store} Store */
/** @typedef {import("./types.js").StoreMaker} StoreMaker */
/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {Record<string, Map<string, any>>} StoreRows */

/** @returns {StoreRows} */
export function emptyRows() {
  /** @type {StoreRows} */
  const rows = {};
  for (const table of STORE_TABLES) rows[table] = new Map();
  return rows;
}

/** @param {StoreRows} rows @param {StoreChange[]} changes */
export function applyChanges(rows, changes) {
  for (const change of changes) {
    const table = rows[change.table];
    if (!table) throw new StoreFault("lost", `there is no table ${change.table}`);
    if ("clear" in change) table.clear();
    else if ("gone" in change) table.delete(change.key);
    else table.set(change.key, change.value);
  }
}

/** Stores that live as long as this object. Rows are kept as JSON, so that nobody shares an object with the store. */
export class MemoryStores {
  constructor() {
    /** @type {Map<string, StoreRows>} */
    this.stores = new Map();
  }

  /** @param {string} name @returns {Promise<Store>} */
  async open(name) {
    if (!this.stores.has(name)) this.stores.set(name, emptyRows());
    return new MemoryStore(this, name);
  }

  /** @param {string} name */
  async remove(name) {
    this.stores.delete(name);
  }
}

class MemoryStore {
  /** @param {MemoryStores} all @param {string} name */
  constructor(all, name) {
    this.all = all;
    this.name = name;
  }

  rows() {
    const rows = this.all.stores.get(this.name);
    if (!rows) throw new StoreFault("wiped");
    return rows;
  }

  async load() {
    const copy = emptyRows();
    for (const [table, rows] of Object.entries(this.rows())) {
      for (const [key, text] of rows) (copy[table] || new Map()).set(key, JSON.parse(text));
    }
    return copy;
  }

  /** @param {StoreChange[]} changes @param {number | null} fence */
  async write(changes, fence) {
    const rows = this.rows();
    const held = JSON.parse((rows["meta"] || new Map()).get(FENCE_KEY) || "null");
    if (fence !== null && held !== fence) throw new StoreFault(held === null ? "wiped" : "fenced");
    const texts = changes.map((change) =>
      "value" in change ? { ...change, value: JSON.stringify(change.value) } : change,
    );
    applyChanges(rows, texts);
  }

  async claim() {
    if (!this.all.stores.has(this.name)) this.all.stores.set(this.name, emptyRows());
    const rows = this.rows()["meta"] || new Map();
    const fence = Number(JSON.parse(rows.get(FENCE_KEY) || "0")) + 1;
    rows.set(FENCE_KEY, JSON.stringify(fence));
    return fence;
  }

  close() {}
}
