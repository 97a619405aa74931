// Recording facts of an organization: one form for all of them, of which only what was changed is sent.

import { h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { t, unitText } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { factSheetLink, withQuery } from "../../links.js";
import { saveChange } from "../../parts/conflict.js";
import { form } from "../../parts/form.js";
import { loading } from "../../parts/states.js";
import { factDictionary } from "../../parts/words.js";
import { factValueText, sheetPath, waitingLines } from "./sheet.js";
import { standardsFrame, watchedForms } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["FactView"]} Fact */
/** @typedef {import("../../parts/form.js").Field} Field */
/** @typedef {{ key: string, value: ApiSchemas["NumberOrTag"] | null }} NewFact */

/** The name of a fact's field: no fact is called as another field is. @param {string} key */
const fieldOf = (key) => `fact-${key}`;

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code */
export function factSheetFormView(board, place, code) {
  const forms = watchedForms();
  return standardsFrame("facts", t("standards-sheet-edit-title", { code }), [loading(() => sheetForm(board, place, code, forms), 10)], {
    forms, lead: [h("p.text.muted", null, t("standards-sheet-edit-lead")), h("p", null, h("a", { href: factSheetLink(code) }, t("standards-sheet-title", { code })))],
  });
}

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code @param {import("./frame.js").WatchedForms} forms */
async function sheetForm(board, place, code, forms) {
  const [{ json, etag }, lines, dictionary] = await Promise.all([read(sheetPath(code)), readAll("/shortages", { organization: code, status: "unknown" }), factDictionary()]);
  /** @type {ApiSchemas["FactSheetView"]} */
  const sheet = json;
  const waiting = waitingLines(lines);
  const isFirst = (/** @type {Fact} */ { key }) => key === place.query.fact || waiting.has(key);
  const groups = [
    { name: "missing", open: true, facts: sheet.facts.filter(isFirst) },
    { name: "recorded", open: true, facts: sheet.facts.filter((fact) => !isFirst(fact) && fact.state === "recorded") },
    { name: "others", open: false, facts: sheet.facts.filter((fact) => !isFirst(fact) && fact.state !== "recorded") },
  ];
  const parts = form({
    fields: [
      ...groups.flatMap(({ facts }) => facts.map((fact) => factField(fact, dictionary.get(fact.key), (waiting.get(fact.key) || []).length))),
      { name: "valid_from", kind: "date", label: t("standards-first-day"), hint: t("standards-facts-day-hint") },
      { name: "complete", kind: "checkbox", label: t("standards-sheet-complete-mark"), hint: t("standards-sheet-complete-hint"), value: sheet.complete },
    ],
    act: t("standards-sheet-save"),
    submit: async (values) => {
      const facts = changedFacts(sheet, values);
      const complete = values.complete === sheet.complete ? undefined : values.complete;
      if (!facts.length && complete === undefined) {
        toast(t("standards-nothing-changed"));
        return;
      }
      /** @type {Record<string, any>} */
      const mine = { ...sheetParts(sheet) };
      for (const { key, value } of facts) mine[key] = value;
      if (complete !== undefined) mine[COMPLETE] = complete;
      const answer = await saveChange({
        path: sheetPath(code), body: { facts, valid_from: values.valid_from, complete }, etag, before: sheet, view: sheetParts, mine,
        compared: [
          ...sheet.facts.map(({ key, name, unit }) => ({ key, label: name, show: (/** @type {any} */ value) => factValueText(value, unit) })),
          { key: COMPLETE, label: t("standards-sheet-mark"), show: (value) => t(value ? "standards-marked-complete" : "standards-marked-open") },
        ],
      }).catch((error) => { throw atFields(error, facts); });
      if (!answer) return;
      forms.saved();
      toast(t(answer.theirs ? "standards-theirs-kept" : "standards-saved"));
      if (answer.theirs) void board.redraw();
      else board.go(withQuery(factSheetLink(code), answer.json.repeated ? {} : { effect: String(answer.json.revision), day: answer.json.valid_from }));
    },
  });
  inGroups(parts.node, groups);
  const asked = place.query.fact ? /** @type {HTMLElement | null} */ (parts.node.querySelector(`[name="${fieldOf(place.query.fact)}"]`)) : null;
  if (asked) setTimeout(() => asked.focus());
  return [h("p.strong", null, sheet.organization.name), forms.watch(parts)];
}

