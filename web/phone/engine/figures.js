// What the copy says on the phone's day, worked out once until the copy or the day changes.
import { agedStock, ageOfCopy } from "./aged.js";
import { agedLines } from "./aged-lines.js";
import { CopyReader } from "./copy.js";
import { daysBetween } from "./days.js";
import { shownRange } from "./quantity.js";
import { StockIndex } from "./stock-index.js";

/** @typedef {import("./types.js").ShortageLine} ShortageLine */
/** @typedef {import("./types.js").ExpiringLot} ExpiringLot */
/** @typedef {import("./types.js").CopyAge} CopyAge */
/** @typedef {import("./aged-lines.js").AgedLine} AgedLine */
/** @typedef {import("./account.js").AccountStore} AccountStore */

/** What the copy says on a day: the stock, and the requirement lines in the order of the copy.
 * @typedef {{day: string, today: string, stock: StockIndex, lines: AgedLine[]}} WorkedFigures */

/** The order in which strengths and statuses matter. */
export const STRENGTH_ORDER = ["mandatory", "recommended", "reference", "optional"];
const STATUS_ORDER = ["short", "unknown", "not_set", "below", "met", "at", "not_required"];

/** @param {string[]} order @param {string} one */
export function placeInOrder(order, one) {
  const at = order.indexOf(one);
  return at < 0 ? order.length : at;
}

export class Figures {
  /** @param {AccountStore} store @param {() => number} now */
  constructor(store, now) {
    this.store = store;
    this.now = now;
    /** @type {CopyReader | null} */
    this.reader = null;
    /** @type {WorkedFigures | null} */
    this.worked = null;
  }

  /** The copy changed. */
  forget() {
    this.reader = null;
    this.worked = null;
  }

  /** @returns {CopyReader} */
  get copy() {
    this.reader = this.reader || new CopyReader(this.store);
    return this.reader;
  }

  /** @returns {CopyAge | null} */
  age() {
    const pulledAt = Number(this.store.meta("pulled_at")) || null;
    const revision = this.store.meta("revision");
    return ageOfCopy(pulledAt, this.now(), this.copy.zone, Number.isSafeInteger(revision) ? revision : null);
  }

  /** @returns {WorkedFigures} */
  work() {
    const age = this.age();
    if (!age) return { day: "", today: "", stock: new StockIndex([]), lines: [] };
    if (!this.worked || this.worked.day !== `${age.pulledOn} ${age.today}`) {
      const stock = new StockIndex(agedStock(this.copy, age));
      this.worked = { day: `${age.pulledOn} ${age.today}`, today: age.today, stock, lines: agedLines(this.copy, age, stock) };
    }
    return this.worked;
  }

  /** @param {boolean} all @returns {ShortageLine[]} */
  shortages(all) {
    const met = ["met", "at", "not_required"];
    const lines = this.work().lines.filter((line) => all || !met.includes(line.status));
    const rank = (/** @type {AgedLine} */ line) =>
      placeInOrder(STRENGTH_ORDER, line.strength) * 100 + placeInOrder(STATUS_ORDER, line.status);
    return [...lines]
      .sort((one, other) => rank(one) - rank(other) || (one.item < other.item ? -1 : 1))
      .map((line) => {
        const { organization, item, unit, strength, status, validThrough, basis, reasons, aged } = line;
        const ranges = { required: shownRange(line.required), usable: shownRange(line.usable), missing: shownRange(line.missing) };
        const names = this.copy.items.get(item)?.names || null;
        return { organization, item, names, unit, strength, status, ...ranges, validThrough, basis, reasons, aged };
      });
  }

  /** @param {number} days @returns {ExpiringLot[]} the first to expire first */
  expiring(days) {
    const age = this.age();
    if (!age) return [];
    /** @type {ExpiringLot[]} */
    const lots = [];
    for (const { depot, item, lots: found } of this.work().stock.all) {
      for (const { expiresOn, lot, milli } of found) {
        if (expiresOn === null || milli === 0) continue;
        const left = daysBetween(age.today, expiresOn);
        if (left > days) continue;
        const known = this.copy.items.get(item);
        const quantity = milli === null ? null : milli / 1000;
        lots.push({ depot, item, names: known?.names || null, unit: known?.unit || "", lot, expiresOn, days: left, quantity });
      }
    }
    return lots.sort((one, other) => one.days - other.days || (one.item < other.item ? -1 : 1));
  }
}
