// Without a network: the page opens, counts, and sends once there is one again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { address, depots, items, launch, open, settled, show, signIn, skip } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/** Whether the worker of the page keeps its files; one of a folder that is being worked on may keep none. */
async function keepsFiles(page) {
  return page.evaluate(async () => {
    if (!navigator.serviceWorker) return false;
    await Promise.race([navigator.serviceWorker.ready, new Promise((resolve) => setTimeout(resolve, 10000))]);
    for (const name of await caches.keys()) if ((await (await caches.open(name)).keys()).length) return true;
    return false;
  });
}

test("the page opens, counts and keeps without a network, and sends when there is one", { skip, timeout: 120000 }, async (context) => {
  const { page, errors, context: window } = await open(browser, { workers: true });
  await signIn(page);
  const [, depot] = await depots(page);
  const [item, second] = await items(page, depot);
  if (!(await keepsFiles(page))) return context.skip("the worker keeps no files here");
  await page.reload();
  await settled(page);
  await window.setOffline(true);
  await page.goto(`${address}/d/${depot}#${item}`);
  await page.waitForSelector("#act-next");
  await settled(page);
  for (const key of ["1", "4"]) await page.tap(`[data-key="${key}"]`);
  await page.waitForSelector(".stored:not([hidden])");
  await page.close();
  // The tab was closed in the middle of a line: what was stored is there.
  const again = await window.newPage();
  await again.goto(`${address}/phone#/count/${depot}/${item}`);
  await again.waitForSelector("#act-next");
  await settled(again);
  assert.equal(await again.inputValue("#quantity"), "14");
  await show(again, `count/${depot}/${second}`);
  await again.tap("#act-skip");
  await again.waitForFunction((line) => !location.hash.endsWith(`/${line}`), second);
  await settled(again);
  await show(again, `review/${depot}`);
  await again.tap("#submit");
  await again.waitForSelector(".track");
  assert.match(await again.textContent(".unsent"), /1/);
  assert.equal(await again.$$eval(".track .reached", (all) => all.length), 1);
  await window.setOffline(false);
  await show(again, "sync");
  await again.tap("#sync-now");
  await again.waitForFunction(() => /0/.test(document.querySelector(".unsent").textContent), null, { timeout: 20000 });
  await show(again, "records");
  await again.waitForSelector(".mark-met");
  assert.deepEqual(errors, []);
  return window.close();
});

test("a second window only looks, and can take over", { skip, timeout: 60000 }, async () => {
  const { page, errors, context } = await open(browser);
  await signIn(page);
  const other = await context.newPage();
  await other.goto(`${address}/phone`);
  await other.waitForSelector(".banner button");
  await other.tap(".banner button");
  await page.waitForSelector(".banner button");
  assert.equal(await other.$(".banner button"), null);
  assert.deepEqual(errors, []);
  await context.close();
});
