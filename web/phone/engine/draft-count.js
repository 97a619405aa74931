// A draft as a count: the lines that are sent, what is wrong with them, and the text of the count.
import { readTypedDay } from "./days.js";
import { readQuantity } from "./quantity.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").DraftLine} DraftLine */
/** @typedef {import("./types.js").DraftLot} DraftLot */
/** @typedef {import("./types.js").Fault} Fault */
/** @typedef {import("./types.js").LotField} LotField */
/** @typedef {Pick<import("./copy.js").CopiedItem, "code" | "measured" | "packs">} CountedItem */

/** @typedef {Record<string, string | number>} CountBodyLine */

/**
 * @typedef {object} DraftedLine
 * @property {string} item
 * @property {CountBodyLine[]} lines
 * @property {Fault[]} faults
 * @property {number} total  in thousandths
 * @property {number} usable  in thousandths
 * @property {string[]} given  the keys of the lots that have a number
 */

const LONGEST_LOT = 64;

/**
 * What a line of a draft says. A line without an act says nothing.
 * @param {DraftLine} line
 * @param {CountedItem | undefined} item
 * @returns {DraftedLine}
 */
export function draftedLine(line, item) {
  /** @type {DraftedLine} */
  const drafted = { item: line.item, lines: [], faults: [], total: 0, usable: 0, given: [] };
  if (!item) {
    drafted.faults.push({ item: line.item, lot: null, field: null, code: "item_unknown" });
    return drafted;
  }
  const place = line.place.trim();
  /** @type {CountBodyLine} */
  const base = place === "" ? { item: line.item } : { item: line.item, place };
  if (line.act === "zero") drafted.lines.push({ ...base, quantity: 0 });
  if (line.act === "number") for (const lot of line.lots) addLot(drafted, lot, item, base);
  const seen = new Set();
  drafted.lines.forEach((one) => {
    const { quantity: _, packs: __, note: ___, pack_size: ____, ...same } = one;
    // Letters of full width, lower case and blanks make no other lot.
    if (same.lot !== undefined) same.lot = String(same.lot).normalize("NFKC").replace(/\s/g, "").toUpperCase();
    const key = JSON.stringify(Object.entries(same).sort());
    if (seen.has(key)) drafted.faults.push({ item: line.item, lot: null, field: null, code: "duplicate_line" });
    seen.add(key);
  });
  return drafted;
}

/** @param {DraftedLine} drafted @param {DraftLot} lot @param {CountedItem} item @param {CountBodyLine} base */
function addLot(drafted, lot, item, base) {
  const fault = (/** @type {LotField} */ field, /** @type {Fault["code"]} */ code) =>
    void drafted.faults.push({ item: item.code, lot: lot.key, field, code });
  const text = (/** @type {LotField} */ field) => (lot.texts[field] || "").trim();
  /** @type {CountBodyLine} */
  const shared = { ...base };
  const number = text("lot");
  if (number.length > LONGEST_LOT) fault("lot", "too_long");
  else if (number !== "") shared.lot = number;
  for (const field of /** @type {const} */ (["expires_on", "made_on", "inspected_on"])) {
    const read = readTypedDay(text(field), field === "expires_on" ? "last" : "first");
    if (!read) fault(field, "not_a_day");
    else if (read.day !== null) shared[field] = read.day;
  }
  if (shared.made_on && shared.expires_on && shared.expires_on < shared.made_on) fault("expires_on", "before_made_on");
  if (text("note") !== "") shared.note = text("note");
  /** @param {LotField} field @param {boolean} isMeasured @returns {number | null} */
  const amount = (field, isMeasured) => {
    if (text(field) === "") return null;
    const read = readQuantity(text(field), isMeasured);
    if ("milli" in read) return read.milli;
    fault(field, read.fault);
    return null;
  };
  const before = drafted.lines.length + drafted.faults.length;
  const packs = amount("packs", item.measured);
  if (packs !== null) {
    const pack = item.packs.find((one) => one.name === text("pack")) || (text("pack") === "" ? item.packs[0] : undefined);
    if (!pack) fault("pack", "pack_unknown");
    else {
      const units = Math.round(packs * pack.size);
      if (!item.measured && units % 1000 !== 0) fault("packs", "not_whole");
      else if (units >= 1e12) fault("packs", "out_of_range");
      drafted.lines.push({ ...shared, pack: pack.name, packs: packs / 1000, pack_size: pack.size });
      drafted.total += units;
      drafted.usable += units;
    }
  }
  /** @type {[LotField, CountBodyLine][]} */
  const amounts = [
    ["quantity", {}],
    ["in_repair", { condition: "in_repair" }],
    ["unserviceable", { condition: "unserviceable" }],
    ["lent", { held: "lent" }],
  ];
  for (const [field, more] of amounts) {
    const milli = amount(field, item.measured);
    if (milli === null) continue;
    drafted.lines.push({ ...shared, ...more, quantity: milli / 1000 });
    drafted.total += milli;
    if (field === "quantity") drafted.usable += milli;
  }
  if (drafted.lines.length + drafted.faults.length > before) drafted.given.push(lot.key);
  // A row that was begun, with a number of a lot or a day, says nothing until it has an amount.
  else if (number !== "" && !lot.known) fault("quantity", "quantity_missing");
}

/**
 * The text of a count: made once, and always sent as it is.
 * @param {Draft} draft
 * @param {object} context
 * @param {string} context.depotId
 * @param {"listed" | "full"} context.scope
 * @param {string} context.countedAt
 * @param {number | null} context.revision
 * @param {string | null} context.changeSet
 * @param {string[]} context.resolves  the counts that it settles
 * @param {CountBodyLine[]} context.lines
 */
export function countText(draft, context) {
  const { depotId, scope, countedAt, revision, changeSet, resolves, lines } = context;
  /** @type {Record<string, unknown>} */
  const body = { depot_id: depotId, scope, counted_at: countedAt };
  if (revision !== null) {
    body["catalogue_revision"] = revision;
    if (changeSet !== null) body["catalogue_change_set"] = changeSet;
  }
  if (draft.note.trim() !== "") body["note"] = draft.note.trim();
  if (draft.countedBy.trim() !== "") body["counted_by"] = draft.countedBy.trim();
  if (draft.survey !== null) body["survey_id"] = draft.survey;
  if (resolves.length > 0) body["resolves"] = resolves;
  return JSON.stringify({ ...body, lines });
}
