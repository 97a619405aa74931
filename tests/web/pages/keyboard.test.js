// A count by the keyboard alone; the focus is always seen, and never under a bar.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { SCREENS, TEST_MS, address, depots, endsRow, items, launch, leaves, open, settled, show, signIn, skip, stored } from "./browser.js";

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/** Presses Tab until something matches. @param {import("playwright-core").Page} page @param {string} selector */
async function tabTo(page, selector) {
  for (let i = 0; i < 120; i++) {
    if (await page.evaluate((wanted) => document.activeElement && document.activeElement.matches(wanted), selector)) return;
    await page.keyboard.press("Tab");
  }
  assert.fail(`Tab does not reach ${selector}`);
}

/**
 * Types as a hand scanner does: one sign each 5 ms by the clock of the keys, however busy the machine is.
 * @param {import("playwright-core").Page} page
 * @param {string} code
 */
async function scan(page, code) {
  const session = await page.context().newCDPSession(page);
  const from = Date.now() / 1000;
  await Promise.all([...code, "\r"].flatMap((sign, at) => {
    const key = sign === "\r" ? { key: "Enter", code: "Enter", windowsVirtualKeyCode: 13 } : { key: sign };
    const timestamp = from + at * 0.005;
    return [{ type: "keyDown", text: sign }, { type: "keyUp" }].map((event) => session.send("Input.dispatchKeyEvent", /** @type {any} */ ({ ...key, ...event, timestamp })));
  }));
}

test("signing in, counting and sending by the keyboard alone", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser, { language: "en" });
  await page.goto(`${address}/phone`);
  await settled(page);
  await tabTo(page, 'a[href="#/signin"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector("#username");
  await tabTo(page, "#username");
  await page.keyboard.type(process.env.MUSTER_USERNAME || "t3");
  await page.keyboard.press("Tab");
  await page.keyboard.type(process.env.MUSTER_PASSWORD || "");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".depot");
  await settled(page);
  await tabTo(page, ".depot:last-of-type");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#go-on");
  await settled(page);
  await tabTo(page, "#go-on");
  await page.keyboard.press("Enter");
  await page.waitForSelector("#act-next");
  await settled(page);
  // Digits are read wherever the focus is; Enter goes on.
  await page.keyboard.type("12", { delay: 80 });
  await stored(page, "12");
  for (const from = page.url(); page.url() === from;) await endsRow(page, () => page.keyboard.press("Enter"));
  await tabTo(page, "#act-skip");
  await leaves(page, () => page.keyboard.press("Enter"));
  await tabTo(page, ".back");
  await page.keyboard.press("Enter");
  await page.waitForSelector('.foot a[href^="#/review"]');
  await tabTo(page, '.foot a[href^="#/review"]');
  await page.keyboard.press("Enter");
  await page.waitForSelector("#submit");
  await settled(page);
  await tabTo(page, "#submit");
  await page.keyboard.press("Enter");
  await page.waitForSelector(".track");
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("a hand scanner opens its item, and its digits are no quantity", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser);
  await signIn(page);
  const [depot] = await depots(page);
  const [first, second] = await items(page, depot);
  await show(page, `count/${depot}/${first}`);
  await scan(page, second);
  await page.waitForFunction((item) => location.hash.endsWith(`/${item}`), second);
  await settled(page);
  await show(page, `count/${depot}/${first}`);
  assert.equal(await page.inputValue("#quantity"), "");
  // The address of a label, of another depot and another service too.
  const [, elsewhere] = await depots(page);
  for (const [to, origin] of [[depot, address], [elsewhere, "https://muster.example"]]) {
    await show(page, `count/${depot}/${first}`);
    await scan(page, `${origin}/d/${to}#${second}`);
    await page.waitForFunction((hash) => location.hash === hash, `#/count/${to}/${second}`);
    await settled(page);
    assert.equal(await page.inputValue("#quantity"), "");
    await show(page, `depot/${depot}`);
    await page.focus("#search");
    await scan(page, `${origin}/d/${to}#${second}`);
    await page.waitForFunction((hash) => location.hash === hash, `#/count/${to}/${second}`);
    await settled(page);
    await show(page, `depot/${depot}`);
    await page.focus("#search");
    await page.evaluate((text) => document.execCommand("insertText", false, text), `${origin}/d/${to}#${second}`);
    assert.equal(await page.getAttribute(".hits a.line", "href"), `#/count/${to}/${second}`);
    await page.evaluate(() => document.querySelector("#search").dispatchEvent(new InputEvent("input", { inputType: "insertFromPaste" })));
    await page.waitForFunction((hash) => location.hash === hash, `#/count/${to}/${second}`);
    await settled(page);
  }
  await show(page, `count/${depot}/${first}`);
  // A code of nothing that is part of another's opens nothing.
  const here = page.url();
  await scan(page, second.slice(0, -1));
  await page.waitForFunction((code) => document.querySelector("#toast")?.textContent.includes(code), second.slice(0, -1));
  assert.deepEqual([page.url(), await page.inputValue("#quantity")], [here, ""]);
  assert.deepEqual(errors, []);
  await page.context().close();
});

test("the focus is never hidden under a bar and always has a ring", { skip, timeout: TEST_MS }, async () => {
  const { page, errors } = await open(browser, { width: 360, height: 640 });
  await signIn(page);
  const [depot] = await depots(page);
  const [item] = await items(page, depot);
  const faults = [];
  for (const path of [...SCREENS, `depot/${depot}`, `count/${depot}/${item}`]) {
    await show(page, path);
    for (let i = 0; i < 45; i++) {
      await page.keyboard.press("Tab");
      const seen = await page.evaluate(() => {
        const at = document.activeElement;
        if (!at || at === document.body) return "end";
        const box = at.getBoundingClientRect();
        const style = getComputedStyle(at);
        const ring = style.outlineStyle !== "none" || (at.parentElement && getComputedStyle(at.parentElement).outlineStyle !== "none");
        const points = [[.5, .5], [.1, .5], [.9, .5], [.5, .2], [.5, .8]].map(([x, y]) => document.elementFromPoint(box.left + box.width * x, box.top + box.height * y));
        const top = points.some((one) => one && (at.contains(one) || one.contains(at)));
        return `${top ? "" : "hidden "}${ring ? "" : "no ring "}${top && ring ? "ok" : at.outerHTML.slice(0, 100)}`;
      });
      if (seen === "end") break;
      if (seen !== "ok") faults.push(`${path}: ${seen}`);
    }
  }
  assert.deepEqual(faults, []);
  assert.deepEqual(errors, []);
  await page.context().close();
});
