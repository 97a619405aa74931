// Forms: fields with labels and hints, bound to the faults of a problem by their pointers. What was typed stays until it is saved.

import { fill, h } from "../../shared/dom.js";
import { failureText } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { refusal } from "./states.js";

/**
 * @typedef {object} Field
 * @property {string} name
 * @property {string} label
 * @property {"text" | "number" | "date" | "password" | "textarea" | "select" | "checkbox" | "file"} [kind]
 * @property {string} [hint]
 * @property {unknown} [value]
 * @property {[string, string][]} [options]  of a select: values and words
 * @property {string} [pointer]  of a fault in the body that was sent; `/NAME` if left out
 * @property {boolean} [required]
 * @property {Record<string, unknown>} [attributes]  more of the control
 *
 * @typedef {Record<string, any>} Values  text without blanks around it, null for nothing; a number; a file; true or false
 *
 * @typedef {object} FormParts
 * @property {HTMLFormElement} node
 * @property {() => Values} values
 * @property {() => boolean} changed  whether something was typed that is not saved
 * @property {() => void} saved  what is in the fields now is saved
 * @property {(error: any) => void} refuse  shows a failure at its fields and above them
 */

let formNumber = 0;

/** @typedef {HTMLInputElement & HTMLSelectElement & HTMLTextAreaElement} Control */

/**
 * @param {object} parts
 * @param {Field[]} parts.fields
 * @param {string} parts.act  the words of the button
 * @param {(values: Values) => Promise<unknown>} parts.submit  what fails is shown at the fields
 * @param {import("../../shared/dom.js").Child} [parts.beside]  other acts beside the button
 * @returns {FormParts}
 */
export function form({ fields, act, submit, beside }) {
  const id = `form-${++formNumber}`;
  /** @type {Map<string, { field: Field, control: Control, fault: HTMLElement }>} */
  const rows = new Map();
  const said = h("div", { "aria-live": "assertive" });
  const button = h("button.button.primary", { type: "submit" }, act);
  const body = fields.map((field) => {
    const row = fieldRow(id, field);
    rows.set(field.name, row);
    return row.node;
  });
  const values = () => {
    /** @type {Values} */
    const found = {};
    rows.forEach(({ field, control }, name) => { found[name] = valueOf(field, control); });
    return found;
  };
  let before = "";
  const saved = () => { before = JSON.stringify(values()); };
  const refuse = (/** @type {any} */ error) => fill(said, showFaults(rows, error));
  const node = /** @type {HTMLFormElement} */ (h("form.stack.form", {
    novalidate: true,
    onsubmit: async (/** @type {Event} */ event) => {
      event.preventDefault();
      if (button.getAttribute("aria-disabled")) return;
      rows.forEach(clearFault);
      fill(said);
      const missing = Array.from(rows.values()).filter(({ field, control }) => field.required && isNothing(valueOf(field, control)));
      if (missing.length) {
        missing.forEach((row) => setFault(row, t("field-missing")));
        missing[0].control.focus();
        return;
      }
      button.setAttribute("aria-disabled", "true");
      button.textContent = t("working");
      try {
        await submit(values());
      } catch (error) {
        refuse(error);
      }
      button.removeAttribute("aria-disabled");
      button.textContent = act;
    },
  }, said, body, h("div.acts", null, button, beside)));
  saved();
  return { node, values, changed: () => JSON.stringify(values()) !== before, saved, refuse };
}

/** @param {string} form @param {Field} field */
function fieldRow(form, field) {
  const id = `${form}-${field.name}`;
  const { kind = "text" } = field;
  const given = { id, name: field.name, "aria-describedby": `${id}-more`, "aria-required": field.required ? "true" : null, ...field.attributes };
  const control = /** @type {Control} */ (kind === "select"
    ? h("select.input.select", given, (field.options || []).map(([value, words]) => h("option", { value, selected: value === String(field.value === undefined || field.value === null ? "" : field.value) }, words)))
    : kind === "textarea" ? h("textarea.input", { rows: 3, value: field.value === null ? undefined : field.value, ...given })
      : kind === "checkbox" ? h("input.check", { type: "checkbox", checked: Boolean(field.value), ...given })
        : h("input.input", { type: kind === "number" ? "text" : kind, inputmode: kind === "number" ? "decimal" : null, value: kind === "file" || field.value === null ? undefined : field.value, spellcheck: "false", ...given }));
  const fault = h("span.fault.block", { hidden: true });
  const label = h("label", { for: id }, field.label, field.required || kind === "checkbox" ? null : h("span.optional", null, ` ${t("field-optional")}`));
  const more = h("div", { id: `${id}-more` }, field.hint ? h("span.hint", null, field.hint) : null, fault);
  const node = kind === "checkbox" ? h("div.field", null, h("div.row", null, control, label), more) : h("div.field", null, label, more, control);
  return { node, field, control, fault };
}

/** @param {Field} field @param {Control} control */
function valueOf(field, control) {
  if (field.kind === "checkbox") return control.checked;
  if (field.kind === "file") return (control.files && control.files[0]) || null;
  const text = field.kind === "password" ? control.value : control.value.trim();
  if (text === "") return null;
  const number = Number(text);
  return field.kind === "number" && Number.isFinite(number) ? number : text;
}

/** @param {unknown} value */
const isNothing = (value) => value === null || value === false;

/** @param {{ control: Control, fault: HTMLElement }} row @param {string} words */
function setFault({ control, fault }, words) {
  control.setAttribute("aria-invalid", "true");
  fault.hidden = false;
  fill(fault, words);
}

/** @param {{ control: Control, fault: HTMLElement }} row */
function clearFault({ control, fault }) {
  control.removeAttribute("aria-invalid");
  fault.hidden = true;
  fill(fault);
}

/**
 * Puts the faults of a problem at their fields; those of no field, and what else failed, are for above the form.
 * @param {Map<string, { field: Field, control: Control, fault: HTMLElement }>} rows
 * @param {any} error
 */
function showFaults(rows, error) {
  const faults = (error && error.problem && error.problem.errors) || [];
  const all = Array.from(rows.values());
  /** @type {HTMLElement[]} */
  const marked = [];
  const rest = faults.filter((/** @type {{ pointer: string, detail: string }} */ { pointer, detail }) => {
    const row = all.find(({ field }) => {
      const own = field.pointer || `/${field.name}`;
      return pointer === own || pointer.startsWith(`${own}/`);
    });
    if (!row) return true;
    setFault(row, detail);
    marked.push(row.control);
    return false;
  });
  if (marked.length) marked[0].focus();
  if (faults.length && !rest.length) return h("p.fault", null, failureText(error));
  return [refusal(error), rest.length ? h("ul.dots", null, rest.map((/** @type {{ pointer: string, detail: string }} */ { pointer, detail }) => h("li", null, h("code", null, pointer), ` ${detail}`))) : null];
}

/** A fault of a field that the service was not asked about: `submit` throws it. @param {string} pointer @param {string} detail */
export function fieldFault(pointer, detail) {
  return { problem: { status: 422, code: "values_not_taken", title: "", detail, errors: [{ pointer, code: "missing_field", detail }], requestId: null } };
}
