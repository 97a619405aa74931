// The words of a row of a ledger.

/** @typedef {import("../../session.js").ApiSchemas["LedgerText"]} LedgerText */

/** What the thing is, as the ledger has it. @param {LedgerText} text @returns {string} */
export function wordsOf(text) {
  return [text.name || text.item, text.specification, text.model].filter(Boolean).join(" · ");
}

/** How much there is of it, as the ledger has it. @param {LedgerText} text @returns {string} */
export function dataQuantityWords(text) {
  return [text.quantity, text.unit].filter(Boolean).join(" ");
}
