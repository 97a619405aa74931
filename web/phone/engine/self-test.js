// What this browser can do, found out by trying.
import { browserChecksEd25519, subtleCrypto } from "../../shared/digest.js";
import { packedText } from "../../shared/api.js";

/** @typedef {import("./types.js").SelfTest} SelfTest */
/** @typedef {import("./types.js").StoreMaker} StoreMaker */
/** @typedef {import("./types.js").LocalCopy} LocalCopy */

const TEST_STORE = "muster-self-test";
const TEST_LIMIT_MS = 5000;

/** @template T @param {Promise<T>} work @param {T} otherwise @returns {Promise<T>} */
function inTime(work, otherwise) {
  return Promise.race([
    work.catch(() => otherwise),
    new Promise((/** @type {(value: T) => void} */ resolve) => {
      const timer = setTimeout(() => resolve(otherwise), TEST_LIMIT_MS);
      if (typeof timer === "object") /** @type {any} */ (timer).unref?.();
    }),
  ]);
}

/** Writes a row, opens the store anew, and reads it. @param {StoreMaker} stores @returns {Promise<boolean>} */
async function storeWorks(stores) {
  const value = Math.random();
  const first = await stores.open(TEST_STORE);
  const fence = await first.claim();
  await first.write([{ table: "meta", key: "test", value }], fence);
  first.close();
  const second = await stores.open(TEST_STORE);
  const rows = await second.load();
  second.close();
  return (rows["meta"] || new Map()).get("test") === value;
}

/** @param {LocalCopy | null} local @returns {boolean} */
function localWorks(local) {
  try {
    if (!local) return false;
    local.set(TEST_STORE, "1");
    const isThere = local.get(TEST_STORE) === "1";
    local.remove(TEST_STORE);
    return isThere;
  } catch {
    return false;
  }
}

/**
 * @param {{stores: StoreMaker | null, local: LocalCopy | null}} parts
 * @returns {Promise<SelfTest>}
 */
export async function testBrowser(parts) {
  const world = /** @type {any} */ (globalThis);
  const navigator = world.navigator || {};
  const indexedDb = parts.stores ? await inTime(storeWorks(parts.stores), false) : false;
  const persisted = navigator.storage?.persisted ? await inTime(navigator.storage.persisted(), false) : false;
  const agent = String(navigator.userAgent || "");
  const inside = isWechat(agent) ? "wechat" : "";
  const secure = world.isSecureContext !== false;
  const serviceWorker = Boolean(navigator.serviceWorker) && secure;
  /** @type {string[]} */
  const missing = [];
  if (!secure) missing.push("secure");
  if (!indexedDb) missing.push("store");
  if (!serviceWorker) missing.push("service_worker");
  return {
    ...{ secure, indexedDb, strictWrites: indexedDb && hasStrictWrites(), localCopy: localWorks(parts.local), persisted },
    ...{ serviceWorker, subtle: subtleCrypto() !== null, ed25519: await inTime(browserChecksEd25519(), false) },
    ...{ compression: (await packedText("{}")) !== null, locks: Boolean(navigator.locks?.request) },
    randomUuid: typeof world.crypto?.randomUUID === "function",
    ...{ inside, verdict: missing.length ? "online_only" : "offline", missing },
  };
}

/** Whether a browser is the one inside WeChat. @param {string} agent its name */
export function isWechat(agent) {
  return /MicroMessenger/i.test(agent);
}

/** Browsers before 2021 flush each transaction anyway, and do not know the word. */
function hasStrictWrites() {
  const Transaction = /** @type {any} */ (globalThis).IDBTransaction;
  return Boolean(Transaction && "durability" in Transaction.prototype);
}
