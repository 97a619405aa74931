// A new lot: its last day by keypad, or the day it was made, or none; its number if there is one.

import { h, fill } from "../../shared/dom.js";
import { t } from "../../shared/text.js";
import { choice } from "../../shared/choice.js";
import { dayOfDigits, isNoDay, lastDay } from "./typed.js";

/** @typedef {import("../engine/types.js").CountLine} CountLine */

/**
 * @typedef {object} LotPanel
 * @property {HTMLElement} node
 * @property {(key: string) => void} key
 * @property {() => Record<string, string> | null} texts  of the new lot; null where the day is wrong, which is then said
 */

/** @param {CountLine} line @returns {LotPanel} */
export function lotPanel(line) {
  const now = { way: "expires", digits: "" };
  const number = /** @type {HTMLInputElement} */ (h("input.input", { id: "lot-number", maxlength: 64, autocomplete: "off", autocapitalize: "characters", spellcheck: "false" }));
  const day = /** @type {HTMLInputElement} */ (h("input", { id: "lot-day", inputmode: "numeric", autocomplete: "off", maxlength: 10, "aria-describedby": "lot-reading" }));
  const reading = h("p.reading", { id: "lot-reading", role: "status" });
  const box = h("div.stack-8");
  const node = h("section.panel", { "aria-label": t("lot-new") });

  const read = () => dayOfDigits(now.digits, now.way === "made");
  const show = () => {
    const full = now.digits.startsWith("20") || now.digits === "2" ? now.digits : now.digits ? `20${now.digits}` : "";
    day.value = full.length > 4 ? [full.slice(0, 4), full.slice(4, 6), full.slice(6, 8)].filter(Boolean).join("-") : full;
    const found = read();
    const isWrong = isNoDay(now.digits);
    const last = found && (now.way === "made" ? lastDay(line, "", found) : found);
    const expired = last && last < line.today ? t("lot-expired", { day: last }) : "";
    reading.className = `reading${isWrong || expired ? " fault" : ""}`;
    if (!found) reading.textContent = t(isWrong ? "lot-day-wrong" : now.digits ? "lot-day-more" : now.way === "made" ? "lot-made-hint" : "lot-expires-hint");
    else if (now.way === "expires") reading.textContent = expired || t("lot-reading", { day: found });
    else if (last) reading.textContent = [t("lot-reading-made", { day: found, months: line.shelfLifeMonths || 0, last }), expired].filter(Boolean).join(" · ");
    else reading.textContent = t("lot-reading-made-only", { day: found });
  };
  const draw = () => {
    fill(node,
      choice(t("lot-way"), [["expires", t("lot-way-expires")], ["made", t("lot-way-made")], ["none", t("lot-way-none")]], now.way, (way) => {
        now.way = way;
        now.digits = "";
        draw();
        const pressed = document.getElementById(`choice-${way}`);
        if (pressed) pressed.focus();
      }),
      now.way === "none" ? h("p.muted", null, t("lot-none-hint")) : box,
      h("div.field", null, h("label", { for: "lot-number" }, t("lot-number-label")), number));
    fill(box, h("div.box", null, day), reading);
    day.setAttribute("aria-label", t(now.way === "made" ? "lot-way-made" : "lot-way-expires"));
    show();
  };
  day.addEventListener("input", () => {
    now.digits = day.value.replace(/\D/g, "").slice(0, 8);
    show();
  });
  draw();
  return {
    node,
    key(key) {
      if (now.way === "none") return;
      if (key === "erase") now.digits = now.digits.slice(0, -1);
      else if (/\d/.test(key) && now.digits.length < 8) now.digits += key;
      show();
    },
    texts() {
      /** @type {Record<string, string>} */
      const texts = {};
      if (number.value.trim()) texts.lot = number.value.trim();
      if (now.way !== "none") {
        const found = read();
        if (!found) {
          reading.className = "reading fault";
          reading.textContent = t("lot-day-wrong");
          return null;
        }
        texts[now.way === "made" ? "made_on" : "expires_on"] = found;
      } else if (!texts.lot) {
        reading.textContent = t("lot-number-needed");
        number.setAttribute("aria-invalid", "true");
        number.focus();
        return null;
      }
      return texts;
    },
  };
}
