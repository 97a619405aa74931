// What is missing of each item, in its unit, as intervals: what is surely missing, and what may be.

import { h, svg } from "../../../shared/dom.js";
import { interval, t, unitText } from "../../../shared/text.js";
import { hatch } from "../../charts/frame.js";
import { asOfLine } from "../../parts/asof.js";
import { figure } from "../../parts/figure.js";
import { dataTable } from "../../parts/table.js";
import { LINE_BASES, rangeOfSum } from "./data.js";
import { linesLink, signKey, signedCount } from "./marks.js";

/** @typedef {import("./data.js").SummaryGroup} SummaryGroup */
/** @typedef {import("./data.js").LineBasis} LineBasis */

/** @param {import("./data.js").OverviewData} data */
export async function overviewItems(data) {
  const summary = await data.items();
  const rows = summary.groups.filter((group) => group.unit && LINE_BASES.some((basis) => group[basis].lines.short + group[basis].lines.unknown > 0));
  rows.sort((one, other) => other.established.lines.short - one.established.lines.short || other.indicative.lines.short - one.indicative.lines.short);
  if (!rows.length) return [h("p", null, t("overview-items-none")), asOfLine(summary)];
  const { pattern, fill } = hatch();
  const table = dataTable({
    caption: t("overview-items-caption"), rows, perPage: 10, text: (group) => `${group.name} ${group.key}`,
    columns: [
      { head: t("overview-item"), rowHead: true, sort: (group) => group.name, cell: (group) => [group.name, " ", h("span.small.muted.nowrap", null, group.key)] },
      ...LINE_BASES.map((basis) => ({
        head: t(`overview-missing-${basis}`), sort: (/** @type {SummaryGroup} */ group) => surely(group, basis), cell: (/** @type {SummaryGroup} */ group) => missingCell(group, basis, fill),
      })),
    ],
  });
  return [svg("svg", { width: 0, height: 0, "aria-hidden": "true", class: "hatch-source" }, pattern), h("p.small.muted", null, t("overview-items-how")), signKey(["short", "unknown"]), table.node, asOfLine(summary)];
}

/** What is surely missing, for the order. @param {SummaryGroup} group @param {LineBasis} basis */
function surely(group, basis) {
  const { quantities } = group[basis];
  return quantities ? rangeOfSum(quantities.shortage).min : null;
}

/** The interval, how sure it is, and what is there of what is required. @param {SummaryGroup} group @param {LineBasis} basis @param {string} hatched */
function missingCell(group, basis, hatched) {
  const { quantities } = group[basis];
  if (!quantities) return h("span.small.muted", null, t("overview-no-lines"));
  const [missing, required, usable] = [quantities.shortage, quantities.required, quantities.usable].map(rangeOfSum);
  const certainty = missing.max === missing.min ? "sure" : missing.max === null ? "open" : "between";
  return h("div.missing", null,
    figure(missing, { unit: group.unit, href: linesLink({ item: group.key, basis }), label: `${group.name}, ${t(`overview-missing-${basis}`)}` }),
    h("span.small.muted", null, t(`overview-certainty-${certainty}`, { n: quantities.shortage.unbounded })), lineCounts(group, basis),
    missingBar(missing, required, hatched),
    h("span.small.muted.nowrap", null, t("overview-usable-of", { usable: interval(usable), required: interval(required), unit: unitText(group.unit || "") })));
}

/**
 * A bar of what is missing of what is required: filled where it is sure, hatched where it may be; an open end reaches the edge.
 * @param {{ min: number, max: number | null }} missing
 * @param {{ min: number, max: number | null }} required
 * @param {string} hatched
 */
function missingBar(missing, required, hatched) {
  const whole = Math.max(1, required.max || 0, required.min, missing.max || 0, missing.min);
  const most = missing.max === null ? whole : missing.max;
  const share = (/** @type {number} */ value) => `${value / whole * 100}%`;
  return svg("svg", { width: "100%", height: 8, "aria-hidden": "true", focusable: "false", class: "row-bar" },
    svg("rect", { x: 0, y: 3, width: "100%", height: 2, class: "axis" }),
    missing.min > 0 ? svg("rect", { x: 0, y: 0, width: share(missing.min), height: 8, class: "fill-short" }) : null,
    most > missing.min ? svg("rect", { x: share(missing.min), y: 0, width: share(most - missing.min), height: 8, fill: hatched }) : null);
}

/** How many lines of the item are short, and how many unknown. @param {SummaryGroup} group @param {LineBasis} basis */
function lineCounts(group, basis) {
  const statuses = /** @type {("short" | "unknown")[]} */ (["short", "unknown"]).filter((status) => group[basis].lines[status] > 0);
  return h("span.signed-row", null, statuses.map((status) => signedCount(status, group[basis].lines[status], {
    href: linesLink({ item: group.key, basis, status }), label: `${group.name}, ${t(`overview-${basis}-lines`)}, ${t(`line-status-${status}`)}`,
  })));
}
