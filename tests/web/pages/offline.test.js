// Without a network: the page opens, counts, and sends once there is one again.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, address, depots, gone, items, launch, leaves, open, settled, show, signIn, skip, stored, unsent } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

test("the page opens, counts and keeps without a network, and sends when there is one", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context: window } = await open(browser, { workers: true });
  await signIn(page);
  const [, depot] = await depots(page);
  const [item, second] = await items(page, depot);
  // The worker is ready once it keeps all files.
  assert.ok(await page.evaluate(() => navigator.serviceWorker.ready.then(() => caches.match("/phone")).then(Boolean)));
  await page.reload();
  await settled(page);
  await window.setOffline(true);
  await page.goto(`${address}/d/${depot}#${item}`);
  await page.waitForSelector("#act-next");
  await settled(page);
  for (const key of ["1", "4"]) await page.tap(`[data-key="${key}"]`);
  await stored(page, "14");
  await page.close();
  // The tab was closed in the middle of a line: what was stored is there.
  const again = await window.newPage();
  await again.goto(`${address}/phone#/count/${depot}/${item}`);
  await again.waitForSelector("#act-next");
  await settled(again);
  assert.equal(await again.inputValue("#quantity"), "14");
  await show(again, `count/${depot}/${second}`);
  await leaves(again, () => again.tap("#act-skip"));
  await show(again, `review/${depot}`);
  await again.tap("#submit");
  await again.waitForSelector(".track");
  await unsent(again, 1);
  assert.equal(await again.$$eval(".track .reached", (all) => all.length), 1);
  await window.setOffline(false);
  await show(again, "sync");
  await again.tap("#sync-now");
  await unsent(again, 0);
  await show(again, "records");
  await again.waitForSelector(".mark-met");
  assert.deepEqual(errors, []);
  return window.close();
});

test("a second window only looks, and can take over", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser);
  await signIn(page);
  const other = await context.newPage();
  await other.goto(`${address}/phone`);
  await other.waitForSelector(".banner button");
  assert.equal(await page.$$eval(".banner button", (all) => all.length), 0);
  await other.tap(".banner button");
  await page.waitForSelector(".banner button");
  await gone(other, ".banner button");
  assert.deepEqual(errors, []);
  await context.close();
});

test("only a network that is missing is called so", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const answers = {
    busy: (route) => route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "", title: "busy", detail: "busy", status: 503, code: "busy", request_id: "0" }) }),
    unreachable: (route) => route.abort(),
  };
  const strips = { busy: /did not succeed \(busy\)/, unreachable: /^No network/ };
  for (const [code, answer] of Object.entries(answers)) {
    await page.route("**/api/v1/sync*", answer);
    await show(page, "sync");
    await page.tap("#sync-now");
    await page.waitForFunction((words) => [...document.querySelectorAll(".strip")].some((one) => new RegExp(words).test(one.textContent)), strips[code].source);
    const told = await page.$$eval(".strip", (all) => all.map((one) => one.textContent));
    assert.deepEqual(told.filter((words) => /^No network/.test(words)).length, code === "unreachable" ? 1 : 0, told.join());
    await page.unroute("**/api/v1/sync*");
  }
  assert.deepEqual(errors, []);
  await context.close();
});

test("an update takes the newest of several versions", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  // Workers as the browser tells of them: each new version has another, and the one before is dead.
  await page.addInitScript(() => {
    const workers = new EventTarget();
    const registration = Object.assign(new EventTarget(), { waiting: null, installing: null, update: async () => {} });
    Object.assign(workers, { controller: {}, register: async () => registration });
    Object.defineProperty(Navigator.prototype, "serviceWorker", { get: () => workers });
    window.asked = [];
    window.installs = (/** @type {string} */ name) => {
      const worker = Object.assign(new EventTarget(), { state: "installed", postMessage: () => window.asked.push(name) });
      registration.installing = worker;
      registration.dispatchEvent(new Event("updatefound"));
      worker.dispatchEvent(new Event("statechange"));
    };
  });
  await signIn(page);
  // The worker is watched once the browser was tested.
  const installs = (name) => page.evaluate((one) => window.installs(one), name);
  for (const name of ["second", "third"]) {
    await installs(name);
    await page.waitForSelector(".banner button");
  }
  await page.tap(".banner button");
  assert.deepEqual(await page.evaluate(() => window.asked), ["third"]);
  assert.deepEqual(errors, []);
  await context.close();
});
