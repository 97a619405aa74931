// Whom to call: the keepers of depots, and the people of organizations, each with the purpose for which they are kept.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { empty } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { organizationLink } from "../../links.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { contactRole } from "./contact.js";
import { peopleFilter, peopleView } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["ContactView"]} ContactView */

/** The tasks of a depot's and of an organization's people. @type {Record<"depots" | "organizations", ApiSchemas["ContactRole"][]>} */
const CONTACT_ROLES = { depots: ["keeper", "second_keeper"], organizations: ["legal_representative", "safety_head", "duty"] };

/** @param {Record<string, string>} query `keeper=none` shows depots without a keeper alone */
export function contactListView(query) {
  const chosen = { keeper: query.keeper === "none" ? "none" : "" };
  return peopleView("contacts", t("people-part-contacts"), loading(async () => contactTable(await readAll("/depots", { open: true }), chosen)), { lead: t("people-contacts-lead") });
}

/** @param {ApiSchemas["DepotView"][]} depots @param {{ keeper: string }} chosen */
function contactTable(depots, chosen) {
  const shown = () => depots.filter((one) => !chosen.keeper || !one.keeper);
  const link = (/** @type {ApiSchemas["DepotView"]} */ { organization }) => to("people", "contacts", organization.code);
  const table = dataTable({
    caption: t("people-contacts-caption"),
    rows: shown(),
    text: (one) => [one.code, one.name_zh, one.name_en, one.organization.code, one.organization.name, one.keeper, one.second_keeper].join(" "),
    empty: t("people-contacts-none"),
    columns: [
      { head: t("people-organization"), rowHead: true, sort: (one) => one.organization.code, cell: (one) => [h("a", { href: link(one) }, one.organization.name), h("span.small.muted.people-code", null, ` ${one.organization.code}`)] },
      { head: t("people-depot"), sort: (one) => one.code, cell: (one) => [one.name, h("span.small.muted.people-code", null, ` ${one.code}`)] },
      { head: t("people-keeper"), sort: (one) => one.keeper, cell: (one) => one.keeper || h("span.mark.mark-unknown", null, t("people-contact-nobody")) },
      { head: t("people-second-keeper"), wide: true, sort: (one) => one.second_keeper, cell: (one) => one.second_keeper || h("span.muted", null, t("people-contact-nobody")) },
    ],
    beside: peopleFilter("contacts-keeper", t("people-shown"), [["", t("people-all")], ["none", t("people-contacts-without")]], chosen.keeper, (keeper) => {
      chosen.keeper = keeper;
      table.setRows(shown());
    }),
  });
  return table.node;
}

/** The people of an organization and of its depots. @param {string} code @returns {Promise<import("../../page.js").View>} */
export async function contactSheetView(code) {
  const { json: organization } = await read(`/organizations/${encodeURIComponent(code)}`);
  const depots = await readAll("/depots", { organization: organization.code, open: true });
  return peopleView("contacts", organization.name, h("div.blocks", null,
    h("p", null, h("a", { href: organizationLink(organization.code) }, t("people-to-sheet"))),
    contactBlock(t("people-contacts-of-organization"), "organizations", organization.code),
    depots.map((/** @type {ApiSchemas["DepotView"]} */ depot) => contactBlock(`${depot.name} ${depot.code}`, "depots", depot.code)),
    depots.length ? null : empty(t("people-contacts-no-depots"))), { lead: t("people-contacts-sheet-lead") });
}

/** The people of one thing, by their tasks. @param {string} title @param {"depots" | "organizations"} kind @param {string} code */
function contactBlock(title, kind, code) {
  const path = `/${kind}/${encodeURIComponent(code)}/contacts`;
  const load = async () => {
    /** @type {ContactView[]} */
    const all = await readAll(path);
    const again = async () => box.replaceWith(block());
    const past = all.filter((one) => !one.present);
    return h("div.stack", null,
      h("ul.people-roles", null, CONTACT_ROLES[kind].map((role) => contactRole(`${path}/${role}`, role, all.find((one) => one.role === role && one.present) || null, again))),
      past.length ? h("details", null, h("summary", null, t("people-contacts-past", { n: past.length })), h("ul.dots", null, past.map((one) => h("li", null, `${t(`people-contact-${one.role}`)}: ${one.name || ""} `,
        h("span.small.muted", null, one.erased_at ? t("people-contact-erased") : t("people-contact-ended", { day: one.ended_from || "" })))))) : null);
  };
  const block = () => {
    box = loading(load, 2);
    return box;
  };
  /** @type {HTMLElement} */
  let box;
  return h("section.stack", null, h("h2", null, title), block());
}
