// What was typed, read as numbers for showing. The count itself is made by the engine.

/** @typedef {import("../engine/types.js").CountLine} CountLine */

/** Whether something was said of a line: a number, none, or that it is skipped. @param {CountLine} line */
export function isDecided(line) {
  return line.draft !== null && line.draft.act !== "none";
}

/** Whether a number or none was said of a line: what was skipped was not looked at. @param {CountLine} line */
export function isCounted(line) {
  return isDecided(line) && line.total !== null;
}

/** Whether a number is so far from the last one that it should be counted once more. @param {number} counted @param {number} last */
export function isFarFrom(counted, last) {
  return Math.abs(counted - last) >= Math.max(2, last / 2);
}

/**
 * The text after a key: the first key replaces what is shown; nothing longer than what the service reads.
 * @param {string} text
 * @param {string} key a digit, ".", or "erase"
 * @param {boolean} fresh whether the next digit replaces
 * @param {boolean} measured whether fractions are read
 */
export function afterKey(text, key, fresh, measured) {
  if (key === "erase") return fresh ? "" : text.slice(0, -1);
  const before = fresh ? "" : text;
  if (key === ".") return !measured || before.includes(".") ? before : `${before || "0"}.`;
  if (before === "0") return key;
  const [whole, part] = before.split(".");
  if (part !== undefined ? part.length >= 3 : whole.length >= 9) return before;
  return before + key;
}

/** Whether a text is a number that could be stored. @param {string} text @param {boolean} measured */
export function readable(text, measured) {
  return text === "" || (measured ? /^\d{0,9}(\.\d{0,3})?$/ : /^\d{0,9}$/).test(text);
}

/**
 * The last usable day that digits say: `3009` and `203009` the last of a month, `20300915` a day. Empty where they say none.
 * @param {string} digits with the century or without it
 * @param {boolean} [first] the first day of a month instead, as for a day of making
 */
export function dayOfDigits(digits, first) {
  const full = digits.startsWith("20") ? digits : `20${digits}`;
  if (full.length !== 6 && full.length !== 8) return "";
  const [year, month] = [Number(full.slice(0, 4)), Number(full.slice(4, 6))];
  if (month < 1 || month > 12) return "";
  const last = new Date(Date.UTC(year, month, 0)).getUTCDate();
  const day = full.length === 8 ? Number(full.slice(6)) : first ? 1 : last;
  if (day < 1 || day > last) return "";
  return `${full.slice(0, 4)}-${full.slice(4, 6)}-${String(day).padStart(2, "0")}`;
}

/** Whether digits can say no day, however they go on. @param {string} digits */
export function isNoDay(digits) {
  const full = digits.startsWith("20") ? digits : `20${digits}`;
  return full.length > 5 && !(dayOfDigits(full.slice(0, 6)) && (full.length < 8 || dayOfDigits(full)));
}

/** The last usable day of a lot, empty where it is not known. @param {CountLine} line @param {string | null | undefined} expires @param {string | null | undefined} made */
export function lastDay(line, expires, made) {
  return expires || (made && line.shelfLifeMonths ? monthsOn(made, line.shelfLifeMonths) : "");
}

/** A day so many months on; the month's last where there is none. @param {string} day @param {number} months */
export function monthsOn(day, months) {
  const [year, month, date] = day.split("-").map(Number);
  const at = year * 12 + month - 1 + months;
  const last = new Date(Date.UTC(Math.floor(at / 12), at % 12 + 1, 0)).getUTCDate();
  return `${Math.floor(at / 12)}-${String(at % 12 + 1).padStart(2, "0")}-${String(Math.min(date, last)).padStart(2, "0")}`;
}
