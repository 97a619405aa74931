// As of when a block is, and by which revision: every block with figures says so.

import { h } from "../../shared/dom.js";
import { clock, dayText, t } from "../../shared/text.js";

/** @param {import("../page.js").Standing} answer @returns {string} */
export function asOfText({ revision, known_at: known, as_of: day }) {
  return [day ? t("as-of-day", { day: dayText(day) }) : "", t("as-of", { at: clock(known), revision })].filter(Boolean).join(" · ");
}

/** The line under a block. @param {import("../page.js").Standing} answer */
export function asOfLine(answer) {
  return h("p.as-of", null, h("time", { datetime: answer.known_at }, asOfText(answer)));
}
