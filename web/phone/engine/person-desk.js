// Everything of one person: store, copy, drafts and sync.
import { AccountStore, faultOfStore } from "./account.js";
import { countIdOf } from "./draft-model.js";
import { DraftDesk } from "./drafts.js";
import { EngineFault } from "./fault.js";
import { Figures } from "./figures.js";
import { DepotLines, depotShown } from "./lines.js";
import { StoreHold } from "./hold.js";
import { ServerDrafts } from "./server-drafts.js";
import { presentSession } from "./session.js";
import { countUnsent, countUnsentOf } from "./sent.js";
import { syncRound } from "./round.js";
import { storeNameOf } from "./people.js";

/** @typedef {import("./types.js").ChangeKind} ChangeKind */
/** @typedef {import("./types.js").CountLine} CountLine */
/** @typedef {import("./types.js").Depot} Depot */
/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").SyncRound} SyncRound */
/** @typedef {import("./session.js").EngineWorld} EngineWorld */
/** @typedef {import("./hold.js").HoldSpace} HoldSpace */

/** What a table's change means to a view. @type {Record<string, ChangeKind>} */
const KIND_OF_TABLE = {
  ...{ session: "session", meta: "sync", commands: "counts", copy: "copy", drafts: "draft", lines: "draft", places: "draft" },
  ...{ rounds: "sync", keys: "counts", hold: "store" },
};

export class PersonDesk {
  /**
   * @param {AccountStore} store
   * @param {EngineWorld} world
   * @param {HoldSpace} space
   * @param {string} window
   */
  constructor(store, world, space, window) {
    this.store = store;
    this.world = world;
    this.figures = new Figures(store, world.now);
    this.drafts = new DraftDesk(store, world.now, space.local);
    this.server = new ServerDrafts(this.drafts, world, (id) => this.endSent(id));
    this.hold = new StoreHold(store.account, space, window);
    /** @type {(kinds: Set<ChangeKind>) => void} */
    this.changed = () => {};
    /** @type {Promise<SyncRound> | null} */
    this.running = null;
    /** No request before this, by the clock that nobody sets. */
    this.notBefore = 0;
    store.changed = (names) => {
      if (names.has("copy")) this.figures.forget();
      this.changed(new Set([...names].map((name) => KIND_OF_TABLE[name] || "store")));
    };
    this.hold.lost = () => store.release();
  }

  /**
   * Opens the store of a person, and takes its hold where no other window has it.
   * @param {import("./types.js").StoreMaker} stores
   * @param {string} account
   * @param {EngineWorld} world
   * @param {HoldSpace} space
   * @param {string} window
   * @returns {Promise<PersonDesk>}
   */
  static async open(stores, account, world, space, window) {
    const opened = await stores.open(storeNameOf(account)).catch((fault) => Promise.reject(faultOfStore(fault)));
    const store = new AccountStore(opened, account);
    const desk = new PersonDesk(store, world, space, window);
    await store.load();
    desk.figures.forget();
    const lease = space.locks ? null : desk.hold.lease();
    const taking = desk.takeHold(false);
    if (!lease || lease.window === window) await taking;
    // A lease of a window that is gone is waited out beside; what fails then is said.
    else taking.catch((fault) => store.fail(fault));
    return desk;
  }

  /** @param {boolean} fromOthers @returns {Promise<void>} */
  async takeHold(fromOthers) {
    if (!(await this.hold.take(fromOthers))) {
      if (this.store.fence !== null) this.store.release();
      return;
    }
    if (this.store.fence !== null) return;
    try {
      await this.store.hold();
      this.figures.forget();
      await this.drafts.recover();
    } catch (fault) {
      // A window that cannot write does not keep others from writing.
      this.hold.release();
      throw fault;
    }
    this.changed(new Set(/** @type {ChangeKind[]} */ (["store", "copy", "draft", "counts", "session"])));
  }

  /** Reads anew what another window wrote. */
  async reload() {
    await this.store.load();
    this.figures.forget();
    this.changed(new Set(/** @type {ChangeKind[]} */ (["store", "copy", "draft", "counts", "session", "sync"])));
  }

