// The way from one part of a page to the others.

import { h } from "../../shared/dom.js";

/** @param {string} label what the parts are of @param {{ href: string, words: string, isCurrent: boolean }[]} parts */
export function subpages(label, parts) {
  return h("nav.subpages.no-print", { "aria-label": label }, h("ul", null, parts.map(({ href, words, isCurrent }) =>
    h("li", null, h("a", { href, "aria-current": isCurrent ? "page" : null }, words)))));
}
