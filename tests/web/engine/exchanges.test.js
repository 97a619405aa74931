// All scripts of `openapi/conformance/exchanges.json`, played over HTTP by `fake.py`: none finds a fault.
import { test } from "node:test";
import assert from "node:assert/strict";
import { openAccount, playFake, vectors, without, worldAt } from "./tools.js";
import { beginSession, storeSession } from "../../../web/phone/engine/session.js";
import { syncRound } from "../../../web/phone/engine/round.js";
import { queueCommand, SUBMIT_COUNT } from "../../../web/phone/engine/commands.js";
import { randomId } from "../../../web/shared/ids.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { BrowserStores } from "../../../web/phone/engine/store-idb.js";
import { IDBFactory } from "fake-indexeddb";

/** More rounds than any script needs. */
const ROUNDS = 40;

/** @param {any} script @param {any} stores @returns {Promise<any>} the report */
async function play(script, stores) {
  const fake = await playFake(script.name);
  try {
    const world = worldAt(fake.origin);
    const store = await openAccount(stores, "a");
    for (const step of script.steps) {
      if (step === "sign_in") {
        const begun = await beginSession(world, "login", { username: "t1", password: "any", device_name: "a phone" }, null);
        await storeSession(store, begun.session);
      } else if (step === "sync") {
        for (let round = 0; round < ROUNDS; round++) {
          const { end } = await syncRound(store, world);
          if (end.kind !== "again") break;
          world.ahead += end.waitMs;
          await fake.advance(end.waitMs / 1000);
        }
      } else {
        for (let number = 0; number < step.count; number++) {
          const lines = [{ item: "BOOTS", quantity: number }];
          const depot = "0198f5a2-0000-7000-8000-000000000003";
          const text = JSON.stringify({ depot_id: depot, scope: "listed", counted_at: "2026-11-23T02:00:00Z", lines });
          const made = { id: randomId(), type: SUBMIT_COUNT, text, now: world.now() };
          await store.change((changes) => queueCommand(store, changes, made));
        }
      }
    }
    return await fake.report();
  } finally {
    fake.stop();
  }
}

const scripts = vectors("exchanges").vectors;

test("there are scripts", () => assert.ok(scripts.length >= 21));

/** @type {Record<string, {lacks: Parameters<typeof without>[0], stores: () => any}>} */
const PHONES = {
  "in memory": { lacks: [], stores: () => new MemoryStores() },
  "in IndexedDB": { lacks: [], stores: () => new BrowserStores(new IDBFactory()) },
  "without Ed25519 and ids": { lacks: ["ed25519", "uuid"], stores: () => new MemoryStores() },
  "without subtle and compression": { lacks: ["subtle", "compression"], stores: () => new MemoryStores() },
};

for (const [name, { lacks, stores }] of Object.entries(PHONES)) {
  for (const script of scripts) {
    test(`${script.name} ${name}`, () =>
      without(lacks, async () => {
        const report = await play(script, stores());
        // What is not packed is the one thing that such a browser cannot mend.
        const faults = report.faults.filter((/** @type {any} */ one) => !lacks.includes("compression") || one.rule !== "gzip");
        assert.deepEqual(faults, [], script.about);
      }));
  }
}
