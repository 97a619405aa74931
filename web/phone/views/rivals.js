// Counts that differ, side by side: who, when, how many.

import { h } from "../../shared/dom.js";
import { clock, figureText, t, unitText } from "../../shared/text.js";

/**
 * The counts that differ on an item, as columns; nothing where the phone does not know them.
 * @param {import("./page.js").Page} page
 * @param {string} depot
 * @param {string} item
 */
export function rivalColumns(page, depot, item) {
  const rivals = page.phone.rivals(depot, item);
  if (rivals.length < 2) return null;
  const line = page.phone.line(depot, item);
  return h("dl.figures.rivals", null, rivals.slice(-3).map((one) => h("div", null,
    h("dt", null, t(one.kind === "inspection" ? "rivals-inspection" : one.mine ? "rivals-mine" : "rivals-other")),
    h("dd", null, one.quantity === null ? h("small", null, t("rivals-unknown")) : [figureText(one.quantity), line ? h("small", null, unitText(line.unit, one.quantity)) : null],
      h("small.block", null, [one.by, clock(one.at)].filter(Boolean).join(" · "))))));
}
