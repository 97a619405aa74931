// A bar of an interval: what is sure is filled, what may be is hatched, what is required is a line across.

import { svg } from "../../shared/dom.js";
import { interval, t, unitText } from "../../shared/text.js";
import { chart, hatch } from "./frame.js";

/** @typedef {{ min: number, max: number | null }} Range */

/** @param {Range} usable @param {Range} required @param {{ caption: string, unit: string, kind?: string, height?: number }} how the kind of its status */
export function intervalBar(usable, required, { caption, unit, kind = "met", height = 20 }) {
  const ends = [usable.max, required.max, usable.min, required.min].map((value) => value || 0);
  const isOpen = usable.max === null;
  const scale = Math.max(1, ...ends) * (isOpen ? 1.15 : 1.05);
  const at = (/** @type {number} */ value) => `${value / scale * 100}%`;
  const { pattern, fill } = hatch();
  const most = usable.max === null ? scale : usable.max;
  const drawing = svg("svg", { width: "100%", height, focusable: "false" }, pattern,
    svg("rect", { x: 0, y: height / 2 - 1, width: "100%", height: 2, class: "axis" }),
    svg("rect", { x: 0, y: 4, width: at(usable.min), height: height - 8, class: `fill-${kind}` }),
    svg("rect", { x: at(usable.min), y: 4, width: at(most - usable.min), height: height - 8, fill }),
    svg("rect", { x: at(required.min), y: 0, width: 3, height, class: "required" }));
  const words = (/** @type {Range} */ range) => `${interval(range)} ${unitText(unit)}`;
  return chart(drawing, caption, [t("chart-part"), t("chart-number")], [[t("chart-required"), words(required)], [t("chart-usable"), words(usable)]]);
}
