// An item on an inspector's list: the quantity, and where it matters lot, last day and condition. What is required and what was
// counted last shows once a number was typed, so that nobody copies it.

import { fill, h } from "../../../shared/dom.js";
import { t, unitText } from "../../../shared/text.js";
import { typedNumber } from "../../../shared/typed-number.js";
import { figure } from "../../parts/figure.js";
import { emptyRow } from "./draft.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("./draft.js").DraftRow} DraftRow */
/** @typedef {import("./inspection-data.js").InspectedItem} InspectedItem */
/** @typedef {import("./shared.js").CodeWords} CodeWords */

const ROW_CONDITIONS = ["serviceable", "in_repair", "unserviceable"];

/**
 * @param {InspectedItem} inspected
 * @param {DraftRow[]} rows  of the draft: changed here as they are typed
 * @param {CodeWords} words
 * @param {() => void} changed
 */
export function inspectedItem(inspected, rows, words, changed) {
  const { item } = inspected;
  const id = `item-${item.code}`;
  const [place, known, fault] = [h("div.stack-8"), h("div.org-known", { "aria-live": "polite" }), h("p.fault", { id: `${id}-fault`, hidden: true })];
  if (!rows.length) rows.push(emptyRow());
  const now = { isOpen: rows.length > 1 || rows.some((row) => row.lot || row.expires_on || row.condition !== "serviceable") };
  const more = h("button.button.plain.org-more", { type: "button", id: `${id}-more`, onclick: () => {
    now.isOpen = true;
    rows.push(...(rows.length && !place.querySelector(".org-lot-fields") ? [] : [emptyRow()]));
    changed();
    draw();
    const last = /** @type {HTMLElement | null} */ (place.querySelector(".org-lot-row:last-child input"));
    if (last) last.focus();
  } });

  /** Shows what is known, once a number stands. */
  function reveal() {
    fill(known, rows.some((row) => typedNumber(row.quantity) !== null) ? knownText(inspected, words) : null);
  }

  /** @param {DraftRow} row @param {number} at */
  function quantityInput(row, at) {
    return h("input.input.org-quantity", {
      id: at ? `${id}-${at}` : id, inputmode: item.measured ? "decimal" : "numeric", autocomplete: "off", value: row.quantity, "aria-describedby": `${id}-fault`,
      "aria-label": at ? `${item.name}, ${t("orgs-row", { n: at + 1 })}, ${unitText(item.unit)}` : null,
      oninput: (/** @type {Event} */ event) => {
        row.quantity = /** @type {HTMLInputElement} */ (event.target).value;
        changed();
      },
      onchange: () => {
        setFault(rows.some((one) => one.quantity.trim() && typedNumber(one.quantity) === null) ? t("orgs-number-wrong") : "");
        // A lot that goes off is of no use in the figures without its last day: it is asked for at once.
        if (item.perishable && !now.isOpen && typedNumber(row.quantity)) {
          now.isOpen = true;
          draw();
        }
        reveal();
      },
    });
  }

  /** @param {DraftRow} row @param {number} at */
  function lotFields(row, at) {
    const input = (/** @type {"lot" | "expires_on"} */ name, /** @type {string} */ type, /** @type {string} */ label) => h("div.field", null, h("label.small", { for: `${id}-${at}-${name}` }, label),
      h("input.input", { id: `${id}-${at}-${name}`, type, value: row[name], autocomplete: "off", oninput: (/** @type {Event} */ event) => {
        row[name] = /** @type {HTMLInputElement} */ (event.target).value;
        changed();
      } }));
    return h("div.org-lot-fields", null, input("lot", "text", t("orgs-lot-number")), input("expires_on", "date", t("orgs-last-day")),
      h("div.field", null, h("label.small", { for: `${id}-${at}-condition` }, t("orgs-condition")),
        h("select.input.select", { id: `${id}-${at}-condition`, onchange: (/** @type {Event} */ event) => {
          row.condition = /** @type {HTMLSelectElement} */ (event.target).value;
          changed();
        } }, ROW_CONDITIONS.map((condition) => h("option", { value: condition, selected: condition === row.condition }, words("condition", condition))))));
  }

  function draw() {
    fill(place, rows.map((row, at) => h("div.org-lot-row", null,
      h("div.org-item-head", null,
        at ? h("span.small.muted", null, t("orgs-row", { n: at + 1 })) : h("label", { for: id }, item.name, h("span.small.muted.org-plain.block", null, item.code)),
        h("span.row", null, quantityInput(row, at), h("span.org-unit", null, unitText(item.unit)))),
      now.isOpen ? lotFields(row, at) : null)));
    more.textContent = t(now.isOpen ? "orgs-another-row" : "orgs-lot-and-condition");
    more.setAttribute("aria-label", `${more.textContent}: ${item.name}`);
  }

  /** @param {string} words nothing where there is none */
  function setFault(words) {
    fault.hidden = !words;
    fill(fault, words);
    for (const input of place.querySelectorAll(".org-quantity")) {
      if (words) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }

  draw();
  reveal();
  return { node: h("li.org-item", { data: { item: item.code } }, place, fault, known, more), setFault, text: `${item.code} ${item.name} ${item.name_zh} ${item.name_en}`.toLowerCase(),
    focus: () => { const input = document.getElementById(id); if (input) input.focus(); } };
}

/** What is required, and what was counted last. @param {InspectedItem} inspected @param {CodeWords} words */
function knownText({ item, lines, stock }, words) {
  const counted = stock ? stock.counts.concat(stock.inspection ? [stock.inspection.count] : []) : [];
  return h("ul.small", null,
    lines.length ? lines.map((line) => h("li", null, t("orgs-known-required", { strength: words("strength", line.strength) }), " ", figure(line.required, { unit: line.unit, words: t("orgs-required-open") }),
      line.item ? null : ` (${line.name})`)) : h("li", null, t("orgs-known-not-required")),
    counted.length ? counted.map((count) => h("li", null, t("orgs-known-last"), " ", figure(count.lots.some((lot) => lot.quantity === null) ? null : count.lots.reduce((sum, lot) => sum + (lot.quantity || 0), 0), { unit: item.unit }), " · ", instantText(count.effective_at), ` · ${count.counted_by}`))
      : h("li", null, t("orgs-known-never")));
}
