// One row of a ledger that is in no count yet: its words, the nearest items, and the decision which of them it is, or none.

import { h } from "../../../shared/dom.js";
import { mark, notice, toast } from "../../../shared/status.js";
import { dayText, t, unitText } from "../../../shared/text.js";
import { read, readAll, send } from "../../api.js";
import { mayEdit } from "../../rights.js";
import { asOfLine } from "../../parts/asof.js";
import { fieldFault, form } from "../../parts/form.js";
import { heading } from "../../parts/states.js";
import { codeWords, itemCatalogue } from "../../parts/words.js";
import { decidedMeanwhile } from "./both.js";
import { radioChoice } from "./choice.js";
import { inboxStanding } from "./data.js";
import { ledgerQuantity, ledgerWords } from "./ledger.js";
import { backToInbox, inboxLink, inboxOrganization } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./ledger.js").LedgerRow} LedgerRow */
/** @typedef {Map<string, ApiSchemas["ItemView"]>} Items */
/** @typedef {import("../../parts/words.js").CodeWords} CodeWords */

/** Choices beside the nearest items. */
const OTHER_ITEM = "=other";
const NO_ITEM = "=none";

/** @param {import("../../page.js").Board} board @param {string} id @returns {Promise<import("../../page.js").View>} */
export async function inboxLedgerRowView(board, id) {
  const standing = await inboxStanding(board);
  /** @type {[{ json: LedgerRow }, CodeWords, Items]} */
  const [{ json: row }, words, items] = await Promise.all([read(`/ledger-rows/${encodeURIComponent(id)}`), codeWords(), itemCatalogue()]);
  const open = row.status === "open";
  const parts = open && mayEdit() ? await ledgerForm(board, row, items, words) : null;
  return {
    title: t("inbox-title", { kind: ledgerWords(row) }),
    unsaved: parts ? parts.changed : undefined,
    body: h("div.stack.inbox", null,
      backToInbox("ledger"),
      heading(ledgerWords(row)),
      h("p", null, inboxOrganization(row.organization), row.depot ? ` · ${row.depot.name} (${row.depot.code})` : ` · ${t("inbox-depot-none")}`),
      h("dl.pairs.text", null,
        h("dt", null, t("inbox-quantity")), h("dd", { lang: "zh-CN" }, ledgerQuantity(row) || t("nothing-set")),
        h("dt", null, t("inbox-ledger-day")), h("dd", null, dayText(row.ledger_on)),
        row.text.expires_on ? [h("dt", null, t("inbox-expires")), h("dd", null, dayText(row.text.expires_on))] : null,
        row.text.condition ? [h("dt", null, t("inbox-condition")), h("dd", { lang: "zh-CN" }, row.text.condition)] : null,
        row.text.note ? [h("dt", null, t("inbox-remark")), h("dd", { lang: "zh-CN" }, row.text.note)] : null,
        h("dt", null, t("inbox-why")), h("dd", null, open ? mark("unknown", words("why_open", row.why)) : words("ledger_row_status", row.status))),
      open ? null : notice("good", h("p.strong", null, words("ledger_row_status", row.status)), h("p", null, decidedAs(row, items)), row.decided_by ? h("p", null, t("inbox-by", { name: row.decided_by }), row.reason ? ` · ${row.reason}` : null) : null),
      parts ? h("section.stack", { "aria-labelledby": "inbox-decide" }, h("h2", { id: "inbox-decide" }, t("inbox-ledger-decide")), parts.node) : open ? h("p.muted", null, t("inbox-officers-decide")) : null,
      asOfLine(standing)),
  };
}

/** What a row was said to be. @param {LedgerRow} row @param {Items} items */
function decidedAs({ item, quantity }, items) {
  if (!item) return t("inbox-ledger-no-item");
  const found = items.get(item);
  return [found ? found.name : item, quantity === null ? "" : `${quantity} ${found ? unitText(found.unit, Number(quantity)) : ""}`].join(" ");
}

