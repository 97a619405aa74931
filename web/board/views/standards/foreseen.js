// What can be said of a decision before it is taken: what the check finds about a standard, and which lines rest on it alone.

import { fill, h } from "../../../shared/dom.js";
import { notice } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { ruleLink } from "../../links.js";
import { standardNumber } from "../../parts/clause.js";
import { statusMark } from "../../parts/figure.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { standardsFindings } from "./check.js";
import { organizationWords } from "./effect.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** The fields of the text of a standard beside its rules. */
const TEXT_FIELDS = ["code", "jurisdiction", "status", "title_en", "title_zh", "valid_from", "valid_to", "replaced_by", "note"];

/** How many rules would reach somebody, how many give no figure, and what the check finds beside the standards adopted already. @param {string} code */
export async function adoptionForeseen(code) {
  /** @type {[{ json: any }, ApiSchemas["RuleView"][]]} */
  const [{ json }, rules] = await Promise.all([read(`/standards/${encodeURIComponent(code)}`), readAll("/rules", { standard: code })]);
  /** @type {any} */
  const text = { rules: rules.map(({ rule }) => rule) };
  for (const name of TEXT_FIELDS) if (json[name] !== null) text[name] = json[name];
  const findings = (await standardsFindings([text])).filter(({ standard }) => standard === code);
  const reachNobody = findings.filter((one) => one.code === "applies_to_none");
  const others = findings.filter((one) => one.code !== "applies_to_none");
  const required = rules.filter(({ rule }) => (rule.role || "requirement") === "requirement");
  const noFigure = required.filter(({ evaluated }) => !evaluated).length;
  const indicative = required.filter(({ basis }) => basis === "indicative").length;
  return [
    h("ul.dots.text", null,
      h("li", null, t("standards-foreseen-reach", { n: required.length - reachNobody.length, all: required.length })),
      indicative ? h("li", null, t("standards-foreseen-indicative", { n: indicative })) : null,
      noFigure ? h("li", null, t("standards-foreseen-no-figure", { n: noFigure })) : null),
    reachNobody.length ? h("details", null, h("summary", null, t("standards-foreseen-nobody", { n: reachNobody.length })),
      h("p.row.wrap", null, reachNobody.map(({ rule }) => h("a", { href: ruleLink(String(rule)) }, rule)))) : null,
    others.length ? notice("warn", h("p.strong", null, t("standards-foreseen-findings", { n: others.length })), h("ul.dots", null, others.slice(0, 20).map(({ detail }) => h("li", null, detail)))) : null,
  ];
}

/** The lines that rest on a standard, asked for by a button: in a large region that takes a while. @param {string} code */
export function fallingAway(code) {
  const box = h("div.stack");
  fill(box, h("button.button", { type: "button", onclick: () => fill(box, loading(() => fallingLines(code))) }, t("standards-falling-show")));
  return box;
}

/** @param {string} code */
async function fallingLines(code) {
  /** @type {ApiSchemas["ShortageLine"][]} */
  const lines = await readAll("/shortages", { fields: "organization,clauses,status,strength" });
  const resting = lines.filter(({ clauses }) => clauses.some(({ standard }) => standard === code));
  if (!resting.length) return h("p.muted", null, t("standards-falling-none"));
  /** @type {Map<string, { organization: { code: string, name: string }, gone: ApiSchemas["ShortageLine"][], kept: number }>} */
  const byOrganization = new Map();
  for (const line of resting) {
    const row = byOrganization.get(line.organization.code) || { organization: line.organization, gone: [], kept: 0 };
    if (line.clauses.every(({ standard }) => standard === code)) row.gone.push(line);
    else row.kept += 1;
    byOrganization.set(line.organization.code, row);
  }
  return dataTable({
    caption: t("standards-falling-title", { code: standardNumber(code) }),
    rows: Array.from(byOrganization.values()),
    text: ({ organization }) => `${organization.code} ${organization.name}`,
    columns: [
      { head: t("standards-organization"), cell: ({ organization }) => organizationWords(organization), sort: ({ organization }) => organization.code, rowHead: true },
      { head: t("standards-falling-gone"), cell: ({ gone }) => (gone.length ? statusCounts(gone) : h("span.muted", null, t("standards-none"))), sort: ({ gone }) => gone.length },
      { head: t("standards-falling-kept"), cell: ({ kept }) => (kept ? kept : h("span.muted", null, t("standards-none"))), sort: ({ kept }) => kept, number: true },
    ],
  }).node;
}

/** How many lines have each status, of mandatory and other lines alike. @param {ApiSchemas["ShortageLine"][]} lines */
function statusCounts(lines) {
  const statuses = Array.from(new Set(lines.map(({ status }) => status)));
  return h("ul", null, statuses.map((status) => h("li", null, statusMark(status), " ", t("standards-lines", { n: lines.filter((line) => line.status === status).length }))));
}
