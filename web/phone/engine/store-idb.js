// The store in IndexedDB. Each write is one transaction with strict durability: `complete` then means on disk. A connection
// that the browser drops is opened again once; then the write is refused.
import { FENCE_KEY, STORE_TABLES, StoreFault } from "./store-fault.js";
import { emptyRows } from "./store-memory.js";

/** @typedef {import("./types.js").Store} Store */
/** @typedef {import("./types.js").StoreChange} StoreChange */

/** Some browsers never answer a request once they dropped the connection. */
const STORE_LIMIT_MS = 15000;

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function answerOf(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/**
 * @template T
 * @param {Promise<T>} work
 * @returns {Promise<T>}
 */
function withinLimit(work) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new StoreFault("lost", "the browser's store does not answer")), STORE_LIMIT_MS);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @param {unknown} error @returns {StoreFault} */
function faultOf(error) {
  if (error instanceof StoreFault) return error;
  const name = error instanceof Error || error instanceof DOMException ? error.name : "";
  return new StoreFault(name === "QuotaExceededError" ? "full" : "lost", `${name} ${String(error)}`.slice(0, 300));
}

/** The databases of a browser. */
export class BrowserStores {
  /** @param {IDBFactory} factory */
  constructor(factory) {
    this.factory = factory;
  }

  /** @param {string} name @returns {Promise<Store>} */
  async open(name) {
    const store = new BrowserStore(this.factory, name);
    try {
      await store.connect();
    } catch (error) {
      throw faultOf(error);
    }
    return store;
  }
}

class BrowserStore {
  /** @param {IDBFactory} factory @param {string} name */
  constructor(factory, name) {
    this.factory = factory;
    this.name = name;
    /** @type {IDBDatabase | null} */
    this.database = null;
  }

  /** @returns {Promise<IDBDatabase>} */
  async connect() {
    if (this.database) return this.database;
    // Without a version, a store of a newer page opens too. Tables that are missing are added.
    let database = await withinLimit(this.request());
    if (STORE_TABLES.some((table) => !database.objectStoreNames.contains(table))) {
      const next = database.version + 1;
      database.close();
      database = await withinLimit(this.request(next));
    }
    database.onversionchange = () => this.drop(database);
    database.onclose = () => this.drop(database);
    this.database = database;
    return database;
  }

  /** @param {number} [version] @returns {Promise<IDBDatabase>} */
  request(version) {
    const request = version === undefined ? this.factory.open(this.name) : this.factory.open(this.name, version);
    request.onupgradeneeded = () => {
      for (const table of STORE_TABLES) {
        if (!request.result.objectStoreNames.contains(table)) request.result.createObjectStore(table);
      }
    };
    return answerOf(request);
  }

  /** @param {IDBDatabase} database */
  drop(database) {
    database.close();
    if (this.database === database) this.database = null;
  }

  /**
   * @template T
   * @param {(database: IDBDatabase) => Promise<T>} work  may be done twice
   * @returns {Promise<T>}
   */
  async again(work) {
    try {
      return await withinLimit(work(await this.connect()));
    } catch (error) {
      const fault = faultOf(error);
      if (fault.kind !== "lost") throw fault;
      if (this.database) this.drop(this.database);
    }
    try {
      return await withinLimit(work(await this.connect()));
    } catch (error) {
      throw faultOf(error);
    }
  }

  load() {
    return this.again(async (database) => {
      const rows = emptyRows();
      const transaction = database.transaction(STORE_TABLES, "readonly");
      await Promise.all(
        STORE_TABLES.map(async (table) => {
          const store = transaction.objectStore(table);
          const [keys, values] = await Promise.all([answerOf(store.getAllKeys()), answerOf(store.getAll())]);
          keys.forEach((key, at) => (rows[table] || new Map()).set(String(key), values[at]));
        }),
      );
      return rows;
    });
  }

  /** @param {StoreChange[]} changes @param {number | null} fence */
  write(changes, fence) {
    const tables = [...new Set(["meta", ...changes.map((change) => change.table)])];
    return this.transact(tables, (transaction, fail) => {
      const held = transaction.objectStore("meta").get(FENCE_KEY);
      held.onsuccess = () => {
        if (fence !== null && held.result !== fence) {
          fail(new StoreFault(held.result === undefined ? "wiped" : "fenced"));
          return;
        }
        for (const change of changes) {
          const store = transaction.objectStore(change.table);
          if ("clear" in change) store.clear();
          else if ("gone" in change) store.delete(change.key);
          else store.put(change.value, change.key);
        }
      };
    });
  }

  async claim() {
    let fence = 0;
    await this.transact(["meta"], (transaction) => {
      const meta = transaction.objectStore("meta");
      const held = meta.get(FENCE_KEY);
      held.onsuccess = () => {
        fence = (Number(held.result) || 0) + 1;
        meta.put(fence, FENCE_KEY);
      };
    });
    return fence;
  }

  /**
   * @param {string[]} tables
   * @param {(transaction: IDBTransaction, fail: (fault: StoreFault) => void) => void} work  puts all its requests itself
   * @returns {Promise<void>}
   */
  transact(tables, work) {
    return this.again(
      (database) =>
        new Promise((resolve, reject) => {
          const transaction = database.transaction(tables, "readwrite", { durability: "strict" });
          /** @type {StoreFault | null} */
          let fault = null;
          transaction.oncomplete = () => resolve();
          transaction.onabort = () => reject(fault || transaction.error || new StoreFault("lost", "aborted"));
          work(transaction, (found) => {
            fault = found;
            transaction.abort();
          });
        }),
    );
  }

  close() {
    if (this.database) this.drop(this.database);
  }
}
