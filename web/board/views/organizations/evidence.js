// The counts behind a line, depot by depot: who found what and when, what of it is usable, and the counts that later ones replaced.

import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { dayText, t } from "../../../shared/text.js";
import { figure } from "../../parts/figure.js";
import { organizationCountLink } from "./shared.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./shared.js").CodeWords} CodeWords */

/** The kinds of mark of the states of stock. @type {Record<string, string>} */
const STOCK_KINDS = { counted: "met", conflict: "contested", contested: "contested", stale: "unknown", never_counted: "unknown" };

/** @param {ApiSchemas["ExplainedLine"]} found @param {string} code @param {CodeWords} words @param {Map<string, string>} names of depots by their codes */
export function evidenceBlock({ explanation }, code, words, names) {
  const { depots, evidence, items, validity, counts } = explanation;
  const itemOf = new Map(items.map((item) => [item.item, item]));
  const countOf = new Map(counts.map((count) => [count.id, count]));
  return h("section.stack", { "aria-labelledby": "line-counts" }, h("h2", { id: "line-counts" }, t("orgs-evidence")),
    h("p.small", null, t("orgs-validity", { n: validity.days })),
    depots.length ? h("ul.org-causes", null, depots.map((stock) => {
      const item = itemOf.get(stock.item);
      const unit = item ? item.unit : "";
      const others = evidence.filter((one) => one.depot === stock.depot && one.item === stock.item).flatMap((one) => one.counts).filter((one) => one.bearing !== "current");
      return h("li.stack-8", null,
        h("h3", null, names.get(stock.depot_code) || "", h("span.muted.org-plain", null, ` ${stock.depot_code}`), items.length > 1 && item ? ` · ${item.words.name}` : "", " ", mark(STOCK_KINDS[stock.state] || "unknown", words("stock_state", stock.state))),
        h("p", null, t("orgs-usable"), " ", figure(stock.usable, { unit }), stock.valid_through ? h("span.small.muted", null, ` ${t("orgs-valid-through", { day: dayText(stock.valid_through) })}`) : null),
        h("ul.org-found", null, stock.counts.map((count) => speakingCount(count, unit, code, words)), stock.inspection ? speakingCount(stock.inspection.count, unit, code, words) : null),
        stock.taken_out.map((one) => h("p.small", null, t("orgs-taken-out", { name: one.counted_by, by: one.resolution.resolved_by, reason: one.resolution.reason }))),
        others.length ? h("details", null, h("summary", null, t("orgs-other-counts", { n: others.length })), h("ul.dots", null, others.map((one) => otherCount(one, countOf.get(one.count), code)))) : null);
    })) : h("p", null, t("orgs-evidence-none")));
}

/** A count that the figures follow from, with its lots. @param {ApiSchemas["SpeakingCount"]} count @param {string} unit @param {string} code @param {CodeWords} words */
function speakingCount(count, unit, code, words) {
  return h("li", null,
    h("div", null, h("a", { href: organizationCountLink(code, count.id) }, instantText(count.effective_at)), ` · ${count.counted_by}`),
    h("div.small.muted", null, [words("count_kind", count.kind), words("count_scope", count.scope), ...count.flags.map((flag) => words("count_flag", flag))].join(" · ")),
    count.lots.length ? h("ul", null, count.lots.map((lot) => h("li", null, figure(lot.quantity === undefined ? null : lot.quantity, { unit }), h("span.small", null, ` ${lotText(lot, words)}`)))) : h("div", null, t("orgs-found-none")),
    (count.lots_not_mentioned || []).map((lot) => h("div.small", null, t("orgs-lot-not-mentioned", { lot: lot.lot || t("lot-none") }))));
}

/** @param {ApiSchemas["LotSeen"]} lot @param {CodeWords} words */
function lotText(lot, words) {
  return [lot.lot ? t("lot-number", { lot: lot.lot }) : "", lot.expires_on ? t("lot-expires", { day: dayText(lot.expires_on) }) : "", words("condition", lot.condition),
    lot.held === "lent" ? words("held", lot.held) : "", lot.inspected_on ? t("orgs-inspected-on", { day: dayText(lot.inspected_on) }) : "",
    lot.left_out ? t("orgs-not-usable", { why: words("left_out", lot.left_out) }) : "", lot.doubt ? words("doubt", lot.doubt) : ""].filter(Boolean).join(" · ");
}

/** A count that does not speak for the item any more, and why. @param {ApiSchemas["CountBearing"]} bearing @param {ApiSchemas["CountCited"] | undefined} count @param {string} code */
function otherCount(bearing, count, code) {
  return h("li.small", null, h("a", { href: organizationCountLink(code, bearing.count) }, count ? instantText(count.effective_at) : bearing.count), count ? ` ${count.counted_by}` : "", ` · ${t(`orgs-bearing-${bearing.bearing}`)}`);
}
