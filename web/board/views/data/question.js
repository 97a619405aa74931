// One question of a ledger: what the row says, the items that come near, and the answer, which is remembered for the same words.

import { fill, h } from "../../../shared/dom.js";
import { failureText, mark } from "../../../shared/status.js";
import { dayText, figureText, t, unitText } from "../../../shared/text.js";
import { typedNumber } from "../../../shared/typed-number.js";
import { read, send } from "../../api.js";
import { mayEdit } from "../../rights.js";
import { suggestCodes } from "../../parts/suggest.js";
import { findDepots } from "./import-settings.js";
import { dataQuantityWords, wordsOf } from "./words.js";

/** @typedef {import("./ledgers.js").LedgerRow} LedgerRow */

let questionNumber = 0;

/** What an answer needs beside the item, by the reason why the row is open. @type {Record<string, string[]>} */
const NEEDED = { quantity: ["quantity"], unit: ["factor", "quantity"], depot: ["depot"] };

/**
 * @param {LedgerRow} row
 * @param {Map<string, { name: string, unit: string }>} items
 * @param {() => Promise<void>} answered  called once the answer is stored
 */
export function ledgerQuestion(row, items, answered) {
  const id = `data-question-${++questionNumber}`;
  const now = { choice: "", touched: false, done: false };
  const said = h("div", { "aria-live": "assertive" });
  const legend = h("legend", { tabindex: "-1" }, wordsOf(row.text), dataQuantityWords(row.text) ? h("span.data-quantity", null, dataQuantityWords(row.text)) : null);
  const choose = (/** @type {string} */ value) => () => {
    now.choice = value;
    now.touched = true;
    extra.hidden = value === "none";
  };
  const radio = (/** @type {string} */ value, /** @type {import("../../../shared/dom.js").Child} */ words, /** @type {import("../../../shared/dom.js").Child} */ beside) =>
    h("div.data-candidate", null, h("input.check", { type: "radio", name: id, id: `${id}-${value}`, value, onchange: choose(value) }), h("label", { for: `${id}-${value}` }, words), beside);
  const other = input("other", "text", { "aria-label": t("data-other-item"), oninput: () => {
    /** @type {HTMLInputElement} */ (node.querySelector(`#${id}-other`)).checked = true;
    choose("other")();
  } });
  const itemWords = (/** @type {string} */ item) => {
    const known = items.get(item);
    return [h("span.strong", null, known ? known.name : item), " ", h("span.muted", null, [item, known ? unitText(known.unit) : ""].filter(Boolean).join(" · "))];
  };
  const candidates = row.candidates.map(({ item, score, reasons }) => radio(item, itemWords(item),
    h("span.data-score", null, h("span.figure", null, t("data-score", { n: score })), h("span.small.muted", null, reasons.map((reason) => t(`data-reason-${reason}`)).join(" · ")))));
  // A row whose quantity, unit or depot alone is in doubt has no candidates: the items of its name are looked up.
  const byName = h("div");
  if (mayEdit() && !candidates.length && row.why !== "no_item" && (row.text.item || row.text.name)) void lookUp();

  async function lookUp() {
    try {
      const { json } = await read("/items", { q: row.text.item || row.text.name, limit: 3 });
      fill(byName, json.items.map((/** @type {{ code: string }} */ { code }) => radio(code, itemWords(code), h("span.small.muted", null, t("data-by-name")))));
    } catch (_) {
      // Without it the item is typed.
    }
  }

  const needed = NEEDED[row.why || ""] || [];
  const quantity = input("quantity", "text", { inputmode: "decimal" });
  const factor = input("factor", "text", { inputmode: "decimal" });
  const depot = input("depot", "text", {});
  const reason = input("reason", "text", {});
  const remember = /** @type {HTMLInputElement} */ (h("input.check", { type: "checkbox", id: `${id}-remember`, checked: true }));
  const extra = h("div.data-extra", null,
    extraField("quantity", quantity, needed.includes("quantity") || !/^\s*\d+(\.\d+)?\s*$/.test(row.text.quantity || "")),
    extraField("factor", factor, needed.includes("factor")),
    extraField("depot", depot, needed.includes("depot") || !row.depot));

  /** @param {string} name @param {string} type @param {Record<string, any>} more */
  function input(name, type, more) {
    return /** @type {HTMLInputElement} */ (h("input.input", { id: `${id}-${name}-value`, type, spellcheck: "false", autocomplete: "off", ...more, oninput: more.oninput || (() => { now.touched = true; }) }));
  }

  /** @param {string} name @param {HTMLInputElement} control @param {boolean} isShown */
  function extraField(name, control, isShown) {
    return h("div.field", { hidden: !isShown }, h("label", { for: control.id }, t(`data-answer-${name}`)), h("div.hint", null, t(`data-answer-${name}-hint`)), control);
  }

  async function store() {
    const picked = now.choice === "other" ? other.value.trim() : now.choice;
    if (!picked) {
      fill(said, h("p.fault", null, t("data-answer-choose")));
      const first = /** @type {HTMLElement | null} */ (node.querySelector("input"));
      if (first) first.focus();
      return;
    }
    const none = now.choice === "none";
    const number = (/** @type {HTMLInputElement} */ control) => {
      if (!control.value.trim() || none) return null;
      const typed = typedNumber(control.value);
      return typed === null ? Number.NaN : typed;
    };
    const body = { item: none ? null : picked, quantity: number(quantity), factor: number(factor), depot: none ? null : depot.value.trim() || null, reason: reason.value.trim() || null, remember: remember.checked };
    if (Number.isNaN(body.quantity) || Number.isNaN(body.factor)) {
      fill(said, h("p.fault", null, t("data-answer-number")));
      return;
    }
    button.setAttribute("aria-disabled", "true");
    try {
      const { json } = await send("PUT", `/ledger-rows/${row.id}/decision`, body);
      settle(json.stored);
      await answered();
    } catch (error) {
      const problem = /** @type {any} */ (error).problem;
      fill(said, h("p.fault", null, problem && problem.errors.length ? problem.errors.map((/** @type {any} */ one) => one.detail).join(" ") : failureText(error)));
    }
    button.removeAttribute("aria-disabled");
  }

  /** The row is no question any more. @param {LedgerRow} [stored] left out where the same words were answered elsewhere */
  function settle(stored) {
    if (now.done) return;
    now.done = true;
    const known = stored && stored.item ? items.get(stored.item) : null;
    const words = !stored ? t("data-answered-same") : stored.status === "unlisted" ? t("data-answered-none")
      : t("data-answered", { name: known ? known.name : stored.item || "", n: stored.quantity === null ? "" : figureText(stored.quantity), unit: known ? unitText(known.unit) : "" });
    const line = h("p.data-settled", { tabindex: "-1" }, mark(stored && stored.status === "unlisted" ? "none" : "met", wordsOf(row.text)), " ", words);
    node.replaceWith(line);
    if (stored) line.focus();
  }

  const button = h("button.button.primary", { type: "submit" }, t("data-answer-act"));
  const node = h("form.data-question", { novalidate: true, onsubmit: (/** @type {Event} */ event) => {
    event.preventDefault();
    if (!button.getAttribute("aria-disabled")) void store();
  } }, h("fieldset.stack-8", null, legend,
    h("p.small.muted", null, [row.organization.name, row.depot ? row.depot.name : t("data-depot-none"), dayText(row.ledger_on), row.text.class, row.text.place].filter(Boolean).join(" · ")),
    h("p", null, mark("unknown", t(`data-why-${row.why || "item"}`))),
    mayEdit() ? [
      candidates, byName,
      radio("other", t("data-other-item"), other),
      radio("none", t("data-answer-none"), null),
      extra,
      h("details", null, h("summary", null, t("data-answer-more")),
        h("div.field", null, h("label", { for: reason.id }, t("data-answer-reason")), reason),
        h("div.field", null, h("div.row", null, remember, h("label", { for: remember.id }, t("data-answer-remember"))))),
      said, h("div.acts", null, button),
    ] : candidates.length ? h("p.small", null, t("data-answer-officers")) : null));
  // Suggestions stand beside their fields, so these must be in the form.
  if (mayEdit()) {
    suggestCodes(other, async (q) => (await read("/items", { q, limit: 20 })).json.items);
    suggestCodes(depot, (q) => findDepots(q, row.organization.code));
  }
  return { node, changed: () => now.touched && !now.done, settle: () => settle(), focus: () => legend.focus() };
}
