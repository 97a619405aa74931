// Pictures of the main screens of a running service: `node pages/screenshots.js FOLDER [NAME ...]`, with the environment of
// browser.js. They are made at the size of a phone, in both languages, light and dark, as WebP; a font with Han signs must be
// installed. Those of the documentation:
//   node pages/screenshots.js ../../docs/pictures depots count review sent shortages expiring

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { depots, gone, items, launch, leaves, open, show, signIn, skip } from "./browser.js";
import { packer } from "./packer.js";

const [folder, ...names] = process.argv.slice(2);
if (skip || !folder) {
  console.error(skip || "name a folder");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const browser = await launch();
const pack = await packer(browser);

/** The size of a picture, in bytes. */
const MOST_BYTES = 25000;

for (const [language, dark] of /** @type {[string, boolean][]} */ ([["zh-CN", false], ["en", true]])) {
  const { page, context } = await open(browser, { language, dark });
  await signIn(page);
  const shoot = async (name) => {
    if (names.length && !names.includes(name)) return;
    const small = await pack(await page.screenshot(), MOST_BYTES);
    writeFileSync(join(folder, `phone-${name}-${language}.webp`), small);
  };
  const [depot, other] = await depots(page);
  await shoot("depots");
  const lines = await items(page, depot);
  await show(page, `count/${depot}/${lines[0]}`);
  for (const key of ["1", "2"]) await page.tap(`[data-key="${key}"]`);
  await page.waitForSelector(".stored:not([hidden])");
  await shoot("count");
  await show(page, `count/${depot}/${lines[1]}`);
  await leaves(page, () => page.tap("#act-zero"));
  // What was said of it is no part of the picture.
  await gone(page, "#toast p");
  await show(page, `depot/${depot}`);
  await shoot("depot");
  await show(page, `review/${depot}`);
  await page.tap("#choice-full");
  await page.waitForSelector("#choice-full[aria-pressed=true]");
  await shoot("review");
  await show(page, "shortages");
  await shoot("shortages");
  await show(page, "expiring");
  await shoot("expiring");
  const [first] = await items(page, other);
  await show(page, `count/${other}/${first}`);
  await page.tap('[data-key="6"]');
  await page.waitForSelector(".stored:not([hidden])");
  await show(page, `review/${other}`);
  await page.tap("#submit");
  await page.waitForFunction(() => document.querySelectorAll(".track .reached").length > 1);
  await shoot("sent");
  await context.close();
}
await browser.close();
