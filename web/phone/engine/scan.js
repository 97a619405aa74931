// The text of a barcode scanner that types: a code, or the elements of a GS1 symbol (GS1 General Specifications) with and without
// brackets, behind a symbology identifier or not.
import { dayOf, lastDayOf } from "./days.js";

/**
 * @typedef {object} Scan
 * @property {string} barcode  in canonical form; "" where the elements have none
 * @property {string | null} lot
 * @property {string | null} expiresOn
 * @property {string | null} madeOn
 */

const GROUP_END = "\u001d";
const LONGEST_SCAN = 256;

/** @param {string} code @returns {string} a GTIN has fourteen digits, so that a UPC-A equals its EAN-13 */
export function canonicalBarcode(code) {
  const plain = code.normalize("NFKC").trim();
  return /^(\d{8}|\d{12,14})$/.test(plain) ? plain.padStart(14, "0") : plain;
}

/** @param {string} gtin  digits */
function hasCheckDigit(gtin) {
  let sum = 0;
  [...gtin].reverse().forEach((digit, at) => (sum += Number(digit) * (at % 2 ? 3 : 1)));
  return sum % 10 === 0;
}

/** How many digits the identifier has that a text begins with; 0 where it is none. @param {string} text */
function identifierLength(text) {
  if (/^(0[0-4]|1[0-35-7]|2[0-2]|30|37|9\d)/.test(text)) return 2;
  if (/^(2[3-5]|4[0-2]|71)/.test(text)) return 3;
  return /^(3[1-69]|43|7[02]|8[0-2])/.test(text) ? 4 : 0;
}

/** The length of a value that needs no separator behind it; 0 for others. @param {string} identifier */
function fixedLength(identifier) {
  /** @type {Record<string, number>} */
  const lengths = { "00": 18, "01": 14, "02": 14, "03": 14, "04": 16, 11: 6, 12: 6, 13: 6, 15: 6, 16: 6, 17: 6, 20: 2, 41: 13 };
  const first = identifier.slice(0, 2);
  return /^3[1-6]/.test(first) ? 6 : lengths[first] || 0;
}

/** @param {string} text @returns {[string, string][] | null} */
function bracketedElements(text) {
  /** @type {[string, string][]} */
  const found = [];
  let rest = text;
  while (rest !== "") {
    const head = /^\((\d{2,4})\)/.exec(rest);
    if (!head || identifierLength(head[1] || "") !== (head[1] || "").length) return null;
    const behind = rest.slice(head[0].length);
    let end = behind.length;
    for (const next of behind.matchAll(/\((\d{2,4})\)/g)) {
      if (identifierLength(next[1] || "") !== (next[1] || "").length) continue;
      end = next.index || 0;
      break;
    }
    found.push([head[1] || "", behind.slice(0, end).split(GROUP_END).join("")]);
    rest = behind.slice(end);
  }
  return found;
}

/** @param {string} text @returns {[string, string][] | null} */
function plainElements(text) {
  /** @type {[string, string][]} */
  const found = [];
  let rest = text.replace(/^\u001d+/, "");
  while (rest !== "") {
    const length = identifierLength(rest);
    const identifier = rest.slice(0, length);
    const value = rest.slice(length);
    const separator = value.indexOf(GROUP_END);
    const ends = separator < 0 ? value.length : separator;
    const size = fixedLength(identifier) || ends;
    if (length === 0 || !/^\d+$/.test(identifier) || size > ends) return null;
    found.push([identifier, value.slice(0, size)]);
    rest = value.slice(size).replace(/^\u001d+/, "");
  }
  return found;
}

/** Day 00 is the month's last; the century is the one that is near. @param {string} value @param {number} thisYear */
function dayOfScan(value, thisYear) {
  const [year, month, day] = [Number(value.slice(0, 2)), Number(value.slice(2, 4)), Number(value.slice(4, 6))];
  const century = thisYear - (thisYear % 100);
  const ahead = year - (thisYear % 100);
  const full = century + year + (ahead > 50 ? -100 : ahead < -49 ? 100 : 0);
  return day === 0 ? lastDayOf(full, month) : dayOf(full, month, day);
}

/** @param {[string, string][]} elements @param {number} thisYear @returns {Scan | null} */
function scanOf(elements, thisYear) {
  /** @type {Scan} */
  const scan = { barcode: "", lot: null, expiresOn: null, madeOn: null };
  for (const [identifier, value] of elements) {
    const fixed = fixedLength(identifier);
    const isFit = fixed ? value.length === fixed && /^\d+$/.test(value) : value.length > 0 && value.length <= 90;
    if (!isFit || (identifier === "10" && value.length > 20)) return null;
    if (identifier === "01") {
      if (!hasCheckDigit(value)) return null;
      scan.barcode = value;
    } else if (identifier === "10") scan.lot = value;
    else if (identifier === "11" || identifier === "17") {
      const day = dayOfScan(value, thisYear);
      if (day === null) return null;
      if (identifier === "11") scan.madeOn = day;
      else scan.expiresOn = day;
    }
  }
  return scan;
}

/**
 * Reads a scan; null where it cannot be right, so that nobody gets a wrong item or lot instead.
 * @param {string} sent
 * @param {number} thisYear
 * @returns {Scan | null}
 */
export function readScan(sent, thisYear) {
  if (sent.length > LONGEST_SCAN) return null;
  let text = sent.normalize("NFKC").replace(/^[^\S\u001d]+|[^\S\u001d]+$/g, "");
  const symbol = /^\](C1|d2|e0|J1|Q3|[A-Za-z0-9]{2})/.exec(text);
  if (symbol) text = text.slice(3);
  let isGs1 = Boolean(symbol && /^(C1|d2|e0|J1|Q3)$/.test(symbol[1] || "")) || text.startsWith(GROUP_END);
  text = text.replace(/^\u001d+|\u001d+$/g, "");
  isGs1 = isGs1 || text.includes(GROUP_END);
  if (text === "" || /[\u0000-\u001c\u001e\u001f\u007f]/.test(text)) return null;
  if (text.startsWith("(")) {
    const elements = bracketedElements(text);
    return elements && scanOf(elements, thisYear);
  }
  if (isGs1) {
    const elements = plainElements(text);
    return elements && scanOf(elements, thisYear);
  }
  if (/^01\d{14}/.test(text)) {
    const elements = plainElements(text);
    const scan = elements && scanOf(elements, thisYear);
    if (scan) return scan;
  }
  const barcode = canonicalBarcode(text);
  return /^\d{14}$/.test(barcode) && !hasCheckDigit(barcode) ? null : { barcode, lot: null, expiresOn: null, madeOn: null };
}
