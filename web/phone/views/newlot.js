// A lot of a line that has no row yet: of the panel, or of a barcode.

import { toast } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { lastDay } from "./typed.js";

/** @typedef {import("./counter.js").LineCounter} LineCounter */

/** The number of a lot as the service compares it. @param {string | null | undefined} text */
const plainLot = (text) => (text || "").normalize("NFKC").replace(/\s/g, "").toUpperCase();

/** Adds a row for a lot, and opens it to the keypad; the one that it has already, where there is one. @param {LineCounter} counter @param {Record<string, string>} texts */
export async function openNewLot(counter, texts) {
  const { line } = counter;
  const { item } = line;
  const known = counter.entries.findIndex(({ number, expiresOn, madeOn }) => plainLot(number) === plainLot(texts.lot) &&
    lastDay(line, expiresOn, madeOn) === lastDay(line, texts.expires_on, texts.made_on) && (expiresOn !== null || (madeOn || "") === (texts.made_on || "")));
  if (known >= 0) {
    toast(t("lot-known"), true);
    return counter.open(known);
  }
  const key = await counter.store((draft) => draft.addLot(item, texts)).catch(() => null);
  // Why it is not stored is said already.
  if (key === null) return;
  counter.refresh();
  counter.open(Math.max(0, counter.entries.findIndex((entry) => entry.lot === key)));
}

/** Opens the row of a lot that a barcode named, or a new one. @param {LineCounter} counter @param {string} lot @param {string} expiresOn @param {string} madeOn */
export async function openScannedLot(counter, lot, expiresOn, madeOn) {
  const at = counter.entries.findIndex((entry) => entry.field === "quantity" && (lot ? plainLot(entry.number) === plainLot(lot) : entry.expiresOn === expiresOn));
  if (at >= 0) return counter.open(at);
  /** @type {Record<string, string>} */
  const texts = {};
  if (lot) texts.lot = lot;
  if (expiresOn) texts.expires_on = expiresOn;
  if (madeOn) texts.made_on = madeOn;
  return openNewLot(counter, texts);
}
