// A choice of one, side by side.

import { h } from "./dom.js";

/**
 * Buttons of which one is pressed.
 * @param {string} words what is chosen, for screen readers
 * @param {[string, string][]} options
 * @param {string} chosen
 * @param {(key: string) => void} act
 */
export function choice(words, options, chosen, act) {
  return h("div.choice", { role: "group", "aria-label": words }, options.map(([key, label]) =>
    h("button", { type: "button", id: `choice-${key}`, "aria-pressed": String(key === chosen), onclick: () => act(key) }, label)));
}
