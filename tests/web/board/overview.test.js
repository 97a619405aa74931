// The overview: how the organizations stand, on each basis, as the API says, in both languages and all widths.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, apiAs, board, lookAt, openBoard, settledBoard, signInBoard, skip } from "./board.js";

const held = board();

for (const language of BOARD_LANGUAGES) {
  test(`the chief sees how many organizations are short, and how sure that is, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, asked, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "viewer");
    const { totals } = await apiAs(held, "viewer", "/organization-statuses?limit=1");
    const columns = await page.$$eval(".columns > *", (all) => all.map((one) => [...one.querySelectorAll(".bar-key a")].map((link) => link.textContent.replace(/\D/g, ""))));
    const wanted = ["established", "together"].map((basis) => ["short", "unknown", "met", "not_covered"].map((status) => String(totals[basis][status])));
    assert.deepEqual(columns, wanted);
    assert.match(await page.getAttribute(".bar-key a", "href"), /^#\/organizations\?status=short&basis=established$/);
    assert.match(await page.textContent("section .as-of"), language === "en" ? /Data as of .* revision/ : /数据截至.*版本/);
    assert.equal(await page.textContent(".top .as-of"), await page.textContent("section .as-of"));
    assert.deepEqual(await lookAt(page, "overview"), []);
    assert.deepEqual([...asked], [new URL(held.base).origin], "no other host is asked");
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("a session that ends in the middle asks for the password over the page, and goes on", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  await signInBoard(held, page, "officer", "account");
  await page.fill("input[name=new]", "a new password that is long");
  await page.fill("input[name=current]", held.password);
  // Another window signs the session out.
  await page.evaluate(async () => {
    const { refresh } = JSON.parse(sessionStorage.getItem("muster.board.session"));
    await fetch("/api/v1/auth/logout", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ refresh_token: refresh }) });
  });
  await page.click("main form button[type=submit]");
  await page.waitForSelector("dialog[open]");
  assert.equal(await page.inputValue("main input[name=new]"), "a new password that is long");
  await page.fill("dialog #password", held.password);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => !document.querySelector("dialog") && /** @type {HTMLInputElement} */ (document.querySelector("main input[name=new]")).value === "");
  // Back to the first password.
  await page.fill("main input[name=new]", held.password);
  await page.fill("main input[name=current]", "a new password that is long");
  await page.click("main form button[type=submit]");
  await page.waitForFunction(() => /** @type {HTMLInputElement} */ (document.querySelector("main input[name=new]")).value === "");
  assert.deepEqual(errors, []);
  await context.close();
});

test("who signs in with the keyboard alone reaches the overview, and what a role may not is not offered", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  await page.goto(`${held.base}/board`);
  await page.waitForSelector("#username");
  await page.waitForFunction(() => document.activeElement.id === "username");
  await page.keyboard.type("viewer");
  await page.keyboard.press("Tab");
  await page.keyboard.type(held.password);
  await page.keyboard.press("Enter");
  await page.waitForSelector("nav.pages:not([hidden])");
  await settledBoard(page);
  assert.equal(await page.evaluate(() => document.activeElement.tagName), "H1");
  const offered = await page.$$eval("nav.pages a", (links) => links.map((link) => link.getAttribute("href")));
  assert.ok(offered.includes("#/inbox") && !offered.includes("#/people"), offered.join());
  await page.evaluate(() => { location.hash = "#/people"; });
  await page.waitForSelector("main .notice.warn");
  assert.match(await page.textContent("main .notice.warn"), /Ask an administrator/);
  await page.click("#language-zh-CN");
  await page.waitForFunction(() => document.documentElement.lang === "zh-CN" && /系统管理员/.test(document.querySelector("main").textContent));
  await page.setViewportSize({ width: 390, height: 800 });
  await page.click(".fold");
  await page.click("nav.pages a[href='#/overview']");
  await settledBoard(page);
  assert.deepEqual(errors, []);
  await context.close();
});
