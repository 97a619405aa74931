// The heat table: organizations × classes of items. A cell has the gravest status of its lines and how many have it, the
// established lines over the indicative, and leads to them. It is read for some organizations at a time; the others are found by typing.

import { fill, h } from "../../../shared/dom.js";
import { empty, skeleton } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { refusal } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { LINE_BASES, LINE_ORDER } from "./data.js";
import { linesLink, signKey, signedCount } from "./marks.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./data.js").OverviewData} OverviewData */
/** @typedef {Pick<ApiSchemas["ShortageLine"], "organization" | "item" | "status" | "basis">} HeatLine */
/** @typedef {Map<string, number>} Numbers lines by basis and status */
/** @typedef {{ code: string, name: string, cells: Map<string, Numbers> }} HeatRow */
/** @typedef {{ key: string, name: string }} HeatClass */

/** The statuses of lines that require something, the gravest first. */
const HEAT_STATUSES = LINE_ORDER.filter((status) => status !== "not_required");
/** The organizations read at once: as many as a request may name. */
const HEAT_ORGANIZATIONS = 100;
const HEAT_ROWS_SHOWN = 12;
/** Nothing is required: the words over the table say so of the dash. */
const NOTHING = "–";
/** The column of lines that several items can meet. */
const SEVERAL = "";

/** @param {OverviewData} data */
export function heatBlock(data) {
  const box = h("div.stack-8");
  const found = h("p.small.muted", { role: "status" });
  /** @type {{ words: string, turn: number, cursors: (string | null)[], timer: number }} */
  const now = { words: "", turn: 0, cursors: [null], timer: 0 };
  const input = /** @type {HTMLInputElement} */ (h("input.input", { id: "heat-find", type: "search", autocomplete: "off", spellcheck: "false", oninput: () => {
    clearTimeout(now.timer);
    now.timer = window.setTimeout(() => {
      now.words = input.value.trim();
      now.cursors = [null];
      load();
    }, 300);
  } }));

  async function load() {
    const turn = ++now.turn;
    box.setAttribute("aria-busy", "true");
    if (!box.firstChild) fill(box, skeleton(8));
    try {
      const [classes, part] = await Promise.all([heatClasses(data), organizationsOf(now.words, now.cursors[now.cursors.length - 1])]);
      const { rows, standing } = await heatRows(data, part.organizations);
      if (turn !== now.turn) return;
      fill(found, part.next || now.cursors.length > 1 ? t("overview-heat-part", { n: rows.length }) : "");
      fill(box, rows.length ? [heatTable(rows, classes), turns(part.next), standing ? asOfLine(standing) : null] : empty(t(now.words ? "table-no-match" : "overview-no-organizations")));
    } catch (error) {
      if (turn === now.turn) fill(box, refusal(error, load));
    }
    if (turn === now.turn) box.removeAttribute("aria-busy");
  }

  /** The organizations before and after those shown. @param {string | null} next */
  function turns(next) {
    const go = (/** @type {() => void} */ act) => () => {
      act();
      load().then(() => input.focus());
    };
    return h("div.pager.no-print", null,
      now.cursors.length > 1 ? h("button.button", { type: "button", onclick: go(() => now.cursors.pop()) }, t("overview-heat-before")) : null,
      next ? h("button.button", { type: "button", onclick: go(() => now.cursors.push(next)) }, t("overview-heat-after")) : null);
  }

  const node = h("div.stack", null,
    h("p.small.muted.text", null, t("overview-heat-how")), signKey(HEAT_STATUSES),
    h("div.field.no-print.heat-find", null, h("label", { for: "heat-find" }, t("overview-heat-find")), input), found, box);
  return { node, load };
}

