// The columns of a map: a head, what stands below it, and other words for some values.

import { h } from "../../../shared/dom.js";
import { hasText, t } from "../../../shared/text.js";

/** @typedef {import("../../session.js").ApiSchemas["MappedColumn"]} MappedColumn */

/** The columns that tables have: the service refuses those that the chosen table lacks, and names its own. */
const KEYS = [
  "no", "organization", "organization_name", "depot", "depot_name", "location", "place", "item", "name", "class", "specification", "model", "maker", "asset_number",
  "unit", "quantity", "packs", "usable", "usable_min", "usable_max", "lot", "made_on", "expires_on", "expiry_derived", "days_left", "service_life", "inspected_on",
  "inspection_due", "shelf_life_months", "life_months", "condition", "fitness", "held", "left_out", "keeper", "second_keeper", "state", "last_quantity", "counted_on", "counted_at",
  "counted_by", "valid_through", "kind", "scope", "void", "count", "strength", "required", "required_min", "required_max", "shortage", "shortage_min", "shortage_max", "status",
  "cause", "ask", "depots", "clause", "basis", "last_counted_at", "becomes_short", "note", "as_of", "revision", "line",
];

let mapNumber = 0;

/** @param {MappedColumn[]} given */
export function mapColumns(given) {
  const id = `data-map-${++mapNumber}`;
  /** @typedef {{ head: HTMLInputElement, source: HTMLSelectElement, words: HTMLInputElement }} ColumnRow */
  /** @type {ColumnRow[]} */
  let rows = [];
  const list = h("ol.stack-8");

  /** @param {MappedColumn | null} column */
  function add(column) {
    const at = `${id}-${rows.length}-${Date.now() % 100000}`;
    const source = column && column.constant !== undefined ? "constant" : column && column.column ? column.column : "name";
    const words = column && column.constant !== undefined ? column.constant : Object.entries((column && column.values) || {}).map(([value, word]) => `${value}=${word}`).join("; ");
    /** @type {ColumnRow} */
    const row = {
      head: /** @type {HTMLInputElement} */ (h("input.input", { id: `${at}-head`, value: column ? column.head : "" })),
      source: /** @type {HTMLSelectElement} */ (h("select.input.select", { id: `${at}-source` }, [...KEYS, "constant", "empty"].map((key) => h("option", { value: key, selected: key === source }, hasText(`data-key-${key}`) ? t(`data-key-${key}`) : key)))),
      words: /** @type {HTMLInputElement} */ (h("input.input", { id: `${at}-words`, value: words, "aria-describedby": `${id}-hint` })),
    };
    rows.push(row);
    const node = h("li.data-map-column", null,
      part("data-map-head", row.head), part("data-map-source", row.source), part("data-map-words", row.words),
      h("div.row", null, button("data-map-up", () => move(row, node)), button("data-remove", () => {
        rows = rows.filter((one) => one !== row);
        node.remove();
        more.focus();
      })));
    list.append(node);
    return row;
  }

  /** @param {string} label @param {HTMLElement} control */
  const part = (label, control) => h("div.field", null, h("label", { for: control.id }, t(label)), control);
  /** @param {string} words @param {() => void} act */
  const button = (words, act) => h("button.button", { type: "button", onclick: act }, t(words));

  /** @param {ColumnRow} row @param {HTMLElement} node */
  function move(row, node) {
    const at = rows.indexOf(row);
    const before = node.previousElementSibling;
    if (at <= 0 || !before) return;
    rows.splice(at - 1, 2, row, rows[at - 1]);
    before.before(node);
    row.head.focus();
  }

  const more = button("data-map-add", () => add(null).head.focus());
  for (const column of given.length ? given : [null]) add(column);
  const values = () => rows.filter(({ head }) => head.value.trim()).map(({ head, source, words }) => columnOf(head.value.trim(), source.value, words.value.trim()));
  const before = JSON.stringify(values());
  return {
    node: h("fieldset.stack-8", null, h("legend.strong", null, t("data-map-columns")), h("p.hint", { id: `${id}-hint` }, t("data-map-words-hint")), list, h("div.acts", null, more)),
    values,
    changed: () => JSON.stringify(values()) !== before,
  };
}

/** @param {string} head @param {string} source @param {string} words @returns {MappedColumn} */
function columnOf(head, source, words) {
  if (source === "constant") return { head, constant: words };
  if (!words || source === "empty") return { head, column: source };
  return { head, column: source, values: Object.fromEntries(words.split(/[;；]/).map((pair) => pair.split(/[=＝]/).map((part) => part.trim())).filter(([value]) => value).map(([value, word]) => [value, word || ""])) };
}
