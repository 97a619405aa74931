// Sending an inspection. The body is fixed once it is sent: without an answer nobody knows whether it was stored, so the same body
// is sent again with the same id until an answer comes.

import { typedNumber } from "../../../shared/typed-number.js";
import { choice } from "../../../shared/choice.js";
import { fill, h } from "../../../shared/dom.js";
import { failure, notice } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { send } from "../../api.js";
import { lineLink } from "../../links.js";
import { confirmDialog } from "../../parts/dialog.js";
import { figure } from "../../parts/figure.js";
import { heading, loading, refusal } from "../../parts/states.js";
import { bodyOf, dropDraft, keepDraft, typedItems, typedRows } from "./draft.js";
import { receiptBlock } from "./receipt.js";
import { lineMarks, organizationCountLink } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/**
 * @param {object} given
 * @param {import("../../page.js").Board} given.board
 * @param {string} given.code
 * @param {ApiSchemas["DepotView"]} given.depot
 * @param {import("./draft.js").InspectionDraft} given.draft
 * @param {ReturnType<typeof import("./inspection-items.js").inspectionItems>} given.items
 * @param {import("./shared.js").CodeWords} given.words
 * @param {(result: import("../../../shared/dom.js").Child) => void} given.stored
 */
export function inspectionSend({ code, depot, draft, items, words, stored }) {
  const [scopeBox, progress, said] = [h("div"), h("p", { role: "status" }), h("div", { "aria-live": "assertive" })];
  const now = { isSending: false };
  const button = h("button.button.primary", { type: "button", id: "inspection-send", onclick: submit });
  const field = (/** @type {"counted_by" | "note"} */ name, /** @type {string} */ tag) => h("div.field", null, h("label", { for: `inspection-${name}` }, t(`orgs-inspection-${name}`), h("span.optional", null, ` ${t("field-optional")}`)),
    h(tag, { id: `inspection-${name}`, rows: tag.startsWith("textarea") ? 2 : null, maxlength: name === "note" ? 1000 : 100, value: draft[name], autocomplete: "off", oninput: (/** @type {Event} */ event) => {
      draft[name] = /** @type {HTMLInputElement} */ (event.target).value;
      keepDraft(depot.id, draft);
    } }));
  const fields = h("fieldset.stack", null, h("div.field", null, h("span.label", null, t("orgs-inspection-scope")), scopeBox), field("counted_by", "input.input"), field("note", "textarea.input"));
  const node = h("section.stack.org-send", { "aria-labelledby": "send-title" }, h("h2", { id: "send-title" }, t("orgs-inspection-send-title")), fields, progress, said, h("div.acts", null, button));

  function draw() {
    const n = typedItems(draft).length;
    fill(progress, t("orgs-inspection-progress", { n }));
    fill(scopeBox, choice(t("orgs-inspection-scope"), ["listed", "full"].map((scope) => [scope, words("count_scope", scope)]), draft.scope, (scope) => {
      draft.scope = /** @type {"listed" | "full"} */ (scope);
      keepDraft(depot.id, draft);
      draw();
      const pressed = document.getElementById(`choice-${scope}`);
      if (pressed) pressed.focus();
    }), draft.scope === "full" ? h("p.small.org-warn", null, t("orgs-inspection-full")) : null);
    button.textContent = now.isSending ? t("working") : t(draft.sent ? "orgs-send-again" : "orgs-inspection-send");
    // What was sent without an answer is not changed any more: it may be stored.
    for (const part of [items.node, fields]) {
      if (draft.sent) part.setAttribute("disabled", "");
      else part.removeAttribute("disabled");
    }
  }

  /** The first item with something that is no number; its fault is shown at it. */
  function wrongItem() {
    const wrong = typedItems(draft).filter((item) => typedRows(draft.rows[item]).some((row) => typedNumber(row.quantity) === null));
    for (const item of wrong) {
      const entry = items.entries.get(item);
      if (entry) entry.setFault(t("orgs-number-wrong"));
    }
    return wrong.length ? items.entries.get(wrong[0]) : null;
  }

  async function submit() {
    if (now.isSending) return;
    fill(said);
    if (!draft.sent) {
      const wrong = wrongItem();
      if (wrong) return wrong.focus();
      if (!typedItems(draft).length && draft.scope === "listed") return fill(said, notice("warn", t("orgs-inspection-empty")));
      if (draft.scope === "full" && !(await confirmDialog(t("orgs-inspection-full-title"), t("orgs-inspection-full"), t("orgs-inspection-send")))) return;
    }
    const { body, places } = draft.sent ? { body: JSON.parse(draft.sent), places: [] } : bodyOf(draft, depot.id, new Date().toISOString());
    draft.sent = JSON.stringify(body);
    keepDraft(depot.id, draft);
    now.isSending = true;
    draw();
    try {
      const { json } = await send("PUT", `/counts/${draft.id}`, body, { headers: { "Muster-Sent-At": new Date().toISOString() } });
      dropDraft(depot.id);
      stop();
      show(json, /** @type {string} */ (draft.sent));
    } catch (error) {
      refuse(/** @type {any} */ (error), places);
    }
    now.isSending = false;
    draw();
  }

  /** @param {any} error @param {{ code: string }[]} places of the lines that were sent */
  function refuse(error, places) {
    const { status } = error;
    // A refusal stores nothing, so that the count can be corrected; after anything else it may be stored.
    const isRefused = status >= 400 && status < 500 && ![401, 408, 429].includes(status);
    if (isRefused) draft.sent = null;
    keepDraft(depot.id, draft);
    for (const { pointer, detail } of (error.problem && error.problem.errors) || []) {
      const line = /^\/lines\/(\d+)/.exec(pointer);
      const entry = line && places[Number(line[1])] ? items.entries.get(places[Number(line[1])].code) : null;
      if (entry) entry.setFault(detail);
    }
    fill(said, isRefused ? refusal(error) : [notice("warn", h("p.strong", null, t("orgs-not-sent")), h("p", null, t("orgs-not-sent-text"))), error.problem && error.problem.requestId ? failure(error) : null]);
  }

  /** @param {ApiSchemas["SubmittedCount"]} answer @param {string} text as it was sent */
  function show(answer, text) {
    const title = heading(t("orgs-stored-title"));
    stored(h("div.blocks", null,
      h("div.stack", null, title, notice("good", h("p.strong", null, t("orgs-stored", { depot: depot.name, n: answer.count.lines.length })), h("p", null, h("a", { href: organizationCountLink(code, answer.count.id) }, t("orgs-stored-count"))))),
      h("section.stack", null, h("h2", null, t("orgs-receipt")), loading(() => receiptBlock(answer.receipt, { id: answer.count.id, text }))),
      answer.assessments.length ? h("section.stack", null, h("h2", null, t("orgs-stored-lines")), h("ul.org-causes", null, answer.assessments.map((line) => h("li", null,
        h("a", { href: lineLink(code, line.line) }, line.name), " ", lineMarks(line), h("div.small", null, t("orgs-usable"), " ", figure(line.usable, { unit: line.unit, href: lineLink(code, line.line) }), ` · ${t("orgs-required")} `, figure(line.required, { unit: line.unit, words: t("orgs-required-open") })))))) : null));
    title.focus();
    window.scrollTo(0, 0);
  }

  const again = () => draft.sent && !now.isSending && submit();
  addEventListener("online", again);
  const stop = () => removeEventListener("online", again);
  draw();
  if (draft.sent) fill(said, notice("warn", h("p.strong", null, t("orgs-not-sent")), h("p", null, t("orgs-not-sent-text"))));
  /** Goes to the end of a long list. */
  const reach = () => {
    button.scrollIntoView({ block: "center" });
    button.focus({ preventScroll: true });
  };
  return { node, draw, stop, reach };
}
