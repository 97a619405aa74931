// Drafts between phone and service: what is said of where they are, what is dropped, what comes back.
import { test } from "node:test";
import assert from "node:assert/strict";
import { draftingServer, offline, refusedAs, signedInAt, typeIn } from "./tools.js";

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
