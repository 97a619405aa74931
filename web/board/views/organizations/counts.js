// The counts of an organization, the latest first: each leads to its lines and its receipt.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { dataTable } from "../../parts/table.js";
import { organizationCountLink } from "./shared.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas["CountView"]} CountView */

/** @param {import("./sheet-data.js").SheetData} data */
export async function countsBlock(data) {
  const { code, words } = data;
  const { node } = dataTable({
    caption: t("orgs-counts-caption"),
    columns: [
      { head: t("orgs-counted"), rowHead: true, sort: (count) => count.effective_at, cell: (count) => h("a", { href: organizationCountLink(code, count.id) }, instantText(count.effective_at)) },
      { head: t("orgs-depot"), sort: (count) => count.depot.code, cell: (count) => [count.depot.name, h("div.small.muted.org-plain", null, count.depot.code)] },
      { head: t("orgs-counted-by"), sort: (count) => count.counted_by, cell: (count) => [count.counted_by, h("div.small.muted.narrow-only", null, countNotes(count, words).join(" · "))] },
      { head: t("orgs-count-what"), wide: true, cell: (count) => countNotes(count, words).join(" · ") },
      { head: t("orgs-receipt"), wide: true, cell: (count) => h("a", { href: organizationCountLink(code, count.id), "aria-label": t("orgs-receipt-of", { depot: count.depot.code }) }, t("orgs-receipt-show")) },
    ],
    rows: await data.counts(),
    text: (count) => [count.depot.code, count.depot.name, count.counted_by, count.effective_at.slice(0, 10)].join(" "),
    empty: t("orgs-counts-none"),
    perPage: 8,
  });
  return node;
}

/** What sort of count it is, and what is to be noted about it. @param {Pick<CountView, "kind" | "scope" | "flags" | "void">} count @param {import("./shared.js").CodeWords} words */
export function countNotes(count, words) {
  return [words("count_kind", count.kind), words("count_scope", count.scope), ...count.flags.map((flag) => words("count_flag", flag)), count.void ? t("orgs-count-voided") : ""].filter(Boolean);
}
