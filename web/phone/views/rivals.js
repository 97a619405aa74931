// The counts that differ on an item: who made each, and when.

import { h } from "../../shared/dom.js";
import { clock, t } from "../../shared/text.js";

/**
 * The counts that stand on an item beside each other, latest first; nothing where there is one alone.
 * @param {import("./page.js").Page} page
 * @param {string} depot
 * @param {string} item
 */
export function rivalList(page, depot, item) {
  const line = page.phone.line(depot, item);
  if (!line || line.counts.length < 2) return null;
  const own = new Set(page.phone.counts().map((count) => count.countId));
  return h("ul.dots.small", null, line.counts.slice(0, 3).map(({ id, kind, by, at }) => h("li", null,
    [t(kind === "inspection" ? "rivals-inspection" : own.has(id) ? "rivals-mine" : "rivals-other"), by, clock(at)].filter(Boolean).join(" · "))));
}
