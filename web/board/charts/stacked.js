// A stacked bar: parts of a whole, each with its kind, beside the figures.

import { h, svg } from "../../shared/dom.js";
import { mark } from "../../shared/status.js";
import { figureText, t } from "../../shared/text.js";
import { chart, fillOf, hatch } from "./frame.js";

/** @typedef {{ kind: string, n: number, words: string, href?: string }} BarPart its kind as marks have it: short, unknown, met, contested, none */

/** The parts as a list of marks with figures, each a link where it has one. @param {BarPart[]} parts */
export function barKey(parts) {
  return h("ul.bar-key", null, parts.map(({ kind, n, words, href }) => h("li", null, mark(kind, words), " ",
    href ? h("a.figure", { href, "aria-label": `${words}: ${figureText(n)}` }, figureText(n)) : h("span.figure", null, figureText(n)))));
}

/** @param {BarPart[]} parts @param {{ caption: string, height?: number, total?: number }} how the whole, where the parts are less */
export function stackedBar(parts, { caption, height = 28, total }) {
  const whole = total || parts.reduce((sum, { n }) => sum + n, 0) || 1;
  const { pattern, fill } = hatch();
  let before = 0;
  const pieces = parts.filter(({ n }) => n > 0).map(({ kind, n }) => {
    const piece = svg("rect", { x: `${before / whole * 100}%`, y: 0, width: `${n / whole * 100}%`, height, ...fillOf(kind, fill) });
    before += n;
    return piece;
  });
  // A line between parts tells them apart without colours.
  let at = 0;
  const edges = parts.filter(({ n }) => n > 0).slice(0, -1).map(({ n }) => {
    at += n;
    return svg("rect", { x: `${at / whole * 100}%`, y: 0, width: 2, height, class: "edge" });
  });
  const drawing = svg("svg", { width: "100%", height, focusable: "false" }, pattern, pieces, edges);
  return chart(drawing, caption, [t("chart-part"), t("chart-number")], parts.map(({ words, n }) => [words, figureText(n)]));
}

/**
 * A bar of a row of a table, whose figures stand beside it: without a name and a table of its own.
 * @param {BarPart[]} parts
 * @param {{ hatched: string, total: number, height?: number }} how the fill of a hatch that the page has, and the length of the longest bar
 */
export function rowBar(parts, { hatched, total, height = 12 }) {
  let before = 0;
  const pieces = parts.filter(({ n }) => n > 0).map(({ kind, n }) => {
    const at = before / (total || 1) * 100;
    before += n;
    return svg("rect", { x: `${at}%`, y: 0, width: `${n / (total || 1) * 100}%`, height, ...fillOf(kind, hatched), "data-kind": kind });
  });
  return svg("svg", { width: "100%", height, focusable: "false", "aria-hidden": "true", class: "row-bar" }, pieces);
}
