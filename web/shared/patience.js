// A button that waits until the service takes another attempt.

import { t } from "./text.js";

const SECOND_MS = 1000;

/** When the service takes the next attempt of a name or a code, by the clock that nobody sets. @type {Map<string, number>} */
const NEXT_ATTEMPTS = new Map();

/** No attempt of this name or code for so long. @param {string} who @param {number} ms */
export function holdBack(who, ms) {
  NEXT_ATTEMPTS.set(who, performance.now() + ms);
}

/**
 * Holds a button while the service wants no attempt, and says for how long. Answers how to stop.
 * @param {HTMLElement} button
 * @param {string} words of the button once it is free
 * @param {string} who the name or the code
 */
export function holdButton(button, words, who) {
  let timer = 0;
  const show = () => {
    const left = Math.ceil(((NEXT_ATTEMPTS.get(who) || 0) - performance.now()) / SECOND_MS);
    if (left <= 0) {
      button.removeAttribute("aria-disabled");
      button.textContent = words;
      return;
    }
    button.setAttribute("aria-disabled", "true");
    button.textContent = left > 120 ? t("signin-wait-minutes", { n: Math.ceil(left / 60) }) : t("signin-wait", { n: left });
    timer = window.setTimeout(show, SECOND_MS);
  };
  show();
  return () => window.clearTimeout(timer);
}
