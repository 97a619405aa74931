// The overview for the chief: who is short of what, how sure that is, what lies ahead, and whom to ask. Each block loads by itself,
// says as of when it is, and leads from each figure to what is behind it.
//
// It asks little at once: what is seen first, then the heat table, then the past weeks one after another. Loading it takes 9 requests
// for the first screens, 2 and one for each 500 lines for the heat table, and 12 small ones for the trend, whatever the number of
// organizations.

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { t } from "../../shared/text.js";
import { BUREAU } from "../page.js";
import { downloadButtons } from "../parts/download.js";
import { heading, loading } from "../parts/states.js";
import { countsAhead, lotsAhead } from "./overview/ahead.js";
import { DAYS_AHEAD, overviewData } from "./overview/data.js";
import { firstThings } from "./overview/first.js";
import { overviewClasses, overviewSectors } from "./overview/groups.js";
import { overviewHeadline } from "./overview/headline.js";
import { heatBlock } from "./overview/heat.js";
import { overviewItems } from "./overview/items.js";
import { expiringView, linesView } from "./overview/lines.js";
import { overviewBlock } from "./overview/marks.js";
import { trendBlock } from "./overview/trend.js";

/** @typedef {import("../page.js").Board} Board */
/** @typedef {() => Promise<import("../../shared/dom.js").Child>} Load */

/** @type {import("../page.js").BoardPage} */
export const overviewPage = {
  name: "overview", roles: BUREAU, inNavigation: true,
  show: (board, { path, query }) => path[0] === "lines" ? linesView(board, query) : path[0] === "expiring" ? expiringView(board, query) : overviewView(board),
};

/** @param {Board} board @returns {import("../page.js").View} */
function overviewView(board) {
  const data = overviewData();
  const now = { isOpen: true };
  /** @type {Promise<unknown>[]} */
  const first = [];
  // What the later blocks wait for: the first ones, whatever becomes of them.
  const shown = (/** @type {Load} */ load) => loading(() => {
    const done = load();
    first.push(done.catch(() => null));
    return done;
  });
  const summaryFiles = (/** @type {string} */ group) => downloadButtons("/shortages/summary", () => ({ group_by: group }), `summary-${group}`);
  const heat = heatBlock(data);
  const trend = trendBlock(data, () => now.isOpen);
  const body = h("div.blocks.overview", null,
    heading(t("overview-title"), h("button.button", { type: "button", onclick: () => window.print() }, icon("print", 18), t("overview-print"))),
    overviewBlock("headline", shown(() => overviewHeadline(board, data)), downloadButtons("/organization-statuses", () => ({}), "organizations")),
    overviewBlock("first", firstThings(data, shown), downloadButtons("/shortages", () => ({ status: "short", strength: "mandatory" }), "short-lines")),
    overviewBlock("sectors", shown(() => overviewSectors(data)), summaryFiles("sector")),
    h("div.columns.ahead", null,
      overviewBlock("lots", shown(() => lotsAhead(data)), downloadButtons("/expiring", () => ({ within_days: DAYS_AHEAD }), "expiring")),
      overviewBlock("counts", shown(() => countsAhead(data)))),
    overviewBlock("trend", trend.node),
    overviewBlock("classes", shown(() => overviewClasses(data)), summaryFiles("item_class")),
    overviewBlock("items", shown(() => overviewItems(data)), summaryFiles("item")),
    overviewBlock("heat", heat.node, downloadButtons("/shortages", () => ({ strength: "mandatory" }), "lines")));
  const later = async () => {
    await Promise.all(first);
    if (now.isOpen) await heat.load();
    if (now.isOpen) await trend.load();
  };
  later();
  return { title: t("nav-overview"), body, leave: () => { now.isOpen = false; } };
}
