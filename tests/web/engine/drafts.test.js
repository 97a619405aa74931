// Drafts between phone and service: what is said of where they are, what is dropped, what comes back.
import { test } from "node:test";
import assert from "node:assert/strict";
import { readDraft } from "../../../web/phone/engine/draft-model.js";
import { Phone } from "../../../web/phone/engine/phone.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { draftingServer, offline, quantityIn, refusedAs, signedInAt, typeIn } from "./tools.js";

test("a draft is saved on the service, and another phone goes on with it", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const draft = await typeIn(one, "ITEM1", "12");
  await one.sync();
  assert.equal(draft.data.onServer, "saved");
  const two = await signedInAt(server);
  const [listed] = await two.draftsOnServer();
  assert.deepEqual([listed?.id, listed?.depot], [draft.data.id, "T1-A"]);
  const taken = await two.takeDraft(draft.data.id);
  assert.equal(quantityIn(two, "ITEM1"), "12");
  // Both go on: each keeps what it typed last, and gets what the other typed.
  await taken.set("ITEM2", "", "quantity", "5");
  await taken.set("ITEM1", "", "quantity", "13");
  await two.sync();
  await draft.set("ITEM3", "", "quantity", "7");
  await one.sync();
  await one.sync();
  assert.deepEqual(["ITEM1", "ITEM2", "ITEM3"].map((item) => quantityIn(one, item)), ["13", "5", "7"]);
  await two.sync();
  await taken.set("ITEM4", "", "quantity", "1");
  await two.sync();
  await two.sync();
  assert.deepEqual(["ITEM1", "ITEM3", "ITEM4"].map((item) => quantityIn(two, item)), ["13", "7", "1"]);
  // Both typed the same line: each phone keeps its own, and the last that saves is on the service.
  await draft.set("ITEM1", "", "quantity", "14");
  await taken.set("ITEM1", "", "quantity", "15");
  await one.sync();
  await two.sync();
  await two.sync();
  assert.deepEqual([quantityIn(one, "ITEM1"), quantityIn(two, "ITEM1")], ["14", "15"]);
  assert.deepEqual(await two.draftsOnServer(), []);
  const { id } = await taken.submit({ scope: "listed" });
  await two.sync();
  assert.deepEqual([...server.counts.keys()], [id]);
  // What the other typed since is a count of its own, with a draft of its own on the service.
  await draft.set("ITEM5", "", "quantity", "2");
  await one.sync();
  const [own] = await two.draftsOnServer();
  assert.ok(own && own.id !== id && server.drafts?.has(own.id));
  assert.equal(draft.data.onServer, "saved");
  const sent = await draft.submit({ scope: "listed" });
  assert.equal(sent.id, own.id);
  await one.sync();
  assert.deepEqual([[...server.counts.keys()], server.drafts?.size, server.faults], [[id, own.id], 0, []]);
});

test("a draft that is gone on the service is saved anew", async () => {
  const server = draftingServer();
  const phone = await signedInAt(server);
  const draft = await typeIn(phone, "ITEM1", "1");
  await phone.sync();
  server.drafts?.clear();
  await draft.set("ITEM1", "", "quantity", "12");
  await phone.sync();
  const kept = server.drafts?.get(draft.data.id);
  assert.equal(kept?.body.content.lines.ITEM1.lots[0].texts.quantity, "12");
  assert.deepEqual(["etag", "savedVersion", "triedVersion", "onServer"].filter((name) => name in kept?.body.content), []);
  assert.equal(draft.data.onServer, "saved");
});

