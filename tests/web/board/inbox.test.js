// The inbox: each kind of what waits is made through the API, shown, and decided, with two officers at once.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { beforeEach, test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, board, goBoard, keysShown, lookAt, openBoard, settledBoard, signInBoard, skip } from "./board.js";

const held = board();
const MINUTE = 60000;

/** A time before now, as the API takes it. @param {number} minutes */
const ago = (minutes) => `${new Date(Date.now() - minutes * MINUTE).toISOString().slice(0, 19)}Z`;

/** @type {Record<string, string>} */
const tokens = {};

/** A request of an account. @param {string} as @param {string} method @param {string} path @param {unknown} [body] @param {Record<string, string>} [headers] @returns {Promise<any>} */
async function ask(as, method, path, body, headers = {}) {
  const sent = async (/** @type {string} */ how, /** @type {string} */ to, /** @type {unknown} */ what, /** @type {Record<string, string>} */ more) => {
    const text = typeof what === "string" ? what : JSON.stringify(what);
    const answer = await fetch(`${held.base}/api/v1${to}`, { method: how, headers: { "Content-Type": "application/json", ...more }, ...(what === undefined ? {} : { body: text }) });
    const json = await answer.json();
    if (!answer.ok) throw new Error(`${how} ${to}: ${JSON.stringify(json)}`);
    return json;
  };
  if (!tokens[as]) tokens[as] = (await sent("POST", "/auth/login", { username: as, password: held.password }, {})).access_token;
  return sent(method, path, body, { Authorization: `Bearer ${tokens[as]}`, ...headers });
}

/** @type {{ id: string, code: string }[]} */
let depots = [];

/** A count of one line. @param {{ as?: string, depot: number, item: string, quantity: number, minutes?: number, device?: string }} count */
async function countOf({ as = "t3", depot, item, quantity, minutes = 3, device }) {
  const body = { depot_id: depots[depot].id, scope: "listed", counted_at: ago(minutes), lines: [{ item, quantity }] };
  return (await ask(as, "PUT", `/counts/${randomUUID()}`, body, device ? { "Muster-Device": device } : {})).count.id;
}

/** Pushes commands from a phone. @param {string} device @param {{ seq: number, data: unknown }[]} commands */
function push(device, commands) {
  return ask("t3", "POST", "/sync", {
    device_id: device, sent_at: ago(0), queued: commands.length, app: "muster-phone reduced; lacks indexeddb",
    commands: commands.map(({ seq, data }) => ({ id: randomUUID(), seq, type: "submit_count", data })),
  });
}

/** A count of an item that is not in the catalogue, and of one that is. @param {number} quantity */
const unknownItem = (quantity) => ({ depot_id: depots[0].id, scope: "listed", counted_at: ago(120), lines: [{ item: "L9999999", quantity }, { item: "L2010101", quantity: 3, lot: "B1", expires_on: "2030-01-31" }] });

/** What stands of an item in a depot. @param {number} depot @param {string} item */
const stockOf = async (depot, item) => (await ask("officer", "GET", `/stock?depot=${depots[depot].code}&item=${item}`)).items[0].stock;

const LEDGER = "应急物资台账,,,,,\n盘点日期：2026-11-20,,,,,\n单位名称,库点,物资名称,规格型号,单位,数量\n化工园区危险化学品救援队,救援队器材库,呼吸器,6.8L,具,3\n,,卫星便携站,VSAT,台,2\n,,防化服,,套,4\n";

beforeEach(async () => {
  if (skip || depots.length) return;
  depots = (await ask("t3", "GET", "/depots")).items;
}, { timeout: TEST_MS });

/** Opens the inbox as an account. @param {string} username @param {string} [path] @param {string} [language] */
async function openInbox(username, path = "inbox", language = "en") {
  const opened = await openBoard(held, { language });
  await signInBoard(held, opened.page, username, path);
  return opened;
}

/** Follows a link of the list to what waits. @param {import("playwright-core").Page} page @param {string} link */
async function follow(page, link) {
  await page.click(link);
  await page.waitForSelector("main .inbox-back");
  await settledBoard(page);
}

/** Waits for a list of the inbox, after a decision. @param {import("playwright-core").Page} page @param {string} kind */
async function backAt(page, kind) {
  await page.waitForFunction((hash) => location.hash === hash && document.querySelector("main .inbox-kinds"), `#/inbox/${kind}`);
  await settledBoard(page);
}

/** The number of a kind. @param {import("playwright-core").Page} page @param {string} kind */
const numberOf = (page, kind) => page.textContent(`[data-kind=${kind}] .inbox-number`);

