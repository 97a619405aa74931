// The three acts that end a line: a number, none, passing over; and where they lead.

import { toast } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { nextOpenLine } from "./depot.js";
import { to, tremble } from "./page.js";
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

/** @param {LineCounter} counter */
function skipLine(counter) {
  const typed = counter.line.draft && counter.line.draft.act === "number";
  if (!typed && !counter.text) return finishLine(counter, (draft) => draft.skip(counter.line.item), t("said-skip"));
  const more = counter.nextEmpty();
  return more >= 0 ? counter.open(more) : finishLine(counter, null, "");
}

/** Goes to the next row without a number, or ends the line. @param {LineCounter} counter */
export async function nextRow(counter) {
  await counter.work;
  counter.refresh();
  const more = counter.nextEmpty();
  if (more >= 0 && (counter.text || counter.at > 0)) return counter.open(more);
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
  if (counter.from === "review") return page.go(to("review", depot));
  const open = nextOpenLine(page, depot, counter.line.item);
  return page.go(open ? to("count", depot, open.item) : to("review", depot));
}
