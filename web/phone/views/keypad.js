// The keypad that is always visible: digits in the order of a phone, and the acts below.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { t } from "../../shared/text.js";
import { tremble } from "./page.js";
import { pressed } from "./press.js";

/**
 * @typedef {object} KeyAct
 * @property {string} id
 * @property {string} words
 * @property {boolean} [main]
 * @property {() => unknown} act
 *
 * @typedef {object} Keypad
 * @property {HTMLElement} node
 * @property {(acts: KeyAct[]) => void} acts  shows other acts
 * @property {(point: boolean) => void} point  whether fractions may be typed
 * @property {(text: string, unit: string) => void} shows  what was typed, above the keys where the window is short
 */

/** @param {(key: string) => void} typed @returns {Keypad} */
export function keypad(typed) {
  const key = (/** @type {string} */ name, /** @type {import("../../shared/dom.js").Child} */ face, /** @type {string} */ words) => h("button.key", {
    type: "button", "data-key": name, "aria-label": words, onclick: () => {
      tremble(20);
      typed(name);
    },
    onmousedown: (/** @type {Event} */ event) => event.preventDefault(),
  }, face);
  const point = /** @type {HTMLButtonElement} */ (key(".", ".", t("key-point")));
  const keys = h("div.keys", { role: "group", "aria-label": t("keypad") },
    ["1", "2", "3", "4", "5", "6", "7", "8", "9"].map((digit) => key(digit, digit, digit)),
    point, key("0", "0", "0"), key("erase", icon("erase", 30), t("key-erase")));
  const row = h("div.keys.acts");
  const shown = h("p.readout", { "aria-hidden": "true" });
  return {
    node: h("div.pad", null, shown, keys, row),
    acts(acts) {
      const at = document.activeElement && row.contains(document.activeElement) ? document.activeElement.id : "";
      fill(row, acts.map((one) => h(`button.key.act${one.main ? ".main" : ""}`, {
        type: "button", id: one.id, onmousedown: (/** @type {Event} */ event) => event.preventDefault(), onclick: (/** @type {Event} */ event) => {
          pressed(event);
          one.act();
        },
      }, one.words)));
      if (at) {
        const again = document.getElementById(at);
        if (again) again.focus();
      }
    },
    shows(text, unit) {
      fill(shown, h("b", null, text || "–"), " ", unit);
    },
    point(allowed) {
      point.disabled = !allowed;
    },
  };
}
