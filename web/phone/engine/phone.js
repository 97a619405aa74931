// What the views use of the engine: one object for the whole page.
import { ownProblem } from "../../shared/api.js";
import { EngineFault } from "./fault.js";
import { CountDraft } from "./draft.js";
import { SENT_ELSEWHERE } from "./drafts.js";
import { People } from "./people.js";
import { SyncHalt } from "./retry.js";
import { rivalCounts } from "./conflicts.js";
import { presentSession } from "./session.js";
import { countUnsent } from "./sent.js";
import { countWaiting } from "./commands.js";
import { pageSurroundings } from "./surroundings.js";
import { readDeepLink } from "./deep-link.js";
import { searchItems } from "./search.js";
import { testBrowser } from "./self-test.js";
import { watchPage } from "./wake.js";
import { PhoneCounts } from "./phone-counts.js";

/** @typedef {import("./types.js").Surroundings} Surroundings */
/** @typedef {import("./types.js").PhoneStatus} PhoneStatus */
/** @typedef {import("./types.js").Depot} Depot */
/** @typedef {import("./types.js").CountLine} CountLine */
/** @typedef {import("./types.js").Names} Names */
/** @typedef {import("./types.js").Rival} Rival */
/** @typedef {import("./types.js").SearchHit} SearchHit */
/** @typedef {import("./types.js").ShortageLine} ShortageLine */
/** @typedef {import("./types.js").ExpiringLot} ExpiringLot */
/** @typedef {import("./types.js").SelfTest} SelfTest */

/**
 * A phone: the people who use it, each with a store, and the one who uses it now. What is read is answered at once from
 * memory; what is changed is a promise, resolved once it is on disk. Failures are `EngineFault` (see `fault.js`) with a stable
 * `code` and, where the service said something, its `problem`.
 */
export class Phone extends PhoneCounts {
  /**
   * Opens the phone, and the store of the person who used it last.
   * @param {Surroundings} [surroundings]
   * @returns {Promise<Phone>}
   */
  static async start(surroundings = {}) {
    const around = await pageSurroundings(surroundings);
    const phone = new Phone(around, await People.open(around.stores, around.local));
    await phone.openLast();
    return phone;
  }

  // State.

  /** @returns {PhoneStatus} */
  status() {
    const { onlineOnly } = this.around;
    if (!this.desk) return { ...NO_STATUS, onlineOnly, store: this.fault && ownProblem(0, this.fault.code, this.fault.message) };
    const { store, figures, running, drafts, notBefore } = this.desk;
    const session = presentSession(store);
    const isOpen = session !== null && session.ended === null;
    const contact = Number(store.meta("last_contact_at")) || null;
    const now = this.world.now();
    const offset = store.meta("clock_offset_ms");
    const fault = store.fault;
    const next = this.nextSyncAt !== null ? this.nextSyncAt : notBefore > this.world.ticks() ? notBefore : null;
    return {
      session: isOpen ? "open" : session && session.ended !== "signed_out" ? "ended" : "none",
      endedBecause: session ? session.ended : null,
      ...{ unsent: countUnsent(store), waiting: countWaiting(store), drafts: drafts.number },
      lastContactAt: contact === null ? null : new Date(contact).toISOString(),
      lastContactAgeMs: contact === null ? null : Math.max(0, now - contact),
      clockOffsetMs: Number.isSafeInteger(offset) ? offset : null,
      ...{ syncing: running !== null, failures: Number(store.meta("failures")) || 0 },
      nextSyncAt: next === null ? null : new Date(now + Math.max(0, next - this.world.ticks())).toISOString(),
      ...{ copy: figures.age(), elsewhere: store.fence === null, onlineOnly },
      store: fault && ownProblem(0, fault.code, fault.message),
      lastRound: this.desk.lastRound(),
    };
  }

  /** Makes this window the one that writes, where another has it. @returns {Promise<void>} */
  async takeOver() {
    await this.present().takeHold(true);
  }

  /** @returns {Promise<SelfTest>} what this browser can do */
  async selfTest() {
    const { stores, local, onlineOnly } = this.around;
    this.tested = await testBrowser({ stores: onlineOnly ? null : stores, local });
    return this.tested;
  }

  /** Asks the browser not to evict the store. @returns {Promise<boolean>} */
  async persist() {
    const storage = globalThis.navigator && navigator.storage;
    return storage && storage.persist ? storage.persist().catch(() => false) : false;
  }

  /** Syncs by itself: now, when the network comes back, when the page is shown, each 60 s. @returns {() => void} stops it */
  startSyncing() {
    return watchPage(this);
  }

  /** @param {string} language  `en` or `zh-CN`: of the words of problems */
  setLanguage(language) {
    this.language = language;
  }

  // Depots and lines.

  /** @returns {Depot[]} the open ones first, by code */
  depots() {
    const desk = this.desk;
    const codes = desk ? [...desk.figures.copy.depots.keys()].sort() : [];
    const depots = /** @type {Depot[]} */ (codes.map((code) => desk && desk.depot(code)).filter(Boolean));
    return depots.sort((one, other) => Number(other.open) - Number(one.open));
  }

  /** @param {string} depot  the code @returns {Depot | null} */
  depot(depot) {
    return this.present().depot(depot);
  }

  /** @param {string} depot  the code @returns {Names | null} */
  depotNames(depot) {
    return this.desk?.figures.copy.depots.get(depot)?.names || null;
  }

  /** An item of the catalogue, of whatever depot. @param {string} item  the code @returns {{names: Names, unit: string} | null} */
  item(item) {
    const known = this.desk?.figures.copy.items.get(item);
    return known ? { names: known.names, unit: known.unit } : null;
  }

