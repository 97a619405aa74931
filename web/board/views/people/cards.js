// Enrolment in bulk: the organizations are chosen, their quartermasters made where there are none, and a card is printed for each.

import { h, fill } from "../../../shared/dom.js";
import { failureText, notice } from "../../../shared/status.js";
import { clock, t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { form } from "../../parts/form.js";
import { loading } from "../../parts/states.js";
import { cardTable } from "./card-table.js";
import { codeTable } from "./codes.js";
import { peopleView } from "./frame.js";
import { issuedBatches, keepCards } from "./issued.js";
import { issueForRow, readCardRows } from "./issuing.js";
import { to } from "../../../shared/address.js";
import { fullTime } from "../../parts/instant.js";

/** @typedef {import("../../page.js").Board} Board */
/** @typedef {import("./issuing.js").CardRow} CardRow */

const DAY_SECONDS = 86400;
const CODE_DAYS = ["7", "3", "1"];

/** @param {Board} board @returns {import("../../page.js").View} */
export function cardChoiceView(board) {
  /** How the work stands, so that leaving in the middle of it asks. */
  const now = { working: false, stop: false };
  const batches = issuedBatches();
  const codes = h("section.stack", null, h("h2", null, t("people-codes-open")), h("p.text.muted", null, t("people-codes-lead")), loading(openCodes));
  return peopleView("cards", t("people-part-cards"), h("div.blocks", null,
    h("section.stack", null, h("h2", null, t("people-cards-choose")), loading(async () => cardMaker(board, await readCardRows(), now))),
    batches.length ? h("section.stack", null, h("h2", null, t("people-cards-again")), h("p.text.muted", null, t("people-cards-again-text")), h("ul.people-batches", null, batches.map((batch, at) => (batch.cards.length ? h("li", null,
      h("a", { href: `${to("people", "cards", "print")}?batch=${at + 1}` }, t("people-cards-batch", { n: batch.cards.length, at: clock(batch.at) }))) : null)))) : null,
    codes),
  { lead: t("people-cards-lead"), unsaved: () => now.working, leave: () => { now.stop = true; } });
}

async function openCodes() {
  const rows = await readAll("/enrolments");
  if (!rows.length) return h("p.muted", null, t("people-codes-none"));
  const box = h("div");
  box.append(codeTable(rows, () => box.replaceWith(loading(openCodes))).node);
  return box;
}

/** @param {Board} board @param {CardRow[]} rows @param {{ working: boolean, stop: boolean }} now */
function cardMaker(board, rows, now) {
  /** @type {Set<CardRow>} */
  const chosen = new Set();
  const told = h("p", { role: "status", id: "cards-chosen" });
  const outcome = h("div", { "aria-live": "assertive" });
  const stop = h("button.button", { type: "button", hidden: true, onclick: () => { now.stop = true; } }, t("people-cards-stop"));
  const tell = () => {
    const some = Array.from(chosen);
    const fresh = some.filter((row) => !row.accounts.length).length;
    fill(told, some.length ? t("people-cards-chosen", { n: some.length, cards: some.reduce((sum, row) => sum + Math.max(1, row.accounts.length), 0), fresh }) : t("people-cards-none-chosen"));
  };
  const table = cardTable(rows, chosen, tell);

  /** @param {CardRow[]} some @param {import("./issuing.js").IssueHow} how */
  async function make(some, how) {
    /** @type {import("./issued.js").EnrolmentCard[]} */
    const cards = [];
    /** @type {{ row: CardRow, error: unknown }[]} */
    const failed = [];
    Object.assign(now, { working: true, stop: false });
    stop.hidden = false;
    for (const [at, row] of some.entries()) {
      if (now.stop) break;
      fill(told, t("people-cards-working", { at: at + 1, n: some.length, name: row.organization.name }));
      try {
        await issueForRow(row, how, (card) => cards.push(card));
        chosen.delete(row);
      } catch (error) {
        failed.push({ row, error });
        // Without a network or a session the rest would fail alike.
        if ([0, 401].includes(/** @type {any} */ (error).status)) break;
      }
    }
    Object.assign(now, { working: false });
    stop.hidden = true;
    const sheet = cards.length ? keepCards(cards) : "";
    if (!chosen.size && sheet) return board.go(sheet);
    table.redraw();
    tell();
    return fill(outcome, notice("warn",
      h("p.strong", null, t("people-cards-part", { done: cards.length, left: chosen.size })),
      failed.length ? h("ul.dots", null, failed.slice(0, 10).map(({ row, error }) => h("li", null, `${row.organization.name}: ${failureText(error)}`))) : null,
      h("p", null, t("people-cards-rest")),
      sheet ? h("p", null, h("a.button", { href: sheet }, t("people-cards-print", { n: cards.length }))) : null));
  }

  const parts = form({
    fields: [
      { name: "days", kind: "select", label: t("people-cards-days"), hint: t("people-cards-days-hint"), required: true, value: "7", options: CODE_DAYS.map((days) => [days, t("people-days", { n: Number(days) })]) },
      { name: "replace", kind: "checkbox", label: t("people-cards-replace"), hint: t("people-cards-replace-hint"), value: true },
    ],
    act: t("people-cards-make"),
    submit: async ({ days, replace }) => {
      fill(outcome);
      if (!chosen.size) return fill(outcome, h("p.fault", null, t("people-cards-none-chosen")));
      return make(Array.from(chosen), { seconds: Number(days) * DAY_SECONDS, replace, note: t("people-cards-note", { at: fullTime(new Date().toISOString()) }) });
    },
    beside: stop,
  });
  tell();
  return h("div.stack", null, table.node, told, outcome, parts.node);
}
