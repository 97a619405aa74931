// The copy while it is fetched anew, and what officers decided: a person sees never less than what was there.
import { test } from "node:test";
import assert from "node:assert/strict";
import { draftingServer, offline, signedInAt, typeIn } from "./tools.js";
import { DEPOT_ID, ITEMS, receiptOf } from "./model-server.js";
import { randomId } from "../../../web/shared/ids.js";

/** Refuses requests of a method that have a cursor. @param {import("./model-server.js").ModelServer} server @param {string} method @param {string} pointer */
function refuseCursors(server, method, pointer) {
  const answer = server.answer.bind(server);
  const body = { status: 422, code: "values_not_taken", title: "", detail: "", errors: [{ pointer, code: "cursor_unknown", detail: "" }] };
  server.answer = (url, init) => {
    const hasCursor = method === "GET" ? url.searchParams.has("cursor") : url.pathname === "/api/v1/sync" && init.method === "POST";
    return init.method === method && hasCursor ? { status: 422, body } : answer(url, init);
  };
  return () => void (server.answer = answer);
}

test("the copy stays until there is another, where the service cannot read its cursor", async () => {
  for (const method of ["GET", "POST"]) {
    const server = draftingServer();
    const phone = await signedInAt(server);
    const store = phone.present().store;
    await (await typeIn(phone, "ITEM1", "4")).submit({ scope: "listed" });
    refuseCursors(server, method, "/cursor");
    // The first request of a pull from the beginning is lost.
    const { fetch } = phone.world;
    phone.world.fetch = /** @type {any} */ (async (/** @type {string} */ url, /** @type {any} */ init) => {
      if (init.method === "GET" && url.endsWith("/api/v1/sync")) throw new TypeError("no network");
      return fetch(url, init);
    });
    assert.equal((await phone.sync()).end.kind, "again");
    assert.deepEqual([phone.depots().length, store.table("copy").size, store.meta("cursor")], [1, 2 + ITEMS.length, undefined], method);
    assert.notEqual(phone.status().copy, null);
    phone.world.fetch = fetch;
  }
});

test("a round says that it started over where the service could not read its cursor", async () => {
  const server = draftingServer();
  const phone = await signedInAt(server);
  assert.equal((await phone.sync()).wasReset, false);
  const accept = refuseCursors(server, "GET", "/cursor");
  const { fetch } = phone.world;
  phone.world.fetch = /** @type {any} */ (async (/** @type {string} */ url, /** @type {any} */ init) => {
    const answer = await fetch(url, init);
    if (answer.status === 422) accept();
    return answer;
  });
  const { end, wasReset } = await phone.sync();
  assert.deepEqual([end.kind, wasReset, phone.rounds()[0]?.wasReset], ["settled", true, true]);
});

test("a pull that is refused for something else forgets nothing", async () => {
  const server = draftingServer();
  const phone = await signedInAt(server);
  const { store } = phone.present();
  const cursor = store.meta("cursor");
  const accept = refuseCursors(server, "GET", "/limit");
  assert.equal((await phone.sync()).end.kind, "refused");
  assert.deepEqual([store.meta("cursor"), phone.depots().length], [cursor, 1]);
  accept();
  assert.equal((await phone.sync()).end.kind, "settled");
  const back = offline(phone);
  assert.equal((await phone.sync()).end.kind, "again");
  back();
});

test("a pull tells how far the clock is off", async () => {
  const server = draftingServer();
  let ahead = 86400000;
  const phone = await signedInAt(server, { now: () => server.now() + ahead });
  assert.equal(phone.status().clockOffsetMs, -86400000);
  ahead = -3600000;
  await phone.sync();
  assert.equal(phone.status().clockOffsetMs, 3600000);
  ahead = 1500;
  await phone.sync();
  assert.equal(phone.status().clockOffsetMs, 0);
  // What a push told holds, being exact.
  await (await typeIn(phone, "ITEM1", "4")).submit({ scope: "listed" });
  ahead = 86400000;
  await phone.sync();
  assert.equal(phone.status().clockOffsetMs, 0);
});

/** A phone with a count in quarantine, and a service on which an officer decides. */
async function inQuarantine() {
  const server = draftingServer();
  const answer = server.answer.bind(server);
  /** @type {any[]} */
  const decided = [];
  server.push = (sent) => {
    const problem = { status: 422, code: "values_not_taken", title: "", detail: "" };
    const results = sent.commands.map((/** @type {any} */ { id }) => ({ id, status: "quarantined", problem, decision: null, receipt: null }));
    return { status: 200, body: { results, cursor: sent.cursor, revision: 1, clock_offset_ms: 0, received_at: "" } };
  };
  server.answer = (url, init) => {
    const told = answer(url, init);
    if (init.method === "GET" && url.pathname === "/api/v1/sync") {
      told.body.changes.push(...decided.map((data) => ({ type: "quarantine", key: `q ${data.command_id}`, op: "put", data })));
    }
    return told;
  };
  const phone = await signedInAt(server);
  const { id } = await (await typeIn(phone, "ITEM1", "4")).submit({ scope: "listed" });
  await phone.sync();
  assert.equal(phone.count(id)?.state, "waiting_for_officer");
  return { phone, id, decided };
}

test("what an officer put aside is told with the reason", async () => {
  const { phone, id, decided } = await inQuarantine();
  decided.push({ command_id: id, status: "waiting" });
  await phone.sync();
  assert.equal(phone.count(id)?.state, "waiting_for_officer");
  decided[0] = { command_id: id, status: "set_aside", reason: "counted twice" };
  await phone.sync();
  assert.deepEqual([phone.count(id)?.state, phone.count(id)?.decision?.reason], ["set_aside", "counted twice"]);
});

test("what an officer applied is accepted with its receipt, of other content and under another id too", async () => {
  const { phone, id, decided } = await inQuarantine();
  const [countId, data] = [randomId(), { depot_id: DEPOT_ID, lines: [{ item: "ITEM1", quantity: 5 }] }];
  // A receipt of something else proves nothing.
  decided.push({ command_id: id, status: "applied", count_id: countId, receipt: receiptOf(randomId(), data, 1), data });
  await phone.sync();
  assert.deepEqual([phone.count(id)?.state, phone.status().lastRound?.kept.map((kept) => kept.code)], ["waiting_for_officer", ["receipt_wrong"]]);
  decided[0] = { ...decided[0], receipt: receiptOf(countId, data, 1) };
  await phone.sync();
  const count = phone.count(id);
  assert.deepEqual([count?.state, count?.countId, count?.corrected, (await phone.receipt(id))?.verdict], ["delivered", countId, true, "genuine"]);
});
