// The three acts that end a line: a number, none, passing over; and where they lead.

import { toast } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { nextOpenLine } from "./depot.js";
import { entryText } from "./entries.js";
import { to } from "../../shared/address.js";
import { tremble } from "./page.js";
import { leadsTo, seen } from "./press.js";
import { isDecided } from "./typed.js";

/** @typedef {import("./counter.js").LineCounter} LineCounter */

/** The acts below the keypad. @param {LineCounter} counter @returns {import("./keypad.js").KeyAct[]} */
export function actsOf(counter) {
  if (counter.panel) {
    return [
      { id: "lot-cancel", words: t("cancel"), act: () => counter.open(counter.at) },
      { id: "lot-take", words: t("lot-take"), main: true, act: () => counter.takeLot() },
    ];
  }
  const more = counter.nextEmpty() >= 0;
  return [
    { id: "act-zero", words: t("act-zero-key"), act: () => zeroLine(counter) },
    { id: "act-skip", words: t("act-skip"), act: () => skipLine(counter) },
    { id: "act-next", words: more ? t("act-next-lot") : counter.from === "review" ? t("act-done") : t("act-next"), main: true, act: () => nextRow(counter) },
  ];
}

/** @param {LineCounter} counter */
function zeroLine(counter) {
  if (counter.entries.length === 1) return finishLine(counter, (draft) => draft.zero(counter.line.item), t("said-zero"));
  counter.typed("0");
  return nextRow(counter);
}

/** Nobody looked: what the row says is dropped, and the line is passed over where no other row has a number. @param {LineCounter} counter */
async function skipLine(counter) {
  const { at, line: { item } } = counter;
  await counter.work;
  if (counter.at !== at) return undefined;
  counter.refresh();
  const { lot, field, known } = counter.entry;
  const others = counter.entries.filter((one) => one !== counter.entry && entryText(counter.line, one));
  if (!others.length) return finishLine(counter, (draft) => draft.skip(item), t("said-skip"));
  const isWhole = !others.some((one) => one.lot === lot);
  try {
    await counter.store(async (draft) => (isWhole ? draft.removeLot(item, lot) : draft.set(item, lot, field, "")));
  } catch (_) {
    return undefined;
  }
  counter.refresh();
  if (isWhole && !known) counter.at--;
  return goOn(counter, counter.nextEmpty());
}

/** Goes to another row, or ends the line. @param {LineCounter} counter @param {number} row -1 for none */
function goOn(counter, row) {
  if (row < 0) return finishLine(counter, null, "");
  leadsTo(location.hash);
  counter.open(row);
  return seen();
}

/** Goes to the next row without a number, or ends the line. @param {LineCounter} counter */
export async function nextRow(counter) {
  const { at } = counter;
  await counter.work;
  // A press that came before the one that moved on asks for no more.
  if (counter.at !== at) return undefined;
  counter.refresh();
  const more = counter.nextEmpty();
  if (more >= 0 && (counter.text || counter.at > 0)) return goOn(counter, more);
  if (!isDecided(counter.line)) {
    tremble(60);
    counter.last.textContent = t("count-nothing");
    return undefined;
  }
  return finishLine(counter, null, "");
}

/**
 * Ends the line and goes to the next one that nothing was said of.
 * @param {LineCounter} counter
 * @param {((draft: import("../engine/draft.js").CountDraft) => Promise<unknown>) | null} change
 * @param {string} words
 */
async function finishLine(counter, change, words) {
  const { page, depot } = counter;
  if (change) {
    try {
      await counter.store(change);
    } catch (_) {
      return undefined;
    }
  }
  await counter.work;
  // Who went elsewhere meanwhile is not pulled back.
  if (!counter.sheet.isConnected) return undefined;
  if (words) toast(words, true);
  const open = counter.from === "review" ? null : nextOpenLine(page, depot, counter.line.item);
  const path = open ? to("count", depot, open.item) : to("review", depot);
  leadsTo(path);
  return page.go(path);
}
