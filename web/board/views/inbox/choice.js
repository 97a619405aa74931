// A choice of one act, as radio buttons that stand before the other fields of a form.

import { h } from "../../../shared/dom.js";

let choiceNumber = 0;

/**
 * @param {object} parts
 * @param {string} parts.label
 * @param {{ value: string, words: import("../../../shared/dom.js").Child, more?: import("../../../shared/dom.js").Child }[]} parts.options
 * @param {string} [parts.chosen]
 * @param {(value: string) => void} [parts.onchange]
 */
export function radioChoice({ label, options, chosen = "", onchange }) {
  const name = `choice-${++choiceNumber}`;
  const inputs = options.map(({ value }, at) => /** @type {HTMLInputElement} */ (h("input.check", { type: "radio", name, id: `${name}-${at}`, checked: value === chosen, data: { value }, onchange: () => onchange && onchange(value) })));
  const node = h("fieldset.inbox-radio", null, h("legend.label", null, label), options.map(({ words, more }, at) =>
    h("div.row", null, inputs[at], h("label", { for: `${name}-${at}` }, words, more ? h("span.block.small.muted", null, more) : null))));
  const value = () => {
    const at = inputs.findIndex((input) => input.checked);
    return at < 0 ? "" : options[at].value;
  };
  const choose = (/** @type {string} */ wanted) => inputs.forEach((input, at) => { input.checked = options[at].value === wanted; });
  return { node, value, choose, changed: () => value() !== chosen, focus: () => inputs[0].focus() };
}
