// The first organization with its depot by hand, for a bureau that wants to see one before it fills in a table.

import { fill, h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { readAll, send } from "../../api.js";
import { form } from "../../parts/form.js";
import { refusal } from "../../parts/states.js";
import { ownRegion } from "../../rights.js";

/** @typedef {import("../../parts/form.js").FormParts} FormParts */

/** The fields that go to the depot; the others are the organization's. */
const START_DEPOT_FIELDS = ["depot", "depot_name", "keeper"];

/** @param {() => Promise<void>} done @returns {Promise<FormParts>} */
export async function handForm(done) {
  const [labels, regions] = await Promise.all([readAll("/labels"), readAll("/regions")]);
  const words = (/** @type {string} */ family) => /** @type {[string, string][]} */ (labels.filter((one) => one.family === family).map((one) => [one.code, one.label]));
  /** The organization that was stored already, where the depot was refused. */
  let stored = "";
  const parts = form({
    fields: [
      { name: "code", label: t("steps-code"), hint: t("steps-code-hint"), required: true, attributes: { maxlength: 64, autocomplete: "off" } },
      { name: "name", label: t("steps-name"), pointer: "/name_zh", required: true, attributes: { maxlength: 200, autocomplete: "off" } },
      { name: "region", kind: "select", label: t("steps-region"), options: regions.map((one) => [one.code, `${one.name} (${one.code})`]), value: ownRegion(), required: true },
      { name: "kind", kind: "select", label: t("steps-kind"), options: words("organization_kind").filter(([code]) => code !== "bureau"), value: "enterprise", required: true },
      { name: "sector", kind: "select", label: t("steps-sector"), options: [["", t("steps-sector-none")], ...words("sector")] },
      { name: "organization_type", kind: "select", label: t("steps-type"), options: [["", t("steps-type-none")], ...words("team_type")] },
      { name: "depot", label: t("steps-depot"), hint: t("steps-depot-hint"), required: true, attributes: { maxlength: 64, autocomplete: "off" } },
      { name: "depot_name", label: t("steps-depot-name"), required: true, attributes: { maxlength: 200, autocomplete: "off" } },
      { name: "keeper", label: t("steps-keeper"), attributes: { maxlength: 200, autocomplete: "off" } },
    ],
    act: t("steps-hand-act"),
    submit: async (values) => {
      if (stored !== values["code"]) {
        const { region, kind, sector, organization_type: type, name } = values;
        await send("PUT", `/organizations/${encodeURIComponent(values["code"])}`, { name_zh: name, region, kind, sector, organization_type: type }, { isNew: true });
        stored = values["code"];
      }
      const depot = { organization: values["code"], name_zh: values["depot_name"], keeper: values["keeper"], holding: "physical" };
      await send("PUT", `/depots/${encodeURIComponent(values["depot"])}`, depot, { isNew: true }).catch((error) => {
        throw startAtDepot(error);
      });
      parts.saved();
      toast(t("steps-hand-stored", { name: values["name"] }));
      await done();
    },
  });
  return parts;
}

/** Points the faults of the depot at its own fields: the organization has a name too. @param {any} error */
function startAtDepot(error) {
  for (const fault of (error.problem && error.problem.errors) || []) {
    if (/^\/name_/.test(fault.pointer)) fault.pointer = "/depot_name";
    else if (!START_DEPOT_FIELDS.includes(fault.pointer.slice(1))) fault.pointer = "/depot";
  }
  return error;
}

/** The form behind a button that opens it. @param {() => Promise<void>} done @param {(parts: FormParts | null) => void} opened */
export function handAct(done, opened) {
  const box = h("div.stack-8");
  const button = h("button.button", { type: "button", id: "by-hand", "aria-expanded": "false", onclick: async () => {
    if (button.getAttribute("aria-expanded") === "true") return;
    button.setAttribute("aria-expanded", "true");
    fill(box);
    /** @type {FormParts} */
    let parts;
    try {
      parts = await handForm(done);
    } catch (error) {
      button.setAttribute("aria-expanded", "false");
      fill(box, refusal(error));
      return;
    }
    opened(parts);
    fill(box, parts.node);
    const first = /** @type {HTMLElement | null} */ (parts.node.querySelector("input"));
    if (first) first.focus();
  } }, t("steps-hand"));
  return { button, box };
}
