// A table of data: real rows, a caption, sorted where a column says how, narrowed by typing, and shown in parts, so that
// thousands of rows are a few hundred nodes. All rows are printed.

import { fill, h } from "../../shared/dom.js";
import { empty } from "../../shared/status.js";
import { language, t } from "../../shared/text.js";

/**
 * @template Row
 * @typedef {object} Column
 * @property {string} head
 * @property {(row: Row) => import("../../shared/dom.js").Child} cell
 * @property {(row: Row) => string | number | null} [sort]  what the rows are sorted by; null is last
 * @property {boolean} [number]  to the right
 * @property {boolean} [rowHead]  names the row
 * @property {boolean} [wide]  left out on narrow screens: what it says stands elsewhere too, or can be done without
 */

/**
 * @template Row
 * @typedef {object} TableParts
 * @property {HTMLElement} node
 * @property {(rows: Row[]) => void} setRows  shows other rows, as more of them arrive; what was typed and the order stay
 * @property {() => Row[]} matched  the rows that match what was typed, on all parts
 */

const ROWS_SHOWN = 50;
let tableNumber = 0;

/**
 * @template Row
 * @param {object} parts
 * @param {string} parts.caption
 * @param {Column<Row>[]} parts.columns
 * @param {Row[]} parts.rows
 * @param {(row: Row) => string} [parts.text]  what typing looks in; without it there is no field
 * @param {string} [parts.empty]  what is said where there are no rows at all
 * @param {number} [parts.perPage]
 * @param {import("../../shared/dom.js").Child} [parts.beside]  acts and filters beside the field
 * @returns {TableParts<Row>}
 */
export function dataTable({ caption, columns, rows, text, empty: none, perPage = ROWS_SHOWN, beside }) {
  const id = `table-${++tableNumber}`;
  /** @type {{ rows: Row[], words: string[], sorted: number, down: boolean, page: number, whole: boolean }} */
  const now = { rows, words: [], sorted: -1, down: false, page: 0, whole: false };
  const body = h("tbody");
  const heads = columns.map((column, at) => columnHead(column, () => {
    now.down = now.sorted === at && !now.down;
    now.sorted = at;
    draw();
  }));
  const input = /** @type {HTMLInputElement} */ (h("input.input", { id: `${id}-find`, type: "search", autocomplete: "off", spellcheck: "false", oninput: () => {
    now.words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    now.page = 0;
    draw();
  } }));
  const told = h("p.small.muted", { role: "status" });
  const pager = h("div.pager.no-print");
  const scroller = h("div.table-scroll", { tabindex: "0", role: "region", "aria-labelledby": `${id}-caption` },
    h("table", null, h("caption", { id: `${id}-caption` }, caption), h("thead", null, h("tr", null, heads)), body));
  const nothing = h("div");

  function draw() {
    const matched = matches(now.rows, now.words, text);
    const ordered = now.sorted < 0 ? matched : inOrder(matched, columns[now.sorted], now.down);
    const pages = Math.max(1, Math.ceil(ordered.length / perPage));
    now.page = Math.min(now.page, pages - 1);
    const from = now.whole ? 0 : now.page * perPage;
    const shown = now.whole ? ordered : ordered.slice(from, from + perPage);
    fill(body, shown.map((row) => h("tr", null, columns.map((column) => column.rowHead ? h("th", { scope: "row" }, column.cell(row)) : h("td", { class: cellClass(column) }, column.cell(row))))));
    heads.forEach((head, at) => {
      if (columns[at].sort) head.setAttribute("aria-sort", at !== now.sorted ? "none" : now.down ? "descending" : "ascending");
    });
    fill(told, !now.rows.length ? "" : shown.length < ordered.length ? t("table-part", { from: from + 1, to: from + shown.length, n: ordered.length }) : t("table-all", { n: ordered.length }));
    fill(nothing, ordered.length ? null : empty(now.rows.length ? t("table-no-match") : none || t("table-empty")));
    scroller.hidden = !ordered.length;
    fill(pager, pages > 1 ? [turn("table-previous", now.page > 0, -1), turn("table-next", now.page < pages - 1, 1)] : null);
  }

  /** @param {string} words @param {boolean} able @param {number} by */
  function turn(words, able, by) {
    const button = h("button.button", { type: "button", id: `${id}-${words}`, "aria-disabled": able ? null : "true", onclick: () => {
      if (!able) return;
      now.page += by;
      draw();
      const again = document.getElementById(`${id}-${words}`);
      if (again) again.focus();
      scroller.scrollIntoView({ block: "nearest" });
    } }, t(words));
    return button;
  }

  const bar = h("div.table-bar.no-print", null, text ? h("div.field.grow", null, h("label", { for: `${id}-find` }, t("table-find")), input) : null, beside);
  const node = h("div.stack-8.data-table", null, text || beside ? bar : null, scroller, nothing, h("div.row.wrap.spread", null, told, pager));
  printWhole(node, (whole) => {
    now.whole = whole;
    draw();
  });
  draw();
  return { node, matched: () => matches(now.rows, now.words, text), setRows: (given) => {
    now.rows = given;
    draw();
  } };
}

/** @template Row @param {Column<Row>} column */
function cellClass({ number, wide }) {
  return [number ? "number" : "", wide ? "wide-only" : ""].filter(Boolean).join(" ") || null;
}

/** @template Row @param {Column<Row>} column @param {() => void} act */
function columnHead(column, act) {
  const head = h("th", { scope: "col", class: cellClass(column) }, column.sort ? h("button.sort", { type: "button", onclick: act }, column.head, h("span.arrow", { "aria-hidden": "true" })) : column.head);
  return head;
}

/** @template Row @param {Row[]} rows @param {string[]} words @param {((row: Row) => string) | undefined} text */
function matches(rows, words, text) {
  if (!text || !words.length) return rows;
  return rows.filter((row) => {
    const where = text(row).toLowerCase();
    return words.every((word) => where.includes(word));
  });
}

/** @template Row @param {Row[]} rows @param {Column<Row>} column @param {boolean} down */
function inOrder(rows, column, down) {
  const { sort } = column;
  if (!sort) return rows;
  const words = new Intl.Collator(language(), { numeric: true });
  const keyed = rows.map((row) => ({ row, key: sort(row) }));
  keyed.sort((one, other) => {
    if (one.key === null || other.key === null) return Number(one.key === null) - Number(other.key === null);
    const order = typeof one.key === "number" && typeof other.key === "number" ? one.key - other.key : words.compare(String(one.key), String(other.key));
    return down ? -order : order;
  });
  return keyed.map(({ row }) => row);
}

/**
 * What is shown in parts and printed whole: one pair of listeners for all that is on the page, so that what is gone is held by none.
 * @type {WeakMap<Element, (whole: boolean) => void>}
 */
const printedWhole = new WeakMap();
let isPrintHeard = false;

/** Shows all of something while the page is printed. @param {HTMLElement} node @param {(whole: boolean) => void} show */
export function printWhole(node, show) {
  printedWhole.set(node, show);
  node.classList.add("printed-whole");
  if (isPrintHeard) return;
  isPrintHeard = true;
  for (const [kind, whole] of /** @type {[string, boolean][]} */ ([["beforeprint", true], ["afterprint", false]])) {
    addEventListener(kind, () => {
      for (const one of document.querySelectorAll(".printed-whole")) {
        const shown = printedWhole.get(one);
        if (shown) shown(whole);
      }
    });
  }
}