/** The classes that some mandatory line has. @param {OverviewData} data @returns {Promise<HeatClass[]>} */
async function heatClasses(data) {
  const [summary, classOfItem] = await Promise.all([data.classes(), data.classOfItem()]);
  const known = new Set(classOfItem.values());
  const used = summary.groups.filter((group) => LINE_BASES.some((basis) => LINE_ORDER.some((status) => group[basis].lines[status] > 0)));
  const classes = used.filter(({ key }) => known.has(key)).map(({ key, name }) => ({ key, name }));
  return used.length > classes.length ? [...classes, { key: SEVERAL, name: t("overview-several") }] : classes;
}

/** @param {string} words @param {string | null} cursor @returns {Promise<{ organizations: { code: string, name: string }[], next: string | null }>} */
async function organizationsOf(words, cursor) {
  const { json } = await read("/organizations", { limit: HEAT_ORGANIZATIONS, q: words, fields: "code,name", cursor });
  return { organizations: json.items, next: json.next_cursor };
}

/** The mandatory lines of these organizations, sorted into cells. @param {OverviewData} data @param {{ code: string, name: string }[]} organizations */
async function heatRows(data, organizations) {
  /** @type {import("../../page.js").Standing | null} */
  let standing = null;
  if (!organizations.length) return { rows: [], standing };
  const classOfItem = await data.classOfItem();
  /** @type {Map<string, HeatRow>} */
  const rows = new Map(organizations.map(({ code, name }) => [code, { code, name, cells: new Map() }]));
  const query = { organization: organizations.map(({ code }) => code), strength: "mandatory", fields: "organization,item,status,basis" };
  await readAll("/shortages", query, (lines, page) => {
    if (!standing) standing = page;
    for (const line of /** @type {HeatLine[]} */ (lines)) {
      const row = rows.get(line.organization.code);
      if (!row) continue;
      const group = line.item ? classOfItem.get(line.item.code) || SEVERAL : SEVERAL;
      const cell = row.cells.get(group) || new Map();
      const key = `${line.basis} ${line.status}`;
      row.cells.set(group, cell.set(key, (cell.get(key) || 0) + 1));
    }
  });
  return { rows: Array.from(rows.values()), standing };
}

/** @param {HeatRow[]} rows @param {HeatClass[]} classes */
function heatTable(rows, classes) {
  const table = dataTable({
    caption: t("overview-heat-caption"), rows, perPage: HEAT_ROWS_SHOWN,
    columns: [
      { head: t("overview-organization"), rowHead: true, sort: (row) => row.code, cell: (row) => h("a", { href: organizationLink(row.code) }, `${row.code} ${row.name}`) },
      ...classes.map((group) => ({ head: group.name, sort: (/** @type {HeatRow} */ row) => graveness(row.cells.get(group.key)), cell: (/** @type {HeatRow} */ row) => heatCell(row, group) })),
    ],
  });
  table.node.classList.add("heat");
  return table.node;
}

/** The gravest status of the lines of a basis. @param {Numbers} cell @param {string} basis */
function gravest(cell, basis) {
  return HEAT_STATUSES.find((status) => cell.has(`${basis} ${status}`));
}

/** For the order: more lines surely short first. @param {Numbers | undefined} cell */
function graveness(cell) {
  if (!cell) return null;
  return -LINE_ORDER.reduce((sum, status, at) => sum + LINE_BASES.reduce((n, basis) => n + (cell.get(`${basis} ${status}`) || 0), 0) * 1000 ** (2 - Math.min(at, 2)), 0);
}

/** @param {HeatRow} row @param {HeatClass} group */
function heatCell(row, group) {
  const cell = row.cells.get(group.key);
  if (!cell) return NOTHING;
  const figures = LINE_BASES.map((basis) => {
    const status = gravest(cell, basis);
    if (!status) return null;
    return signedCount(status, cell.get(`${basis} ${status}`) || 0, {
      href: linesLink({ organization: row.code, item_class: group.key, several: group.key === SEVERAL ? "1" : null, basis, status }), bracket: basis === "indicative",
      label: `${row.name}, ${group.name}, ${t(`overview-${basis}-lines`)}, ${t(`line-status-${status}`)}`,
    });
  }).filter(Boolean);
  return figures.length ? figures : NOTHING;
}
