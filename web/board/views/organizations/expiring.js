// The lots of an organization that expire, and those that have expired, with what becomes short by it.

import { h } from "../../../shared/dom.js";
import { dayText, t } from "../../../shared/text.js";
import { read } from "../../api.js";
import { lineLink } from "../../links.js";
import { mark } from "../../../shared/status.js";
import { asOfLine } from "../../parts/asof.js";
import { figure, statusMark } from "../../parts/figure.js";
import { dataTable } from "../../parts/table.js";

/** @typedef {import("../../session.js").ApiSchemas["ExpiringLotView"]} ExpiringLotView */

const WITHIN_DAYS = 90;

/** @param {import("./sheet-data.js").SheetData} data */
export async function organizationExpiring(data) {
  const { json } = await read("/expiring", { organization: data.code, within_days: WITHIN_DAYS, expired: true, limit: 500 });
  /** @type {ExpiringLotView[]} */
  const rows = json.items.slice().sort((/** @type {ExpiringLotView} */ one, /** @type {ExpiringLotView} */ other) => one.days_left - other.days_left);
  const { node } = dataTable({
    caption: t("orgs-expiring-caption", { n: WITHIN_DAYS }),
    columns: [
      { head: t("orgs-lot"), rowHead: true, sort: ({ item }) => (item ? item.name : ""), cell: (lot) => [
        lot.lines.length ? h("a", { href: lineLink(data.code, lot.lines[0].line) }, lot.item ? lot.item.name : "") : lot.item ? lot.item.name : "",
        h("div.small.muted.org-plain", null, [lot.lot ? t("lot-number", { lot: lot.lot }) : t("lot-none"), lot.depot.name].join(" · "))] },
      { head: t("orgs-last-day"), sort: (lot) => lot.days_left, cell: (lot) => [h("time", { datetime: lot.expires_on }, dayText(lot.expires_on)),
        h("div.small", null, lot.days_left < 0 ? mark("unknown", t("orgs-expired-ago", { n: -lot.days_left })) : t("orgs-expires-in", { n: lot.days_left }))] },
      { head: t("orgs-quantity"), number: true, cell: (lot) => figure(lot.quantity === undefined ? null : lot.quantity, { unit: lot.item ? lot.item.unit : "" }) },
      { head: t("orgs-then"), wide: true, cell: (lot) => lot.days_left < 0 ? h("span.muted", null, t("orgs-expired-counted")) : thenText(lot, data.code) },
    ],
    rows,
    empty: t("orgs-expiring-none", { n: WITHIN_DAYS }),
    perPage: 10,
  });
  return [node, asOfLine(json)];
}

/** What becomes of the lines once the lot has gone. @param {ExpiringLotView} lot @param {string} code */
function thenText({ lines }, code) {
  const worse = lines.filter((line) => line.becomes_short);
  if (!worse.length) return h("span.muted", null, t("orgs-then-same"));
  return h("ul", null, worse.map((line) => h("li", null, statusMark(line.status_then), " ", h("a", { href: lineLink(code, line.line) }, line.name), " ", figure(/** @type {any} */ (line.shortage_then), { unit: line.unit, href: lineLink(code, line.line) }))));
}
