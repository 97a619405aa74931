// What the parts of the inbox share: addresses, times, organizations and their telephones.

import { to } from "../../../shared/address.js";
import { fill, h } from "../../../shared/dom.js";
import { icon } from "../../../shared/icons.js";
import { age, clock, t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { organizationLink } from "../../links.js";
import { refusal } from "../../parts/states.js";
import { telephone } from "../../parts/telephone.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** An address in the inbox: a kind, and one thing of it. @param {...string} path */
export function inboxLink(...path) {
  return to("inbox", ...path);
}

/** An instant that programs can read, and how long ago it was. @param {string} instant */
export function inboxTime(instant) {
  return h("time.inbox-time", { datetime: instant }, clock(instant), h("span.block.small.muted", null, age(instant)));
}

/** The way back to a list. @param {string} kind */
export function backToInbox(kind) {
  return h("p.no-print", null, h("a.inbox-back", { href: inboxLink(kind) }, icon("back", 16), t("inbox-back-to", { kind: t(`inbox-kind-${kind}`) })));
}

/** An organization by its name, leading to its sheet. @param {ApiSchemas["OrganizationLabel"] | null} organization */
export function inboxOrganization(organization) {
  return organization ? h("a", { href: organizationLink(organization.code) }, organization.name) : h("span.muted", null, t("inbox-organization-unknown"));
}

/**
 * A button that shows the telephones of an organization's people and of keepers of its depots: who reads them is noted by the service,
 * so they are read when somebody wants to call.
 * @param {string} organization its code
 * @param {string[]} depots their codes
 */
export function inboxTelephones(organization, depots) {
  const box = h("div.inbox-telephones.no-print");
  const button = h("button.button", { type: "button", onclick: async () => {
    button.setAttribute("aria-disabled", "true");
    try {
      const paths = [...depots.map((depot) => `/depots/${encodeURIComponent(depot)}/contacts`), `/organizations/${encodeURIComponent(organization)}/contacts`];
      /** @type {ApiSchemas["ContactView"][]} */
      const contacts = (await Promise.all(paths.map((path) => readAll(path)))).flat();
      const list = inboxContacts(contacts.filter((one) => one.present && !one.erased_at && one.phone));
      fill(box, list);
      list.focus();
    } catch (error) {
      fill(box, refusal(error, button.click.bind(button)));
    }
    button.removeAttribute("aria-disabled");
  } }, icon("phone", 18), t("inbox-telephones"));
  fill(box, button);
  return box;
}

/** @param {ApiSchemas["ContactView"][]} contacts */
function inboxContacts(contacts) {
  if (!contacts.length) return h("p.small.muted", { tabindex: "-1" }, t("inbox-telephones-none"));
  return h("ul.stack-8", { tabindex: "-1" }, contacts.map(({ name, role, phone }) => h("li", null,
    telephone(phone || ""), " ",
    h("span.small.muted", null, [name, t(`inbox-contact-${role}`)].filter(Boolean).join(" · ")))));
}

/**
 * Columns whose cells say on narrow screens, where they stand one below the other, what they are.
 * @template Row
 * @param {import("../../parts/table.js").Column<Row>[]} columns
 * @returns {import("../../parts/table.js").Column<Row>[]}
 */
export function inboxColumns(columns) {
  return columns.map((column) => (column.rowHead ? column : { ...column, cell: (row) => [h("span.inbox-label.small.muted", { "aria-hidden": "true" }, column.head), column.cell(row)] }));
}
