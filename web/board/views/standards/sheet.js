// The fact sheet of an organization: what is missing and how many lines wait for it, what is recorded, by whom, and when.

import { h } from "../../../shared/dom.js";
import { mark, notice } from "../../../shared/status.js";
import { to } from "../../../shared/address.js";
import { dayText, t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { factSheetLink, lineLink, withQuery } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { factDictionary } from "../../parts/words.js";
import { mayEdit } from "../../rights.js";
import { amountWithUnit } from "./conditions.js";
import { effectBlock } from "./effect.js";
import { besidePages, byWhom, standardsBlock, standardsFrame } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["FactView"]} Fact */
/** @typedef {ApiSchemas["ShortageLine"]} Line */
/** @typedef {ApiSchemas["VersionSheetEntry"]} SheetVersion */

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code */
export function factSheetView(board, place, code) {
  return standardsFrame("facts", t("standards-sheet-title", { code }), [
    effectBlock(place.query, code),
    loading(() => sheetBody(board, code), 8),
  ], { beside: mayEdit() ? h("a.button.primary", { href: to("standards", "facts", code, "edit") }, t("standards-sheet-edit")) : null });
}

/** The path of a fact sheet. @param {string} code */
export function sheetPath(code) {
  return `/organizations/${encodeURIComponent(code)}/facts`;
}

/** The lines that wait for each fact, by its key. @param {Line[]} lines @returns {Map<string, Line[]>} */
export function waitingLines(lines) {
  /** @type {Map<string, Line[]>} */
  const waiting = new Map();
  for (const line of lines) {
    for (const { fact } of line.reasons) {
      if (!fact) continue;
      const found = waiting.get(fact) || [];
      if (!found.includes(line)) found.push(line);
      waiting.set(fact, found);
    }
  }
  return waiting;
}

/** The value of a fact in words. @param {ApiSchemas["NumberOrTag"] | null | undefined} value @param {string | null | undefined} unit */
export function factValueText(value, unit) {
  if (!value) return t("value-unknown");
  return value.number === undefined ? t(value.tag ? "standards-yes" : "standards-no") : amountWithUnit(value.number, unit);
}

/** @param {import("../../page.js").Board} board @param {string} code */
async function sheetBody(board, code) {
  /** @type {any} */
  let standing = null;
  const [{ json }, lines, history, facts] = await Promise.all([
    read(sheetPath(code)), readAll("/shortages", { organization: code, status: "unknown" }, (_, page) => { standing = page; }),
    readAll(`/organizations/${encodeURIComponent(code)}/fact-history`), factDictionary(),
  ]);
  /** @type {ApiSchemas["FactSheetView"]} */
  const sheet = json;
  if (standing) board.asOf(standing);
  const waiting = waitingLines(lines);
  const recorded = sheet.facts.filter(({ state }) => state === "recorded");
  const missing = sheet.facts.filter(({ key }) => waiting.has(key));
  const rest = sheet.facts.filter(({ state, key }) => state !== "recorded" && !waiting.has(key));
  return h("div.blocks", null,
    h("div.stack-8", null, h("p.strong", null, sheet.organization.name), besidePages(code, "facts"),
      sheet.complete ? h("p", null, t("standards-sheet-complete", { day: sheet.complete_from || "" })) : notice("warn", t("standards-sheet-incomplete"))),
    standardsBlock(t("standards-facts-missing"), missing.length ? missingTable(code, missing, waiting) : h("p.muted", null, t("standards-sheet-none-waits")), standing ? asOfLine(standing) : null),
    standardsBlock(t("standards-sheet-recorded"), recordedTable(recorded, history, sheet.as_of)),
    standardsBlock(t(sheet.complete ? "standards-sheet-absent" : "standards-sheet-unknown", { n: rest.length }),
      h("p.text.muted", null, t(sheet.complete ? "standards-sheet-absent-text" : "standards-sheet-unknown-text")),
      h("details", null, h("summary", null, t("standards-sheet-list")), h("ul.standards-names", null, rest.map(({ name }) => h("li", null, name))))),
    standardsBlock(t("standards-changes"), sheetHistory(code, history, facts)));
}

