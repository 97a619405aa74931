// An officer counts a depot on site: items with a number, lot and condition, sent as an inspection whose receipt is shown. What is
// typed is kept in this tab, and what was sent without an answer is sent again as it is.

import { fill, h } from "../../../shared/dom.js";
import { notice } from "../../../shared/status.js";
import { clock, t } from "../../../shared/text.js";
import { inspectionLink } from "./shared.js";
import { organizationLink } from "../../links.js";
import { confirmDialog } from "../../parts/dialog.js";
import { heading, loading, noRight } from "../../parts/states.js";
import { codeWords } from "../../parts/words.js";
import { mayEdit } from "../../rights.js";
import { readDepot } from "./depots.js";
import { dropDraft, keepDraft, keptDraft, newDraft, typedItems } from "./draft.js";
import { inspectionList } from "./inspection-data.js";
import { inspectionItems } from "./inspection-items.js";
import { inspectionSend } from "./inspection-send.js";

/** @param {import("../../page.js").Board} board @param {string} code @param {string} depotCode @returns {Promise<import("../../page.js").View>} */
export async function inspectionView(board, code, depotCode) {
  const depot = await readDepot(depotCode);
  const title = t("orgs-inspection-title", { depot: depot.name });
  const back = h("p", null, h("a", { href: organizationLink(code) }, depot.organization.name));
  if (!mayEdit()) return { title, body: [back, heading(title), noRight()] };
  const kept = keptDraft(depot.id);
  const draft = kept || newDraft();
  const body = h("div.stack.org-inspection", null, back, heading(title),
    h("p.muted.org-plain", null, [depot.code, depot.keeper || ""].filter(Boolean).join(" · ")),
    kept ? draftNotice() : null,
    loading(inspectionBody, 8));
  const warn = (/** @type {BeforeUnloadEvent} */ event) => {
    if (!keptDraft(depot.id)) return;
    event.preventDefault();
    event.returnValue = "";
  };
  const state = { stop: () => {} };

  function draftNotice() {
    return notice("", h("p", null, t("orgs-draft-kept", { at: clock(draft.begun_at), n: typedItems(draft).length })), draft.sent ? null :
      h("button.button", { type: "button", id: "discard", onclick: async () => {
        if (!(await confirmDialog(t("orgs-draft-discard"), t("orgs-draft-discard-text"), t("orgs-draft-discard"), { danger: true }))) return;
        dropDraft(depot.id);
        board.go(inspectionLink(code, depotCode));
      } }, t("orgs-draft-discard")));
  }

  async function inspectionBody() {
    const [list, words] = await Promise.all([inspectionList(code, depot.id), codeWords()]);
    const said = h("div", { role: "status" });
    const changed = () => {
      const isKept = keepDraft(depot.id, draft);
      fill(said, isKept ? null : notice("warn", t("orgs-draft-not-kept")));
      sending.draw();
    };
    const items = inspectionItems(list, draft, words, changed);
    const sending = inspectionSend({ board, code, depot, draft, items, words, stored: (result) => fill(body, back, result) });
    state.stop = sending.stop;
    return h("div.stack", null, h("p.text", null, t("orgs-inspection-lead")), said,
      h("p.no-print", null, h("button.button", { type: "button", onclick: sending.reach }, t("orgs-to-submit"))), items.node, sending.node);
  }

  return {
    title,
    body,
    leave: () => {
      removeEventListener("beforeunload", warn);
      state.stop();
    },
    shown: () => addEventListener("beforeunload", warn),
  };
}
