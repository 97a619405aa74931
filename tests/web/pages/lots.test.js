// A lot that is entered anew: an impossible or a past day is said at once, the same lot has one row, and the review names it.
// What is skipped is not said to be counted.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, depots, items, launch, leaves, open, show, signIn, skip, stored } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/** Types digits of a day over those that are there, and answers what is said of them. @param {import("playwright-core").Page} page @param {string} digits */
async function day(page, digits) {
  await page.fill("#lot-day", digits);
  return words(page, "#lot-reading");
}

/** The words of an element, without the signs that keep a day together. @param {import("playwright-core").Page} page @param {string} selector */
async function words(page, selector) {
  return plain(await page.textContent(selector));
}

/** @param {string | null} text */
const plain = (text) => (text || "").replace(/\u2060/g, "");

/** @param {import("playwright-core").Page} page */
const rows = (page) => page.$$eval(".entries > *", (all) => all.length);

test("a lot has one row, and what is wrong with its day is said", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [depot] = await depots(page);
  const known = await items(page, depot);
  const [item, other] = known;
  await show(page, `count/${depot}/${item}`);
  const before = await rows(page);
  await page.tap("#way-lot");
  assert.match(await day(page, "30"), /Go on/);
  for (const none of ["3013", "3000", "300931", "9913"]) assert.match(await day(page, none), /Not a date/, none);
  assert.match(await day(page, "3009"), /Last usable day 2030-09-30/);
  assert.equal(await day(page, "2409"), "expired 2024-09-30");
  await page.fill("#lot-number", "lot-b");
  await page.tap("#lot-take");
  await page.waitForSelector(".entries .now");
  await page.tap('[data-key="7"]');
  await stored(page, "7");
  const after = await rows(page);
  assert.ok(after > before || before === 1, `${before} and ${after} rows`);
  assert.match(await words(page, ".entries .now"), /expired 2024-09-30/);
  await page.tap("#way-lot");
  await day(page, "2409");
  await page.fill("#lot-number", " LOT-B");
  await page.tap("#lot-take");
  await page.waitForSelector(".entries .now");
  assert.deepEqual([await rows(page), await page.inputValue("#quantity")], [after, "7"]);
  await page.waitForFunction(() => /row already/.test(document.querySelector("#toast").textContent));

  await show(page, `review/${depot}`);
  const odd = await page.$$eval("main section", (all) => all.map((one) => one.textContent));
  assert.equal(odd.filter((text) => /Lot lot-b, expired 2024-09-30/.test(plain(text))).length, 1, "the review says that it has expired");

  // A row without a number holds the count back: the review says which.
  await show(page, `count/${depot}/${item}`);
  await page.tap("#way-lot");
  await day(page, "3009");
  await page.fill("#lot-number", "LOT-C");
  await page.tap("#lot-take");
  await page.waitForSelector(".entries .now");
  await show(page, `review/${depot}`);
  assert.match(await words(page, ".notice.bad li"), /\S.* · Lot LOT-C, use by 2030-09-30: /);

  await show(page, `count/${depot}/${other}`);
  await leaves(page, () => page.tap("#act-skip"));
  await show(page, `depot/${depot}`);
  assert.match(await page.textContent(".lead"), new RegExp(`1 of ${known.length} counted`));
  await show(page, "depots");
  assert.match(await page.textContent(`#depot-${depot} .of`), /^1 \/ /);
  assert.deepEqual(errors, []);
  await context.close();
});
