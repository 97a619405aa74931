// What a file may not tell by itself: the organization and the day of a ledger, the first day and the reason of rows.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { read } from "../../api.js";
import { findOrganizations, suggestCodes } from "../../parts/suggest.js";

const SETTINGS = [
  { name: "organization", type: "text" },
  { name: "depot", type: "text" },
  { name: "counted_on", type: "date" },
  { name: "valid_from", type: "date" },
  { name: "reason", type: "text" },
];

/** @returns {{ node: HTMLElement, values: () => import("../../api.js").Query }} */
export function importSettings() {
  /** @type {Record<string, HTMLInputElement>} */
  const inputs = {};
  const fields = SETTINGS.map(({ name, type }) => {
    const id = `data-setting-${name}`;
    const input = /** @type {HTMLInputElement} */ (h("input.input", { id, name, type, spellcheck: "false", "aria-describedby": `${id}-hint` }));
    inputs[name] = input;
    return h("div.field", null, h("label", { for: id }, t(`data-setting-${name}`)), h("div.hint", { id: `${id}-hint` }, t(`data-setting-${name}-hint`)), input);
  });
  const loose = /** @type {HTMLInputElement} */ (h("input.check", { type: "checkbox", id: "data-setting-loose" }));
  suggestCodes(inputs.organization, findOrganizations);
  suggestCodes(inputs.depot, (q) => findDepots(q, inputs.organization.value.trim()));
  return {
    node: h("details.data-settings", null, h("summary", null, t("data-settings")),
      h("div.data-settings-fields", null, fields),
      h("div.field", null, h("div.row", null, loose, h("label", { for: "data-setting-loose" }, t("data-setting-loose"))))),
    values: () => ({ ...Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value.trim()])), ignore_unknown_columns: loose.checked || null }),
  };
}

/** Depots for words, of one organization or of all. @param {string} q @param {string} [organization] */
export async function findDepots(q, organization) {
  return (await read("/depots", { q, organization, limit: 20 })).json.items.map((/** @type {any} */ one) => ({ code: one.code, name: `${one.organization.name} · ${one.name}` }));
}
