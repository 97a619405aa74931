// A small phone: while a line is counted, its name, its open row, the keys and the three acts are all in sight.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, depots, items, launch, open, show, signIn, skip } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

const SIZES = [[320, 568, false], [320, 568, true], [360, 640, false], [360, 640, true], [320, 640, true], [390, 844, true]];

/** What is not wholly in sight, or under something else. @param {import("playwright-core").Page} page */
function hidden(page) {
  return page.evaluate(() => {
    const parts = [...document.querySelectorAll("#main h1, .now .box, .key:not([disabled])")];
    return parts.filter((part) => {
      const box = part.getBoundingClientRect();
      const inside = box.top >= 0 && box.left >= 0 && box.bottom <= innerHeight && box.right <= innerWidth;
      const tops = [[0.5, 0.15], [0.5, 0.85]].map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
      return !inside || !tops.every((top) => top && part.contains(top));
    }).map((/** @type {any} */ part) => `${part.id || part.dataset.key || part.className || part.textContent} ${JSON.stringify(part.getBoundingClientRect())}`);
  });
}

/** Words that are broken inside, that run out of the window, or that lie over others. @param {import("playwright-core").Page} page */
function crowded(page) {
  return page.evaluate(() => {
    const faults = [];
    /** @type {any[][]} */
    const placed = /** @type {[string, DOMRect][]} */ ([]);
    const walk = document.createTreeWalker(document.querySelector("#main"), NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
      if (node.parentElement.closest(".mono, .visually-hidden") || !node.parentElement.getClientRects().length) continue;
      for (const { 0: word, index } of (node.textContent || "").matchAll(/[\p{L}\p{N}.,%]+/gu)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const rects = [...range.getClientRects()];
        if (!rects.length || rects[0].width < 2) continue;
        if (/^[A-Za-z]+$/.test(word) && new Set(rects.map((rect) => Math.round(rect.top))).size > 1) faults.push(`broken: ${word}`);
        for (const rect of rects) {
          if (rect.right > innerWidth || rect.left < 0) faults.push(`outside: ${word}`);
          for (const [other, before] of placed) {
            const wide = Math.min(rect.right, before.right) - Math.max(rect.left, before.left);
            const high = Math.min(rect.bottom, before.bottom) - Math.max(rect.top, before.top);
            if (wide > 2 && high > rect.height * 0.5) faults.push(`over: ${word} ${other}`);
          }
          placed.push([word, rect]);
        }
      }
    }
    return faults;
  });
}

test("at 320 pixels in large type no word is broken or lies over another", { skip, timeout: TEST_MS }, async () => {
  const { page, errors, context } = await open(browser, { language: "en", width: 320, height: 640 });
  await signIn(page);
  await page.evaluate(() => document.documentElement.setAttribute("data-size", "large"));
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  const faults = [];
  for (const path of ["depots", "shortages", "expiring", "records", "settings", `depot/${depot}`, `count/${depot}/${item}`, `labels/${depot}`]) {
    await show(page, path);
    for (const fault of await crowded(page)) faults.push(`${path}: ${fault}`);
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(errors, []);
  await context.close();
});

for (const language of ["en", "zh-CN"]) {
  test(`the keys and the name stay in sight on small phones, ${language}`, { skip, timeout: TEST_MS }, async () => {
    const { page, errors, context } = await open(browser, { language });
    await signIn(page);
    const [depot, other] = await depots(page);
    const lines = [...(await items(page, depot)).map((item) => [depot, item]), ...(await items(page, other)).map((item) => [other, item])];
    // The first has a list of lots.
    await show(page, `count/${depot}/${lines[0][1]}`);
    for (const month of ["3109", "3209", "3309", "3409"]) {
      await page.tap("#way-lot");
      for (const key of month) await page.tap(`[data-key="${key}"]`);
      await page.tap("#lot-take");
      await page.waitForSelector("#act-next");
    }
    assert.ok(await page.$$eval(".entries > *", (rows) => rows.length) >= 4);
    const faults = [];
    for (const [width, height, isLarge] of /** @type {[number, number, boolean][]} */ (SIZES)) {
      await page.setViewportSize({ width, height });
      await page.evaluate((size) => document.documentElement.setAttribute("data-size", size), isLarge ? "large" : "usual");
      for (const [code, item] of lines) {
        await show(page, `count/${code}/${item}`);
        const rows = await page.$$(".entries > *");
        if (rows.length > 2) await page.click(".entries > :last-child");
        for (const part of await hidden(page)) faults.push(`${width}×${height}${isLarge ? " large" : ""} ${item} ${rows.length}: ${part}`);
      }
    }
    assert.deepEqual(faults, []);
    assert.deepEqual(errors, []);
    await context.close();
  });
}
