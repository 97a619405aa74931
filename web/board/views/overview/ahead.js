// What lies ahead: lots that expire in 30 days, and counts that become too old to speak.

import { h } from "../../../shared/dom.js";
import { dayText, figureText, t } from "../../../shared/text.js";
import { mark } from "../../../shared/status.js";
import { lineLink, link, organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { figure } from "../../parts/figure.js";
import { dataTable } from "../../parts/table.js";
import { DAYS_AHEAD } from "./data.js";
import { to } from "../../../shared/address.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./data.js").OverviewData} OverviewData */
/** @typedef {Pick<ApiSchemas["ExpiringLotView"], "organization" | "depot" | "item" | "lot" | "expires_on" | "days_left" | "usable" | "lines">} Lot */

const SOONEST = 6;

/** @param {OverviewData} data */
export async function lotsAhead(data) {
  const page = await data.expiring();
  const lots = /** @type {Lot[]} */ (page.items).slice().sort((one, other) => one.days_left - other.days_left);
  const turning = lots.filter(({ lines }) => lines.some((line) => line.becomes_short));
  const all = to("overview", "expiring");
  const least = (/** @type {number} */ n) => ({ min: n, max: page.next_cursor ? null : n });
  if (!lots.length) return [h("p", null, t("overview-lots-none", { days: DAYS_AHEAD })), asOfLine(page)];
  return [
    h("ul.bar-key", null,
      h("li", null, h("span", null, t("overview-lots")), " ", figure(least(lots.length), { href: all, label: t("overview-lots") })),
      h("li", null, mark("short", t("overview-lots-short")), " ", figure(least(turning.length), { href: `${all}?short=1`, label: t("overview-lots-short") }))),
    lotTable(lots.slice(0, SOONEST), t("overview-lots-soonest")).node,
    asOfLine(page),
  ];
}

/** A table of lots: when, where, what, and which lines become short by it. @param {Lot[]} lots @param {string} caption @param {((lot: Lot) => string)} [text] */
export function lotTable(lots, caption, text) {
  return dataTable({
    caption, rows: lots, text,
    columns: [
      { head: t("overview-expires-on"), sort: (lot) => lot.expires_on, cell: (lot) => [h("span.nowrap", null, dayText(lot.expires_on)), h("span.small.muted.block", null, t("overview-days-left", { n: lot.days_left }))] },
      { head: t("overview-item"), rowHead: true, sort: itemName, cell: (lot) => [itemName(lot), lot.lot ? h("span.small.muted.block", null, lot.lot) : null] },
      { head: t("overview-organization"), sort: (lot) => lot.organization.code, cell: (lot) => [h("a", { href: organizationLink(lot.organization.code) }, lot.organization.name), h("span.small.muted.block", null, lot.depot.name)] },
      { head: t("chart-usable"), sort: (lot) => (lot.usable ? lot.usable.min : null), cell: (lot) => figure(lot.usable, { unit: lot.item ? lot.item.unit : "" }) },
      { head: t("overview-then"), cell: (lot) => thenOf(lot) },
    ],
  });
}

/** @param {Lot} lot */
export function itemName({ item }) {
  return item ? item.name : t("value-unknown");
}

/** @param {Lot} lot */
function thenOf({ organization, lines }) {
  const turning = lines.filter((line) => line.becomes_short);
  if (!turning.length) return h("span.small.muted", null, t("overview-then-same"));
  return h("ul", null, turning.map((line) => h("li", null, mark("short", t("overview-missing")), " ",
    figure(line.shortage_then, { unit: line.unit, href: lineLink(organization.code, line.line), label: `${organization.name}, ${line.name}` }),
    line.basis === "indicative" ? h("span.small.muted", null, ` ${t("overview-indicative")}`) : null)));
}

/** Counts that are too old now, and those that become so. @param {OverviewData} data */
export async function countsAhead(data) {
  const [now, then] = await Promise.all([data.causes(), data.causesAhead()]);
  const [old, later] = [staleDepots(now), staleDepots(then)];
  const soon = Array.from(later).filter(([depot]) => !old.has(depot)).map(([, place]) => place);
  const least = (/** @type {number} */ n) => ({ min: n, max: now.next_cursor || then.next_cursor ? null : n });
  const unknown = link("organizations", { status: "unknown", basis: "together" });
  return [
    h("ul.bar-key", null,
      h("li", null, mark("unknown", t("overview-stale-now")), " ", figure(least(old.size), { href: unknown, label: t("overview-stale-now") })),
      h("li", null, mark("unknown", t("overview-stale-soon", { days: DAYS_AHEAD })), " ", figure(least(soon.length), { label: t("overview-stale-soon", { days: DAYS_AHEAD }) }))),
    h("h3.small", null, t(soon.length ? "overview-stale-soon-list" : "overview-stale-now-list")),
    h("ul.top-lines", null, (soon.length ? soon : Array.from(old.values())).slice(0, SOONEST).map(({ organization, name, keeper, lines }) => h("li", null,
      h("p.row.wrap.spread", null, h("a", { href: organizationLink(organization.code) }, `${organization.name} · ${name}`), h("span.small.muted.nowrap", null, t("overview-lines-n", { n: lines }))),
      keeper ? h("p.small.muted", null, t("overview-ask", { who: keeper })) : null))),
    old.size + soon.length > SOONEST ? h("p.small", null, h("a", { href: unknown }, t("overview-ask-all"))) : null,
    h("p.small.muted", null, t("overview-stale-then", { n: figureText(then.totals ? then.totals.together.unknown : 0), day: then.as_of || "" })),
    asOfLine(now),
  ];
}

/** The depots whose count is too old, with the lines that are unknown by it. @param {ApiSchemas["OrganizationStatusPage"]} page */
function staleDepots(page) {
  const stale = page.items.flatMap(({ organization, causes }) => causes.filter(({ code }) => code === "stale_count")
    .flatMap(({ depots, ask, lines }) => depots.map(({ code, name }) => {
      const asked = ask.find(({ depot }) => depot === code);
      return /** @type {const} */ ([code, { organization, name, lines, keeper: asked ? asked.keeper || "" : "" }]);
    })));
  return new Map(stale);
}
