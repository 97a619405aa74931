// The store of one person, in memory and on disk. Every change is worked out from what is in memory, written in one step, and
// only then seen by others. One window writes; a change of any other is refused.
import { EngineFault } from "./fault.js";
import { FENCE_KEY, STORE_FORM, StoreFault } from "./store-fault.js";
import { applyChanges, emptyRows } from "./store-memory.js";
import { randomId } from "../../shared/ids.js";

/** @typedef {import("./types.js").Store} Store */
/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {Record<string, Map<string, any>>} AccountRows */

/** What a view is told of a failure of a store; other errors as they are. @param {unknown} fault @returns {unknown} */
export function faultOfStore(fault) {
  if (!(fault instanceof StoreFault)) return fault;
  if (fault.kind === "fenced") return new EngineFault("open_elsewhere");
  if (fault.kind === "newer") return new EngineFault("store_newer", fault.message);
  return new EngineFault(fault.kind === "full" ? "store_full" : "store_lost", fault.message);
}

/** The table of a change; the session, which views show, apart from the other rows of `meta`. @param {StoreChange} change */
function nameOfChange(change) {
  return change.table === "meta" && "key" in change && change.key === "session" ? "session" : change.table;
}

export class AccountStore {
  /** @param {Store} store @param {string} account */
  constructor(store, account) {
    this.store = store;
    this.account = account;
    /** @type {AccountRows} */
    this.rows = emptyRows();
    /** @type {number | null} null where another window writes */
    this.fence = null;
    /** @type {EngineFault | null} */
    this.fault = null;
    /** Called with the tables that changed, `session` and `hold`. @type {(names: Set<string>) => void} */
    this.changed = () => {};
    /** True where it is not known whether the last write was made. */
    this.isUnsure = false;
    /** @type {Promise<unknown>} */
    this.turn = Promise.resolve();
  }

  /** Reads everything from the store. */
  async load() {
    try {
      const rows = await this.store.load();
      const form = this.meta("form", rows);
      if (form && form.reads > STORE_FORM) throw new StoreFault("newer", "the store was made by a newer page");
      this.rows = rows;
      this.isUnsure = false;
    } catch (error) {
      throw faultOfStore(error);
    }
  }

  /** Makes this window the one that writes, and gives a new store its device. */
  async hold() {
    return this.inTurn(async () => {
      try {
        const fence = await this.store.claim();
        await this.load();
        this.fence = fence;
        this.fault = null;
      } catch (error) {
        throw faultOfStore(error);
      }
      /** @type {StoreChange[]} */
      const changes = [];
      const put = (/** @type {string} */ key, /** @type {unknown} */ value) => changes.push({ table: "meta", key, value });
      if (!this.meta("device_id")) put("device_id", randomId());
      if (!this.meta("next_seq")) put("next_seq", 1);
      if (!this.meta("form")) put("form", { form: STORE_FORM, reads: STORE_FORM });
      if (changes.length) await this.write(changes);
    });
  }

  /** What is said of the store until it can be written again. @param {EngineFault} fault */
  fail(fault) {
    this.fault = fault;
    this.changed(new Set(["hold"]));
  }

  /** Leaves the store to another window. */
  release() {
    this.fence = null;
    this.changed(new Set(["hold"]));
  }

  /** @param {string} key @param {AccountRows} [rows] @returns {any} */
  meta(key, rows) {
    return this.table("meta", rows).get(key);
  }

  /** @param {string} name @param {AccountRows} [rows] @returns {Map<string, any>} */
  table(name, rows) {
    return (rows || this.rows)[name] || new Map();
  }

  /**
   * @template T
   * @param {() => Promise<T>} work
   * @returns {Promise<T>}
   */
  inTurn(work) {
    const done = this.turn.then(work, work);
    this.turn = done.catch(() => {});
    return done;
  }

  /**
   * Changes the store. `make` looks at the present state and adds what is to change; nothing comes between. The answer is that
   * of `make`, once all of it is on disk.
   * @template T
   * @param {(changes: StoreChange[]) => T} make
   * @returns {Promise<T>}
   */
  change(make) {
    return this.inTurn(async () => {
      if (this.fence === null) throw new EngineFault("open_elsewhere");
      if (this.isUnsure) await this.load();
      /** @type {StoreChange[]} */
      const changes = [];
      const result = make(changes);
      if (changes.length) await this.write(changes);
      return result;
    });
  }

  /** @param {StoreChange[]} changes */
  async write(changes) {
    try {
      await this.store.write(changes, this.fence).catch((error) => {
        if (!(error instanceof StoreFault) || error.kind !== "wiped") throw error;
        return this.restore(changes);
      });
    } catch (error) {
      if (!(error instanceof StoreFault)) throw error;
      const fault = /** @type {EngineFault} */ (faultOfStore(error));
      if (error.kind === "fenced") this.fence = null;
      else this.isUnsure = error.kind === "lost";
      this.fail(fault);
      throw fault;
    }
    this.fault = null;
    applyChanges(this.rows, changes);
    this.changed(new Set(changes.map(nameOfChange)));
  }

  /**
   * Somebody deleted the store under an open window: everything is still in memory, and is written anew.
   * @param {StoreChange[]} changes
   */
  async restore(changes) {
    const fence = await this.store.claim();
    /** @type {StoreChange[]} */
    const all = [];
    for (const [table, rows] of Object.entries(this.rows)) {
      for (const [key, value] of rows) {
        if (table !== "meta" || key !== FENCE_KEY) all.push({ table, key, value });
      }
    }
    await this.store.write([...all, ...changes], fence);
    this.fence = fence;
  }

  close() {
    this.fence = null;
    this.store.close();
  }
}
