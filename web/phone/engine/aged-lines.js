// The requirement lines of the copy on the phone's own day. The service's own figures hold where nothing has aged.
import { readDay } from "./days.js";
import { missingOf, rangeOf, sameRange, sumOfRanges, unknownRange } from "./quantity.js";

/** @typedef {import("./types.js").CopyAge} CopyAge */
/** @typedef {import("./types.js").ShortageReason} ShortageReason */
/** @typedef {import("./copy.js").CopyReader} CopyReader */
/** @typedef {import("./copy.js").TableRow} TableRow */
/** @typedef {import("./stock-index.js").StockIndex} StockIndex */
/** @typedef {import("./quantity.js").MilliRange} MilliRange */

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
 * @param {StockIndex} stock
 * @returns {AgedLine[]} in the order of the copy
 */
export function agedLines(copy, age, stock) {
  /** @type {AgedLine[]} */
  const lines = [];
  for (const [organization, rows] of copy.assessments) {
    /** @type {Map<string, TableRow>} the first of its item and strength */
    const required = new Map();
    for (const row of [...(copy.requirements.get(organization) || [])].reverse()) required.set(`${row.strength} ${row.item}`, row);
    for (const row of rows) lines.push(agedLine(copy, organization, row, required, stock, age));
  }
  return lines;
}

/**
 * @param {CopyReader} copy
 * @param {string} organization
 * @param {TableRow} row
 * @param {Map<string, TableRow>} required
 * @param {StockIndex} stock
 * @param {CopyAge} age
 * @returns {AgedLine}
 */
function agedLine(copy, organization, row, required, stock, age) {
  const item = String(row.item || "");
  const strength = String(row.strength || "");
  const asked = required.get(`${row.strength} ${row.item}`);
  const need = asked ? rangeOf(asked.required_min, asked.required_max) : unknownRange();
  const here = stock.ofItems(organization, item.split("|"));
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
 * @param {StockIndex} stock
 * @returns {MilliRange}
 */
function usableOfChoice(copy, organization, name, before, stock) {
  const codes = name.split("|");
  const isNamed = codes.every((code) => copy.items.has(code));
  const changed = stock.agedOf(organization).filter((one) => !isNamed || codes.includes(one.item));
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
