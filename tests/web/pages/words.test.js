// What the page says where something is wrong: an address that cannot be read, no network, a clock that is wrong, another person's
// counts on this phone, and a phone that keeps nothing.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, address, depots, has, items, launch, open, said, settled, show, signIn, skip, submits, unsent } from "./browser.js";
import { CLOCK } from "./clock.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

const DAY_MS = 86400000;

test("an address that cannot be read is answered like one that is not known", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await page.goto(`${address}/enrol#code=%E0%A4%A`);
  await settled(page);
  assert.equal(await page.inputValue("#code"), "");
  await signIn(page);
  const heading = () => page.textContent("main h1");
  await show(page, "depot/NOWHERE");
  const unknown = await heading();
  for (const path of ["depot/%E0%A4%A", "count/%E0%A4%A/%", "review/%", "labels/%E0%A4%A"]) {
    await page.goto("about:blank");
    await page.goto(`${address}/phone#/${path}`);
    await settled(page);
    assert.equal(await heading(), unknown, path);
    assert.equal(await has(page, "main.failed"), false, path);
  }
  await show(page, "record/%E0%A4%A");
  assert.equal(await has(page, "main.failed"), false);
  assert.deepEqual(errors, []);
  await context.close();
});

test("enrolling without a network speaks of the network", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await page.goto(`${address}/enrol#code=7ZK3M0QX9D`);
  await settled(page);
  await context.setOffline(true);
  await page.tap("button[type=submit]");
  await page.waitForSelector("form .notice.bad");
  const words = await page.textContent("form .notice.bad");
  assert.match(words, /network/);
  assert.doesNotMatch(words, /TypeError|fetch/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a clock that is wrong by a year is told where days are shown", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await context.addInitScript(CLOCK);
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  const id = await submits(page, depot, item, "4");
  await unsent(page, 0);
  const told = async () => /This phone's clock is (\d+) days (fast|slow)/.exec(await page.textContent("main"));
  for (const [ahead, words] of /** @type {[number, string | null][]} */ ([[0, null], [365, "fast"], [-365, "slow"]])) {
    await page.evaluate((ms) => localStorage.setItem("test.ahead", String(ms)), ahead * DAY_MS);
    await show(page, "sync");
    await page.tap("#sync-now");
    await said(page, /^Done$/);
    for (const path of ["depots", "shortages", "expiring", `sent/${id}`]) {
      await show(page, path);
      const found = await told();
      assert.deepEqual(found && [Number(found[1]), found[2]], words && [365, words], path);
    }
  }
  assert.deepEqual(errors, []);
  await context.close();
});

test("the counts of another person that are only on this phone are told", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  await page.route("**/api/v1/sync*", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  await submits(page, depot, item, "8");
  await unsent(page, 1);
  await signIn(page, process.env.MUSTER_OTHER || "t2");
  await unsent(page, 0);
  assert.match(await page.getAttribute(".unsent", "aria-label"), /1 count of another person/);
  await show(page, "settings");
  const rows = await page.$$eval("button.line[aria-pressed]", (all) => all.map((one) => [one.getAttribute("aria-pressed"), one.textContent]));
  const others = rows.filter(([pressed]) => pressed === "false");
  assert.equal(others.length, 1);
  assert.match(others[0][1], /1 unsent/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a phone that keeps nothing says of a number that the service has it only once it has", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await context.addInitScript(() => Object.defineProperty(window, "indexedDB", { value: undefined }));
  let isHeld = false;
  const held = [];
  await page.route("**/api/v1/count-drafts/*", (route) => {
    if (route.request().method() === "PUT" && isHeld) held.push(route);
    else route.continue();
  });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  const says = (number, words) => page.waitForFunction(([text, wanted]) => {
    const mark = document.querySelector(".stored:not([hidden])");
    return mark && mark.textContent === wanted && /** @type {HTMLInputElement} */ (document.querySelector("#quantity")).value === text;
  }, [number, words]);
  await show(page, `count/${depot}/${item}`);
  await page.tap('[data-key="1"]');
  await says("1", "On the server");
  isHeld = true;
  await page.tap('[data-key="2"]');
  await says("12", "Being sent");
  while (!held.length) await page.waitForTimeout(50);
  // A key that is typed while the one before is on its way.
  await page.tap('[data-key="3"]');
  await says("123", "Being sent");
  await held.shift().continue();
  while (!held.length) await page.waitForTimeout(50);
  await says("123", "Being sent");
  isHeld = false;
  await held.shift().continue();
  await says("123", "On the server");
  assert.deepEqual(errors, []);
  await context.close();
});
