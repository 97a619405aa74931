// Tables of the API as files: a fetch with the token, saved by the browser.

import { h } from "../../shared/dom.js";
import { saveFile } from "../../shared/files.js";
import { icon } from "../../shared/icons.js";
import { failureText, toast } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { readFile } from "../api.js";

/** @typedef {import("../api.js").Query} Query */

/**
 * Saves a table, with all its parts: where more follows than one file holds, the service names the next.
 * @param {string} path
 * @param {Query} query
 * @param {"csv" | "xlsx"} format
 * @param {string} name without ending
 */
export async function downloadTable(path, query, format, name) {
  for (let [part, rest] = [1, query]; ;) {
    const answer = await readFile(path, { ...rest, format });
    saveFile(`${name}${part > 1 ? `-${part}` : ""}.${format}`, await answer.arrayBuffer(), answer.headers.get("content-type") || "");
    const next = /<([^>]*)>;\s*rel="?next"?/.exec(answer.headers.get("link") || "");
    if (!next) return;
    part += 1;
    rest = Object.fromEntries(new URL(next[1], location.href).searchParams);
  }
}

/** Buttons that save a table as CSV and XLSX. @param {string} path @param {() => Query} query as it is when one is pressed @param {string} name without ending */
export function downloadButtons(path, query, name) {
  const button = (/** @type {"csv" | "xlsx"} */ format) => h("button.button.no-print", { type: "button", "aria-label": t("download-as", { format: format.toUpperCase() }), onclick: async () => {
    try {
      await downloadTable(path, query(), format, name);
      toast(t("downloaded"));
    } catch (error) {
      toast(failureText(error), true, true);
    }
  } }, icon("file", 18), format.toUpperCase());
  return [button("xlsx"), button("csv")];
}
