// The checks of people, premises and units that are away: what a clause bounds, against what the fact sheet or the counts say.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { mark } from "../../../shared/status.js";
import { asOfLine } from "../../parts/asof.js";
import { clauseName, standardNumber } from "../../parts/clause.js";
import { figure, kindOf } from "../../parts/figure.js";
import { dataTable } from "../../parts/table.js";
import { bindingText } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas["FactCheckView"]} FactCheckView */

const CHECK_STATUSES = ["short", "unknown", "met", "not_required"];

/** @param {import("./sheet-data.js").SheetData} data */
export async function checksBlock(data) {
  const { rows, answer } = await data.checks();
  const { words } = data;
  const gravity = (/** @type {FactCheckView} */ { status }) => CHECK_STATUSES.indexOf(status);
  const status = (/** @type {FactCheckView} */ check) => mark(kindOf(check.status), words("check_status", check.status));
  const { node } = dataTable({
    caption: t("orgs-checks-caption"),
    columns: [
      { head: t("orgs-check"), rowHead: true, sort: ({ name }) => name, cell: (check) => [check.name, h("div.narrow-only", null, status(check)),
        h("div.small.muted.org-plain", null, [check.standard ? standardNumber(check.standard.code) : "", clauseName(check.clause), bindingText(check, words)].filter(Boolean).join(" · "))] },
      { head: t("orgs-check-limit"), number: true, cell: (check) => [h("span.small", null, `${words("bound", check.bound)} `), figure(check.limit, { unit: check.unit, words: t("orgs-required-open") })] },
      { head: t("orgs-check-found"), number: true, cell: (check) => figure(check.found, { unit: check.unit }) },
      { head: t("orgs-status"), wide: true, sort: gravity, cell: status },
      { head: t("orgs-check-text"), wide: true, cell: ({ text, working }) => [h("div", null, text), h("div.small.muted", null, working)] },
    ],
    rows: rows.slice().sort((/** @type {FactCheckView} */ one, /** @type {FactCheckView} */ other) => gravity(one) - gravity(other)),
    empty: t("orgs-checks-none"),
    perPage: 8,
  });
  return [node, asOfLine(answer)];
}
