// Choosing an organization by typing: of thousands the first that match are offered.

import { fill, h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { refusal } from "../../parts/states.js";

const ORGANIZATIONS_OFFERED = 8;

/**
 * @param {import("../../page.js").Board} board
 * @param {(code: string) => string} addressOf  where an organization leads
 */
export function organizationChoice(board, addressOf) {
  /** @type {Promise<{ code: string, name: string, name_en: string, name_zh: string }[]> | null} */
  let all = null;
  const list = h("ul.standards-offers");
  const told = h("p.small.muted", { role: "status" });
  const draw = async () => {
    const words = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    if (!words.length) {
      fill(list);
      fill(told);
      return;
    }
    try {
      if (!all) all = readAll("/organizations", { fields: "code,name,name_en,name_zh,active" });
      const found = (await all).filter((one) => words.every((word) => `${one.code} ${one.name_en} ${one.name_zh}`.toLowerCase().includes(word)));
      fill(list, found.slice(0, ORGANIZATIONS_OFFERED).map((one) => h("li", null, h("a", { href: addressOf(one.code) }, `${one.code} ${one.name}`))));
      fill(told, t("standards-organizations-found", { n: found.length }));
    } catch (error) {
      all = null;
      fill(list, refusal(error, draw));
    }
  };
  const input = /** @type {HTMLInputElement} */ (h("input.input", { id: "organization-choice", type: "search", autocomplete: "off", spellcheck: "false", oninput: draw, onkeydown: (/** @type {KeyboardEvent} */ event) => {
    const first = /** @type {HTMLAnchorElement | null} */ (list.querySelector("a"));
    if (event.key === "Enter" && first) board.go(/** @type {string} */ (first.getAttribute("href")));
  } }));
  return h("div.stack-8.form", null, h("div.field", null, h("label", { for: "organization-choice" }, t("standards-organization-find")), input), told, list);
}
