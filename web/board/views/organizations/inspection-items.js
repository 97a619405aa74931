// The list that an inspector types into: found by typing, with any other item of the catalogue added.

import { fill, h } from "../../../shared/dom.js";
import { icon } from "../../../shared/icons.js";
import { t } from "../../../shared/text.js";
import { inspectedItem } from "./inspected-item.js";

/** @typedef {import("./inspection-data.js").InspectionList} InspectionList */
/** @typedef {import("./inspection-data.js").InspectedItem} InspectedItem */
/** @typedef {ReturnType<typeof inspectedItem>} ItemEntry */

const OFFERED = 6;

/** @param {InspectionList} list @param {import("./draft.js").InspectionDraft} draft @param {import("./shared.js").CodeWords} words @param {() => void} changed */
export function inspectionItems(list, draft, words, changed) {
  /** @type {Map<string, ItemEntry>} */
  const entries = new Map();
  const [added, offers, none] = [h("ul.org-items"), h("div.stack-8"), h("p.muted", { hidden: true }, t("table-no-match"))];
  const groups = [group("orgs-items-here", list.here), group("orgs-items-required", list.required)];
  const addedGroup = h("section.stack-8", { hidden: true }, h("h2", null, t("orgs-items-added")), added);
  for (const code of draft.added) addItem(code);
  const input = /** @type {HTMLInputElement} */ (h("input.input", { id: "item-find", type: "search", autocomplete: "off", spellcheck: "false", oninput: narrow }));
  const node = h("fieldset.stack", { onkeydown: goOn }, h("div.field", null, h("label", { for: "item-find" }, t("orgs-item-find")), h("span.hint", null, t("orgs-item-find-hint")), input), offers, none, groups, addedGroup);

  /** @param {string} title @param {InspectedItem[]} items */
  function group(title, items) {
    return h("section.stack-8", { hidden: !items.length }, h("h2", null, t(title)), h("ul.org-items", null, items.map((one) => entry(one).node)));
  }

  /** @param {InspectedItem} one */
  function entry(one) {
    const { code } = one.item;
    draft.rows[code] = draft.rows[code] || [];
    const made = inspectedItem(one, draft.rows[code], words, changed);
    entries.set(code, made);
    return made;
  }

  /** @param {string} code */
  function addItem(code) {
    const found = entries.has(code) ? null : list.find(code);
    if (!found) return;
    added.appendChild(entry(found).node);
    addedGroup.hidden = false;
  }

  /** Shows the items of the list that fit what is typed, and offers others of the catalogue. */
  function narrow() {
    const asked = input.value.trim().toLowerCase().split(/\s+/).filter(Boolean);
    const fits = (/** @type {string} */ text) => asked.every((word) => text.includes(word));
    entries.forEach((one) => { one.node.hidden = !fits(one.text); });
    const others = asked.length ? list.catalogue.filter((item) => !entries.has(item.code) && fits(`${item.code} ${item.name_zh} ${item.name_en} ${item.name}`.toLowerCase())) : [];
    none.hidden = others.length > 0 || Array.from(entries.values()).some((one) => !one.node.hidden);
    fill(offers, others.slice(0, OFFERED).map((item) => h("button.button", { type: "button", class: "org-offer", onclick: () => {
      draft.added.push(item.code);
      addItem(item.code);
      input.value = "";
      narrow();
      changed();
      const made = entries.get(item.code);
      if (made) made.focus();
    } }, icon("plus", 18), t("orgs-item-add", { name: item.name, code: item.code }))), others.length > OFFERED ? h("p.small.muted", null, t("orgs-more", { n: others.length - OFFERED })) : null);
  }

  /** Enter goes on to the next quantity. @param {KeyboardEvent} event */
  function goOn(event) {
    const at = /** @type {HTMLElement} */ (event.target);
    if (event.key !== "Enter" || !at.classList.contains("org-quantity")) return;
    event.preventDefault();
    const all = /** @type {HTMLElement[]} */ (Array.from(node.querySelectorAll("li:not([hidden]) .org-quantity")));
    const next = all[all.indexOf(at) + 1];
    if (next) next.focus();
    else at.blur();
  }

  return { node, entries };
}
