// What the tests of the pages start: a browser, a page of a running service, a person signed in.
//
// The service is started by whoever runs the tests, and named in the environment:
//   MUSTER_ADDRESS   its address, such as http://127.0.0.1:8080
//   MUSTER_USERNAME  a quartermaster, "t3" if left out
//   MUSTER_OTHER     a quartermaster of another organization, "t2" if left out
//   MUSTER_PASSWORD  the password of both, of "officer" and of "admin"
//   MUSTER_CODE      an enrolment code, used up by one test
//   CHROMIUM         the browser, /usr/bin/chromium if left out
// Without an address or a browser the tests are skipped, and say so.

import { existsSync } from "node:fs";
import { chromium } from "playwright-core";

export const address = process.env.MUSTER_ADDRESS || "";
const executablePath = process.env.CHROMIUM || "/usr/bin/chromium";

/** Why there is no browser here, or false. */
export const missing = existsSync(executablePath) ? false : `no ${executablePath}`;

/** Why the tests cannot run here, or false. */
export const skip = address ? missing : "MUSTER_ADDRESS is not set";

/** The longest wait for a state, and the longest test: nothing here is measured, and the machine may be small and busy. */
export const WAIT_MS = 60000;
export const TEST_MS = 300000;

/** The screens that somebody who is signed in can reach, by the hash of their address. */
export const SCREENS = ["depots", "shortages", "expiring", "records", "settings", "sync", "leave", "selftest", "elsewhere", "code", "signin", "start"];

