// The list of organizations. Names come first, because they come fast; how each stands follows page by page, so that any of
// thousands is found by typing before all of them are judged.

import { choice } from "../../../shared/choice.js";
import { fill, h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { link, organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { downloadButtons } from "../../parts/download.js";
import { count, organizationMark } from "../../parts/figure.js";
import { heading, refusal } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { codeWords } from "../../parts/words.js";
import { organizationLinesLink } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {{ organization: ApiSchemas["OrganizationView"], standing: ApiSchemas["OrganizationStatusView"] | null }} OrganizationRow */
/** @typedef {"established" | "together"} StandingBasis */

/** The gravest first: the order of the statuses in the column and the choice. */
const LISTED_STATUSES = ["short", "unknown", "met", "not_covered"];
const LISTED_BASES = /** @type {StandingBasis[]} */ (["together", "established"]);

/** @param {import("../../page.js").Board} board @param {Record<string, string>} query @returns {Promise<import("../../page.js").View>} */
export async function organizationListView(board, query) {
  const words = await codeWords();
  const list = organizationList(board, query, words);
  return {
    title: t("nav-organizations"),
    body: h("div.stack", null, heading(t("nav-organizations"), downloadButtons("/organization-statuses", list.asked, "organizations")), list.node),
    leave: list.stop,
    shown: list.start,
  };
}

/** @param {import("../../page.js").Board} board @param {Record<string, string>} query @param {import("./shared.js").CodeWords} words */
function organizationList(board, query, words) {
  const now = {
    status: LISTED_STATUSES.includes(query.status) ? query.status : "",
    basis: LISTED_BASES.find((basis) => basis === query.basis) || LISTED_BASES[0],
    group: query.sector ? `sector ${query.sector}` : query.kind ? `kind ${query.kind}` : "",
    region: query.region || "",
    stopped: false,
    judged: false,
  };
  /** @type {Map<string, OrganizationRow>} */
  const rows = new Map();
  const [statusBox, said, standingLine] = [h("div"), h("p.small.muted", { role: "status" }), h("div")];
  const groups = filterSelect("org-group", t("orgs-group"), (value) => narrow({ group: value }));
  const regions = filterSelect("org-region", t("orgs-region"), (value) => narrow({ region: value }));
  const bases = filterSelect("org-basis", t("orgs-basis"), (value) => narrow({ basis: /** @type {StandingBasis} */ (value) }));
  bases.offer(LISTED_BASES.map((basis) => [basis, words("status_basis", basis)]), now.basis);
  const table = dataTable({
    caption: t("orgs-list-caption"),
    columns: listColumns(words),
    rows: [],
    text: ({ organization }) => [organization.code, organization.name, organization.name_zh, organization.name_en, organization.credit_code].join(" "),
    empty: t("orgs-none"),
    beside: [groups.node, regions.node, bases.node],
  });

  /** @param {Partial<typeof now>} changed */
  function narrow(changed) {
    Object.assign(now, changed);
    const [family, group] = now.group.split(" ");
    board.keepAddress(link("organizations", { status: now.status, basis: now.basis === LISTED_BASES[0] ? null : now.basis, [family || "kind"]: group, region: now.region }));
    draw();
  }

  function draw() {
    const all = Array.from(rows.values());
    const here = all.filter(({ organization }) => (!now.group || groupOf(organization) === now.group) && (!now.region || (organization.region && organization.region.code === now.region)));
    const pressed = document.activeElement && document.activeElement.id;
    const options = /** @type {[string, string][]} */ ([["", t("orgs-all", { n: here.length })], ...LISTED_STATUSES.map((status) =>
      [status, now.judged ? t("orgs-status-number", { status: t(`org-status-${status}`), n: here.filter((row) => isOfStatus(row, status)).length }) : t(`org-status-${status}`)])]);
    fill(statusBox, choice(t("orgs-status"), options, now.status, (status) => narrow({ status })));
    const again = pressed && pressed.startsWith("choice-") ? document.getElementById(pressed) : null;
    if (again) again.focus();
    table.setRows(now.status ? here.filter((row) => isOfStatus(row, now.status)) : here);
  }

  /** @param {OrganizationRow} row @param {string} status */
  const isOfStatus = ({ standing }, status) => standing !== null && standing[now.basis].status === status;

  async function names() {
    await readAll("/organizations", {}, (page) => {
      for (const organization of page) rows.set(organization.code, { organization, standing: null });
      if (!now.stopped) draw();
      return !now.stopped;
    });
    if (now.stopped) return;
    const all = Array.from(rows.values(), ({ organization }) => organization);
    groups.offer([["", t("orgs-any")], ...optionsOf(all.map((one) => [groupOf(one), groupText(one, words)]))], now.group);
    const places = optionsOf(all.flatMap(({ region }) => (region ? [[region.code, region.name]] : [])));
    regions.offer([["", t("orgs-any")], ...places], now.region);
    regions.node.hidden = places.length < 2;
  }

  async function standings() {
    let judged = 0;
    await readAll("/organization-statuses", {}, (page, answer) => {
      if (now.stopped) return false;
      for (const standing of page) {
        const row = rows.get(standing.organization.code);
        if (row) row.standing = standing;
      }
      judged += page.length;
      const { organizations } = answer.totals || { organizations: rows.size };
      fill(said, answer.next_cursor ? t("orgs-judged", { n: judged, of: Math.max(judged, organizations, rows.size) }) : "");
      board.asOf(answer);
      // Before that their number is not known.
      now.judged = !answer.next_cursor;
      fill(standingLine, asOfLine(answer));
      draw();
      return true;
    });
  }

  async function start() {
    table.node.setAttribute("aria-busy", "true");
    try {
      await names();
      if (!now.stopped) await standings();
    } catch (error) {
      fill(said, refusal(error, start));
    }
    table.node.removeAttribute("aria-busy");
  }

  return {
    node: h("div.stack", null, statusBox, table.node, said, standingLine),
    asked: () => ({ status: now.status, basis: now.basis, region: now.region, sector: now.group.startsWith("sector ") ? now.group.slice(7) : null }),
    start: () => {
      draw();
      start();
    },
    stop: () => { now.stopped = true; },
  };
}

/** @param {import("./shared.js").CodeWords} words @returns {import("../../parts/table.js").Column<OrganizationRow>[]} */
function listColumns(words) {
  const gravity = (/** @type {StandingBasis} */ basis) => (/** @type {OrganizationRow} */ { standing }) => (standing ? LISTED_STATUSES.indexOf(standing[basis].status) : null);
  return [
    { head: t("orgs-organization"), rowHead: true, sort: ({ organization }) => organization.code, cell: ({ organization }) => [
      h("a", { href: organizationLink(organization.code) }, organization.name),
      h("div.small.muted.org-plain", null, [organization.code, groupText(organization, words), organization.active ? "" : t("orgs-inactive")].filter(Boolean).join(" · "))] },
    { head: t("orgs-established"), sort: gravity("established"), cell: (row) => standingCell(row, "established") },
    { head: t("orgs-together"), sort: gravity("together"), cell: (row) => standingCell(row, "together") },
    { head: t("orgs-why-unknown"), wide: true, cell: ({ standing }) => standing && standing.causes.length
      ? standing.causes.map(({ code, lines }) => t("orgs-cause", { cause: words("cause", code), n: lines })).join("; ") : "" },
  ];
}

/** How an organization stands on a basis, and how many lines are short and unknown. @param {OrganizationRow} row @param {StandingBasis} basis */
function standingCell({ organization, standing }, basis) {
  if (!standing) return h("span.muted", null, organization.active ? t("orgs-not-judged") : t("orgs-inactive"));
  const { status, lines } = standing[basis];
  const numbers = ["short", "unknown"].filter((one) => lines[/** @type {"short"} */ (one)] > 0).map((one) => {
    const words = t(`line-status-${one}`);
    return h("span.org-number", null, `${words} `, count(lines[/** @type {"short"} */ (one)], organizationLinesLink(organization.code, { status: one, basis: basis === "established" ? basis : null, strength: "mandatory" }), `${organization.name}, ${words}`));
  });
  return [organizationMark(status), numbers.length ? h("div.small.org-numbers", null, numbers) : null];
}

/** What an organization is grouped by: its sector, or its kind where it has none. @param {ApiSchemas["OrganizationView"]} organization */
function groupOf({ sector, kind }) {
  return sector ? `sector ${sector}` : `kind ${kind}`;
}

/** @param {ApiSchemas["OrganizationView"]} organization @param {import("./shared.js").CodeWords} words */
export function groupText({ sector, kind }, words) {
  return sector ? words("sector", sector) : words("organization_kind", kind);
}

/** The options that rows have, each once, by their words. @param {string[][]} found @returns {[string, string][]} */
function optionsOf(found) {
  return Array.from(new Map(/** @type {[string, string][]} */ (found))).sort(([, one], [, other]) => one.localeCompare(other));
}

/** A select that narrows a list. @param {string} id @param {string} label @param {(value: string) => void} act */
export function filterSelect(id, label, act) {
  const select = /** @type {HTMLSelectElement} */ (h("select.input.select", { id, onchange: () => act(select.value) }));
  return {
    node: h("div.field", null, h("label", { for: id }, label), select),
    /** @param {[string, string][]} options @param {string} chosen */
    offer: (options, chosen) => fill(select, options.map(([value, words]) => h("option", { value, selected: value === chosen }, words))),
  };
}
