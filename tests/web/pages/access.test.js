// Every screen in both languages and three widths: rules of WCAG 2.2 A and AA by axe-core, nothing to scroll sideways.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { after, before, test } from "node:test";
import { SCREENS, TEST_MS, address, depots, gone, items, launch, leaves, open, settled, show, signIn, skip, stored } from "./browser.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/** What axe finds, in short. @param {import("playwright-core").Page} page */
async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(async (rules) => (await window.axe.run(document, { runOnly: rules })).violations
    .map((one) => `${one.id}: ${one.nodes.slice(0, 3).map((node) => node.html.slice(0, 140)).join(" | ")}`), RULES);
  return found;
}

/** How far the page reaches beyond its window. @param {import("playwright-core").Page} page */
const beyond = (page) => page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);

/** What can be pressed or is chosen and would be told by a shade alone. @param {import("playwright-core").Page} page */
const withoutShape = (page) => page.evaluate(() => {
  const seen = (/** @type {Element} */ one) => one.getClientRects().length > 0;
  const bordered = (/** @type {Element} */ one) => [one, one.closest(".box")].some((box) => box && parseFloat(getComputedStyle(box).borderTopWidth) > 0);
  const flat = [...document.querySelectorAll(".button, .key, input:not([type=file])")].filter((one) => seen(one) && !bordered(one));
  const unlike = [...document.querySelectorAll(".choice")].filter((group) => {
    const [chosen, other] = ["true", "false"].map((is) => group.querySelector(`[aria-pressed=${is}]`));
    return chosen && other && seen(chosen) && getComputedStyle(chosen).backgroundColor === getComputedStyle(other).backgroundColor;
  });
  return [...flat, ...unlike].slice(0, 3).map((one) => one.outerHTML.slice(0, 120));
});

/** All screens with something on them. @param {import("playwright-core").Page} page */
async function paths(page) {
  const [depot, other] = await depots(page);
  const lines = await items(page, depot);
  await page.click("#go-on");
  await page.waitForSelector("#act-next");
  await settled(page);
  await page.click('[data-key="4"]');
  await stored(page, "4");
  await leaves(page, () => page.click("#act-next"));
  await leaves(page, () => page.click("#act-zero"));
  await show(page, `count/${other}/${lines[0]}`);
  await page.click('[data-key="2"]');
  await stored(page, "2");
  await show(page, `review/${other}`);
  await page.click("#submit");
  await page.waitForSelector(".track");
  const sent = decodeURIComponent(page.url().split("/sent/")[1]);
  return [...SCREENS, `depot/${depot}`, `count/${depot}/${lines[0]}`, `count/${depot}/${lines[4]}`, `review/${depot}`, `labels/${depot}`, `sent/${sent}`, `record/${sent}`, "depot/none", "record/none"];
}

for (const language of ["zh-CN", "en"]) {
  test(`no violations and nothing to scroll sideways, ${language}`, { skip, timeout: 3 * TEST_MS }, async () => {
    const { page, asked, errors } = await open(browser, { language });
    await page.goto(`${address}/phone`);
    await settled(page);
    const faults = [];
    const check = async (name) => {
      for (const found of await violations(page)) faults.push(`${name}: ${found}`);
    };
    await check("signed out");
    await page.goto(`${address}/enrol#code=7ZK3M0QX9D`);
    await settled(page);
    await check("enrol");
    await signIn(page);
    const all = await paths(page);
    for (const width of [320, 390, 768]) {
      await page.setViewportSize({ width, height: 740 });
      for (const path of all) {
        await show(page, path);
        const wide = await beyond(page);
        if (wide > 0) faults.push(`${path} at ${width}: ${wide} px beyond`);
        if (width < 768 || path.startsWith("count")) await check(`${path} at ${width}`);
      }
    }
    const [, , , ...rest] = all;
    await show(page, rest.find((path) => path.startsWith("count")));
    await page.click("#way-lot");
    await page.waitForSelector("#lot-take");
    await check("a new lot");
    await show(page, rest.find((path) => path.startsWith("review")));
    await page.click("#choice-full");
    await page.waitForSelector("#choice-full[aria-pressed=true]");
    await check("a full count");
    await page.click("#discard");
    await page.waitForSelector(".dialog");
    await check("a dialog");
    await page.keyboard.press("Escape");
    await gone(page, ".veil");
    await page.emulateMedia({ colorScheme: "dark" });
    for (const path of all) {
      await show(page, path);
      await check(`${path}, dark`);
    }
    // Colours that the system forces: what is chosen and what can be pressed is told by more than a shade.
    await page.emulateMedia({ colorScheme: "light", forcedColors: "active" });
    for (const path of all) {
      await show(page, path);
      await check(`${path}, forced colours`);
      for (const lost of await withoutShape(page)) faults.push(`${path}, forced colours: ${lost}`);
    }
    assert.deepEqual(faults, []);
    assert.deepEqual([...asked].filter((origin) => origin !== new URL(address).origin), [], "no other host is asked");
    assert.deepEqual(errors, []);
    await page.context().close();
  });
}

test("large type, a short window and 200 % zoom need no sideways scrolling and hide no field", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser, { language: "en", width: 320, height: 480 });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  await show(page, "settings");
  await page.click("#large");
  await page.waitForSelector("html[data-size=large]");
  const faults = [];
  for (const path of [...SCREENS, `depot/${depot}`, `count/${depot}/${item}`, `review/${depot}`]) {
    await show(page, path);
    const wide = await beyond(page);
    if (wide > 0) faults.push(`${path}: ${wide} px beyond`);
  }
  await page.evaluate(() => localStorage.removeItem("muster.settings"));
  await page.reload();
  await settled(page);
  // 360 × 740 at 200 % is a window of 180 × 370.
  await page.setViewportSize({ width: 180, height: 370 });
  for (const path of [...SCREENS, `depot/${depot}`, `count/${depot}/${item}`, `review/${depot}`, `labels/${depot}`]) {
    await show(page, path);
    const wide = await beyond(page);
    if (wide > 0) faults.push(`${path} at 180: ${wide} px beyond`);
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(errors, []);
  await page.context().close();
});
