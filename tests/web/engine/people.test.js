// Who uses the phone: signing in and out, and what of each person is only here.
import { test } from "node:test";
import assert from "node:assert/strict";
import { signedIn, surroundings } from "./surroundings.js";
import { refusedAs, typeIn as typed } from "./tools.js";
import { idOf } from "./model-server.js";

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
  await phone.signOut({ anyway: true });
  assert.deepEqual([phone.status().session, phone.person()], ["none", null]);
  assert.equal((await phone.sync()).end.kind, "sign_in");
  assert.equal(server.counts.size, 0);
  const again = await start();
  // Nobody uses the phone until somebody signs in, and what is unsent is still told.
  assert.deepEqual([again.person(), again.people().map((person) => person.unsent)], [null, [1]]);
  assert.equal(again.status().unsent, 1);
  await again.signIn("a", "p", { deviceName: "d" });
  await again.sync();
  assert.deepEqual([...server.counts.keys()], [id]);
  await again.signOut();
  assert.equal(again.status().session, "none");
});

test("a code is sent with one key, until its session is stored", async () => {
  const { server, start } = surroundings();
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
