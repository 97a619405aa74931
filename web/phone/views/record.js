// One count: its state and what it means, what was said, the receipt and how to check it.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { empty, failure, failureText, mark, notice } from "../../shared/status.js";
import { clock, figureText, hasText, nameOf, t, unitText } from "../../shared/text.js";
import { saveFile } from "../../shared/files.js";
import { rivalColumns } from "./rivals.js";
import { depotOfCount, stateMark, stateShown } from "./states.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */
/** @typedef {import("../engine/types.js").SentCount} SentCount */

/** @returns {Screen} */
export function missingRecord() {
  return { title: t("record-missing"), back: to("records"), tab: "records", body: [h("h1", { tabindex: "-1" }, t("record-missing")), empty(t("record-missing-text"))] };
}

/** @param {Page} page @param {string} id @returns {Screen} */
export function recordView(page, id) {
  const count = page.phone.count(id);
  if (!count) return missingRecord();
  const receipt = h("div");
  const state = stateShown(count);
  // Its problem and the wait for an officer are over with the next sign-in.
  const isLapsed = state === "awaits_sign_in";
  return {
    title: depotOfCount(count),
    where: t("records-title"),
    back: to("records"),
    tab: "records",
    watch: ["counts", "sync"],
    body: h("div.blocks", null,
      h("div.stack-8", null, h("h1", { tabindex: "-1" }, depotOfCount(count)),
        h("p", null, stateMark(state)), h("p.text", null, t(`state-${state}-text`)),
        count.state === "delivered" ? h("p", null, mark(count.included === "yes" ? "met" : "none", t(`included-${count.included}`))) : null),
      count.problem && !isLapsed ? notice("warn", h("p.strong", null, failureText({ code: count.problem.code, problem: count.problem })), count.problem.errors.map((one) => h("p.small", null, one.detail)),
        count.problem.requestId ? h("p.small", null, t("state-request", { id: count.problem.requestId })) : null) : null,
      count.decision && !isLapsed ? notice("", h("p.strong", null, t(`decision-${count.decision.status}`)), count.decision.reason ? h("p", null, count.decision.reason) : null, count.decision.at ? h("p.small", null, clock(count.decision.at)) : null) : null,
      count.conflicts.length ? conflictList(page, count) : null,
      h("dl.pairs", null,
        h("dt", null, t("record-counted")), h("dd", null, clock(count.countedAt)),
        h("dt", null, t("record-scope")), h("dd", null, `${t(`scope-${count.scope}`)} · ${t("sent-lines", { n: count.lines })}`),
        h("dt", null, t("record-seq")), h("dd", null, figureText(count.seq)),
        h("dt", null, t("record-id")), h("dd.mono", null, count.countId)),
      h("section", null, h("h2", null, t("record-receipt")), receipt),
      contentList(page, count)),
    shown: () => showReceipt(page, id, receipt),
  };
}

/** Items on which two differ: the way out is to count them again. @param {Page} page @param {SentCount} count */
function conflictList(page, count) {
  const lines = count.conflicts.map((item) => ({ item, line: page.phone.line(count.depot, item) }));
  const isContested = lines.every(({ line }) => line && line.state === "contested");
  return notice("warn", h("p.strong", null, t(isContested ? "contested-title" : "conflict-title")),
    lines.map(({ item, line }) => {
      const name = line ? nameOf(line.names, item) : item;
      return h("div.stack-8", null, h("p.strong", null, name), h("p", null, t(line && line.state === "contested" ? "contested-text" : "conflict-text")), rivalColumns(page, count.depot, item),
        h("a.button", { href: to("count", count.depot, item) }, t("conflict-again", { item: name })));
    }));
}

/** @param {Page} page @param {string} id @param {HTMLElement} place */
async function showReceipt(page, id, place) {
  try {
    const check = await page.phone.receipt(id);
    if (!check) return fill(place, h("p.muted", null, t("receipt-none")));
    const good = check.verdict === "genuine";
    fill(place, h("div.stack", null,
      h("p", null, mark(good ? "met" : "short", t(`receipt-${check.verdict}`))),
      h("dl.pairs", null,
        check.receivedAt ? [h("dt", null, t("receipt-received")), h("dd", null, clock(check.receivedAt))] : null,
        check.position !== null ? [h("dt", null, t("receipt-position")), h("dd", null, t("receipt-position-text", { n: check.position }))] : null,
        check.sha256 ? [h("dt", null, t("receipt-digest")), h("dd.mono", null, check.sha256)] : null,
        check.key ? [h("dt", null, t("receipt-key")), h("dd.mono", null, check.key)] : null),
      h("div.two", null,
        h("button.button", { type: "button", onclick: () => saveFile(`${check.countId}.jws`, check.receipt, "application/jose") }, icon("file", 20), t("receipt-save")),
        h("button.button", { type: "button", onclick: () => saveFile("jwks.json", page.phone.keySet() || "", "application/json") }, icon("file", 20), t("receipt-keys"))),
      h("details", null, h("summary", null, t("receipt-how")), h("p.text.small", null, t("receipt-how-text")), h("p.mono", null, `muster verify receipt ${check.countId}.jws --keys jwks.json`))));
  } catch (error) {
    fill(place, failure(error));
  }
}

/** What the count says, line by line. @param {Page} page @param {SentCount} count */
function contentList(page, count) {
  const content = page.phone.contents(count.id);
  if (!content) return null;
  return h("section", null, h("h2.group", null, t("record-lines"), h("span.n", null, figureText(content.lines.length))),
    content.countedBy ? h("p.small.muted", null, t("record-by", { name: content.countedBy })) : null, content.note ? h("p", null, content.note) : null,
    h("ul.lines", null, content.lines.map((line) => {
      const known = page.phone.item(line.item);
      const condition = line.held === "lent" ? "lent" : line.condition;
      const about = [line.item, line.lot, line.expiresOn, condition && condition !== "serviceable" && hasText(`condition-${condition}`) ? t(`condition-${condition}`) : null];
      return h("li", null, h("div.line.still", null, h("span.grow", null, h("span.name", null, known ? nameOf(known.names, line.item) : line.item), h("span.under", null, about.filter(Boolean).join(" · "))),
        h("span.side", null, line.quantity === null ? t("figure-unknown") : h("span.figure", null, figureText(line.quantity), h("small", null, known ? unitText(known.unit, line.quantity) : "")))));
    })));
}
