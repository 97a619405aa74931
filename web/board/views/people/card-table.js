// The organizations to give cards to: chosen one by one, or all that are listed.

import { organizationLink } from "../../links.js";
import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { dataTable } from "../../parts/table.js";
import { peopleFilter } from "./frame.js";

/** @typedef {import("./issuing.js").CardRow} CardRow */

/** @type {Record<string, (row: CardRow) => boolean>} */
const CARD_FILTERS = { all: () => true, account: (row) => !row.accounts.length, phone: (row) => !row.phones, code: (row) => !row.phones && !row.codes.length };

/**
 * @param {CardRow[]} rows
 * @param {Set<CardRow>} chosen
 * @param {() => void} changed  what is chosen
 */
export function cardTable(rows, chosen, changed) {
  const now = { filter: "all" };
  const shown = () => rows.filter(CARD_FILTERS[now.filter]);
  const redraw = () => table.setRows(shown());
  const choose = (/** @type {boolean} */ all) => {
    for (const row of table.matched()) all ? chosen.add(row) : chosen.delete(row);
    redraw();
    changed();
  };
  const table = dataTable({
    caption: t("people-cards-organizations"),
    rows: shown(),
    text: ({ organization, accounts }) => [organization.code, organization.name_zh, organization.name_en, organization.sector, ...accounts.map((one) => `${one.display_name} ${one.username}`)].join(" "),
    empty: t("people-cards-no-organizations"),
    perPage: 20,
    columns: [
      { head: t("people-cards-take"), cell: (row) => chooseBox(row) },
      { head: t("people-organization"), rowHead: true, sort: ({ organization }) => organization.code, cell: ({ organization }) => [h("a", { href: organizationLink(organization.code) }, organization.name), h("span.small.muted.people-code", null, ` ${organization.code}`)] },
      { head: t("people-quartermasters"), sort: ({ accounts }) => accounts.length, cell: ({ accounts }) => (accounts.length ? accounts.map((one) => one.username).join(", ") : h("span.muted", null, t("people-cards-account-new"))) },
      { head: t("people-phones"), wide: true, number: true, sort: ({ phones }) => phones, cell: ({ phones }) => phones },
      { head: t("people-codes-head"), wide: true, number: true, sort: ({ codes }) => codes.length, cell: ({ codes }) => codes.length },
    ],
    beside: [
      peopleFilter("cards-filter", t("people-shown"), [["all", t("people-all")], ["account", t("people-cards-no-account")], ["phone", t("people-cards-no-phone")], ["code", t("people-cards-no-code")]], now.filter, (filter) => {
        now.filter = filter;
        redraw();
      }),
      h("button.button", { type: "button", id: "cards-all", onclick: () => choose(true) }, t("people-choose-all")),
      h("button.button", { type: "button", id: "cards-none", onclick: () => choose(false) }, t("people-choose-none")),
    ],
  });

  /** @param {CardRow} row */
  function chooseBox(row) {
    const box = /** @type {HTMLInputElement} */ (h("input.check", { type: "checkbox", checked: chosen.has(row), "aria-label": t("people-cards-take-one", { name: row.organization.name }), onchange: () => {
      if (box.checked) chosen.add(row);
      else chosen.delete(row);
      changed();
    } }));
    return box;
  }

  return { node: table.node, redraw };
}
