// The page of data: files in with their faults, a ledger with its questions, tables out, column maps of two officers, the audit.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, apiAs, board, goBoard, keysShown, lookAt, openBoard, settledBoard, signInBoard, skip } from "./board.js";

const held = board();

/** A file to choose. @param {string} name @param {string} text */
const file = (name, text) => ({ name, mimeType: "text/csv", buffer: Buffer.from(text) });

/** A ledger as people keep it, of one day and depot. @param {string} day @param {string} odd the name of a thing that no catalogue has */
const ledger = (day, odd) => file("台账.csv", `化工园区危险化学品救援队应急物资台账,,,,,,
序号,库点编码,物资名称,规格型号,单位,数量,盘点日期
1,T3-D1,正压式空气呼吸器,,套,12,${day}
2,T3-D1,手套,,双,30,${day}
3,T3-D1,${odd},,个,3,${day}
4,T3-D1,安全绳,,根,10余,${day}
`);

/** @param {import("playwright-core").Page} page @param {ReturnType<typeof file>} chosen */
async function check(page, chosen) {
  await page.setInputFiles("#data-files", chosen);
  await page.waitForSelector(".data-files li");
  await page.click("#data-check");
  await page.waitForSelector(".data-result h3");
}

for (const language of BOARD_LANGUAGES) {
  test(`an officer sees each fault beside its cell, mends the file, and imports it, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const code = language === "en" ? "PAGE-1" : "PAGE-2";
    const { page, context, asked, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "officer", "data");
    const head = "code,name_zh,organization,open\n";
    await check(page, file("depots.csv", `${head}${code} 1,北库,T3,maybe\n`));
    const rows = await page.$$eval(".data-result tbody tr", (all) => all.map((row) => [...row.children].slice(0, 3).map((cell) => cell.textContent)));
    assert.deepEqual(rows, [["2", "open", "maybe"], ["2", "code", `${code} 1`]]);
    assert.equal(await page.$("#data-import"), null, "a refused file is not offered for import");
    assert.deepEqual(await lookAt(page, "faults"), []);
    await check(page, file("depots.csv", `${head}${code},北库,T3,yes\n`));
    await page.waitForSelector("#data-import");
    const before = (await apiAs(held, "officer", "/depots?organization=T3&limit=500")).items.map((/** @type {any} */ one) => one.code);
    assert.ok(!before.includes(code), "a check writes nothing");
    await page.click("#data-import");
    await page.waitForSelector(".data-result .notice.good");
    assert.deepEqual(await page.$$eval(".data-result tbody td", (all) => all.map((cell) => cell.textContent)), ["1", "0", "0"]);
    const after = (await apiAs(held, "officer", "/depots?organization=T3&limit=500")).items.map((/** @type {any} */ one) => one.code);
    assert.ok(after.includes(code));
    assert.deepEqual([...asked], [new URL(held.base).origin], "no other host is asked");
    assert.deepEqual(errors.filter((one) => !/422/.test(one)), []);
    await context.close();
  });

  test(`a ledger's questions are answered on the page, and the same ledger again changes nothing, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const day = language === "en" ? "2026-10-08" : "2026-10-09";
    const odd = language === "en" ? "某某奇物" : "某某怪物";
    const { page, context, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "officer", "data");
    await check(page, ledger(day, odd));
    await page.click("#data-import");
    await page.waitForSelector(".data-ledger + * + p a.button");
    await page.click(".data-ledger + * + p a.button");
    await page.waitForSelector(".data-question");
    await settledBoard(page);
    assert.deepEqual(await lookAt(page, "questions"), []);
    assert.ok(await page.$(".data-question .data-score"), "candidates have scores");
    // None of the catalogue: kept in its words.
    const question = page.locator(".data-question", { hasText: odd });
    await question.locator("input[value=none]").check();
    await question.locator("button[type=submit]").click();
    await page.waitForSelector(`.data-settled:has-text("${odd}")`);
    // An item that is typed, with the quantity that the ledger does not say.
    const rope = page.locator(".data-question", { hasText: "10余" });
    await rope.locator("input[id$=other-value]").fill("L2010603");
    await rope.locator("input[id$=quantity-value]").fill("11");
    await rope.locator("button[type=submit]").click();
    await page.waitForSelector(".data-settled:has-text(\"11\")");
    const kept = (await apiAs(held, "officer", `/ledger-rows?organization=T3&ledger_on=${day}&limit=500`)).items;
    assert.deepEqual(kept.map((/** @type {any} */ { text, status }) => `${text.name} ${status}`).sort(), ["安全绳 counted", "手套 open", "正压式空气呼吸器 counted", `${odd} unlisted`].sort());
    // The same again changes nothing.
    await goBoard(page, "data/import");
    await check(page, ledger(day, odd));
    assert.match(await page.textContent(".data-result .notice"), language === "en" ? /Nothing to change/ : /没有需要更改/);
    assert.deepEqual(errors, []);
    await context.close();
  });

  test(`tables leave by a column map, which two officers change at once, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const name = `return-${language.toLowerCase()}`;
    const { page, context, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "officer", "data/maps");
    await page.click("#data-map-new");
    await page.fill("input[name=name]", name);
    await page.fill("input[name=title_zh]", "月报");
    await page.fill(".data-map-column [id$=-head]", "品名");
    assert.deepEqual(await lookAt(page, "maps"), []);
    await page.click(".data-map button[type=submit]");
    await page.waitForSelector(`.data-page tbody:has-text("${name}")`);
    const change = `.data-page tr:has-text("${name}") button`;
    await page.click(change);
    await page.waitForSelector(".data-map input[name=title_en]");
    // Another officer is faster.
    const other = await openBoard(held, { language });
    await signInBoard(held, other.page, "admin", "data/maps");
    await other.page.click(change);
    await other.page.fill(".data-map input[name=title_en]", "Theirs");
    await other.page.click(".data-map button[type=submit]");
    await other.page.waitForFunction(() => !document.querySelector(".data-map"));
    await other.context.close();
    await page.fill(".data-map input[name=title_en]", "Mine");
    await page.click(".data-map button[type=submit]");
    await page.waitForSelector("dialog[open]");
    assert.match(await page.textContent("dialog"), /Theirs[\s\S]*Mine/);
    await page.click("dialog .acts button:nth-child(2)");
    await page.waitForFunction(() => !document.querySelector(".data-map"));
    assert.equal((await apiAs(held, "officer", `/regions/159900/column-maps/${name}`)).title_en, "Mine");
    // An export by the map has its columns.
    await goBoard(page, "data/export");
    assert.deepEqual(await lookAt(page, "export"), []);
    await page.selectOption("select[name=profile]", name);
    await page.selectOption("select[name=format]", "csv");
    await page.fill("input[name=organization]", "T3");
    const [saved] = await Promise.all([page.waitForEvent("download"), page.click("main form button[type=submit]")]);
    const stream = await saved.createReadStream();
    let text = "";
    for await (const part of stream) text += part;
    assert.match(text, /^\uFEFF?品名\r?\n/);
    assert.deepEqual(errors.filter((one) => !/412/.test(one)), []);
    await context.close();
  });

  test(`an administrator finds who changed what, and opens it, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "admin", "data/audit");
    await page.waitForSelector(".data-page tbody tr");
    await page.fill("input[name=account]", "officer");
    await page.selectOption("select[name=action]", "import_tables");
    await page.click(".data-filters button[type=submit]");
    await page.waitForFunction(() => location.hash.includes("account=officer"));
    await settledBoard(page);
    const { items } = await apiAs(held, "admin", "/audit?account=officer&action=import_tables&fields=revision&limit=50");
    assert.deepEqual(await page.$$eval(".data-page tbody td:last-child", (all) => all.map((cell) => cell.textContent)), items.map((/** @type {any} */ { revision }) => String(revision)));
    assert.deepEqual(await lookAt(page, "audit"), []);
    await page.click(".data-page tbody th a");
    await page.waitForSelector(".data-page dl.pairs");
    assert.ok(await page.$(".data-page tbody tr"), "it opens what changed");
    assert.deepEqual(await lookAt(page, "change"), []);
    assert.deepEqual((await keysShown(page)).filter((one) => one.startsWith("data-")), []);
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("a viewer exports and reads the questions, and is offered neither import nor audit", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  await signInBoard(held, page, "viewer", "data");
  assert.deepEqual(await page.$$eval(".subpages a", (all) => all.map((link) => link.getAttribute("href"))), ["#/data/ledgers", "#/data/export", "#/data/maps"]);
  await goBoard(page, "data/import");
  assert.ok(await page.$(".notice.warn"));
  assert.equal(await page.$("#data-files"), null);
  assert.deepEqual(errors, []);
  await context.close();
});
