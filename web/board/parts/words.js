// Words that the service has for its codes, its facts and its items: fetched once for each language, and again after some minutes,
// because a bureau changes its dictionary and its catalogue.

import { language } from "../../shared/text.js";
import { readAll } from "../api.js";

/** @typedef {import("../session.js").ApiSchemas} ApiSchemas */
/** @typedef {(family: string, code: string | null | undefined) => string} CodeWords */

const KEPT_MS = 10 * 60 * 1000;

/** @type {Map<string, { since: number, rows: Promise<any> }>} */
const keptWords = new Map();

/** @template T @param {string} name @param {() => Promise<T>} load @returns {Promise<T>} */
function keepWords(name, load) {
  const key = `${language()} ${name}`;
  const found = keptWords.get(key);
  if (found && performance.now() - found.since < KEPT_MS) return found.rows;
  const rows = load();
  keptWords.set(key, { since: performance.now(), rows });
  rows.catch(() => keptWords.delete(key));
  return rows;
}

/** The names of codes by their family, such as `cause` or `count_flag`; a code without a name is shown as it is. @returns {Promise<CodeWords>} */
export function codeWords() {
  return keepWords("labels", async () => {
    const labels = await readAll("/labels");
    const named = new Map(labels.map(({ family, code, label }) => [`${family} ${code}`, label]));
    return (family, code) => (code ? named.get(`${family} ${code}`) || code : "");
  });
}

/** The dictionary of facts, by their keys. @returns {Promise<Map<string, ApiSchemas["FactDefinitionView"]>>} */
export function factDictionary() {
  return keepWords("facts", async () => new Map((await readAll("/facts")).map((fact) => [fact.key, fact])));
}

/** The catalogue of items, by their codes. @returns {Promise<Map<string, ApiSchemas["ItemView"]>>} */
export function itemCatalogue() {
  return keepWords("items", async () => new Map((await readAll("/items")).map((item) => [item.code, item])));
}
