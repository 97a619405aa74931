// What the service says of a file: each fault beside its cell with its mend, or what the file changes, and the questions of ledgers.

import { h } from "../../../shared/dom.js";
import { to } from "../../../shared/address.js";
import { mark, notice } from "../../../shared/status.js";
import { figureText, t } from "../../../shared/text.js";
import { refusal } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { mayAdminister } from "../../rights.js";
import { dataQuantityWords, wordsOf } from "./words.js";

/** @typedef {{ pointer: string, code: string, detail: string }} Fault */

/** @param {import("./import.js").ChosenFile} file */
export function fileResult(file) {
  return h("section.stack.data-result", null,
    h("h3", { tabindex: "-1" }, file.name),
    file.state === "refused" ? refused(file) : file.report ? told(file, file.report) : null);
}

/** @param {import("./import.js").ChosenFile} file */
function refused(file) {
  const faults = /** @type {Fault[]} */ ((file.error.problem && file.error.problem.errors) || []);
  if (!faults.length) return refusal(file.error);
  return [h("p", null, mark("short", t("data-faults", { n: faults.length }))), faultTable(file, faults, t("data-faults-caption", { name: file.name }))];
}

/** @param {import("./import.js").ChosenFile} file @param {Fault[]} faults @param {string} caption */
function faultTable(file, faults, caption) {
  const { cell } = file;
  const rows = faults.map((fault) => ({ ...fault, ...(cell ? cell(fault.pointer) : { sheet: "", row: "", column: fault.pointer, value: null }) }));
  const hasSheets = rows.some(({ sheet }) => sheet);
  return dataTable({
    caption,
    rows,
    text: rows.length > 8 ? ({ sheet, row, column, value, detail }) => [sheet, row, column, value, detail].join(" ") : undefined,
    columns: [
      ...(hasSheets ? [{ head: t("data-sheet"), cell: (/** @type {typeof rows[0]} */ { sheet }) => sheet }] : []),
      { head: t("data-row"), number: true, cell: ({ row }) => row || t("data-whole-file"), sort: ({ row }) => Number(row) || 0 },
      { head: t("data-column"), cell: ({ column }) => column || t("data-whole-row"), sort: ({ column }) => column },
      { head: t("data-value"), cell: ({ value }) => (value === null ? h("span.muted", null, t("data-value-see")) : value === "" ? h("span.muted", null, t("data-value-empty")) : h("code.data-cell", null, value)) },
      { head: t("data-mend"), cell: ({ detail }) => detail },
    ],
  }).node;
}

/** @param {import("./import.js").ChosenFile} file @param {import("../../session.js").ApiSchemas["ImportReport"]} report */
function told(file, report) {
  const isImported = file.state === "imported";
  const total = report.forms.reduce((sum, { added, changed }) => sum + added + changed, 0);
  const read = report.files[0];
  const revision = report.revision;
  return [
    notice(isImported ? "good" : "",
      h("p.strong", null, !total ? t("data-nothing-new") : isImported && revision !== null ? t("data-imported", { revision: String(revision) }) : t("data-would")),
      read && read.encoding_certainty === "likely" ? h("p.small", null, t("data-encoding", { encoding: read.encoding || "" })) : null,
      isImported && revision !== null && mayAdminister() ? h("p", null, h("a", { href: to("data", "audit") }, t("data-see-audit"))) : null),
    dataTable({
      caption: t(isImported ? "data-tally-done" : "data-tally", { name: file.name }),
      rows: report.forms,
      columns: [
        { head: t("data-form"), rowHead: true, cell: ({ form }) => t(`data-form-${form}`) },
        { head: t("data-added"), number: true, cell: ({ added }) => figureText(added) },
        { head: t("data-changed"), number: true, cell: ({ changed }) => figureText(changed) },
        { head: t("data-unchanged"), number: true, cell: ({ unchanged }) => figureText(unchanged) },
      ],
    }).node,
    report.ledger ? ledgerTold(report.ledger, isImported) : null,
    report.warnings.length ? h("details", null, h("summary", null, t("data-warnings", { n: report.warnings.length })), faultTable(file, report.warnings, t("data-warnings-caption", { name: file.name }))) : null,
  ];
}

/** Each row of a ledger is counted, a question, or unlisted: none is lost. @param {import("../../session.js").ApiSchemas["LedgerReport"]} ledger @param {boolean} isImported */
function ledgerTold({ counted, counts, open, unlisted, questions }, isImported) {
  return h("div.stack-8", null,
    h("dl.data-ledger", null, [
      ["counted", counted, mark("met", t("data-row-counted"))],
      ["open", open, mark("unknown", t("data-row-open"))],
      ["unlisted", unlisted, mark("none", t("data-row-unlisted"))],
    ].map(([, n, words]) => h("div", null, h("dt", null, /** @type {any} */ (words)), h("dd.figure", null, figureText(/** @type {number} */ (n)))))),
    h("p.small.muted", null, t("data-ledger-counts", { n: counts })),
    open ? h("p", null, isImported ? h("a.button.primary", { href: to("data", "ledgers") }, t("data-answer", { n: open })) : t("data-questions-later")) : null,
    questions.length && !isImported ? dataTable({
      caption: t("data-questions-caption"),
      rows: questions,
      columns: [
        { head: t("data-row"), number: true, cell: ({ pointer }) => pointer.split("/").pop() || "" },
        { head: t("data-words"), rowHead: true, cell: ({ text }) => wordsOf(text) },
        { head: t("data-quantity"), cell: ({ text }) => dataQuantityWords(text) },
        { head: t("data-why"), cell: ({ why }) => t(`data-why-${why}`) },
      ],
    }).node : null);
}
