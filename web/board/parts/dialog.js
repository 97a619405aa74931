// A dialog over the page, of the browser's own kind: focus stays in it, Escape closes it, what is behind it stays as it is.

import { h } from "../../shared/dom.js";
import { t } from "../../shared/text.js";

let dialogNumber = 0;

/**
 * Opens a dialog; it is gone once it is closed. `close` is given an answer, which the promise resolves with; Escape and Cancel
 * give null.
 * @template T
 * @param {string} title
 * @param {(close: (answer: T | null) => void) => import("../../shared/dom.js").Child} content with its acts
 * @param {{ wide?: boolean, stays?: boolean }} [how]  `stays`: it belongs to no page, and stays over the next one
 * @returns {Promise<T | null>}
 */
export function openDialog(title, content, { wide, stays } = {}) {
  return new Promise((resolve) => {
    const id = `dialog-${++dialogNumber}`;
    /** @type {T | null} */
    let answer = null;
    const dialog = /** @type {HTMLDialogElement} */ (h(wide ? "dialog.wide" : "dialog", { "aria-labelledby": id, data: stays ? { stays: "true" } : {} }));
    const close = (/** @type {T | null} */ given) => {
      answer = given;
      dialog.close();
    };
    dialog.append(h("div.stack", null, h("h2", { id, tabindex: "-1" }, title), content(close)));
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(answer);
    });
    document.body.appendChild(dialog);
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    dialog.addEventListener("close", () => before && before.isConnected && before.focus());
    dialog.showModal();
    const first = /** @type {HTMLElement | null} */ (dialog.querySelector("[autofocus]") || dialog.querySelector("h2"));
    if (first) first.focus();
  });
}

/** Closes the dialogs of a page that is left, as Escape does: what they ask is of that page. */
export function closeDialogs() {
  for (const dialog of /** @type {NodeListOf<HTMLDialogElement>} */ (document.querySelectorAll("dialog[open]:not([data-stays])"))) dialog.close();
}

/**
 * Asks for a decision. Resolves with whether it is taken.
 * @param {string} title
 * @param {import("../../shared/dom.js").Child} body what it does, and whether it can be undone
 * @param {string} act
 * @param {{ danger?: boolean }} [how]
 */
export async function confirmDialog(title, body, act, { danger } = {}) {
  const answer = await openDialog(title, (close) => [
    typeof body === "string" ? h("p", null, body) : body,
    h("div.acts", null,
      h(`button.button.${danger ? "danger" : "primary"}`, { type: "button", onclick: () => close(true) }, act),
      h("button.button", { type: "button", onclick: () => close(null) }, t("cancel"))),
  ]);
  return answer === true;
}
