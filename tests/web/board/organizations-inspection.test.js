// An inspection: typed blind, kept in the tab, sent once, with its receipt.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, apiAs, board, goBoard, keysShown, lookAt, openBoard, settledBoard, signInBoard, skip } from "./board.js";
import { callAs } from "./writes.js";

const held = board();
const PAGE = "organizations/T3/depots/T3-D1/count";

/** Waits until the page shows a receipt, and gives the count that is stored. @param {import("playwright-core").Page} page */
async function storedCount(page) {
  await page.waitForSelector(".org-verdict");
  assert.equal(await page.getAttribute(".org-verdict", "data-verdict"), "genuine");
  const link = await page.getAttribute(".notice.good a", "href");
  return apiAs(held, "officer", `/counts/${link.split("/").pop()}`);
}

for (const language of BOARD_LANGUAGES) {
  test(`an inspector counts on a phone by the keyboard alone, and sees what is known only after typing, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, errors } = await openBoard(held, { language, width: 390 });
    await signInBoard(held, page, "officer", "organizations/T3");
    await page.click(".org-depots a[href$='/T3-D1/count']");
    await page.waitForSelector("#item-L2010101");
    await settledBoard(page);
    assert.equal(await page.locator(".org-known .figure").count(), 0, "nothing is known before something is typed");
    await page.focus("#item-L2010101");
    await page.keyboard.type("12");
    assert.equal(await page.locator(".org-known .figure").count(), 0, "nor while it is typed");
    await page.keyboard.press("Enter");
    assert.equal(await page.evaluate(() => document.activeElement.id), "item-L2010102");
    const known = await page.textContent("[data-item=L2010101] .org-known");
    assert.match(known, language === "en" ? /mandatory of the whole organization: 29/ : /全单位应配： 29/);
    // A lot of what goes off is asked for its last day.
    await page.fill("#item-L2010105", "4");
    await page.keyboard.press("Tab");
    await page.fill("#item-L2010105-0-lot", "B2511-24");
    await page.fill("#item-L2010105-0-expires_on", "2028-11-06");
    await page.click("#item-L2010105-more");
    await page.keyboard.type("1");
    await page.selectOption("#item-L2010105-1-condition", "unserviceable");
    // An item that is on no list.
    await page.fill("#item-find", "L2130");
    await page.click(".org-offer");
    const added = await page.evaluate(() => document.activeElement.id.slice(5));
    await page.keyboard.type("x");
    await page.keyboard.press("Tab");
    await page.click("#inspection-send");
    assert.equal(await page.evaluate(() => document.activeElement.id.slice(5)), added, "what is no number is said at it");
    assert.equal(await page.isVisible(`#item-${added}-fault`), true);
    assert.deepEqual(await lookAt(page, "inspection"), []);
    assert.deepEqual((await keysShown(page)).filter((key) => key.startsWith("orgs-")), []);
    await page.fill(`#item-${added}`, "0");
    await page.fill("#inspection-note", "with the keeper");
    await page.focus("#inspection-send");
    await page.keyboard.press("Enter");
    const count = await storedCount(page);
    assert.equal(count.kind, "inspection");
    assert.equal(count.note, "with the keeper");
    assert.deepEqual(count.lines.map(({ item, quantity, lot, condition }) => [item, quantity, lot, condition]), [["L2010101", 12, null, "serviceable"], ["L2010105", 4, "B2511-24", "serviceable"], ["L2010105", 1, null, "unserviceable"], [added, 0, null, "serviceable"]]);
    assert.deepEqual(await lookAt(page, "stored inspection"), []);
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("nothing that was typed is lost when the page reloads and the session ends", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en", width: 390 });
  page.on("dialog", (dialog) => dialog.accept());
  await signInBoard(held, page, "officer", PAGE);
  await page.waitForSelector("#item-L2010101");
  await page.fill("#item-L2010101", "11");
  await page.fill("#item-L2010102", "9");
  await page.fill("#inspection-note", "half done");
  await page.reload();
  await page.waitForSelector("#item-L2010101");
  assert.equal(await page.inputValue("#item-L2010101"), "11");
  assert.equal(await page.inputValue("#inspection-note"), "half done");
  // To another page and back.
  await goBoard(page, "organizations/T3");
  assert.match(await page.textContent(".org-depots a[href$='/T3-D1/count']"), /Go on/);
  await goBoard(page, PAGE);
  await page.waitForSelector("#discard");
  await page.fill("#item-L2010204", "8");
  // Another window signs the session out.
  await page.evaluate(async () => {
    const { refresh } = JSON.parse(sessionStorage.getItem("muster.board.session"));
    await fetch("/api/v1/auth/logout", { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ refresh_token: refresh }) });
  });
  await page.click("#inspection-send");
  await page.waitForSelector("dialog[open] #password");
  assert.equal(await page.inputValue("#item-L2010204"), "8");
  await page.fill("dialog #password", held.password);
  await page.keyboard.press("Enter");
  const count = await storedCount(page);
  assert.deepEqual(count.lines.map(({ item, quantity }) => [item, quantity]), [["L2010101", 11], ["L2010102", 9], ["L2010204", 8]]);
  // It is stored, and no draft is left.
  await goBoard(page, "organizations/T3");
  assert.match(await page.textContent(".org-depots a[href$='/T3-D1/count']"), /Count this depot/);
  assert.deepEqual(errors, []);
  await context.close();
});

