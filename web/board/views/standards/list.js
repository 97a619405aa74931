// The editions of standards, each with its status and where it is adopted.

import { choice } from "../../../shared/choice.js";
import { h } from "../../../shared/dom.js";
import { dayOfTime, dayText, t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { link, standardLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { standardNumber } from "../../parts/clause.js";
import { downloadButtons } from "../../parts/download.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { codeWords } from "../../parts/words.js";
import { newestRevision, standardsFrame } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["StandardView"] & { adoptions: ApiSchemas["AdoptionView"][] }} EditionRow */

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place */
export function standardsListView(board, place) {
  const { adopted } = place.query;
  return standardsFrame("", t("nav-standards"), [loading(() => editionsTable(board, adopted === "yes" || adopted === "no" ? adopted : "all"), 8)], {
    lead: h("p.text.muted", null, t("standards-lead")),
    beside: downloadButtons("/standards", () => ({}), t("nav-standards")),
  });
}

/** @param {import("../../page.js").Board} board @param {string} which */
async function editionsTable(board, which) {
  const standing = await newestRevision();
  board.asOf(standing);
  const { revision } = standing;
  const [standards, adoptions, words] = await Promise.all([readAll("/standards", { revision }), readAll("/adoptions", { revision }), codeWords()]);
  /** @type {EditionRow[]} */
  const editions = standards.map((one) => ({ ...one, adoptions: adoptions.filter(({ standard }) => standard.code === one.code) }));
  const isBinding = (/** @type {EditionRow} */ { adoptions: all }) => all.some(({ today }) => today);
  const rows = editions.filter((one) => which === "all" || isBinding(one) === (which === "yes"));
  return [dataTable({
    caption: t("standards-editions"),
    rows,
    text: (row) => [row.code, standardNumber(row.code), row.title, row.title_en, row.title_zh, words("standard_status", row.status)].join(" "),
    beside: choice(t("standards-adoption"), ["all", "yes", "no"].map((key) => [key, t(`standards-show-${key}`)]), which, (key) => board.go(link("standards", { adopted: key === "all" ? "" : key }))),
    columns: [
      { head: t("standards-code"), cell: (row) => h("a", { href: standardLink(row.code) }, standardNumber(row.code)), sort: (row) => row.code, rowHead: true },
      { head: t("standards-title"), cell: (row) => h("span.standards-title", null, row.title), sort: (row) => row.title },
      { head: t("standards-status"), cell: (row) => words("standard_status", row.status), sort: (row) => row.status },
      { head: t("standards-in-force"), cell: (row) => (row.valid_from ? dayText(row.valid_from) : h("span.muted", null, t("value-unknown"))), sort: (row) => row.valid_from },
      { head: t("standards-adoption"), cell: (row) => adoptionsShort(row.adoptions, words), sort: (row) => (isBinding(row) ? 0 : row.adoptions.length ? 1 : 2) },
      { head: t("standards-rules"), cell: (row) => row.rules, sort: (row) => row.rules, number: true },
    ],
  }).node, asOfLine(standing)];
}

/** Where and since when an edition binds, in a few words. @param {ApiSchemas["AdoptionView"][]} adoptions @param {import("../../parts/words.js").CodeWords} words */
export function adoptionsShort(adoptions, words) {
  const day = dayOfTime(new Date());
  const shown = adoptions.filter(({ today, valid_from: from }) => today || from > day);
  if (!shown.length) return h("span.muted", null, t(adoptions.length ? "standards-adoption-over" : "standards-not-adopted"));
  return h("ul", null, shown.map(({ region, strength, today, valid_from: from, valid_to: end }) => h("li", null,
    h(today ? "span.strong" : "span", null, words("strength", strength)), " ",
    t(today ? (end ? "standards-since-until" : "standards-since") : "standards-from-day", { day: from, end: end || "" }), h("span.small.muted.block", null, region.name))));
}
