// A screen that is drawn anew while somebody uses it: nothing of the old one goes on, and what an act came to is still said.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { TEST_MS, address, depots, gone, items, launch, open, said, settled, show, signIn, skip, stored } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

test("a window that takes over on a line types into that line alone", { skip, timeout: TEST_MS }, async () => {
  const { page: first, errors, context } = await open(browser, { language: "en" });
  await signIn(first);
  const [depot] = await depots(first);
  const page = await context.newPage();
  await page.goto(`${address}/phone#/depot/${depot}`);
  await settled(page);
  const [item] = await items(page, depot);
  await show(page, `count/${depot}/${item}`);
  await page.tap(".banner.warn button");
  await gone(page, ".banner.warn button");
  await page.keyboard.type("7", { delay: 80 });
  await stored(page, "7");
  const [, second] = await items(page, depot);
  await show(page, `count/${depot}/${second}`);
  await page.keyboard.type("34", { delay: 80 });
  await stored(page, "34");
  await show(page, `count/${depot}/${item}`);
  assert.equal(await page.inputValue("#quantity"), "7");
  assert.deepEqual(errors, []);
  await context.close();
});

test("what a sync, a sign-out and a file came to is said after the screen was drawn anew", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  await show(page, "sync");
  await page.tap("#sync-now");
  await said(page, /^Done$/);

  const all = await depots(page);
  const depot = all[all.length - 1];
  const [item] = await items(page, depot);
  await context.setOffline(true);
  await show(page, `count/${depot}/${item}`);
  await page.tap('[data-key="5"]');
  await stored(page, "5");
  await show(page, `review/${depot}`);
  await page.tap("#submit");
  await page.waitForSelector(".track");
  await show(page, "leave");
  const [file] = await Promise.all([page.waitForEvent("download"), page.tap("#save-file")]);
  await said(page, /^Saved .* with 1 count/);
  const kept = JSON.parse(readFileSync(await file.path(), "utf8"));
  await page.tap("#send");
  await said(page, /cannot be reached/);

  // A count that this phone does not have changes what is unsent, so that the settings are drawn anew.
  kept.commands.forEach((command) => Object.assign(command, { id: randomUUID() }));
  await show(page, "settings");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.tap("#take-in")]);
  await chooser.setFiles({ name: file.suggestedFilename(), mimeType: "application/json", buffer: Buffer.from(JSON.stringify(kept)) });
  await said(page, /^1 count taken in/);
  // What was said is of that visit alone.
  await show(page, "sync");
  await show(page, "settings");
  assert.equal(await page.$$eval("main [role=status]", (places) => places.map((one) => one.textContent).join("")), "");
  assert.deepEqual(errors, []);
  await context.close();
});

test("Back closes a dialog and does nothing else, and an address that names nothing shows the depots", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [, depot] = await depots(page);
  const [item] = await items(page, depot);
  await show(page, `count/${depot}/${item}`);
  await page.tap('[data-key="3"]');
  await stored(page, "3");
  await show(page, `review/${depot}`);
  const hash = () => page.evaluate(() => location.hash);
  const opens = async () => {
    await page.tap("#discard");
    await page.waitForSelector("[role=dialog]");
  };
  for (const close of [() => page.goBack(), () => page.keyboard.press("Escape"), () => page.tap("[role=dialog] .acts button:last-child")]) {
    await opens();
    await close();
    await gone(page, "[role=dialog]");
    assert.equal(await hash(), `#/review/${depot}`);
    assert.equal(await page.$$eval("body > [aria-hidden=true]", (all) => all.length), 0);
  }
  // Each took its step with it: Back leads to the screen before.
  await page.goBack();
  await page.waitForSelector("#quantity");
  await show(page, `review/${depot}`);
  await opens();
  await show(page, "settings");
  assert.equal(await page.$$eval("[role=dialog], body > [aria-hidden=true]", (all) => all.length), 0);
  await show(page, `review/${depot}`);
  await opens();
  await page.tap("[role=dialog] .danger");
  await page.waitForFunction((wanted) => location.hash === wanted, `#/depot/${depot}`);
  await settled(page);
  for (const name of ["constructor", "toString", "__proto__", "nothing"]) {
    await page.evaluate((hash) => { location.hash = hash; }, `#/${name}`);
    await page.waitForFunction((hash) => location.hash === hash && document.querySelector(".depot"), `#/${name}`);
    await show(page, "settings");
  }
  assert.deepEqual(errors, []);
  await context.close();
});

test("a choice of a file that came to nothing leaves nothing behind", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  await show(page, "settings");
  const chooses = () => Promise.all([page.waitForEvent("filechooser"), page.tap("#take-in")]);
  const inputs = () => page.$$eval("input[type=file]", (all) => all.length);
  // A browser that does not say that nothing was chosen, and one that does.
  for (let turn = 0; turn < 2; turn++) await chooses();
  assert.equal(await inputs(), 1);
  await page.dispatchEvent("input[type=file]", "cancel");
  assert.equal(await inputs(), 0);
  assert.deepEqual(errors, []);
  await context.close();
});
