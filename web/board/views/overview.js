// The overview for the chief: first how the organizations stand. Each block loads by itself, and says as of when it is.

import { h } from "../../shared/dom.js";
import { t } from "../../shared/text.js";
import { read } from "../api.js";
import { barKey, stackedBar } from "../charts/stacked.js";
import { link } from "../links.js";
import { BUREAU } from "../page.js";
import { asOfLine } from "../parts/asof.js";
import { kindOf } from "../parts/figure.js";
import { heading, loading } from "../parts/states.js";

/** @typedef {import("../page.js").Board} Board */
/** @typedef {import("../session.js").ApiSchemas["OrganizationStatusPage"]} StatusPage */

/** The statuses of organizations, the gravest first. @type {import("../session.js").ApiSchemas["OrganizationStatus"][]} */
const STATUS_ORDER = ["short", "unknown", "met", "not_covered"];

/** The lines by which an organization is judged: side by side, never added. @type {import("../session.js").ApiSchemas["StatusBasis"][]} */
const BASES = ["established", "together"];

/** @type {import("../page.js").BoardPage} */
export const overviewPage = { name: "overview", roles: BUREAU, inNavigation: true, show: overviewView };

/** @param {Board} board @returns {import("../page.js").View} */
function overviewView(board) {
  return {
    title: t("nav-overview"),
    body: h("div.blocks", null,
      heading(t("overview-title")),
      h("section.stack", { "aria-labelledby": "headline" }, h("h2", { id: "headline" }, t("overview-headline")), loading(() => headline(board)))),
  };
}

/** How many organizations are short, unknown, met and not covered, on each basis. @param {Board} board */
async function headline(board) {
  const { json } = await read("/organization-statuses", { limit: 1 });
  /** @type {StatusPage} */
  const page = json;
  board.asOf(page);
  const { totals } = page;
  if (!totals || !totals.organizations) return h("p", null, t("overview-no-organizations"));
  return [
    h("div.columns", null, BASES.map((basis) => {
      const parts = STATUS_ORDER.map((status) => ({ kind: kindOf(status), n: totals[basis][status], words: t(`org-status-${status}`), href: link("organizations", { status, basis }) }));
      const caption = t(`overview-by-${basis}`, { n: totals.organizations });
      return h("div.stack-8", null, h("h3", null, caption), barKey(parts), stackedBar(parts, { caption }));
    })),
    asOfLine(page),
  ];
}
