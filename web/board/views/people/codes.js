// Codes that are given out and not used yet: revoked, or replaced where the card is lost.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { failureText, toast } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { send } from "../../api.js";
import { confirmDialog } from "../../parts/dialog.js";
import { dataTable } from "../../parts/table.js";
import { dropCard } from "./issued.js";
import { fullTime } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas["EnrolmentView"]} EnrolmentView */

/** Revokes a code; one that was used meanwhile stays used. @param {string} id */
export async function withdrawCode(id) {
  try {
    await send("POST", `/enrolments/${id}/withdraw`);
  } catch (error) {
    // Used meanwhile: there is nothing left to revoke.
    if (/** @type {any} */ (error).status !== 409) throw error;
  }
  dropCard(id);
}

/**
 * @param {EnrolmentView[]} rows
 * @param {() => unknown} changed  after one was revoked
 */
export function codeTable(rows, changed) {
  const revoke = (/** @type {EnrolmentView[]} */ some, /** @type {string} */ text) => async () => {
    if (!(await confirmDialog(t("people-codes-revoke"), text, t("people-codes-revoke"), { danger: true }))) return;
    try {
      for (const one of some) await withdrawCode(one.id);
      toast(t("people-codes-revoked", { n: some.length }));
    } catch (error) {
      toast(failureText(error), true, true);
    }
    await changed();
  };
  const table = dataTable({
    caption: t("people-codes-caption"),
    perPage: 20,
    rows,
    text: rows.length > 1 ? (one) => [one.account.display_name, one.account.username, one.note].join(" ") : undefined,
    columns: [
      { head: t("people-account"), rowHead: true, sort: (one) => one.account.username, cell: (one) => h("a", { href: to("people", "accounts", one.account.id) }, one.account.display_name) },
      { head: t("people-note"), wide: true, sort: (one) => one.note, cell: (one) => one.note || "" },
      { head: t("people-expires"), sort: (one) => one.expires_at, cell: (one) => h("time", { datetime: one.expires_at }, fullTime(one.expires_at)) },
      { head: t("people-act"), cell: (one) => h("button.button", { type: "button", "aria-label": t("people-code-revoke-one", { who: one.account.display_name }), onclick: revoke([one], t("people-code-revoke-text", { who: one.account.display_name })) }, t("people-codes-revoke")) },
    ],
    beside: rows.length > 1 ? h("button.button", { type: "button", id: "codes-revoke-all", onclick: () => revoke(table.matched(), t("people-codes-revoke-text", { n: table.matched().length }))() }, t("people-codes-revoke-all")) : null,
  });
  return table;
}
