// Programs of third parties: made with scopes, their secret shown once, renewed, and closed for good.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { icon } from "../../../shared/icons.js";
import { randomId } from "../../../shared/ids.js";
import { failureText, toast } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { readAll, send } from "../../api.js";
import { confirmDialog, openDialog } from "../../parts/dialog.js";
import { form } from "../../parts/form.js";
import { heading, loading, noRight } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { mayAdminister, ownRegion } from "../../rights.js";
import { askReason, joinPlaces, peopleFilter, peopleView } from "./frame.js";
import { fullTime } from "../../parts/instant.js";

/** @typedef {import("../../page.js").Board} Board */
/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** @type {ApiSchemas["Scope"][]} */
const CLIENT_SCOPES = ["catalogue:read", "stock:read", "shortages:read", "counts:write"];

/** The words of a scope. @param {string} scope */
const scopeText = (scope) => t(`people-scope-${scope.replace(":", "-")}`);

/** @param {Board} board */
export function clientListView(board) {
  if (!mayAdminister()) return notAdministrator();
  return peopleView("clients", t("people-part-clients"), loading(() => clientTable(board)), {
    lead: t("people-clients-lead"),
    beside: [h("a.button.primary", { href: to("people", "clients", "new") }, icon("plus", 18), t("people-client-add"))],
  });
}

function notAdministrator() {
  return { title: t("people-part-clients"), body: h("div.stack", null, heading(t("people-part-clients")), noRight()) };
}

/** @param {Board} board */
async function clientTable(board) {
  /** @type {ApiSchemas["ClientView"][]} */
  const all = await readAll("/clients");
  const chosen = { state: "open" };
  const shown = () => all.filter((one) => !chosen.state || one.open === (chosen.state === "open"));
  const table = dataTable({
    caption: t("people-clients-caption"),
    rows: shown(),
    text: (one) => [one.name, one.id, (one.organization || one.region || { name: "" }).name].join(" "),
    empty: t("people-clients-none"),
    columns: [
      { head: t("people-name"), rowHead: true, sort: (one) => one.name, cell: (one) => [one.name, h("div.small.muted.mono", null, one.id)] },
      { head: t("people-place"), sort: (one) => (one.organization || one.region || { code: "" }).code, cell: (one) => (one.organization || one.region || { name: "" }).name },
      { head: t("people-scopes"), cell: (one) => h("ul", null, one.scopes.map((scope) => h("li", null, scopeText(scope)))) },
      { head: t("people-last-used"), wide: true, sort: (one) => one.last_used_at, cell: (one) => (one.last_used_at ? fullTime(one.last_used_at) : h("span.muted", null, t("people-never"))) },
      { head: t("people-secret-since"), wide: true, sort: (one) => one.secret_since, cell: (one) => fullTime(one.secret_since) },
      { head: t("people-act"), cell: (one) => (one.open ? clientActs(board, one) : h("span.small.muted", null, `${t("people-closed-at", { at: fullTime(one.closed_at || one.created_at) })} ${one.closed_reason || ""}`)) },
    ],
    beside: peopleFilter("clients-state", t("people-state"), [["open", t("people-open")], ["closed", t("people-closed")], ["", t("people-all")]], chosen.state, (state) => {
      chosen.state = state;
      table.setRows(shown());
    }),
  });
  return table.node;
}

/** @param {Board} board @param {ApiSchemas["ClientView"]} client */
function clientActs(board, client) {
  const renew = async () => {
    if (!(await confirmDialog(t("people-secret-renew"), t("people-secret-renew-text", { name: client.name }), t("people-secret-renew"), { danger: true }))) return;
    try {
      const { json } = await send("POST", `/clients/${client.id}/secret`);
      await showSecret(json);
      await board.redraw();
    } catch (error) {
      toast(failureText(error), true, true);
    }
  };
  const close = async () => {
    const done = await askReason(t("people-client-close-title", { name: client.name }), h("p", null, t("people-client-close-text")), t("people-client-close"), (reason) => send("POST", `/clients/${client.id}/close`, { reason }));
    if (done) await board.redraw();
  };
  return h("div.acts", null,
    h("button.button", { type: "button", "aria-label": `${t("people-secret-renew")}: ${client.name}`, onclick: renew }, t("people-secret-renew")),
    h("button.button", { type: "button", "aria-label": `${t("people-client-close")}: ${client.name}`, onclick: close }, t("people-client-close")));
}

