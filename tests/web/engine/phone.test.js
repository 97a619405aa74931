// What the views use: people, drafts, review, sending, states, files, other windows.
import { test } from "node:test";
import assert from "node:assert/strict";
import { randomFrom, refusedAs, typeIn as typed } from "./tools.js";
import { ModelServer, idOf } from "./model-server.js";
import { PageRun } from "./crashing.js";
import { queueCommand } from "../../../web/phone/engine/commands.js";
import { randomId } from "../../../web/phone/engine/ids.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";

function surroundings() {
  const server = new ModelServer(randomFrom(7));
  const clock = { at: Date.parse("2026-11-23T02:00:00Z"), ticks: 0 };
  server.now = () => Date.parse("2026-11-23T02:00:00Z") + clock.ticks;
  const world = { origin: "http://model", now: () => clock.at, ticks: () => clock.ticks, random: () => 0.5, fetch: server.fetch };
  const [stores, local] = [new MemoryStores(), new Map()];
  /** @type {{isDead: boolean}[]} */
  const runs = [];
  const start = () => {
    runs.forEach((run) => (run.isDead = true));
    const run = new PageRun(stores, local, world);
    runs.push(run);
    return run.start();
  };
  return { server, clock, stores, local, start };
}

async function signedIn() {
  const all = surroundings();
  const phone = await all.start();
  await phone.signIn("a", "p", { deviceName: "d" });
  await phone.sync();
  return { ...all, phone };
}

test("two people on one phone have separate stores, and signing in touches no other's queue", async () => {
  const { phone, start, server } = await signedIn();
  const { id } = await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
  await phone.signIn("b", "p", { deviceName: "d" });
  assert.deepEqual(phone.people().map((person) => [person.username, person.current]), [["b", true], ["a", false]]);
  assert.equal(phone.status().unsent, 0);
  assert.equal(phone.count(id), null);
  await phone.sync();
  assert.equal(server.counts.size, 0);
  const { id: other } = await (await typed(phone, "ITEM2", "5")).submit({ scope: "listed" });
  const again = await start();
  assert.equal(again.person()?.username, "b");
  await again.use(idOf("a"));
  assert.deepEqual(again.counts().map((count) => [count.id, count.state]), [[id, "only_here"]]);
  await again.sync();
  assert.deepEqual([...server.counts.keys()], [id]);
  await again.use(idOf("b"));
  assert.deepEqual(again.counts().map((count) => [count.id, count.seq]), [[other, 1]]);
  await again.sync();
  assert.equal(server.counts.size, 2);
  assert.deepEqual(server.faults, []);
});

test("what another person has only on this phone is known, also after a start and where the browser dropped the list", async () => {
  const { phone, start, stores } = await signedIn();
  await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
  await typed(phone, "ITEM2", "5");
  const left = (/** @type {typeof phone} */ one) => one.people().map((person) => [person.username, person.unsent, person.drafts]);
  assert.deepEqual(left(phone), [["a", 1, 1]]);
  await phone.signIn("b", "p", { deviceName: "d" });
  assert.deepEqual(left(phone), [["b", 0, 0], ["a", 1, 1]]);
  assert.deepEqual(left(await start()), [["b", 0, 0], ["a", 1, 1]]);
  await stores.remove("muster-people");
  const again = await start();
  assert.deepEqual(left(again), [["a", 1, 1], ["b", 0, 0]]);
  await again.use(idOf("a"));
  /** @type {Set<string>} */
  const heard = new Set();
  again.subscribe((kinds) => kinds.forEach((kind) => heard.add(kind)));
  await again.sync();
  await again.draft("T1-A")?.discard();
  await again.use(idOf("b"));
  assert.deepEqual([left(again), heard.has("people")], [[["b", 0, 0], ["a", 0, 0]], true]);
});

test("signing out is refused while something is unsent, and what is unsent stays", async () => {
  const { phone, server, start } = await signedIn();
  const draft = await typed(phone, "ITEM1", "4");
  await assert.rejects(phone.signOut(), refusedAs("unsent"));
  const { id } = await draft.submit({ scope: "listed" });
  await assert.rejects(phone.signOut(), refusedAs("unsent"));
  await assert.rejects(phone.removePerson(idOf("a")), refusedAs("unsent"));
  await phone.signOut({ anyway: true });
  assert.equal(phone.status().session, "none");
  assert.equal((await phone.sync()).end.kind, "sign_in");
  assert.equal(server.counts.size, 0);
  const again = await start();
  assert.equal(again.status().unsent, 1);
  await again.signIn("a", "p", { deviceName: "d" });
  await again.sync();
  assert.deepEqual([...server.counts.keys()], [id]);
  await again.signOut();
  await again.removePerson(idOf("a"));
  assert.deepEqual([again.people(), again.person()], [[], null]);
});

