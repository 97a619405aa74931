// The blocks of the wall, in type that is read from across a room.

import { fill, h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { figureText, shortDay, t, unitText } from "../../../shared/text.js";
import { barKey, stackedBar } from "../../charts/stacked.js";
import { lineLink, link, organizationLink } from "../../links.js";
import { figure, kindOf } from "../../parts/figure.js";
import { WALL_DAYS, gravestFirst } from "./data.js";

/** @typedef {import("./data.js").WallData} WallData */

const WALL_STATUSES = /** @type {const} */ (["short", "unknown", "met", "not_covered"]);
const WALL_BASES = /** @type {const} */ (["established", "together"]);

/** How many rows a block has at most; `fitWall` hides those for which there is no room. */
const WALL_SHORT = 5;
const WALL_UNKNOWN = 3;
const WALL_LOTS = 6;

/** @param {WallData} data */
export function headlineBlock({ statuses }) {
  const { totals } = statuses;
  if (!totals || !totals.organizations) return h("p", null, t("wall-none"));
  return h("div.wall-bases", null, WALL_BASES.map((basis) => {
    const parts = WALL_STATUSES.map((status) => ({ kind: kindOf(status), n: totals[basis][status], words: t(`org-status-${status}`), href: link("organizations", { status, basis }) }));
    const caption = t(`wall-by-${basis}`, { n: totals.organizations });
    return h("div.wall-basis", null, h("h3", null, caption), barKey(parts), stackedBar(parts, { caption, height: 22 }));
  }));
}

/** @param {WallData} data */
export function sectorBlock({ sectors }) {
  const short = (/** @type {any} */ group) => group.organization_statuses.together.short;
  const groups = sectors.groups.slice().sort((one, other) => short(other) - short(one));
  const cells = (/** @type {any} */ numbers) => ["short", "unknown"].map((status) => h("td.number", null, figureText(numbers[status])));
  return h("div.table-scroll", { tabindex: "0", role: "group", "aria-labelledby": "wall-sectors" }, h("table.wall-table", null,
    h("caption.visually-hidden", null, t("wall-sectors")),
    h("thead", null,
      h("tr", null, h("th", { scope: "col", rowspan: 2 }, t("wall-sector")), WALL_BASES.map((basis) => h("th.number", { scope: "colgroup", colspan: 2 }, t(`wall-head-${basis}`))), h("th.number", { scope: "col", rowspan: 2 }, t("wall-of"))),
      h("tr", null, WALL_BASES.map(() => ["short", "unknown"].map((status) => h("th.number", { scope: "col" }, mark(kindOf(status), t(`org-status-${status}`))))))),
    h("tbody", { data: { rows: groups.length } }, groups.map((group) => h("tr", null,
      h("th", { scope: "row" }, group.name || t("wall-no-sector")),
      WALL_BASES.map((basis) => cells(group.organization_statuses[basis])),
      h("td.number", null, figureText(group.organizations)))))));
}

/** What is surely short, the gravest first, and of whom nobody knows enough. @param {WallData} data @param {Map<string, string>} causes words by code */
export function firstBlock({ short, statuses }, causes) {
  const lines = gravestFirst(short).slice(0, WALL_SHORT);
  const asked = statuses.items.slice().sort((one, other) => other.established.lines.unknown - one.established.lines.unknown).slice(0, WALL_UNKNOWN);
  if (!lines.length && !asked.length) return h("p", null, t("wall-nothing-first"));
  const { totals } = statuses;
  return h("ul.wall-list", { data: { rows: short.length, organizations: totals ? totals.established.unknown : 0 } },
    lines.map(({ organization, line, name, shortage, required, unit }) => h("li", null, mark("short", t("org-status-short")),
      h("span.wall-what", null, h("span.strong", null, name), h("span.muted.wall-where", null, organization.name)),
      h("a.figure", { href: lineLink(organization.code, line), "aria-label": `${organization.name}, ${name}: ${rangeText(shortage)} ${unitText(unit)}` },
        rangeText(shortage), h("small", null, t("wall-of-required", { n: rangeText(required), unit: unitText(unit) }))))),
    asked.map(({ organization, causes: why, established }) => h("li", { data: { of: "organizations" } }, mark("unknown", t("org-status-unknown")),
      h("span.wall-what", null, h("span.strong", null, organization.name), h("span.muted.wall-where", null, why.slice(0, 2).map((cause) => wallCauseText(cause, causes)).join(t("wall-and")))),
      h("a.figure", { href: organizationLink(organization.code), "aria-label": `${organization.name}: ${t("wall-lines", { n: established.lines.unknown })}` }, figureText(established.lines.unknown), h("small", null, t("wall-lines-unit"))))));
}

/** An interval as `figure` shows it. @param {{ min: number, max: number | null }} range */
function rangeText(range) {
  return figure(range).textContent || "";
}

/** @param {import("../../session.js").ApiSchemas["CauseView"]} cause @param {Map<string, string>} words */
function wallCauseText({ code, depots }, words) {
  const said = words.get(code) || code;
  return depots.length ? t("wall-cause-depots", { cause: said, n: depots.length }) : said;
}

/** @param {WallData} data */
export function expiringBlock({ expiring }) {
  if (!expiring.length) return h("p", null, t("wall-nothing-expires", { n: WALL_DAYS }));
  const worse = expiring.filter((lot) => lot.lines.some((line) => line.becomes_short)).length;
  const next = expiring.slice().sort((one, other) => one.days_left - other.days_left).slice(0, WALL_LOTS);
  return [
    h("p.wall-lead", null, h("a.figure", { href: link("overview") }, figureText(expiring.length)), " ", t("wall-lots", { n: expiring.length }), worse ? [" · ", mark("short", t("wall-become-short", { n: worse }))] : null),
    h("ul.wall-list", { data: { rows: expiring.length } }, next.map(({ organization, item, expires_on: day, quantity }) => h("li", null,
      h("span.wall-day", null, shortDay(day)),
      h("span.wall-what", null, h("span.strong", null, item ? item.name : t("wall-no-item")), h("span.muted.wall-where", null, organization.name)),
      h("a.figure", { href: organizationLink(organization.code), "aria-label": `${organization.name}: ${item ? item.name : ""}` }, quantity === null ? "≥ 10⁹" : figureText(quantity), item ? h("small", null, unitText(item.unit, quantity === null ? undefined : quantity)) : null)))),
  ];
}

/** Hides the last rows of each block for which there is no room, and says how many are not shown: a wall does not scroll. @param {HTMLElement} wall */
export function fitWall(wall) {
  for (const one of wall.querySelectorAll("section")) {
    const list = /** @type {HTMLElement | null} */ (one.querySelector("[data-rows]"));
    const rest = /** @type {HTMLElement | null} */ (one.querySelector(".wall-rest"));
    if (!list || !rest) continue;
    const rows = Array.from(list.children);
    const isOrganization = (/** @type {Element} */ row) => row.getAttribute("data-of") === "organizations";
    const tell = (/** @type {number} */ shown) => {
      // Lines and organizations are not added to one number.
      const [lines, organizations] = [false, true].map((of) => Number(list.dataset[of ? "organizations" : "rows"] || 0) - rows.slice(0, shown).filter((row) => isOrganization(row) === of).length);
      fill(rest, [lines > 0 ? t("wall-more", { n: lines }) : null, organizations > 0 ? t("wall-more-unknown", { n: organizations }) : null].filter(Boolean).join(" · "));
    };
    rows.forEach((row) => row.removeAttribute("hidden"));
    tell(rows.length);
    for (let left = rows.length - 1; left > 0 && one.scrollHeight > one.clientHeight + 1; left -= 1) {
      rows[left].setAttribute("hidden", "");
      tell(left);
    }
  }
}
