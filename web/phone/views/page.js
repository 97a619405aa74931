// What a screen is, what it is given, and the settings of this browser.

import { isWechat } from "../engine/self-test.js";

/** @typedef {import("../engine/phone.js").Phone} Phone */
/** @typedef {import("../engine/types.js").ChangeKind} ChangeKind */
/** @typedef {import("../../shared/dom.js").Child} Child */

/**
 * @typedef {object} Settings
 * @property {string | null} language
 * @property {"auto" | "light" | "dark"} theme
 * @property {boolean} large
 * @property {"after" | "never" | "before"} last  when the last count is shown
 * @property {boolean} vibrate
 * @property {string} device  the name of this phone
 *
 * The page as a screen sees it.
 * @typedef {object} Page
 * @property {Phone} phone
 * @property {(path: string, replace?: boolean) => void} go
 * @property {() => Promise<void>} redraw  shows the same screen anew
 * @property {() => Promise<void>} signedIn  goes on where the person wanted to go
 * @property {string | null} code  an enrolment code that the address holds
 * @property {HTMLElement} said  for what an act came to: another one after each move, the same one where a screen is drawn anew
 *
 * @typedef {object} Screen
 * @property {string} title
 * @property {string} [where]  the words in the bar; the title if left out
 * @property {string | null} [back]  the path one level up
 * @property {string} [tab]
 * @property {boolean} [counting]  fills the screen, without tabs
 * @property {Child} body
 * @property {Child} [foot]  acts that stay in reach below it
 * @property {ChangeKind[]} [watch]  changes after which it is shown anew
 * @property {(moved: boolean) => void} [leave]  before another screen takes its place, or `moved` is false and the same one does
 * @property {(moved: boolean) => void} [shown]  once it is on the page
 *
 * @typedef {(page: Page, ...path: string[]) => Screen | Promise<Screen>} View
 */

const SETTINGS_KEY = "muster.settings";

/** @returns {Settings} */
export function settings() {
  /** @type {Settings} */
  const usual = { language: null, theme: "auto", large: false, last: "after", vibrate: true, device: "" };
  try {
    return Object.assign(usual, JSON.parse(localStorage.getItem(SETTINGS_KEY) || "{}"));
  } catch (_) {
    return usual;
  }
}

/** Keeps settings and applies them. @param {Partial<Settings>} changed */
export function changeSettings(changed) {
  const all = Object.assign(settings(), changed);
  try {
    localStorage.setItem(SETTINGS_KEY, JSON.stringify(all));
  } catch (_) {
    // A browser that keeps nothing: they hold until the page is closed.
  }
  applySettings(all);
}

/** @param {Settings} chosen */
export function applySettings(chosen) {
  const root = document.documentElement;
  if (chosen.theme === "auto") root.removeAttribute("data-theme");
  else root.setAttribute("data-theme", chosen.theme);
  if (chosen.large) root.setAttribute("data-size", "large");
  else root.removeAttribute("data-size");
}

/** A short tremble, where there is one and it is wanted. @param {number} ms */
export function tremble(ms) {
  if (settings().vibrate && navigator.vibrate && !matchMedia("(prefers-reduced-motion: reduce)").matches) navigator.vibrate(ms);
}

/** A path of the page as the address that leads to it. @param {...string} path */
export function to(...path) {
  return `#/${path.map(encodeURIComponent).join("/")}`;
}

/** A part of an address in plain signs; as it is where it is wrongly written, so that it names nothing. @param {string} part */
export function fromAddress(part) {
  try {
    return decodeURIComponent(part);
  } catch (_) {
    return part;
  }
}

/** How this phone is called in the bureau's list of devices. */
export function deviceName() {
  const named = settings().device.trim();
  if (named) return named;
  const agent = navigator.userAgent;
  const system = /HarmonyOS|Android|iPhone|iPad|Windows|Macintosh|Linux/.exec(agent);
  const browser = insideWechat() ? "WeChat" : /Edg\//.test(agent) ? "Edge" : /Chrome\//.test(agent) ? "Chrome" : /Firefox\//.test(agent) ? "Firefox" : "Safari";
  return `${browser}, ${system ? system[0] : "?"}`;
}

/** Whether this browser can count online only: it keeps nothing, or its self-test says so. @param {Phone} phone */
export function countsOnline(phone) {
  return phone.status().onlineOnly || Boolean(phone.tested && phone.tested.verdict === "online_only");
}

/** Whether the account may count: one that only reads may not. @param {Page} page */
export function mayCount(page) {
  const person = page.phone.person();
  return !person || person.role !== "viewer";
}

/** Whether this page runs inside WeChat. */
export function insideWechat() {
  return isWechat(navigator.userAgent);
}

/** Where a match of a search leads, with what a barcode said of the lot. @param {string} depot @param {import("../engine/types.js").SearchHit} hit */
export function countPath(depot, hit) {
  const { scan } = hit;
  if (hit.depot) return to("count", hit.depot, hit.item);
  return scan && (scan.lot || scan.expiresOn) ? to("count", depot, hit.item, "scan", scan.lot || "", scan.expiresOn || "", scan.madeOn || "") : to("count", depot, hit.item);
}
