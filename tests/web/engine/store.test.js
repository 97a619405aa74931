// The store in IndexedDB: strict writes, a connection that drops, a version before and after, another window.
import { test } from "node:test";
import assert from "node:assert/strict";
import { IDBFactory } from "fake-indexeddb";
import { BrowserStores } from "../../../web/phone/engine/store-idb.js";
import { StoreFault, STORE_TABLES } from "../../../web/phone/engine/store-fault.js";
import { AccountStore } from "../../../web/phone/engine/account.js";
import { EngineFault } from "../../../web/phone/engine/fault.js";

/** @param {any} factory @param {(database: IDBDatabase) => void} upgrade @param {number} version @returns {Promise<void>} */
function makeDatabase(factory, upgrade, version) {
  return new Promise((resolve, reject) => {
    const request = factory.open("a", version);
    request.onupgradeneeded = () => upgrade(request.result);
    request.onsuccess = () => {
      request.result.close();
      resolve();
    };
    request.onerror = () => reject(request.error);
  });
}

const put = (/** @type {string} */ key, /** @type {unknown} */ value) => ({ table: "meta", key, value });

test("a row is there after the store is opened again", async () => {
  const stores = new BrowserStores(new IDBFactory());
  const store = await stores.open("a");
  const fence = await store.claim();
  await store.write([put("x", 1), { table: "copy", key: "k", value: { a: [1] } }], fence);
  await store.write([{ table: "copy", clear: true }, { table: "copy", key: "l", value: 2 }, { table: "meta", key: "x", gone: true }], fence);
  store.close();
  const rows = await (await stores.open("a")).load();
  assert.deepEqual([...(rows["copy"] || [])], [["l", 2]]);
  assert.equal((rows["meta"] || new Map()).has("x"), false);
});

test("each write asks for strict durability, and is one transaction", async () => {
  const factory = new IDBFactory();
  const stores = new BrowserStores(factory);
  const store = /** @type {any} */ (await stores.open("a"));
  const fence = await store.claim();
  /** @type {any[]} */
  const asked = [];
  const { database } = store;
  const transaction = database.transaction.bind(database);
  database.transaction = (/** @type {any[]} */ ...all) => (asked.push(all), transaction(...all));
  await store.write([put("x", 1), { table: "lines", key: "k", value: 2 }], fence);
  assert.deepEqual(asked.map((all) => all.slice(1)), [["readwrite", { durability: "strict" }]]);
});

test("a store of a version before gains what is missing, and keeps what it has", async () => {
  const factory = new IDBFactory();
  await makeDatabase(factory, (database) => {
    database.createObjectStore("meta").put(7, "x");
    database.createObjectStore("commands");
  }, 1);
  const store = await new BrowserStores(factory).open("a");
  const rows = await store.load();
  assert.deepEqual(Object.keys(rows).sort(), [...STORE_TABLES].sort());
  assert.equal((rows["meta"] || new Map()).get("x"), 7);
});

test("a store of a version after opens, and is refused only where its rows say so", async () => {
  const factory = new IDBFactory();
  const upgrade = (/** @type {IDBDatabase} */ database) =>
    [...STORE_TABLES, "later"].forEach((table) => database.createObjectStore(table));
  await makeDatabase(factory, upgrade, 9);
  const stores = new BrowserStores(factory);
  const account = new AccountStore(await stores.open("a"), "a");
  await account.hold();
  await account.change((changes) => void changes.push(put("form", { form: 2, reads: 1 })));
  await account.load();
  await account.change((changes) => void changes.push(put("form", { form: 3, reads: 3 })));
  const { name } = await account.load().then(() => ({ name: "" }), (error) => ({ name: error.code }));
  assert.equal(name, "store_newer");
});

test("a connection that the browser drops is opened again once", async () => {
  const stores = new BrowserStores(new IDBFactory());
  const store = /** @type {any} */ (await stores.open("a"));
  const fence = await store.claim();
  store.database.close();
  await store.write([put("x", 1)], fence);
  assert.equal((await store.load()).meta.get("x"), 1);
});

test("a connection that stays away is refused in words, and what was refused is not in memory", async () => {
  const factory = /** @type {any} */ (new IDBFactory());
  const account = new AccountStore(await new BrowserStores(factory).open("a"), "a");
  await account.hold();
  const open = factory.open.bind(factory);
  /** @type {any} */ (account.store).database.close();
  factory.open = () => {
    throw new DOMException("Connection to Indexed Database server lost", "UnknownError");
  };
  const write = () => account.change((changes) => void changes.push(put("x", 1)));
  await assert.rejects(write(), (error) => error instanceof EngineFault && error.code === "store_lost");
  assert.equal(account.meta("x"), undefined);
  assert.equal(account.fault && account.fault.code, "store_lost");
  factory.open = open;
  await write();
  assert.equal(account.meta("x"), 1);
  assert.equal(account.fault, null);
});

test("no room is said as such", async () => {
  const account = new AccountStore(await new BrowserStores(new IDBFactory()).open("a"), "a");
  await account.hold();
  const { write } = account.store;
  account.store.write = async () => {
    throw new StoreFault("full");
  };
  const change = () => account.change((changes) => void changes.push(put("x", 1)));
  await assert.rejects(change(), (error) => error instanceof EngineFault && error.code === "store_full");
  account.store.write = write;
  await change();
});

test("of two windows only the last that claimed the store writes", async () => {
  const factory = new IDBFactory();
  const open = async () => new AccountStore(await new BrowserStores(factory).open("a"), "a");
  const [first, second] = [await open(), await open()];
  await first.hold();
  await second.hold();
  const write = (/** @type {AccountStore} */ one) => one.change((changes) => void changes.push(put("x", one === first ? 1 : 2)));
  await assert.rejects(write(first), (error) => error instanceof EngineFault && error.code === "open_elsewhere");
  await write(second);
  await assert.rejects(write(first), (error) => error instanceof EngineFault && error.code === "open_elsewhere");
  await first.hold();
  assert.equal(first.meta("x"), 2);
  await write(first);
});

test("a store that is deleted under an open window is written anew", async () => {
  const factory = new IDBFactory();
  const stores = new BrowserStores(factory);
  const account = new AccountStore(await stores.open("a"), "a");
  await account.hold();
  await account.change((changes) => void changes.push(put("x", 1), { table: "lines", key: "l", value: { item: "i" } }));
  const device = account.meta("device_id");
  const deleting = factory.deleteDatabase("a");
  await new Promise((resolve) => (deleting.onsuccess = resolve));
  await account.change((changes) => void changes.push(put("y", 2)));
  const again = new AccountStore(await stores.open("a"), "a");
  await again.load();
  assert.deepEqual([again.meta("x"), again.meta("y"), again.meta("device_id")], [1, 2, device]);
  assert.deepEqual(again.table("lines").get("l"), { item: "i" });
});

test("where it is not known whether a write was made, the store is read before the next", async () => {
  const account = new AccountStore(await new BrowserStores(new IDBFactory()).open("a"), "a");
  await account.hold();
  const { store } = account;
  const write = store.write.bind(store);
  store.write = async (changes, fence) => {
    await write(changes, fence);
    throw new StoreFault("lost", "the answer never came");
  };
  await assert.rejects(account.change((changes) => void changes.push(put("next_seq", 8))), EngineFault);
  store.write = write;
  assert.equal(account.meta("next_seq"), 1);
  const seen = await account.change(() => account.meta("next_seq"));
  assert.equal(seen, 8);
});
