// How many organizations are short, unknown, met and not covered, on each basis, and what changed since last week.

import { h } from "../../../shared/dom.js";
import { figureText, t } from "../../../shared/text.js";
import { barKey, stackedBar } from "../../charts/stacked.js";
import { link } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { kindOf } from "../../parts/figure.js";
import { loading } from "../../parts/states.js";
import { ORGANIZATION_ORDER, STATUS_BASES, dayAfter } from "./data.js";

/** @typedef {import("./data.js").OverviewData} OverviewData */
/** @typedef {NonNullable<import("../../session.js").ApiSchemas["OrganizationStatusPage"]["totals"]>} Totals */

/** @param {import("../../page.js").Board} board @param {OverviewData} data */
export async function overviewHeadline(board, data) {
  const page = await data.totals();
  board.asOf(page);
  const { totals } = page;
  if (!totals || !totals.organizations) return h("p", null, t("overview-no-organizations"));
  return [
    h("div.columns", null, STATUS_BASES.map((basis) => {
      const parts = ORGANIZATION_ORDER.map((status) => ({ kind: kindOf(status), n: totals[basis][status], words: t(`org-status-${status}`), href: link("organizations", { status, basis }) }));
      const caption = t(`overview-by-${basis}`, { n: totals.organizations });
      return h("div.stack-8", null, h("h3", null, caption), barKey(parts), stackedBar(parts, { caption }));
    })),
    loading(() => sinceLastWeek(data, totals), 1),
    asOfLine(page),
  ];
}

/** What changed since a week ago, as it is known today. @param {OverviewData} data @param {Totals} now */
async function sinceLastWeek(data, now) {
  const day = dayAfter(await data.today(), -7);
  const page = await data.totalsOn(day);
  const before = page.totals;
  if (!before) return null;
  return h("div.columns", null, STATUS_BASES.map((basis) => {
    const changed = ORGANIZATION_ORDER.filter((status) => now[basis][status] !== before[basis][status]);
    return h("p.week-change", null, t("overview-since", { day }), " ", changed.length
      ? changed.map((status) => h(`span.mark.mark-${kindOf(status)}`, null, `${t(`org-status-${status}`)} ${signed(now[basis][status] - before[basis][status])}`))
      : t("overview-since-same"));
  }));
}

/** A difference with its sign. @param {number} difference */
function signed(difference) {
  return `${difference > 0 ? "+" : "−"}${figureText(Math.abs(difference))}`;
}
