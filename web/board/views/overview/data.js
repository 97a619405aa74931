// The figures of the overview: each answer of the service is read once, and shared by the blocks that show it.

import { read, readAll } from "../../api.js";
import { once } from "../../parts/once.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["SummaryGroup"]} SummaryGroup */
/** @typedef {ApiSchemas["StatusBasis"]} StatusBasis */
/** @typedef {ApiSchemas["Basis"]} LineBasis */

/** The statuses of organizations, the gravest first. @type {ApiSchemas["OrganizationStatus"][]} */
export const ORGANIZATION_ORDER = ["short", "unknown", "met", "not_covered"];

/** The statuses of mandatory lines, the gravest first. @type {(keyof ApiSchemas["StatusNumbers"])[]} */
export const LINE_ORDER = ["short", "unknown", "not_set", "met", "not_required"];

/** The lines by which an organization is judged: side by side, never added. @type {StatusBasis[]} */
export const STATUS_BASES = ["established", "together"];

/** The bases of lines: side by side, never added. @type {LineBasis[]} */
export const LINE_BASES = ["established", "indicative"];

/** How far the overview looks ahead, and how many weeks back. */
export const DAYS_AHEAD = 30;
export const TREND_WEEKS = 12;

/** The most rows that a block reads: what more there is, is said. */
export const MOST_ROWS = 500;

/** A day so many days later. @param {string} day @param {number} days */
export function dayAfter(day, days) {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86400000).toISOString().slice(0, 10);
}

/** What the service answers to a question, typed. @template T @param {string} path @param {import("../../api.js").Query} query @returns {Promise<T>} */
async function answerOf(path, query) {
  return (await read(path, query)).json;
}

/** The answers that the blocks share. */
export function overviewData() {
  const totals = once(() => /** @type {Promise<ApiSchemas["OrganizationStatusPage"]>} */ (answerOf("/organization-statuses", { limit: 1 })));
  const today = async () => {
    const page = await totals();
    return page.as_of || (page.items.length ? page.items[0].as_of : page.known_at.slice(0, 10));
  };
  const fields = "organization,causes";
  const summary = (/** @type {string} */ group) => once(() => /** @type {Promise<ApiSchemas["Summary"]>} */ (answerOf("/shortages/summary", { group_by: group })));
  return {
    totals,
    today,
    totalsOn: async (/** @type {string} */ day) => /** @type {ApiSchemas["OrganizationStatusPage"]} */ (await answerOf("/organization-statuses", { limit: 1, fields: "organization", as_of: day })),
    sectors: summary("sector"),
    classes: summary("item_class"),
    items: summary("item"),
    /** The class of each item. */
    classOfItem: once(async () => new Map((await readAll("/items", { fields: "code,class" })).map(({ code, class: group }) => [code, group]))),
    causes: once(() => /** @type {Promise<ApiSchemas["OrganizationStatusPage"]>} */ (answerOf("/organization-statuses", { limit: MOST_ROWS, fields }))),
    causesAhead: once(async () => /** @type {ApiSchemas["OrganizationStatusPage"]} */ (await answerOf("/organization-statuses", { limit: MOST_ROWS, fields, as_of: dayAfter(await today(), DAYS_AHEAD) }))),
    expiring: once(() => /** @type {Promise<ApiSchemas["ExpiringPage"]>} */ (answerOf("/expiring", { within_days: DAYS_AHEAD, limit: MOST_ROWS, fields: "organization,depot,item,lot,expires_on,days_left,usable,lines" }))),
    shortLines: (/** @type {LineBasis} */ basis) => /** @type {Promise<ApiSchemas["ShortagePage"]>} */ (answerOf("/shortages", { status: "short", strength: "mandatory", basis, limit: MOST_ROWS, fields: "organization,item,line,name,required,shortage,unit" })),
    /** The lines by sector on a day, as one revision knows them. */
    week: (/** @type {string} */ day, /** @type {number | null} */ revision) => /** @type {Promise<ApiSchemas["Summary"]>} */ (answerOf("/shortages/summary", { group_by: "sector", as_of: day, revision })),
  };
}

/** @typedef {ReturnType<typeof overviewData>} OverviewData */

/** A sum as an interval: an end without a bound leaves it open. @param {ApiSchemas["Sum"]} sum */
export function rangeOfSum({ min, max, unbounded }) {
  return { min: min === null ? 1e9 : min, max: unbounded || max === null || min === null ? null : max };
}