/** Shows a secret: only this answer of the service has it. @param {ApiSchemas["ClientWithSecret"]} made */
function showSecret({ client, secret }) {
  return openDialog(t("people-secret-title", { name: client.name }), (close) => {
    const field = (/** @type {string} */ id, /** @type {string} */ label, /** @type {string} */ value) => {
      const input = /** @type {HTMLInputElement} */ (h("input.input.mono", { id, readonly: true, value, onfocus: () => input.select() }));
      const copy = h("button.button", { type: "button", "aria-label": t("people-copy-one", { what: label }), onclick: async () => {
        try {
          await navigator.clipboard.writeText(value);
          toast(t("people-copied"));
          copy.textContent = t("people-copied");
        } catch (_) {
          // Without HTTPS a page cannot copy: the text is selected, to copy it by hand.
          input.focus();
        }
      } }, t("people-copy"));
      return h("div.field", null, h("label", { for: id }, label), h("div.row", null, input, copy));
    };
    return [
      h("p.strong", null, t("people-secret-once")),
      field("client-id", t("people-client-id"), client.id),
      secret ? field("client-secret", t("people-client-secret"), secret) : null,
      h("p.small.muted", null, t("people-secret-use")),
      h("div.acts", null, h("button.button.primary", { type: "button", onclick: () => close(true) }, t("people-secret-noted"))),
    ];
  }, { wide: true });
}

/** @param {Board} board @returns {import("../../page.js").View} */
export function clientNewView(board) {
  if (!mayAdminister()) return notAdministrator();
  const id = randomId();
  const parts = form({
    fields: [
      { name: "name", label: t("people-client-name"), hint: t("people-client-name-hint"), required: true, attributes: { maxlength: 100, autocomplete: "off" } },
      { name: "reach", kind: "select", label: t("people-client-reach"), required: true, value: "region", options: [["region", t("people-client-of-region")], ["organization", t("people-client-of-organization")]] },
      { name: "organization", label: t("people-organization"), hint: t("people-organization-hint"), attributes: { maxlength: 64 } },
      { name: "region", label: t("people-region"), hint: t("people-region-hint"), value: ownRegion(), attributes: { maxlength: 64 } },
      ...CLIENT_SCOPES.map((scope) => ({ name: scope, kind: /** @type {const} */ ("checkbox"), label: scopeText(scope), hint: t(`people-scope-${scope.replace(":", "-")}-hint`), value: scope === "catalogue:read", pointer: "/scopes" })),
      { name: "requests_per_minute", kind: "number", label: t("people-client-quota"), hint: t("people-client-quota-hint") },
    ],
    act: t("people-client-add"),
    submit: async (values) => {
      const isRegion = values.reach === "region";
      const { json } = await send("PUT", `/clients/${id}`, {
        name: values.name, scopes: CLIENT_SCOPES.filter((scope) => values[scope]), requests_per_minute: values.requests_per_minute,
        organization: isRegion ? null : values.organization, region: isRegion ? values.region : null,
      });
      parts.saved();
      await showSecret(json);
      board.go(to("people", "clients"));
    },
    beside: h("a.button", { href: to("people", "clients") }, t("cancel")),
  });
  joinPlaces(parts.node, "reach", (reach) => reach === "organization");
  return peopleView("clients", t("people-client-add"), parts.node, { unsaved: parts.changed });
}