  close() {
    this.hold.lost = () => {};
    this.hold.release();
    this.store.close();
  }

  /** @returns {Map<string, string>} */
  places() {
    return this.store.table("places");
  }

  /** @param {string} depot */
  tableOf(depot) {
    return new DepotLines(this.figures, depot, this.drafts.ofDepot(depot), this.places());
  }

  /** @param {string} depot @param {string} item @returns {CountLine | null} */
  line(depot, item) {
    return this.tableOf(depot).line(item);
  }

  /** @param {string} code @returns {Depot | null} */
  depot(code) {
    const id = this.figures.copy.depots.get(code)?.id || "";
    const unsent = id === "" ? 0 : countUnsentOf(this.store, id);
    return depotShown(this.figures, code, { draft: this.drafts.ofDepot(code), places: this.places(), unsent });
  }

  /** One round; a second call while one runs answers the same. @returns {Promise<SyncRound>} */
  sync() {
    if (!this.running) {
      this.running = this.goSync().finally(() => {
        this.running = null;
        this.changed(new Set(/** @type {ChangeKind[]} */ (["sync"])));
      });
      this.changed(new Set(/** @type {ChangeKind[]} */ (["sync"])));
    }
    return this.running;
  }

  /** @returns {Promise<SyncRound>} */
  async goSync() {
    if (this.store.fence === null) throw new EngineFault("open_elsewhere");
    const left = this.notBefore - this.world.ticks();
    const last = this.lastRound();
    // Not before the time that the service asked for.
    if (left > 0 && last) return { ...last, end: { ...last.end, waitMs: Math.ceil(left) } };
    const round = await syncRound(this.store, this.world);
    const { end } = round;
    this.notBefore = end.askedMs > 0 ? this.world.ticks() + end.waitMs : 0;
    this.drafts.copies.sweep();
    if (end.kind === "settled") await this.saveDrafts();
    return round;
  }

  /** Saves drafts on the service, and drops there what was discarded, where somebody is signed in. */
  async saveDrafts() {
    const session = presentSession(this.store);
    if (this.store.fence === null || !session || session.ended !== null || this.notBefore > this.world.ticks()) return;
    for (const draft of this.drafts.all()) if (this.isReceived(draft)) await this.endSent(draft.id);
    await this.server.save((depot) => this.figures.copy.depots.get(depot)?.id || null);
    await this.server.dropDiscarded();
  }

  /** Whether the copy has the count of a draft, which then another phone sent. @param {Draft} draft */
  isReceived(draft) {
    const id = countIdOf(draft);
    const counts = this.figures.copy.stock.get(draft.depot)?.counts || [];
    const isOfCopy = (/** @type {any} */ row) => row.type === "quarantine" && row.data && row.data.command_id === id;
    return counts.some((count) => count && count.id === id) || [...this.store.table("copy").values()].some(isOfCopy);
  }

  /** Takes a draft that another phone sent out of the way. @param {string} id @returns {Promise<void>} */
  async endSent(id) {
    const draft = this.drafts.draft(id);
    if (!draft) return;
    const { stock } = this.figures.work();
    const count = countIdOf(draft);
    const ofDepot = stock.ofDepot(draft.depot);
    const isNamed = stock.ofCount(draft.depot, count).length > 0;
    // What was saved after the other phone took it is not in its count.
    const isSaid = (/** @type {any} */ one) => one.id === count || one.effective_at > draft.changedAt;
    await this.drafts.endSent(id, (item) => isNamed && !(ofDepot.get(item)?.counts || []).some(isSaid));
  }

  /** What is only on this phone. @returns {{unsent: number, drafts: number}} */
  left() {
    return { unsent: countUnsent(this.store), drafts: this.drafts.number };
  }

  /** @returns {SyncRound[]} newest first */
  rounds() {
    const rows = [...this.store.table("rounds")].sort(([one], [other]) => Number(other) - Number(one));
    return rows.map(([, round]) => round);
  }

  /** @returns {SyncRound | null} */
  lastRound() {
    return this.store.table("rounds").get(String(this.store.meta("round"))) || null;
  }
}