test("a service without drafts is asked once, and everything goes on", async () => {
  const server = draftingServer();
  server.drafts = null;
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

test("a key that the service does not have yet is not said to be there", async () => {
  const server = draftingServer();
  const phone = await signedInAt(server);
  const draft = await typeIn(phone, "ITEM1", "1");
  const where = () => draft.data.onServer;
  assert.equal(where(), "never");
  await phone.sync();
  assert.equal(where(), "saved");
  await draft.set("ITEM1", "", "quantity", "12");
  assert.equal(where(), "later");
  await phone.sync();
  assert.equal(where(), "saved");
  // A key that is typed while the draft is on its way is not among what was sent.
  const { fetch } = phone.world;
  phone.world.fetch = /** @type {any} */ (async (/** @type {string} */ url, /** @type {any} */ init) => {
    if (init.method === "PUT") await draft.set("ITEM1", "", "quantity", "1234");
    phone.world.fetch = fetch;
    return fetch(url, init);
  });
  await draft.set("ITEM1", "", "quantity", "123");
  await phone.desk?.saveDrafts();
  assert.equal(where(), "later");
  await phone.sync();
  assert.equal(where(), "saved");
});

test("a draft that is too large for the service is said to be, and saved once it is not", async () => {
  const server = draftingServer();
  const phone = await signedInAt(server);
  const draft = await typeIn(phone, "ITEM1", "1");
  for (let lot = 0; lot < 70; lot++) await draft.addLot("ITEM2", { note: "x".repeat(1000) });
  await phone.sync();
  assert.deepEqual([draft.data.onServer, server.drafts?.size], ["too_large", 0]);
  await draft.clear("ITEM2");
  await phone.sync();
  assert.deepEqual([draft.data.onServer, server.drafts?.size], ["saved", 1]);
});

test("what the service would not take is no older than what another phone saved", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const draft = await typeIn(one, "ITEM1", "1");
  await one.sync();
  const two = await signedInAt(server);
  const taken = await two.takeDraft(draft.data.id);
  await taken.set("ITEM1", "", "quantity", "2");
  await two.sync();
  const answer = server.answer.bind(server);
  server.answer = (url, init) => (init.method === "PUT" ? { status: 403, body: { status: 403, code: "role_not_allowed", title: "", detail: "" } } : answer(url, init));
  await draft.set("ITEM1", "", "quantity", "3");
  await one.sync();
  server.answer = answer;
  await draft.set("ITEM2", "", "quantity", "4");
  await one.sync();
  assert.equal(draft.data.lines["ITEM1"]?.lots[0]?.texts.quantity, "3");
});

test("a draft that was discarded without a network is not offered again, and goes from the service", async () => {
  const server = draftingServer();
  const phone = await signedInAt(server);
  const draft = await typeIn(phone, "ITEM1", "1");
  await phone.sync();
  const back = offline(phone);
  await draft.discard();
  await new Promise((resolve) => setImmediate(resolve));
  back();
  assert.equal(server.drafts?.size, 1);
  assert.deepEqual(await phone.draftsOnServer(), []);
  await phone.sync();
  assert.equal(server.drafts?.size, 0);
  assert.deepEqual(phone.desk?.drafts.dropped(), []);
});

test("a discarded draft with which another phone went on stays, and is offered", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const draft = await typeIn(one, "ITEM1", "1");
  await one.sync();
  const two = await signedInAt(server);
  const taken = await two.takeDraft(draft.data.id);
  await taken.set("ITEM2", "", "quantity", "2");
  await two.sync();
  const back = offline(one);
  await draft.discard();
  await new Promise((resolve) => setImmediate(resolve));
  back();
  await one.sync();
  assert.deepEqual([server.drafts?.size, (await one.draftsOnServer()).length], [1, 1]);
});

test("a draft that is on its way to the service when it is discarded goes there too", async () => {
  const server = draftingServer();
  const phone = await signedInAt(server);
  for (const isFirst of [true, false]) {
    const draft = await typeIn(phone, "ITEM1", "1");
    if (!isFirst) await phone.sync();
    await draft.set("ITEM1", "", "quantity", "12");
    const saving = phone.desk?.saveDrafts();
    await draft.discard();
    await saving;
    await phone.desk?.server.dropDiscarded();
    assert.equal(server.drafts?.size, 0);
  }
});

test("a draft is not taken over beside one of the same depot that is in work here", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const { id } = (await typeIn(one, "ITEM1", "1")).data;
  await one.sync();
  const two = await signedInAt(server);
  const own = await typeIn(two, "ITEM2", "2");
  await assert.rejects(two.takeDraft(id), refusedAs("draft_here"));
  assert.deepEqual([two.draft("T1-A")?.id, own.data.lines["ITEM2"]?.act, two.status().drafts], [own.id, "number", 1]);
  // One in which nothing was said gives way.
  await own.clear("ITEM2");
  await two.takeDraft(id);
  assert.deepEqual([two.draft("T1-A")?.id, two.status().drafts], [id, 1]);
});

test("a remark and a name that another phone typed stay, but for those that were typed here since", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const draft = await typeIn(one, "ITEM1", "1");
  await draft.setHeader({ note: "first", countedBy: "Li" });
  await one.sync();
  const two = await signedInAt(server);
  const taken = await two.takeDraft(draft.data.id);
  await taken.setHeader({ note: "second", countedBy: "Wang" });
  await two.sync();
  await draft.setHeader({ note: "third" });
  await one.sync();
  await one.sync();
  assert.deepEqual([draft.data.note, draft.data.countedBy], ["third", "Wang"]);
  await taken.set("ITEM2", "", "quantity", "2");
  await two.sync();
  await two.sync();
  assert.deepEqual([taken.data.note, taken.data.countedBy], ["third", "Wang"]);
  // Which were typed last is known after a crash too.
  assert.deepEqual(readDraft(JSON.parse(JSON.stringify(draft.data)))?.textVersions, draft.data.textVersions);
});