test("what was sent without an answer is kept as it was, and sent again by itself once the network is back", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en", width: 390 });
  await signInBoard(held, page, "officer", "organizations/T3/depots/T3-D2/count");
  await page.waitForSelector("#item-L2010101");
  await page.fill("#item-L2010101", "8");
  // The service stores it, and its answer is lost.
  const sent = [];
  let lost = true;
  await page.route("**/api/v1/counts/*", async (route) => {
    if (route.request().method() !== "PUT") return route.continue();
    sent.push(route.request().postData());
    if (!lost) return route.continue();
    lost = false;
    await route.fetch();
    await context.setOffline(true);
    return route.abort();
  });
  await page.click("#inspection-send");
  await page.waitForFunction(() => /Send again/.test(document.querySelector("#inspection-send").textContent));
  assert.match(await page.textContent("main .notice.warn"), /not known whether the count was stored/);
  assert.equal(await page.isDisabled("#item-L2010101"), true, "what may be stored is not changed");
  await context.setOffline(false);
  const count = await storedCount(page);
  assert.deepEqual(count.lines.map(({ item, quantity }) => [item, quantity]), [["L2010101", 8]]);
  assert.equal(sent.length, 2);
  assert.equal(sent[0], sent[1], "the same body is sent again");
  assert.deepEqual(errors, []);
  await context.close();
});

test("an inspection that found less than a later own count shows as contested, and who may not count is told", { skip, timeout: TEST_MS }, async () => {
  const { id } = await apiAs(held, "officer", "/depots/T3-D3");
  const body = (quantity, minutesAgo) => ({ depot_id: id, scope: "listed", counted_at: new Date(Date.now() - minutesAgo * 60000).toISOString(), lines: [{ item: "L2010101", quantity }] });
  await callAs(held, "officer", "PUT", `/counts/${randomUUID()}`, body(2, 60));
  await callAs(held, "t3", "PUT", `/counts/${randomUUID()}`, body(5, 1));
  const { page, context, errors } = await openBoard(held, { language: "en", width: 390 });
  await signInBoard(held, page, "viewer", "organizations/T3?status=differs");
  await page.waitForSelector("section[aria-labelledby=org-differences] .mark-contested");
  const found = await page.$$eval("section[aria-labelledby=org-differences] .org-found > li > .figure", (all) => all.map((one) => one.textContent.replace(/\D/g, "")));
  assert.deepEqual(found, ["2", "5"], "the inspection beside the own count");
  assert.match(await page.textContent("#main tbody"), /inspection found less/);
  await goBoard(page, PAGE);
  assert.match(await page.textContent("main .notice.warn"), /may not do this/);
  assert.equal(await page.locator("#inspection-send").count(), 0);
  assert.deepEqual(errors, []);
  await context.close();
});
