// The inbox of the duty officer: what waits for somebody, kind by kind, each with how much of it there is.

import { h } from "../../shared/dom.js";
import { empty } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { BUREAU } from "../page.js";
import { heading, loading } from "../parts/states.js";
import { inboxAskBlock } from "./inbox/ask.js";
import { inboxCommandView } from "./inbox/command.js";
import { inboxDifferencesBlock } from "./inbox/differences.js";
import { inboxDifferenceView } from "./inbox/difference.js";
import { inboxData } from "./inbox/data.js";
import { inboxKindsNavigation } from "./inbox/kinds.js";
import { inboxLedgerBlock } from "./inbox/ledger.js";
import { inboxLedgerRowView } from "./inbox/ledger-row.js";
import { inboxPhonesBlock } from "./inbox/phones.js";
import { inboxQuarantineBlock } from "./inbox/quarantine.js";
import { inboxLink } from "./inbox/shared.js";

/** @typedef {import("../page.js").Board} Board */
/** @typedef {import("../page.js").Place} Place */
/** @typedef {import("./inbox/data.js").InboxData} InboxData */

/** What each kind shows. @type {Record<string, (data: InboxData, place: Place) => Promise<import("../../shared/dom.js").Child>>} */
const INBOX_BLOCKS = { quarantine: inboxQuarantineBlock, counts: inboxDifferencesBlock, phones: inboxPhonesBlock, ledger: inboxLedgerBlock, ask: inboxAskBlock };

/** @type {import("../page.js").BoardPage} */
export const inboxPage = { name: "inbox", roles: BUREAU, inNavigation: true, show: inboxView };

/** @param {Board} board @param {Place} place @returns {import("../page.js").View | Promise<import("../page.js").View>} */
function inboxView(board, place) {
  const [kind = "quarantine", id, item] = place.path;
  if (kind === "quarantine" && id) return inboxCommandView(board, id);
  if (kind === "counts" && id && item) return inboxDifferenceView(board, id, item);
  if (kind === "ledger" && id) return inboxLedgerRowView(board, id);
  const block = Object.prototype.hasOwnProperty.call(INBOX_BLOCKS, kind) ? INBOX_BLOCKS[kind] : null;
  if (!block) return { title: t("no-page-title"), body: [heading(t("no-page-title")), empty(t("no-page-text"), h("a", { href: inboxLink() }, t("inbox-back")))] };
  const data = inboxData(board);
  return {
    title: t("inbox-title", { kind: t(`inbox-kind-${kind}`) }),
    body: h("div.stack.inbox", null,
      heading(t("nav-inbox")),
      inboxKindsNavigation(data, kind),
      h("section.stack", { "aria-labelledby": "inbox-kind" },
        h("h2", { id: "inbox-kind" }, t(`inbox-kind-${kind}`)),
        h("p.text.muted", null, t(`inbox-about-${kind}`)),
        loading(() => block(data, place)))),
  };
}
