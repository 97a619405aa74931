// The first page: where the organization stands, and its depots with progress.

import { h } from "../../shared/dom.js";
import { icon, shape } from "../../shared/icons.js";
import { empty, mark, skeleton } from "../../shared/status.js";
import { clock, figureText, nameOf, t } from "../../shared/text.js";
import { clockNotice } from "./clock.js";
import { offerDrafts, offerPlace, sentElsewhere } from "./offers.js";
import { to } from "../../shared/address.js";
import { mayCount } from "./page.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */
/** @typedef {import("../engine/types.js").Depot} Depot */

/** @param {Page} page @returns {Screen} */
export function depotsView(page) {
  const person = page.phone.person();
  const depots = page.phone.depots().filter((depot) => depot.open || depot.draft || depot.unsent);
  const status = page.phone.status();
  return {
    title: t("depots-title"),
    where: person ? nameOf(person.organization, person.displayName) : "",
    tab: "depots",
    watch: status.copy ? ["copy", "draft", "counts", "session", "people"] : ["copy", "session", "people", "sync"],
    body: [
      h("h1.visually-hidden", { tabindex: "-1" }, t("depots-title")),
      clockNotice(page),
      standing(page),
      sentElsewhere(page),
      offerPlace(),
      depots.length ? h("ul.depots", null, depots.map((depot) => h("li", null, depotBlock(depot, mayCount(page))))) : noDepots(page, status),
    ],
    shown: (moved) => { offerDrafts(page, moved); },
  };
}

/** Three figures: lines short, unknown and met. @param {Page} page */
function standing(page) {
  const lines = page.phone.shortages({ all: true }).filter((line) => line.strength === "mandatory");
  if (!lines.length) return null;
  const number = (/** @type {string[]} */ ...statuses) => lines.filter((line) => statuses.includes(line.status)).length;
  const parts = /** @type {[string, string, number][]} */ ([
    ["short", "standing-short", number("short")], ["unknown", "standing-unknown", number("unknown", "not_set")], ["met", "standing-met", number("met")],
  ]);
  return h("a.standing", { href: to("shortages") },
    h("span.small.muted.block", null, t("standing-title", { n: lines.length })),
    h("span.figures", null, parts.map(([kind, key, n]) => h("span", null,
      h("span.n", null, figureText(n)), h(`span.mark.mark-${kind}`, null, shape(kind), t(key))))));
}

/** @param {Depot} depot @param {boolean} counts whether the account may count it */
function depotBlock(depot, counts) {
  const share = depot.lines ? Math.round(100 * depot.counted / depot.lines) : 0;
  const meter = h("span.meter", { "aria-hidden": "true" }, h("i"));
  meter.style.setProperty("--part", `${share}%`);
  const last = depot.lastCountedAt ? t("depot-last", { at: clock(depot.lastCountedAt) }) : t("depot-never");
  return h("a.depot", { href: to("depot", depot.code), id: `depot-${depot.code}` },
    h("span.head", null, h("span.name", null, nameOf(depot.names, depot.code)),
      depot.draft ? h("span.of", null, figureText(depot.counted), h("small", null, ` / ${figureText(depot.lines)}`)) : h("span.of", null, h("small", null, t("depot-lines", { n: depot.lines })))),
    depot.draft ? meter : null,
    h("span.row.wrap.small", null,
      h("span.muted", null, `${depot.code} · ${last}`),
      depot.stale ? mark("unknown", t("depot-stale", { n: depot.stale })) : null,
      depot.unsent ? h("span.mark.mark-accent", null, icon("phone", 16), t("unsent", { n: depot.unsent })) : null,
      depot.holding !== "physical" ? mark("none", t(`holding-${depot.holding}`)) : null,
      depot.open ? null : mark("none", t("depot-closed"))),
    h("span.go", null, !counts ? null : depot.draft ? t("depot-continue") : t("depot-start"), icon("next", 20)));
}

/** @param {Page} page @param {import("../engine/types.js").PhoneStatus} status */
function noDepots(page, status) {
  if (!status.copy && status.syncing) return [h("p.muted", { role: "status" }, t("depots-first")), skeleton(6)];
  if (!status.copy) {
    return empty(t("depots-no-copy"), h("button.button.primary", { type: "button", onclick: () => page.phone.sync().catch(() => undefined) }, icon("sync", 20), t("sync-now")));
  }
  return empty(t(mayCount(page) ? "depots-none" : "depots-no-right"));
}
