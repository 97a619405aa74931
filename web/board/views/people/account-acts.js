// What can be done about an account's signing in: a code, a new password, the second factor, closing; and its devices.

import { h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { readAll, send } from "../../api.js";
import { confirmDialog } from "../../parts/dialog.js";
import { loading, refusal } from "../../parts/states.js";
import { mayAdminister } from "../../rights.js";
import { codeTable } from "./codes.js";
import { deviceTable } from "./devices.js";
import { askReason } from "./frame.js";
import { cardsOf, keepCards } from "./issued.js";

/** @typedef {import("../../page.js").Board} Board */
/** @typedef {import("../../session.js").ApiSchemas["AccountView"]} AccountView */

/** @param {Board} board @param {AccountView} account @param {boolean} isOwn */
export function accountActs(board, account, isOwn) {
  const mine = account.manageable;
  return [
    mine ? h("section.stack", null, h("h2", null, t("people-signing-in")), h("p", null, t(account.has_password ? "people-has-password" : "people-has-no-password")), signingActs(board, account, isOwn)) : null,
    mine ? h("section.stack", null, h("h2", null, t("people-codes-open")), loading(async () => {
      const codes = (await readAll("/enrolments")).filter((one) => one.account.id === account.id);
      return codes.length ? codeTable(codes, () => board.redraw()).node : h("p.muted", null, t("people-codes-none"));
    }, 2)) : null,
    h("section.stack", null, h("h2", null, t("people-part-devices")), loading(async () => {
      const devices = await readAll("/devices", { account: account.id });
      return devices.length ? deviceTable(devices, () => board.redraw()).node : h("p.muted", null, t("people-devices-none-here"));
    }, 2)),
  ];
}

/** @param {Board} board @param {AccountView} account @param {boolean} isOwn */
function signingActs(board, account, isOwn) {
  const path = `/accounts/${account.id}`;
  const said = h("div", { "aria-live": "assertive" });
  // One act at a time: a second press would give a second code out.
  const now = { working: false };
  const act = (/** @type {string} */ words, /** @type {() => Promise<unknown>} */ work) => h("button.button", { type: "button", onclick: async () => {
    if (now.working) return;
    now.working = true;
    said.textContent = "";
    try {
      await work();
    } catch (error) {
      said.append(refusal(error));
    }
    now.working = false;
  } }, words);
  const printed = (/** @type {any} */ issued) => board.go(keepCards(cardsOf([{ issued, account }])));
  const { open } = account;
  const who = account.display_name;
  return h("div.stack", null, said, h("div.acts", null,
    open ? act(t("people-code-give"), async () => printed((await send("POST", "/enrolments", { account: account.id })).json)) : null,
    open && !isOwn ? act(t("people-password-reset"), async () => {
      if (!(await confirmDialog(t("people-password-reset"), t("people-password-reset-text", { who }), t("people-password-reset"), { danger: true }))) return;
      printed((await send("POST", `${path}/password`)).json);
    }) : null,
    open && !isOwn && mayAdminister() ? act(t("people-factor-reset"), async () => {
      if (!(await confirmDialog(t("people-factor-reset"), t("people-factor-reset-text", { who }), t("people-factor-reset"), { danger: true }))) return;
      const { json } = await send("POST", `${path}/second-factor/reset`);
      toast(t(json.repeated ? "people-factor-none" : "people-factor-gone"));
    }) : null,
    open && !isOwn ? act(t("people-close"), async () => {
      const done = await askReason(t("people-close-title", { who }), h("p", null, t("people-close-text")), t("people-close"), (reason) => send("POST", `${path}/close`, { reason }));
      if (done) await board.redraw();
    }) : null,
    open ? null : act(t("people-reopen"), async () => {
      await send("POST", `${path}/reopen`);
      toast(t("people-reopened"));
      await board.redraw();
    })));
}
