// Labels to print: a depot's sign, its places, and its lines, for depots that are chosen.

import { to } from "../../../shared/address.js";
import { fill, h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { readAll } from "../../api.js";
import { organizationLink } from "../../links.js";
import { form } from "../../parts/form.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { peopleView } from "./frame.js";

/** @typedef {import("../../page.js").Board} Board */
/** @typedef {import("../../session.js").ApiSchemas["DepotView"]} DepotView */

/** The kinds of labels. */
export const LABEL_KINDS = ["depot", "place", "line"];

/** The most depots of one sheet: their codes stand in its address. */
const MOST_DEPOTS = 60;

/** @param {Board} board @returns {import("../../page.js").View} */
export function labelChoiceView(board) {
  return peopleView("labels", t("people-part-labels"), loading(async () => {
    const depots = await readAll("/depots", { open: true });
    return labelChoice(board, depots.filter((/** @type {DepotView} */ one) => one.holding === "physical"));
  }), { lead: t("people-labels-lead") });
}

/** @param {Board} board @param {DepotView[]} depots */
function labelChoice(board, depots) {
  /** @type {Set<string>} the codes */
  const chosen = new Set();
  const told = h("p", { role: "status", id: "labels-chosen" });
  const tell = () => fill(told, t(chosen.size > MOST_DEPOTS ? "people-labels-too-many" : "people-labels-chosen", { n: chosen.size, most: MOST_DEPOTS }));
  const choose = (/** @type {boolean} */ all) => {
    for (const { code } of table.matched()) all ? chosen.add(code) : chosen.delete(code);
    table.setRows(depots);
    tell();
  };
  const table = dataTable({
    caption: t("people-labels-depots"),
    rows: depots,
    text: (one) => [one.code, one.name_zh, one.name_en, one.organization.name, one.organization.code, one.keeper].join(" "),
    empty: t("people-labels-no-depots"),
    perPage: 20,
    columns: [
      { head: t("people-cards-take"), cell: (one) => {
        const box = /** @type {HTMLInputElement} */ (h("input.check", { type: "checkbox", checked: chosen.has(one.code), "aria-label": t("people-labels-take-one", { name: `${one.organization.name} ${one.name}` }), onchange: () => {
          if (box.checked) chosen.add(one.code);
          else chosen.delete(one.code);
          tell();
        } }));
        return box;
      } },
      { head: t("people-depot"), rowHead: true, sort: (one) => one.code, cell: (one) => [one.name, h("span.small.muted.people-code", null, ` ${one.code}`)] },
      { head: t("people-organization"), sort: (one) => one.organization.code, cell: (one) => h("a", { href: organizationLink(one.organization.code) }, one.organization.name) },
      { head: t("people-keeper"), wide: true, sort: (one) => one.keeper, cell: (one) => one.keeper || h("span.muted", null, t("nothing-set")) },
    ],
    beside: [
      h("button.button", { type: "button", id: "labels-all", onclick: () => choose(true) }, t("people-choose-all")),
      h("button.button", { type: "button", id: "labels-none", onclick: () => choose(false) }, t("people-choose-none")),
    ],
  });
  const parts = form({
    fields: LABEL_KINDS.map((kind) => ({ name: kind, kind: "checkbox", label: t(`people-label-kind-${kind}`), hint: t(`people-label-kind-${kind}-hint`), value: true })),
    act: t("people-labels-make"),
    submit: async (values) => {
      const kinds = LABEL_KINDS.filter((kind) => values[kind]);
      if (!chosen.size || chosen.size > MOST_DEPOTS || !kinds.length) {
        tell();
        told.classList.add("fault");
        return;
      }
      const query = `depots=${Array.from(chosen).map(encodeURIComponent).join(",")}&kinds=${kinds.join(",")}`;
      board.go(`${to("people", "labels", "print")}?${query}`);
    },
  });
  tell();
  return h("div.stack", null, table.node, told, parts.node);
}
