// The depots of an organization: who keeps each, by which telephone, when it was counted last, and all its counts.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { mayEdit, ownOrganization } from "../../rights.js";
import { loading } from "../../parts/states.js";
import { hasInspectionDraft } from "./draft.js";
import { inspectionLink, organizationCountLink } from "./shared.js";
import { countNotes } from "./counts.js";
import { instantText } from "../../parts/instant.js";
import { telephone } from "../../parts/telephone.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./sheet-data.js").SheetData} SheetData */

/** @param {SheetData} data */
export async function depotsBlock(data) {
  const [depots, counts] = await Promise.all([data.depots(), data.counts()]);
  if (!depots.length) return h("p", null, t("orgs-depots-none"));
  return h("ul.org-depots", null, depots.map((depot) => depotItem(depot, counts.filter((count) => count.depot.id === depot.id), data)));
}

/** @param {ApiSchemas["DepotView"]} depot @param {ApiSchemas["CountView"][]} counts its own, the latest first @param {SheetData} data */
function depotItem(depot, counts, data) {
  const { words, code } = data;
  const last = counts.find((one) => !one.void);
  return h("li.stack-8", null,
    h("h3", null, depot.name),
    h("p.small.muted.org-plain", null, [depot.code, words("holding", depot.holding), depot.open ? "" : t("orgs-depot-closed")].filter(Boolean).join(" · ")),
    h("dl.pairs", null,
      h("dt", null, t("orgs-keepers")), h("dd", null, loading(() => depotKeepers(depot), 1)),
      h("dt", null, t("orgs-last-count")), h("dd", null, last ? [h("a", { href: organizationCountLink(code, last.id) }, instantText(last.effective_at)), h("div.small.muted", null, `${last.counted_by} · ${words("count_kind", last.kind)}`)] : h("span.mark.mark-unknown", null, words("cause", "never_counted")))),
    counts.length ? h("details", null, h("summary", null, t("orgs-depot-counts", { n: counts.length })), h("ul.org-history", null, counts.map((count) => h("li", null,
      h("a", { href: organizationCountLink(code, count.id) }, instantText(count.effective_at)), ` ${count.counted_by}`,
      h("div.small.muted", null, countNotes(count, words).join(" · ")))))) : null,
    depotActs(depot, code));
}

/** What may be done about a depot. @param {ApiSchemas["DepotView"]} depot @param {string} code */
function depotActs(depot, code) {
  if (!depot.open) return null;
  if (mayEdit()) return h("div.acts.no-print", null, h("a.button", { href: inspectionLink(code, depot.code) }, t(hasInspectionDraft(depot.id) ? "orgs-inspect-on" : "orgs-inspect")));
  return ownOrganization() === code ? h("div.acts.no-print", null, h("a.button", { href: "/phone" }, t("orgs-count-on-phone"))) : null;
}

/** Who keeps a depot, and their telephones. @param {ApiSchemas["DepotView"]} depot */
async function depotKeepers(depot) {
  const contacts = await presentContacts(`/depots/${encodeURIComponent(depot.id)}/contacts`);
  const named = contacts.length ? contacts : [depot.keeper, depot.second_keeper].filter(Boolean).map((name) => ({ name, phone: null }));
  if (!named.length) return h("span.muted", null, t("orgs-keeper-none"));
  return h("ul", null, named.map(({ name, phone }) => h("li", null, name || t("orgs-keeper-none"), " ", phone ? telephone(phone) : h("span.small.muted", null, t("orgs-phone-none")))));
}

/** The people of the organization itself, with their tasks. @param {SheetData} data */
export async function organizationContacts({ code }) {
  const contacts = await presentContacts(`/organizations/${encodeURIComponent(code)}/contacts`);
  if (!contacts.length) return null;
  return h("ul.org-contacts", null, contacts.map(({ role, name, phone }) => h("li", null, h("span.muted", null, `${t(`orgs-contact-${role}`)} `), name, " ", phone ? telephone(phone) : h("span.small.muted", null, t("orgs-phone-none")))));
}

/** @param {string} path @returns {Promise<ApiSchemas["ContactView"][]>} */
async function presentContacts(path) {
  return (await readAll(path)).filter((contact) => contact.present && !contact.erased_at);
}

/** A depot by its id or code. @param {string} depot @returns {Promise<ApiSchemas["DepotView"]>} */
export async function readDepot(depot) {
  return (await read(`/depots/${encodeURIComponent(depot)}`)).json;
}
