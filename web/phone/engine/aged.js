// The copy on the phone's own day: what expired or went stale since the pull is not shown as usable. Where the copy has too
// little to work a figure out, it becomes less certain, never more.
import { daysBetween, localDay, readDay } from "./days.js";
import { milliOf, rangeOf, sumOfRanges, unknownRange } from "./quantity.js";

/** @typedef {import("./types.js").CopyAge} CopyAge */
/** @typedef {import("./types.js").StockState} StockState */
/** @typedef {import("./types.js").ShortageReason} ShortageReason */
/** @typedef {import("./copy.js").CopyReader} CopyReader */
/** @typedef {import("./copy.js").TableRow} TableRow */
/** @typedef {import("./quantity.js").MilliRange} MilliRange */

/**
 * @typedef {object} CopiedLot
 * @property {number | null} milli
 * @property {string | null} lot
 * @property {string | null} expiresOn
 * @property {boolean} expiryDerived
 * @property {string | null} inspectedOn
 * @property {string} condition
 * @property {string} held
 *
 * The stock of one item in one depot on the phone's day.
 * @typedef {object} AgedStock
 * @property {string} depot
 * @property {string} organization
 * @property {string} item
 * @property {StockState} state
 * @property {MilliRange} before  as the copy says
 * @property {MilliRange} usable
 * @property {string | null} validThrough
 * @property {CopiedLot[]} lots
 * @property {any[]} counts  latest first
 * @property {any} inspection  the one that contests them, or null
 * @property {ShortageReason[]} reasons
 */

/** @type {StockState[]} */
const STOCK_STATES = ["counted", "conflict", "contested", "stale", "never_counted"];

/**
 * @param {number | null} pulledAt
 * @param {number} now
 * @param {string} zone
 * @param {number | null} revision
 * @returns {CopyAge | null} null before the first complete pull
 */
export function ageOfCopy(pulledAt, now, zone, revision) {
  if (pulledAt === null) return null;
  const pulledOn = localDay(pulledAt, zone);
  const day = localDay(now, zone);
  const today = day < pulledOn ? pulledOn : day;
  return { pulledAt: new Date(pulledAt).toISOString(), pulledOn, today, days: daysBetween(pulledOn, today), revision };
}

/** @param {any} lot @returns {CopiedLot} */
function lotOfCopy(lot) {
  return {
    milli: milliOf(lot && lot.quantity),
    lot: typeof lot.lot === "string" ? lot.lot.slice(0, 64) : null,
    expiresOn: readDay(lot.expires_on),
    expiryDerived: lot.expiry_derived === true,
    inspectedOn: readDay(lot.inspected_on),
    condition: typeof lot.condition === "string" ? lot.condition : "serviceable",
    held: typeof lot.held === "string" ? lot.held : "here",
  };
}

/** What of a lot is usable, and why not. @param {CopiedLot} lot @param {string} today @param {string} holding @param {boolean} perishable
 * @returns {{usable: MilliRange, code: ShortageReason["code"] | null}} */
function usableOfLot(lot, today, holding, perishable) {
  /** @param {ShortageReason["code"]} code */
  const none = (code) => ({ usable: { min: 0, max: 0 }, code });
  if (lot.expiresOn !== null && lot.expiresOn < today) return none("expired");
  if (lot.condition === "in_repair") return none("in_repair");
  if (lot.condition !== "serviceable") return none("unserviceable");
  if (lot.held !== "here") return none("lent");
  if (holding !== "physical") return none("holding");
  if (lot.milli === null) return { usable: unknownRange(), code: null };
  if (perishable && lot.expiresOn === null) return { usable: { min: 0, max: lot.milli }, code: "expiry_missing" };
  return { usable: { min: lot.milli, max: lot.milli }, code: null };
}

/**
 * @param {CopyReader} copy
 * @param {CopyAge} age
 * @returns {AgedStock[]}
 */
export function agedStock(copy, age) {
  /** @type {AgedStock[]} */
  const all = [];
  for (const [code, { rows, counts }] of copy.stock) {
    const depot = copy.depots.get(code);
    for (const row of rows) all.push(agedRow(copy, age, code, depot, row, counts));
  }
  return all;
}

/**
 * @param {CopyReader} copy
 * @param {CopyAge} age
 * @param {string} code
 * @param {import("./copy.js").CopiedDepot | undefined} depot
 * @param {TableRow} row
 * @param {any[]} counts
 * @returns {AgedStock}
 */
function agedRow(copy, age, code, depot, row, counts) {
  const item = String(row.item || "");
  const holding = depot ? depot.holding : "physical";
  const perishable = Boolean(copy.items.get(item)?.perishable);
  const said = STOCK_STATES.find((state) => state === row.state) || "never_counted";
  const before = rangeOf(row.usable_min, row.usable_max);
  const validThrough = readDay(row.valid_through);
  const lots = (Array.isArray(row.lots) ? row.lots : []).filter(Boolean).map(lotOfCopy);
  const isOpenEnded = said === "stale" || said === "never_counted";
  const isStale = !isOpenEnded && age.days > 0 && (validThrough === null || validThrough < age.today);
  const state = isStale ? "stale" : said;
  const parts = lots.map((lot) => ({ lot, ...usableOfLot(lot, age.today, holding, perishable) }));
  let usable = before;
  // What is held by agreement counts only where a rule allows it, which the table of stock does not say.
  if (isStale) usable = holding === "physical" ? unknownRange() : { min: 0, max: 0 };
  else if (age.days > 0 && !isOpenEnded) {
    // The copy has the lots of the latest count alone: those of the others may have expired.
    usable = said === "counted" ? sumOfRanges(parts.map((part) => part.usable)) : { min: 0, max: before.max };
  }
  /** @type {ShortageReason[]} */
  const reasons = [];
  if (state !== "counted") reasons.push({ code: state, depot: code, quantity: null, day: isStale ? validThrough : null });
  for (const { lot, code: why } of parts) {
    const quantity = lot.milli === null ? null : lot.milli / 1000;
    if (why && quantity !== 0) reasons.push({ code: why, depot: code, quantity, day: lot.expiresOn });
  }
  if (state === "counted" && usable.max === 0 && reasons.length === 0) {
    reasons.push({ code: "no_stock", depot: code, quantity: 0, day: null });
  }
  const places = Array.isArray(row.counts) ? row.counts : [];
  return {
    ...{ depot: code, organization: depot ? depot.organization : "", item, state, before, usable, validThrough, lots },
    counts: places.map((place) => counts[place]).filter(Boolean),
    inspection: (Number.isInteger(row.inspection) && counts[row.inspection]) || null,
    reasons,
  };
}
