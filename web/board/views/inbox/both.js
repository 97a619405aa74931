// Two officers at once: what the other decided meanwhile, and what this one was about to decide, side by side.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { openDialog } from "../../parts/dialog.js";
import { instantText } from "../../parts/instant.js";

/**
 * @typedef {object} Decided
 * @property {import("../../../shared/dom.js").Child} what
 * @property {string | null} reason
 * @property {string} [by]
 * @property {string} [at]
 */

/**
 * @param {Decided[]} theirs
 * @param {Decided} mine
 * @param {{ canStore?: boolean }} [how] whether one's own decision can be stored too
 * @returns {Promise<"mine" | "theirs" | null>}
 */
export function decidedMeanwhile(theirs, mine, { canStore } = {}) {
  const row = (/** @type {string} */ head, /** @type {(one: Decided) => import("../../../shared/dom.js").Child} */ cell) => h("tr", null,
    h("th", { scope: "row" }, t(head)), theirs.map((one) => h("td.changed", null, cell(one))), h("td", null, cell(mine)));
  return openDialog(t("inbox-meanwhile-title"), (close) => [
    h("p.text", null, t(canStore ? "inbox-meanwhile-both" : "inbox-meanwhile-text")),
    h("div.table-scroll", { tabindex: "0", role: "region", "aria-label": t("inbox-meanwhile-title") }, h("table", null,
      h("thead", null, h("tr", null, h("th", { scope: "col" }, t("editors-part")), theirs.map(() => h("th", { scope: "col" }, t("inbox-meanwhile-theirs"))), h("th", { scope: "col" }, t("inbox-meanwhile-mine")))),
      h("tbody", null,
        row("inbox-decision", ({ what }) => what),
        row("inbox-reason", ({ reason }) => reason || h("span.muted", null, t("nothing-set"))),
        row("inbox-decided-by", ({ by }) => by || t("inbox-me")),
        row("inbox-decided-at", ({ at }) => at ? instantText(at) : t("inbox-not-stored"))))),
    h("div.acts", null,
      h("button.button.primary", { type: "button", onclick: () => close("theirs") }, t("inbox-meanwhile-keep")),
      canStore ? h("button.button", { type: "button", onclick: () => close("mine") }, t("inbox-meanwhile-store")) : null,
      h("button.button", { type: "button", onclick: () => close(null) }, t("back"))),
  ], { wide: true });
}
