// The rows of ledgers that nobody could read for sure: each is a question, with the nearest items, which an officer answers once.
// Counted rows and those of no item are listed below, so that no row is lost.

import { fill, h } from "../../../shared/dom.js";
import { empty, mark } from "../../../shared/status.js";
import { dayText, t } from "../../../shared/text.js";
import { to } from "../../../shared/address.js";
import { read, readAll } from "../../api.js";
import { organizationLink } from "../../links.js";
import { mayEdit } from "../../rights.js";
import { downloadButtons } from "../../parts/download.js";
import { figure } from "../../parts/figure.js";
import { loading, refusal } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { ledgerQuestion } from "./question.js";
import { quantityWords, wordsOf } from "./words.js";

/** @typedef {import("../../session.js").ApiSchemas["LedgerRowView"]} LedgerRow */
/** @typedef {{ name: string, unit: string }} KnownItem */

const QUESTIONS_SHOWN = 10;

/** The mark of each state of a row. @type {Record<string, string>} */
const ROW_MARKS = { counted: "met", open: "unknown", unlisted: "none", replaced: "none" };

/** @param {import("../../page.js").Board} _ @param {import("../../page.js").Place} place @returns {import("../data.js").DataPart} */
export function ledgerQuestions(_, place) {
  const organization = place.query.organization || null;
  /** @type {Set<() => boolean>} */
  const open = new Set();
  return {
    unsaved: () => Array.from(open).some((changed) => changed()),
    body: [
      h("section.stack", null,
        h("p.text", null, t("data-ledgers-lead")),
        organization ? h("p", null, t("data-of-organization", { organization }), " ", h("a", { href: to("data", "ledgers") }, t("data-of-all"))) : null,
        loading(() => questions(organization, open))),
      h("section.stack", null, h("h3", null, t("data-rows-kept")), loading(() => keptRows(organization))),
    ],
  };
}

/** The items of the catalogue by code, read once for the page. @returns {Promise<Map<string, KnownItem>>} */
async function knownItems() {
  const rows = await readAll("/items", { fields: "code,name,unit" });
  return new Map(rows.map(({ code, name, unit }) => [code, { name, unit }]));
}

/** @param {string | null} organization @param {Set<() => boolean>} open */
async function questions(organization, open) {
  const [items, rows] = await Promise.all([knownItems(), readAll("/ledger-rows", { status: "open", organization })]);
  if (!rows.length) return empty(t("data-no-questions"), mayEdit() ? h("a.button", { href: to("data", "import") }, t("data-to-import")) : null);
  const told = h("p.strong", { role: "status" }, t("data-questions", { n: rows.length }));
  const list = h("ol.data-questions");
  const more = h("div.acts");
  const cards = new Map();
  let shown = 0;
  const showMore = () => {
    const next = /** @type {LedgerRow[]} */ (rows.slice(shown, shown + QUESTIONS_SHOWN));
    for (const row of next) {
      const card = ledgerQuestion(row, items, async () => { await answered(); });
      open.add(card.changed);
      cards.set(row.id, card);
      list.append(h("li", null, card.node));
    }
    shown += next.length;
    fill(more, shown < rows.length ? h("button.button", { type: "button", onclick: () => {
      showMore();
      next[next.length - 1] && cards.get(rows[shown - 1].id).focus();
    } }, t("data-questions-more", { n: rows.length - shown })) : null);
  };
  /** An answer holds for other rows with the same words: they are no questions any more. */
  const answered = async () => {
    try {
      const left = new Set((await readAll("/ledger-rows", { status: "open", organization, fields: "id" })).map(({ id }) => id));
      cards.forEach((card, id) => { if (!left.has(id)) card.settle(); });
      fill(told, left.size ? t("data-questions", { n: left.size }) : t("data-questions-done"));
    } catch (error) {
      fill(told, refusal(error, answered));
    }
  };
  showMore();
  return [
    h("div.headline", null, told, h("div.row.wrap", null, h("span.small", null, t("data-answers-table")), downloadButtons("/export", () => ({ form: "item_answers" }), t("data-form-item_answers"))[0])),
    list, more,
  ];
}

/** @param {string | null} organization */
async function keptRows(organization) {
  const [{ json }, items] = await Promise.all([read("/ledger-rows", { organization, limit: 500 }), knownItems()]);
  const rows = /** @type {LedgerRow[]} */ (json.items).filter(({ status }) => status !== "open");
  return [
    json.next_cursor ? h("p.small.muted", null, t("data-rows-part", { n: rows.length })) : null,
    dataTable({
      caption: t("data-rows-caption"),
      rows,
      empty: t("data-no-rows"),
      perPage: 20,
      text: (row) => [row.text.name, row.item, row.item && (items.get(row.item) || { name: "" }).name, row.organization.name, row.depot && row.depot.name, t(`data-row-${row.status}`)].join(" "),
      beside: downloadButtons("/ledger-rows", () => ({ organization }), t("data-rows-file")),
      columns: [
        { head: t("data-words"), rowHead: true, cell: ({ text }) => wordsOf(text), sort: ({ text }) => text.name || text.item || "" },
        { head: t("data-row-state"), cell: ({ status }) => mark(ROW_MARKS[status], t(`data-row-${status}`)), sort: ({ status }) => status },
        { head: t("data-row-item"), cell: ({ item }) => (item ? [(items.get(item) || { name: "" }).name, h("span.muted.small.block", null, item)] : h("span.muted", null, t("data-item-none"))), sort: ({ item }) => item },
        { head: t("data-quantity"), number: true, cell: ({ quantity, item, text }) => (quantity !== null && quantity !== undefined ? figure(quantity, { unit: (items.get(item || "") || { unit: "" }).unit }) : quantityWords(text)) },
        { head: t("data-depot"), cell: ({ organization: one, depot }) => [h("a", { href: organizationLink(one.code) }, one.name), depot ? h("span.muted.small.block", null, depot.name) : null], sort: ({ organization: one }) => one.code },
        { head: t("data-day"), cell: ({ ledger_on: day }) => h("span.nowrap", null, dayText(day)), sort: ({ ledger_on: day }) => day },
        { head: t("data-decided"), cell: ({ decided_by: who, reason }) => (who ? [who, reason ? h("span.muted.small.block", null, reason) : null] : h("span.muted", null, t("data-decided-none"))) },
      ],
    }).node,
  ];
}
