// A telephone that a press calls.

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";

/** @param {string} number */
export function telephone(number) {
  return h("a.telephone", { href: `tel:${number.replace(/[^+0-9*#]/g, "")}` }, icon("phone", 16), number);
}
