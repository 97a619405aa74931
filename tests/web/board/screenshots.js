// Pictures of the board: `MUSTER=/path/to/muster node board/screenshots.js FOLDER [NAME ...]`. They are made over a demo, in both
// languages, light and dark, as WebP; a font with Han signs must be installed. Those of the documentation:
//   MUSTER=../../target/debug/muster node board/screenshots.js ../../docs/pictures signin wall overview organization

import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { launch } from "../pages/browser.js";
import { packer } from "../pages/packer.js";
import { Service } from "../pages/service.js";
import { goBoard, openBoard, signInBoard, skip } from "./board.js";

const [folder, ...names] = process.argv.slice(2);
if (skip || !folder) {
  console.error(skip || "name a folder");
  process.exit(2);
}

/** The size of a picture, in bytes and pixels. */
const MOST_BYTES = 60000;
const WIDEST = 1280;

/** The pages by name: their address, and who looks at them; a wall is shown at its size, an inspector's sheet on a phone too. @type {[string, string, string, [number, number]][]} */
const SHOTS = [
  ["overview", "overview", "viewer", [1280, 900]],
  ["organizations", "organizations", "viewer", [1280, 900]],
  ["organization", "organizations/T3", "officer", [1280, 900]],
  ["organization-phone", "organizations/T3", "officer", [390, 844]],
  ["inbox", "inbox", "officer", [1280, 900]],
  ["people", "people", "admin", [1280, 900]],
  ["data", "data", "admin", [1280, 900]],
  ["standards", "standards", "officer", [1280, 900]],
  ["start", "start", "admin", [1280, 900]],
  ["wall", "wall", "viewer", [1920, 1080]],
];

mkdirSync(folder, { recursive: true });
const service = new Service();
await service.start();
const browser = await launch();
const pack = await packer(browser);
const held = { browser, base: service.inner, password: service.password, service };
const wanted = (/** @type {string} */ name) => !names.length || names.includes(name);

for (const [language, dark] of /** @type {[string, boolean][]} */ ([["zh-CN", false], ["en", true]])) {
  const keep = async (/** @type {string} */ name, /** @type {Buffer} */ png) => writeFileSync(join(folder, `board-${name}-${language}.webp`), await pack(png, MOST_BYTES, WIDEST));
  if (wanted("signin")) {
    const { page, context } = await openBoard(held, { language, dark, height: 720 });
    await page.goto(`${held.base}/board`);
    await page.waitForSelector("#demo-viewer");
    await keep("signin", await page.screenshot());
    await context.close();
  }
  for (const who of ["viewer", "officer", "admin"]) {
    const shots = SHOTS.filter(([name, , one]) => one === who && wanted(name));
    if (!shots.length) continue;
    const { page, context } = await openBoard(held, { language, dark });
    await signInBoard(held, page, who);
    for (const [name, path, , [width, height]] of shots) {
      await page.setViewportSize({ width, height });
      await goBoard(page, path);
      await keep(name, await page.screenshot());
    }
    await context.close();
  }
}
await browser.close();
await service.end();
