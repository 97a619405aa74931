// The standards that may bind the organizations there are, each with the press that adopts it.

import { fill, h } from "../../../shared/dom.js";
import { failure, mark } from "../../../shared/status.js";
import { figureText, t } from "../../../shared/text.js";
import { readAll, send } from "../../api.js";
import { link } from "../../links.js";
import { dataTable } from "../../parts/table.js";
import { ownRegion } from "../../rights.js";
import { boundBy } from "./fitting.js";

/** The statuses of editions that may be adopted from here, in their order. Others are comparisons and drafts. */
const START_OFFERED = ["in_force", "superseded"];
const START_STRENGTHS = ["mandatory", "recommended", "reference"];

/** @param {import("./standing.js").Standing} standing @param {() => void} adopted once one more binds */
export async function fittingStandards(standing, adopted) {
  const [rules, standards] = await Promise.all([readAll("/rules", { fields: "standard,rule" }), readAll("/standards")]);
  const bound = boundBy(rules, standing.organizations);
  const rows = standards
    .filter((one) => START_OFFERED.includes(one.status) && (bound.get(one.code) || []).length)
    .sort((one, other) => START_OFFERED.indexOf(one.status) - START_OFFERED.indexOf(other.status) || (bound.get(other.code) || []).length - (bound.get(one.code) || []).length);
  const held = new Set(standing.adopted);
  const strength = /** @type {HTMLSelectElement} */ (h("select.input.select", { id: "strength" }, START_STRENGTHS.map((one) => h("option", { value: one }, t(`strength-${one}`)))));
  const said = h("div", { "aria-live": "assertive" });
  const act = (/** @type {any} */ row) => {
    const cell = h("div");
    if (held.has(row.code)) return fill(cell, mark("met", t("steps-adopted"))), cell;
    const button = h("button.button.nowrap", { type: "button", "aria-label": t("steps-adopt-one", { title: row.title }), data: { adopt: row.code }, onclick: async () => {
      if (button.getAttribute("aria-disabled")) return;
      button.setAttribute("aria-disabled", "true");
      fill(said);
      try {
        await send("PUT", `/regions/${encodeURIComponent(ownRegion() || "")}/adoptions/${encodeURIComponent(row.code)}`, { strength: strength.value });
        held.add(row.code);
        fill(cell, h("span", { tabindex: "-1" }, mark("met", t("steps-adopted"))));
        /** @type {HTMLElement} */ (cell.firstChild).focus();
        adopted();
      } catch (error) {
        fill(said, failure(error));
        button.removeAttribute("aria-disabled");
      }
    } }, t("steps-adopt-act"));
    return fill(cell, button), cell;
  };
  if (!rows.length) return h("p", null, t("steps-none-fits"));
  return h("div.stack-8", null, said, dataTable({
    caption: t("steps-fitting"),
    perPage: 12,
    rows,
    beside: h("div.field", null, h("label", { for: "strength" }, t("steps-strength")), h("span.hint", null, t("steps-strength-hint")), strength),
    columns: [
      { head: t("steps-standard"), rowHead: true, cell: (row) => [h("span", null, row.title), h("span.small.muted.block", null, `${row.code} · ${t(`steps-status-${row.status}`)}`)] },
      { head: t("steps-binds"), number: true, cell: (row) => h("a", { href: link("organizations") }, figureText((bound.get(row.code) || []).length)) },
      { head: t("steps-rules"), number: true, cell: (row) => figureText(row.rules) },
      { head: t("steps-adoption"), cell: act },
    ],
  }).node);
}
