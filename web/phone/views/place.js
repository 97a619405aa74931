// Where in the depot an item is kept.

import { h } from "../../shared/dom.js";
import { ask } from "../../shared/status.js";
import { t } from "../../shared/text.js";

/** Asks for the place; null where nothing shall change. @param {string | null} place @returns {Promise<string | null>} */
export async function askPlace(place) {
  const input = /** @type {HTMLInputElement} */ (h("input.input", { id: "place", value: place || "", maxlength: 32, autocomplete: "off" }));
  const answer = await ask(t("place-title"), h("div.field", null, h("label", { for: "place" }, t("place-label")), input, h("span.hint", null, t("place-hint"))),
    [{ key: "keep", words: t("keep"), kind: "primary" }]);
  return answer === "keep" ? input.value.trim() : null;
}
