// Two editors at once: a change is sent with the tag of what was read; where somebody else was faster (412), their change and mine
// are shown side by side before anything is overwritten.

import { h } from "../../shared/dom.js";
import { t } from "../../shared/text.js";
import { read, send } from "../api.js";
import { openDialog } from "./dialog.js";

/**
 * @typedef {{ key: string, label: string, show?: (value: any) => import("../../shared/dom.js").Child }} Compared a part of the thing, as it is
 *   called, and how its value is shown
 */

/**
 * Sends a change; resolves with the answer, with what another editor stored where the person takes that (`theirs`), or with null
 * where the person goes back to the form, which keeps what was typed.
 * @param {object} change
 * @param {string} change.path  of the thing: it is read again there
 * @param {Record<string, any>} change.body  what the person wants
 * @param {string | null} change.etag  of what was read
 * @param {Record<string, any>} change.before  what was read
 * @param {Compared[]} change.compared  the parts that are shown side by side
 * @param {"PUT" | "POST" | "DELETE"} [change.method]
 * @param {string} [change.to]  where the change is sent, if not to `path`
 * @param {(thing: any) => Record<string, any>} [change.view]  the compared parts of what is read, where it has them elsewhere
 * @param {Record<string, any>} [change.mine]  the compared parts that the person wants, where the body has them elsewhere
 * @returns {Promise<{ json: any, etag: string | null, theirs?: true } | null>}
 */
export async function saveChange({ path, body, etag, before, compared, method = "PUT", to: target = path, view = (thing) => thing, mine = body }) {
  for (let tag = etag; ;) {
    try {
      return await send(method, target, body, { etag: tag });
    } catch (error) {
      // Where there was nothing to read, another editor made it meanwhile (428).
      if (/** @type {any} */ (error).status !== 412 && !(tag === null && /** @type {any} */ (error).status === 428)) throw error;
    }
    const theirs = await read(path);
    const answer = await askWhose(compared, view(before), view(theirs.json), mine);
    if (answer === "theirs") return { json: theirs.json, etag: theirs.etag, theirs: true };
    if (answer === null) return null;
    tag = theirs.etag;
  }
}

/** @param {Compared[]} compared @param {Record<string, any>} before @param {Record<string, any>} theirs @param {Record<string, any>} mine @returns {Promise<"mine" | "theirs" | null>} */
function askWhose(compared, before, theirs, mine) {
  const same = (/** @type {any} */ one, /** @type {any} */ other) => JSON.stringify(one === undefined ? null : one) === JSON.stringify(other === undefined ? null : other);
  const rows = compared.filter(({ key }) => !same(theirs[key], before[key]) || !same(mine[key], before[key]));
  return openDialog(t("editors-title"), (close) => [
    h("p.text", null, t("editors-text")),
    h("div.table-scroll", { tabindex: "0", role: "region", "aria-label": t("editors-title") }, h("table", null,
      h("thead", null, h("tr", null, ["editors-part", "editors-before", "editors-theirs", "editors-mine"].map((head) => h("th", { scope: "col" }, t(head))))),
      h("tbody", null, rows.map(({ key, label, show = shownPlainly }) => h("tr", null,
        h("th", { scope: "row" }, label), h("td", null, show(before[key])),
        h("td", { class: same(theirs[key], before[key]) ? "" : "changed" }, show(theirs[key])), h("td", { class: same(mine[key], before[key]) ? "" : "changed" }, show(mine[key]))))))),
    h("div.acts", null,
      h("button.button.primary", { type: "button", onclick: () => close("theirs") }, t("editors-take-theirs")),
      h("button.button", { type: "button", onclick: () => close("mine") }, t("editors-take-mine")),
      h("button.button", { type: "button", onclick: () => close(null) }, t("back"))),
  ], { wide: true });
}

/** @param {unknown} value */
function shownPlainly(value) {
  if (value === null || value === undefined || value === "") return h("span.muted", null, t("nothing-set"));
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}
