// What the tests of the pages start: a browser, a page of a running service, a person signed in.
//
// The service is started by whoever runs the tests, and named in the environment:
//   MUSTER_ADDRESS   its address, such as http://127.0.0.1:8080
//   MUSTER_USERNAME  a quartermaster, "t3" if left out
//   MUSTER_OTHER     a quartermaster of another organization, "t2" if left out
//   MUSTER_PASSWORD  the password of both
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

/** The screens that somebody who is signed in can reach, by the hash of their address. */
export const SCREENS = ["depots", "shortages", "expiring", "records", "settings", "sync", "leave", "selftest", "elsewhere", "code", "signin", "start"];

/** Starts the browser. */
export function launch() {
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--disable-dev-shm-usage"] });
}

/**
 * Opens a page, and notes every address that it asks and every error of a script.
 * @param {import("playwright-core").Browser} browser
 * @param {{ language?: string, width?: number, height?: number, dark?: boolean, workers?: boolean }} [options]
 */
export async function open(browser, { language = "zh-CN", width = 360, height = 740, dark = false, workers = false } = {}) {
  const context = await browser.newContext({
    viewport: { width, height }, locale: language, colorScheme: dark ? "dark" : "light", hasTouch: true,
    serviceWorkers: workers ? "allow" : "block",
  });
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
  await page.waitForSelector("main h1", { state: "attached" });
  await page.waitForFunction(() => !document.querySelector(".skeleton"));
  await page.waitForTimeout(60);
}

/** Shows a screen. @param {import("playwright-core").Page} page @param {string} path */
export async function show(page, path) {
  await page.evaluate((hash) => { location.hash = hash; }, `#/${path}`);
  await settled(page);
}

/** Signs in with a password, and waits for the first copy. @param {import("playwright-core").Page} page @param {string} [username] */
export async function signIn(page, username = process.env.MUSTER_USERNAME || "t3") {
  await page.goto(`${address}/phone#/signin`);
  await page.waitForSelector("#username");
  await page.fill("#username", username);
  await page.fill("#password", process.env.MUSTER_PASSWORD || "");
  await page.click("button[type=submit]");
  await page.waitForSelector(".depot", { timeout: 20000 });
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
