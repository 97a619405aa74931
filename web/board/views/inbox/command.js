// One command in quarantine: what was sent, why it was not applied, and the decision: apply, correct and apply, set aside.

import { h } from "../../../shared/dom.js";
import { mark, notice } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read } from "../../api.js";
import { mayEdit } from "../../rights.js";
import { heading, loading } from "../../parts/states.js";
import { codeWords } from "../../parts/words.js";
import { commandForm } from "./decide.js";
import { decisionText, senderOf } from "./quarantine.js";
import { sentContent } from "./sent.js";
import { backToInbox, inboxOrganization } from "./shared.js";
import { inboxStanding } from "./data.js";
import { asOfLine } from "../../parts/asof.js";
import { to } from "../../../shared/address.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["QuarantinedCommand"]} Command */

/** @param {import("../../page.js").Board} board @param {string} id @returns {Promise<import("../../page.js").View>} */
export async function inboxCommandView(board, id) {
  const standing = await inboxStanding(board);
  /** @type {[{ json: Command }, import("../../parts/words.js").CodeWords]} */
  const [{ json: command }, words] = await Promise.all([read(`/quarantine/${encodeURIComponent(id)}`), codeWords()]);
  const waits = command.status === "waiting";
  const parts = waits && mayEdit() ? await commandForm(board, command) : null;
  const { decision } = command;
  return {
    title: t("inbox-title", { kind: senderOf(command) }),
    unsaved: parts ? parts.changed : undefined,
    body: h("div.stack.inbox", null,
      backToInbox("quarantine"),
      heading(t("inbox-command-of", { name: senderOf(command) })),
      h("dl.pairs.text", null,
        h("dt", null, t("inbox-sender")), h("dd", null, command.account.display_name, " · ", inboxOrganization(command.organization)),
        h("dt", null, t("inbox-device")), h("dd", null, command.seq === null ? command.device : t("inbox-device-seq", { device: command.device, seq: command.seq })),
        h("dt", null, t("inbox-received")), h("dd", null, instantText(command.received_at)),
        h("dt", null, t("inbox-counted-at")), h("dd", null, instantText(command.effective_at)),
        command.deposited ? [h("dt", null, t("inbox-notes")), h("dd", null, t("inbox-deposited"))] : null,
        command.with_receipt ? [h("dt", null, t("inbox-receipt")), h("dd", null, t("inbox-with-receipt"))] : null),
      decision ? notice("good", h("p.strong", null, t("inbox-decision")), decisionText(command.status, decision),
        decision.count_id && command.organization ? h("p", null, h("a", { href: to("organizations", command.organization.code, "counts", decision.count_id) }, t("inbox-to-count"))) : null) : null,
      h("section.stack", { "aria-labelledby": "inbox-why" }, h("h2", { id: "inbox-why" }, t("inbox-why")), whyNotApplied(command)),
      h("section.stack", { "aria-labelledby": "inbox-sent" }, h("h2", { id: "inbox-sent" }, t("inbox-sent")), loading(() => sentContent(command, words))),
      parts ? h("section.stack", { "aria-labelledby": "inbox-decide" }, h("h2", { id: "inbox-decide" }, t("inbox-decide")), parts.node)
        : waits ? h("p.muted", null, t("inbox-officers-decide")) : null,
      asOfLine(standing)),
  };
}

/** Why it could not be applied: each fault with the place of it. @param {Command} command */
function whyNotApplied({ problem }) {
  const faults = problem.errors || [];
  return notice("warn",
    h("p.strong", null, mark("unknown", faults.length ? t("inbox-faults", { n: faults.length }) : problem.title)),
    faults.length ? h("ul.dots", null, faults.map(({ pointer, detail }) => h("li", null, detail, " ", h("code.small", null, pointer)))) : h("p", null, problem.detail));
}
