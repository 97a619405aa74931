// Counting 48 lines without a network while everything goes wrong: the tab is closed or its process dies in the middle of a
// key, the store is deleted under the page, the clock jumps by a year, a new version of the page comes, the service is put
// back to an earlier state. Afterwards the service has what was typed, once.
//
// A seed decides what happens when. SEED=n plays one again, SEEDS=n plays n of them from SEED on.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { TEST_MS, launch, missing } from "./browser.js";
import { Hand } from "./hand.js";
import { Service, program } from "./service.js";
import { randomFrom } from "../engine/tools.js";

const skip = program === "" ? "MUSTER names no program" : missing;
const first = Number(process.env.SEED || 1);
const seeds = Array.from({ length: Number(process.env.SEEDS || 1) }, (_, at) => first + at);

const LINES = 48;
const LINES_A_COUNT = 16;
const YEAR_MS = 365 * 86400000;
const LONGEST_MS = 540000;

/** @type {import("playwright-core").Browser} */
let browser;
before(async () => { if (!skip) browser = await launch(); });
after(async () => { if (browser) await browser.close(); });

/** What is typed for a line: the keys of a number, some with one taken back, or none. @param {() => number} random */
function keysOf(random) {
  if (random() < 0.2) return { keys: ["zero"], quantity: 0 };
  const quantity = String(1 + Math.floor(random() * (random() < 0.5 ? 9 : 150)));
  const keys = quantity.split("");
  if (random() < 0.2) keys.splice(1, 0, "7", "erase");
  return { keys, quantity: Number(quantity) };
}

/** What happens before which line, and at which of its keys the tab dies. @param {() => number} random */
function planOf(random) {
  const at = (from = 0, to = LINES) => from + Math.floor(random() * (to - from));
  /** @type {Map<number, string[]>} */
  const events = new Map();
  const plan = (line, event) => events.set(line, [...(events.get(line) || []), event]);
  for (const event of ["ahead", "behind", "right", "wipe", "version", random() < 0.5 ? "wipe" : "wipe and die"]) plan(at(), event);
  // Not before something was delivered that it forgets.
  plan(at(LINES_A_COUNT), "put back");
  const deaths = new Map(Array.from({ length: 7 }, () => [at(), Math.floor(random() * 3)]));
  return { events, deaths, deathsAtSubmit: new Set([at(0, 3)]) };
}

for (const seed of seeds) {
  test(`48 lines arrive once, whatever happens to the phone (SEED=${seed})`, { skip, timeout: 2 * TEST_MS }, async () => {
    const random = randomFrom(seed);
    const service = new Service();
    const { events, deaths, deathsAtSubmit } = planOf(random);
    /** @type {Hand | null} */
    let hand = null;
    const run = async () => {
      await service.start();
      hand = await Hand.start(browser, service, random);
      await hand.signIn();
      await service.backUp();
      const known = new Set((await service.list("t3", "/counts?limit=500")).map((count) => count.id));
      const depot = await hand.chooseDepot();
      const items = await hand.chooseItems(LINES);
      hand.offline(true);
      /** @type {Map<string, number>} */
      const typed = new Map();
      for (const [at, item] of items.entries()) {
        for (const event of events.get(at) || []) await happen(hand, service, event);
        const { keys, quantity } = keysOf(random);
        await hand.type(item, keys, deaths.has(at) ? deaths.get(at) : null);
        typed.set(item, quantity);
        if ((at + 1) % LINES_A_COUNT !== 0) continue;
        await hand.submit(deathsAtSubmit.has(Math.floor(at / LINES_A_COUNT)));
        // The first is delivered at once, so that there is something to forget.
        if (at < LINES_A_COUNT) await hand.deliver();
      }
      await hand.deliver();
      await hand.deliver();

      const counts = (await service.list("t3", "/counts?limit=500")).filter((count) => !known.has(count.id));
      const lines = counts.flatMap((count) => count.lines.map((line) => [line.item, line.quantity]));
      assert.equal(counts.length, LINES / LINES_A_COUNT, `${counts.length} counts`);
      assert.deepEqual(counts.filter((count) => count.depot.code !== depot), []);
      assert.deepEqual(lines.sort(byItem), [...typed].sort(byItem));
      assert.deepEqual((await service.list("officer", "/quarantine?limit=500")).filter((entry) => entry.status === "waiting" && counts.some((count) => count.id === entry.command_id)), []);
      assert.deepEqual(hand.errors, []);
      console.log(`SEED=${seed}: ${hand.told()}`);
    };
    try {
      await within(LONGEST_MS, run());
    } catch (error) {
      if (hand) console.log(`SEED=${seed}: ${await within(5000, hand.where()).catch(() => hand.told())}`);
      throw error;
    } finally {
      if (hand) await within(5000, hand.end()).catch(() => undefined);
      await service.end();
    }
  });
}

/** @param {number} ms @param {Promise<any>} work */
function within(ms, work) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`not within ${ms} ms`)), ms);
    work.then(resolve, reject).finally(() => clearTimeout(timer));
  });
}

/** @param {[string, number]} one @param {[string, number]} other */
function byItem([one], [other]) {
  return one < other ? -1 : one > other ? 1 : 0;
}

/** @param {Hand} hand @param {Service} service @param {string} event */
async function happen(hand, service, event) {
  hand.note(event);
  if (event === "ahead") await hand.setClock(YEAR_MS);
  else if (event === "behind") await hand.setClock(-YEAR_MS);
  else if (event === "right") await hand.setClock(0);
  else if (event === "version") {
    service.newVersion();
    await hand.takeVersion();
  } else if (event === "put back") await service.putBack();
  else {
    await hand.wipe();
    if (event === "wipe and die") await hand.die();
  }
}
