// The overview: how the organizations stand, on each basis, as the API says, in both languages and all widths.

import assert from "node:assert/strict";
import { test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, apiAs, board, goBoard, keysShown, lookAt, openBoard, settledBoard, signInBoard, skip } from "./board.js";

const held = board();

for (const language of BOARD_LANGUAGES) {
  test(`the chief sees how many organizations are short, and how sure that is, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, asked, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "viewer");
    const { totals } = await apiAs(held, "viewer", "/organization-statuses?limit=1");
    const columns = await page.$$eval(".overview-headline .columns > .stack-8", (all) => all.map((one) => [...one.querySelectorAll(".bar-key a")].map((link) => link.textContent.replace(/\D/g, ""))));
    const wanted = ["established", "together"].map((basis) => ["short", "unknown", "met", "not_covered"].map((status) => String(totals[basis][status])));
    assert.deepEqual(columns, wanted);
    assert.match(await page.getAttribute(".bar-key a", "href"), /^#\/organizations\?status=short&basis=established$/);
    assert.match(await page.textContent("section .as-of"), language === "en" ? /Data as of .* revision/ : /数据截至.*修订号/);
    assert.equal(await page.textContent(".top .as-of"), await page.textContent("section .as-of"));
    await page.waitForSelector(".overview-trend .as-of");
    assert.equal(await page.$$eval(".overview-headline .week-change", (all) => all.length), 2);
    assert.equal(await page.$$eval(".overview .notice.bad", (all) => all.length), 0);
    assert.deepEqual((await keysShown(page)).filter((word) => /^(overview|chart|table|line-status|org-status|value|download)-/.test(word)), []);
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

test("each figure leads to what it counts, and the page asks little", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  /** @type {string[]} */
  const asked = [];
  page.on("request", (request) => request.url().includes("/api/v1/") && !request.url().includes("/auth/") && asked.push(request.url()));
  await signInBoard(held, page, "officer");
  await page.waitForSelector(".overview-trend .as-of");
  assert.ok(asked.length <= 30, `${asked.length} requests`);
  // A number of lines of a sector, and the list behind it.
  const figure = await page.$(".overview-sectors a.signed[href*='sector=hazchem'][href*='basis=indicative'][href*='status=short']");
  const n = Number((await figure.textContent()).replace(/\D/g, ""));
  const { groups } = await apiAs(held, "officer", "/shortages/summary?group_by=sector");
  assert.equal(n, groups.find(({ key }) => key === "hazchem").indicative.lines.short);
  await figure.click();
  await page.waitForSelector("main .data-table tbody tr");
  assert.match(await page.textContent("main .data-table [role=status]"), new RegExp(`of ${n} rows`));
  assert.match(await page.getAttribute("main .data-table tbody tr a.figure", "href"), /^#\/organizations\/[^/]+\/lines\/[0-9a-f-]{36}$/);
  assert.match(await page.textContent("main .strong"), /hazardous chemicals/i);
  assert.deepEqual(await lookAt(page, "lines"), []);
  // Every block has its day and revision, and the groups without a sector have their lines too.
  await goBoard(page, "overview");
  await page.waitForSelector(".overview-trend .as-of");
  const without = await page.$$eval(".overview > section, .overview .ahead > section", (all) => all.filter((one) => !one.querySelector(".as-of")).map((one) => one.className));
  assert.deepEqual(without, []);
  const teams = await page.$(".overview-sectors a.signed[href*='kind=rescue_team'][href*='status=short']");
  const ofTeams = Number((await teams.textContent()).replace(/\D/g, ""));
  await teams.click();
  await page.waitForSelector("main .data-table tbody tr");
  assert.match(await page.textContent("main .data-table [role=status]"), new RegExp(`\\b${ofTeams} rows`));
  assert.deepEqual(errors, []);
  await context.close();
});

test("the heat table finds an organization by typing, its cell opens the lines, and all of it is printed", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "zh-CN" });
  await signInBoard(held, page, "viewer");
  await page.waitForSelector(".heat tbody tr");
  assert.ok(await page.$$eval(".heat tbody tr", (rows) => rows.length) < 20);
  await page.emulateMedia({ media: "print" });
  await page.evaluate(() => dispatchEvent(new Event("beforeprint")));
  assert.equal(await page.$$eval(".heat tbody tr", (rows) => rows.length), 54);
  assert.equal(await page.$$eval("button", (all) => all.filter((one) => one.offsetParent && !one.matches(".sort")).length), 0, "no buttons on paper");
  await page.evaluate(() => dispatchEvent(new Event("afterprint")));
  await page.emulateMedia({ media: "screen" });
  await page.fill("#heat-find", "HC-01");
  await page.waitForFunction(() => document.querySelectorAll(".heat tbody tr").length === 1);
  assert.match(await page.textContent(".heat tbody th"), /HC-01/);
  const cell = await page.$(".heat tbody td a.signed");
  const n = Number((await cell.textContent()).replace(/\D/g, ""));
  await cell.focus();
  await page.keyboard.press("Enter");
  await page.waitForSelector("main .data-table tbody tr");
  await settledBoard(page);
  assert.equal(await page.$$eval("main .data-table tbody tr", (rows) => rows.length), n);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a block that fails says so and tries again, and leaves the others", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  const isSectors = (/** @type {URL} */ url) => url.pathname.endsWith("/shortages/summary") && url.searchParams.get("group_by") === "sector" && !url.searchParams.has("as_of");
  await page.route(isSectors, (route) => route.abort());
  await signInBoard(held, page, "admin");
  await page.waitForSelector(".overview-trend .as-of");
  assert.match(await page.textContent(".overview-sectors [role=alert]"), /cannot be reached/);
  assert.equal(await page.$$eval(".overview [role=alert]", (all) => all.length), 1);
  await page.unroute(isSectors);
  await page.click(".overview-sectors [role=alert] button");
  await page.waitForSelector(".overview-sectors .group-table");
  // What lies ahead has its own list, and files.
  const { items } = await apiAs(held, "admin", "/expiring?within_days=30&limit=500");
  assert.equal(Number(await page.textContent(".overview-lots .bar-key a.figure")), items.length);
  const [file] = await Promise.all([page.waitForEvent("download"), page.click(".overview-lots button >> text=CSV")]);
  assert.equal(file.suggestedFilename(), "expiring.csv");
  await page.click(".overview-lots .bar-key a.figure");
  await page.waitForFunction((n) => document.querySelectorAll("main .data-table tbody tr").length === n, items.length);
  assert.deepEqual(await lookAt(page, "expiring"), []);
  assert.deepEqual(errors, []);
  await context.close();
});