test("where nothing waits the inbox says so, and each kind has its number", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openInbox("officer");
  assert.equal(await numberOf(page, "quarantine"), "0");
  assert.match(await page.textContent("main section"), /Nothing waits here: everything that phones sent/);
  await goBoard(page, "inbox/ledger");
  assert.match(await page.textContent("main section"), /Nothing waits here: every row of a ledger/);
  await goBoard(page, "inbox/phones");
  assert.match(await page.textContent("main section"), /Nothing waits here: all counts from phones/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("what cannot be applied is corrected and applied, or set aside with a reason, by the keyboard too", { skip, timeout: TEST_MS }, async () => {
  await push("phone-of-quarantine", [{ seq: 1, data: unknownItem(4) }, { seq: 2, data: { colour: "red" } }]);
  const { page, context, errors } = await openInbox("officer");
  assert.equal(await numberOf(page, "quarantine"), "2");
  assert.match(await page.textContent("main tbody"), /There is no item "L9999999"/);
  const waiting = (await ask("officer", "GET", "/quarantine?status=waiting")).items;
  const wanted = waiting.find((/** @type {any} */ one) => one.seq === 1);
  await follow(page, `main tbody a[href$="${wanted.id}"]`);
  // As sent it still cannot be applied: the service says why, and what was typed stays.
  await page.click("text=Apply as sent");
  await page.fill("textarea[name=reason]", "the keeper meant the breathing apparatus");
  await page.click("main form button[type=submit]");
  await page.waitForSelector(".inbox-lines li:first-child .fault:not([hidden])");
  assert.match(await page.textContent(".inbox-lines li:first-child .fault"), /L9999999/);
  assert.equal(await page.isChecked("[data-value=correct]"), true, "what is wrong is shown where it is corrected");
  assert.equal(await page.inputValue("textarea[name=reason]"), "the keeper meant the breathing apparatus");
  // Corrected wrongly: the fault stands at its line.
  await page.fill(".inbox-lines li:first-child [name=line-item]", "L8888888");
  await page.click("main form button[type=submit]");
  await page.waitForFunction(() => /L8888888/.test(document.querySelector(".inbox-lines li:first-child .fault").textContent));
  assert.equal(await page.getAttribute(".inbox-lines li:first-child [name=line-item]", "aria-invalid"), "true");
  assert.deepEqual(await lookAt(page, "a correction"), []);
  await page.fill(".inbox-lines li:first-child [name=line-item]", "L2010102");
  await page.click("main form button[type=submit]");
  await backAt(page, "quarantine");
  assert.equal(await numberOf(page, "quarantine"), "1");
  const decided = await ask("officer", "GET", `/quarantine/${wanted.id}`);
  assert.equal(decided.status, "applied");
  const count = await ask("officer", "GET", `/counts/${decided.decision.count_id}`);
  assert.deepEqual(count.lines.map((/** @type {any} */ { item, quantity, lot, expires_on: day }) => [item, quantity, lot, day]), [["L2010102", 4, null, null], ["L2010101", 3, "B1", "2030-01-31"]]);
  assert.equal(new Date(count.counted_at).getTime(), new Date((await ask("officer", "GET", `/quarantine/${wanted.id}`)).data.counted_at).getTime(), "the time of counting stays");
  // The other is set aside with the keyboard alone.
  await page.focus("main tbody a");
  await page.keyboard.press("Enter");
  await page.waitForSelector("textarea[name=reason]");
  await page.focus("main form input[type=radio]");
  for (const key of ["ArrowDown", "ArrowDown", "ArrowDown"]) await page.keyboard.press(key);
  await page.focus("[data-value=aside]");
  await page.keyboard.press("Space");
  await page.keyboard.press("Tab");
  assert.equal(await page.evaluate(() => document.activeElement.getAttribute("name")), "reason");
  await page.keyboard.type("no count at all");
  await page.keyboard.press("Tab");
  await page.keyboard.press("Enter");
  await backAt(page, "quarantine");
  assert.equal(await numberOf(page, "quarantine"), "0");
  await page.click(".inbox-choice a:last-child");
  await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 2);
  assert.match(await page.textContent("main tbody"), /no count at all/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("two officers at once: the second sees what the first decided beside the own decision", { skip, timeout: TEST_MS }, async () => {
  await push("phone-of-two", [{ seq: 1, data: unknownItem(5) }]);
  const [{ id }] = (await ask("officer", "GET", "/quarantine?status=waiting")).items;
  const { page, context, errors } = await openInbox("officer", `inbox/quarantine/${id}`);
  await page.click("text=Set aside");
  await page.fill("textarea[name=reason]", "looks like a slip");
  await ask("admin", "POST", `/quarantine/${id}/set-aside`, { reason: "the sender withdrew it" });
  await page.click("main form button[type=submit]");
  await page.waitForSelector("dialog[open]");
  const shown = await page.textContent("dialog table");
  assert.match(shown, /the sender withdrew it/);
  assert.match(shown, /looks like a slip/);
  assert.deepEqual(await lookAt(page, "two decisions"), []);
  await page.click("dialog .button.primary");
  await page.waitForSelector("main .notice.good");
  assert.match(await page.textContent("main .notice.good"), /set aside.*the sender withdrew it/s);
  assert.deepEqual(errors, []);
  await context.close();
});

test("counts that differ stand side by side, and one is said to hold; a session that ends in the middle loses nothing", { skip, timeout: TEST_MS }, async () => {
  await countOf({ depot: 1, item: "L2010101", quantity: 4, device: "one" });
  await countOf({ depot: 1, item: "L2010101", quantity: 7, device: "other" });
  const { page, context, errors } = await openInbox("officer", "inbox/counts");
  assert.equal(Number(await numberOf(page, "counts")), await page.$$eval("main tbody tr", (rows) => rows.length));
  await follow(page, `main tbody th a[href="#/inbox/counts/${depots[1].code}/L2010101"]`);
  assert.deepEqual((await page.$$eval(".inbox-side .inbox-big .figure", (all) => all.map((one) => one.firstChild.textContent))).sort(), ["4", "7"]);
  assert.match(await page.textContent(".inbox-side"), /Quartermaster of T3/);
  // Without a choice nothing is stored.
  await page.fill("textarea[name=reason]", "seen with the keeper");
  await page.click("main form button[type=submit]");
  await page.waitForSelector("main form .fault:not([hidden])");
  await page.click("text=own count: 7");
  await page.evaluate(async () => {
    const { refresh } = JSON.parse(sessionStorage.getItem("muster.board.session"));
    await fetch("/api/v1/auth/logout", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ refresh_token: refresh }) });
  });
  await page.click("main form button[type=submit]");
  await page.waitForSelector("dialog[open] #password");
  assert.equal(await page.inputValue("main textarea[name=reason]"), "seen with the keeper");
  await page.fill("dialog #password", held.password);
  await page.keyboard.press("Enter");
  await backAt(page, "counts");
  const stock = await stockOf(1, "L2010101");
  assert.equal(stock.state, "counted");
  assert.deepEqual(stock.usable, { min: 7, max: 7 });
  assert.equal(stock.taken_out[0].resolution.reason, "seen with the keeper");
  await goBoard(page, `inbox/counts/${depots[1].code}/L2010101`);
  assert.match(await page.textContent("main .notice"), /disregarded.*seen with the keeper/s);
  assert.deepEqual(errors, []);
  await context.close();
});

test("an own count that an inspection contests is accepted; what another officer decided meanwhile is shown first", { skip, timeout: TEST_MS }, async () => {
  const inspection = await countOf({ as: "officer", depot: 1, item: "L2010102", quantity: 1, minutes: 24 * 60 });
  const own = await countOf({ depot: 1, item: "L2010102", quantity: 9 });
  await countOf({ as: "officer", depot: 2, item: "L2010102", quantity: 2, minutes: 24 * 60 });
  await countOf({ depot: 2, item: "L2010102", quantity: 6 });
  const { page, context, errors } = await openInbox("officer", `inbox/counts/${depots[1].code}/L2010102`);
  assert.match(await page.textContent("main"), /An inspection found less/);
  assert.deepEqual(await lookAt(page, "a contested figure"), []);
  await page.click("text=own count: 9");
  await page.fill("textarea[name=reason]", "bought since");
  await ask("admin", "PUT", `/acceptances/${randomUUID()}`, { count: own, inspection, depot_id: depots[1].id, item: "L2010102", reason: "invoice seen" });
  await page.click("main form button[type=submit]");
  await page.waitForSelector("dialog[open] table");
  const both = await page.textContent("dialog table");
  assert.match(both, /invoice seen/);
  assert.match(both, /bought since/);
  // Back: what was typed is still there.
  await page.click("dialog button:last-child");
  assert.equal(await page.inputValue("textarea[name=reason]"), "bought since");
  await page.click("main form button[type=submit]");
  await page.waitForSelector("dialog[open] table");
  await page.click("dialog .button.primary");
  await backAt(page, "counts");
  assert.equal((await stockOf(1, "L2010102")).inspection.acceptance.reason, "invoice seen");
  // The other one: the inspection holds.
  await goBoard(page, `inbox/counts/${depots[2].code}/L2010102`);
  await page.click("text=inspection: 2");
  await page.fill("textarea[name=reason]", "counted with the keeper");
  await page.click("main form button[type=submit]");
  await backAt(page, "counts");
  assert.deepEqual((await stockOf(2, "L2010102")).usable, { min: 2, max: 2 });
  assert.deepEqual(errors, []);
  await context.close();
});

test("phones that lost numbers, rows of ledgers and telephones of keepers are shown and worked off", { skip, timeout: TEST_MS }, async () => {
  const good = (/** @type {number} */ quantity) => ({ depot_id: depots[2].id, scope: "listed", counted_at: ago(60), lines: [{ item: "L2010103", quantity }] });
  await push("phone-with-gaps", [{ seq: 1, data: good(1) }, { seq: 5, data: good(2) }]);
  await ask("officer", "POST", "/import?form=ledger&organization=T3", LEDGER, { "Content-Type": "text/csv" });
  const { page, context, errors } = await openInbox("officer", "inbox/phones");
  const phone = await page.textContent("main tbody");
  assert.match(phone, /phone-with-gaps.*3 counts.*Lost numbers: 2–4/s);
  assert.match(phone, /browser lacks a needed function/);
  await goBoard(page, "inbox/ledger");
  assert.equal(await numberOf(page, "ledger"), "3");
  await follow(page, "main tbody a:text('防化服')");
  await page.click("main form input[type=radio]");
  await page.click("main form button[type=submit]");
  await backAt(page, "ledger");
  assert.equal(await numberOf(page, "ledger"), "2");
  await follow(page, "main tbody a:text('卫星便携站')");
  await page.click("label:has-text('Not in the catalogue')");
  await page.click("main form button[type=submit]");
  await backAt(page, "ledger");
  assert.equal(await numberOf(page, "ledger"), "1");
  const rows = (await ask("officer", "GET", "/ledger-rows")).items;
  assert.deepEqual(rows.map((/** @type {any} */ { status }) => status).sort(), ["counted", "open", "unlisted"]);
  // Whom to ask: the telephone of a keeper, read when somebody wants to call.
  await goBoard(page, "inbox/ask");
  const first = await page.textContent("main tbody tr:first-child th .muted");
  const [depot] = (await ask("officer", "GET", `/depots?organization=${first}`)).items;
  const keeper = `/depots/${depot.code}/contacts/keeper`;
  const contact = await fetch(`${held.base}/api/v1${keeper}`, { headers: { Authorization: `Bearer ${tokens.officer}` } });
  const { name, purpose } = await contact.json();
  await ask("officer", "PUT", keeper, { name, purpose, phone: "0477 123 4567" }, { "If-Match": contact.headers.get("etag") });
  await page.click("main tbody tr:first-child .inbox-telephones button");
  await page.waitForSelector("main tbody tr:first-child a[href^='tel:']");
  assert.equal(await page.getAttribute("main tbody tr:first-child a[href^='tel:']", "href"), "tel:04771234567");
  assert.match(await page.getAttribute("main tbody tr:first-child td a", "href"), /^#\/organizations\/[^/]+\/lines\//);
  // Any organization is found by typing.
  await page.fill("main input[type=search]", "HC-06");
  await page.waitForFunction(() => document.querySelectorAll("main tbody tr").length === 1);
  assert.deepEqual(errors, []);
  await context.close();
});

test("a viewer reads the inbox and is offered no decision", { skip, timeout: TEST_MS }, async () => {
  await push("phone-of-viewer", [{ seq: 1, data: unknownItem(6) }]);
  const { page, context, errors } = await openInbox("viewer");
  assert.equal(await page.$$eval("main tbody tr", (rows) => rows.length), 1);
  await follow(page, "main tbody th a");
  assert.equal(await page.$("main form"), null);
  assert.match(await page.textContent("main"), /An officer decides this/);
  await goBoard(page, "inbox/phones");
  assert.match(await page.textContent("main .notice"), /Officers see which phones/);
  assert.deepEqual(errors, []);
  await context.close();
});

for (const language of BOARD_LANGUAGES) {
  test(`each kind is whole at all widths, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, asked, errors } = await openInbox("officer", "inbox", language);
    const faults = [];
    for (const kind of ["quarantine", "counts", "phones", "ledger", "ask"]) {
      await goBoard(page, `inbox/${kind}`);
      assert.match(await page.textContent("main section .as-of"), language === "en" ? /Data as of .* revision/ : /数据截至.*修订号/);
      // What is laid out the same in both languages is looked at once.
      if (language === BOARD_LANGUAGES[0] || kind === "ask") faults.push(...await lookAt(page, kind));
      assert.deepEqual((await keysShown(page)).filter((key) => key.startsWith("inbox-")), []);
    }
    assert.deepEqual(faults, []);
    assert.deepEqual([...asked], [new URL(held.base).origin], "no other host is asked");
    assert.deepEqual(errors, []);
    await context.close();
  });
}
