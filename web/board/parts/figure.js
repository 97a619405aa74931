// A figure: an interval with its unit, which leads to its explanation. Unknown is said in words, never as 0 or nothing.

import { h } from "../../shared/dom.js";
import { mark } from "../../shared/status.js";
import { figureText, interval, t, unitText } from "../../shared/text.js";

/** @typedef {{ min: number, max: number | null }} Range */

/** The kind of mark of each status of lines and organizations. @type {Record<string, string>} */
const STATUS_KINDS = { short: "short", unknown: "unknown", met: "met", contested: "contested", conflict: "contested", not_covered: "none", not_set: "none", not_required: "none", at: "met", below: "unknown" };

/** The kind of a status, as `mark` and the charts know it: short, unknown, met, contested, none. @param {string} status */
export function kindOf(status) {
  return STATUS_KINDS[status] || "none";
}

/** A status of a line: shape, word, colour. @param {string} status */
export function statusMark(status) {
  return mark(kindOf(status), t(`line-status-${status}`));
}

/** The status of an organization. @param {string} status */
export function organizationMark(status) {
  return mark(kindOf(status), t(`org-status-${status}`));
}

/** An interval, or null where nothing is known of it. @param {{ min: number, max?: number | null }} range @returns {Range | null} */
export function knownRange({ min, max = null }) {
  return max === null && min === 0 ? null : { min, max };
}

/**
 * An interval with its unit: `5–9 套`, `≥ 5 套`. Null, and an interval of which nothing is known, is unknown: its words are shown.
 * @param {Range | number | null} range
 * @param {{ unit?: string, href?: string, words?: string, label?: string }} [how] where it leads, what unknown is called, and what
 *   the figure is, for screen readers
 */
export function figure(range, { unit, href, words, label } = {}) {
  const value = typeof range === "number" ? { min: range, max: range } : range && knownRange(range);
  const shown = value
    ? [interval(value), unit ? h("small", null, unitText(unit, value.max === null ? undefined : value.max)) : null]
    : h("span.mark.mark-unknown", null, words || t("value-unknown"));
  const node = href ? h("a.figure", { href }, shown) : h("span.figure", null, shown);
  if (label) node.setAttribute("aria-label", `${label}: ${node.textContent}`);
  return node;
}

/** A number of things, which leads to their list. @param {number} n @param {string} href @param {string} label what is counted */
export function count(n, href, label) {
  return h("a.figure", { href, "aria-label": `${label}: ${figureText(n)}` }, figureText(n));
}
