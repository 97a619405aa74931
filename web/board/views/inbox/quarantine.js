// The quarantine: what phones sent and could not be applied, the longest waiting first.

import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { asOfLine } from "../../parts/asof.js";
import { dataTable } from "../../parts/table.js";
import { inboxColumns, inboxLink, inboxTime } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["QuarantineView"]} Quarantined */

/** Faults of a command that a list shows. */
const FAULTS_SHOWN = 2;

/** @param {import("./data.js").InboxData} data @param {import("../../page.js").Place} place */
export async function inboxQuarantineBlock(data, { query }) {
  const isDecided = query.show === "decided";
  const { rows, standing } = await (isDecided ? data.decided() : data.quarantine());
  const choice = h("div.choice.inbox-choice", { role: "group", "aria-label": t("inbox-show") }, [false, true].map((decided) => h("a", {
    href: inboxLink("quarantine") + (decided ? "?show=decided" : ""), "aria-current": decided === isDecided ? "true" : null,
  }, t(decided ? "inbox-show-decided" : "inbox-show-waiting"))));
  const table = dataTable({
    caption: t(isDecided ? "inbox-quarantine-decided" : "inbox-quarantine-waiting"),
    rows,
    text: (one) => [senderOf(one), one.account.username, one.device, reasonText(one)].join(" "),
    empty: t(isDecided ? "inbox-quarantine-none-decided" : "inbox-quarantine-none"),
    beside: choice,
    columns: inboxColumns([
      { head: t("inbox-from"), rowHead: true, sort: senderOf, cell: (one) => [
        h("a", { href: inboxLink("quarantine", one.id) }, senderOf(one)),
        h("span.block.small.muted.inbox-plain", null, one.account.display_name),
      ] },
      { head: t("inbox-received"), sort: (one) => one.received_at, cell: (one) => inboxTime(one.received_at) },
      isDecided
        ? { head: t("inbox-decision"), cell: (one) => one.decision ? decisionText(one.status, one.decision) : "" }
        : { head: t("inbox-why"), cell: whyList },
    ]),
  });
  return [table.node, asOfLine(standing)];
}

/** Whose count it is: the organization, or the account where that has none. @param {Quarantined} one */
export function senderOf({ organization, account }) {
  return organization ? organization.name : account.display_name;
}

/** Why it was not applied, in one text. @param {Quarantined} one */
function reasonText({ problem }) {
  return (problem.errors || []).map(({ detail }) => detail).join(" ") || problem.detail;
}

/** @param {Quarantined} one */
function whyList({ problem, deposited }) {
  const faults = problem.errors || [];
  const shown = faults.slice(0, FAULTS_SHOWN).map(({ detail }) => h("li", null, detail));
  return h("ul.stack-8.inbox-why", null,
    deposited ? h("li", null, mark("none", t("inbox-deposited"))) : null,
    shown.length ? shown : h("li", null, problem.detail),
    faults.length > FAULTS_SHOWN ? h("li.small.muted", null, t("inbox-faults-more", { n: faults.length - FAULTS_SHOWN })) : null);
}

/** @param {Quarantined["status"]} status @param {NonNullable<Quarantined["decision"]>} decision */
export function decisionText(status, decision) {
  return [
    h("span.block", null, mark(status === "applied" ? "met" : "none", t(`inbox-status-${status}`)), " · ", decision.account.display_name),
    h("span.block", null, decision.reason),
    inboxTime(decision.decided_at),
  ];
}
