// How many touches a line costs: 48 lines, half with two digits, 12 with a lot and its month of expiry, some with none.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, countTaps, depots, endsRow, has, items, launch, leaves, open, settled, show, signIn, skip, stored } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/** The middle of numbers. */
const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

test("a line costs at most 4 touches in the median, and none costs 1", { skip, timeout: 2 * TEST_MS }, async () => {
  const { page, errors } = await open(browser);
  await signIn(page);
  const [depot] = await depots(page);
  const known = await items(page, depot);
  // The rest are items that the depot does not list: somebody opens them by the address on their label.
  const labelled = [];
  for (const code of ["L101", "L102", "L103", "L104", "L202", "L203"]) {
    await show(page, `depot/${depot}`);
    await page.fill("#search", code);
    labelled.push(...await page.$$eval(".hits a.line .under", (all) => all.map((one) => one.textContent.split(" ")[0])));
  }
  const taps = await countTaps(page);
  const costs = { number: [], two: [], lot: [], zero: [] };
  const typed = [];
  const lines = [];
  const all = [...known, ...labelled.filter((item) => !known.includes(item))];
  for (const item of all) {
    if (lines.length === 48) break;
    await show(page, `count/${depot}/${item}`);
    if (!(await has(page, "#act-next"))) continue;
    const rows = await page.$$eval(".entries > *", (all) => all.length);
    const at = lines.length;
    const lot = at % 4 === 3 || rows > 1;
    const zero = !lot && rows === 1 && at % 8 === 6;
    const quantity = zero ? "0" : at % 2 ? String(10 + at) : String(1 + at % 9);
    await taps.take();
    if (zero) await leaves(page, () => page.tap("#act-zero"));
    else {
      if (lot && rows === 1) {
        await page.tap("#way-lot");
        for (const key of "3009") await page.tap(`[data-key="${key}"]`);
        await page.tap("#lot-take");
        await page.waitForSelector("#act-next");
      }
      // Known lots are rows: each gets its number.
      while (page.url().endsWith(`/${item}`)) {
        const there = await page.inputValue("#quantity");
        if (!there) for (const key of quantity) await page.tap(`[data-key="${key}"]`);
        await stored(page, there || quantity);
        await endsRow(page, () => page.tap("#act-next"));
      }
    }
    const cost = await taps.take();
    costs[zero ? "zero" : lot ? "lot" : quantity.length > 1 ? "two" : "number"].push(cost);
    lines.push(cost);
    typed.push([item, quantity]);
  }
  const report = Object.fromEntries(Object.entries(costs).map(([kind, all]) => [kind, { lines: all.length, median: median(all), most: Math.max(...all) }]));
  console.log(`touches over ${lines.length} lines: median ${median(lines)}, mean ${(lines.reduce((a, b) => a + b) / lines.length).toFixed(2)}`, JSON.stringify(report));
  assert.equal(lines.length, 48);
  assert.ok(median(lines) <= 4, `median ${median(lines)}`);
  assert.ok(costs.zero.length >= 3 && costs.zero.every((cost) => cost === 1), `zero: ${costs.zero}`);
  assert.ok(costs.lot.length >= 12, `lots: ${costs.lot.length}`);
  assert.ok(typed.filter(([, quantity]) => quantity.length === 2).length >= 23);

  // Everything that was typed is in what will be sent.
  await show(page, `review/${depot}`);
  const links = await page.$$eval("main a.line", (all) => all.map((link) => link.getAttribute("href")));
  for (const [item] of typed) assert.ok(links.some((link) => link.includes(`/${item}/`)), item);
  await page.tap("#submit");
  await page.waitForSelector(".track");
  await settled(page);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the first digit replaces, erase and zero do what they say, nothing is prefilled", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser);
  await signIn(page);
  const [, depot] = await depots(page);
  const [first] = await items(page, depot);
  await show(page, `count/${depot}/${first}`);
  const sizes = await page.$$eval(".key:not([disabled])", (/** @type {HTMLElement[]} */ keys) => keys.map((key) => Math.min(key.offsetWidth, key.offsetHeight)));
  assert.ok(sizes.length >= 14 && sizes.every((size) => size >= 64), `keys of ${sizes} px`);
  assert.equal(await page.inputValue("#quantity"), "");
  assert.equal((await page.textContent("#last")).trim(), "", "the last count is not shown before a number was typed");
  for (const key of ["3", "5"]) await page.tap(`[data-key="${key}"]`);
  await stored(page, "35");
  assert.notEqual((await page.textContent("#last")).trim(), "");
  await page.tap("[data-key=erase]");
  await stored(page, "3");
  await page.reload();
  await settled(page);
  assert.equal(await page.inputValue("#quantity"), "3", "what was stored is there after the page was opened anew");
  await page.tap('[data-key="7"]');
  await stored(page, "7");
  assert.deepEqual(errors, []);
  await page.context().close();
});
