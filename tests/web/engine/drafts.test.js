// Drafts between phone and service: what is said of where they are, what is dropped, what comes back.
import { test } from "node:test";
import assert from "node:assert/strict";
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
