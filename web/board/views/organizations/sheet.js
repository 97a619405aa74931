// The sheet of an organization: what it must have and has, what is not known and whom to ask, its depots, their counts, and what expires.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { read } from "../../api.js";
import { asOfLine } from "../../parts/asof.js";
import { count, organizationMark } from "../../parts/figure.js";
import { heading, loading } from "../../parts/states.js";
import { codeWords } from "../../parts/words.js";
import { checksBlock } from "./checks.js";
import { countsBlock } from "./counts.js";
import { depotsBlock, organizationContacts } from "./depots.js";
import { differencesBlock } from "./differences.js";
import { organizationExpiring } from "./expiring.js";
import { linesBlock } from "./lines.js";
import { organizationLinesLink, printButton } from "./shared.js";
import { sheetData } from "./sheet-data.js";
import { unknownBlock } from "./unknown.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** @param {import("../../page.js").Board} board @param {string} code @param {Record<string, string>} query @returns {Promise<import("../../page.js").View>} */
export async function organizationSheetView(board, code, query) {
  const [{ json }, words] = await Promise.all([read(`/organizations/${encodeURIComponent(code)}`), codeWords()]);
  /** @type {ApiSchemas["OrganizationView"]} */
  const organization = json;
  const data = sheetData(organization, words);
  /** @type {[string, () => Promise<import("../../../shared/dom.js").Child>][]} */
  const blocks = [
    ["lines", () => linesBlock(board, data, query)],
    ["unknown", () => unknownBlock(data)],
    ["depots", () => depotsBlock(data)],
    ["differences", () => differencesBlock(data)],
    ["expiring", () => organizationExpiring(data)],
    ["counts", () => countsBlock(data)],
    ["checks", () => checksBlock(data)],
  ];
  return {
    title: organization.name,
    body: h("div.blocks", null,
      h("div.stack", null, heading(organization.name, printButton()), particulars(organization, words), loading(() => standing(board, data), 2), loading(() => organizationContacts(data), 1)),
      jumps(blocks.map(([name]) => name)),
      blocks.map(([name, load]) => h("section.stack.org-block", { "aria-labelledby": `org-${name}` }, h("h2", { id: `org-${name}`, tabindex: "-1" }, t(`orgs-${name}`)), loading(load)))),
  };
}

/** What the organization is. @param {ApiSchemas["OrganizationView"]} organization @param {import("./shared.js").CodeWords} words */
function particulars(organization, words) {
  const { code, kind, sector, organization_type: type, region, address, credit_code: credit, hosted_by: host, active } = organization;
  return h("p.muted.org-plain", null, [
    code, words("organization_kind", kind), type ? words("team_type", type) : "", sector ? words("sector", sector) : "", region ? region.name : "",
    host ? t("orgs-hosted-by", { name: host.name }) : "", address, credit, active ? "" : t("orgs-inactive"),
  ].filter(Boolean).join(" · "));
}

/** How it stands on each basis: side by side, never added. @param {import("../../page.js").Board} board @param {import("./sheet-data.js").SheetData} data */
async function standing(board, data) {
  const answer = await data.statuses();
  board.asOf(answer);
  const [found] = answer.items;
  if (!found) return h("p", null, t("orgs-not-judged"));
  const bases = /** @type {const} */ (["established", "together"]);
  return h("div.stack-8", null, h("div.columns", null, bases.map((basis) => {
    const { status, lines } = found[basis];
    const numbers = /** @type {const} */ (["short", "unknown", "not_set", "met", "not_required"]).filter((one) => lines[one] > 0);
    return h("div.stack-8", null, h("h2.org-basis", null, data.words("status_basis", basis)), h("p.org-standing", null, organizationMark(status)),
      h("ul.org-figures", null, numbers.map((one) => h("li", null, count(lines[one], organizationLinesLink(data.code, { status: one, basis: basis === "established" ? basis : null, strength: "mandatory" }), t(`line-status-${one}`)), h("span.small.muted", null, t(`line-status-${one}`))))));
  })), h("p.small.muted", null, t("orgs-standing-note")), asOfLine(answer));
}

/** Leads to the parts of the page, which is long on a phone. @param {string[]} names */
function jumps(names) {
  return h("nav.org-jumps.no-print", { "aria-label": t("orgs-on-this-page") }, names.map((name) => h("button.button.plain", { type: "button", onclick: () => {
    const title = document.getElementById(`org-${name}`);
    if (!title) return;
    title.scrollIntoView({ block: "start" });
    title.focus({ preventScroll: true });
  } }, t(`orgs-${name}`))));
}
