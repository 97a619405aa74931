// Where an edition binds and by whose decision; adopting it, changing its strength, ending it, each with what can be said before.

import { append, h } from "../../../shared/dom.js";
import { notice, toast } from "../../../shared/status.js";
import { dayText, t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { standardLink, withQuery } from "../../links.js";
import { saveChange } from "../../parts/conflict.js";
import { form } from "../../parts/form.js";
import { loading } from "../../parts/states.js";
import { codeWords } from "../../parts/words.js";
import { mayEdit, ownRegion } from "../../rights.js";
import { adoptionForeseen, fallingAway } from "./foreseen.js";
import { effectBlock } from "./effect.js";
import { decisionsTable, firstDayFields, readIfThere } from "./frame.js";
import { adoptionsShort } from "./list.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["AdoptionHistory"]} Adoption */
/** @typedef {{ board: import("../../page.js").Board, code: string, region: string, adoption: Adoption | null, etag: string | null, words: import("../../parts/words.js").CodeWords, forms: import("./frame.js").WatchedForms }} AdoptionPlace */

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code @param {import("./frame.js").WatchedForms} forms */
export async function adoptionBlock(board, place, code, forms) {
  const own = ownRegion() || "";
  const [periods, regions, words] = await Promise.all([readAll("/adoptions", { standard: code }), readAll("/regions"), codeWords()]);
  const choosable = regionsBelow(regions, own);
  const region = choosable.some((one) => one.code === place.query.region) ? place.query.region : own;
  const { json, etag } = await readIfThere(`/regions/${encodeURIComponent(region)}/adoptions/${encodeURIComponent(code)}`);
  /** @type {Adoption | null} */
  const adoption = json;
  const pathOf = (/** @type {Record<string, string>} */ query) => withQuery(standardLink(code), query);
  /** @type {AdoptionPlace} */
  const at = { board, code, region, adoption, etag, words, forms };
  const regionField = choosable.length < 2 ? null : h("div.field.standards-region", null, h("label", { for: "adoption-region" }, t("standards-region")),
    h("select.input.select", { id: "adoption-region", onchange: (/** @type {Event} */ event) => board.go(pathOf({ region: /** @type {HTMLSelectElement} */ (event.target).value })) },
      choosable.map((one) => h("option", { value: one.code, selected: one.code === region }, one.name))));
  return [
    adoptionsShort(periods, words),
    regionField,
    adoption ? decisionsTable(adoption.history, (state) => strengthWords(state.strength, words), (revision, day) => pathOf({ effect: String(revision), day, region: region === own ? "" : region })) : null,
    effectBlock(place.query),
    mayEdit() ? [adoptionForm(at, pathOf), lastsOn(adoption) ? endAdoptionForm(at, pathOf) : null] : null,
  ];
}

/** The regions about which a bureau decides: its own and those below. @param {ApiSchemas["RegionView"][]} regions @param {string} own */
function regionsBelow(regions, own) {
  const byCode = new Map(regions.map((one) => [one.code, one]));
  const isBelow = (/** @type {string | null} */ code) => {
    for (let at = code; at;) {
      if (at === own) return true;
      const found = byCode.get(at);
      at = found ? found.parent : null;
    }
    return false;
  };
  return regions.filter(({ code }) => isBelow(code));
}

/** Whether the last decision adopts: an end can be decided then. @param {Adoption | null} adoption */
function lastsOn(adoption) {
  return Boolean(adoption) && (/** @type {Adoption} */ (adoption).strength !== null || lastStrength(adoption) !== null);
}

/** @param {Adoption | null} adoption @returns {ApiSchemas["Strength"] | null} */
function lastStrength(adoption) {
  const last = adoption && adoption.history[adoption.history.length - 1];
  return last ? last.state.strength : null;
}

/** @param {ApiSchemas["Strength"] | null} strength @param {import("../../parts/words.js").CodeWords} words */
function strengthWords(strength, words) {
  return strength ? words("strength", strength) : h("span.muted", null, t("standards-ended"));
}

/** What two editors see side by side. @param {Adoption | null} adoption */
function adoptionParts(adoption) {
  const last = adoption && adoption.history[adoption.history.length - 1];
  return last ? { strength: last.state.strength, valid_from: last.valid_from, reason: last.reason, by: last.author && last.author.name } : {};
}

/** @param {AdoptionPlace} at */
function adoptionCompared({ words }) {
  return [
    { key: "strength", label: t("standards-strength"), show: (/** @type {any} */ value) => strengthWords(value || null, words) },
    { key: "valid_from", label: t("standards-first-day"), show: (/** @type {any} */ value) => (value ? dayText(value) : t("standards-today")) },
    { key: "reason", label: t("standards-reason") },
    { key: "by", label: t("standards-by") },
  ];
}

/** @param {AdoptionPlace} at @param {{ json: any, theirs?: true } | null} answer @param {(query: Record<string, string>) => string} pathOf */
function adoptionSaved({ board, forms, region }, answer, pathOf) {
  if (!answer) return;
  forms.saved();
  if (answer.theirs) {
    toast(t("standards-theirs-kept"));
    void board.redraw();
    return;
  }
  toast(t("standards-saved"));
  const { revision, repeated, valid_from: day } = answer.json;
  if (repeated) void board.redraw();
  else board.go(pathOf({ effect: String(revision), day, region: region === ownRegion() ? "" : region }));
}

/** @param {AdoptionPlace} at @param {(query: Record<string, string>) => string} pathOf */
function adoptionForm(at, pathOf) {
  const { code, region, adoption, etag, words, forms } = at;
  const path = `/regions/${encodeURIComponent(region)}/adoptions/${encodeURIComponent(code)}`;
  const parts = form({
    fields: [
      { name: "strength", kind: "select", label: t("standards-strength"), hint: t("standards-strength-hint"), required: true, value: lastStrength(adoption) || "mandatory", options: ["mandatory", "recommended", "reference", "optional"].map((one) => [one, words("strength", one)]) },
      ...firstDayFields(t("standards-adopt-day-hint")),
    ],
    act: t(adoption ? "standards-adopt-change" : "standards-adopt"),
    submit: async (values) => {
      const mine = { strength: values.strength, valid_from: values.valid_from, reason: values.correction_reason, by: at.board.person.display_name };
      adoptionSaved(at, await saveChange({ path, body: values, etag, before: adoption || {}, compared: adoptionCompared(at), view: (thing) => adoptionParts(thing.history ? thing : null), mine }), pathOf);
    },
  });
  return unfolding(t(adoption ? "standards-adopt-change-title" : "standards-adopt-title"),
    () => [loading(() => adoptionForeseen(code), 3), notice("", h("p.text", null, t("standards-foresee"))), forms.watch(parts)]);
}

/** @param {AdoptionPlace} at @param {(query: Record<string, string>) => string} pathOf */
function endAdoptionForm(at, pathOf) {
  const { code, region, adoption, etag, forms } = at;
  const path = `/regions/${encodeURIComponent(region)}/adoptions/${encodeURIComponent(code)}`;
  const parts = form({
    fields: [
      { name: "reason", kind: "textarea", label: t("standards-reason"), required: true, attributes: { rows: 2, maxlength: 1000 } },
      { name: "valid_from", kind: "date", label: t("standards-end-day"), hint: t("standards-end-day-hint") },
    ],
    act: t("standards-end-adoption"),
    submit: async (values) => {
      const mine = { strength: null, valid_from: values.valid_from, reason: values.reason, by: at.board.person.display_name };
      adoptionSaved(at, await saveChange({ path, to: `${path}/end`, method: "POST", body: values, etag, before: adoption || {}, compared: adoptionCompared(at), view: (thing) => adoptionParts(thing.history ? thing : null), mine }), pathOf);
    },
  });
  return unfolding(t("standards-end-adoption-title"), () => [fallingAway(code), forms.watch(parts)]);
}

/** What is read and asked only once somebody wants to decide. @param {string} words @param {() => import("../../../shared/dom.js").Child[]} content */
function unfolding(words, content) {
  const box = h("div.stack");
  const details = h("details.standards-decide.no-print", { ontoggle: () => { if (!box.firstChild) append(box, content()); } }, h("summary.button", null, words), box);
  return details;
}
