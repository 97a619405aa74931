// The lines to count of a depot, and its progress.
import { STRENGTH_ORDER, placeInOrder } from "./figures.js";
import { draftedLine } from "./draft-count.js";
import { knownLotKey } from "./draft-model.js";
import { shownRange, unknownRange } from "./quantity.js";

/** @typedef {import("./types.js").CountLine} CountLine */
/** @typedef {import("./types.js").Depot} Depot */
/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").KnownLot} KnownLot */
/** @typedef {import("./types.js").StockState} StockState */
/** @typedef {import("./figures.js").Figures} Figures */
/** @typedef {import("./aged.js").AgedStock} AgedStock */
/** @typedef {import("./aged-lines.js").AgedLine} AgedLine */
/** @typedef {import("./aged.js").CopiedLot} CopiedLot */

/** The lots of the last count, those alike in number and day as one row. @param {CopiedLot[]} lots @param {string} today
 * @returns {KnownLot[]} */
function knownLots(lots, today) {
  /** @type {Map<string, KnownLot>} */
  const rows = new Map();
  for (const { lot, expiresOn, expiryDerived, inspectedOn, condition, held, milli } of lots) {
    const key = knownLotKey(lot || "", expiresOn || "");
    const row = rows.get(key) || {
      ...{ key, lot, expiresOn, expiryDerived, inspectedOn, last: {} },
      expired: expiresOn !== null && expiresOn < today,
    };
    const field = held !== "here" ? "lent" : condition === "serviceable" ? "quantity" : condition;
    const before = row.last[field];
    row.last[field] = milli === null || before === null ? null : (before || 0) + milli / 1000;
    rows.set(key, row);
  }
  return [...rows.values()].sort((one, other) => ((one.expiresOn || "9") < (other.expiresOn || "9") ? -1 : 1));
}

/** @type {Intl.Collator | null} */
let shelfOrder = null;

/** A-2 before A-10. @param {string} one @param {string} other */
function orderOfShelves(one, other) {
  shelfOrder = shelfOrder || new Intl.Collator("zh-CN", { numeric: true });
  return shelfOrder.compare(one, other);
}

/** @param {any} count @returns {CountLine["counts"][number]} */
function standingCount(count) {
  const text = (/** @type {unknown} */ value) => (typeof value === "string" ? value.slice(0, 100) : "");
  return { id: text(count.id), at: text(count.effective_at), by: text(count.counted_by), kind: text(count.kind) };
}

/** Everything that the lines of one depot are made of. */
export class DepotLines {
  /**
   * @param {Figures} figures
   * @param {string} depot  the code
   * @param {Draft | null} draft
   * @param {Map<string, string>} places  by depot and item
   */
  constructor(figures, depot, draft, places) {
    this.figures = figures;
    this.depot = depot;
    this.draft = draft;
    this.places = places;
    const { stock, lines, today } = figures.work();
    this.today = today;
    const copied = figures.copy.depots.get(depot);
    this.organization = copied ? copied.organization : "";
    /** @type {Map<string, AgedStock>} */
    this.stock = stock.ofDepot(depot);
    this.all = stock;
    /** @type {Map<string, AgedLine>} the strictest line of each item */
    this.asked = new Map();
    for (const line of lines.filter((one) => one.organization === this.organization && one.status !== "not_required")) {
      const known = this.asked.get(line.item);
      const rank = (/** @type {AgedLine} */ one) => placeInOrder(STRENGTH_ORDER, one.strength);
      if (!known || rank(line) < rank(known)) this.asked.set(line.item, line);
    }
  }

  /** Whether another depot of the organization has an item. @param {string} item */
  isElsewhere(item) {
    return this.all.isElsewhere(this.organization, this.depot, item);
  }

  /** The codes: known here, in the draft, or required and known nowhere. @returns {string[]} */
  codes() {
    const { items } = this.figures.copy;
    const known = [...this.stock.keys()].filter((item) => {
      const isGone = items.get(item)?.retired === true && (this.stock.get(item)?.lots.length || 0) === 0;
      // A line that was never counted here, of an item that another depot has, is not expected here.
      const isElsewhere = this.stock.get(item)?.state === "never_counted" && this.isElsewhere(item);
      return !isGone && !isElsewhere;
    });
    const asked = [...this.asked.keys()].filter((item) => !this.isElsewhere(item) && !items.get(item)?.retired);
    const drafted = this.draft ? Object.values(this.draft.lines).filter((line) => line.act !== "none" || line.lots.length > 0) : [];
    const all = new Set([...known, ...asked, ...drafted.map((line) => line.item)]);
    return [...all].filter((item) => items.has(item));
  }

  /** @returns {Map<string, string>} items by the numbers of their labels */
  byNumber() {
    /** @type {Map<string, string>} */
    const items = new Map();
    for (const { code, number } of this.figures.copy.items.values()) if (number !== null) items.set(number, code);
    return items;
  }

