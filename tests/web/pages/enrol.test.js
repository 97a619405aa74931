// A code in an address is spent by a button, never by opening the page; a label opens the count at its line.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, address, depots, has, items, launch, open, settled, show, signIn, skip, stored } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

test("opening the address of a code spends nothing", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser);
  const posts = [];
  page.on("request", (request) => request.method() === "POST" && posts.push(request.url()));
  await page.goto(`${address}/enrol#code=${process.env.MUSTER_CODE || "7ZK3M-0QX9D"}`);
  await settled(page);
  await page.waitForTimeout(800);
  assert.deepEqual(posts, []);
  assert.match(await page.inputValue("#code"), /^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  await page.click("button[type=submit]");
  if (process.env.MUSTER_CODE) await page.waitForSelector(".depot");
  else await page.waitForSelector(".notice.bad");
  assert.equal(posts.filter((url) => url.endsWith("/auth/enrol")).length, 1);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a label opens the count at its line, also after a sign-in", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser);
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  await page.goto(`${address}/d/${depot}#${item}`);
  await settled(page);
  assert.equal(await page.evaluate(() => location.pathname + location.hash), `/phone#/count/${depot}/${item}`);
  await page.waitForSelector("#act-next");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("two people on one phone have stores of their own", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser);
  await signIn(page);
  const own = await depots(page);
  const [depot] = own;
  const [item] = await items(page, depot);
  await show(page, `count/${depot}/${item}`);
  for (const key of ["2", "1"]) await page.tap(`[data-key="${key}"]`);
  await stored(page, "21");
  await show(page, "signin");
  assert.equal(await page.inputValue("#username"), "");
  await page.fill("#username", process.env.MUSTER_OTHER || "t2");
  await page.fill("#password", process.env.MUSTER_PASSWORD || "");
  await page.click("button[type=submit]");
  await page.waitForFunction((code) => document.querySelector(".depot") && !document.getElementById(`depot-${code}`), depot);
  assert.ok((await depots(page)).every((code) => !own.includes(code)));
  await show(page, `count/${depot}/${item}`);
  assert.equal(await has(page, "#quantity"), false, "the other person does not see the depot");
  await show(page, "settings");
  await page.tap('button.line[aria-pressed="false"]');
  await page.waitForSelector(`[id="depot-${depot}"]`);
  await show(page, `count/${depot}/${item}`);
  assert.equal(await page.inputValue("#quantity"), "21");
  assert.deepEqual(errors, []);
  await context.close();
});
