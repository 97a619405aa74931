// The stock of the copy, grouped once by what is asked of it.
import { sameRange } from "./quantity.js";

/** @typedef {import("./aged.js").AgedStock} AgedStock */

/** @template T @param {Map<string, T[]>} groups @param {string} key @param {T} one */
function addTo(groups, key, one) {
  const group = groups.get(key);
  if (group) group.push(one);
  else groups.set(key, [one]);
}

/** @param {AgedStock} stock */
function isEverCounted(stock) {
  return stock.state !== "never_counted";
}

export class StockIndex {
  /** @param {AgedStock[]} all */
  constructor(all) {
    this.all = all;
    /** @type {Map<string, Map<string, AgedStock>>} */
    this.byDepot = new Map();
    /** @type {Map<string, AgedStock[]>} */
    this.byItem = new Map();
    /** @type {Map<string, AgedStock[]>} */
    this.byCount = new Map();
    /** @type {Map<string, AgedStock[]>} */
    this.counted = new Map();
    /** What is not any more as the copy says. @type {Map<string, AgedStock[]>} */
    this.aged = new Map();
    for (const one of all) {
      const { depot, organization, item, counts } = one;
      const ofDepot = this.byDepot.get(depot) || new Map();
      this.byDepot.set(depot, ofDepot.set(item, one));
      addTo(this.byItem, `${organization} ${item}`, one);
      new Set(counts.map((count) => count.id)).forEach((id) => addTo(this.byCount, `${depot} ${id}`, one));
      if (isEverCounted(one)) addTo(this.counted, `${organization} ${item}`, one);
      if (!sameRange(one.before, one.usable)) addTo(this.aged, organization, one);
    }
  }

  /** @param {string} depot @returns {Map<string, AgedStock>} by item */
  ofDepot(depot) {
    return this.byDepot.get(depot) || new Map();
  }

  /** @param {string} organization @param {string[]} items @returns {AgedStock[]} */
  ofItems(organization, items) {
    return [...new Set(items)].flatMap((item) => this.byItem.get(`${organization} ${item}`) || []);
  }

  /** @param {string} organization @returns {AgedStock[]} */
  agedOf(organization) {
    return this.aged.get(organization) || [];
  }

  /** The items of a depot for which a count stands. @param {string} depot @param {string} count @returns {AgedStock[]} */
  ofCount(depot, count) {
    return this.byCount.get(`${depot} ${count}`) || [];
  }

  /** Whether another depot of an organization was counted for an item. @param {string} organization @param {string} depot @param {string} item */
  isElsewhere(organization, depot, item) {
    return (this.counted.get(`${organization} ${item}`) || []).some((one) => one.depot !== depot);
  }
}
