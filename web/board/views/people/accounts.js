// The list of accounts: who may sign in, as what, and where.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { icon } from "../../../shared/icons.js";
import { t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { EVERYBODY } from "../../page.js";
import { downloadButtons } from "../../parts/download.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { peopleFilter, peopleView } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas["AccountView"]} AccountView */

/** Where an account is at home: an organization, or a region. @param {AccountView} account */
export function accountPlace({ organization, region }) {
  return organization || region || { code: "", name: "" };
}

export function accountListView() {
  return peopleView("accounts", t("people-part-accounts"), loading(accountTable), {
    lead: t("people-accounts-lead"),
    beside: [
      h("a.button.primary", { href: to("people", "accounts", "new") }, icon("plus", 18), t("people-account-add")),
      h("a.button", { href: to("people", "cards") }, icon("print", 18), t("people-part-cards")),
      downloadButtons("/accounts", () => ({}), "accounts"),
    ],
  });
}

async function accountTable() {
  /** @type {AccountView[]} */
  const all = [];
  const chosen = { role: "", state: "open" };
  const shown = () => all.filter((one) => (!chosen.role || one.role === chosen.role) && (!chosen.state || one.open === (chosen.state === "open")));
  const table = dataTable({
    caption: t("people-accounts-caption"),
    rows: /** @type {AccountView[]} */ ([]),
    text: (one) => [one.username, one.display_name, accountPlace(one).name, accountPlace(one).code].join(" "),
    empty: t("people-accounts-none"),
    columns: [
      { head: t("people-name"), rowHead: true, sort: (one) => one.display_name, cell: (one) => h("a", { href: to("people", "accounts", one.id) }, one.display_name) },
      { head: t("people-username"), sort: (one) => one.username, cell: (one) => h("span.mono", null, one.username) },
      { head: t("people-role"), sort: (one) => EVERYBODY.indexOf(one.role), cell: (one) => t(`role-${one.role}`) },
      { head: t("people-place"), sort: (one) => accountPlace(one).code, cell: (one) => [accountPlace(one).name, h("span.small.muted", null, ` ${accountPlace(one).code}`)] },
      { head: t("people-signs-in"), wide: true, sort: (one) => Number(one.has_password), cell: (one) => t(one.has_password ? "people-by-password" : "people-by-code") },
      { head: t("people-state"), wide: true, sort: (one) => Number(one.open), cell: (one) => (one.open ? t("people-open") : h("span.muted", null, t("people-closed"))) },
    ],
    beside: [
      peopleFilter("accounts-role", t("people-role"), [["", t("people-all")], ...EVERYBODY.map((role) => /** @type {[string, string]} */ ([role, t(`role-${role}`)]))], chosen.role, (role) => {
        chosen.role = role;
        table.setRows(shown());
      }),
      peopleFilter("accounts-state", t("people-state"), [["open", t("people-open")], ["closed", t("people-closed")], ["", t("people-all")]], chosen.state, (state) => {
        chosen.state = state;
        table.setRows(shown());
      }),
    ],
  });
  await readAll("/accounts", {}, (rows) => {
    all.push(...rows);
    table.setRows(shown());
  });
  return table.node;
}
