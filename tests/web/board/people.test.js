// People: accounts, cards and labels on paper, devices, contacts and programs, as an officer and an administrator work with them.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { writeFileSync } from "node:fs";
import { test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, apiAs, board, goBoard, keysShown, lookAt, openBoard, settledBoard, signInBoard, skip } from "./board.js";

const held = board();

/** A request of somebody, with its answer. @param {string | null} username @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [more] */
async function as(username, method, path, body, more = {}) {
  /** @type {Record<string, string>} */
  const headers = { "Content-Type": "application/json", ...more };
  if (username) {
    const signedIn = await (await fetch(`${held.base}/api/v1/auth/login`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username, password: held.password }) })).json();
    headers.Authorization = `Bearer ${signedIn.access_token}`;
  }
  const answer = await fetch(`${held.base}/api/v1${path}`, { method, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
  return { status: answer.status, etag: answer.headers.get("etag"), json: await answer.json() };
}

/** Prints what is shown, as A4; the number of its pages. @param {import("playwright-core").Page} page @param {string} name */
async function printed(page, name) {
  const pdf = await page.pdf({ preferCSSPageSize: true });
  if (process.env.MUSTER_PDF) writeFileSync(`${process.env.MUSTER_PDF}/${name}.pdf`, pdf);
  const text = pdf.toString("latin1");
  assert.match(text, /\/MediaBox \[0 0 59\d\.?\d* 84[12]\.?\d*\]/, "A4");
  return (text.match(/\/Type\s*\/Page\b/g) || []).length;
}

/** @param {import("playwright-core").Page} page @param {string} words */
const cell = (page, words) => page.locator("main tbody tr", { hasText: words });

for (const language of BOARD_LANGUAGES) {
  test(`an officer gives every organization a card, on paper, and revokes them, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const code = `NEW-${language.slice(0, 2).toUpperCase()}`;
    const made = await as("admin", "PUT", `/organizations/${code}`, { name_zh: "新单位", name_en: "New brigade", kind: "rescue_team", region: "159900" });
    assert.ok(made.status < 300, JSON.stringify(made.json));
    const wanted = (await apiAs(held, "officer", "/organizations?limit=500")).items.filter((/** @type {any} */ one) => one.active).length;
    const { page, context, asked, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "officer", "people/cards");
    await page.click("main form button[type=submit]");
    assert.ok(await page.isVisible("main .fault"), "nothing is made for nobody");
    // Those without an account: the new one alone.
    await page.selectOption("#cards-filter", "account");
    assert.equal(await page.locator("main section:first-of-type tbody tr").count(), 1);
    await page.selectOption("#cards-filter", "all");
    await page.click("#cards-all");
    assert.match(await page.textContent("#cards-chosen"), new RegExp(`\\b${wanted}\\b`));
    assert.deepEqual(await lookAt(page, "cards"), []);
    assert.deepEqual(await keysShown(page).then((keys) => keys.filter((key) => key.startsWith("people-"))), []);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.click("main form button[type=submit]");
    await page.waitForSelector(".id-card");
    const codes = await page.$$eval(".card-digits", (all) => all.map((one) => one.textContent));
    assert.equal(new Set(codes).size, wanted, "a card for each");
    assert.ok(codes.every((one) => /^[0-9A-Z]{5}-[0-9A-Z]{5}$/.test(one)), codes[0]);
    assert.match(await page.textContent(".id-card .card-until"), /20\d\d-\d\d-\d\d \d\d:\d\d/);
    const cut = await page.$$eval(".id-card p, .card-words", (all) => all.filter((one) => one.scrollHeight > one.clientHeight + 2 || one.scrollWidth > one.clientWidth + 2).map((one) => `${one.className} ${one.textContent}`));
    assert.deepEqual(cut, [], "nothing on a card is cut off");
    assert.equal(await printed(page, `cards-${language}`), Math.ceil(wanted / 10), "ten on a page");
    assert.deepEqual(await lookAt(page, "the sheet"), []);
    // A phone signs in by the code that is typed.
    const phone = await as(null, "POST", "/auth/enrol", { code: codes[0], device_name: `Phone ${language}` });
    assert.equal(phone.status, 200, JSON.stringify(phone.json));
    // The cards stay in this window.
    await goBoard(page, "people/cards");
    await page.click(".people-batches a");
    await page.waitForSelector(".id-card");
    assert.equal(await page.locator(".id-card").count(), wanted);
    await goBoard(page, "people/cards");
    await page.click("#codes-revoke-all");
    await page.click("dialog .danger");
    await page.waitForSelector("#codes-revoke-all", { state: "detached" });
    const refused = await as(null, "POST", "/auth/enrol", { code: codes[1], device_name: "Late" });
    assert.equal(refused.status, 401, JSON.stringify(refused.json));
    assert.equal((await apiAs(held, "officer", "/enrolments")).items.length, 0);
    // After a reload nobody has the codes any more, and the page says what to do.
    await page.reload();
    await goBoard(page, "people/cards/print?batch=1");
    await page.waitForSelector("main .notice.warn a");
    assert.deepEqual([...asked], [new URL(held.base).origin]);
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("an account is added by the keyboard, changed by two at once, given a new password, closed and opened", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  await signInBoard(held, page, "officer", "people/accounts/new");
  await page.focus("input[name=username]");
  await page.keyboard.type("keeper-9");
  await page.keyboard.press("Tab");
  await page.keyboard.type("Second keeper of T3");
  assert.deepEqual(await page.$$eval("select[name=role] option", (all) => all.map((one) => one.getAttribute("value"))), ["quartermaster"], "an officer gives no other role");
  await page.fill("input[name=organization]", "no such");
  await page.keyboard.press("Enter");
  await page.waitForSelector("main [aria-invalid=true]");
  assert.equal(await page.inputValue("input[name=username]"), "keeper-9", "what was typed stays");
  // The session ends in the middle; the password is asked over the page, and the account is made.
  await page.fill("input[name=organization]", "T3");
  await page.evaluate(async () => {
    const { refresh } = JSON.parse(sessionStorage.getItem("muster.board.session"));
    await fetch("/api/v1/auth/logout", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ refresh_token: refresh }) });
  });
  await page.click("main form button[type=submit]");
  await page.waitForSelector("dialog[open] #password");
  await page.fill("dialog #password", held.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector(".id-card");
  assert.match(await page.textContent(".id-card"), /keeper-9/);

  const { items: [account] } = await apiAs(held, "officer", "/accounts?q=keeper-9");
  assert.equal(account.organization.code, "T3");
  await goBoard(page, `people/accounts/${account.id}`);
  assert.deepEqual(await lookAt(page, "an account"), []);
  const { etag } = await as("admin", "GET", `/accounts/${account.id}`);
  const theirs = await as("admin", "PUT", `/accounts/${account.id}`, { username: "keeper-9", display_name: "Name by the other", role: "quartermaster", organization: "T3" }, { "If-Match": etag });
  assert.equal(theirs.status, 200);
  await page.fill("input[name=display_name]", "Name by me");
  await page.click("main form button[type=submit]");
  await page.waitForSelector("dialog table");
  assert.match(await page.textContent("dialog table"), /Name by the other.*Name by me/s);
  await page.click("dialog .button:nth-of-type(2)");
  await page.waitForFunction(() => /Name by me/.test(document.querySelector("h1").textContent));
  assert.equal((await apiAs(held, "officer", `/accounts/${account.id}`)).display_name, "Name by me");

  await page.getByRole("button", { name: "Reset the password" }).click();
  await page.click("dialog .danger");
  await page.waitForSelector(".id-card");
  await goBoard(page, `people/accounts/${account.id}`);
  await page.getByRole("button", { name: "Close the account" }).click();
  await page.fill("dialog input[name=reason]", "left");
  await page.keyboard.press("Enter");
  await page.waitForSelector("main .notice.warn");
  await settledBoard(page);
  await page.getByRole("button", { name: "Open the account again" }).click();
  await page.waitForFunction(() => !document.querySelector("main .notice.warn"));
  await goBoard(page, "people/accounts");
  await page.fill("main input[type=search]", "keeper-9");
  assert.equal(await page.locator("main tbody tr").count(), 1);
  assert.deepEqual(await lookAt(page, "accounts"), []);
  assert.deepEqual(errors, []);
  await context.close();
});

test("labels of a depot are printed with the numbers that phones know", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "zh-CN" });
  await signInBoard(held, page, "officer", "people/labels");
  await page.fill("main input[type=search]", "T3-D1");
  await page.click("#labels-all");
  assert.deepEqual(await lookAt(page, "labels"), []);
  await page.click("main form button[type=submit]");
  await page.waitForSelector(".shelf");
  const lines = await page.$$eval(".shelf.is-line", (all) => all.map((one) => one.textContent));
  const { json } = await as("officer", "GET", "/sync");
  const label = json.changes.find((/** @type {any} */ one) => one.type === "item" && one.key === "L2010101").data.label;
  assert.ok(lines.some((one) => one.includes("L2010101") && one.includes(String(label).padStart(4, "0"))), "the number of an item");
  assert.equal(await page.locator(".shelf.is-depot").count(), 1);
  assert.deepEqual(await lookAt(page, "the sheet of labels"), []);
  assert.equal(await printed(page, "labels"), Math.ceil((await page.locator(".shelf").count()) / 24), "twenty-four on a page");
  assert.deepEqual(errors, []);
  await context.close();
});

test("keepers are entered, changed by two at once, and erased; a lost phone is withdrawn", { skip, timeout: TEST_MS }, async () => {
  const { json: signedIn } = await as(null, "POST", "/auth/login", { username: "t3", password: held.password, device_name: "Lost phone" });
  const { page, context, errors } = await openBoard(held, { language: "zh-CN" });
  await signInBoard(held, page, "officer", "people/contacts");
  await page.fill("main input[type=search]", "T3-D1");
  assert.deepEqual(await lookAt(page, "contacts"), []);
  await page.click("main tbody a");
  await page.waitForSelector(".people-roles");
  await settledBoard(page);
  const depot = page.locator("section", { hasText: "T3-D1" });
  await depot.getByRole("button", { name: "登记: 第二保管人" }).click();
  await page.fill("dialog input[name=name]", "巴特尔");
  await page.fill("dialog input[name=phone]", "0477-123 4567");
  await page.keyboard.press("Enter");
  await depot.locator("a[href='tel:04771234567']").waitFor();
  await depot.getByRole("button", { name: "更改: 第二保管人" }).click();
  await page.waitForSelector("dialog input[name=phone]");
  const path = "/depots/T3-D1/contacts/second_keeper";
  const { etag } = await as("admin", "GET", path);
  assert.equal((await as("admin", "PUT", path, { name: "巴特尔", phone: "111111" }, { "If-Match": etag })).status, 200);
  await page.fill("dialog input[name=phone]", "222222");
  await page.keyboard.press("Enter");
  await page.waitForSelector("dialog table");
  assert.match(await page.textContent("dialog table"), /111111.*222222/s);
  await page.locator("dialog table").locator("xpath=ancestor::dialog").locator(".acts .button").nth(1).click();
  await depot.locator("a[href='tel:222222']").waitFor();
  assert.deepEqual(await lookAt(page, "contacts of one"), []);
  await depot.getByRole("button", { name: "删除: 第二保管人" }).click();
  await page.click("dialog .danger");
  await depot.getByRole("button", { name: "登记: 第二保管人" }).waitFor();

  await goBoard(page, "people/devices");
  assert.deepEqual(await lookAt(page, "devices"), []);
  await page.fill("main input[type=search]", "Lost phone");
  await cell(page, "Lost phone").getByRole("button").click();
  await page.fill("dialog input[name=reason]", "丢失");
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !/Lost phone/.test(document.querySelector("main").textContent));
  assert.equal((await fetch(`${held.base}/api/v1/me`, { headers: { Authorization: `Bearer ${signedIn.access_token}` } })).status, 401);
  assert.deepEqual(errors, []);
  await context.close();
});

test("an administrator makes a program, sees its secret once, renews it and closes it; an officer is told whom to ask", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  await signInBoard(held, page, "admin", "people/clients/new");
  const name = `Stock ${randomUUID().slice(0, 8)}`;
  await page.fill("main input[name=name]", name);
  await page.check("main input[name='stock:read']");
  assert.deepEqual(await lookAt(page, "a new program"), []);
  await page.click("main form button[type=submit]");
  await page.waitForSelector("#client-secret");
  assert.deepEqual(await lookAt(page, "a secret"), []);
  const [id, secret] = [await page.inputValue("#client-id"), await page.inputValue("#client-secret")];
  const token = async (/** @type {string} */ given) => (await fetch(`${held.base}/api/v1/oauth/token`, { method: "POST", body: new URLSearchParams({ grant_type: "client_credentials", client_id: id, client_secret: given }) })).status;
  assert.equal(await token(secret), 200);
  await page.click("dialog .primary");
  await page.waitForSelector("main tbody tr");
  await settledBoard(page);
  assert.ok(!(await page.content()).includes(secret), "it is shown once");
  assert.deepEqual(await lookAt(page, "programs"), []);
  await cell(page, name).getByRole("button").first().click();
  await page.click("dialog .danger");
  await page.waitForSelector("#client-secret");
  const renewed = await page.inputValue("#client-secret");
  assert.notEqual(renewed, secret);
  assert.equal(await token(secret), 401);
  assert.equal(await token(renewed), 200);
  await page.click("dialog .primary");
  await settledBoard(page);
  await cell(page, name).getByRole("button").last().click();
  await page.fill("dialog input[name=reason]", "replaced");
  await page.keyboard.press("Enter");
  await page.waitForFunction((gone) => !document.querySelector("main").textContent.includes(gone), name);
  assert.equal(await token(renewed), 401);
  assert.deepEqual(errors, []);
  await context.close();

  const officer = await openBoard(held, { language: "zh-CN" });
  await signInBoard(held, officer.page, "officer", "people");
  assert.equal(await officer.page.locator(".subpages a[href='#/people/clients']").count(), 0);
  await goBoard(officer.page, "people/clients");
  assert.match(await officer.page.textContent("main .notice.warn"), /系统管理员/);
  await officer.context.close();
});

test("one press gives one code, and a dialog ends with its page", { skip, timeout: TEST_MS }, async () => {
  const { page, context } = await openBoard(held, { language: "en" });
  const { items } = await apiAs(held, "officer", "/accounts?role=quartermaster&open=true&limit=1");
  await signInBoard(held, page, "officer", "people/accounts");
  await goBoard(page, `people/accounts/${items[0].id}`);
  const code = page.getByRole("button", { name: "Give out a code" });
  let given = 0;
  page.on("request", (request) => { given += Number(request.method() === "POST" && request.url().endsWith("/enrolments")); });
  await page.getByRole("button", { name: "Close the account" }).click();
  await page.waitForSelector("dialog[open]");
  await page.goBack();
  await page.waitForFunction(() => location.hash === "#/people/accounts" && !document.querySelector("dialog"));
  await page.goForward();
  await code.waitFor();
  await code.evaluate((/** @type {HTMLElement} */ button) => { button.click(); button.click(); });
  await page.waitForSelector(".id-card");
  assert.equal(given, 1);
  await context.close();
});
