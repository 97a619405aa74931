// What a press does when it comes twice, or when the phone cannot do it; and the day of the last count.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, depots, gone, items, launch, open, settled, show, signIn, skip, stored, submits, unsent } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/** Waits until it is said that something could not be done. @param {import("playwright-core").Page} page @param {RegExp} words */
function toasted(page, words) {
  return page.waitForFunction((source) => new RegExp(source).test(document.querySelector("#toast").textContent), words.source);
}

test("a second press before the first has moved on passes over no lot", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const all = await depots(page);
  const depot = all[all.length - 1];
  const [item] = await items(page, depot);
  await show(page, `count/${depot}/${item}`);
  for (const month of ["3109", "3209", "3309"]) {
    await page.tap("#way-lot");
    for (const key of month) await page.tap(`[data-key="${key}"]`);
    await page.tap("#lot-take");
    await page.waitForSelector("#act-next");
  }
  const at = () => page.$$eval(".entries > *", (rows) => rows.findIndex((row) => row.matches(".now")));
  const rows = await page.$$eval(".entries > *", (found) => found.length);
  assert.ok(rows >= 3);
  const first = rows - 3;
  await page.tap(`.entries > :nth-child(${first + 1})`);
  await page.waitForFunction((wanted) => document.querySelectorAll(".entries > *")[wanted].matches(".now"), first);
  await page.evaluate(() => {
    /** @type {HTMLElement} */ (document.querySelector('[data-key="5"]')).click();
    for (let press = 0; press < 2; press++) /** @type {HTMLElement} */ (document.querySelector("#act-next")).click();
  });
  await page.waitForFunction((wanted) => !document.querySelectorAll(".entries > *")[wanted].matches(".now"), first);
  await page.tap('[data-key="6"]');
  await stored(page, "6");
  assert.equal(await at(), first + 1);
  assert.deepEqual(errors, []);
  await context.close();
});

test("what another window keeps from being stored is said, and ends in no error", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  await show(page, `count/${depot}/${item}`);
  await page.tap('[data-key="3"]');
  await stored(page, "3");
  const other = await context.newPage();
  for (const [path, act] of /** @type {[string, () => Promise<void>][]} */ ([
    [`review/${depot}`, () => page.fill("#note", "after the drill")],
    [`count/${depot}/${item}`, async () => {
      await page.tap("#way-lot");
      for (const key of "3009") await page.tap(`[data-key="${key}"]`);
      await page.tap("#lot-take");
    }],
  ])) {
    await show(page, path);
    await other.goto(page.url());
    await other.reload();
    await other.tap(".banner.warn button");
    await page.waitForSelector(".banner.warn button");
    await act();
    await toasted(page, /^Not stored: /);
    await page.tap(".banner.warn button");
    await gone(page, ".banner.warn button");
  }
  // Not even taking over can be done where the browser closed its storage.
  await other.reload();
  await other.waitForSelector(".banner.warn button");
  await other.evaluate(() => {
    IDBDatabase.prototype.transaction = () => { throw new DOMException("closed", "InvalidStateError"); };
  });
  await other.tap(".banner.warn button");
  await toasted(other, /storage/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("the day of the last count is that of the phone's place", { skip, timeout: TEST_MS }, async () => {
  // Where it is another day than in Greenwich now.
  const timezoneId = new Date().getUTCHours() < 11 ? "Pacific/Pago_Pago" : "Pacific/Kiritimati";
  const { page, errors, context } = await open(browser, { language: "en", timezoneId });
  await signIn(page);
  const [, depot] = await depots(page);
  const list = await items(page, depot);
  const item = list[list.length - 1];
  await submits(page, depot, item, "4");
  await unsent(page, 0);
  await show(page, "sync");
  await page.tap("#sync-now");
  await page.waitForFunction(() => /Done/.test(document.querySelector("main [role=status]").textContent));
  await show(page, `count/${depot}/${item}`);
  await page.tap('[data-key="4"]');
  await stored(page, "4");
  const today = await page.evaluate(() => new Intl.DateTimeFormat("en", { month: "short", day: "numeric" }).format(new Date()));
  assert.match(await page.textContent("#last"), new RegExp(`\\(${today}\\)`));
  assert.deepEqual(errors, []);
  await settled(page);
  await context.close();
});
