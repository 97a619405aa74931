// After a count was made: what has become of it, in words that change as it goes.

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { clock, t } from "../../shared/text.js";
import { clockNotice } from "./clock.js";
import { depotOfCount, stateMark, stateShown } from "./states.js";
import { to } from "../../shared/address.js";
import { missingRecord } from "./record.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** @param {Page} page @param {string} id @returns {Screen} */
export function sentView(page, id) {
  const count = page.phone.count(id);
  if (!count) return missingRecord();
  const delivered = count.state !== "only_here";
  const status = page.phone.status();
  /** @type {[boolean, string, string][]} */
  const steps = [
    [true, t("sent-stored"), t("sent-stored-text", { at: clock(count.createdAt) })],
    [delivered, t(delivered ? "sent-delivered" : "sent-waiting"), stateShown(count) === "awaits_sign_in" || count.state === "waiting_for_officer" ? t(`state-${stateShown(count)}-text`) : delivered ? t("sent-delivered-text") : status.syncing ? t("sync-running") : t(status.session === "open" ? "sent-waiting-text" : "strip-ended")],
    [count.included === "yes", t(count.included === "yes" ? "sent-included" : "sent-not-included"), t(count.included === "yes" ? "sent-included-text" : "sent-not-included-text")],
  ];
  return {
    title: t("sent-title"),
    where: depotOfCount(count),
    back: to("depots"),
    tab: "depots",
    watch: ["counts", "sync", "copy"],
    body: h("div.blocks", null,
      h("div.done", null, icon(delivered ? "check" : "phone", 56), h("h1", { tabindex: "-1" }, t("sent-title")),
        h("p", null, t("sent-lines", { n: count.lines }), " · ", t(`scope-${count.scope}`)),
        h("p", { role: "status" }, stateMark(stateShown(count)))),
      clockNotice(page),
      h("ol.steps.track", null, steps.map(([done, words, under]) => h(`li${done ? ".reached" : ""}`, null, h("p.strong", null, words), h("p.muted.small", null, under)))),
      h("div.stack-8", null,
        h("a.button.primary", { href: to("depots") }, t("sent-back")),
        h("a.button", { href: to("record", id) }, t("sent-record")))),
  };
}
