// What expires soon, worked out on the phone's own day.

import { h } from "../../shared/dom.js";
import { empty } from "../../shared/status.js";
import { figureText, nameOf, t, unitText } from "../../shared/text.js";
import { choice } from "../../shared/choice.js";
import { clockNotice } from "./clock.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** How far ahead is shown, until the page is closed. */
const ahead = { days: 90 };

/** @param {Page} page @returns {Screen} */
export function expiringView(page) {
  const lots = page.phone.expiring(ahead.days);
  const title = t("expiring-title");
  const bounds = /** @type {[string, number, number][]} */ ([["past", -Infinity, -1], ["week", 0, 7], ["month", 8, 30], ["later", 31, Infinity]]);
  return {
    title,
    tab: "expiring",
    watch: ["copy"],
    body: [
      h("div.lead", null, h("h1", { tabindex: "-1" }, title), h("p.muted", null, t("expiring-lead"))),
      clockNotice(page),
      choice(t("expiring-within"), [30, 90, 180, 365].map((days) => [String(days), t("expiring-days", { n: days })]), String(ahead.days), (days) => { ahead.days = Number(days); page.redraw(); }),
      lots.length ? bounds.map(([key, from, through]) => {
        const members = lots.filter((lot) => lot.days >= from && lot.days <= through);
        return members.length ? h("section", null, h("h2.group", null, t(`expiring-${key}`), h("span.n", null, figureText(members.length))),
          h("ul.lines", null, members.map((lot) => h("li", null, expiringRow(page, lot))))) : null;
      }) : empty(t("expiring-empty", { n: ahead.days })),
    ],
  };
}

/** @param {Page} page @param {import("../engine/types.js").ExpiringLot} lot */
function expiringRow(page, lot) {
  return h("a.line", { href: to("count", lot.depot, lot.item) },
    h("span.grow", null, h("span.name", null, nameOf(lot.names, lot.item)),
      h("span.under", null, nameOf(page.phone.depotNames(lot.depot), lot.depot)),
      h("span.under", null, [lot.lot ? t("lot-number", { lot: lot.lot }) : null, lot.quantity === null ? null : t("amount", { n: lot.quantity, unit: unitText(lot.unit, lot.quantity) })].filter(Boolean).join(" · "))),
    h("span.side", null, h("span.block.strong.nowrap", null, lot.expiresOn),
      h(`span.mark.mark-${lot.days <= 30 ? "unknown" : "none"}`, null, lot.days < 0 ? t("expiring-ago", { n: -lot.days }) : lot.days === 0 ? t("expiring-today") : t("expiring-in", { n: lot.days }))));
}
