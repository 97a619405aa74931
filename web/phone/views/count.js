// The count: one line fills the screen. A number, none, and passing over are three acts.

import { h } from "../../shared/dom.js";
import { empty } from "../../shared/status.js";
import { figureText, nameOf, t } from "../../shared/text.js";
import { to } from "../../shared/address.js";
import { mayCount } from "./page.js";
import { LineCounter } from "./counter.js";
import { missingDepot } from "./depot.js";
import { listenToKeys } from "./keys.js";
import { lineTitle } from "./linehead.js";
import { openScannedLot } from "./newlot.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** @param {Page} page @param {string} depot @param {string} item @param {string} [from] "review" where the person came from there, "scan" from a barcode @param {...string} scan what that said of a lot: its number, last day, day of making @returns {Screen} */
export function countView(page, depot, item, from, ...scan) {
  const place = page.phone.depot(depot);
  const first = page.phone.line(depot, item);
  if (!place || !first) return place ? missingDepot(item, depot) : missingDepot(depot);
  const name = nameOf(first.names, item);
  if (!mayCount(page)) return { title: name, back: to("depot", depot), body: [h("h1", { tabindex: "-1" }, name), empty(t("depots-no-right"))] };
  const counter = new LineCounter(page, depot, first, from || "");
  const meter = h("span.meter.thin", { role: "img", "aria-label": t("depot-progress", { done: place.counted, all: place.lines }) }, h("i"));
  meter.style.setProperty("--part", `${100 * place.counted / (place.lines || 1)}%`);
  let stop = () => {};
  let stay = () => {};
  let unwatch = () => {};
  return {
    title: name,
    where: `${figureText(place.counted)}/${figureText(place.lines)} · ${nameOf(place.names, depot)}`,
    back: from === "review" ? to("review", depot) : to("depot", depot),
    counting: true,
    body: h("div.count", null, meter, lineTitle(first), counter.sheet, counter.pad.node),
    shown: (moved) => {
      stop = listenToKeys(counter.keyboard());
      counter.reveal();
      if (moved && from === "scan") openScannedLot(counter, scan[0] || "", scan[1] || "", scan[2] || "");
      stay = keepAwake();
      unwatch = page.phone.subscribe((kinds) => { if (kinds.has("draft")) counter.keptElsewhere(); });
    },
    leave: () => {
      stop();
      stay();
      unwatch();
    },
  };
}

/** Keeps the screen on, where the browser can. @returns {() => void} ends it */
function keepAwake() {
  const { wakeLock } = /** @type {any} */ (navigator);
  const held = wakeLock ? wakeLock.request("screen").catch(() => null) : Promise.resolve(null);
  return () => { held.then((/** @type {any} */ lock) => lock && lock.release()).catch(() => undefined); };
}
