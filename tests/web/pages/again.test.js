// A press that comes twice, and what passing over drops.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, depots, endsRow, items, launch, leaves, open, settled, show, signIn, skip, stored } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/**
 * Presses something at a moment of the clock of the presses, however late the machine is. Answers where.
 * @param {import("playwright-core").Page} page
 * @param {string | { x: number, y: number }} what
 * @param {number} timestamp in seconds
 */
async function press(page, what, timestamp) {
  let place = /** @type {any} */ (what);
  if (typeof what === "string") {
    const box = await page.locator(what).boundingBox();
    place = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
  }
  const session = await page.context().newCDPSession(page);
  for (const type of ["mousePressed", "mouseReleased"]) await session.send("Input.dispatchMouseEvent", { type, ...place, button: "left", clickCount: 1, timestamp });
  await session.detach();
  return place;
}

/** As long as a person takes to read a name. @param {import("playwright-core").Page} page */
const reads = (page) => page.waitForTimeout(500);

/** What a depot says of its items. @param {import("playwright-core").Page} page @param {string} depot @param {string[]} list */
async function saidOf(page, depot, list) {
  await show(page, `depot/${depot}`);
  return Promise.all(list.map((item) => page.textContent(`#line-${item} .side`)));
}

test("a second press of an act that has led on is none; a fast person is not held up", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [, depot] = await depots(page);
  const all = await items(page, depot);
  await show(page, `count/${depot}/${all[0]}`);
  const seen = [];
  for (const gap of [0.06, 0.18, 0.3]) {
    seen.push(page.url().split("/").pop());
    const from = Date.now() / 1000;
    let place = { x: 0, y: 0 };
    await leaves(page, async () => { place = await press(page, "#act-zero", from); });
    const next = page.url();
    await press(page, place, from + gap);
    await reads(page);
    assert.equal(page.url(), next, `${gap} s`);
  }
  const passed = page.url().split("/").pop();
  // The same of a key that is held down.
  await page.focus("#act-skip");
  await leaves(page, () => page.keyboard.down("Enter"));
  const held = page.url();
  await page.keyboard.down("Enter");
  await page.keyboard.up("Enter");
  await reads(page);
  assert.equal(page.url(), held);
  const untouched = held.split("/").pop();
  // One line each half a second, and digits at once.
  await leaves(page, () => page.tap("#act-zero"));
  await page.tap('[data-key="7"]');
  await stored(page, "7");
  await endsRow(page, () => page.tap("#act-next"));
  const [first, second, third, skipped, last] = await saidOf(page, depot, [...seen, passed, untouched]);
  for (const said of [first, second, third, last]) assert.match(said, /None/);
  assert.match(skipped, /Skipped/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a second press after the last line sends nothing", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  await show(page, `count/${depot}/${item}/review`);
  const from = Date.now() / 1000;
  await leaves(page, () => press(page, "#act-zero", from));
  await press(page, "#submit", from + 0.3);
  await reads(page);
  assert.match(page.url(), /review/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("what was typed for a line that is passed over is not sent", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const all = await depots(page);
  const depot = all[2];
  const [item, other] = await items(page, depot);
  await show(page, `count/${depot}/${item}`);
  for (const key of ["5", "5"]) await page.tap(`[data-key="${key}"]`);
  await stored(page, "55");
  await leaves(page, () => page.tap("#act-skip"));
  // Of several lots only the one that is open.
  await show(page, `count/${depot}/${other}`);
  for (const month of ["3109", "3209"]) {
    await page.tap("#way-lot");
    for (const key of month) await page.tap(`[data-key="${key}"]`);
    await page.tap("#lot-take");
    await page.waitForSelector("#act-next");
    await page.tap('[data-key="8"]');
    await stored(page, "8");
  }
  await page.tap("#act-skip");
  await page.waitForFunction((hash) => location.hash !== hash, `#/count/${depot}/${other}`);
  await settled(page);
  const [passed, counted] = await saidOf(page, depot, [item, other]);
  assert.match(passed, /Skipped/);
  assert.match(counted, /^8\D/);
  await show(page, `review/${depot}`);
  assert.doesNotMatch(await page.textContent("main"), /55/);
  assert.deepEqual(errors, []);
  await context.close();
});
