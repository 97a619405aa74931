// Windows that hold the store, and syncing by itself.
import { test } from "node:test";
import assert from "node:assert/strict";
import { draftingServer, quantityIn, signedInAt, typeIn } from "./tools.js";
import { Phone } from "../../../web/phone/engine/phone.js";
import { EngineFault } from "../../../web/phone/engine/fault.js";
import { StoreFault } from "../../../web/phone/engine/store-fault.js";
import { StoreHold } from "../../../web/phone/engine/hold.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";

/** Web Locks as the standard has them, in memory. */
function makeLocks() {
  /** @type {Map<string, {reject: (error: unknown) => void}>} */
  const held = new Map();
  return /** @type {any} */ ({
    request: (/** @type {string} */ name, /** @type {any} */ options, /** @type {any} */ run) =>
      new Promise((resolve, reject) => {
        const present = held.get(name);
        if (present && options.ifAvailable) return void Promise.resolve(run(null)).then(resolve, reject);
        if (present && options.steal) present.reject(new DOMException("stolen", "AbortError"));
        const mine = { reject };
        held.set(name, mine);
        Promise.resolve(run({ name })).then(resolve, reject).finally(() => void (held.get(name) === mine && held.delete(name)));
      }),
  });
}

/** Runs with Web Locks in the browser. @param {() => Promise<void>} run */
async function withLocks(run) {
  const { navigator } = globalThis;
  Object.defineProperty(globalThis, "navigator", { value: { locks: makeLocks() }, configurable: true });
  try {
    await run();
  } finally {
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  }
}

test("one window holds the store by a lock; another may take it over", async () => {
  const locks = makeLocks();
  const space = { locks, local: null };
  const [one, two] = [new StoreHold("a", space, "1"), new StoreHold("a", space, "2")];
  let lost = 0;
  one.lost = () => void (lost += 1);
  assert.deepEqual([await one.take(false), await two.take(false)], [true, false]);
  assert.equal(await two.take(true), true);
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.deepEqual([lost, one.isHeld, two.isHeld], [1, false, true]);
  two.release();
  await new Promise((resolve) => setTimeout(resolve, 0));
  assert.equal(await one.take(false), true);
  one.release();
});

/** What a browser keeps beside its stores, in memory. */
function makeLocal() {
  /** @type {Map<string, string>} */
  const kept = new Map();
  return {
    get: (/** @type {string} */ key) => kept.get(key) ?? null,
    set: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
    remove: (/** @type {string} */ key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  };
}

const settle = async () => {
  for (let turn = 0; turn < 60; turn++) await new Promise((resolve) => setImmediate(resolve));
};

test("without locks a lease does it, by beats and not by the clock", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const space = { locks: null, local: makeLocal() };
  const [one, two, three] = ["1", "2", "3"].map((window) => new StoreHold("a", space, window));
  assert.ok(one && two && three);
  assert.equal(await one.take(false), true);
  const waiting = two.take(false);
  context.mock.timers.tick(7100);
  assert.equal(await waiting, false);
  // The holder died: no beat comes any more.
  if (one.beat !== null) clearInterval(one.beat);
  const again = two.take(false);
  context.mock.timers.tick(7100);
  assert.equal(await again, true);
  let lost = 0;
  two.lost = () => void (lost += 1);
  assert.equal(await three.take(true), true);
  context.mock.timers.tick(2100);
  assert.deepEqual([lost, two.isHeld], [1, false]);
  three.release();
  assert.equal(await one.take(true), true);
  one.release();
});

test("a window that takes the hold while it waits for it keeps it", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const space = { locks: null, local: makeLocal() };
  const [gone, one, two] = ["0", "1", "2"].map((window) => new StoreHold("a", space, window));
  assert.ok(gone && one && two);
  await gone.take(false);
  if (gone.beat !== null) clearInterval(gone.beat);
  const waiting = one.take(false);
  assert.equal(await one.take(true), true);
  context.mock.timers.tick(7100);
  assert.deepEqual([await waiting, one.isHeld], [true, true]);
  assert.equal(one.lease()?.window, "1");
  // Another that waited does not take it from the one that did not.
  const late = two.take(false);
  context.mock.timers.tick(7100);
  assert.deepEqual([await late, one.isHeld, two.isHeld], [false, true, false]);
  one.release();
});

test("without locks a phone that is opened writes at once, and waits only for another window", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const [server, stores, local] = [draftingServer(), new MemoryStores(), makeLocal()];
  const around = { origin: "http://model", fetch: server.fetch, stores, local, locks: /** @type {false} */ (false) };
  const one = await signedInAt(server, around);
  one.desk?.close();
  const two = await Phone.start(around);
  assert.equal(two.status().elsewhere, false);
  await typeIn(two, "ITEM1", "1");
  // That window died, and its lease is there.
  if (two.desk && two.desk.hold.beat !== null) clearInterval(two.desk.hold.beat);
  const three = await Phone.start(around);
  assert.equal(three.status().elsewhere, true);
  await three.takeOver();
  context.mock.timers.tick(7100);
  await settle();
  assert.equal(three.status().elsewhere, false);
  await typeIn(three, "ITEM1", "2");
});

