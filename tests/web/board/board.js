// What the tests of the board start: a page of a running service at a width, somebody signed in, and what axe finds.
//
// The environment is that of `../pages/browser.js`. Without MUSTER_ADDRESS, but with MUSTER (the program), a file of tests starts a
// demo of its own: `node --test board/overview.test.js` with MUSTER=/path/to/muster.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before } from "node:test";
import { address, launch, missing, open } from "../pages/browser.js";
import { Service, program } from "../pages/service.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** Why the tests cannot run here, or false. */
export const skip = address || program ? missing : "neither MUSTER_ADDRESS nor MUSTER is set";

/** The widths at which every page is looked at, and the languages. */
export const WIDTHS = [390, 1280, 1920];
export const BOARD_LANGUAGES = ["zh-CN", "en"];

/** The service and the browser of a file of tests, started before its tests and ended after them. */
export function board() {
  /** @type {{ browser: import("playwright-core").Browser, base: string, password: string, service: Service | null }} */
  const held = { browser: null, base: address, password: process.env.MUSTER_PASSWORD || "", service: null };
  before(async () => {
    if (skip) return;
    if (!address) {
      held.service = new Service();
      await held.service.start();
      held.base = held.service.inner;
      held.password = held.service.password;
    }
    held.browser = await launch();
  });
  after(async () => {
    if (held.browser) await held.browser.close();
    if (held.service) await held.service.end();
  });
  return held;
}

/** @typedef {ReturnType<typeof board>} Held */

/** Opens a page of the board's size. @param {Held} held @param {Parameters<typeof open>[1]} [options] */
export function openBoard(held, options) {
  return open(held.browser, { width: 1280, height: 900, ...options });
}

/** Signs in, and waits for a page. @param {Held} held @param {import("playwright-core").Page} page @param {string} username @param {string} [path] such as `organizations/T3` */
export async function signInBoard(held, page, username, path = "") {
  await page.goto(`${held.base}/board#/${path}`);
  await page.waitForSelector("#username");
  await page.fill("#username", username);
  await page.fill("#password", held.password);
  await page.click("button[type=submit]");
  // The form stays until the page that follows it is there.
  await page.waitForFunction(() => !document.querySelector("#main #username"));
  await settledBoard(page);
}

/** What the API answers to an account: the figures that a page must show. @param {Held} held @param {string} username @param {string} path below /api/v1 @returns {Promise<any>} */
export async function apiAs(held, username, path) {
  const credentials = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username, password: held.password }) };
  const { access_token: token } = await (await fetch(`${held.base}/api/v1/auth/login`, credentials)).json();
  const answer = await fetch(`${held.base}/api/v1${path}`, { headers: { Authorization: `Bearer ${token}` } });
  if (!answer.ok) throw new Error(`${path}: ${await answer.text()}`);
  return answer.json();
}

/** Waits until the page shows something, and no part of it is loading. @param {import("playwright-core").Page} page */
export async function settledBoard(page) {
  await page.waitForFunction(() => document.querySelector("#main h1") && !document.querySelector("#main [data-before], .skeleton, [aria-busy=true]"));
}

/** Goes to a page of the board by its address. @param {import("playwright-core").Page} page @param {string} path */
export async function goBoard(page, path) {
  await page.evaluate((hash) => {
    if (location.hash === hash) return;
    for (const part of document.querySelectorAll("#main > *")) part.setAttribute("data-before", "");
    location.hash = hash;
  }, `#/${path}`);
  await settledBoard(page);
}

/** What axe finds, in short. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export async function violations(page) {
  await page.evaluate(axe);
  return page.evaluate(async (rules) => (await window.axe.run(document, { runOnly: rules })).violations
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(" | ")}`), RULES);
}

/** Texts that are missing: keys that are shown as they are. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export function keysShown(page) {
  return page.evaluate(() => document.body.innerText.match(/\b[a-z]+(-[a-z_]+)+\b/g) || []);
}

/**
 * Looks at the page that is shown, at all widths, light and dark: nothing to scroll sideways, no violations of WCAG 2.2 AA, and at
 * most so many nodes.
 * @param {import("playwright-core").Page} page
 * @param {string} name
 * @param {{ mostNodes?: number }} [limits]
 * @returns {Promise<string[]>} the faults
 */
export async function lookAt(page, name, { mostNodes = 2000 } = {}) {
  const faults = [];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: width > 1500 ? 1080 : 900 });
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) faults.push(`${name} at ${width}: ${wide} px beyond`);
    for (const found of await violations(page)) faults.push(`${name} at ${width}: ${found}`);
  }
  await page.emulateMedia({ colorScheme: "dark" });
  for (const found of await violations(page)) faults.push(`${name}, dark: ${found}`);
  await page.emulateMedia({ colorScheme: "light" });
  const nodes = await page.evaluate(() => document.body.querySelectorAll("*").length);
  if (nodes > mostNodes) faults.push(`${name}: ${nodes} nodes`);
  return faults;
}
