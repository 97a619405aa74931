// Exemptions: all of the region, and those of an organization.

import { choice } from "../../../shared/choice.js";
import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { to } from "../../../shared/address.js";
import { dayOfTime, t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { exemptionsLink, ruleLink, withQuery } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { downloadButtons } from "../../parts/download.js";
import { loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { mayEdit } from "../../rights.js";
import { effectBlock } from "./effect.js";
import { besidePages, byWhom, newestRevision, standardsBlock, standardsFrame } from "./frame.js";
import { organizationChoice } from "./organizations.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["ExemptionView"]} Exemption */

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place */
export function exemptionsView(board, place) {
  const which = place.query.show === "all" ? "all" : "active";
  const shown = choice(t("standards-part-exemptions"), ["active", "all"].map((key) => [key, t(`standards-exemptions-${key}`)]), which, (key) => board.go(withQuery(to("standards", "exemptions"), { show: key === "all" ? key : "" })));
  return standardsFrame("exemptions", t("standards-part-exemptions"), [
    loading(async () => {
      const day = dayOfTime(new Date());
      const standing = await newestRevision();
      board.asOf(standing);
      const all = /** @type {Exemption[]} */ (await readAll("/exemptions", { revision: standing.revision }));
      return [exemptionsTable(which === "all" ? all : all.filter(({ ends_on: end, valid_from: from }) => end >= day && end >= from), shown), asOfLine(standing)];
    }),
    mayEdit() ? standardsBlock(t("standards-exemption-grant-for"), organizationChoice(board, (code) => to("standards", "exemptions", code, "new"))) : null,
  ], { lead: h("p.text.muted", null, t("standards-exemptions-lead")), beside: downloadButtons("/exemptions", () => ({}), t("standards-part-exemptions")) });
}

/** @param {import("../../page.js").Place} place @param {string} code */
export function organizationExemptionsView(place, code) {
  return standardsFrame("exemptions", t("standards-exemptions-of", { code }), [
    loading(async () => {
      const { json } = await read(`/organizations/${encodeURIComponent(code)}`);
      return [h("p.strong", null, json.name), besidePages(code, "exemptions"), exemptionsTable(await readAll("/exemptions", { organization: code }), null)];
    }),
    effectBlock(place.query, code),
  ], { beside: mayEdit() ? h("a.button.primary", { href: to("standards", "exemptions", code, "new") }, t("standards-exemption-grant")) : null });
}

/** @param {Exemption[]} rows @param {import("../../../shared/dom.js").Child} beside */
function exemptionsTable(rows, beside) {
  return dataTable({
    caption: t("standards-part-exemptions"),
    rows,
    beside,
    empty: t("standards-exemptions-none"),
    text: (row) => [row.organization.code, row.organization.name, row.rule, row.reason, row.granted_by].join(" "),
    columns: [
      { head: t("standards-organization"), cell: ({ organization: { code, name } }) => [h("a", { href: exemptionsLink(code) }, code), h("span.small.block", null, name)], sort: (row) => row.organization.code, rowHead: true },
      { head: t("standards-rule"), cell: (row) => h("a", { href: ruleLink(row.rule) }, row.rule), sort: (row) => row.rule },
      { head: t("standards-holds"), cell: (row) => [exemptionMark(row), h("a.block", { href: to("standards", "exemptions", row.organization.code, row.id) }, t("standards-from-to", { from: row.valid_from, to: row.ends_on }))], sort: (row) => row.ends_on },
      { head: t("standards-reason"), cell: (row) => h("span.standards-title", null, row.reason) },
      { head: t("standards-granted-by"), cell: (row) => byWhom(row.granted_by, row.granted_at), sort: (row) => row.granted_at },
    ],
  }).node;
}

/** Whether an exemption holds today, is to come, or is over. @param {Exemption} exemption */
export function exemptionMark({ today, valid_from: from, ends_on: end, ends }) {
  if (end < from) return mark("none", t("standards-exemption-withdrawn"));
  if (today) return mark("contested", t("standards-exemption-today"));
  return mark("none", t(from > dayOfTime(new Date()) ? "standards-exemption-to-come" : ends.length ? "standards-exemption-ended" : "standards-exemption-over"));
}
