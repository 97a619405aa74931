// Export: stock, counts, shortages, what expires, lists to count by, and the stored data in the forms of the import.

import { h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { dayOfTime, t } from "../../../shared/text.js";
import { to } from "../../../shared/address.js";
import { read } from "../../api.js";
import { downloadTable } from "../../parts/download.js";
import { fieldFault, form } from "../../parts/form.js";
import { loading } from "../../parts/states.js";
import { findOrganizations, suggestCodes } from "../../parts/suggest.js";
import { ownRegion } from "../../rights.js";
import { FORMS } from "./forms.js";
import { findDepots } from "./import-settings.js";

/** The tables that leave in columns of their own, with the fields that narrow each. @type {Record<string, { path: string, fields: string[] }>} */
const EXPORTS = {
  stock: { path: "/stock", fields: ["organization", "depot", "profile"] },
  counts: { path: "/counts", fields: ["organization", "depot", "counted_from", "counted_until", "profile"] },
  shortages: { path: "/shortages", fields: ["organization", "profile"] },
  expiring: { path: "/expiring", fields: ["organization", "within_days", "profile"] },
  count_list: { path: "/depots", fields: ["depot", "last_counted", "profile"] },
  forms: { path: "/export", fields: ["form"] },
};

/** Maps that come with the program, and their tables. @type {[string, string][]} */
const OWN_MAPS = [["hazchem-enterprise", "stock"]];

/** The forms whose rows are stored, and can be exported: the others are templates alone. */
const STORED_FORMS = FORMS.filter((name) => name !== "ledger" && name !== "counts");

/** @returns {import("../data.js").DataPart} */
export function exportTables() {
  return { body: h("section.stack", null, h("p.text", null, t("data-export-lead")), loading(exportForm)) };
}

async function exportForm() {
  const region = ownRegion();
  const maps = region ? (await read(`/regions/${region}/column-maps`, { limit: 500 })).json.items : [];
  const names = Object.keys(EXPORTS);
  const parts = form({
    fields: [
      { name: "table", kind: "select", label: t("data-export-table"), value: "stock", options: names.map((name) => [name, t(`data-table-${name}`)]), required: true },
      { name: "organization", label: t("data-export-organization"), hint: t("data-export-organization-hint") },
      { name: "depot", label: t("data-export-depot"), hint: t("data-export-depot-hint") },
      { name: "counted_from", kind: "date", label: t("data-export-from") },
      { name: "counted_until", kind: "date", label: t("data-export-until") },
      { name: "within_days", kind: "number", label: t("data-export-days"), value: "90" },
      { name: "last_counted", kind: "checkbox", label: t("data-export-last") },
      { name: "form", kind: "select", label: t("data-form"), options: [["", t("data-export-all-forms")], ...STORED_FORMS.map((name) => /** @type {[string, string]} */ ([name, t(`data-form-${name}`)]))] },
      { name: "profile", kind: "select", label: t("data-export-columns"), hint: t("data-export-columns-hint"), options: [["", t("data-columns-usual")]] },
      { name: "format", kind: "select", label: t("data-export-format"), value: "xlsx", options: [["xlsx", t("data-format-xlsx")], ["csv", t("data-format-csv")]], required: true },
    ],
    act: t("data-export-act"),
    beside: h("a", { href: to("data", "maps") }, t("data-to-maps")),
    submit: async (values) => {
      const { path, fields } = EXPORTS[values.table];
      if (values.table === "count_list" && !values.depot) throw fieldFault("/depot", t("data-export-needs-depot"));
      if (values.table === "forms" && !values.form && values.format === "csv") throw fieldFault("/form", t("data-export-one-form"));
      /** @type {import("../../api.js").Query} */
      const query = Object.fromEntries(fields.map((name) => [name, values[name] || null]));
      if (values.table === "count_list") delete query.depot;
      for (const [name, after] of [["counted_from", 0], ["counted_until", 1]]) {
        if (query[name]) query[name] = exportInstantOf(String(query[name]), Number(after));
      }
      const where = values.table === "count_list" ? `/depots/${encodeURIComponent(values.depot)}/count-list` : path;
      await downloadTable(where, query, values.format, [t(`data-table-${values.table}`), values.organization || values.depot, dayOfTime(new Date())].filter(Boolean).join("-"));
      toast(t("downloaded"));
    },
  });
  const control = (/** @type {string} */ name) => /** @type {HTMLInputElement & HTMLSelectElement} */ (parts.node.elements.namedItem(name));
  suggestCodes(control("organization"), findOrganizations);
  suggestCodes(control("depot"), (q) => findDepots(q, control("organization").value.trim()));
  const choose = () => {
    const table = control("table").value;
    for (const name of new Set(Object.values(EXPORTS).flatMap(({ fields }) => fields))) {
      const field = control(name).closest(".field");
      if (field) /** @type {HTMLElement} */ (field).hidden = !EXPORTS[table].fields.includes(name);
    }
    const profile = control("profile");
    profile.textContent = "";
    const given = [["", t("data-columns-usual")], ["ledger", t("data-columns-ledger")],
      ...OWN_MAPS.filter(([, of]) => of === table).map(([name]) => [name, t(`data-columns-${name}`)]),
      ...maps.filter((/** @type {any} */ map) => !map.withdrawn && map.tables.includes(table)).map((/** @type {any} */ map) => [map.name, `${map.title} · ${map.name}`])];
    for (const [value, words] of given) profile.append(h("option", { value }, words));
  };
  control("table").addEventListener("change", choose);
  choose();
  return parts.node;
}

/** The first instant of a day here, or of the day after it. @param {string} day @param {number} after */
export function exportInstantOf(day, after) {
  const [year, month, date] = day.split("-").map(Number);
  return new Date(year, month - 1, date + after).toISOString();
}
