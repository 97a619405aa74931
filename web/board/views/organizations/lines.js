// Required against counted: every line of an organization, with its clause and its certainty, narrowed by status, basis and strength.

import { choice } from "../../../shared/choice.js";
import { fill, h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { lineLink, link } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { downloadButtons } from "../../parts/download.js";
import { figure } from "../../parts/figure.js";
import { dataTable } from "../../parts/table.js";
import { filterSelect } from "./list.js";
import { bindingText, clauseText, lineMarks, organizationLinesLink } from "./shared.js";

/** @typedef {import("./shared.js").ShortageLine} ShortageLine */
/** @typedef {import("./sheet-data.js").SheetData} SheetData */

const LINES_SHOWN = 20;

/** The choices of lines, the gravest first, and the statuses that each has. @type {Record<string, (line: ShortageLine) => boolean>} */
const LINE_CHOICES = {
  short: ({ status }) => status === "short" || status === "below",
  unknown: ({ status }) => status === "unknown" || status === "not_set",
  differs: ({ conflict, contested }) => conflict || contested,
  met: ({ status }) => status === "met" || status === "at" || status === "not_required",
};

/** Gravity of statuses and strengths: the order of the lines. */
const LINE_STATUSES = ["short", "unknown", "not_set", "below", "met", "at", "not_required"];
const LINE_STRENGTHS = ["mandatory", "recommended", "optional", "reference"];

/** The choice that an address names by a status. @param {string | undefined} status */
const choiceOf = (status) => ({ short: "short", below: "short", unknown: "unknown", not_set: "unknown", met: "met", at: "met", not_required: "met", differs: "differs" })[status || ""] || "";

/** @param {import("../../page.js").Board} board @param {SheetData} data @param {Record<string, string>} query */
export async function linesBlock(board, data, query) {
  const { rows, answer } = await data.lines();
  const { words } = data;
  const now = { chosen: choiceOf(query.status), basis: query.basis || "", strength: query.strength || "" };
  const place = h("div");
  const bases = filterSelect("line-basis", t("orgs-line-basis"), (basis) => narrow({ basis }));
  bases.offer([["", t("orgs-any")], ...["established", "indicative"].map((basis) => /** @type {[string, string]} */ ([basis, words("basis", basis)]))], now.basis);
  const strengths = filterSelect("line-strength", t("orgs-line-strength"), (strength) => narrow({ strength }));
  const there = LINE_STRENGTHS.filter((strength) => rows.some((line) => line.strength === strength));
  strengths.offer([["", t("orgs-any")], ...there.map((strength) => /** @type {[string, string]} */ ([strength, words("strength", strength)]))], now.strength);
  const table = dataTable({
    caption: t("orgs-lines-caption"),
    columns: lineColumns(data),
    rows: [],
    text: (line) => [line.name, line.item ? line.item.code : "", ...line.clauses.map(({ standard, clause, rule }) => `${standard} ${clause} ${rule}`)].join(" "),
    perPage: LINES_SHOWN,
    empty: t("orgs-lines-none"),
    beside: [strengths.node, bases.node],
  });
  const ordered = rows.slice().sort((one, other) => lineGravity(one) - lineGravity(other));

  /** @param {Partial<typeof now>} changed */
  function narrow(changed) {
    Object.assign(now, changed);
    board.keepAddress(organizationLinesLink(data.code, { status: now.chosen, basis: now.basis, strength: now.strength }));
    draw();
  }

  function draw() {
    const here = ordered.filter((line) => (!now.basis || line.basis === now.basis) && (!now.strength || line.strength === now.strength));
    const options = /** @type {[string, string][]} */ ([["", t("orgs-all", { n: here.length })],
      ...Object.entries(LINE_CHOICES).map(([key, isOf]) => [key, t("orgs-status-number", { status: t(`orgs-lines-${key}`), n: here.filter(isOf).length })])]);
    const pressed = document.activeElement && document.activeElement.id;
    fill(place, choice(t("orgs-status"), options, now.chosen, (chosen) => narrow({ chosen })));
    const again = pressed && pressed.startsWith("choice-") ? document.getElementById(pressed) : null;
    if (again) again.focus();
    table.setRows(now.chosen ? here.filter(LINE_CHOICES[now.chosen]) : here);
  }

  draw();
  return [h("div.stack", null, place, table.node),
    h("div.row.wrap.no-print", null, downloadButtons("/shortages", () => ({ organization: data.code, basis: now.basis, strength: now.strength }), `lines-${data.code}`),
      h("a", { href: link("standards") }, t("orgs-to-standards"))),
    asOfLine(answer)];
}

/** @param {ShortageLine} line */
function lineGravity({ status, strength, conflict, contested }) {
  return LINE_STRENGTHS.indexOf(strength) * 100 + LINE_STATUSES.indexOf(status) * 10 + (conflict || contested ? 0 : 1);
}

/** @param {SheetData} data @returns {import("../../parts/table.js").Column<ShortageLine>[]} */
function lineColumns({ code, words }) {
  /** @param {ShortageLine} line @param {"required" | "usable" | "shortage"} part @param {string} [unknown] */
  const cell = (line, part, unknown) => figure(line[part], { unit: line.unit, href: lineLink(code, line.line), label: `${line.name}, ${t(`orgs-${part}`)}`, words: unknown });
  return [
    { head: t("orgs-line"), rowHead: true, sort: ({ name }) => name, cell: (line) => [
      h("a", { href: lineLink(code, line.line) }, line.name),
      h("div.narrow-only", null, lineMarks(line)),
      h("div.small.muted.org-plain", null, clauseText(line.clauses)),
      h("div.small.muted.org-plain.narrow-only", null, bindingText(line, words))] },
    { head: t("orgs-required"), number: true, sort: ({ required }) => required.min, cell: (line) => cell(line, "required", t("orgs-required-open")) },
    { head: t("orgs-usable"), number: true, sort: ({ usable }) => usable.min, cell: (line) => [cell(line, "usable"), leftOutText(line, words)] },
    { head: t("orgs-shortage"), number: true, sort: ({ shortage }) => shortage.min, cell: (line) => cell(line, "shortage") },
    { head: t("orgs-status"), wide: true, sort: lineGravity, cell: lineMarks },
    { head: t("orgs-binding"), wide: true, sort: ({ strength, basis }) => `${LINE_STRENGTHS.indexOf(strength)} ${basis}`, cell: (line) => h("span.small", null, bindingText(line, words)) },
  ];
}

/** What was counted and is not usable. @param {Pick<ShortageLine, "left_out">} line @param {import("./shared.js").CodeWords} words */
export function leftOutText({ left_out: parts }, words) {
  const text = Object.entries(parts).map(([why, n]) => t("orgs-left-out", { n: n === null ? t("value-unknown") : n, why: words("left_out", why) })).join(", ");
  return text ? h("div.small.muted.org-left-out", null, text) : null;
}
