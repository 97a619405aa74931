// One contact: shown, changed with the state that was read, and erased for good when somebody asks for it.

import { h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read, send } from "../../api.js";
import { saveChange } from "../../parts/conflict.js";
import { confirmDialog, openDialog } from "../../parts/dialog.js";
import { form } from "../../parts/form.js";
import { refusal } from "../../parts/states.js";
import { telephone } from "../../parts/telephone.js";

/** @typedef {import("../../session.js").ApiSchemas["ContactView"]} ContactView */

/** The parts of a contact that are changed. */
const CONTACT_PARTS = ["name", "phone", "certificate", "purpose"];

/**
 * @param {string} path  of the contact, by its task
 * @param {string} role
 * @param {ContactView | null} contact
 * @param {() => Promise<unknown>} changed
 */
export function contactRole(path, role, contact, changed) {
  const task = t(`people-contact-${role}`);
  const said = h("div", { "aria-live": "assertive" });
  const edit = async () => {
    said.textContent = "";
    try {
      if (await editContact(path, task, role, Boolean(contact))) await changed();
    } catch (error) {
      said.append(refusal(error));
    }
  };
  const erase = async () => {
    if (!contact || !(await confirmDialog(t("people-contact-erase"), t("people-contact-erase-text", { who: contact.name || task }), t("people-contact-erase"), { danger: true }))) return;
    try {
      // By its id: the task may be somebody else's by now.
      await send("DELETE", path.replace(/[^/]+$/, contact.id));
      toast(t("people-contact-erased"));
      await changed();
    } catch (error) {
      said.append(refusal(error));
    }
  };
  return h("li.stack-8", null,
    h("h3", null, task),
    contact ? h("p", null, contact.name, contact.name ? " " : null, contact.phone ? telephone(contact.phone) : h("span.muted", null, t("people-contact-no-phone"))) : h("p.muted", null, t("people-contact-nobody")),
    contact ? h("p.small.muted", null, [contact.certificate ? t("people-contact-certificate-is", { number: contact.certificate }) : "", contact.purpose].filter(Boolean).join(" · ")) : null,
    said,
    h("div.acts", null,
      h("button.button", { type: "button", "aria-label": `${t(contact ? "people-contact-change" : "people-contact-add")}: ${task}`, onclick: edit }, t(contact ? "people-contact-change" : "people-contact-add")),
      contact ? h("button.button", { type: "button", "aria-label": `${t("people-contact-erase")}: ${task}`, onclick: erase }, t("people-contact-erase")) : null));
}

/** @param {string} path @param {string} task @param {string} role @param {boolean} exists @returns {Promise<boolean>} whether something is other now */
async function editContact(path, task, role, exists) {
  const { json, etag } = exists ? await read(path) : { json: {}, etag: null };
  const done = await openDialog(task, (close) => [
    h("p.small.muted", null, t("people-contact-new-person")),
    form({
      fields: CONTACT_PARTS.map((name) => ({
        name, label: t(`people-contact-${name}`), value: json[name] === undefined ? null : json[name], required: name === "name" && role !== "duty",
        hint: name === "purpose" ? t("people-contact-purpose-hint") : undefined,
        attributes: { autocomplete: "off", ...(name === "phone" ? { type: "tel", maxlength: 100 } : { maxlength: 200 }) },
      })),
      act: t("people-save"),
      submit: async (values) => {
        const body = { ...values, ended_from: json.ended_from || null };
        const saved = await saveChange({ path, body, etag, before: json, compared: CONTACT_PARTS.map((key) => ({ key, label: t(`people-contact-${key}`) })) });
        if (!saved) return;
        toast(t(saved.theirs ? "people-theirs-kept" : "people-saved"));
        close(true);
      },
      beside: h("button.button", { type: "button", onclick: () => close(null) }, t("cancel")),
    }).node,
  ]);
  return done === true;
}
