// The lists behind the figures of the overview: the lines that a number counts, each with its explanation; and the lots that expire.

import { h } from "../../../shared/dom.js";
import { empty } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { to } from "../../../shared/address.js";
import { read, readAll } from "../../api.js";
import { lineLink, organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { downloadButtons } from "../../parts/download.js";
import { figure, statusMark } from "../../parts/figure.js";
import { heading, loading } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { itemName, lotTable } from "./ahead.js";
import { DAYS_AHEAD } from "./data.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("../../page.js").View} View */
/** @typedef {import("../../page.js").Board} Board */

/** What the address may narrow the lines to. */
const NARROWED_BY = ["organization", "sector", "item", "item_class", "status", "basis"];
/** The most organizations that a request may name. */
const CODES_OF_REQUEST = 100;

/** The mandatory lines behind a figure. @param {Board} board @param {Record<string, string>} asked @returns {View} */
export function linesView(board, asked) {
  /** @type {import("../../api.js").Query} */
  const query = { strength: "mandatory", ...Object.fromEntries(NARROWED_BY.map((name) => [name, asked[name]])) };
  const title = [asked.status ? t(`line-status-${asked.status}`) : "", asked.basis ? t(`overview-${asked.basis}-lines`) : t("overview-all-lines")].filter(Boolean).join(t("overview-comma"));
  return {
    title,
    body: h("div.blocks", null,
      heading(title, downloadButtons("/shortages", () => query, "lines")),
      h("div.stack", null,
        h("p.no-print", null, h("a", { href: to("overview") }, t("overview-back"))),
        loading(async () => {
          const table = linesTable(title);
          const foot = h("div");
          let started = false;
          const [rows, name] = await Promise.all([linesOf(query, asked, (page) => {
            if (started) return;
            started = true;
            board.asOf(page);
            foot.append(asOfLine(page));
          }), groupName(asked)]);
          const shown = asked.several ? rows.filter(({ item }) => !item) : rows;
          if (!shown.length) return [empty(t("overview-lines-none"), h("a", { href: to("overview") }, t("overview-back"))), foot];
          table.setRows(shown);
          return [narrowedTo(asked, shown[0], name), table.node, foot];
        }))),
  };
}

/** The lines; those of a kind of organizations are asked for by the organizations. @param {import("../../api.js").Query} query @param {Record<string, string>} asked @param {(page: any) => void} each */
async function linesOf(query, asked, each) {
  if (!asked.kind) return readAll("/shortages", query, (_, page) => each(page));
  const codes = (await readAll("/organizations", { kind: asked.kind, fields: "code" })).map(({ code }) => code);
  const rows = [];
  for (let at = 0; at < codes.length; at += CODES_OF_REQUEST) {
    rows.push(...await readAll("/shortages", { ...query, organization: codes.slice(at, at + CODES_OF_REQUEST) }, (_, page) => each(page)));
  }
  return rows;
}

/** The name of the sector, kind or class that the lines are narrowed to. @param {Record<string, string>} asked */
async function groupName(asked) {
  if (asked.item_class) return (await read(`/item-classes/${encodeURIComponent(asked.item_class)}`)).json.name;
  if (!asked.sector && !asked.kind) return "";
  const { json } = await read("/shortages/summary", { group_by: "sector", sector: asked.sector });
  const group = json.groups.find((/** @type {{ key: string }} */ { key }) => key === (asked.sector || asked.kind));
  return group ? group.name : "";
}

/** What the lines have in common, in words. @param {Record<string, string>} asked @param {ApiSchemas["ShortageLine"]} line one of them @param {string} group */
function narrowedTo(asked, line, group) {
  const words = [asked.organization ? line.organization.name : "", asked.item && line.item ? line.item.name : "", group, asked.several ? t("overview-several") : ""].filter(Boolean);
  return words.length ? h("p.strong", null, words.join(" · ")) : null;
}

/** @param {string} caption */
function linesTable(caption) {
  return dataTable({
    caption, rows: /** @type {ApiSchemas["ShortageLine"][]} */ ([]), text: (line) => `${line.organization.code} ${line.organization.name} ${line.name} ${line.item ? line.item.code : ""}`,
    columns: [
      { head: t("overview-organization"), rowHead: true, sort: (line) => line.organization.code, cell: (line) => h("a", { href: organizationLink(line.organization.code) }, `${line.organization.code} ${line.organization.name}`) },
      { head: t("overview-item"), sort: (line) => line.name, cell: (line) => line.name },
      { head: t("overview-status"), sort: (line) => line.status, cell: (line) => statusMark(line.status) },
      { head: t("chart-required"), sort: (line) => line.required.min, cell: (line) => figure(line.required, { unit: line.unit }) },
      { head: t("chart-usable"), sort: (line) => line.usable.min, cell: (line) => figure(line.usable, { unit: line.unit }) },
      { head: t("overview-missing"), sort: (line) => line.shortage.min, cell: (line) => figure(line.shortage, { unit: line.unit, href: lineLink(line.organization.code, line.line), label: `${line.organization.name}, ${line.name}` }) },
      { head: t("overview-basis"), sort: (line) => line.basis, cell: (line) => t(`overview-${line.basis}`) },
    ],
  });
}

/** The lots that expire within 30 days. @param {Board} board @param {Record<string, string>} asked @returns {View} */
export function expiringView(board, asked) {
  const title = t(asked.short ? "overview-lots-short" : "overview-lots");
  const query = { within_days: DAYS_AHEAD };
  return {
    title,
    body: h("div.blocks", null,
      heading(title, downloadButtons("/expiring", () => query, "expiring")),
      h("div.stack", null,
        h("p.no-print", null, h("a", { href: to("overview") }, t("overview-back"))),
        loading(async () => {
          /** @type {import("../../page.js").Standing | null} */
          let standing = null;
          const lots = await readAll("/expiring", query, (_, page) => { standing = standing || page; });
          const shown = asked.short ? lots.filter(({ lines }) => lines.some((/** @type {{ becomes_short: boolean }} */ line) => line.becomes_short)) : lots;
          if (standing) board.asOf(standing);
          if (!shown.length) return empty(t("overview-lots-none", { days: DAYS_AHEAD }), h("a", { href: to("overview") }, t("overview-back")));
          shown.sort((one, other) => one.days_left - other.days_left);
          return [lotTable(shown, title, (lot) => `${lot.organization.code} ${lot.organization.name} ${itemName(lot)} ${lot.lot || ""}`).node, standing ? asOfLine(standing) : null];
        }))),
  };
}
