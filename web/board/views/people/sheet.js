// Sheets of cards and labels to print on A4 and to cut.

import { fill, h, svg } from "../../../shared/dom.js";
import { icon } from "../../../shared/icons.js";
import { t } from "../../../shared/text.js";
import { heading } from "../../parts/states.js";
import { printWhole } from "../../parts/table.js";

/** @typedef {import("../../../shared/dom.js").Child} Child */

/** On the screen at most so many pieces are shown, so that thousands of them do not weigh on it; all are printed. */
const PIECES_SHOWN = 60;

/** What stands above a sheet on the screen: the way back, the act, and what to know. @param {string} title @param {string} back @param {string} act @param {...Child} words */
export function sheetBar(title, back, act, ...words) {
  return h("div.sheet-bar.stack.no-print", null, h("p", null, h("a", { href: back }, t("people-sheet-back"))), heading(title), words,
    h("div.acts", null, h("button.button.primary", { type: "button", id: "print", onclick: () => window.print() }, icon("print", 18), act)));
}

/** Marks at the four corners, to cut by: as a picture, because backgrounds are not printed everywhere. @param {number} width @param {number} height in millimetres */
export function cutMarks(width, height) {
  const [near, right, bottom, long] = [0.1, width - 0.1, height - 0.1, 3];
  const path = [[near, near, 1, 1], [right, near, -1, 1], [near, bottom, 1, -1], [right, bottom, -1, -1]]
    .map(([x, y, across, down]) => `M${x} ${y}h${across * long}M${x} ${y}v${down * long}`).join("");
  return svg("svg", { viewBox: `0 0 ${width} ${height}`, class: "cut", "aria-hidden": "true", focusable: "false", preserveAspectRatio: "none" }, svg("path", { d: path, fill: "none", stroke: "currentColor", "stroke-width": 0.35 }));
}

/**
 * Pieces in pages, each broken from the next.
 * @template Piece
 * @param {string} kind  the class of the pages
 * @param {Piece[]} pieces
 * @param {number} onPage
 * @param {(piece: Piece) => Child} draw
 */
export function sheetPages(kind, pieces, onPage, draw) {
  const box = h("div");
  const show = (/** @type {Piece[]} */ some) => {
    const pages = [];
    for (let at = 0; at < some.length; at += onPage) pages.push(h(`div.sheet-page.${kind}`, null, some.slice(at, at + onPage).map(draw)));
    fill(box, pages, some.length < pieces.length ? h("p.sheet-more.muted.no-print", null, t("people-sheet-more", { n: pieces.length - some.length })) : null);
  };
  const few = pieces.slice(0, Math.floor(PIECES_SHOWN / onPage) * onPage || onPage);
  show(few);
  if (few.length < pieces.length) printWhole(box, (whole) => show(whole ? pieces : few));
  return box;
}

/**
 * What a view of a sheet does when it comes and goes: while it is shown, the paper has narrow margins, not those of documents. A page
 * has one rule for its paper, and the other pages have theirs.
 */
export function sheetPaper() {
  const sheet = document.styleSheets[document.styleSheets.length - 1];
  /** @type {CSSRule | null} */
  let rule = null;
  return {
    shown: () => { rule = sheet.cssRules[sheet.insertRule("@page { margin: 12mm; }", sheet.cssRules.length)]; },
    leave: () => {
      const at = rule ? Array.from(sheet.cssRules).indexOf(rule) : -1;
      if (at >= 0) sheet.deleteRule(at);
    },
  };
}
