// Icons of 24 × 24 as strokes, and the shapes of the statuses.

import { svg } from "./dom.js";

/** @type {Record<string, string>} */
const STROKES = {
  back: "M14.5 5 8 12l6.5 7",
  next: "M9.5 5 16 12l-6.5 7",
  depot: "M4 20V9l8-5 8 5v11M8 20v-8h8v8M8 16h8",
  shortages: "M4 20h16M7 20v-6M12 20V9M17 20V4",
  expiring: "M7 3h10M7 21h10M8 3v3.5L12 12l4-5.5V3M8 21v-3.5L12 12l4 5.5V21",
  records: "M6 3.5h12v17l-3-2-3 2-3-2-3 2zM9.5 8.5h5M9.5 12.5h5",
  settings: "M4 7h10M18 7h2M4 17h2M10 17h10M14 4.5v5M10 14.5v5",
  check: "M5 12.5 10 17.5 19.5 7",
  search: "M10.5 4.5a6 6 0 1 0 0 12 6 6 0 0 0 0-12zM15 15l5 5",
  plus: "M12 5v14M5 12h14",
  erase: "M8.5 5.5H20v13H8.5L3 12zM11.5 9.5l5 5M16.5 9.5l-5 5",
  sync: "M19.5 9A8 8 0 0 0 5 8M4.5 4v4.5H9M4.5 15A8 8 0 0 0 19 16M19.5 20v-4.5H15",
  cloud: "M7 18.5h10a4 4 0 0 0 .6-7.95A6 6 0 0 0 6.1 11 3.8 3.8 0 0 0 7 18.5z",
  phone: "M7.5 3h9v18h-9zM11 18h2",
  person: "M12 4.5a3.5 3.5 0 1 0 0 7 3.5 3.5 0 0 0 0-7zM5 20c.6-4 3.4-5.5 7-5.5s6.4 1.5 7 5.5",
  print: "M7 8V3.5h10V8M7 17H4V8.5h16V17h-3M7 13.5h10v7H7z",
  out: "M13 4H5v16h8M10 12h10M16.5 8.5 20 12l-3.5 3.5",
  file: "M6 3.5h8l4 4v13H6zM14 3.5v4h4",
  info: "M12 4a8 8 0 1 0 0 16 8 8 0 0 0 0-16zM12 11v5.5M12 7.5v.5",
};

/** An icon, hidden from screen readers: words stand beside it. @param {string} name @param {number} [size] */
export function icon(name, size = 24) {
  return svg("svg", {
    viewBox: "0 0 24 24", width: size, height: size, fill: "none", stroke: "currentColor", "stroke-width": 2,
    "stroke-linecap": "round", "stroke-linejoin": "round", "aria-hidden": "true", focusable: "false",
  }, svg("path", { d: STROKES[name] || "" }));
}

/** @type {Record<string, string>} */
const SHAPES = {
  short: "M8 1.5 15.5 14.5H.5z",
  met: "M8 1a7 7 0 1 0 0 14A7 7 0 0 0 8 1z",
  contested: "M8 .5 15.5 8 8 15.5.5 8z",
};

/** The shape of a status: ▲ short, ? unknown, ● met, ◆ contested, ○ none. @param {string} kind */
export function shape(kind) {
  const frame = { viewBox: "0 0 16 16", width: 13, height: 13, "aria-hidden": "true", focusable: "false" };
  if (SHAPES[kind]) return svg("svg", { ...frame, fill: "currentColor" }, svg("path", { d: SHAPES[kind] }));
  const line = { fill: "none", stroke: "currentColor", "stroke-width": 2.4, "stroke-linecap": "round" };
  if (kind === "unknown") {
    return svg("svg", { ...frame, ...line }, svg("path", { d: "M3.5 5A4.5 4 0 1 1 8 9.3V10.5M8 14.4v.1" }));
  }
  return svg("svg", { ...frame, ...line, "stroke-width": 2 }, svg("circle", { cx: 8, cy: 8, r: 6 }));
}

/** The sign of the product: the five strokes by which things are tallied. @param {number} [size] */
export function tally(size = 40) {
  return svg("svg", { viewBox: "0 0 48 48", width: size, height: size, "aria-hidden": "true", focusable: "false", class: "tally" },
    svg("rect", { width: 48, height: 48, rx: 10, fill: "currentColor" }),
    svg("path", { d: "M11 13h26M24 13v22M24 24h10M15 24v11M10 35h28", class: "tally-strokes", fill: "none", "stroke-width": 4, "stroke-linecap": "round" }));
}
