// The decision about counts that differ: one count holds. In a conflict the others are disregarded for the item (a resolution); where
// an inspection found less, the own count is accepted, or it is disregarded.

import { h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { randomId } from "../../../shared/ids.js";
import { interval, t, unitText } from "../../../shared/text.js";
import { send } from "../../api.js";
import { form } from "../../parts/form.js";
import { decidedMeanwhile } from "./both.js";
import { radioChoice } from "./choice.js";
import { differingCounts, stockOf } from "./differences.js";
import { inboxLink } from "./shared.js";
import { knownRange } from "../../parts/figure.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("./differences.js").StockLine} StockLine */
/** @typedef {import("../../parts/words.js").CodeWords} CodeWords */

/** What tells whether something was counted or decided since. @param {StockLine | null} line */
function differenceKey(line) {
  if (!line) return "";
  const { state, counts, inspection, taken_out: taken } = line.stock;
  return JSON.stringify([state, counts.map(({ id }) => id), inspection ? [inspection.count.id, inspection.acceptance ? inspection.acceptance.id : null] : null, taken.map(({ id, resolution }) => [id, resolution.id])]);
}

/** @param {import("../../page.js").Board} board @param {StockLine} line @param {CodeWords} words */
export function settleForm(board, line, words) {
  const { stock, item } = line;
  const unit = item ? item.unit : "";
  const counts = differingCounts(stock);
  const ids = { resolution: randomId(), acceptance: randomId() };
  const options = counts.map((count) => {
    const range = knownRange(count.usable);
    return {
      value: count.id,
      words: t("inbox-holds", { kind: words("count_kind", count.kind), quantity: range ? `${interval(range)} ${unit ? unitText(unit, range.max === null ? undefined : range.max) : ""}`.trim() : t("value-unknown") }),
      more: [count.counted_by, " · ", instantText(count.effective_at)],
    };
  });
  const choice = radioChoice({ label: t("inbox-which-holds"), options });
  const fault = h("p.fault", { role: "alert", hidden: true }, t("inbox-choose-one"));
  const parts = form({
    fields: [{ name: "reason", label: t("inbox-reason"), kind: "textarea", required: true, hint: t("inbox-reason-hint") }],
    act: t("inbox-settle-act"),
    submit: async ({ reason }) => {
      const holds = choice.value();
      fault.hidden = Boolean(holds);
      if (!holds) return choice.focus();
      const chosen = options.filter(({ value }) => value === holds)[0];
      const whose = await whoseHolds(line, { what: chosen.words, reason });
      if (whose === null) return undefined;
      if (whose === "theirs") return finish(false);
      const accepts = stock.state === "contested" && !isInspection(stock, holds);
      if (accepts && stock.inspection) {
        await send("PUT", `/acceptances/${ids.acceptance}`, { count: holds, inspection: stock.inspection.count.id, depot_id: line.depot.id, item: stock.item, reason });
      } else {
        await send("PUT", `/resolutions/${ids.resolution}`, { counts: counts.map(({ id }) => id).filter((id) => id !== holds), depot_id: line.depot.id, item: stock.item, reason });
      }
      return finish(true);
    },
  });
  parts.node.insertBefore(h("div", null, choice.node, fault), parts.node.children[1]);
  let done = false;
  /** The list again; where an earlier count now speaks that differs too, what stands. */
  async function finish(/** @type {boolean} */ stored) {
    done = true;
    const { line: now } = await stockOf(line.depot.code, stock.item);
    const still = now && (now.stock.state === "conflict" || now.stock.state === "contested");
    if (still || stored) toast(t(still ? "inbox-still-differs" : "inbox-settled"));
    if (still) await board.redraw();
    else board.go(inboxLink("counts"));
  }
  return { node: parts.node, changed: () => !done && (parts.changed() || choice.changed()) };
}

/** @param {StockLine["stock"]} stock @param {string} id */
function isInspection({ inspection }, id) {
  return Boolean(inspection && inspection.count.id === id);
}

/** Whose decision is to hold: asked where another officer decided, or somebody counted, since it was read. @param {StockLine} line @param {import("./both.js").Decided} mine */
async function whoseHolds(line, mine) {
  const { line: now } = await stockOf(line.depot.code, line.stock.item);
  return differenceKey(now) === differenceKey(line) ? "mine" : decidedMeanwhile(decisionsSince(line, now), mine, { canStore: true });
}

/** What was decided or counted since. @param {StockLine} before @param {StockLine | null} now @returns {import("./both.js").Decided[]} */
function decisionsSince(before, now) {
  if (!now) return [{ what: t("inbox-changed-since"), reason: null, by: t("value-unknown") }];
  const known = new Set(before.stock.taken_out.map(({ id, resolution }) => `${id} ${resolution.id}`));
  /** @type {import("./both.js").Decided[]} */
  const found = now.stock.taken_out.filter(({ id, resolution }) => !known.has(`${id} ${resolution.id}`)).map(({ counted_by: by, effective_at: at, resolution }) => ({
    what: [t("inbox-taken-out", { by }), " ", instantText(at)], reason: resolution.reason, by: resolution.resolved_by, at: resolution.resolved_at,
  }));
  const acceptance = now.stock.inspection && now.stock.inspection.acceptance;
  if (acceptance) found.push({ what: t("inbox-accepted-own"), reason: acceptance.reason, by: acceptance.accepted_by, at: acceptance.accepted_at });
  const counted = new Set(differingCounts(before.stock).map(({ id }) => id));
  for (const count of differingCounts(now.stock)) {
    if (counted.has(count.id)) continue;
    found.push({ what: t("inbox-counted-since"), reason: null, by: count.counted_by, at: count.effective_at });
  }
  return found.length ? found : [{ what: t("inbox-changed-since"), reason: null, by: t("value-unknown") }];
}