/** The part of a comparison that is no fact. */
const COMPLETE = "(complete)";

/** The values of a sheet by their keys; what is not recorded is null. @param {ApiSchemas["FactSheetView"]} sheet */
function sheetParts(sheet) {
  /** @type {Record<string, any>} */
  const parts = { [COMPLETE]: sheet.complete };
  for (const { key, state, value } of sheet.facts) parts[key] = state === "recorded" ? value : null;
  return parts;
}

/** @param {Fact} fact @param {ApiSchemas["FactDefinitionView"] | undefined} entry @param {number} waiting how many lines wait for it @returns {Field} */
function factField({ key, kind, name, unit, state, value }, entry, waiting) {
  const hint = [entry ? entry.definition : "", waiting ? t("standards-waits", { n: waiting }) : "", state === "absent" ? t("standards-absent-hint") : ""].filter(Boolean).join(" ");
  const held = state === "recorded" ? value : null;
  if (kind === "tag") {
    return { name: fieldOf(key), kind: "select", label: name, hint, value: held && held.tag !== undefined ? String(held.tag) : "", options: [["", t("standards-not-recorded")], ["true", t("standards-yes")], ["false", t("standards-no")]] };
  }
  return { name: fieldOf(key), kind: "number", label: unit && unit !== "factor" ? t("standards-fact-unit", { name, unit: unitText(unit) }) : name, hint, value: held && held.number !== undefined ? held.number : null };
}

/** What differs from the sheet; null withdraws what was recorded. @param {ApiSchemas["FactSheetView"]} sheet @param {Record<string, any>} values @returns {NewFact[]} */
function changedFacts(sheet, values) {
  /** @type {NewFact[]} */
  const changed = [];
  for (const { key, kind, state, value } of sheet.facts) {
    const typed = values[fieldOf(key)];
    /** @type {any} */
    const wanted = typed === null ? null : kind === "tag" ? { tag: typed === "true" } : { number: typed };
    const held = state === "recorded" ? value : null;
    if (JSON.stringify(wanted) !== JSON.stringify(held || null)) changed.push({ key, value: wanted });
  }
  return changed;
}

/** Points the faults of a list of facts at their fields. @param {any} error @param {NewFact[]} facts */
function atFields(error, facts) {
  const faults = (error && error.problem && error.problem.errors) || [];
  for (const fault of faults) {
    const found = /^\/facts\/(\d+)(?=\/|$)/.exec(fault.pointer);
    if (found && facts[Number(found[1])]) fault.pointer = `/${fieldOf(facts[Number(found[1])].key)}`;
  }
  return error;
}

/** Puts the fields of facts into groups with headings; the last group is folded, and opens where it has a fault. @param {HTMLFormElement} node @param {{ name: string, open: boolean, facts: Fact[] }[]} groups */
function inGroups(node, groups) {
  for (const { name, open, facts } of groups) {
    const fields = facts.map(({ key }) => /** @type {Element} */ (/** @type {Element} */ (node.querySelector(`[name="${fieldOf(key)}"]`)).closest(".field")));
    if (!fields.length) continue;
    const words = t(`standards-sheet-group-${name}`, { n: fields.length });
    const box = open ? h("fieldset.stack", null, h("legend.standards-legend", null, words)) : h("details.stack", null, h("summary.standards-legend", null, words));
    node.insertBefore(box, fields[0]);
    box.append(...fields);
    // A fault in a folded group must be seen: the form moves the focus there.
    if (!open) box.addEventListener("focusin", () => box.setAttribute("open", ""));
    if (!open) new MutationObserver(() => box.querySelector("[aria-invalid]") && box.setAttribute("open", "")).observe(box, { subtree: true, attributeFilter: ["aria-invalid"] });
  }
}
