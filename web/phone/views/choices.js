// The choice of a language, and switches.

import { choice } from "../../shared/choice.js";
import { h } from "../../shared/dom.js";
import { failureText, toast } from "../../shared/status.js";
import { LANGUAGES, language, loadTexts } from "../../shared/text.js";
import { changeSettings } from "../../shared/settings.js";

/** @typedef {import("./page.js").Page} Page */

/** A setting that is on or off. @param {string} id @param {string} words @param {string} under @param {boolean} on @param {(on: boolean) => void} act */
export function toggle(id, words, under, on, act) {
  const button = h("button.switch", { type: "button", role: "switch", id, "aria-checked": String(on), onclick: () => {
    const now = button.getAttribute("aria-checked") !== "true";
    button.setAttribute("aria-checked", String(now));
    act(now);
  } }, h("span", null, h("span.strong", null, words), under ? h("span.under.muted.small.block", null, under) : null), h("span.knob", { "aria-hidden": "true" }));
  return button;
}

/** The languages, each in its own words. @param {Page} page */
export function languageChoice(page) {
  const change = async (/** @type {string} */ code) => {
    try {
      await loadTexts(code);
    } catch (error) {
      toast(failureText(error), false, true);
      return;
    }
    changeSettings({ language: code });
    page.phone.setLanguage(code);
    await page.redraw();
  };
  const node = choice("中文 / English", /** @type {[string, string][]} */ (LANGUAGES), language(), change);
  node.querySelectorAll("button").forEach((button, at) => button.setAttribute("lang", LANGUAGES[at][0]));
  return node;
}