  /** @param {string} code @returns {CountLine | null} */
  line(code) {
    const item = this.figures.copy.items.get(code);
    if (!item) return null;
    const [stock, asked] = [this.stock.get(code), this.asked.get(code)];
    const typed = this.draft ? this.draft.lines[code] || null : null;
    const [last] = stock ? stock.counts : [];
    const place = (typed && typed.place) || this.places.get(`${this.depot} ${code}`) || null;
    const strength = asked ? asked.strength : null;
    const state = stock ? stock.state : "never_counted";
    const isCounted = typed !== null && (typed.act === "number" || typed.act === "zero");
    return {
      ...{ item: code, names: item.names, unit: item.unit, measured: item.measured, perishable: item.perishable },
      ...{ shelfLifeMonths: item.shelfLifeMonths, packs: item.packs, class: item.class, place },
      className: this.figures.copy.classes.get(item.class) || null,
      ...{ number: item.number, today: this.today },
      strength: /** @type {CountLine["strength"]} */ (strength),
      required: asked ? shownRange(asked.required) : null,
      shortage: asked ? shownRange(asked.missing) : null,
      status: asked ? asked.status : null,
      ...{ state, due: dueOf(state, asked) },
      usable: shownRange(stock ? stock.usable : unknownRange()),
      validThrough: stock ? stock.validThrough : null,
      lastCountedAt: last && typeof last.effective_at === "string" ? last.effective_at : null,
      lastCountedBy: last && typeof last.counted_by === "string" ? last.counted_by : null,
      lots: knownLots(stock ? stock.lots : [], this.today),
      counts: (stock ? stock.counts : []).map(standingCount),
      ...{ draft: typed, total: isCounted ? draftedLine(typed, item).total / 1000 : null },
    };
  }

  /** @param {"worklist" | "shelf"} order @returns {CountLine[]} */
  lines(order) {
    const lines = /** @type {CountLine[]} */ (this.codes().map((code) => this.line(code)).filter(Boolean));
    const byPlace = (/** @type {CountLine} */ one, /** @type {CountLine} */ other) =>
      (one.place === null ? 1 : 0) - (other.place === null ? 1 : 0) ||
      (one.place && other.place ? orderOfShelves(one.place, other.place) : 0) ||
      (one.item < other.item ? -1 : one.item > other.item ? 1 : 0);
    if (order === "shelf") return lines.sort(byPlace);
    return lines.sort((one, other) => rankOfWork(one) - rankOfWork(other) || byPlace(one, other));
  }

  /** @returns {{lines: number, counted: number, skipped: number, stale: number}} */
  progress() {
    const codes = this.codes();
    const act = (/** @type {string} */ code) => (this.draft && this.draft.lines[code] ? this.draft.lines[code].act : "none");
    const isStale = (/** @type {string} */ code) => {
      const state = this.stock.get(code)?.state || "never_counted";
      return state === "stale" || state === "never_counted";
    };
    return {
      lines: codes.length,
      counted: codes.filter((code) => act(code) === "number" || act(code) === "zero").length,
      skipped: codes.filter((code) => act(code) === "skipped").length,
      stale: codes.filter(isStale).length,
    };
  }
}

/** @type {CountLine["due"][]} */
const DUE_ORDER = ["conflict", "first", "must", "other"];

/** @param {StockState} state @param {AgedLine | undefined} asked @returns {CountLine["due"]} */
function dueOf(state, asked) {
  if (state === "conflict" || state === "contested") return "conflict";
  if (!asked || asked.strength !== "mandatory") return "other";
  return asked.status === "short" || state !== "counted" ? "first" : "must";
}

/** By what is due; of the others those that were not counted lately first, then those that are asked for. @param {CountLine} line */
function rankOfWork(line) {
  const isOther = line.due === "other" && line.state === "counted";
  return DUE_ORDER.indexOf(line.due) * 10 + (isOther ? (line.strength === null ? 2 : 1) : 0);
}

/**
 * @param {Figures} figures
 * @param {string} code
 * @param {{draft: Draft | null, places: Map<string, string>, unsent: number}} context
 * @returns {Depot | null}
 */
export function depotShown(figures, code, context) {
  const depot = figures.copy.depots.get(code);
  if (!depot) return null;
  const { counts } = figures.copy.stock.get(code) || { counts: [] };
  const times = counts.map((count) => (count ? count.effective_at : null)).filter((at) => typeof at === "string");
  const progress = new DepotLines(figures, code, context.draft, context.places).progress();
  const { id, names, organization, holding, open } = depot;
  const lastCountedAt = times.sort().pop() || null;
  const draft = context.draft ? context.draft.id : null;
  return { id, code, names, organization, holding, open, ...progress, draft, lastCountedAt, unsent: context.unsent };
}
