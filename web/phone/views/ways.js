// The other things that can be said of a line: another lot, packs, conditions, the shelf.

import { h } from "../../shared/dom.js";
import { t } from "../../shared/text.js";
import { packText } from "./entries.js";
import { askPlace } from "./place.js";

/** @param {import("./counter.js").LineCounter} counter */
export function otherWays(counter) {
  const { line, entry } = counter;
  const way = (/** @type {string} */ id, /** @type {string} */ words, /** @type {() => void} */ act) => h("button.button", { type: "button", id: `way-${id}`, onclick: act }, words);
  const openField = (/** @type {"packs" | "in_repair" | "unserviceable"} */ field) => () => counter.openField(field);
  const has = (/** @type {string} */ field) => counter.entries.some((one) => one.lot === entry.lot && one.field === field);
  const pack = line.packs[0];
  const remove = async () => {
    await counter.store((draft) => draft.removeLot(line.item, entry.lot));
    counter.refresh();
    counter.open(0);
  };
  const place = async () => {
    const name = await askPlace(line.place);
    if (name === null) return;
    await counter.store((draft) => draft.setPlace(line.item, name));
    counter.refresh();
    counter.draw();
  };
  return [
    way("lot", t("way-lot"), () => counter.openPanel()),
    pack && !has("packs") ? way("packs", t("way-packs", { pack: packText(pack.name), size: pack.size }), openField("packs")) : null,
    has("in_repair") ? null : way("repair", t("condition-in_repair"), openField("in_repair")),
    has("unserviceable") ? null : way("bad", t("condition-unserviceable"), openField("unserviceable")),
    entry.known ? null : way("remove", t("way-remove"), () => remove().catch(() => undefined)),
    way("place", line.place ? t("way-place", { place: line.place }) : t("way-place-none"), () => place().catch(() => undefined)),
  ];
}
