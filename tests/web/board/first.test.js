// The first hour: an empty service leads its first administrator from the code of the console to the first count, and a demo offers
// its accounts. No step needs a shell.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { after, before, test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, board, lookAt, openBoard, settledBoard, skip } from "./board.js";
import { EmptyService } from "./empty.js";

const held = board();
const empty = new EmptyService();
const PASSWORD = "at least twelve letters";
const PHONE_PASSWORD = "a pass phrase for one";

before(async () => {
  if (!skip) await empty.start();
});
after(() => empty.end());

/** A request to the empty service. @param {string} method @param {string} path @param {any} body @param {string} [token] @returns {Promise<any>} */
async function call(method, path, body, token) {
  const headers = { "Content-Type": "application/json", ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  const answer = await fetch(`${empty.base}/api/v1${path}`, { method, headers, body: body && JSON.stringify(body) });
  const json = await answer.json();
  if (!answer.ok) throw new Error(`${method} ${path}: ${JSON.stringify(json)}`);
  return json;
}

/** @param {string} username @param {string} password @returns {Promise<string>} */
const tokenOf = async (username, password) => (await call("POST", "/auth/login", { username, password })).access_token;

/** Waits until a step is in a state. @param {import("playwright-core").Page} page @param {string} key @param {string} state */
const isStep = (page, key, state) => page.waitForSelector(`#step-${key}[data-state=${state}]`);

test("the code of the console makes the first account, and the steps lead to the first count", { skip, timeout: TEST_MS }, async () => {
  const { page, context, asked, errors } = await openBoard({ ...held, base: empty.base }, { language: "zh-CN" });
  await page.goto(`${empty.base}/board`);
  await page.waitForSelector("main form input[name=code]");
  assert.deepEqual(await lookAt(page, "setup"), []);
  await page.setViewportSize({ width: 1280, height: 900 });
  // With the keyboard alone; the first code is mistyped, and what else was typed stays.
  await page.waitForFunction(() => document.activeElement.getAttribute("name") === "code");
  for (const text of ["0000-0000", "李伟", "Chief", PASSWORD, "150825", "某旗"]) {
    await page.keyboard.type(text);
    await page.keyboard.press("Tab");
  }
  await page.keyboard.press("Enter");
  await page.waitForSelector("input[name=code][aria-invalid=true]");
  assert.match(await page.textContent("main form .fault:not([hidden])"), /设置码/);
  assert.equal(await page.inputValue("input[name=password]"), PASSWORD);
  await page.waitForFunction(() => document.activeElement.getAttribute("name") === "code");
  await page.keyboard.press("Control+A");
  await page.keyboard.type(empty.code.toLowerCase());
  await page.keyboard.press("Enter");
  await isStep(page, "supply", "next");
  assert.equal(new URL(page.url()).hash, "#/start");
  assert.deepEqual(await lookAt(page, "start"), []);
  await page.setViewportSize({ width: 1280, height: 900 });

  // What Muster brings along.
  await page.click("#supply");
  await isStep(page, "places", "next");
  const admin = await tokenOf("chief", PASSWORD);
  const standards = await call("GET", "/standards?limit=500&fields=code", undefined, admin);
  assert.equal(standards.items.length, 37);

  // The template, and one organization by hand: what is refused is said at its field, and what was typed is asked for before it is left.
  const [download] = await Promise.all([page.waitForEvent("download"), page.click("#template")]);
  assert.match(download.suggestedFilename(), /\.xlsx$/);
  await page.click("#by-hand");
  await page.waitForSelector(".start form");
  for (const [name, text] of [["code", "E1"], ["name", "某化工厂"], ["depot", "E 1"], ["depot_name", "一号库"]]) await page.fill(`.start form [name=${name}]`, text);
  await page.selectOption(".start form [name=sector]", "hazchem");
  await page.evaluate(() => { location.hash = "#/overview"; });
  await page.waitForSelector("dialog[open]");
  await page.keyboard.press("Escape");
  await page.waitForFunction(() => !document.querySelector("dialog"));
  await page.fill(".start form [name=depot]", "E1-D1");
  await page.click(".start form button[type=submit]");
  await isStep(page, "adopt", "next");

  // Standards that fit: adopted, said at once, and known to the service.
  await page.waitForSelector("[data-adopt='SC708-2019']");
  assert.deepEqual(await lookAt(page, "adopting"), []);
  await page.setViewportSize({ width: 1280, height: 900 });
  assert.equal(await page.$("[data-adopt='GBT29315-2022']"), null, "a standard of schools binds no chemical plant");
  await page.click("[data-adopt='SC708-2019']");
  await page.click("#onward");
  await isStep(page, "people", "next");
  const adopted = await call("GET", "/adoptions", undefined, admin);
  assert.deepEqual(adopted.items.map((one) => [one.standard.code, one.strength]), [["SC708-2019", "mandatory"]]);

  // The account of a quartermaster, as the page of people makes one; then the first count is seen to arrive.
  await call("PUT", `/accounts/${randomUUID()}`, { username: "e1", display_name: "Storekeeper", role: "quartermaster", organization: "E1", password: PHONE_PASSWORD }, admin);
  await page.click(".top .again");
  await isStep(page, "count", "next");
  await page.waitForSelector(".waiting:not(:empty)");
  const phone = await tokenOf("e1", PHONE_PASSWORD);
  const depot = await call("GET", "/depots/E1-D1", undefined, phone);
  await call("PUT", `/counts/${randomUUID()}`, { depot_id: depot.id, scope: "listed", counted_at: new Date().toISOString(), lines: [{ item: "L2010101", quantity: 1 }] }, phone);
  await isStep(page, "count", "done");
  assert.match(await page.textContent("#step-count"), /一号库.*Storekeeper.*某化工厂/);
  await page.waitForSelector("main .notice.good");
  assert.deepEqual([...asked], [new URL(empty.base).origin], "no other host is asked");
  assert.deepEqual(errors, []);
  await context.close();
});

test("the steps are told in English, and an officer who signs in later finds them done", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard({ ...held, base: empty.base }, { language: "en" });
  await page.goto(`${empty.base}/board#/start`);
  await page.fill("#username", "chief");
  await page.fill("#password", PASSWORD);
  await page.click("button[type=submit]");
  await isStep(page, "count", "done");
  assert.match(await page.textContent("main .notice.good"), /All steps are done/);
  await page.click("#step-adopt summary");
  await settledBoard(page);
  await page.waitForSelector("#step-adopt table");
  assert.deepEqual(await lookAt(page, "start, done"), []);
  assert.deepEqual(errors, []);
  await context.close();
});

for (const language of BOARD_LANGUAGES) {
  test(`a demo offers its accounts, and a press shows a filled board, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, errors } = await openBoard(held, { language });
    await page.goto(`${held.base}/board`);
    await page.waitForSelector("#demo-viewer");
    assert.equal((await page.$$(".tryout li")).length, 4);
    assert.deepEqual(await lookAt(page, "sign-in of a demo"), []);
    await page.click("#demo-viewer");
    await page.waitForSelector("nav.pages:not([hidden])");
    await settledBoard(page);
    await page.waitForSelector("main .bar-key a");
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("on another machine than the demo's, its accounts ask for the password that it printed", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  // A proxy between them, which is no proxy of the demo's.
  await context.setExtraHTTPHeaders({ "X-Forwarded-For": "192.0.2.1" });
  await page.goto(`${held.base}/board`);
  await page.click("#demo-officer");
  await page.waitForFunction(() => document.activeElement.id === "password");
  assert.equal(await page.inputValue("#username"), "officer");
  await page.keyboard.type(held.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("nav.pages:not([hidden])");
  assert.deepEqual(errors, []);
  await context.close();
});
