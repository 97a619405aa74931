// Holds the pages to the oldest supported browsers: `npm run lint`, without a network. Names of files lint these alone; they lie in
// the folder `web` of the project.

import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import stylelint from "stylelint";
import { STYLE_CONDITIONS } from "./baseline.js";

const here = dirname(fileURLToPath(import.meta.url));
const cwd = join(here, "../../..");
const named = process.argv.slice(2);
const of = (/** @type {string} */ ending, /** @type {string} */ all) => (named.length ? named.filter((name) => name.endsWith(ending)) : [all]);
// The data of browsers are those of the lock file, however old they are.
Object.assign(process.env, { BROWSERSLIST_IGNORE_OLD_DATA: "1", BASELINE_BROWSER_MAPPING_IGNORE_OLD_DATA: "1" });

/** @param {string[]} files */
function lintScripts(files) {
  if (!files.length) return true;
  const eslint = join(dirname(createRequire(import.meta.url).resolve("eslint/package.json")), "bin/eslint.js");
  return spawnSync(process.execPath, [eslint, "--config", join(here, "eslint.config.js"), "--max-warnings", "0", ...files], { cwd, stdio: "inherit" }).status === 0;
}

/** @param {string[]} files */
async function lintStyles(files) {
  if (!files.length) return true;
  const { results } = await stylelint.lint({ files, cwd, configFile: join(here, "stylelint.config.js") });
  const isException = (/** @type {string} */ text) => STYLE_CONDITIONS.some((name) => text.startsWith(`Media condition "${name}" `));
  const found = results.flatMap(({ source, warnings, invalidOptionWarnings }) => [
    ...invalidOptionWarnings.map(({ text }) => text),
    ...warnings.filter(({ text }) => !isException(text)).map(({ line, column, text }) => `${source}:${line}:${column} ${text}`),
  ]);
  for (const one of found) console.error(one);
  return results.length > 0 && found.length === 0;
}

const isGood = [lintScripts(of(".js", "web")), await lintStyles(of(".css", "web/**/*.css"))].every(Boolean);
process.exit(isGood ? 0 : 1);
