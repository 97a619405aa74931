// Failures of a store.

/**
 * `lost`: the browser dropped the store and it could not be opened again; `full`: no room; `fenced`: another window writes
 * now; `wiped`: somebody deleted it; `newer`: it is of a version that this page cannot read.
 * @typedef {"lost" | "full" | "fenced" | "wiped" | "newer"} StoreFaultKind
 */

export class StoreFault extends Error {
  /** @param {StoreFaultKind} kind @param {string} [detail] */
  constructor(kind, detail) {
    super(detail || kind);
    this.name = "StoreFault";
    this.kind = kind;
  }
}

/** The tables of a store. Tables are only added, and members of rows too: an older page runs on a newer store. */
export const STORE_TABLES = ["meta", "commands", "copy", "drafts", "lines", "places", "rounds", "keys"];

/** The form of the rows, and the oldest form that a page must know to read them. */
export const STORE_FORM = 1;

/** The row of `meta` with the number of the window that may write. */
export const FENCE_KEY = "fence";
