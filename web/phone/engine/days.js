// Days, without a clock of their own: `YYYY-MM-DD`, compared as texts.

/** @type {Map<string, Intl.DateTimeFormat>} */
const zoneFormats = new Map();

/** China has had one time without summer time since 1992. */
const CHINA_OFFSET_MS = 8 * 3600000;
const CHINA_SINCE = Date.UTC(1992, 0, 1);

/** @param {number} instant */
function chinaDay(instant) {
  return new Date(instant + CHINA_OFFSET_MS).toISOString().slice(0, 10);
}

/** @param {number} year @param {number} month @param {number} day @returns {string | null} null where there is no such day */
export function dayOf(year, month, day) {
  const at = new Date(Date.UTC(2000, 0, 1));
  at.setUTCFullYear(year, month - 1, day);
  const isRight = at.getUTCFullYear() === year && at.getUTCMonth() === month - 1 && at.getUTCDate() === day;
  return isRight && year >= 1900 && year <= 2999 ? at.toISOString().slice(0, 10) : null;
}

/** @param {number} year @param {number} month @returns {string | null} */
export function lastDayOf(year, month) {
  return dayOf(year, month, 31) || dayOf(year, month, 30) || dayOf(year, month, 29) || dayOf(year, month, 28);
}

/**
 * The day of an instant in a zone, such as `Asia/Shanghai`.
 * @param {number} instant  milliseconds since 1970
 * @param {string} zone
 */
export function localDay(instant, zone) {
  const safe = Number.isFinite(instant) ? Math.min(Math.max(instant, -2e12), 3.2e13) : 0;
  if (zone === "Asia/Shanghai" && safe >= CHINA_SINCE) return chinaDay(safe);
  try {
    let format = zoneFormats.get(zone);
    if (!format) {
      const fields = /** @type {const} */ ({ year: "numeric", month: "2-digit", day: "2-digit" });
      format = new Intl.DateTimeFormat("en-US", { timeZone: zone, ...fields });
      zoneFormats.set(zone, format);
    }
    const parts = new Map(format.formatToParts(safe).map((part) => [part.type, part.value]));
    return `${(parts.get("year") || "").padStart(4, "0")}-${parts.get("month")}-${parts.get("day")}`;
  } catch {
    // A zone that this browser does not know: that of China.
    return chinaDay(safe);
  }
}

/** @param {string} from @param {string} to @returns {number} days between them */
export function daysBetween(from, to) {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86400000);
}

/** @param {unknown} value @returns {string | null} a day of the service */
export function readDay(value) {
  return typeof value === "string" && /^\d{4}-\d\d-\d\d$/.test(value) ? value : null;
}

/**
 * Reads a day as typed: `203009`, `20300915`, `2030-09` or `2030-09-15`. A month alone is its last day for an expiry, and its
 * first for a production. "" and "-" are none.
 * @param {string} text
 * @param {"first" | "last"} ofMonth
 * @returns {{day: string | null} | null} null where it is no day
 */
export function readTypedDay(text, ofMonth) {
  const plain = text.normalize("NFKC").trim();
  if (plain === "" || plain === "-") return { day: null };
  const found = /^(\d{4})[-./年]?(\d{1,2})(?:[-./月]?(\d{1,2})日?|月)?$/.exec(plain);
  if (!found || (/^\d+$/.test(plain) && plain.length !== 6 && plain.length !== 8)) return null;
  const [year, month] = [Number(found[1]), Number(found[2])];
  const whole = ofMonth === "last" ? lastDayOf(year, month) : dayOf(year, month, 1);
  const day = found[3] === undefined ? whole : dayOf(year, month, Number(found[3]));
  return day === null ? null : { day };
}
