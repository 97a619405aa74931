// Counts that differ on an item, as far as the copy knows them: what a new count settles, and what is shown side by side.
import { allCommands } from "./commands.js";
import { contentOf } from "./content.js";
import { isId } from "../../shared/ids.js";

/** @typedef {import("./types.js").Rival} Rival */
/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./aged.js").AgedStock} AgedStock */
/** @typedef {import("./account.js").AccountStore} AccountStore */
/** @typedef {import("./figures.js").Figures} Figures */

/** What the service reads. */
const MOST_RESOLVED = 100;

/**
 * The counts that a draft settles: those that differ on its lines. An inspection is settled by an officer's decision alone.
 * @param {Figures} figures
 * @param {Draft} draft
 * @returns {string[]} ids
 */
export function resolvedCounts(figures, draft) {
  const stock = figures.work().stock.ofDepot(draft.depot);
  const counted = Object.values(draft.lines).filter((line) => line.act === "number" || line.act === "zero");
  const differing = counted.map((line) => stock.get(line.item)).filter((one) => one !== undefined && one.state === "conflict");
  const counts = differing.flatMap((one) => (one ? one.counts : []));
  const ids = counts.filter((count) => count.kind === "own" && isId(count.id)).map((count) => count.id);
  return [...new Set(ids)].slice(0, MOST_RESOLVED);
}

/** The units that a count found of an item; null where it does not say it. @param {AccountStore} store @param {string} id @param {string} item */
function quantityHere(store, id, item) {
  const command = allCommands(store).find((one) => (one.countId || one.id) === id);
  if (!command) return null;
  const { lines, scope } = contentOf(command.appliedText === null ? command : { text: command.appliedText });
  const ofItem = lines.filter((line) => line.item === item);
  if (ofItem.length === 0) return scope === "full" ? 0 : null;
  return inUnits(ofItem.map((line) => line.quantity));
}

/** @param {(number | null)[]} quantities @returns {number | null} */
function inUnits(quantities) {
  const milli = quantities.reduce((/** @type {number | null} */ sum, one) => (sum === null || one === null ? null : sum + Math.round(one * 1000)), 0);
  return milli === null ? null : milli / 1000;
}

/**
 * The counts that stand on an item of a depot, and the inspection that contests them: the latest last.
 * @param {AccountStore} store
 * @param {Figures} figures
 * @param {string} depot
 * @param {string} item
 * @returns {Rival[]} fewer than two where nothing differs
 */
export function rivalCounts(store, figures, depot, item) {
  const stock = figures.work().stock.ofDepot(depot).get(item);
  if (!stock || (stock.state !== "conflict" && stock.state !== "contested")) return [];
  const own = new Set(allCommands(store).map((command) => command.countId || command.id));
  // The copy has the lots of the latest count alone.
  const found = inUnits(stock.lots.map((lot) => (lot.milli === null ? null : lot.milli / 1000)));
  const [latest] = stock.counts;
  const all = [...new Set(stock.inspection === null ? stock.counts : [...stock.counts, stock.inspection])];
  const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value.slice(0, 100) : "");
  /** @type {Rival[]} */
  const rivals = all.map((count) => ({
    ...{ id: text(count.id), at: text(count.effective_at), by: text(count.counted_by), mine: own.has(count.id) },
    kind: count.kind === "inspection" ? "inspection" : "own",
    quantity: count === latest ? found : quantityHere(store, count.id, item),
  }));
  return rivals.sort((one, other) => (one.at < other.at ? -1 : 1));
}
