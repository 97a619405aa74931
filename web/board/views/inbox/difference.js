// One item in one depot about which counts differ: who counted what and when, side by side, and the decision.

import { h } from "../../../shared/dom.js";
import { mark, notice } from "../../../shared/status.js";
import { dayText, figureText, t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { lineLink } from "../../links.js";
import { mayEdit } from "../../rights.js";
import { asOfLine } from "../../parts/asof.js";
import { figure, statusMark } from "../../parts/figure.js";
import { heading, loading } from "../../parts/states.js";
import { codeWords } from "../../parts/words.js";
import { countedName, differingCounts, stockOf } from "./differences.js";
import { settleForm } from "./settle.js";
import { backToInbox, inboxOrganization, inboxTelephones } from "./shared.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./differences.js").StockLine} StockLine */
/** @typedef {import("../../parts/words.js").CodeWords} CodeWords */

/** @param {import("../../page.js").Board} board @param {string} depot its code @param {string} item its code @returns {Promise<import("../../page.js").View>} */
export async function inboxDifferenceView(board, depot, item) {
  const [{ line, page }, words] = await Promise.all([stockOf(depot, item), codeWords()]);
  board.asOf(page);
  if (!line) return { title: t("inbox-kind-counts"), body: h("div.stack", null, backToInbox("counts"), heading(t("inbox-kind-counts")), h("p", null, t("inbox-no-stock"))) };
  const { stock } = line;
  const unit = line.item ? line.item.unit : "";
  const differs = stock.state === "conflict" || stock.state === "contested";
  const parts = differs && mayEdit() ? settleForm(board, line, words) : null;
  const counts = differingCounts(stock);
  return {
    title: t("inbox-title", { kind: countedName(line) }),
    unsaved: parts ? parts.changed : undefined,
    body: h("div.stack.inbox", null,
      backToInbox("counts"),
      heading(countedName(line)),
      h("p", null, inboxOrganization(line.organization), ` · ${line.depot.name} (${line.depot.code})`),
      h("p", null, mark(differs ? "contested" : "met", words("stock_state", stock.state)), " ", figure(stock.usable, { unit })),
      differs ? h("p.text", null, t(`inbox-means-${stock.state}`)) : h("p.text", null, t("inbox-means-settled")),
      settledNotes(line),
      h("section.stack", { "aria-labelledby": "inbox-side" },
        h("h2", { id: "inbox-side" }, t("inbox-side-by-side")),
        h("ul.inbox-side", null, counts.map((count) => h("li.stack-8", null, countSide(count, unit, words)))),
        asOfLine(page)),
      h("section.stack-8", { "aria-labelledby": "inbox-bears" }, h("h2", { id: "inbox-bears" }, t("inbox-bears-on")), loading(() => bearsOn(line), 2)),
      parts ? h("section.stack", { "aria-labelledby": "inbox-settle" }, h("h2", { id: "inbox-settle" }, t("inbox-settle")), h("p.text", null, t("inbox-settle-hint")), inboxTelephones(line.organization.code, [line.depot.code]), parts.node)
        : differs ? h("p.muted", null, t("inbox-officers-decide")) : null),
  };
}

/** Decisions that were made about it. @param {StockLine} line */
function settledNotes({ stock }) {
  const acceptance = stock.inspection && stock.inspection.acceptance;
  return [
    stock.taken_out.map(({ counted_by: by, effective_at: at, resolution }) => notice("", h("p", null,
      t("inbox-was-taken-out", { by, officer: resolution.resolved_by, reason: resolution.reason }), " ", instantText(at), " → ", instantText(resolution.resolved_at)))),
    acceptance ? notice("", h("p", null, t("inbox-was-accepted", { officer: acceptance.accepted_by, reason: acceptance.reason }), " ", instantText(acceptance.accepted_at))) : null,
  ];
}

/** One count: what it found, who made it when, and by which way it came. @param {import("./differences.js").DifferingCount} count @param {string} unit @param {CodeWords} words */
function countSide(count, unit, words) {
  return [
    h("h3", null, words("count_kind", count.kind)),
    h("p.inbox-big", null, figure(count.usable, { unit, label: words("count_kind", count.kind) })),
    h("dl.pairs", null,
      h("dt", null, t("inbox-counted-by")), h("dd", null, count.counted_by),
      h("dt", null, t("inbox-counted-at")), h("dd", null, instantText(count.effective_at)),
      h("dt", null, t("inbox-came-by")), h("dd", null, words("source", count.source)),
      h("dt", null, t("inbox-scope")), h("dd", null, words("count_scope", count.scope)),
      h("dt", null, t("inbox-lots")), h("dd", null, h("ul", null, count.lots.map((lot) => h("li", null, lotWords(lot, words))))),
      count.flags.length ? [h("dt", null, t("inbox-notes")), h("dd", null, count.flags.map((flag) => words("count_flag", flag)).join(t("inbox-list-and")))] : null),
    loading(() => moreOfCount(count.id), 1),
  ];
}

/** A lot in words. @param {ApiSchemas["LotSeen"]} lot @param {CodeWords} words */
export function lotWords({ lot, expires_on: expires, condition, held, quantity }, words) {
  return [
    quantity === null ? t("inbox-quantity-beyond") : figureText(Number(quantity)),
    lot ? t("lot-number", { lot }) : "", expires ? t("lot-expires", { day: dayText(expires) }) : "",
    condition === "serviceable" ? "" : words("condition", condition), held === "lent" ? words("held", held) : "",
  ].filter(Boolean).join(" · ");
}

/** What the record of a count has beside: device, receipt, remark. @param {string} id */
async function moreOfCount(id) {
  /** @type {{ json: ApiSchemas["CountView"] }} */
  const { json } = await read(`/counts/${id}`);
  return h("dl.pairs", null,
    h("dt", null, t("inbox-received")), h("dd", null, instantText(json.received_at)),
    json.device ? [h("dt", null, t("inbox-device")), h("dd", null, json.device)] : null,
    json.note ? [h("dt", null, t("inbox-remark")), h("dd", null, json.note)] : null);
}

/** The lines whose figures this bears on: each leads to its explanation. @param {StockLine} line */
async function bearsOn({ organization, depot, stock }) {
  /** @type {ApiSchemas["ShortageLine"][]} */
  const lines = await readAll("/shortages", { organization: organization.code, fields: "line,name,item,status,strength,shortage,unit,reasons" });
  const found = lines.filter(({ reasons, item }) => item ? item.code === stock.item : reasons.some((reason) => reason.depot === depot.code && reason.code === stock.state));
  if (!found.length) return h("p", null, t("inbox-bears-on-none"));
  return h("ul.stack-8", null, found.map((one) => h("li.row.wrap", null,
    h("a", { href: lineLink(organization.code, one.line) }, one.name), statusMark(one.status),
    one.strength === "mandatory" && one.shortage.max !== 0 ? h("span.small", null, t("inbox-missing"), " ", figure(one.shortage, { unit: one.unit, href: lineLink(organization.code, one.line), label: one.name })) : null)));
}