test("a store that fails while a lease is waited out is said", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  const [server, stores, local] = [draftingServer(), new MemoryStores(), makeLocal()];
  const around = { origin: "http://model", fetch: server.fetch, stores, local, locks: /** @type {false} */ (false) };
  const one = await signedInAt(server, around);
  if (one.desk && one.desk.hold.beat !== null) clearInterval(one.desk.hold.beat);
  let isBroken = false;
  const poorer = {
    open: async (/** @type {string} */ name) => {
      const store = /** @type {any} */ (await stores.open(name));
      const claim = store.claim.bind(store);
      store.claim = () => (isBroken ? Promise.reject(new StoreFault("lost", "Connection to Indexed Database server lost")) : claim());
      return store;
    },
  };
  const two = await Phone.start({ ...around, stores: poorer });
  isBroken = true;
  context.mock.timers.tick(7100);
  await settle();
  assert.deepEqual([two.status().elsewhere, two.status().store?.code], [true, "store_lost"]);
  isBroken = false;
  await two.takeOver();
  assert.deepEqual([two.status().elsewhere, two.status().store], [false, null]);
});

test("the phone syncs by itself: at once, again after a wait, and each minute", async (context) => {
  const server = draftingServer();
  let ticks = 0;
  const phone = await signedInAt(server, { ticks: () => ticks, random: () => 0.5 });
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  const idle = async () => {
    for (let turn = 0; turn < 60; turn++) await settle();
  };
  const pass = async (/** @type {number} */ ms) => {
    ticks += ms;
    context.mock.timers.tick(ms);
    await idle();
  };
  const before = phone.rounds().length;
  const stop = phone.startSyncing();
  await idle();
  assert.equal(phone.rounds().length, before + 1);
  assert.ok(phone.status().nextSyncAt);
  await pass(60000);
  assert.equal(phone.rounds().length, before + 2);
  const fetch = phone.world.fetch;
  phone.world.fetch = () => Promise.reject(new TypeError("no network"));
  await pass(60000);
  assert.equal(phone.status().failures, 1);
  phone.world.fetch = fetch;
  await pass(1000);
  assert.deepEqual([phone.status().failures, phone.rounds().length], [0, before + 4]);
  stop();
  await pass(120000);
  assert.equal(phone.rounds().length, before + 4);
});

test("a phone that is not the holder refuses to write, in words", () =>
  withLocks(async () => {
    const [server, stores] = [draftingServer(), new MemoryStores()];
    const one = await signedInAt(server, { stores });
    const draft = await typeIn(one, "ITEM1", "1");
    const two = await Phone.start({ origin: "http://model", fetch: server.fetch, stores, local: null });
    assert.deepEqual([two.status().elsewhere, one.status().elsewhere], [true, false]);
    assert.equal(quantityIn(two, "ITEM1"), "1");
    const write = () => /** @type {any} */ (two.draft("T1-A")).set("ITEM1", "", "quantity", "2");
    await assert.rejects(write(), (error) => error instanceof EngineFault && error.code === "open_elsewhere");
    await two.takeOver();
    assert.deepEqual([two.status().elsewhere, one.status().elsewhere], [false, true]);
    await write();
    await assert.rejects(draft.set("ITEM1", "", "quantity", "3"), (error) => error instanceof EngineFault);
  }));

test("a store that cannot be opened is said, and is opened when the person is chosen again", () =>
  withLocks(async () => {
    const [server, stores] = [draftingServer(), new MemoryStores()];
    const one = await signedInAt(server, { stores });
    const account = one.person()?.account || "";
    await typeIn(one, "ITEM1", "1");
    one.desk?.close();
    let isBroken = true;
    const poorer = {
      open: async (/** @type {string} */ name) => {
        const store = /** @type {any} */ (await stores.open(name));
        const claim = store.claim.bind(store);
        store.claim = () => (isBroken ? Promise.reject(new StoreFault("lost", "Connection to Indexed Database server lost")) : claim());
        return store;
      },
    };
    const two = await Phone.start({ origin: "http://model", fetch: server.fetch, stores: poorer, local: null });
    assert.deepEqual([two.status().store?.code, two.person(), two.people().length], ["store_lost", null, 1]);
    isBroken = false;
    await two.use(account);
    assert.deepEqual([two.status().elsewhere, two.status().store, quantityIn(two, "ITEM1")], [false, null, "1"]);
  }));
