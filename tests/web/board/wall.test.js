// The wall: one screen without scrolling, with the figures of the API, which is read again where something changed, says when it is
// not, and keeps its session.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, apiAs, board, goBoard, lookAt, openBoard, signInBoard, skip } from "./board.js";

const held = board();

/** Waits until neither the wall nor a part of it goes beyond the screen. @param {import("playwright-core").Page} page */
const fits = (page) => page.waitForFunction(() => [document.documentElement, ...document.querySelectorAll(".wall, .wall-block")].every((one) => one.scrollHeight <= one.clientHeight + 1));

for (const language of BOARD_LANGUAGES) {
  test(`a screen shows how it stands without scrolling, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, asked, errors } = await openBoard(held, { language, width: 1920, height: 1080 });
    await signInBoard(held, page, "viewer");
    await goBoard(page, "wall");
    await page.waitForSelector(".wall-table");
    const { totals } = await apiAs(held, "viewer", "/organization-statuses?limit=1");
    const shown = await page.$$eval(".wall-basis", (all) => all.map((one) => [...one.querySelectorAll(".bar-key a")].map((link) => Number(link.textContent))));
    assert.deepEqual(shown, ["established", "together"].map((basis) => ["short", "unknown", "met", "not_covered"].map((status) => totals[basis][status])));
    const { groups } = await apiAs(held, "viewer", "/shortages/summary?group_by=sector");
    assert.equal((await page.$$(".wall-sectors tbody tr")).length, groups.length);
    const short = await apiAs(held, "viewer", "/shortages?status=short&strength=mandatory&basis=established&limit=500");
    const first = await page.$eval(".wall-first li a", (link) => link.getAttribute("href").split("/").pop());
    assert.ok(short.items.some((line) => line.line === first), "the first act is one of a line that is surely short");
    const { items } = await apiAs(held, "viewer", "/expiring?within_days=30&limit=500");
    assert.equal(await page.textContent(".wall-lead .figure"), String(items.length));
    assert.match(await page.textContent(".wall-foot"), language === "en" ? /Refreshed at .*revision \d/ : /已刷新.*修订号 \d/);
    assert.equal(await page.isVisible(".top"), false);
    for (const [width, height] of [[1920, 1080], [1366, 768], [3840, 2160]]) {
      await page.setViewportSize({ width, height });
      await fits(page);
    }
    assert.deepEqual(await lookAt(page, "wall"), []);
    assert.deepEqual([...asked], [new URL(held.base).origin], "no other host is asked");
    await page.keyboard.press("Escape");
    await page.waitForSelector(".top", { state: "visible" });
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("it reads only what changed, says when it is not refreshed, and keeps its session", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en", width: 1920, height: 1080 });
  await signInBoard(held, page, "viewer");
    await goBoard(page, "wall");
  await page.waitForSelector(".wall-table");
  /** @type {number[]} */
  const statuses = [];
  page.on("response", (answer) => answer.url().includes("/api/v1/") && statuses.push(answer.status()));
  const refreshed = async (/** @type {number} */ answers) => {
    statuses.length = 0;
    await page.click("#refresh-wall");
    while (statuses.length < answers) await page.waitForEvent("response");
    return statuses.slice();
  };
  assert.deepEqual(await refreshed(5), [304, 304, 304, 304, 304]);

  // A count arrives: the revision follows.
  const revision = async () => Number(/revision ([\d,]+)/.exec(await page.textContent(".wall-foot"))[1].replace(",", ""));
  const was = await revision();
  const { id } = await apiAs(held, "t3", "/depots/T3-D1");
  const login = await fetch(`${held.base}/api/v1/auth/login`, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username: "t3", password: held.password }) });
  const { access_token: token } = await login.json();
  const body = { depot_id: id, scope: "listed", counted_at: new Date().toISOString(), lines: [{ item: "L2010101", quantity: 16 }] };
  const sent = await fetch(`${held.base}/api/v1/counts/${randomUUID()}`, { method: "PUT", headers: { "Content-Type": "application/json", Authorization: `Bearer ${token}` }, body: JSON.stringify(body) });
  assert.equal(sent.status, 201);
  await page.click("#refresh-wall");
  await page.waitForFunction((before) => Number(/revision ([\d,]+)/.exec(document.querySelector(".wall-foot").textContent)[1].replace(",", "")) > before, was);

  // Without a network it says so, and shows what it had; with one it goes on by itself.
  await context.setOffline(true);
  await page.click("#refresh-wall");
  await page.waitForSelector(".wall.is-late");
  assert.match(await page.textContent(".wall-state"), /Not refreshed since .* cannot be reached/);
  assert.ok(await page.$(".wall-table"));
  assert.deepEqual(await lookAt(page, "wall that is late"), []);
  await context.setOffline(false);
  await page.waitForSelector(".wall:not(.is-late)");

  // A token that is over is renewed without anybody; a reload goes on where it was.
  await page.evaluate(() => {
    const session = JSON.parse(sessionStorage.getItem("muster.board.session"));
    sessionStorage.setItem("muster.board.session", JSON.stringify({ ...session, access: `${session.access}x` }));
  });
  await page.reload();
  await page.waitForSelector(".wall-table");
  assert.equal(await page.$("dialog"), null);
  assert.deepEqual(errors, []);
  await context.close();
});
