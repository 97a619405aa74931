// Quantities: at most three decimals and below 10⁹, counted in thousandths so that nothing is lost between typing and sending.

/** @typedef {import("./types.js").Range} Range */

const MOST_MILLI = 1e12;

/** Three digits between commas: never the sign before a fraction, which would make a thousand one. */
const GROUPED = /^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/;

/**
 * A number as typed or pasted, in plain signs: those of full width, blanks and commas between thousands make no difference. What
 * is no number stays as it is.
 * @param {string} text
 */
export function plainQuantity(text) {
  const plain = text.normalize("NFKC").replace(/\s/g, "").replace(/。/g, ".");
  return GROUPED.test(plain) ? plain.replace(/,/g, "") : plain;
}

/**
 * Reads what a person typed.
 * @param {string} text
 * @param {boolean} isMeasured
 * @returns {{milli: number} | {fault: "not_a_number" | "not_whole" | "negative" | "out_of_range"}}
 */
export function readQuantity(text, isMeasured) {
  const plain = plainQuantity(text);
  if (/^[-−]/.test(plain)) return { fault: "negative" };
  const parts = /^(\d*)(?:\.(\d*))?$/.exec(plain);
  const [whole, fraction] = [(parts && parts[1]) || "", ((parts && parts[2]) || "").replace(/0+$/, "")];
  if (!parts || !/\d/.test(plain)) return { fault: "not_a_number" };
  if (fraction.length > 3) return { fault: "out_of_range" };
  if (fraction !== "" && !isMeasured) return { fault: "not_whole" };
  const milli = Number(whole || "0") * 1000 + Number(fraction.padEnd(3, "0"));
  return milli < MOST_MILLI ? { milli } : { fault: "out_of_range" };
}

/** @param {unknown} value  a number of the service @returns {number | null} in thousandths */
export function milliOf(value) {
  if (typeof value !== "number" || !Number.isFinite(value)) return null;
  const milli = Math.round(value * 1000);
  return milli >= 0 && milli < MOST_MILLI ? milli : null;
}

/** An interval in thousandths. @typedef {{min: number, max: number | null}} MilliRange */

/** Nothing is known. @returns {MilliRange} */
export function unknownRange() {
  return { min: 0, max: null };
}

/** @param {unknown} min @param {unknown} max @returns {MilliRange} */
export function rangeOf(min, max) {
  const least = milliOf(min);
  return least === null ? unknownRange() : { min: least, max: milliOf(max) };
}

/** @param {MilliRange[]} parts @returns {MilliRange} unknown where it is out of range */
export function sumOfRanges(parts) {
  /** @type {MilliRange} */
  const sum = { min: 0, max: 0 };
  for (const part of parts) {
    sum.min += part.min;
    sum.max = sum.max === null || part.max === null ? null : sum.max + part.max;
  }
  return sum.min >= MOST_MILLI || (sum.max !== null && sum.max >= MOST_MILLI) ? unknownRange() : sum;
}

/** @param {MilliRange} one @param {MilliRange} other */
export function sameRange(one, other) {
  return one.min === other.min && one.max === other.max;
}

/** What is missing of what is required. @param {MilliRange} required @param {MilliRange} usable @returns {MilliRange} */
export function missingOf(required, usable) {
  return {
    min: usable.max === null ? 0 : Math.max(0, required.min - usable.max),
    max: required.max === null ? null : Math.max(0, required.max - usable.min),
  };
}

/** @param {MilliRange} range @returns {Range} */
export function shownRange(range) {
  return { min: range.min / 1000, max: range.max === null ? null : range.max / 1000 };
}
