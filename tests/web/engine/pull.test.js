// The copy while it is fetched anew: what a person sees is never less than what was there.
import { test } from "node:test";
import assert from "node:assert/strict";
import { draftingServer, offline, signedInAt, typeIn } from "./tools.js";
import { ITEMS } from "./model-server.js";

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
