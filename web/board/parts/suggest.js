// Suggestions for a field that takes a code: what the service finds for the words typed so far, by code, name and pinyin.

import { fill, h } from "../../shared/dom.js";
import { read } from "../api.js";

const MOST_SUGGESTED = 20;
let suggestionNumber = 0;

/**
 * Suggests things of a list while somebody types; what is chosen is the code.
 * @param {HTMLInputElement} input
 * @param {(q: string) => Promise<{ code: string, name: string }[]>} find
 */
export function suggestCodes(input, find) {
  const id = `suggested-${++suggestionNumber}`;
  const list = h("datalist", { id });
  input.setAttribute("list", id);
  input.setAttribute("autocomplete", "off");
  input.after(list);
  let asked = 0;
  const look = async () => {
    const turn = ++asked;
    try {
      const found = await find(input.value.trim());
      if (turn === asked) fill(list, found.slice(0, MOST_SUGGESTED).map(({ code, name }) => h("option", { value: code }, `${name} · ${code}`)));
    } catch (_) {
      // Without suggestions the code can still be typed; a wrong one is refused when the form is sent.
    }
  };
  input.addEventListener("input", look);
  input.addEventListener("focus", () => !list.firstChild && void look());
}

/** Organizations for words. @param {string} q */
export async function findOrganizations(q) {
  return (await read("/organizations", { q, limit: MOST_SUGGESTED })).json.items;
}

/** Regions for words: there are few. @param {string} q */
export async function findRegions(q) {
  const { json } = await read("/regions", { limit: 500 });
  return json.items.filter((/** @type {{ code: string, name: string }} */ { code, name }) => `${code} ${name}`.toLowerCase().includes(q.toLowerCase()));
}
