// How it went in 12 weeks: the past weeks are read one after another, the newest first, and shown as they come.

import { fill, h } from "../../../shared/dom.js";
import { figureText, shortDay, t } from "../../../shared/text.js";
import { sparkline } from "../../charts/sparkline.js";
import { asOfLine } from "../../parts/asof.js";
import { refusal } from "../../parts/states.js";
import { LINE_BASES, STATUS_BASES, TREND_WEEKS, dayAfter } from "./data.js";

/** @typedef {import("../../session.js").ApiSchemas["Summary"]} Summary */
/** @typedef {{ short: number, unknown: number }} Numbers */
/** @typedef {{ day: string, summary: Summary }} Week */

/** The curves: a name, and the numbers of a week. Sectors can be added, as each organization and each line has one. @type {[string, (summary: Summary) => Numbers][]} */
const CURVES = [
  ...STATUS_BASES.map((basis) => /** @type {[string, (summary: Summary) => Numbers]} */ ([`organizations-${basis}`, (summary) => sumOf(summary, (group) => group.organization_statuses[basis])])),
  ...LINE_BASES.map((basis) => /** @type {[string, (summary: Summary) => Numbers]} */ ([`lines-${basis}`, (summary) => sumOf(summary, (group) => group[basis].lines)])),
];

/** @param {Summary} summary @param {(group: Summary["groups"][number]) => Numbers} numbers @returns {Numbers} */
function sumOf(summary, numbers) {
  const each = summary.groups.map(numbers);
  return { short: each.reduce((n, one) => n + one.short, 0), unknown: each.reduce((n, one) => n + one.unknown, 0) };
}

/**
 * The curves, filled as the weeks come. `isWanted` says whether the page is still there.
 * @param {import("./data.js").OverviewData} data
 * @param {() => boolean} isWanted
 */
export function trendBlock(data, isWanted) {
  const curves = h("div.columns.four");
  const told = h("p.small.muted", { role: "status" });
  const foot = h("div");
  const box = h("div.stack", null, h("p.small.muted.text", null, t("overview-trend-how")), told, curves, foot);
  /** @type {Week[]} */
  const weeks = [];

  async function load() {
    fill(foot);
    try {
      const today = await data.today();
      while (weeks.length < TREND_WEEKS && isWanted()) {
        const day = dayAfter(today, -7 * weeks.length);
        const summary = await data.week(day, weeks.length ? weeks[0].summary.revision : null);
        weeks.push({ day, summary });
        if (isWanted()) draw();
      }
      if (weeks.length) fill(foot, asOfLine({ ...weeks[0].summary, as_of: null }));
    } catch (error) {
      fill(foot, refusal(error, load));
    }
  }

  function draw() {
    const inOrder = weeks.slice().reverse();
    fill(told, weeks.length < TREND_WEEKS ? t("overview-trend-loading", { n: weeks.length, of: TREND_WEEKS }) : "");
    // Only the last drawing has its table: one that was opened before would close with each week.
    fill(curves, CURVES.map(([name, numbers]) => {
      const points = inOrder.map(({ day, summary }) => ({ day, ...numbers(summary) }));
      const [first, last] = [points[0], points[points.length - 1]];
      const caption = t(`overview-trend-${name}`);
      return h("div.stack-8.trend", null, h("h3", null, caption),
        h("p", null, h("span.mark.mark-short", null, `▲ ${figureText(last.short)}`), " ", h("span.mark.mark-unknown", null, `? ${figureText(last.unknown)}`), " ",
          h("span.small.muted", null, t("overview-trend-from", { day: shortDay(first.day), short: first.short, unknown: first.unknown }))),
        sparkline(points.map(({ day, short, unknown }) => ({ label: day, min: short, max: short + unknown })), { caption, height: 64 }));
    }));
  }

  return { node: box, load };
}
