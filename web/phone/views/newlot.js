// A lot of a line that has no row yet: of the panel, or of a barcode.

/** @typedef {import("./counter.js").LineCounter} LineCounter */

/** Adds a row for a lot, and opens it to the keypad. @param {LineCounter} counter @param {Record<string, string>} texts */
export async function openNewLot(counter, texts) {
  const { item } = counter.line;
  let key = "";
  await counter.store(async (draft) => { key = await draft.addLot(item, texts); });
  counter.refresh();
  counter.open(Math.max(0, counter.entries.findIndex((entry) => entry.lot === key)));
}

/** Opens the row of a lot that a barcode named, or a new one. @param {LineCounter} counter @param {string} lot @param {string} expiresOn @param {string} madeOn */
export async function openScannedLot(counter, lot, expiresOn, madeOn) {
  const plain = (/** @type {string | null} */ text) => (text || "").normalize("NFKC").replace(/\s/g, "").toUpperCase();
  const at = counter.entries.findIndex((entry) => entry.field === "quantity" && (lot ? plain(entry.number) === plain(lot) : entry.expiresOn === expiresOn));
  if (at >= 0) return counter.open(at);
  /** @type {Record<string, string>} */
  const texts = {};
  if (lot) texts.lot = lot;
  if (expiresOn) texts.expires_on = expiresOn;
  if (madeOn) texts.made_on = madeOn;
  return openNewLot(counter, texts);
}
