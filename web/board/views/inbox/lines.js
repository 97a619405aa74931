// The lines of a count, to be corrected: of each, item, quantity, lot, expiry and condition. What a line says beside is sent again as
// it came; members that no count has are left out.

import { fill, h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { faultAt, plainText } from "./sent.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./command.js").Command} Command */

/** Members of a line that are not asked for. */
const KEPT_OF_LINE = ["made_on", "inspected_on", "held", "place", "note"];

/** Members that say a quantity in packs: a quantity that is typed takes their place. */
const PACK_PARTS = ["pack", "packs", "pack_size"];

const LINE_FIELDS = ["item", "quantity", "lot", "expires_on", "condition"];

/** Lines that are shown at once; beyond, those without faults are kept as they are until they are asked for. */
const LINES_AT_ONCE = 30;

let editorNumber = 0;

/** @param {Record<string, any>[]} sent @param {Map<string, ApiSchemas["ItemView"]>} items @param {Command} command */
export function linesEditor(sent, items, command) {
  const id = `lines-${++editorNumber}`;
  const list = h("ol.inbox-lines");
  /** @type {ReturnType<typeof lineRow>[]} */
  let rows = [];
  let changedRows = false;
  const number = () => rows.forEach((row, at) => row.number(at + 1));
  /** @param {Record<string, any>} line @param {boolean} shown */
  const add = (line, shown) => {
    const row = lineRow(`${id}-${rows.length}-${list.children.length}`, line, `${id}-items`, () => {
      rows = rows.filter((one) => one !== row);
      row.node.remove();
      changedRows = true;
      number();
      (rows.length ? rows[rows.length - 1].focus : more.focus.bind(more))();
    });
    row.node.hidden = !shown;
    rows.push(row);
    list.appendChild(row.node);
    return row;
  };
  sent.forEach((line, at) => add(line, sent.length <= LINES_AT_ONCE || faultAt(command, `/lines/${at}`)));
  number();
  const hidden = rows.filter(({ node }) => node.hidden);
  const all = h("button.button", { type: "button", onclick: () => {
    hidden.forEach(({ node }) => { node.hidden = false; });
    all.remove();
  } }, t("inbox-lines-all", { n: hidden.length }));
  const more = h("button.button", { type: "button", onclick: () => {
    changedRows = true;
    const row = add({}, true);
    number();
    row.focus();
  } }, t("inbox-line-add"));
  const options = h("datalist", { id: `${id}-items` }, Array.from(items.values(), ({ code, name }) => h("option", { value: code }, name)));
  return {
    node: h("fieldset.stack-8", null, h("legend.label", null, t("inbox-sent-lines")), list, h("div.acts", null, hidden.length ? all : null, more), options),
    values: () => rows.map((row) => row.value()),
    changed: () => changedRows || rows.some((row) => row.changed()),
    clear: () => rows.forEach((row) => row.say([])),
    /** Shows the faults of lines at them; gives the error with the others. @param {any} error */
    refuse(error) {
      const faults = (error && error.problem && error.problem.errors) || [];
      /** @param {{ pointer: string }} fault @param {number} at */
      const isOf = ({ pointer }, at) => pointer === `/data/lines/${at}` || pointer.startsWith(`/data/lines/${at}/`);
      rows.forEach((row, at) => row.say(faults.filter((/** @type {any} */ one) => isOf(one, at))));
      const rest = faults.filter((/** @type {any} */ one) => !rows.some((_, at) => isOf(one, at)));
      if (rest.length === faults.length) return error;
      return Object.assign(Object.create(error), { problem: { ...error.problem, errors: rest } });
    },
  };
}

/** @param {string} id @param {Record<string, any>} line @param {string} items @param {() => void} remove */
function lineRow(id, line, items, remove) {
  const legend = h("legend.strong.inbox-line-number");
  const fault = h("p.fault", { hidden: true, id: `${id}-fault` });
  /** @type {Record<string, any>} */
  const controls = {};
  const fields = LINE_FIELDS.map((name) => {
    const given = { id: `${id}-${name}`, name: `line-${name}`, "aria-describedby": `${id}-fault`, autocomplete: "off" };
    controls[name] = name === "condition"
      ? h("select.input.select", given, ["serviceable", "in_repair", "unserviceable"].map((code) => h("option", { value: code, selected: code === (line.condition || "serviceable") }, t(`condition-${code}`))))
      : h("input.input", { ...given, type: name === "expires_on" ? "date" : "text", inputmode: name === "quantity" ? "decimal" : null, list: name === "item" ? items : null, value: plainText(line[name]), spellcheck: "false" });
    return h(`div.field.inbox-line-${name}`, null, h("label", { for: `${id}-${name}` }, t(`inbox-${FIELD_TEXTS[name]}`)), controls[name]);
  });
  const before = () => JSON.stringify(LINE_FIELDS.map((name) => controls[name].value));
  const start = before();
  const packs = line.packs === undefined || line.packs === null ? null : h("p.small.muted", null, t("inbox-packs", { packs: plainText(line.packs), pack: plainText(line.pack), size: plainText(line.pack_size) }), " ", t("inbox-packs-replace"));
  const button = h("button.button.plain", { type: "button", onclick: remove }, t("inbox-line-remove"));
  return {
    node: h("li", null, h("fieldset.stack-8", null, legend, h("div.inbox-line", null, fields), packs, fault, button)),
    focus: () => controls.item.focus(),
    changed: () => before() !== start,
    /** @param {number} at */
    number(at) {
      fill(legend, t("inbox-line", { n: at }));
      button.setAttribute("aria-label", t("inbox-line-remove-n", { n: at }));
    },
    /** @param {{ pointer: string, detail: string }[]} faults */
    say(faults) {
      fault.hidden = !faults.length;
      fill(fault, faults.map(({ detail }) => h("span.block", null, detail)));
      for (const name of LINE_FIELDS) {
        const wrong = faults.some(({ pointer }) => pointer.endsWith(`/${name}`));
        if (wrong) controls[name].setAttribute("aria-invalid", "true");
        else controls[name].removeAttribute("aria-invalid");
      }
    },
    value() {
      /** @type {Record<string, any>} */
      const value = {};
      const quantity = controls.quantity.value.trim();
      for (const name of KEPT_OF_LINE) if (line[name] !== undefined) value[name] = line[name];
      if (!quantity) for (const name of PACK_PARTS) if (line[name] !== undefined) value[name] = line[name];
      for (const name of LINE_FIELDS) {
        const text = controls[name].value.trim();
        if (text) value[name] = name === "quantity" && Number.isFinite(Number(text)) ? Number(text) : text;
      }
      return value;
    },
  };
}

/** The texts that name the fields of a line. @type {Record<string, string>} */
const FIELD_TEXTS = { item: "item", quantity: "quantity", lot: "lot", expires_on: "expires", condition: "condition" };
