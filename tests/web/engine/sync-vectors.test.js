// The vectors of pushes, pulls and running numbers: what this phone makes of the service's answers.
import { test } from "node:test";
import assert from "node:assert/strict";
import { notReceived, openAccount, vectors, worldAt } from "./tools.js";
import { receiptOf, ModelServer } from "./model-server.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { takePage } from "../../../web/phone/engine/pull.js";
import { queueCommand, allCommands } from "../../../web/phone/engine/commands.js";
import { beginSession, storeSession } from "../../../web/phone/engine/session.js";
import { syncRound } from "../../../web/phone/engine/round.js";
import { isId, randomId } from "../../../web/shared/ids.js";

test("pulls lead to the copy that they say", async () => {
  const list = vectors("pulls").vectors;
  assert.ok(list.length >= 8);
  for (const vector of list) {
    const store = await openAccount(new MemoryStores(), "a");
    const asked = [];
    const made = { id: "0198f5a2-0000-7000-8000-000000000001", type: "submit_count", text: "{}", now: 0 };
    await store.change((changes) => queueCommand(store, changes, made));
    const accepted = { ...allCommands(store)[0], place: "accepted", receipt: "r", countId: made.id };
    await store.change((changes) => void changes.push({ table: "commands", key: made.id, value: accepted }));
    for (const page of vector.answers) {
      const cursor = store.meta("cursor") ?? null;
      asked.push(cursor);
      const before = store.meta("revision") ?? null;
      await store.change((changes) => takePage(store, changes, page, { asked: cursor, at: 0, etag: null }));
      // Half a catalogue is that of no revision.
      if (page.more) assert.equal(store.meta("revision") ?? null, page.reset || cursor === null ? null : before, vector.name);
    }
    const things = Object.fromEntries([...store.table("copy")].map(([key, row]) => [key, row.data]));
    const last = vector.answers[vector.answers.length - 1];
    assert.deepEqual(things, vector.things, vector.name);
    assert.deepEqual(asked, vector.asked, vector.name);
    assert.equal(store.meta("cursor") ?? null, vector.cursor, vector.name);
    // Half a catalogue keeps no revision, or that of the whole one before it.
    if (!last.more) assert.equal(store.meta("revision") ?? null, vector.revision, vector.name);
    assert.equal(allCommands(store)[0]?.again, vector.pushes_again, vector.name);
  }
});

test("from the numbers of a phone the bureau is told what did not arrive", async () => {
  const list = vectors("missing").vectors;
  assert.ok(list.length >= 8);
  for (const { name, pushes, not_received: told } of list) {
    const numbers = pushes.flatMap((/** @type {any} */ push) => push.seqs);
    const last = pushes[pushes.length - 1];
    assert.deepEqual(notReceived(numbers, last.queued - last.seqs.length), told, name);
  }
  const server = new ModelServer(() => 0.999);
  const world = worldAt("http://model");
  /** @type {number[]} */
  const queued = [];
  const push = server.push.bind(server);
  server.push = (sent) => {
    queued.push(sent.queued);
    if (queued.length === 2) throw new TypeError("lost on its way");
    return push(sent);
  };
  world.fetch = server.fetch;
  const store = await openAccount(new MemoryStores(), "a");
  const begun = await beginSession(world, "login", { username: "a", password: "p" }, null);
  await storeSession(store, begun.session);
  await store.change((changes) => {
    for (let number = 0; number < 250; number++) queueCommand(store, changes, { id: randomId(), type: "submit_count", text: "{}", now: 0 });
  });
  const told = () => [...server.devices.values()].map(({ numbers, left }) => notReceived(numbers, left));
  assert.equal((await syncRound(store, world)).end.code, "unreachable");
  assert.deepEqual(told(), [{ count: 150, gaps: [], queued: 150 }]);
  assert.equal((await syncRound(store, world)).end.kind, "settled");
  assert.deepEqual(told(), [{ count: 0, gaps: [], queued: 0 }]);
  assert.deepEqual(queued, [250, 150, 150, 50]);
});

/** Where a command is after a result. @param {any} result */
function placeAfter(result) {
  if (result.status === "applied") return result.receipt ? "accepted" : "awaits_sign_in";
  if (result.status === "quarantined") return "undecided";
  return result.status === "rejected" ? "rejected" : "waiting";
}

test("results of pushes move each command where it belongs", async () => {
  let played = 0;
  for (const vector of vectors("pushes").vectors) {
    const server = new ModelServer(() => 0.999);
    const world = worldAt("http://model");
    const store = await openAccount(new MemoryStores(), "a");
    /** @type {any} */
    let present = null;
    world.fetch = /** @type {any} */ (async (/** @type {string} */ url, /** @type {any} */ init) => {
      if (init.method !== "POST" || !url.includes("/sync")) return server.fetch(url, init);
      const { push, status, code, errors, results } = present;
      if (status !== 200) {
        const told = errors.map((/** @type {string[]} */ [pointer, code]) => ({ pointer, code, detail: "" }));
        return new Response(JSON.stringify({ status, code, title: code, detail: code, errors: told }), { status });
      }
      const sent = JSON.parse(await new Response(new Blob([init.body]).stream().pipeThrough(new DecompressionStream("gzip"))).text());
      const answered = sent.commands.map((/** @type {any} */ command) => {
        const at = push.commands.findIndex((/** @type {any} */ one) => one.id === command.id);
        const told = results[at];
        const problem = told.code ? { status: 422, code: told.code, title: "", detail: "" } : null;
        const receipt = told.receipt ? receiptOf(command.id, command.data, at + 1) : null;
        return { ...told, receipt, problem, decision: null, errors: undefined };
      });
      return new Response(JSON.stringify({ results: answered, cursor: "1.0", revision: 1, clock_offset_ms: 0 }));
    });
    const begun = await beginSession(world, "login", { username: "a", password: "p" }, null);
    await storeSession(store, begun.session);
    for (const push of vector.pushes) {
      if (!push.push || !Array.isArray(push.push.commands)) continue;
      const commands = push.push.commands.filter((/** @type {any} */ one) => isId(one && one.id) && one.data && one.type);
      const ids = commands.map((/** @type {any} */ one) => one.id);
      if (ids.length === 0 || new Set(ids).size !== ids.length || push.push.commands.length !== ids.length) continue;
      present = push;
      // A phone never sends other content under an id; where the vector does, there is nothing to try.
      const isNew = await store
        .change((changes) => commands.map((/** @type {any} */ { id, type, data }) => queueCommand(store, changes, { id, type, text: JSON.stringify(data), now: 0 })))
        .then(() => true, () => false);
      if (!isNew) continue;
      const before = new Map(allCommands(store).map((one) => [one.id, one.place]));
      await syncRound(store, world);
      played += 1;
      for (const [at, id] of ids.entries()) {
        const command = store.table("commands").get(id);
        const wasOut = !["waiting", "held", "awaits_sign_in"].includes(String(before.get(id)));
        if (push.status !== 200) assert.ok(["waiting", "held"].includes(command.place), vector.name);
        else if (!wasOut) assert.equal(command.place, placeAfter(push.results[at]), `${vector.name}: ${JSON.stringify(command.problem)}`);
        if (push.status === 200 && push.results[at].code && !wasOut) assert.equal(command.problem.code, push.results[at].code);
      }
    }
  }
  assert.ok(played >= 20, String(played));
});