test("a code is sent with one key, until its session is stored", async () => {
  const { server, start, stores } = surroundings();
  /** @type {string[]} */
  const keys = [];
  const answer = server.answer.bind(server);
  let lost = 2;
  server.answer = (url, init) => {
    if (url.pathname !== "/api/v1/auth/enrol") return answer(url, init);
    keys.push(init.headers["Idempotency-Key"]);
    server.sessions.set("a", { pairs: 1, used: null });
    if (lost-- > 0) throw new TypeError("lost");
    return { status: 200, body: server.pair("a") };
  };
  const phone = await start();
  await assert.rejects(phone.enrol("7ZK3M-0QX9D", { deviceName: "d" }), refusedAs("unreachable"));
  await assert.rejects((await start()).enrol("7zk3m 0qx9d", { deviceName: "d" }), refusedAs("unreachable"));
  await (await start()).enrol("7ZK3M0QX9D", { deviceName: "d" });
  await (await start()).enrol("AAAAA", { deviceName: "d" });
  assert.equal(new Set(keys.slice(0, 3)).size, 1);
  assert.notEqual(keys[3], keys[0]);
  assert.ok((keys[0] || "").length >= 16);
  assert.ok(stores);
});

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
  await after.draft("T1-A")?.discard();
  await after.removePerson(idOf("a"));
  assert.deepEqual(copies(), []);
});

