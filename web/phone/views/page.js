// What a screen is, and what it is given.

import { to } from "../../shared/address.js";
import { settings } from "../../shared/settings.js";
import { isWechat } from "../engine/self-test.js";

/** @typedef {import("../engine/phone.js").Phone} Phone */
/** @typedef {import("../engine/types.js").ChangeKind} ChangeKind */
/** @typedef {import("../../shared/dom.js").Child} Child */

/**
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

/** A short tremble, where there is one and it is wanted. @param {number} ms */
export function tremble(ms) {
  if (settings().vibrate && navigator.vibrate && !matchMedia("(prefers-reduced-motion: reduce)").matches) navigator.vibrate(ms);
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
