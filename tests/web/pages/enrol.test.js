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
  await page.waitForSelector("#code");
  assert.match(await page.inputValue("#code"), /^[0-9A-Z]{5}-[0-9A-Z]{5}$/);
  // By now it has everything that it asks for by itself.
  await page.waitForLoadState("networkidle");
  assert.deepEqual(posts, []);
  await page.click("button[type=submit]");
  if (process.env.MUSTER_CODE) await page.waitForSelector(".depot");
  else await page.waitForSelector(".notice.bad");
  assert.equal(posts.filter((url) => url.endsWith("/auth/enrol")).length, 1);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a label opens the count at its line, by the item or the number", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser);
  await signIn(page);
  const [depot] = await depots(page);
  const { item, number } = await numbered(page, depot);
  for (const label of [item, number]) {
    await page.goto("about:blank");
    await page.goto(`${address}/d/${depot}#${label}`);
    await page.waitForSelector("#act-next");
    assert.equal(await page.evaluate(() => location.pathname + location.hash), `/phone#/count/${depot}/${item}`);
  }
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a label that is opened before a sign-in opens its line after it", { skip, timeout: TEST_MS }, async () => {
  const known = await open(browser);
  await signIn(known.page);
  const [depot] = await depots(known.page);
  const { item, number } = await numbered(known.page, depot);
  await show(known.page, `count/${depot}/${item}`);
  const title = await known.page.title();
  await known.context.close();

  const { page, errors, context } = await open(browser);
  await page.goto(`${address}/d/${depot}#${number}`);
  await page.click('main a[href="#/signin"]');
  await page.fill("#username", process.env.MUSTER_USERNAME || "t3");
  await page.fill("#password", process.env.MUSTER_PASSWORD || "");
  await page.click("button[type=submit]");
  await page.waitForSelector("#act-next");
  assert.equal(await page.title(), title);
  for (const key of ["4", "2"]) await page.tap(`[data-key="${key}"]`);
  await stored(page, "42");
  await show(page, `count/${depot}/${item}`);
  assert.equal(await page.inputValue("#quantity"), "42");
  assert.deepEqual(errors, []);
  await context.close();
});

test("an address that names nothing here says so, and small letters do no harm", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  const at = async (/** @type {string} */ label) => {
    await page.goto("about:blank");
    await page.goto(`${address}/d/${label}`);
    await settled(page);
    return page.evaluate(() => location.hash);
  };
  assert.equal(await at(`${depot.toLowerCase()}#${item.toLowerCase()}`), `#/count/${depot}/${item}`);
  await page.waitForSelector("#act-next");
  assert.equal(await at(depot.toLowerCase()), `#/depot/${depot}`);
  await at(`${depot}#NOPE`);
  assert.match(await page.textContent("main"), /NOPE is not on this phone/);
  assert.equal(await page.getAttribute(".bar .back", "href"), `#/depot/${depot}`);
  assert.deepEqual(errors, []);
  await context.close();
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

/** An item that the depot lists, and the number of its label. @param {import("playwright-core").Page} page @param {string} depot */
async function numbered(page, depot) {
  await items(page, depot);
  const lines = await page.$$eval("a.line[id^='line-'] .under", (all) => all.map((one) => one.textContent.split(" · ")));
  const [item, number] = lines.find((parts) => /^\d{4}$/.test(parts[1] || "")) || ["", ""];
  assert.notEqual(number, "", `an item has a number: ${JSON.stringify(lines.slice(0, 9))}`);
  return { item, number };
}