test("a copy that cannot be read hides none of the others, and goes with the person", async () => {
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
  await again.sync();
  await again.draft("T1-A")?.discard();
  local.set(broken[0] || "", "{");
  await again.removePerson(idOf("a"));
  assert.deepEqual([...local.keys()].filter((key) => key.includes(idOf("a"))), []);
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

test("a remark takes no zero back, a number does, and no number is none", async () => {
  const { phone } = await signedIn();
  const draft = await phone.startDraft("T1-A");
  const act = () => draft.data.lines["ITEM1"]?.act;
  await draft.zero("ITEM1");
  await draft.set("ITEM1", "", "note", "shelf is gone");
  assert.equal(act(), "zero");
  await draft.set("ITEM1", "", "quantity", "1");
  assert.equal(act(), "number");
  await draft.set("ITEM1", "", "quantity", "");
  assert.equal(act(), "none");
  await draft.skip("ITEM1");
  await draft.setPlace("ITEM1", "A-1");
  assert.deepEqual([act(), phone.line("T1-A", "ITEM1")?.place], ["skipped", "A-1"]);
});

test("what becomes of a draft: lines, lots, conditions, packs and faults", async () => {
  const { phone, server } = await signedIn();
  const answer = server.answer.bind(server);
  server.answer = (url, init) => {
    const told = answer(url, init);
    const item = { name_en: "Box", name_zh: "盒", unit: "piece", packs: [{ name: "box", size: 12 }] };
    for (const change of told.body.changes || []) if (change.key === "ITEM1") change.data = item;
    for (const change of told.body.changes || []) if (change.key === "ITEM2") change.data = { ...item, measured: true };
    return told;
  };
  server.epoch += 1;
  await phone.sync();
  const draft = await phone.startDraft("T1-A");
  const lot = await draft.addLot("ITEM1", { lot: "Ｂ2209", expires_on: "203002" });
  for (const [field, text] of /** @type {const} */ ([["packs", "3"], ["pack", "box"], ["quantity", "4"], ["in_repair", "1"]])) {
    await draft.set("ITEM1", lot, field, text);
  }
  await draft.set("ITEM2", "", "quantity", "0.125");
  await draft.zero("ITEM3");
  await draft.skip("ITEM4");
  await draft.setHeader({ note: "after the drill", countedBy: "Night shift" });
  const review = draft.review();
  assert.deepEqual(review.lines.map((line) => [line.item, line.total, line.usable]), [["ITEM1", 41, 40], ["ITEM2", 0.125, 0.125], ["ITEM3", 0, 0]]);
  assert.deepEqual([review.faults, review.mayBeFull, review.zeros.total], [[], false, 9]);
  await draft.set("ITEM5", "", "quantity", "1.5");
  const wrong = await draft.addLot("ITEM5", { expires_on: "2030-02-30", lot: "x" });
  await draft.set("ITEM5", wrong, "quantity", "-1");
  assert.deepEqual(draft.review().faults.map((fault) => [fault.field, fault.code]), [
    ["quantity", "not_whole"],
    ["expires_on", "not_a_day"],
    ["quantity", "negative"],
  ]);
  await assert.rejects(draft.submit({ scope: "listed" }), refusedAs("faults"));
  await draft.clear("ITEM5");
  const { id } = await draft.submit({ scope: "listed" });
  const body = JSON.parse(phone.content(id) || "");
  const shared = { item: "ITEM1", lot: "Ｂ2209", expires_on: "2030-02-28" };
  assert.deepEqual(body.lines, [
    { ...shared, pack: "box", packs: 3, pack_size: 12 },
    { ...shared, quantity: 4 },
    { ...shared, condition: "in_repair", quantity: 1 },
    { item: "ITEM2", quantity: 0.125 },
    { item: "ITEM3", quantity: 0 },
  ]);
  assert.deepEqual([body.note, body.counted_by, body.scope, body.catalogue_change_set], ["after the drill", "Night shift", "listed", "s"]);
});

test("a full count is sent as it was reviewed, and not over skipped lines", async () => {
  const { phone, server } = await signedIn();
  const draft = await typed(phone, "ITEM1", "4");
  await draft.skip("ITEM2");
  await assert.rejects(draft.submit({ scope: "full", token: draft.review().token }), refusedAs("skipped_lines"));
  await draft.clear("ITEM2");
  const { token, zeros } = draft.review();
  assert.equal(zeros.total, 11);
  await draft.zero("ITEM3");
  await assert.rejects(draft.submit({ scope: "full", token }), refusedAs("review_again"));
  const { id } = await draft.submit({ scope: "full", token: draft.review().token });
  await phone.sync();
  assert.equal(JSON.parse(server.counts.get(id)?.text || "").scope, "full");
  await assert.rejects((await phone.startDraft("T1-A")).submit({ scope: "listed" }), refusedAs("empty"));
});

test("a status and a name are told without working out lines", async () => {
  const { phone } = await signedIn();
  await typed(phone, "ITEM1", "4");
  const { store, figures } = phone.present();
  const lines = store.table("lines");
  store.rows["lines"] = new Proxy(lines, { get: () => assert.fail("the lines of a draft were looked at") });
  figures.work = () => assert.fail("the figures were worked out");
  assert.equal(phone.status().drafts, 1);
  assert.deepEqual([phone.depotNames("T1-A"), phone.depotNames("X")], [{ en: "A thing", zh: "物" }, null]);
  assert.deepEqual([phone.item("ITEM1"), phone.item("X")], [{ names: { en: "A thing", zh: "物" }, unit: "piece" }, null]);
});

test("a clock that is a year wrong is sent as it is, and does no harm", async () => {
  for (const years of [-1, 1]) {
    const { phone, clock, server } = await signedIn();
    clock.at += years * 365 * 86400000;
    const at = clock.at;
    const { id } = await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
    await phone.sync();
    await phone.sync();
    assert.equal(JSON.parse(phone.content(id) || "").counted_at, new Date(at).toISOString());
    assert.equal(phone.count(id)?.state, "delivered");
    assert.ok((phone.status().lastContactAgeMs || 0) >= 0);
    assert.ok((phone.status().copy?.days || 0) >= 0);
    assert.equal(server.counts.size, 1);
    clock.at -= years * 365 * 86400000;
    await phone.sync();
    assert.equal(phone.count(id)?.state, "delivered");
  }
});

test("a service that asks to wait is not asked before, whoever asks", async () => {
  const { phone, clock, server } = await signedIn();
  const answer = server.answer.bind(server);
  let [busy, asked] = [true, 0];
  server.answer = (url, init) => {
    asked += 1;
    if (!busy) return answer(url, init);
    return { status: 503, headers: { "Retry-After": "120" }, body: { status: 503, code: "busy", title: "", detail: "" } };
  };
  const { end } = await phone.sync();
  assert.deepEqual([end.kind, end.askedMs, asked], ["again", 120000, 1]);
  busy = false;
  clock.ticks += 60000;
  assert.ok((await phone.sync()).end.waitMs <= 61000);
  assert.equal(asked, 1);
  clock.ticks += 61000;
  assert.equal((await phone.sync()).end.kind, "settled");
});

test("a sign-in that has to wait is not tried before, and says for how long", async () => {
  const { phone, clock, server } = await signedIn();
  const answer = server.answer.bind(server);
  let asked = 0;
  server.answer = (url, init) => {
    if (!url.pathname.startsWith("/api/v1/auth/")) return answer(url, init);
    asked += 1;
    const headers = { "Retry-After": "90" };
    return { status: 429, headers, body: { status: 429, code: "too_many_attempts", title: "", detail: "in 90 seconds" } };
  };
  const waits = (/** @type {number} */ seconds) => (/** @type {any} */ fault) => refusedAs("too_many_attempts")(fault) && fault.waitSeconds === seconds;
  await assert.rejects(phone.signIn("a", "p", { deviceName: "d" }), waits(90));
  clock.ticks += 29500;
  await assert.rejects(phone.signIn(" A", "p", { deviceName: "d" }), waits(61));
  assert.equal(asked, 1);
  // Another name, and a code, are another's.
  await assert.rejects(phone.signIn("b", "p", { deviceName: "d" }), waits(90));
  await assert.rejects(phone.enrol("7ZK3M-0QX9D", { deviceName: "d" }), waits(90));
  await assert.rejects(phone.enrol("7ZK3M-0QX9D", { deviceName: "d" }), waits(90));
  assert.equal(asked, 3);
  server.answer = answer;
  clock.ticks += 60600;
  assert.equal((await phone.signIn("a", "p", { deviceName: "d" })).username, "a");
});

test("a file of unsent counts is taken in by another phone with the same ids and bytes", async () => {
  const one = await signedIn();
  const { id } = await (await typed(one.phone, "ITEM1", "4")).submit({ scope: "listed" });
  const file = one.phone.exportUnsent();
  assert.deepEqual([file.counts, JSON.parse(file.text).commands[0].data], [1, one.phone.content(id)]);
  const two = await signedIn();
  assert.deepEqual(await two.phone.importCounts(file.text), { taken: 1, known: 0, refused: [] });
  assert.deepEqual(await two.phone.importCounts(file.text), { taken: 0, known: 1, refused: [] });
  assert.equal(two.phone.content(id), one.phone.content(id));
  const changed = JSON.parse(file.text);
  const another = { id: "0198f5a2-7c11-4c3e-9f0a-1f1e5a0f6b11", seq: 7, type: "submit_count", data: "{}" };
  changed.commands = [{ ...changed.commands[0], data: "{}" }, another, { ...another, seq: 8, data: '{"a":1}' }, { ...another, seq: 9 }];
  const refused = [id, another.id].map((one) => ({ id: one, code: "id_reused" }));
  assert.deepEqual(await two.phone.importCounts(JSON.stringify(changed)), { taken: 1, known: 1, refused });
  assert.equal(two.phone.content(another.id), "{}");
  await two.phone.signIn("b", "p", { deviceName: "d" });
  await assert.rejects(two.phone.importCounts(file.text), refusedAs("other_account"));
});

test("a file that is broken anywhere, or too large, is refused whole", async () => {
  const { phone } = await signedIn();
  const command = { id: "0198f5a2-7c11-4c3e-9f0a-1f1e5a0f6b11", seq: 1, type: "submit_count", data: "{}" };
  const other = { ...command, id: "0198f5a2-7c11-4c3e-9f0a-1f1e5a0f6b12", seq: 2 };
  const file = { format: "muster-unsent-counts", version: 1, account: idOf("a"), commands: [command, other] };
  const large = `{"a":"${"靴".repeat(333331)}"}`;
  const wrong = [{ id: "x" }, { seq: "1" }, { type: "" }, { type: "靴".repeat(22) }, { data: "[" }, { data: "[1]" }, { data: {} }, { data: large }];
  const refused = [
    ...["", "{}", JSON.stringify(file).slice(0, -9), " ".repeat(16 * 1024 * 1024 + 1)],
    JSON.stringify({ ...file, note: "靴".repeat(6 * 1024 * 1024) }),
    ...wrong.map((part) => JSON.stringify({ ...file, commands: [command, { ...other, ...part }] })),
  ];
  for (const text of refused) await assert.rejects(phone.importCounts(text), refusedAs("not_an_export"), text.slice(0, 500));
  const many = Array.from({ length: 2001 }, () => command);
  await assert.rejects(phone.importCounts(JSON.stringify({ ...file, commands: many })), refusedAs("too_many"));
  assert.deepEqual([phone.status().unsent, await phone.importCounts(JSON.stringify(file))], [0, { taken: 2, known: 0, refused: [] }]);
});

test("a count that no push has room for is not made, and not taken in", async () => {
  const { phone } = await signedIn();
  const draft = await phone.startDraft("T1-A");
  for (const item of ["ITEM1", "ITEM2"]) {
    for (let at = 0; at < 170; at++) {
      const lot = await draft.addLot(item, { lot: `L${at}`, note: "靴".repeat(1000) });
      await draft.set(item, lot, "quantity", "1");
    }
  }
  await assert.rejects(draft.submit({ scope: "listed" }), refusedAs("too_many"));
  await draft.clear("ITEM2");
  const { id } = await draft.submit({ scope: "listed" });
  const commands = [{ id: randomId(), seq: 1, type: "submit_count", data: `{"a":"${"靴".repeat(333330)}12"}` }];
  const file = { format: "muster-unsent-counts", version: 1, account: idOf("a"), commands };
  assert.equal(Buffer.byteLength(commands[0]?.data || ""), 1000000);
  assert.equal((await phone.importCounts(JSON.stringify(file))).taken, 1);
  assert.ok((phone.content(id) || "").length > 170000);
});

test("a file has the oldest of what is unsent, as many as any phone reads, and says how many it leaves out", async () => {
  const { phone } = await signedIn();
  const { store } = phone.present();
  const queue = (/** @type {number} */ number, /** @type {string} */ text) =>
    store.change((changes) => {
      for (let at = 0; at < number; at++) queueCommand(store, changes, { id: randomId(), type: "submit_count", text, now: 0 });
    });
  await queue(8, `{"a":"${'\\"'.repeat(499990)}"}`);
  const large = phone.exportUnsent();
  assert.deepEqual([large.counts, large.leftOut], [7, 1]);
  assert.ok(Buffer.byteLength(large.text) <= 16 * 1024 * 1024);
  await queue(2000, "{}");
  const many = phone.exportUnsent();
  assert.deepEqual([many.counts, many.leftOut], [2000, 8]);
  const other = await signedIn();
  assert.equal((await other.phone.importCounts(many.text)).taken, 2000);
});

test("a listener hears what changed, and one that fails stops nothing", async () => {
  const { phone } = await signedIn();
  /** @type {Set<string>} */
  const heard = new Set();
  const { error } = console;
  console.error = () => {};
  phone.subscribe(() => {
    throw new Error("a view failed");
  });
  const stop = phone.subscribe((kinds) => kinds.forEach((kind) => heard.add(kind)));
  await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
  assert.ok(heard.has("draft") && heard.has("counts"));
  await phone.sync();
  assert.ok(heard.has("sync"));
  stop();
  heard.clear();
  await typed(phone, "ITEM1", "5");
  console.error = error;
  assert.equal(heard.size, 0);
});

test("a round in which nothing is new draws no session anew, and works no figure out again", async () => {
  const { phone, server } = await signedIn();
  const figures = phone.present().figures;
  const [copy, worked] = [figures.copy, figures.work()];
  /** @type {Set<string>} */
  const heard = new Set();
  phone.subscribe((kinds) => kinds.forEach((kind) => heard.add(kind)));
  await phone.sync();
  assert.deepEqual([...heard], ["sync"]);
  assert.ok(figures.copy === copy && figures.work() === worked);
  server.sessions.clear();
  await phone.sync();
  assert.deepEqual([heard.has("session"), phone.status().session], [true, "ended"]);
});

test("an address of a label leads to its line", async () => {
  const { phone } = await signedIn();
  assert.deepEqual(phone.deepLink("https://muster.example/d/T1-A#ITEM3"), { depot: "T1-A", item: "ITEM3" });
  assert.deepEqual(phone.deepLink("/d/T1-A"), { depot: "T1-A", item: null });
  assert.deepEqual(phone.deepLink("/d/T1-A#NOTHING"), { depot: "T1-A", item: null });
  for (const other of ["/phone", "/d/", "/d/%E0%A4%A#x", "javascript:alert(1)", `/d/${"x".repeat(3000)}`]) assert.equal(phone.deepLink(other), null);
});

test("where nothing stays, the phone says so and works", async () => {
  const { start, server } = surroundings();
  void start;
  const { Phone } = await import("../../../web/phone/engine/phone.js");
  const phone = await Phone.start({ origin: "http://model", fetch: server.fetch, local: null });
  assert.equal(phone.status().onlineOnly, true);
  await phone.signIn("a", "p", { deviceName: "d" });
  await phone.sync();
  const { id } = await (await typed(phone, "ITEM1", "4")).submit({ scope: "listed" });
  await phone.sync();
  assert.equal(phone.count(id)?.state, "delivered");
  assert.equal((await phone.receipt(id))?.verdict, "genuine");
  const tested = await phone.selfTest();
  assert.deepEqual([tested.verdict, tested.indexedDb, tested.subtle], ["online_only", false, true]);
});
