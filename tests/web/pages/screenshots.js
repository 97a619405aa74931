// Pictures of the main screens of a running service: `node pages/screenshots.js FOLDER [NAME ...]`, with the environment of
// browser.js. They are made at the size of a phone, in both languages, light and dark, as WebP; a font with Han signs must be
// installed. Those of the documentation:
//   node pages/screenshots.js ../../docs/pictures depots count review sent shortages expiring

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { depots, gone, items, launch, leaves, open, show, signIn, skip } from "./browser.js";

const [folder, ...names] = process.argv.slice(2);
if (skip || !folder) {
  console.error(skip || "name a folder");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const browser = await launch();
const packer = await browser.newPage();

/** The size of a picture, in bytes. */
const MOST_BYTES = 25000;

/** A picture as WebP, which the browser itself makes, as good as there is room for. @param {import("playwright-core").Page} page @param {Buffer} png */
async function packed(page, png) {
  const text = await page.evaluate(async ({ base64, most }) => {
    const bytes = Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
    const canvas = document.createElement("canvas");
    Object.assign(canvas, { width: image.width, height: image.height });
    canvas.getContext("2d").drawImage(image, 0, 0);
    const texts = [0.8, 0.75, 0.7, 0.6, 0.5].map((quality) => canvas.toDataURL("image/webp", quality));
    return texts.find((one) => one.length * 3 / 4 <= most) || texts[texts.length - 1];
  }, { base64: png.toString("base64"), most: MOST_BYTES });
  return Buffer.from(text.split(",")[1], "base64");
}

for (const [language, dark] of /** @type {[string, boolean][]} */ ([["zh-CN", false], ["en", true]])) {
  const { page, context } = await open(browser, { language, dark });
  await signIn(page);
  const shoot = async (name) => {
    if (names.length && !names.includes(name)) return;
    const small = await packed(packer, await page.screenshot());
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
