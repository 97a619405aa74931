// What stays: keys and counts over a death of the page and a loss of the store, and what goes after 90 days.
import { test } from "node:test";
import assert from "node:assert/strict";
import { signedIn } from "./surroundings.js";
import { typeIn as typed } from "./tools.js";
import { idOf } from "./model-server.js";

test("each key is stored before it is confirmed, and a page that dies shows it again", async () => {
  const { phone, start } = await signedIn();
  const draft = await typed(phone, "ITEM1", "1");
  await draft.set("ITEM1", "", "quantity", "12");
  await draft.zero("ITEM2");
  await draft.skip("ITEM3");
  const again = (await start()).draft("T1-A");
  assert.equal(again?.data.lines["ITEM1"]?.lots[0]?.texts.quantity, "12");
  assert.deepEqual([again?.data.lines["ITEM2"]?.act, again?.data.lines["ITEM3"]?.act], ["zero", "skipped"]);
  assert.equal((await start()).depot("T1-A")?.counted, 2);
});

test("keys typed without waiting are stored in their order", async () => {
  const { phone, start } = await signedIn();
  const draft = await phone.startDraft("T1-A");
  await Promise.all(["1", "12", "123", "12", "129"].map((text) => draft.set("ITEM1", "", "quantity", text)));
  assert.equal((await start()).draft("T1-A")?.data.lines["ITEM1"]?.lots[0]?.texts.quantity, "129");
});

test("a draft and unsent counts come back from the copy where the browser dropped the store", async () => {
  const { phone, start, stores, server, local } = await signedIn();
  const { id } = await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
  const text = phone.content(id);
  await (await typed(phone, "ITEM2", "77")).setPlace("ITEM2", "A-3");
  await stores.remove(`muster-${idOf("a")}`);
  await stores.remove("muster-people");
  const again = await start();
  assert.deepEqual(again.people().map((person) => [person.username, person.signedOut]), [["a", true]]);
  await again.signIn("a", "p", { deviceName: "d" });
  assert.equal(again.content(id), text);
  assert.equal(again.draft("T1-A")?.data.lines["ITEM2"]?.lots[0]?.texts.quantity, "77");
  await again.sync();
  assert.deepEqual([...server.counts.keys()], [id]);
  const last = await start();
  assert.deepEqual([last.status().unsent, last.counts().length], [0, 1]);
  // What was delivered is copied too: the service may forget it while the store is lost.
  await stores.remove(`muster-${idOf("a")}`);
  await stores.remove("muster-people");
  server.counts.clear();
  server.epoch += 1;
  const after = await start();
  await after.signIn("a", "p", { deviceName: "d" });
  await after.sync();
  assert.deepEqual([[...server.counts.keys()], after.count(id)?.state, server.faults], [[id], "delivered", []]);
  const copies = () => [...local.keys()].filter((key) => key.startsWith("muster.unsent"));
  assert.equal(copies().length, 1);
});

test("a copy that cannot be read hides none of the others", async () => {
  const { phone, start, stores, local } = await signedIn();
  const { id } = await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
  await typed(phone, "ITEM2", "77");
  const kept = [...local];
  local.clear();
  const broken = ["draft", "unsent"].map((what) => `muster.${what}.${idOf("a")}.broken`);
  for (const key of broken) local.set(key, "{");
  for (const [key, text] of kept) local.set(key, text);
  await stores.remove(`muster-${idOf("a")}`);
  const again = await start();
  await again.signIn("a", "p", { deviceName: "d" });
  assert.deepEqual([again.count(id)?.state, again.draft("T1-A")?.data.lines["ITEM2"]?.act], ["only_here", "number"]);
});

test("what was accepted is kept by a clock that runs ahead, and goes after 90 days of a right one", async () => {
  const { phone, clock, local } = await signedIn();
  const { id } = await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
  await phone.sync();
  clock.at += 365 * 86400000;
  for (let round = 0; round < 3; round++) await phone.sync();
  assert.equal(phone.count(id)?.state, "delivered");
  clock.ticks += 365 * 86400000;
  await phone.sync();
  assert.equal(phone.count(id), null);
  assert.deepEqual([...local.keys()].filter((key) => key.startsWith("muster.unsent")), []);
});

test("what was put aside or refused goes after 90 days of a right clock, and what waits for an officer stays", async () => {
  const { phone, clock, server } = await signedIn();
  const push = server.push.bind(server);
  const problem = { status: 422, code: "values_not_taken", title: "", detail: "" };
  const decision = { status: "set_aside", reason: "counted twice", decided_at: "2026-11-23T02:00:00Z" };
  const fates = [{ status: "rejected" }, { status: "quarantined", decision }, { status: "quarantined" }];
  server.push = (sent) => {
    const told = push({ ...sent, commands: [] });
    const results = sent.commands.map((/** @type {any} */ { id }, /** @type {number} */ at) => ({ id, problem, decision: null, receipt: null, ...fates[at] }));
    return { ...told, body: { ...told.body, results } };
  };
  // The clock is a year behind when they are settled.
  clock.at -= 365 * 86400000;
  /** @type {string[]} */
  const ids = [];
  for (const item of ["ITEM1", "ITEM2", "ITEM3"]) ids.push((await (await typed(phone, item, "4")).submit({ scope: "listed" })).id);
  await phone.sync();
  const states = () => ids.map((id) => phone.count(id)?.state);
  assert.deepEqual(states(), ["refused", "set_aside", "waiting_for_officer"]);
  const pass = async (/** @type {number} */ days) => {
    clock.ticks += days * 86400000;
    clock.at = server.now();
    await phone.sync();
  };
  await pass(89);
  assert.deepEqual(states(), ["refused", "set_aside", "waiting_for_officer"]);
  await pass(2);
  assert.deepEqual(states(), [undefined, undefined, "waiting_for_officer"]);
});