/** Starts the browser. Without a locale of UTF-8 it would save files with Han signs in their names as `download`. */
export function launch() {
  const env = { ...process.env, LC_ALL: "C.UTF-8" };
  return chromium.launch({ executablePath, env, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/**
 * Opens a page, and notes every address that it asks and every error of a script.
 * @param {import("playwright-core").Browser} browser
 * @param {{ language?: string, width?: number, height?: number, dark?: boolean, workers?: boolean, timezoneId?: string }} [options]
 */
export async function open(browser, { language = "zh-CN", width = 360, height = 740, dark = false, workers = false, timezoneId = "Asia/Shanghai" } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: language, timezoneId, colorScheme: dark ? "dark" : "light", hasTouch: true,
    serviceWorkers: workers ? "allow" : "block",
  });
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const asked = new Set();
  const errors = [];
  page.on("request", (request) => asked.add(new URL(request.url()).origin));
  page.on("pageerror", (error) => errors.push(String(error.stack || error)));
  page.on("console", (message) => message.type() === "error" && /Content Security Policy|Uncaught/.test(message.text()) && errors.push(message.text()));
  return { context, page, asked, errors };
}

/** Waits until the page shows something and nothing is loading. @param {import("playwright-core").Page} page */
export async function settled(page) {
  await page.waitForFunction(() => document.querySelector("#main h1") && !document.querySelector("main [data-before], .skeleton"));
}

/** Shows a screen, and waits until it has taken the place of the one before. @param {import("playwright-core").Page} page @param {string} path */
export async function show(page, path) {
  await page.evaluate((hash) => {
    if (location.hash === hash) return undefined;
    for (const part of document.querySelectorAll("main > *")) part.setAttribute("data-before", "");
    return new Promise((resolve) => {
      window.addEventListener("hashchange", resolve, { once: true });
      location.hash = hash;
    }).then(() => undefined);
  }, `#/${path}`);
  await settled(page);
}

/** Whether the page has such an element now. @param {import("playwright-core").Page} page @param {string} selector */
export async function has(page, selector) {
  return (await page.$(selector)) !== null;
}

/** Waits until the page has no such element. @param {import("playwright-core").Page} page @param {string} selector */
export function gone(page, selector) {
  return page.waitForFunction((wanted) => !document.querySelector(wanted), selector);
}

/** Waits until a number is in the field and said to be stored. @param {import("playwright-core").Page} page @param {string} text */
export function stored(page, text) {
  return page.waitForFunction((typed) => {
    const field = /** @type {HTMLInputElement | null} */ (document.querySelector("#quantity"));
    return field && field.value === typed && document.querySelector(".stored:not([hidden])");
  }, text);
}

/**
 * Looks at what an act led to, as a person does: an act that is pressed sooner was meant for what is gone.
 * @param {import("playwright-core").Page} page
 */
async function looks(page) {
  await settled(page);
  if (await has(page, ".act, #submit")) await page.waitForTimeout(550);
}

/** Does something that ends a line, and waits until another screen is there. @param {import("playwright-core").Page} page @param {() => Promise<unknown>} act */
export async function leaves(page, act) {
  const from = await page.evaluate(() => {
    for (const part of document.querySelectorAll("main > *")) part.setAttribute("data-before", "");
    return location.hash;
  });
  await act();
  await page.waitForFunction((hash) => location.hash !== hash, from);
  await looks(page);
}

/** Does something that ends a row of a line, and waits until another row or screen is there. @param {import("playwright-core").Page} page @param {() => Promise<unknown>} act */
export async function endsRow(page, act) {
  const open = () => `${location.hash} ${[...document.querySelectorAll(".entries > *")].findIndex((one) => one.matches(".now"))}`;
  const from = await page.evaluate(open);
  await act();
  await page.waitForFunction(`(${open})() !== ${JSON.stringify(from)}`);
  await looks(page);
}

/** Waits until so many counts are said to be only on this phone. @param {import("playwright-core").Page} page @param {number} wanted */
export function unsent(page, wanted) {
  return page.waitForFunction((n) => {
    const chip = document.querySelector(".unsent");
    const number = chip && /\d+/.exec(chip.textContent);
    return number && Number(number[0]) === n;
  }, wanted);
}

/** Waits until the screen says something where screen readers speak. @param {import("playwright-core").Page} page @param {RegExp} words */
export function said(page, words) {
  return page.waitForFunction((source) => [...document.querySelectorAll("main [role=status]")].some((one) => new RegExp(source).test(one.textContent)), words.source);
}

/** A request of an account. @param {string} as @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
export async function ask(as, method, path, body) {
  const send = async (/** @type {string} */ how, /** @type {string} */ to, /** @type {unknown} */ what, /** @type {Record<string, string>} */ more) => {
    const sent = what === undefined ? {} : { body: JSON.stringify(what) };
    const answer = await fetch(`${address}/api/v1${to}`, { method: how, headers: { "Content-Type": "application/json", ...more }, ...sent });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${how} ${to}: ${JSON.stringify(json)}`);
    return json;
  };
  const { access_token: token } = await send("POST", "/auth/login", { username: as, password: process.env.MUSTER_PASSWORD || "" }, {});
  return send(method, path, body, { Authorization: `Bearer ${token}` });
}

/** Signs in with a password, and waits for the first copy. @param {import("playwright-core").Page} page @param {string} [username] @param {string} [device] */
export async function signIn(page, username = process.env.MUSTER_USERNAME || "t3", device = "") {
  await page.goto(`${address}/phone#/signin`);
  await page.waitForSelector("#username");
  await page.fill("#username", username);
  await page.fill("#password", process.env.MUSTER_PASSWORD || "");
  if (device) await page.fill("#device", device);
  await page.click("button[type=submit]");
  await page.waitForSelector(".depot");
  await settled(page);
}

/** The codes of the depots on the first page. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
export async function depots(page) {
  await show(page, "depots");
  return page.$$eval(".depot", (links) => links.map((link) => link.id.slice("depot-".length)));
}

/** The items that a depot lists, in the order shown. @param {import("playwright-core").Page} page @param {string} depot @returns {Promise<string[]>} */
export async function items(page, depot) {
  await show(page, `depot/${depot}`);
  return page.$$eval("a.line[id^='line-']", (links) => links.map((link) => link.id.slice("line-".length)));
}

/** Types a number for an item and submits it. @param {import("playwright-core").Page} page @param {string} depot @param {string} item @param {string} digits @returns {Promise<string>} the id of the count */
export async function submits(page, depot, item, digits) {
  await show(page, `count/${depot}/${item}`);
  for (const digit of digits) await page.tap(`[data-key="${digit}"]`);
  await stored(page, digits);
  await show(page, `review/${depot}`);
  await page.tap("#submit");
  await page.waitForSelector(".track");
  return decodeURIComponent(page.url().split("/sent/")[1]);
}

/** Counts touches, from the page itself. @param {import("playwright-core").Page} page */
export async function countTaps(page) {
  await page.evaluate(() => {
    window.taps = 0;
    document.addEventListener("pointerdown", () => { window.taps += 1; }, true);
  });
  return {
    async take() {
      return page.evaluate(() => {
        const n = window.taps;
        window.taps = 0;
        return n;
      });
    },
  };
}
