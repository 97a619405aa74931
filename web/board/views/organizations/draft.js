// An inspection that is being typed: kept in this tab until it is stored or discarded, so that no reload, no end of a session and no
// lost network loses what was typed.

import { typedNumber } from "../../../shared/typed-number.js";
import { randomId } from "../../../shared/ids.js";
import { person } from "../../session.js";

/**
 * @typedef {{ quantity: string, lot: string, expires_on: string, condition: string }} DraftRow  units that share lot and condition, as typed
 *
 * @typedef {object} InspectionDraft
 * @property {string} id  of the count that it becomes
 * @property {string} begun_at
 * @property {Record<string, DraftRow[]>} rows  by the codes of items
 * @property {string[]} added  codes of items that were not on the list
 * @property {"listed" | "full"} scope
 * @property {string} counted_by
 * @property {string} note
 * @property {string | null} sent  the body once it was sent and no answer came: it is sent again as it is, and not changed
 */

const DRAFT_KEY = "muster.board.inspection";

/** @param {string} depot id */
function draftKey(depot) {
  const who = person();
  return `${DRAFT_KEY}.${who ? who.id : ""}.${depot}`;
}

/** The draft of a depot by the person who is signed in; null where there is none. @param {string} depot id @returns {InspectionDraft | null} */
export function keptDraft(depot) {
  try {
    const text = sessionStorage.getItem(draftKey(depot));
    return text ? JSON.parse(text) : null;
  } catch (_) {
    return null;
  }
}

/** Whether a draft of a depot is kept. @param {string} depot id */
export const hasInspectionDraft = (depot) => keptDraft(depot) !== null;

/** @returns {InspectionDraft} */
export function newDraft() {
  return { id: randomId(), begun_at: new Date().toISOString(), rows: {}, added: [], scope: "listed", counted_by: "", note: "", sent: null };
}

/** A row of an item with nothing typed. @returns {DraftRow} */
export const emptyRow = () => ({ quantity: "", lot: "", expires_on: "", condition: "serviceable" });

/** Keeps a draft. @param {string} depot id @param {InspectionDraft} draft @returns {boolean} false where this browser keeps nothing */
export function keepDraft(depot, draft) {
  try {
    sessionStorage.setItem(draftKey(depot), JSON.stringify(draft));
    return true;
  } catch (_) {
    return false;
  }
}

/** @param {string} depot id */
export function dropDraft(depot) {
  try {
    sessionStorage.removeItem(draftKey(depot));
  } catch (_) {
    // A browser that keeps nothing has nothing to drop.
  }
}

/** The rows of an item that have a number or something else typed. @param {DraftRow[] | undefined} rows */
export const typedRows = (rows) => (rows || []).filter(({ quantity, lot, expires_on: day }) => quantity.trim() || lot.trim() || day);

/** The codes of the items for which something was typed. @param {InspectionDraft} draft */
export const typedItems = (draft) => Object.keys(draft.rows).filter((code) => typedRows(draft.rows[code]).length > 0);

/**
 * What is sent, and which item and row each of its lines is of.
 * @param {InspectionDraft} draft
 * @param {string} depot id
 * @param {string} now
 */
export function bodyOf(draft, depot, now) {
  const places = typedItems(draft).flatMap((code) => typedRows(draft.rows[code]).map((row) => ({ code, row })));
  const lines = places.map(({ code, row }) => ({
    item: code,
    quantity: typedNumber(row.quantity),
    ...(row.lot.trim() ? { lot: row.lot.trim() } : {}),
    ...(row.expires_on ? { expires_on: row.expires_on } : {}),
    ...(row.condition === "serviceable" ? {} : { condition: row.condition }),
  }));
  const body = {
    depot_id: depot, kind: "inspection", scope: draft.scope, counted_at: now, lines,
    ...(draft.counted_by.trim() ? { counted_by: draft.counted_by.trim() } : {}),
    ...(draft.note.trim() ? { note: draft.note.trim() } : {}),
  };
  return { body, places };
}
