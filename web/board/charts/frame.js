// What all charts have: a name for screen readers, a hatch for what is unknown, and a table with the same figures behind it.

import { h, svg } from "../../shared/dom.js";
import { t } from "../../shared/text.js";

let hatchNumber = 0;

/** A hatch for what is unknown: the pattern to put into the drawing, and what fills a shape with it. */
export function hatch() {
  const id = `hatch-${++hatchNumber}`;
  const pattern = svg("defs", null, svg("pattern", { id, width: 6, height: 6, patternUnits: "userSpaceOnUse", patternTransform: "rotate(45)" },
    svg("rect", { width: 6, height: 6, class: "hatch-ground" }), svg("rect", { width: 2.5, height: 6, class: "hatch-line" })));
  return { pattern, fill: `url(#${id})` };
}

/** What fills a shape of a kind: the hatch for unknown, its colour for others. @param {string} kind @param {string} hatched */
export function fillOf(kind, hatched) {
  return kind === "unknown" ? { fill: hatched } : { class: `fill-${kind}` };
}

/**
 * A chart with the table behind it, which a press opens.
 * @param {SVGElement} drawing
 * @param {string} caption
 * @param {string[]} head of the table
 * @param {import("../../shared/dom.js").Child[][]} rows of the table; the first cell names the row
 * @returns {HTMLElement}
 */
export function chart(drawing, caption, head, rows) {
  drawing.setAttribute("role", "img");
  drawing.setAttribute("aria-label", caption);
  const behind = () => h("div.table-scroll", { tabindex: "0", role: "region", "aria-label": caption }, h("table", null, h("caption.visually-hidden", null, caption),
    h("thead", null, h("tr", null, head.map((words) => h("th", { scope: "col" }, words)))),
    h("tbody", null, rows.map(([name, ...cells]) => h("tr", null, h("th", { scope: "row" }, name), cells.map((cell) => h("td.number", null, cell)))))));
  // The table is made when it is asked for: a page of many charts stays light.
  const details = h("details.small", { ontoggle: () => details.childElementCount === 1 && details.append(behind()) }, h("summary", null, t("chart-table")));
  return h("figure.chart", null, drawing, details);
}
