// The decision about a command in quarantine. Applied as sent or corrected, it becomes a count with its sender and its time; set
// aside, it stays on record. The sender learns of either.

import { h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read, readAll, send } from "../../api.js";
import { form } from "../../parts/form.js";
import { itemCatalogue } from "../../parts/words.js";
import { decidedMeanwhile } from "./both.js";
import { radioChoice } from "./choice.js";
import { linesEditor } from "./lines.js";
import { plainText, sentFields, sentLines } from "./sent.js";
import { inboxLink } from "./shared.js";
import { localMinute } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./command.js").Command} Command */

/** Members of a count that are not asked for: they are sent again as they came. */
const KEPT_OF_COUNT = ["kind", "survey_id", "catalogue_revision", "catalogue_change_set", "resolves", "counted_by"];

/** The fields that correct a count. */
const CORRECTED = ["depot", "counted", "scope", "note"];

/** @param {import("../../page.js").Board} board @param {Command} command */
export async function commandForm(board, command) {
  const sent = sentFields(command.data);
  /** @type {[ApiSchemas["DepotView"][], Map<string, ApiSchemas["ItemView"]>]} */
  const [depots, items] = await Promise.all([readAll("/depots", command.organization ? { organization: command.organization.code, open: true } : { open: true }), itemCatalogue()]);
  const lines = linesEditor(sentLines(command.data), items, command);
  const choice = radioChoice({
    label: t("inbox-decide-how"),
    options: ["apply", "correct", "aside"].map((value) => ({ value, words: t(`inbox-decide-${value}`), more: t(`inbox-decide-${value}-more`) })),
    onchange: () => showCorrection(),
  });
  const counted = localMinute(plainText(sent.counted_at || command.effective_at));
  const parts = form({
    fields: [
      { name: "depot", label: t("inbox-depot"), kind: "select", pointer: "/data/depot_id", value: sent.depot_id, options: [["", t("inbox-choose")], ...depots.map((one) => /** @type {[string, string]} */ ([one.id, `${one.name} (${one.code})`]))] },
      { name: "counted", label: t("inbox-counted-at"), pointer: "/data/counted_at", value: counted, attributes: { type: "datetime-local" } },
      { name: "scope", label: t("inbox-scope"), kind: "select", pointer: "/data/scope", value: sent.scope || "listed", options: [["listed", t("inbox-scope-listed")], ["full", t("inbox-scope-full")]] },
      { name: "note", label: t("inbox-remark"), pointer: "/data/note", value: plainText(sent.note) },
      { name: "reason", label: t("inbox-reason"), kind: "textarea", required: true, hint: t("inbox-reason-told") },
    ],
    act: t("inbox-decide-act"),
    submit: async (values) => {
      const decision = choice.value();
      fault.hidden = Boolean(decision);
      if (!decision) return choice.focus();
      lines.clear();
      try {
        await send("POST", `/quarantine/${command.id}/${decision === "aside" ? "set-aside" : "apply"}`, decision === "correct" ? { reason: values.reason, data: corrected(values) } : { reason: values.reason });
      } catch (error) {
        if (/** @type {any} */ (error).code === "decided_before") return decidedBefore(decision, values.reason);
        // What is wrong with it as it was sent is shown where it is corrected.
        if (decision === "apply" && isFaulty(error)) {
          choice.choose("correct");
          showCorrection();
        }
        throw lines.refuse(error);
      }
      done = true;
      toast(t(decision === "aside" ? "inbox-set-aside-done" : "inbox-applied-done"));
      return board.go(inboxLink("quarantine"));
    },
  });
  const fault = h("p.fault", { role: "alert", hidden: true }, t("inbox-choose-one"));
  let done = false;
  const rows = CORRECTED.map((name) => /** @type {HTMLElement} */ (/** @type {Element} */ (parts.node.querySelector(`[name=${name}]`)).closest(".field")));
  // A correction needs all of them but the remark; the other decisions need none, so that the service says what is missing.
  for (const row of rows.slice(0, 3)) row.querySelectorAll(".optional").forEach((word) => word.remove());
  const correction = h("div.stack.inbox-correction", { hidden: true }, rows, lines.node);
  parts.node.insertBefore(correction, parts.node.children[1]);
  parts.node.insertBefore(h("div", null, choice.node, fault), correction);
  parts.node.classList.add("inbox-decide");

  function showCorrection() {
    correction.hidden = choice.value() !== "correct";
  }

  /** The count that was meant. @param {import("../../parts/form.js").Values} values */
  function corrected(values) {
    /** @type {Record<string, any>} */
    const data = {};
    for (const name of KEPT_OF_COUNT) if (sent[name] !== undefined) data[name] = sent[name];
    const isSameTime = values.counted === counted && typeof sent.counted_at === "string";
    return { ...data, depot_id: values.depot, scope: values.scope, note: values.note, counted_at: isSameTime ? sent.counted_at : instantOf(values.counted), lines: lines.values() };
  }

  /** Another officer was faster: their decision holds. @param {string} decision @param {string} reason */
  async function decidedBefore(decision, reason) {
    /** @type {{ json: Command }} */
    const { json } = await read(`/quarantine/${command.id}`);
    const theirs = json.decision;
    const answer = await decidedMeanwhile(theirs ? [{ what: t(`inbox-status-${json.status}`), reason: theirs.reason, by: theirs.account.display_name, at: theirs.decided_at }] : [], { what: t(`inbox-decide-${decision}`), reason });
    if (answer === null) return undefined;
    done = true;
    return board.redraw();
  }
  return { node: parts.node, changed: () => !done && (parts.changed() || choice.changed() || lines.changed()) };
}

/** Whether the service refused the content. @param {any} error */
function isFaulty(error) {
  return Boolean(error && error.problem && error.problem.errors && error.problem.errors.length);
}

/** @param {string | null} local */
function instantOf(local) {
  const time = new Date(local || "");
  return Number.isNaN(time.getTime()) ? null : time.toISOString();
}
