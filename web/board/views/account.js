// The account of the person who is signed in: the password, and the second factor.

import { fill, h } from "../../shared/dom.js";
import { notice, toast } from "../../shared/status.js";
import { clock, t } from "../../shared/text.js";
import { read, send } from "../api.js";
import { BUREAU, EVERYBODY } from "../page.js";
import { hasRole } from "../rights.js";
import { form } from "../parts/form.js";
import { heading, loading, refusal } from "../parts/states.js";

/** @type {import("../page.js").BoardPage} */
export const accountPage = { name: "account", roles: EVERYBODY, show: accountView };

/** @param {import("../page.js").Board} board @returns {import("../page.js").View} */
function accountView(board) {
  const { person } = board;
  const password = passwordChange();
  // The recovery codes are shown once: leaving them asks, until they are noted.
  const codes = { areShown: false };
  return {
    title: t("nav-account"),
    unsaved: () => codes.areShown || password.changed(),
    body: h("div.blocks", null,
      h("div", null, heading(person.display_name), h("p.muted", null, `${person.username} · ${t(`role-${person.role}`)}`)),
      h("section.stack", null, h("h2", null, t("password-title")), h("p.text", null, t("password-lead")), password.node),
      hasRole(BUREAU) ? h("section.stack", null, h("h2", null, t("factor-title")), loading(() => secondFactor(codes), 2)) : null),
  };
}

function passwordChange() {
  const parts = form({
    fields: [
      { name: "current", kind: "password", label: t("password-current"), hint: t("password-current-hint"), attributes: { autocomplete: "current-password" } },
      { name: "new", kind: "password", label: t("password-new"), hint: t("password-new-hint"), required: true, attributes: { autocomplete: "new-password" } },
    ],
    act: t("password-act"),
    submit: async (values) => {
      await send("POST", "/me/password", values);
      parts.node.reset();
      parts.saved();
      toast(t("password-changed"));
    },
  });
  return parts;
}

/** The second factor as it stands, with the act that changes it. @param {{ areShown: boolean }} codes @returns {Promise<HTMLElement>} */
async function secondFactor(codes) {
  const { json } = await read("/me/second-factor");
  const box = h("div.stack");
  const again = async () => box.replaceWith(await secondFactor(codes));
  if (json.set) {
    fill(box, h("p", null, t("factor-is-set", { at: clock(json.confirmed_at), n: json.recovery_codes_left })),
      json.required ? null : form({
        fields: [{ name: "code", label: t("factor-code"), required: true, attributes: { autocomplete: "one-time-code" } }],
        act: t("factor-remove"),
        submit: async (values) => {
          await send("POST", "/me/second-factor/remove", values);
          await again();
        },
      }).node);
    return box;
  }
  fill(box, json.required ? notice("warn", t("factor-required")) : h("p.text", null, t("factor-none")), form({
    fields: [{ name: "current", kind: "password", label: t("password-current"), attributes: { autocomplete: "current-password" } }],
    act: t("factor-start"),
    submit: async (values) => {
      const started = await send("POST", "/me/second-factor", values);
      fill(box, startedFactor(started.json, codes, again));
    },
  }).node);
  return box;
}

/** @param {import("../session.js").ApiSchemas["StartedSecondFactor"]} started @param {{ areShown: boolean }} codes @param {() => Promise<void>} again */
function startedFactor(started, codes, again) {
  const address = URL.createObjectURL(new Blob([started.qr_svg], { type: "image/svg+xml" }));
  const box = h("div.stack", null,
    h("p.text", null, t("factor-scan")),
    h("img.code-picture", { src: address, alt: t("factor-picture"), width: 200, height: 200, onload: () => URL.revokeObjectURL(address) }),
    h("p", null, t("factor-secret"), " ", h("code", null, started.secret)),
    form({
      fields: [{ name: "code", label: t("factor-code"), required: true, attributes: { inputmode: "numeric", autocomplete: "one-time-code" } }],
      act: t("factor-confirm"),
      submit: async (values) => {
        const { json } = await send("POST", "/me/second-factor/confirm", values);
        codes.areShown = true;
        const said = h("div", { "aria-live": "assertive" });
        const noted = async () => {
          codes.areShown = false;
          fill(said);
          await again().catch((error) => fill(said, refusal(error, noted)));
        };
        fill(box, notice("good", h("p.strong", null, t("factor-confirmed")), h("p", null, t("factor-recovery"))),
          h("ul.codes", null, json.recovery_codes.map((/** @type {string} */ code) => h("li", null, h("code", null, code)))),
          h("button.button", { type: "button", onclick: noted }, t("factor-noted")), said);
      },
    }).node);
  return box;
}
