// What a phone has around it: the browser's, or what a test passes in.
import { BrowserStores } from "./store-idb.js";
import { MemoryStores } from "./store-memory.js";

/** @typedef {import("./types.js").Surroundings} Surroundings */
/** @typedef {import("./types.js").LocalCopy} LocalCopy */

/**
 * @typedef {object} FullSurroundings
 * @property {string} origin
 * @property {() => number} now
 * @property {() => number} random
 * @property {typeof fetch} fetch
 * @property {() => number} ticks
 * @property {string} language
 * @property {import("./types.js").StoreMaker} stores
 * @property {LocalCopy | null} local
 * @property {LockManager | null} locks
 * @property {boolean} onlineOnly
 */

/** The browser's synchronous store, where it gives one. @returns {LocalCopy | null} */
function browserLocal() {
  try {
    const storage = globalThis.localStorage;
    if (!storage) return null;
    return {
      get: (key) => storage.getItem(key),
      set: (key, text) => storage.setItem(key, text),
      remove: (key) => storage.removeItem(key),
      keys: () => Array.from({ length: storage.length }, (_, at) => storage.key(at) || ""),
    };
  } catch {
    return null;
  }
}

/** Stores that outlive the page; null where the browser gives none. @returns {Promise<BrowserStores | null>} */
async function browserStores() {
  try {
    if (!globalThis.indexedDB) return null;
    const stores = new BrowserStores(globalThis.indexedDB);
    (await stores.open("muster-people")).close();
    return stores;
  } catch {
    return null;
  }
}

/** @param {Surroundings} given @returns {Promise<FullSurroundings>} */
export async function pageSurroundings(given) {
  const navigator = /** @type {Navigator | undefined} */ (globalThis.navigator);
  const locks = (navigator && navigator.locks) || null;
  const stores = given.stores || (given.onlineOnly ? null : await browserStores());
  const ticks = given.ticks || (() => globalThis.performance.now());
  return {
    origin: given.origin || (globalThis.location ? globalThis.location.origin : ""),
    now: given.now || Date.now,
    random: given.random || Math.random,
    fetch: given.fetch || ((what, options) => globalThis.fetch(what, options)),
    ticks,
    language: given.language || "zh-CN",
    stores: stores || new MemoryStores(),
    local: given.local !== undefined ? given.local : browserLocal(),
    locks: given.locks === false ? null : locks,
    onlineOnly: given.onlineOnly === true || stores === null,
  };
}
