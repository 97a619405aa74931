// What the views use: drafts, review, sending, states, waits, and what changed.
import { test } from "node:test";
import assert from "node:assert/strict";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { signedIn, surroundings } from "./surroundings.js";
import { Phone } from "../../../web/phone/engine/phone.js";
import { refusedAs, typeIn as typed } from "./tools.js";

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
  assert.deepEqual([review.faults, review.mayBeFull, review.zeros.total], [[], false, 8]);
  assert.ok(!review.zeros.lines.some((line) => line.item === "ITEM4"), "what is skipped is not said to be recorded as 0");
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
  const shown = draft.review().token;
  // Who counted and a remark are typed on the same screen, and change nothing of what it showed.
  await draft.setHeader({ note: "shelf by shelf", countedBy: "Li" });
  const { id } = await draft.submit({ scope: "full", token: shown });
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
  assert.equal((await phone.sync()).end.waitMs, 60500);
  assert.equal(asked, 1);
  clock.ticks += 61000;
  assert.equal((await phone.sync()).end.kind, "settled");
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
  assert.deepEqual(phone.deepLink("/d/T1-A#NOTHING"), { depot: "T1-A", item: "NOTHING" });
  assert.deepEqual(phone.deepLink("/d/t1-a#item3"), { depot: "T1-A", item: "ITEM3" });
  const without = await Phone.start({ stores: new MemoryStores(), local: null });
  assert.deepEqual(without.deepLink("/d/T1-A#0417"), { depot: "T1-A", item: "0417" });
  // What a scanner types of a label, of this depot or another, of this service or one that it moved from.
  for (const address of ["https://muster.example/d/T1-A#ITEM1", "http://10.0.0.1:8080/d/t1-a#item1"]) {
    assert.deepEqual(phone.search("ELSEWHERE", address).map(({ item, depot, fit }) => [item, depot, fit]), [["ITEM1", "T1-A", "exact"]]);
  }
  for (const address of ["/d/T1-A#ITEM", "/d/T1-A"]) assert.deepEqual(phone.search("T1-A", address), []);
  for (const other of ["/phone", "/d/", "/d/%E0%A4%A#x", "javascript:alert(1)", `/d/${"x".repeat(3000)}`]) assert.equal(phone.deepLink(other), null);
});

test("where nothing stays, the phone says so and works", async () => {
  const { server } = surroundings();
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