test("a key behind a discard brings no draft back", async () => {
  const [server, stores, kept] = [draftingServer(), new MemoryStores(), new Map()];
  const local = {
    get: (/** @type {string} */ key) => kept.get(key) ?? null,
    set: (/** @type {string} */ key, /** @type {string} */ text) => void kept.set(key, text),
    remove: (/** @type {string} */ key) => void kept.delete(key),
    keys: () => [...kept.keys()],
  };
  const around = { stores, local, locks: /** @type {false} */ (false) };
  const phone = await signedInAt(server, around);
  const draft = await typeIn(phone, "ITEM1", "1");
  const discarding = draft.discard();
  await assert.rejects(draft.set("ITEM1", "", "quantity", "12"), refusedAs("no_draft"));
  await discarding;
  phone.desk?.close();
  const again = await Phone.start({ origin: "http://model", fetch: server.fetch, ...around });
  assert.deepEqual([again.status().elsewhere, again.draft("T1-A")], [false, null]);
});

/** The service tells the stock of the depot: these items, each as a count found it. @param {any} server @param {[string, any][]} items */
function tellStock(server, items) {
  const { pull } = server;
  server.position += 1;
  server.pull = (/** @type {string | null} */ cursor) => {
    const answer = pull.call(server, cursor);
    const rows = items.map(([item], at) => [item, "counted", 1, 1, "2099-01-01", [], [at]]);
    const data = { columns: ["item", "state", "usable_min", "usable_max", "valid_through", "lots", "counts"], rows, counts: items.map(([, count]) => count) };
    if (answer.body.changes.length > 0) answer.body.changes.push({ type: "stock", op: "put", key: "T1-A", data });
    return answer;
  };
}

test("a draft that another phone sent is taken out of the way, but not what that count does not say", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const draft = await typeIn(one, "ITEM1", "12");
  await draft.set("ITEM2", "", "quantity", "3");
  await draft.skip("ITEM3");
  await one.sync();
  const two = await signedInAt(server);
  const { id } = await (await two.takeDraft(draft.data.id)).submit({ scope: "listed" });
  await two.sync();
  const count = { id, effective_at: "2099-01-01T00:00:00Z", counted_by: "a", kind: "own" };
  tellStock(server, [["ITEM1", count], ["ITEM2", count]]);
  await one.sync();
  assert.deepEqual([one.draft("T1-A"), one.depot("T1-A")?.draft, one.sentElsewhere()], [null, null, { depot: "T1-A", left: 0 }]);
  await assert.rejects(draft.submit({ scope: "listed" }), refusedAs("no_draft"));
  await one.readElsewhere();
  assert.equal(one.sentElsewhere(), null);
  await one.sync();
  assert.deepEqual([[...server.counts.keys()], server.drafts?.size, server.faults], [[id], 0, []]);
});

test("what was typed here since another phone took the draft and sent it is a count of its own", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const draft = await typeIn(one, "ITEM1", "12");
  await draft.set("ITEM2", "", "quantity", "3");
  await one.sync();
  const two = await signedInAt(server);
  const taken = await two.takeDraft(draft.data.id);
  // This is saved, but the other phone sends without it; and the last is not saved at all.
  await draft.set("ITEM3", "", "quantity", "5");
  await one.sync();
  const putBack = offline(one);
  await draft.set("ITEM2", "", "quantity", "4");
  putBack();
  const { id } = await taken.submit({ scope: "listed" });
  await two.sync();
  const count = { id, effective_at: "2020-01-01T00:00:00Z", counted_by: "a", kind: "own" };
  tellStock(server, [["ITEM1", count], ["ITEM2", count]]);
  await one.sync();
  assert.deepEqual([one.sentElsewhere(), Object.keys(draft.data.lines).sort()], [{ depot: "T1-A", left: 2 }, ["ITEM2", "ITEM3"]]);
  const own = await draft.submit({ scope: "listed" });
  await one.sync();
  assert.notEqual(own.id, id);
  const lines = JSON.parse(server.counts.get(own.id)?.text || "").lines;
  assert.deepEqual(lines.map((/** @type {any} */ line) => [line.item, line.quantity]).sort(), [["ITEM2", 4], ["ITEM3", 5]]);
});

test("a count of another phone that waits for an officer ends the draft too", async () => {
  const server = draftingServer();
  const one = await signedInAt(server);
  const draft = await typeIn(one, "ITEM1", "12");
  await one.sync();
  const { pull } = server;
  const row = { type: "quarantine", op: "put", key: draft.data.id, data: { command_id: draft.data.id, status: "waiting" } };
  server.pull = (/** @type {string | null} */ cursor) => {
    const answer = pull.call(server, cursor);
    answer.body.changes.push(row);
    return answer;
  };
  await one.sync();
  assert.deepEqual([one.draft("T1-A"), one.sentElsewhere()], [null, { depot: "T1-A", left: 0 }]);
});
