// Drafts on the service, two phones on one draft, windows that hold the store, and syncing by itself.
import { test } from "node:test";
import assert from "node:assert/strict";
import { randomFrom } from "./tools.js";
import { ModelServer } from "./model-server.js";
import { Phone } from "../../../web/phone/engine/phone.js";
import { EngineFault } from "../../../web/phone/engine/fault.js";
import { StoreFault } from "../../../web/phone/engine/store-fault.js";
import { StoreHold } from "../../../web/phone/engine/hold.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";

/** @param {ModelServer} server @param {any} [more] */
async function signedInAt(server, more = {}) {
  const phone = await Phone.start({ origin: "http://model", fetch: server.fetch, stores: new MemoryStores(), local: null, ...more });
  await phone.signIn("a", "p", { deviceName: "d" });
  await phone.sync();
  return phone;
}

/** @param {Phone} phone @param {string} item */
const quantityOf = (phone, item) => phone.draft("T1-A")?.data.lines[item]?.lots[0]?.texts.quantity;

test("a draft is saved on the service, and another phone goes on with it", async () => {
  const server = new ModelServer(randomFrom(3));
  server.drafts = new Map();
  const one = await signedInAt(server);
  const draft = await one.startDraft("T1-A");
  await draft.set("ITEM1", "", "quantity", "12");
  await one.sync();
  assert.equal(draft.data.onServer, "saved");
  const two = await signedInAt(server);
  const [listed] = await two.draftsOnServer();
  assert.deepEqual([listed?.id, listed?.depot], [draft.data.id, "T1-A"]);
  const taken = await two.takeDraft(draft.data.id);
  assert.equal(quantityOf(two, "ITEM1"), "12");
  // Both go on: each keeps what it typed last, and gets what the other typed.
  await taken.set("ITEM2", "", "quantity", "5");
  await taken.set("ITEM1", "", "quantity", "13");
  await two.sync();
  await draft.set("ITEM3", "", "quantity", "7");
  await one.sync();
  await one.sync();
  assert.deepEqual(["ITEM1", "ITEM2", "ITEM3"].map((item) => quantityOf(one, item)), ["13", "5", "7"]);
  await two.sync();
  await taken.set("ITEM4", "", "quantity", "1");
  await two.sync();
  await two.sync();
  assert.deepEqual(["ITEM1", "ITEM3", "ITEM4"].map((item) => quantityOf(two, item)), ["13", "7", "1"]);
  // Both typed the same line: each phone keeps its own, and the last that saves is on the service.
  await draft.set("ITEM1", "", "quantity", "14");
  await taken.set("ITEM1", "", "quantity", "15");
  await one.sync();
  await two.sync();
  await two.sync();
  assert.deepEqual([quantityOf(one, "ITEM1"), quantityOf(two, "ITEM1")], ["14", "15"]);
  assert.deepEqual(await two.draftsOnServer(), []);
  const { id } = await taken.submit({ scope: "listed" });
  await two.sync();
  assert.deepEqual([...server.counts.keys()], [id]);
  // What the other typed since is a count of its own, with a draft of its own on the service.
  await draft.set("ITEM5", "", "quantity", "2");
  await one.sync();
  const [own] = await two.draftsOnServer();
  assert.ok(own && own.id !== id && server.drafts.has(own.id));
  assert.equal(draft.data.onServer, "saved");
  const sent = await draft.submit({ scope: "listed" });
  assert.equal(sent.id, own.id);
  await one.sync();
  assert.deepEqual([[...server.counts.keys()], server.drafts.size, server.faults], [[id, own.id], 0, []]);
});

test("a draft that is gone on the service is saved anew", async () => {
  const server = new ModelServer(randomFrom(3));
  server.drafts = new Map();
  const phone = await signedInAt(server);
  const draft = await phone.startDraft("T1-A");
  await draft.set("ITEM1", "", "quantity", "1");
  await phone.sync();
  server.drafts.clear();
  await draft.set("ITEM1", "", "quantity", "12");
  await phone.sync();
  const kept = server.drafts.get(draft.data.id);
  assert.equal(kept?.body.content.lines.ITEM1.lots[0].texts.quantity, "12");
  assert.deepEqual(["etag", "savedVersion", "triedVersion", "onServer"].filter((name) => name in kept?.body.content), []);
  assert.equal(draft.data.onServer, "saved");
});

test("a service without drafts is asked once, and everything goes on", async () => {
  const server = new ModelServer(randomFrom(3));
  let asked = 0;
  const answer = server.answer.bind(server);
  server.answer = (url, init) => {
    asked += Number(url.pathname.includes("count-drafts"));
    return answer(url, init);
  };
  const phone = await signedInAt(server);
  const draft = await phone.startDraft("T1-A");
  for (const text of ["1", "12", "123"]) {
    await draft.set("ITEM1", "", "quantity", text);
    await phone.sync();
  }
  assert.deepEqual([asked, draft.data.onServer], [1, "off"]);
  assert.deepEqual(await phone.draftsOnServer(), []);
  await draft.discard();
  assert.equal(phone.draft("T1-A"), null);
});

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

test("without locks a lease does it, by beats and not by the clock", async (context) => {
  context.mock.timers.enable({ apis: ["setInterval", "setTimeout"] });
  /** @type {Map<string, string>} */
  const kept = new Map();
  const local = {
    get: (/** @type {string} */ key) => kept.get(key) ?? null,
    set: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
    remove: (/** @type {string} */ key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  };
  const space = { locks: null, local };
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

test("the phone syncs by itself: at once, again after a wait, and each minute", async (context) => {
  const server = new ModelServer(randomFrom(3));
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

test("a phone that is not the holder refuses to write, in words", async () => {
  const server = new ModelServer(randomFrom(3));
  const [stores, locks] = [new MemoryStores(), makeLocks()];
  const navigator = globalThis.navigator;
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
  try {
    const one = await signedInAt(server, { stores });
    const draft = await one.startDraft("T1-A");
    await draft.set("ITEM1", "", "quantity", "1");
    const two = await Phone.start({ origin: "http://model", fetch: server.fetch, stores, local: null });
    assert.deepEqual([two.status().elsewhere, one.status().elsewhere], [true, false]);
    assert.equal(quantityOf(two, "ITEM1"), "1");
    const write = () => /** @type {any} */ (two.draft("T1-A")).set("ITEM1", "", "quantity", "2");
    await assert.rejects(write(), (error) => error instanceof EngineFault && error.code === "open_elsewhere");
    await two.takeOver();
    assert.deepEqual([two.status().elsewhere, one.status().elsewhere], [false, true]);
    await write();
    await assert.rejects(draft.set("ITEM1", "", "quantity", "3"), (error) => error instanceof EngineFault);
  } finally {
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  }
});

test("a store that cannot be opened is said, and is opened when the person is chosen again", async () => {
  const server = new ModelServer(randomFrom(3));
  const [stores, locks] = [new MemoryStores(), makeLocks()];
  const navigator = globalThis.navigator;
  Object.defineProperty(globalThis, "navigator", { value: { locks }, configurable: true });
  try {
    const one = await signedInAt(server, { stores });
    const account = one.person()?.account || "";
    await (await one.startDraft("T1-A")).set("ITEM1", "", "quantity", "1");
    one.desk?.close();
    let isBroken = true;
    const poorer = {
      remove: (/** @type {string} */ name) => stores.remove(name),
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
    assert.deepEqual([two.status().elsewhere, two.status().store, quantityOf(two, "ITEM1")], [false, null, "1"]);
  } finally {
    Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  }
});
