// The check of the adopted standards: faults, what is asked twice, rules that reach nobody, organizations that no rule covers.

import { h } from "../../../shared/dom.js";
import { mark, notice } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { send } from "../../api.js";
import { factSheetLink, ruleLink, standardLink } from "../../links.js";
import { standardNumber } from "../../parts/clause.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { standardsFrame } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["StandardFindingView"]} Finding */

export function standardsCheckView() {
  return standardsFrame("check", t("standards-check-title"), [loading(adoptedCheck, 8)], { lead: h("p.text.muted", null, t("standards-check-lead")) });
}

/**
 * What the service finds about standards; of those given, or of all that are adopted.
 * @param {ApiSchemas["StandardText"][]} [standards]
 * @returns {Promise<Finding[]>}
 */
export async function standardsFindings(standards) {
  /** @type {Finding[]} */
  const found = [];
  for (let cursor = ""; ;) {
    const { json } = await send("POST", "/standards/check", standards ? { standards } : {}, { query: { limit: 500, cursor } });
    found.push(...json.items);
    if (!json.next_cursor) return found;
    cursor = json.next_cursor;
  }
}

async function adoptedCheck() {
  const findings = await standardsFindings();
  return [
    findings.length ? null : notice("good", t("standards-check-nothing")),
    dataTable({
      caption: t("standards-findings"),
      rows: findings,
      empty: t("standards-check-nothing"),
      text: (row) => [row.standard, row.rule, row.organization, row.detail, t(`standards-severity-${row.severity}`)].join(" "),
      columns: [
        { head: t("standards-about"), cell: findingAbout, sort: (row) => row.standard, rowHead: true },
        { head: t("standards-severity"), cell: (row) => mark(row.severity === "fault" ? "contested" : "none", t(`standards-severity-${row.severity}`)), sort: (row) => row.severity },
        { head: t("standards-finding"), cell: (row) => h("span.standards-clause", null, row.detail), sort: (row) => row.code },
      ],
    }).node,
  ];
}

/** @param {Finding} row */
function findingAbout({ standard, rule, organization }) {
  if (organization) return h("a", { href: factSheetLink(organization) }, organization);
  return [standard ? h("a", { href: standardLink(standard) }, standardNumber(standard)) : null, rule ? [" ", h("a", { href: ruleLink(rule) }, rule)] : null];
}
