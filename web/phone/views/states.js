// The states of a count, each a shape, a word, and what it means.

import { mark } from "../../shared/status.js";
import { t } from "../../shared/text.js";

/** @typedef {import("../engine/types.js").CountState} CountState */

/** @type {Record<CountState, string>} */
const KINDS = { only_here: "unknown", delivered: "met", waiting_for_officer: "none", in_conflict: "contested", set_aside: "contested", refused: "contested" };

/** The order in which they need somebody. @type {CountState[]} */
export const COUNT_STATES = ["only_here", "in_conflict", "waiting_for_officer", "set_aside", "refused", "delivered"];

/** @param {CountState} state */
export function stateMark(state) {
  return mark(KINDS[state] || "none", t(`state-${state}`));
}
