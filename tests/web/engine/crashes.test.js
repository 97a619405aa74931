// Phones that are killed at random writes, on a service that loses answers and is restored: nothing that a person was told is
// stored or sent is lost or doubled. A failing seed is played again with `SEED=n`;
// `LIVES=n` plays more.
import { test } from "node:test";
import assert from "node:assert/strict";
import { IDBFactory } from "fake-indexeddb";
import { notReceived, randomFrom } from "./tools.js";
import { ITEMS, ModelServer } from "./model-server.js";
import { Killed, PageRun } from "./crashing.js";
import { EngineFault } from "../../../web/phone/engine/fault.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { BrowserStores } from "../../../web/phone/engine/store-idb.js";
import { canonicalText } from "../../../web/shared/canonical.js";

const YEAR_MS = 365 * 24 * 3600 * 1000;
const STEPS = 60;

/** @typedef {import("../../../web/phone/engine/phone.js").Phone} Phone */

/** @param {number} seed @param {() => any} makeStores */
async function live(seed, makeStores) {
  const random = randomFrom(seed);
  const below = (/** @type {number} */ bound) => Math.floor(random() * bound);
  const server = new ModelServer(random);
  const start = Date.parse("2026-11-23T02:00:00Z");
  const clock = { at: start, ticks: 0 };
  server.now = () => start + clock.ticks;
  const world = { origin: "http://model", now: () => clock.at, ticks: () => clock.ticks, random, fetch: server.fetch };
  const [stores, local] = [makeStores(), new Map()];
  /** What the person was told: keys by item, and counts that are in the queue. */
  const told = { keys: new Map(), counts: new Set(), maybe: new Set() };
  let run = new PageRun(stores, local, world);
  /** @type {Phone} */
  let phone = await run.start();
  await phone.signIn("a", "p", { deviceName: "d" });
  await phone.sync();

  const restart = async () => {
    run.isDead = true;
    run = new PageRun(stores, local, world);
    phone = await run.start();
    checkKeys(phone);
  };

  const checkKeys = (/** @type {Phone} */ one) => {
    if (told.keys.size === 0) return;
    const draft = one.draft("T1-A");
    assert.ok(draft, "the draft is there");
    for (const [item, texts] of told.keys) {
      const line = draft.data.lines[item];
      const found = line ? (line.act === "number" ? line.lots[0]?.texts.quantity : line.act) : undefined;
      // The last key that was confirmed, or one that was typed after it.
      assert.ok(texts.includes(found), `${item} is ${found}, and was ${texts}`);
    }
  };

  const type = async () => {
    const draft = await phone.startDraft("T1-A");
    const item = ITEMS[below(ITEMS.length)] || "";
    const act = below(8);
    const text = act === 0 ? "zero" : act === 1 ? "skipped" : String(1 + below(99));
    told.keys.set(item, [...(told.keys.get(item) || [undefined]), text]);
    if (act === 0) await draft.zero(item);
    else if (act === 1) await draft.skip(item);
    else await draft.set(item, "", "quantity", text);
    told.keys.set(item, [text]);
  };

  const submit = async () => {
    const draft = phone.draft("T1-A");
    if (!draft) return;
    const { id } = draft.data;
    told.maybe.add(id);
    await draft.submit({ scope: "listed" }).catch((error) => {
      if (!(error instanceof EngineFault) || error.code !== "empty") throw error;
      told.maybe.delete(id);
    });
    if (!told.maybe.has(id)) return;
    told.counts.add(id);
    told.keys.clear();
  };

  for (let step = 0; step < STEPS; step++) {
    server.trouble = below(3) === 0 ? 0.5 : 0;
    if (below(4) === 0) run.kill = { left: 1 + below(6), side: below(2) ? "before" : "after" };
    clock.ticks += 60000;
    clock.at += 60000;
    const roll = below(100);
    try {
      if (roll < 55) await type();
      else if (roll < 65) await submit();
      else if (roll < 85) await phone.sync();
      else if (roll < 88) server.backup();
      else if (roll < 90) server.restore();
      else if (roll < 92) clock.at += (below(2) ? 1 : -1) * YEAR_MS;
      else if (roll < 94) await deleted();
      else if (roll < 96) await secondWindow();
      else await restart();
    } catch (error) {
      if (!run.isDead) throw error;
      assert.ok(error instanceof Killed || error instanceof EngineFault || String(error).includes("Killed"), String(error));
      // A submit that was cut short happened or not: the draft says which.
      await restartAfterKill();
    }
  }

  async function restartAfterKill() {
    run = new PageRun(stores, local, world);
    phone = await run.start();
    for (const id of told.maybe) {
      if (told.counts.has(id)) continue;
      if (phone.count(id)) {
        told.counts.add(id);
        told.keys.clear();
      }
    }
    checkKeys(phone);
  }

  /** Somebody deletes the store under the open page: the next key brings all of it back. */
  async function deleted() {
    run.kill = null;
    await stores.remove(`muster-${phone.person()?.account}`);
    await type();
    await restart();
  }

  /** Another window takes the store, types, and is closed; the first one takes it back. */
  async function secondWindow() {
    run.kill = null;
    const other = new PageRun(stores, local, world);
    const second = await other.start();
    await second.takeOver();
    checkKeys(second);
    await assert.rejects(
      (async () => (await phone.startDraft("T1-A")).set("ITEM1", "", "quantity", "1"))(),
      (error) => error instanceof EngineFault && error.code === "open_elsewhere",
    );
    other.isDead = true;
    await restart();
  }

  server.trouble = 0;
  run.kill = null;
  await restart();
  for (let round = 0; round < 10; round++) {
    clock.ticks += 3600000;
    clock.at += 3600000;
    const { end } = await phone.sync();
    if (end.kind === "settled" && phone.status().waiting === 0) break;
  }
  assert.deepEqual(server.faults, []);
  assert.equal(phone.status().waiting, 0, JSON.stringify(phone.status().lastRound));
  for (const id of told.counts) {
    const [arrived, kept] = [server.counts.get(id), phone.content(id)];
    assert.ok(arrived, `${id} arrived`);
    assert.equal(arrived.text, canonicalText(JSON.parse(kept || "null")));
    assert.equal(phone.count(id)?.state, "delivered");
  }
  for (const { numbers, left } of server.devices.values()) assert.deepEqual(notReceived(numbers, left), { count: 0, gaps: [], queued: 0 });
  for (const id of server.counts.keys()) assert.ok(told.counts.has(id), `${id} was sent by the person`);
  return { counts: told.counts.size, pushes: server.pushes };
}

const only = process.env["SEED"] ? Number(process.env["SEED"]) : null;

/** @param {string} name @param {number} seeds @param {() => any} makeStores */
function many(name, seeds, makeStores) {
  test(`${seeds} lives ${name}`, async () => {
    const totals = { counts: 0, pushes: 0 };
    for (let seed = 1; seed <= seeds; seed++) {
      if (only !== null && seed !== only) continue;
      const done = await live(seed, makeStores).catch((error) => {
        throw new Error(`SEED=${seed}: ${error.message}`, { cause: error });
      });
      totals.counts += done.counts;
      totals.pushes += done.pushes;
    }
    assert.ok(only !== null || totals.counts > seeds, JSON.stringify(totals));
  });
}

many("in memory", Number(process.env["LIVES"] || 150), () => new MemoryStores());
many("in IndexedDB", 40, () => {
  const factory = new IDBFactory();
  const remove = (/** @type {string} */ name) => new Promise((resolve) => (factory.deleteDatabase(name).onsuccess = resolve));
  return Object.assign(new BrowserStores(factory), { remove });
});
