// The states of a count, each a shape, a word, and what it means.

import { LAPSED_CODES } from "../engine/commands.js";
import { mark } from "../../shared/status.js";
import { nameOf, t } from "../../shared/text.js";

/** @typedef {import("../engine/types.js").SentCount} SentCount */
/** @typedef {import("../engine/types.js").CountState | "awaits_sign_in"} ShownState */

/** @type {Record<ShownState, string>} */
const KINDS = { only_here: "unknown", awaits_sign_in: "unknown", delivered: "met", waiting_for_officer: "none", in_conflict: "contested", set_aside: "contested", refused: "contested" };

/** The order in which they need somebody. @type {ShownState[]} */
export const COUNT_STATES = ["only_here", "awaits_sign_in", "in_conflict", "waiting_for_officer", "set_aside", "refused", "delivered"];

/** The state of a count, with that of one that was deposited after the session had ended. @param {SentCount} count @returns {ShownState} */
export function stateShown(count) {
  const isLapsed = count.problem !== null && LAPSED_CODES.includes(count.problem.code);
  return count.state === "waiting_for_officer" && isLapsed ? "awaits_sign_in" : count.state;
}

/** The depot of a count in words. @param {SentCount} count */
export function depotOfCount(count) {
  return nameOf(count.depotNames, count.depot) || t("record-no-depot");
}

/** @param {ShownState} state */
export function stateMark(state) {
  return mark(KINDS[state] || "none", t(`state-${state}`));
}
