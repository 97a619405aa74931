// The texts of the pages, in the language chosen, and figures, days and times in it.

/** @typedef {string | { var: string } | { select: string, cases: Record<string, Pattern>, default: string }} Part */
/** @typedef {string | Part[]} Pattern */

export const LANGUAGES = [["zh-CN", "中文"], ["en", "English"]];

/** @type {{ language: string, patterns: Record<string, Pattern> }} */
const shown = { language: "zh-CN", patterns: {} };

/** Formats of the language, made once: making one takes longer than a key may. @type {{ plural?: Intl.PluralRules, number?: Intl.NumberFormat, day?: Intl.DateTimeFormat }} */
let formats = {};

/** The language in use. */
export function language() {
  return shown.language;
}

/** The language that this browser asks for, of those there are. @param {string | null} [wanted] */
export function chooseLanguage(wanted) {
  const known = LANGUAGES.map(([code]) => code);
  if (wanted && known.includes(wanted)) return wanted;
  for (const asked of navigator.languages || [navigator.language]) {
    const found = known.find((code) => code.slice(0, 2) === asked.slice(0, 2).toLowerCase());
    if (found) return found;
  }
  return known[0];
}

/** Loads the texts of a language and makes it the page's. Fails with the code `unreachable` where they cannot be fetched. @param {string} code */
export async function loadTexts(code) {
  const [keys, texts] = await Promise.all([fetchTexts("keys"), fetchTexts(code)]);
  useTexts(code, Object.fromEntries(keys.map((/** @type {string} */ key, /** @type {number} */ at) => [key, texts[at]])));
}

/** A list of the build: the keys, or the texts of a language in their order; first those that all pages share, then the page's own. @param {string} name */
async function fetchTexts(name) {
  const links = Array.from(document.querySelectorAll(`link[data-language="${name}"]`));
  if (!links.length) throw new Error(`no texts: ${name}`);
  const lists = await Promise.all(links.map(async (link) => {
    const answer = await fetch(link.getAttribute("href") || "").catch(() => null);
    if (!answer || !answer.ok) throw Object.assign(new Error(`texts: ${answer ? answer.status : "no answer"}`), { code: "unreachable" });
    return answer.json();
  }));
  return lists.reduce((all, list) => all.concat(list), []);
}

/** Makes these the texts of the page. @param {string} code @param {Record<string, Pattern>} patterns */
export function useTexts(code, patterns) {
  shown.language = code;
  formats = {};
  shown.patterns = patterns;
  if (typeof document !== "undefined") document.documentElement.lang = code;
}

/** Whether there is a text of this key. @param {string} key */
export function hasText(key) {
  return Object.prototype.hasOwnProperty.call(shown.patterns, key);
}

/**
 * The text of a key, with values in place. In Fluent's files it begins with `web-`.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values) {
  return hasText(key) ? fillPattern(shown.patterns[key], values || {}) : key;
}

/** @param {Pattern} pattern @param {Record<string, string | number>} values @returns {string} */
function fillPattern(pattern, values) {
  if (typeof pattern === "string") return pattern;
  return pattern.map((part) => {
    if (typeof part === "string") return part;
    if ("var" in part) return showValue(values[part.var]);
    const value = values[part.select];
    const cases = part.cases;
    let found = cases[String(value)];
    if (found === undefined && typeof value === "number") {
      if (!formats.plural) formats.plural = new Intl.PluralRules(shown.language);
      found = cases[formats.plural.select(value)];
    }
    return fillPattern(found === undefined ? cases[part.default] : found, values);
  }).join("");
}

/** A day that no line breaks apart; any other text as it is. @param {string} text */
export function dayText(text) {
  return /^\d{4}-\d\d-\d\d$/.test(text) ? text.replace(/-/g, "-\u2060") : text;
}

/** @param {string | number | undefined} value */
function showValue(value) {
  return typeof value === "number" ? figureText(value) : value === undefined ? "" : dayText(value);
}

/** A number with its groups. @param {number | string} value */
export function figureText(value) {
  const number = Number(value);
  if (!formats.number) formats.number = new Intl.NumberFormat(shown.language, { maximumFractionDigits: 3 });
  return Number.isFinite(number) ? formats.number.format(number) : String(value);
}

/** An interval: `5`, `5–9`, `≥ 5`. @param {{ min: number, max: number | null }} range */
export function interval(range) {
  const { min: from, max: high } = range;
  if (high === null) return `≥ ${figureText(from)}`;
  return from === high ? figureText(from) : `${figureText(from)}–${figureText(high)}`;
}

/** Two digits. @param {number} value */
const twoDigits = (value) => String(value).padStart(2, "0");

/** The local day of a time, as `2030-09-30`. @param {Date} time */
export function dayOfTime(time) {
  return `${time.getFullYear()}-${twoDigits(time.getMonth() + 1)}-${twoDigits(time.getDate())}`;
}

/** A day of this year as month and day, in words. @param {string} day */
export function shortDay(day) {
  const [year, month, date] = day.slice(0, 10).split("-").map(Number);
  if (year !== new Date().getFullYear()) return dayText(day.slice(0, 10));
  if (!formats.day) formats.day = new Intl.DateTimeFormat(shown.language, { month: "short", day: "numeric", timeZone: "UTC" });
  return formats.day.format(Date.UTC(year, month - 1, date));
}

/** A time of an instant, with its day where that is not today. @param {string | number | Date} instant */
export function clock(instant) {
  const time = new Date(instant);
  if (Number.isNaN(time.getTime())) return "?";
  const day = dayOfTime(time);
  const at = `${twoDigits(time.getHours())}:${twoDigits(time.getMinutes())}`;
  return day === dayOfTime(new Date()) ? at : `${shortDay(day)} ${at}`;
}

/** How long ago, in words. @param {string | number | Date} instant */
export function age(instant) {
  const minutes = Math.max(0, Math.round((Date.now() - new Date(instant).getTime()) / 60000));
  if (minutes < 1) return t("age-now");
  if (minutes < 60) return t("age-minutes", { n: minutes });
  if (minutes < 48 * 60) return t("age-hours", { n: Math.round(minutes / 60) });
  return t("age-days", { n: Math.round(minutes / 1440) });
}

/** A name in the language of the page. @param {{ en: string, zh: string } | null | undefined} names @param {string} [otherwise] */
export function nameOf(names, otherwise = "") {
  if (!names) return otherwise;
  return (shown.language === "en" ? names.en || names.zh : names.zh || names.en) || otherwise;
}

/** The word for a unit, in the number of what is counted. @param {string} unit @param {number} [n] */
export function unitText(unit, n) {
  return hasText(`unit-${unit}`) ? t(`unit-${unit}`, { n: n === undefined ? "other" : n }) : unit;
}