  /**
   * The lines to count: items known in the depot, items required of the organization that no depot has, and those in the draft.
   * @param {string} depot
   * @param {"worklist" | "shelf"} [order]  mandatory and short or stale first; or by place, then by code
   * @returns {CountLine[]}
   */
  lines(depot, order = "worklist") {
    return this.present().tableOf(depot).lines(order);
  }

  /**
   * One line; also of an item that is not among the lines of the depot.
   * @param {string} depot
   * @param {string} item  the code, or the number of a label
   * @returns {CountLine | null}
   */
  line(depot, item) {
    const table = this.present().tableOf(depot);
    return table.line(item) || table.line(table.byNumber().get(item) || "");
  }

  /**
   * The counts that differ on an item, side by side: those that stand, and an inspection that contests them; the latest last.
   * @param {string} depot
   * @param {string} item
   * @returns {Rival[]} none where nothing differs
   */
  rivals(depot, item) {
    const { store, figures } = this.present();
    return rivalCounts(store, figures, depot, item);
  }

  /**
   * Finds items by code, words of either name, pinyin initials, the four digits or the address of a label, or what a scanner typed.
   * @param {string} depot
   * @param {string} text
   * @param {number} [most]
   * @returns {SearchHit[]}
   */
  search(depot, text, most = 50) {
    const { figures } = this.present();
    const label = this.deepLink(text);
    const table = this.present().tableOf(label ? label.depot : depot);
    const thisYear = new Date(this.world.now()).getFullYear();
    const options = { here: new Set(table.codes()), numbers: table.byNumber(), thisYear, most };
    const hits = searchItems(figures.copy.items.values(), label ? label.item || "" : text, options);
    return label ? hits.filter((hit) => hit.fit === "exact").map((hit) => ({ ...hit, depot: label.depot })) : hits;
  }

  /**
   * Reads an address such as `/d/T3-D1#L2010101`, `/d/T3-D1#0417`, or a whole address that a label holds.
   * @param {string} address
   * @returns {{depot: string, item: string | null} | null}
   */
  deepLink(address) {
    const read = readDeepLink(address);
    if (!read || !this.desk) return read;
    const { depots, items } = this.desk.figures.copy;
    /** What somebody typed small. @param {Map<string, unknown>} known @param {string} code */
    const asKnown = (known, code) => (!known.has(code) && known.has(code.toUpperCase()) ? code.toUpperCase() : code);
    const depot = asKnown(depots, read.depot);
    // Of what is not known here it is said so, where the line would be.
    return { depot, item: read.item && (this.desk.tableOf(depot).byNumber().get(read.item) || asKnown(items, read.item)) };
  }

  // Drafts.

  /** @param {string} depot @returns {CountDraft | null} the draft in work */
  draft(depot) {
    const desk = this.present();
    const draft = desk.drafts.ofDepot(depot);
    return draft ? new CountDraft(desk, draft.id) : null;
  }

  /** @param {string} depot @returns {Promise<CountDraft>} the draft in work, or a new one */
  async startDraft(depot) {
    const desk = this.present();
    if (!desk.figures.copy.depots.has(depot)) throw new EngineFault("depot_unknown");
    return new CountDraft(desk, await desk.drafts.start(depot));
  }

  /**
   * Drafts of this account on the service that this phone does not have; empty where the service keeps none.
   * @returns {Promise<{id: string, depot: string, changedAt: string | null}[]>}
   */
  async draftsOnServer() {
    const desk = this.present();
    return desk.server.list((id) => desk.figures.copy.depotCodes.get(id) || null).catch(throwFault);
  }

  /** Takes a draft over from the service; refused with `draft_here` where one of its depot is in work here. @param {string} id @returns {Promise<CountDraft>} */
  async takeDraft(id) {
    const desk = this.present();
    const draft = await desk.server.take(id).catch(throwFault);
    if (!draft) throw new EngineFault("no_draft");
    return new CountDraft(desk, id);
  }

  /** What is to be said of a draft that was in work here, and that another phone sent. @returns {{depot: string, left: number} | null} */
  sentElsewhere() {
    return this.desk?.store.meta(SENT_ELSEWHERE) || null;
  }

  /** Somebody has read it. @returns {Promise<void>} */
  async readElsewhere() {
    await this.present().store.change((changes) => void changes.push({ table: "meta", key: SENT_ELSEWHERE, gone: true }));
  }

  // Figures.

  /**
   * The requirement lines of the organization on the phone's own day: mandatory and short first.
   * @param {{all?: boolean}} [options]  with those that are met
   * @returns {ShortageLine[]}
   */
  shortages(options = {}) {
    return this.desk ? this.desk.figures.shortages(options.all === true) : [];
  }

  /** Lots whose last day is within so many days, or has passed. @param {number} days @returns {ExpiringLot[]} */
  expiring(days) {
    return this.desk ? this.desk.figures.expiring(days) : [];
  }
}
/** @type {PhoneStatus} */
const NO_STATUS = {
  ...{ session: /** @type {const} */ ("none"), endedBecause: null, unsent: 0, waiting: 0, drafts: 0, lastContactAt: null },
  ...{ lastContactAgeMs: null, clockOffsetMs: null, syncing: false, nextSyncAt: null, failures: 0, copy: null },
  ...{ elsewhere: false, onlineOnly: false, store: null, lastRound: null },
};

/** @param {unknown} halt @returns {never} */
function throwFault(halt) {
  if (!(halt instanceof SyncHalt)) throw halt;
  throw new EngineFault(halt.problem.code, halt.problem.detail, { problem: halt.problem, retryAfterMs: halt.retryAfterMs });
}
