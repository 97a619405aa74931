// Who only reads is offered no count.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, depots, has, items, launch, open, show, signIn, skip } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

test("a viewer reads a depot and its lines, and is not led to count them", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page, "viewer");
  await page.waitForFunction(() => document.activeElement.tagName === "H1");
  // A sync draws the page anew: the focus does not fall out of it.
  await page.waitForTimeout(1500);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
  const [empty] = await depots(page);
  assert.doesNotMatch(await page.textContent(".depots"), /Start counting/);
  await show(page, `depot/${empty}`);
  assert.match(await page.textContent("main"), /does not count/);
  assert.equal(await has(page, "#go-on"), false);
  for (const depot of await depots(page)) {
    const [item] = await items(page, depot);
    if (item) {
      await show(page, `count/${depot}/${item}`);
      break;
    }
  }
  assert.equal(await has(page, "#quantity, [data-key]"), false);
  assert.match(await page.textContent("main"), /does not count/);
  assert.deepEqual(errors, []);
  await context.close();
});
