// A sparkline: how a figure went over time, as a band from what is sure to what may be.

import { svg } from "../../shared/dom.js";
import { figureText, interval, t } from "../../shared/text.js";
import { chart } from "./frame.js";

/** @typedef {{ label: string, min: number, max?: number | null }} SparkPoint the name of a time; `max` where it is not sure */

/** @param {SparkPoint[]} points from the oldest @param {{ caption: string, height?: number }} how */
export function sparkline(points, { caption, height = 40 }) {
  const high = points.map(({ min, max }) => (max === undefined || max === null ? min : max));
  const top = Math.max(1, ...high);
  const x = (/** @type {number} */ at) => points.length < 2 ? 50 : at / (points.length - 1) * 100;
  const y = (/** @type {number} */ value) => height - 2 - value / top * (height - 4);
  const line = points.map(({ min }, at) => `${x(at)},${y(min)}`).join(" ");
  const band = [...high.map((value, at) => `${x(at)},${y(value)}`), ...points.map(({ min }, at) => `${x(at)},${y(min)}`).reverse()].join(" ");
  const drawing = svg("svg", { width: "100%", height, viewBox: `0 0 100 ${height}`, preserveAspectRatio: "none", focusable: "false" },
    svg("polygon", { points: band, class: "spark-band" }),
    svg("polyline", { points: line, class: "spark-line", fill: "none", "vector-effect": "non-scaling-stroke" }));
  return chart(drawing, caption, [t("chart-time"), t("chart-number")],
    points.map(({ label, min, max }) => [label, max === undefined ? figureText(min) : interval({ min, max })]));
}
