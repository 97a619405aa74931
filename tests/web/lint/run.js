// Holds the pages to the oldest supported browsers: `npm run lint`, without a network. Names of files lint these alone; they lie in
// the folder `web` of the project.

import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ESLint } from "eslint";
import stylelint from "stylelint";
import { STYLE_CONDITIONS } from "./baseline.js";

const here = dirname(fileURLToPath(import.meta.url));
const cwd = join(here, "../../..");
const named = process.argv.slice(2);
const of = (/** @type {string} */ ending, /** @type {string} */ all) => (named.length ? named.filter((name) => name.endsWith(ending)) : [all]);
// The data of browsers are those of the lock file, however old they are.
Object.assign(process.env, { BROWSERSLIST_IGNORE_OLD_DATA: "1", BASELINE_BROWSER_MAPPING_IGNORE_OLD_DATA: "1" });

/** Faults that must be found, or the linters look for nothing. */
const PLANTED_SCRIPT = 'structuredClone({}); [1].at(-1); Object.hasOwn({}, "a"); AbortSignal.timeout(1); let a = 1; a ??= 2;';
const PLANTED_STYLE = "a:has(b) { color: red; } a { & b { color: red; } } a { aspect-ratio: 1; }";

/** @param {string[]} files @returns {Promise<string[]>} what was found, of planted faults that were not found too */
async function lintScripts(files) {
  const eslint = new ESLint({ cwd, overrideConfigFile: join(here, "eslint.config.js") });
  const results = files.length ? await eslint.lintFiles(files) : [];
  const found = results.flatMap(({ filePath, messages }) => messages.map(({ line, column, message, ruleId }) => `${filePath}:${line}:${column} ${message} (${ruleId})`));
  const [planted] = await eslint.lintText(PLANTED_SCRIPT, { filePath: "web/shared/dom.js" });
  const rules = ["compat/compat", "es-x/no-array-prototype-at", "es-x/no-object-hasown", "no-restricted-properties", "es-x/no-logical-assignment-operators"];
  return [...found, ...unseen(rules, planted.messages.map(({ ruleId }) => String(ruleId)))];
}

/** @param {string[]} files @returns {Promise<string[]>} */
async function lintStyles(files) {
  const configFile = join(here, "stylelint.config.js");
  const { results } = files.length ? await stylelint.lint({ files, cwd, configFile }) : { results: [] };
  const isException = (/** @type {string} */ text) => STYLE_CONDITIONS.some((name) => text.startsWith(`Media condition "${name}" `));
  const found = results.flatMap(({ source, warnings, invalidOptionWarnings }) => [
    ...invalidOptionWarnings.map(({ text }) => text),
    ...warnings.filter(({ text }) => !isException(text)).map(({ line, column, text }) => `${source}:${line}:${column} ${text}`),
  ]);
  const planted = (await stylelint.lint({ code: PLANTED_STYLE, cwd, configFile })).results.flatMap(({ warnings }) => warnings.map(({ text }) => text));
  return [...found, ...unseen(["css-has", "css-nesting", "aspect-ratio"], planted)];
}

/** @param {string[]} wanted @param {string[]} found */
function unseen(wanted, found) {
  return wanted.filter((name) => !found.some((text) => text.includes(name))).map((name) => `a planted fault was not found: ${name}`);
}

const found = [...await lintScripts(of(".js", "web")), ...await lintStyles(of(".css", "web/**/*.css"))];
for (const one of found) console.error(one);
process.exit(found.length ? 1 : 0);
