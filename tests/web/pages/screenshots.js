// Pictures of the main screens of a running service: `node pages/screenshots.js FOLDER`, with the environment of browser.js.
// They are made at the size of a phone, in both languages, light and dark; a font with Han signs must be installed.

import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { depots, items, launch, open, show, signIn, skip } from "./browser.js";

const [folder] = process.argv.slice(2);
if (skip || !folder) {
  console.error(skip || "name a folder");
  process.exit(2);
}
mkdirSync(folder, { recursive: true });
const browser = await launch();
for (const [language, dark] of [["zh-CN", false], ["en", true]]) {
  const { page, context } = await open(browser, { language, dark });
  await signIn(page);
  const shoot = (name) => page.screenshot({ path: join(folder, `phone-${name}-${language}.png`) });
  const [depot, other] = await depots(page);
  await shoot("depots");
  const lines = await items(page, depot);
  await show(page, `count/${depot}/${lines[0]}`);
  for (const key of ["1", "2"]) await page.tap(`[data-key="${key}"]`);
  await page.waitForSelector(".stored:not([hidden])");
  await shoot("count");
  await page.tap("#act-next");
  await page.waitForTimeout(200);
  await page.tap("#act-zero");
  await page.waitForTimeout(2000);
  await show(page, `depot/${depot}`);
  await shoot("depot");
  await show(page, `review/${depot}`);
  await page.tap("#choice-full");
  await page.waitForTimeout(200);
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