/** @param {import("../../page.js").Board} board @param {LedgerRow} row @param {Items} items @param {CodeWords} words */
async function ledgerForm(board, row, items, words) {
  /** @type {ApiSchemas["DepotView"][]} */
  const depots = row.depot ? [] : await readAll("/depots", { organization: row.organization.code, open: true });
  const nameOfItem = (/** @type {string} */ code) => { const found = items.get(code); return found ? `${found.name} (${unitText(found.unit)})` : code; };
  const choice = radioChoice({
    label: t("inbox-ledger-which"),
    options: [
      ...row.candidates.map(({ item, reasons }) => ({ value: item, words: nameOfItem(item), more: [item, " · ", reasons.map((reason) => words("match_reason", reason)).join(t("inbox-list-and"))] })),
      { value: OTHER_ITEM, words: t("inbox-ledger-other") },
      { value: NO_ITEM, words: t("inbox-ledger-none-of"), more: t("inbox-ledger-none-of-more") },
    ],
    onchange: () => showFields(),
  });
  let done = false;
  const parts = form({
    fields: [
      { name: "item", label: t("inbox-item"), attributes: { list: "inbox-items" } },
      { name: "quantity", label: t("inbox-quantity"), kind: "number", hint: t("inbox-ledger-quantity-hint") },
      ...(row.depot ? [] : [/** @type {import("../../parts/form.js").Field} */ ({ name: "depot", label: t("inbox-depot"), kind: "select", options: [["", t("inbox-choose")], ...depots.map((one) => [one.code, `${one.name} (${one.code})`])] })]),
      { name: "remember", label: t("inbox-ledger-remember"), kind: "checkbox", value: true },
      { name: "reason", label: t("inbox-reason"), kind: "textarea" },
    ],
    act: t("inbox-decide-act"),
    submit: async (values) => {
      const chosen = choice.value();
      fault.hidden = Boolean(chosen);
      if (!chosen) return choice.focus();
      if (chosen === OTHER_ITEM && !values.item) throw fieldFault("/item", t("inbox-item-needed"));
      const item = chosen === NO_ITEM ? null : chosen === OTHER_ITEM ? values.item : chosen;
      const mine = { what: item ? nameOfItem(item) : t("inbox-ledger-no-item"), reason: values.reason };
      /** @type {{ json: LedgerRow }} */
      const { json: now } = await read(`/ledger-rows/${row.id}`);
      if (now.revision !== row.revision || now.status !== row.status) {
        const canStore = now.status === "open" || now.status === "unlisted";
        const whose = await decidedMeanwhile([{ what: decidedAs(now, items), reason: now.reason, by: now.decided_by || t("value-unknown") }], mine, { canStore });
        if (whose === null) return undefined;
        if (whose === "theirs") return finish(false);
      }
      await send("PUT", `/ledger-rows/${row.id}/decision`, { item, quantity: item ? values.quantity : null, depot: item ? values.depot || null : null, reason: values.reason, remember: values.remember });
      return finish(true);
    },
  });
  const fault = h("p.fault", { role: "alert", hidden: true }, t("inbox-choose-one"));
  parts.node.insertBefore(h("div", null, choice.node, fault), parts.node.children[1]);
  parts.node.appendChild(h("datalist", { id: "inbox-items" }, Array.from(items.values(), ({ code, name }) => h("option", { value: code }, name))));
  const rowOf = (/** @type {string} */ name) => /** @type {HTMLElement | null} */ ((parts.node.querySelector(`[name=${name}]`) || parts.node).closest(".field"));
  function showFields() {
    const chosen = choice.value();
    for (const [name, shown] of /** @type {[string, boolean][]} */ ([["item", chosen === OTHER_ITEM], ["quantity", chosen !== NO_ITEM], ["depot", chosen !== NO_ITEM]])) {
      const field = rowOf(name);
      if (field) field.hidden = !shown;
    }
  }
  showFields();
  /** @param {boolean} stored */
  function finish(stored) {
    done = true;
    if (stored) toast(t("inbox-ledger-done"));
    board.go(inboxLink("ledger"));
  }
  return { node: parts.node, changed: () => !done && (parts.changed() || choice.changed()) };
}
