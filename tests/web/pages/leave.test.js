// Signing out is refused while something is only on this phone; each of the offers brings it to safety.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { after, before, test } from "node:test";
import { TEST_MS, ask, depots, has, items, launch, open, said, settled, show, signIn, skip, submits, unsent } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

const USERNAME = process.env.MUSTER_USERNAME || "t3";

/** Lets nothing of a sync through but what follows a press. @param {import("playwright-core").Page} page @param {string} button */
async function onlyAfter(page, button) {
  await page.evaluate((selector) => {
    window.isPressed = false;
    document.addEventListener("click", (event) => { if (event.target instanceof Element && event.target.closest(selector)) window.isPressed = true; }, true);
  }, button);
  await page.route("**/api/v1/sync*", async (route) => ((await page.evaluate(() => window.isPressed)) ? route.continue() : route.abort()));
}

/** Saves what is unsent. @param {import("playwright-core").Page} page */
async function savedFile(page) {
  await show(page, "leave");
  const [file] = await Promise.all([page.waitForEvent("download"), page.tap("#save-file")]);
  await said(page, /^Saved .* with 1 count/);
  return { name: file.suggestedFilename(), mimeType: "application/json", buffer: readFileSync(await file.path()) };
}

/** Takes a file in. @param {import("playwright-core").Page} page @param {{name: string, mimeType: string, buffer: Buffer}} file */
async function takeIn(page, file) {
  await show(page, "settings");
  const [chooser] = await Promise.all([page.waitForEvent("filechooser"), page.tap("#take-in")]);
  await chooser.setFiles(file);
}

test("a count that is unsent holds back a sign-out, until it is sent by a press", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  await onlyAfter(page, "#send");
  const id = await submits(page, depot, item, "5");
  await unsent(page, 1);
  const { name, buffer } = await savedFile(page);
  assert.match(name, /^muster-.*\.json$/);
  assert.deepEqual(JSON.parse(buffer.toString()).commands.map((command) => command.id), [id]);
  // A file is a way out for the person, not for the page: the count is still only here.
  assert.deepEqual([await has(page, "#leave"), await has(page, "#send")], [false, true]);
  await page.tap("#send");
  await page.waitForSelector("#leave");
  await said(page, /^Synced/);
  await unsent(page, 0);
  assert.equal((await ask(USERNAME, "GET", `/counts/${id}`)).id, id);
  await page.tap("#leave");
  await page.waitForSelector('main a[href="#/code"]');
  // Nobody sees or counts anything as a person who signed out: the page asks for the password.
  for (const path of ["depots", `depot/${depot}`, `count/${depot}/${item}`, "records", "settings"]) {
    await show(page, path);
    await page.reload();
    await page.waitForSelector('main a[href="#/code"]');
    assert.deepEqual([await has(page, "nav.tabs:not([hidden])"), await has(page, ".depot, a.line, #quantity")], [false, false], path);
  }
  await page.tap("main button.line");
  await page.waitForSelector("#password");
  assert.equal(await page.inputValue("#username"), USERNAME);
  await page.fill("#password", process.env.MUSTER_PASSWORD || "");
  await page.click("button[type=submit]");
  await page.waitForSelector("nav.tabs:not([hidden])");
  assert.deepEqual(errors, []);
  await context.close();
});

test("a count that is unsent when the session has ended is deposited by a press", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en" });
  await signIn(page, USERNAME, "a phone that is lost");
  const [, depot] = await depots(page);
  const [item] = await items(page, depot);
  const device = (await ask("admin", "GET", "/devices?limit=500")).items.find((one) => one.name === "a phone that is lost");
  await ask("admin", "POST", `/devices/${device.id}/withdraw`, { reason: "lost" });
  await show(page, "sync");
  await page.tap("#sync-now");
  await page.waitForSelector('.banner a[href="#/signin"]');
  await onlyAfter(page, "#send");
  const id = await submits(page, depot, item, "6");
  await page.waitForFunction(() => /sent after you sign in again/.test(document.querySelector(".track").textContent));
  await show(page, "leave");
  await unsent(page, 1);
  assert.equal(await has(page, "#leave"), false);
  await page.tap("#send");
  await page.waitForSelector("#leave");
  await said(page, /^Deposited/);
  await unsent(page, 0);
  const kept = await ask("officer", "GET", "/quarantine?limit=500");
  assert.deepEqual(kept.items.filter((entry) => entry.command_id === id).map((entry) => [entry.status, entry.deposited]), [["waiting", true]]);
  await page.tap("#leave");
  await page.waitForSelector('main a[href="#/code"], main a[href="#/signin"]');
  assert.deepEqual(errors, []);
  await context.close();
});

test("a file saved on one phone is taken in on another, and counts once", { skip, timeout: TEST_MS }, async () => {
  const one = await open(browser, { language: "en" });
  await signIn(one.page);
  const [, , depot] = await depots(one.page);
  const [item] = await items(one.page, depot);
  await one.context.setOffline(true);
  const id = await submits(one.page, depot, item, "7");
  const file = await savedFile(one.page);

  const other = await open(browser, { language: "en" });
  await signIn(other.page, process.env.MUSTER_OTHER || "t2");
  await takeIn(other.page, file);
  await said(other.page, new RegExp(`another account, ${USERNAME}:`));
  await unsent(other.page, 0);
  await signIn(other.page);
  await onlyAfter(other.page, "#sync-now");
  await takeIn(other.page, file);
  await said(other.page, /^1 count taken in/);
  await unsent(other.page, 1);
  await takeIn(other.page, file);
  await said(other.page, /^0 counts taken in/);
  await show(other.page, "sync");
  await other.page.tap("#sync-now");
  await unsent(other.page, 0);
  await show(other.page, `sent/${id}`);
  await other.page.waitForFunction(() => document.querySelectorAll(".track .reached").length > 1);
  const counted = await ask(USERNAME, "GET", `/counts/${id}`);
  assert.deepEqual(counted.lines.map((line) => [line.item, line.quantity]), [[item, 7]]);

  await one.context.setOffline(false);
  await show(one.page, "sync");
  await one.page.tap("#sync-now");
  await unsent(one.page, 0);
  await show(one.page, `sent/${id}`);
  await settled(one.page);
  await one.page.waitForFunction(() => document.querySelectorAll(".track .reached").length > 1);
  assert.deepEqual([...one.errors, ...other.errors], []);
  await one.context.close();
  await other.context.close();
});