/** @param {string} code @param {Fact[]} missing @param {Map<string, Line[]>} waiting */
function missingTable(code, missing, waiting) {
  const linesOf = (/** @type {Fact} */ { key }) => waiting.get(key) || [];
  return dataTable({
    caption: t("standards-facts-missing-caption"),
    rows: missing.slice().sort((one, other) => linesOf(other).length - linesOf(one).length),
    columns: [
      { head: t("standards-fact"), cell: (fact) => [mark("unknown", fact.name), mayEdit() ? h("a.block.small", { href: withQuery(to("standards", "facts", code, "edit"), { fact: fact.key }), "aria-label": t("standards-record-of", { name: fact.name }) }, t("standards-record")) : null], sort: (fact) => fact.name, rowHead: true },
      { head: t("standards-all-lines-waiting"), cell: (fact) => h("span.figure", null, linesOf(fact).length), sort: (fact) => linesOf(fact).length, number: true },
      { head: t("standards-line"), cell: (fact) => h("ul", null, linesOf(fact).map((line) => h("li", null, h("a", { href: lineLink(code, line.line) }, line.name)))) },
    ],
  }).node;
}

/** @param {Fact[]} recorded @param {SheetVersion[]} history @param {string} day */
function recordedTable(recorded, history, day) {
  /** The version that holds: the history has the latest revision first. @param {string} key */
  const versionOf = (key) => history.filter((one) => one.state.key === key && one.valid_from <= day).reduce((/** @type {SheetVersion | null} */ best, one) => (!best || one.valid_from > best.valid_from ? one : best), null);
  return dataTable({
    caption: t("standards-sheet-recorded-on", { day }),
    rows: recorded,
    empty: t("standards-sheet-nothing"),
    text: (fact) => `${fact.name} ${fact.key}`,
    columns: [
      { head: t("standards-fact"), cell: (fact) => fact.name, sort: (fact) => fact.name, rowHead: true },
      { head: t("standards-value"), cell: (fact) => h("span.figure", null, factValueText(fact.value, fact.unit)), sort: (fact) => (fact.value && fact.value.number !== undefined ? fact.value.number : null) },
      { head: t("standards-from"), cell: (fact) => (fact.valid_from ? dayText(fact.valid_from) : t("value-unknown")), sort: (fact) => fact.valid_from },
      { head: t("standards-by"), cell: (fact) => {
        const version = versionOf(fact.key);
        return version ? byWhom(version.author && version.author.name, version.recorded_at) : t("standards-by-service");
      } },
    ],
  }).node;
}

/** @param {string} code @param {SheetVersion[]} history @param {Map<string, ApiSchemas["FactDefinitionView"]>} facts */
function sheetHistory(code, history, facts) {
  const named = (/** @type {string | null} */ key) => { const found = key ? facts.get(key) : null; return found ? found.name : key || t("standards-sheet-mark"); };
  const valueOf = (/** @type {SheetVersion} */ { state }) => {
    if (state.key === null) return t(state.complete ? "standards-marked-complete" : "standards-marked-open");
    return state.value ? factValueText(state.value, (facts.get(state.key) || { unit: null }).unit) : t("standards-withdrawn");
  };
  return dataTable({
    caption: t("standards-changes-of", { code }),
    rows: history,
    perPage: 20,
    text: (row) => `${named(row.state.key)} ${row.author ? row.author.name : ""}`,
    columns: [
      { head: t("standards-fact"), cell: (row) => named(row.state.key), sort: (row) => named(row.state.key), rowHead: true },
      { head: t("standards-value"), cell: valueOf },
      { head: t("standards-from"), cell: (row) => dayText(row.valid_from), sort: (row) => row.valid_from },
      { head: t("standards-by"), cell: (row) => byWhom(row.author && row.author.name, row.recorded_at), sort: (row) => row.recorded_at },
      { head: t("standards-revision"), cell: (row) => (row.revision > 1 ? h("a", { href: withQuery(factSheetLink(code), { effect: String(row.revision), day: row.valid_from }), "aria-label": t("standards-effect-of", { revision: row.revision }) }, t("standards-effect-short", { revision: row.revision })) : String(row.revision)), sort: (row) => row.revision },
    ],
  }).node;
}
