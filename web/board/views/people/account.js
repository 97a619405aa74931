// One account: made, or changed with the state it had when it was read; below it what can be done about its signing in.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { randomId } from "../../../shared/ids.js";
import { notice, toast } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read, send } from "../../api.js";
import { EVERYBODY } from "../../page.js";
import { saveChange } from "../../parts/conflict.js";
import { form } from "../../parts/form.js";
import { hasRole, mayAdminister, ownRegion } from "../../rights.js";
import { accountActs } from "./account-acts.js";
import { joinPlaces, peopleView } from "./frame.js";
import { cardsOf, keepCards } from "./issued.js";
import { fullTime } from "../../parts/instant.js";

/** @typedef {import("../../page.js").Board} Board */
/** @typedef {import("../../session.js").ApiSchemas["AccountView"]} AccountView */

/** The parts of an account that are changed, and compared with another editor's. @param {AccountView} one */
const accountParts = (one) => ({ display_name: one.display_name, role: one.role, organization: one.organization ? one.organization.code : null, region: one.region ? one.region.code : null });

/** The roles that the person may give. */
const rolesToGive = () => (mayAdminister() ? EVERYBODY : EVERYBODY.filter((role) => role === "quartermaster"));

/** Fields of an account's role and place. @param {ReturnType<typeof accountParts>} now @returns {import("../../parts/form.js").Field[]} */
function placeFields(now) {
  return [
    { name: "role", kind: "select", label: t("people-role"), hint: t(mayAdminister() ? "people-role-hint" : "people-role-officer-hint"), required: true, value: now.role, options: rolesToGive().map((role) => [role, t(`role-${role}`)]) },
    { name: "organization", label: t("people-organization"), hint: t("people-organization-hint"), value: now.organization, attributes: { maxlength: 64 } },
    { name: "region", label: t("people-region"), hint: t("people-region-hint"), value: now.region, attributes: { maxlength: 64 } },
  ];
}

/** What is sent: the place of the role alone. @param {import("../../parts/form.js").Values} values */
function accountBody({ display_name: name, role, organization, region }) {
  const isQuartermaster = role === "quartermaster";
  return { display_name: name, role, organization: isQuartermaster ? organization : null, region: isQuartermaster ? null : region };
}

/** @param {Board} board @param {Record<string, string>} query @returns {import("../../page.js").View} */
export function accountNewView(board, query) {
  // One id for the form: what is sent twice makes one account.
  const id = randomId();
  const parts = form({
    fields: [
      { name: "username", label: t("people-username"), hint: t("people-username-hint"), required: true, attributes: { maxlength: 64, autocapitalize: "none", autocomplete: "off" } },
      { name: "display_name", label: t("people-name"), hint: t("people-name-hint"), required: true, attributes: { maxlength: 100, autocomplete: "off" } },
      ...placeFields({ display_name: "", role: "quartermaster", organization: query.organization || null, region: ownRegion() }),
      { name: "password", kind: "password", label: t("people-password"), hint: t("people-password-hint"), attributes: { autocomplete: "new-password", maxlength: 200 } },
      { name: "card", kind: "checkbox", label: t("people-card-too"), value: true },
    ],
    act: t("people-account-add"),
    submit: async (values) => {
      const { json } = await send("PUT", `/accounts/${id}`, { username: values.username, password: values.password, ...accountBody(values) });
      parts.saved();
      toast(t("people-account-added"));
      if (!values.card) return board.go(to("people", "accounts", id));
      const { json: issued } = await send("POST", "/enrolments", { account: id });
      return board.go(keepCards(cardsOf([{ issued, account: json.account }])));
    },
    beside: h("a.button", { href: to("people", "accounts") }, t("cancel")),
  });
  joinPlaces(parts.node, "role", (role) => role === "quartermaster");
  return peopleView("accounts", t("people-account-add"), parts.node, { unsaved: parts.changed });
}

/** @param {Board} board @param {string} id @returns {Promise<import("../../page.js").View>} */
export async function accountEditView(board, id) {
  const path = `/accounts/${encodeURIComponent(id)}`;
  const { json, etag } = await read(path);
  /** @type {AccountView} */
  const account = json;
  const isOwn = account.id === board.person.id;
  const facts = h("p.muted", null, [account.username, t(`role-${account.role}`), t("people-made-at", { at: fullTime(account.created_at) })].join(" · "));
  const closed = account.open ? null : notice("warn", h("p.strong", null, t("people-closed-at", { at: fullTime(account.closed_at || account.created_at) })), h("p", null, account.closed_reason));
  const parts = account.manageable && account.open && !isOwn && hasRole(["admin", "officer"]) ? accountForm(board, path, account, etag) : null;
  return peopleView("accounts", account.display_name, h("div.blocks", null,
    h("div.stack", null, facts, closed, isOwn ? notice("", h("p", null, t("people-own-account"), " ", h("a", { href: to("account") }, t("nav-account")))) : null,
      account.manageable ? null : notice("warn", h("p", null, t("people-not-manageable")))),
    parts ? h("section.stack", null, h("h2", null, t("people-account-edit")), parts.node) : null,
    accountActs(board, account, isOwn)),
  { unsaved: parts ? parts.changed : undefined });
}

/** @param {Board} board @param {string} path @param {AccountView} account @param {string | null} etag */
function accountForm(board, path, account, etag) {
  const before = accountParts(account);
  const parts = form({
    fields: [{ name: "display_name", label: t("people-name"), required: true, value: account.display_name, attributes: { maxlength: 100 } }, ...placeFields(before)],
    act: t("people-save"),
    submit: async (values) => {
      const body = accountBody(values);
      const saved = await saveChange({
        path, etag, before: account, view: accountParts, mine: body, body: { username: account.username, ...body },
        compared: [
          { key: "display_name", label: t("people-name") }, { key: "role", label: t("people-role"), show: (role) => t(`role-${role}`) },
          { key: "organization", label: t("people-organization") }, { key: "region", label: t("people-region") },
        ],
      });
      if (!saved) return;
      parts.saved();
      toast(t(saved.theirs ? "people-theirs-kept" : "people-saved"));
      await board.redraw();
    },
  });
  joinPlaces(parts.node, "role", (role) => role === "quartermaster");
  return parts;
}
