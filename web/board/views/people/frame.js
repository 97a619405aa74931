// What the parts of this page have in common: the way from one to another, times in full, and a reason that is asked for.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { openDialog } from "../../parts/dialog.js";
import { form } from "../../parts/form.js";
import { heading } from "../../parts/states.js";
import { subpages } from "../../parts/subpages.js";
import { findOrganizations, findRegions, suggestCodes } from "../../parts/suggest.js";
import { mayAdminister } from "../../rights.js";

/** @typedef {import("../../../shared/dom.js").Child} Child */

const PEOPLE_PARTS = ["accounts", "cards", "labels", "devices", "contacts", "clients"];

/**
 * A view of a part of the page, with the way to the others.
 * @param {string} part
 * @param {string} title
 * @param {Child} body
 * @param {{ beside?: Child[], lead?: string, unsaved?: () => boolean, leave?: () => void }} [more] acts beside the title, what the part is for
 * @returns {import("../../page.js").View}
 */
export function peopleView(part, title, body, { beside = [], lead, unsaved, leave } = {}) {
  // Clients are for administrators alone.
  const parts = PEOPLE_PARTS.filter((one) => one !== "clients" || mayAdminister());
  return {
    title,
    unsaved,
    leave,
    body: [
      subpages(t("people-parts"), parts.map((one) => ({ href: to("people", one), words: t(`people-part-${one}`), isCurrent: one === part }))),
      h("div.people-head", null, heading(title, ...beside), lead ? h("p.text.muted", null, lead) : null),
      body,
    ],
  };
}

/**
 * Asks why, then does it; what fails is said in the dialog, where the words stay. Resolves with whether it was done.
 * @param {string} title
 * @param {Child} body  what it does, and whether it can be undone
 * @param {string} act
 * @param {(reason: string) => Promise<unknown>} work
 */
export async function askReason(title, body, act, work) {
  const done = await openDialog(title, (close) => [
    body,
    form({
      fields: [{ name: "reason", label: t("people-reason"), hint: t("people-reason-hint"), required: true, attributes: { maxlength: 1000 } }],
      act,
      submit: async ({ reason }) => {
        await work(reason);
        close(true);
      },
      beside: h("button.button", { type: "button", onclick: () => close(null) }, t("cancel")),
    }).node,
  ]);
  return done === true;
}

/** A choice in the bar of a table. @param {string} id @param {string} label @param {[string, string][]} options @param {string} chosen @param {(value: string) => void} act */
export function peopleFilter(id, label, options, chosen, act) {
  const select = /** @type {HTMLSelectElement} */ (h("select.input.select", { id, onchange: () => act(select.value) },
    options.map(([value, words]) => h("option", { value, selected: value === chosen }, words))));
  return h("div.field", null, h("label", { for: id }, label), select);
}

/**
 * Shows of the fields of places the one that a choice asks for, with suggestions for its code.
 * @param {HTMLFormElement} node  with a field of `organization` and one of `region`
 * @param {string} name  of the choice
 * @param {(value: string) => boolean} isOrganization
 */
export function joinPlaces(node, name, isOrganization) {
  const [choice, organization, region] = [name, "organization", "region"].map((one) => /** @type {HTMLInputElement} */ (node.elements.namedItem(one)));
  const boxes = [organization, region].map((input) => /** @type {HTMLElement} */ (input.closest(".field")));
  // Both are fields that may be empty, but the one that is shown may not.
  for (const box of boxes) for (const words of box.querySelectorAll(".optional")) words.remove();
  const show = () => boxes.forEach((box, at) => { box.hidden = isOrganization(choice.value) !== (at === 0); });
  choice.addEventListener("change", show);
  suggestCodes(organization, findOrganizations);
  suggestCodes(region, findRegions);
  show();
}
