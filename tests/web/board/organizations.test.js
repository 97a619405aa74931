// Organizations: any of thousands found by typing, the sheet of one, and the explanation of a line, as the API says.

import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { TEST_MS } from "../pages/browser.js";
import { BOARD_LANGUAGES, apiAs, board, goBoard, keysShown, lookAt, openBoard, settledBoard, signInBoard, skip, violations } from "./board.js";
import { callAs } from "./writes.js";

const held = board();

/** Texts of this page that are missing, shown by their keys. @param {import("playwright-core").Page} page */
const missingTexts = async (page) => (await keysShown(page)).filter((key) => key.startsWith("orgs-"));

for (const language of BOARD_LANGUAGES) {
  test(`an organization is found, its sheet says what the API says, and each number leads to its explanation, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, context, asked, errors } = await openBoard(held, { language });
    await signInBoard(held, page, "viewer", "organizations?status=short");
    const { totals } = await apiAs(held, "viewer", "/organization-statuses?limit=1");
    const pressed = await page.textContent("[aria-pressed=true][id^=choice-]");
    assert.equal(pressed.replace(/\D/g, ""), String(totals.together.short));
    assert.deepEqual(await lookAt(page, "organizations"), []);
    await page.setViewportSize({ width: 1280, height: 900 });
    await page.click("#choice-");
    await page.fill("input[type=search]", "t3");
    await page.waitForFunction(() => document.querySelectorAll("#main tbody tr").length === 1);
    await page.click("#main tbody a[href='#/organizations/T3']");
    await page.waitForFunction(() => document.querySelector("#org-lines"));
    await settledBoard(page);

    const lines = await apiAs(held, "viewer", "/shortages?organization=T3&limit=500");
    const number = await page.textContent("#choice-short");
    assert.equal(number.replace(/\D/g, ""), String(lines.items.filter((line) => ["short", "below"].includes(line.status)).length));
    await page.click("#choice-short");
    assert.match(await page.evaluate(() => location.hash), /status=short/);
    const one = lines.items.find((line) => line.item && line.item.code === "L2010101");
    const row = page.locator("#main tr", { has: page.locator(`a[href='#/organizations/T3/lines/${one.line}']`) }).first();
    const figures = await row.locator("td.number").allTextContents();
    assert.deepEqual(figures.map((text) => text.replace(/[^\d–]/g, "")), [one.required, one.usable, one.shortage].map(({ min, max }) => (min === max ? String(min) : `${min}–${max}`)));
    assert.match(await row.textContent(), language === "en" ? /GB 30077-2013 7\.1 Table 2/ : /GB 30077—2013 第7\.1条表2/);
    assert.deepEqual(await lookAt(page, "sheet"), []);
    assert.deepEqual(await missingTexts(page), []);

    await goBoard(page, `organizations/T3/lines/${one.line}`);
    const proof = await page.$$eval(".org-proof li", (all) => all.map((item) => item.textContent));
    assert.ok(proof.length >= 3, proof.join());
    assert.match(proof[0], /29/);
    assert.match(await page.textContent(".org-clause"), language === "en" ? /1 set of positive-pressure SCBA/ : /正压式空气呼吸器1套/);
    assert.equal(await page.locator(".org-found a[href*='/counts/']").count() > 0, true, "the counts behind it are linked");
    assert.deepEqual(await lookAt(page, "explanation"), []);
    assert.deepEqual(await missingTexts(page), []);

    await page.click(".org-found a[href*='/counts/']");
    await page.waitForSelector(".org-verdict");
    await settledBoard(page);
    assert.equal(await page.getAttribute(".org-verdict", "data-verdict"), "genuine");
    assert.deepEqual(await lookAt(page, "count"), []);
    await page.goBack();
    await page.waitForSelector(".org-proof");
    await page.goBack();
    await page.waitForFunction(() => document.querySelector("#org-lines"));
    await settledBoard(page);
    assert.equal(await page.getAttribute("#choice-short", "aria-pressed"), "true", "Back finds what the lines were narrowed to");
    assert.deepEqual([...asked], [new URL(held.base).origin], "no other host is asked");
    assert.deepEqual(errors, []);
    await context.close();
  });
}

test("a line is explained for another day and as known at an earlier revision, and printed without its controls", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  const { items } = await apiAs(held, "viewer", "/shortages?organization=T3&item=L2010101");
  const path = `/organizations/T3/shortages/${items[0].line}`;
  await signInBoard(held, page, "viewer", `organizations/T3/lines/${items[0].line}`);
  await page.click(".org-moment summary");
  await page.fill("input[name=revision]", "1");
  await page.fill("input[name=as_of]", "2026-10-01");
  await page.click(".org-moment button[type=submit]");
  await page.waitForFunction(() => /revision=1/.test(location.hash));
  await page.waitForSelector(".notice:not(.warn):not(.bad)");
  const then = await apiAs(held, "viewer", `${path}?revision=1&as_of=2026-10-01`);
  assert.deepEqual(await page.$$eval(".org-proof li", (all) => all.map((item) => item.textContent)), then.words.sentences);
  assert.match(await page.textContent(".top .as-of"), /2026-.10-.01.*revision 1/);
  await page.fill("input[name=revision]", "999999");
  await page.click(".org-moment button[type=submit]");
  await page.waitForSelector(".org-moment .fault:not([hidden]), .org-moment .notice.bad");
  assert.deepEqual(await page.$$eval(".org-proof li", (all) => all.map((item) => item.textContent)), then.words.sentences, "what is shown stays");
  await page.emulateMedia({ media: "print" });
  assert.equal(await page.isVisible(".org-moment"), false);
  assert.equal(await page.isVisible(".org-proof"), true);
  await page.emulateMedia({ media: "screen" });
  await page.click("main .notice a");
  await page.waitForFunction(() => !/revision/.test(location.hash) && !document.querySelector("main .notice"));
  assert.deepEqual(errors, []);
  await context.close();
});

test("the sheet says which facts are missing and why, whom to call, and which counts differ", { skip, timeout: TEST_MS }, async () => {
  await callAs(held, "officer", "PUT", "/depots/HC-08-D1/contacts/second_keeper", { name: "Night keeper", phone: "+86 477 000 1234", purpose: "to call the depot at night" }, { "If-None-Match": "*" });
  const { page, context, errors } = await openBoard(held, { language: "en", width: 390 });
  await signInBoard(held, page, "viewer", "organizations/HC-08");
  const unknown = await page.textContent("section[aria-labelledby=org-unknown]");
  const fact = (await apiAs(held, "viewer", "/organization-statuses?organization=HC-08")).items[0].causes.find((cause) => cause.code === "fact_unknown").facts[0];
  assert.ok(unknown.includes(fact.name), unknown);
  const { items } = await apiAs(held, "viewer", "/shortages?organization=HC-08&limit=500");
  const waiting = items.filter((line) => line.reasons.some((reason) => reason.fact === fact.key));
  assert.ok(waiting.length > 0 && (await page.locator("section[aria-labelledby=org-unknown] a").count()) > 0);
  assert.ok(unknown.includes(waiting[0].name), "the line that waits for it is named");
  assert.equal(await page.getAttribute(".telephone", "href"), "tel:+864770001234");
  assert.equal(await page.locator(".org-depots a[href$='/count']").count(), 0, "who may not count is not offered to");
  await goBoard(page, "organizations/T4?status=differs");
  await page.waitForSelector("section[aria-labelledby=org-differences] .mark-contested");
  assert.equal(await page.locator(".org-found").first().locator("> li").count(), 2, "both counts stand side by side");
  assert.ok(await page.locator("#main tbody .mark-contested").count() > 0);
  assert.deepEqual(await violations(page), []);
  assert.deepEqual(errors, []);
  await context.close();
});

test("of 5,400 organizations any is found by typing before all are assessed, with at most 2,000 nodes", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  const [organization] = (await apiAs(held, "viewer", "/organizations?limit=1")).items;
  const { items: [standing], ...first } = await apiAs(held, "viewer", "/organization-statuses?limit=1");
  const all = Array.from({ length: 5400 }, (_, at) => ({ ...organization, id: randomUUID(), code: `X-${String(at).padStart(4, "0")}`, name: `Plant ${at}`, name_en: `Plant ${at}`, name_zh: `工厂${at}` }));
  const pageOf = (url, rowOf, more) => {
    const query = new URL(url).searchParams;
    const [from, most] = [Number(query.get("cursor") || 0), Number(query.get("limit"))];
    return { ...more, items: all.slice(from, from + most).map(rowOf), next_cursor: from + most < all.length ? String(from + most) : null };
  };
  let release = () => {};
  const assessed = new Promise((resolve) => { release = () => resolve(undefined); });
  await page.route("**/api/v1/organizations?*", (route) => route.fulfill({ json: pageOf(route.request().url(), (one) => one, {}) }));
  await page.route("**/api/v1/organization-statuses?*", async (route) => {
    await assessed;
    return route.fulfill({ json: pageOf(route.request().url(), ({ id, code, name }) => ({ ...standing, organization: { id, code, name } }), { ...first, totals: { ...first.totals, organizations: all.length } }) });
  });
  await page.goto(`${held.base}/board#/organizations`);
  await page.fill("#username", "viewer");
  await page.fill("#password", held.password);
  await page.click("button[type=submit]");
  await page.waitForFunction(() => /5,400/.test(document.querySelector("#choice-")?.textContent || ""));
  await page.fill("input[type=search]", "plant 5399");
  await page.waitForFunction(() => document.querySelectorAll("#main tbody tr").length === 1);
  assert.match(await page.textContent("#main tbody tr"), /X-5399/);
  assert.match(await page.textContent("#main tbody tr"), /not assessed yet/);
  release();
  await settledBoard(page);
  assert.equal(await page.locator("#main tbody .mark").count(), 2);
  await page.fill("input[type=search]", "");
  await page.waitForFunction(() => document.querySelectorAll("#main tbody tr").length === 50);
  const nodes = await page.evaluate(() => document.body.querySelectorAll("*").length);
  assert.ok(nodes <= 2000, `${nodes} nodes`);
  assert.deepEqual(errors, []);
  await context.close();
});

test("an organization that is not there, and lists that fail, say so and can be tried again", { skip, timeout: TEST_MS }, async () => {
  const { page, context, errors } = await openBoard(held, { language: "en" });
  await signInBoard(held, page, "viewer", "organizations/NONE");
  await page.waitForSelector("main .notice.bad");
  let failing = true;
  await page.route("**/api/v1/expiring?*", (route) => failing ? route.fulfill({ status: 503, contentType: "application/problem+json", body: JSON.stringify({ type: "about:blank", title: "Busy", status: 503, code: "busy", detail: "The database is busy: try again.", request_id: "r-1" }) }) : route.continue());
  await goBoard(page, "organizations/T1");
  await page.waitForSelector("section[aria-labelledby=org-expiring] .notice.bad");
  assert.match(await page.textContent("section[aria-labelledby=org-expiring] .notice.bad"), /r-1/);
  assert.ok(await page.locator("section[aria-labelledby=org-lines] tbody tr").count() > 0, "the other blocks stand");
  failing = false;
  await page.click("section[aria-labelledby=org-expiring] .notice.bad button");
  await page.waitForFunction(() => !document.querySelector("section[aria-labelledby=org-expiring] .notice.bad"));
  assert.deepEqual(errors, []);
  await context.close();
});
