// The copy on the phone's own day: what expired or went stale since the pull is not shown as usable. Where the copy has too
// little to work a figure out, it becomes less certain, never more.
import { daysBetween, localDay, readDay } from "./days.js";
import { milliOf, missingOf, rangeOf, sameRange, sumOfRanges, unknownRange } from "./quantity.js";

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
    reasons,
  };
}

/**
 * A requirement line on the phone's day.
 * @typedef {object} AgedLine
 * @property {string} organization
 * @property {string} item
 * @property {string} unit
 * @property {string} strength
 * @property {string} basis
 * @property {string} status
 * @property {MilliRange} required
 * @property {MilliRange} usable
 * @property {MilliRange} missing
 * @property {string | null} validThrough
 * @property {boolean} aged
 * @property {ShortageReason[]} reasons
 */

/**
 * @param {CopyReader} copy
 * @param {CopyAge} age
 * @param {AgedStock[]} stock
 * @returns {AgedLine[]} in the order of the copy
 */
export function agedLines(copy, age, stock) {
  /** @type {AgedLine[]} */
  const lines = [];
  for (const [organization, rows] of copy.assessments) {
    const required = copy.requirements.get(organization) || [];
    for (const row of rows) lines.push(agedLine(copy, organization, row, required, stock, age));
  }
  return lines;
}

/**
 * The service's own figures hold where nothing has aged.
 * @param {CopyReader} copy
 * @param {string} organization
 * @param {TableRow} row
 * @param {TableRow[]} required
 * @param {AgedStock[]} stock
 * @param {CopyAge} age
 * @returns {AgedLine}
 */
function agedLine(copy, organization, row, required, stock, age) {
  const item = String(row.item || "");
  const strength = String(row.strength || "");
  const asked = required.find((one) => one.item === row.item && one.strength === row.strength);
  const need = asked ? rangeOf(asked.required_min, asked.required_max) : unknownRange();
  const codes = item.split("|");
  const here = stock.filter((one) => one.organization === organization && codes.includes(one.item));
  const before = rangeOf(row.usable_min, row.usable_max);
  const [then, now] = [sumOfRanges(here.map((one) => one.before)), sumOfRanges(here.map((one) => one.usable))];
  const validThrough = readDay(row.valid_through);
  let usable = before;
  if (validThrough !== null && validThrough < age.today) usable = unknownRange();
  else if (!copy.items.has(item)) usable = usableOfChoice(copy, organization, item, before, stock);
  else if (!sameRange(then, now)) {
    const max = before.max === null || now.max === null ? null : Math.min(before.max, now.max);
    usable = { min: Math.min(before.min, now.min), max };
  }
  const isSaid = typeof row.status === "string" && KNOWN_STATUSES.includes(row.status) && sameRange(usable, before);
  const missing = isSaid ? rangeOf(row.shortage_min, row.shortage_max) : missingOf(need, usable);
  const status = statusFor(isSaid ? String(row.status) : statusOfMissing(missing), strength);
  const unit = (asked && typeof asked.unit === "string" && asked.unit) || copy.items.get(item)?.unit || "";
  /** @type {ShortageReason[]} */
  const reasons = here.flatMap((one) => one.reasons);
  for (const code of /** @type {const} */ (["conflict", "contested"])) {
    const isKnown = reasons.some((reason) => reason.code === code);
    if (row[code] === true && !isKnown) reasons.push({ code, depot: null, quantity: null, day: null });
  }
  const basis = asked && asked.basis === "established" ? "established" : "indicative";
  const figures = { required: need, usable, missing, validThrough, aged: !sameRange(usable, before) };
  return { organization, item, unit, strength, basis, status, reasons, ...figures };
}

/**
 * What several items give together, by factors that the copy does not say: where one of them aged, at least nothing is certain.
 * @param {CopyReader} copy
 * @param {string} organization
 * @param {string} name  the codes with `|` between, or a description
 * @param {MilliRange} before
 * @param {AgedStock[]} stock
 * @returns {MilliRange}
 */
function usableOfChoice(copy, organization, name, before, stock) {
  const codes = name.split("|");
  const isNamed = codes.every((code) => copy.items.has(code));
  const may = stock.filter((one) => one.organization === organization && (!isNamed || codes.includes(one.item)));
  const changed = may.filter((one) => !sameRange(one.before, one.usable));
  if (changed.length === 0) return before;
  return changed.some((one) => one.usable.max === null) ? unknownRange() : { min: 0, max: before.max };
}

const KNOWN_STATUSES = ["met", "short", "unknown", "not_set", "not_required", "at", "below"];

/** @param {MilliRange} missing */
function statusOfMissing(missing) {
  if (missing.min > 0) return "short";
  return missing.max === 0 ? "met" : "unknown";
}

/** What is only recommended makes nobody short. @param {string} status @param {string} strength */
function statusFor(status, strength) {
  if (strength === "mandatory") return status;
  return status === "short" ? "below" : status === "met" ? "at" : status;
}
