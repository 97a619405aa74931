// The engine against a real service, where `MUSTER` names its program: a code is used, a count changes the shortage, a session
// ends and deposits, officers decide, and the service is put back to a copy of its folder.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Phone } from "../../../web/phone/engine/phone.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { BrowserStores } from "../../../web/phone/engine/store-idb.js";
import { EngineFault } from "../../../web/phone/engine/fault.js";
import { IDBFactory } from "fake-indexeddb";

const program = process.env["MUSTER"] || "";
const options = { skip: program === "" ? "MUSTER names no program" : false };
const PASSWORD = "a password for the tests";

const folder = program === "" ? "" : mkdtempSync(join(tmpdir(), "service-"));
/** @type {import("node:child_process").ChildProcess | null} */
let service = null;
let origin = "";

/** @returns {Promise<void>} */
async function startService() {
  const port = origin === "" ? "0" : new URL(origin).port;
  const args = ["demo", "--listen", `127.0.0.1:${port}`, "--data-dir", join(folder, "data"), "--password", PASSWORD, "--log", "error"];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "inherit"] });
  service = child;
  origin = await new Promise((resolve, reject) => {
    let text = "";
    child.stdout.on("data", (data) => {
      text += data;
      const found = /http:\/\/[0-9.:]+/.exec(text);
      if (found) resolve(found[0]);
    });
    child.once("exit", () => reject(new Error("the service ended")));
  });
}

/** @returns {Promise<void>} */
function stopService() {
  const child = service;
  service = null;
  return new Promise((resolve) => {
    if (!child || child.exitCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill("SIGTERM");
  });
}

/** A request of an account of the bureau. @param {string} as @param {string} method @param {string} path @param {unknown} [body] @returns {Promise<any>} */
async function ask(as, method, path, body) {
  const headers = { "Content-Type": "application/json" };
  const credentials = JSON.stringify({ username: as, password: PASSWORD });
  const signedIn = await fetch(`${origin}/api/v1/auth/login`, { method: "POST", headers, body: credentials });
  const { access_token: token } = await signedIn.json();
  const sent = body === undefined ? {} : { body: JSON.stringify(body) };
  const answer = await fetch(`${origin}/api/v1${path}`, { method, headers: { ...headers, Authorization: `Bearer ${token}` }, ...sent });
  const json = await answer.json();
  assert.ok(answer.ok, JSON.stringify(json));
  return json;
}

/** @param {any} [stores] */
const startPhone = (stores = new MemoryStores()) => Phone.start({ origin, stores, local: null, language: "en", random: () => 0 });

/** @param {Phone} phone @param {string} depot @param {[string, string][]} lines */
async function count(phone, depot, lines) {
  const draft = await phone.startDraft(depot);
  for (const [item, text] of lines) await draft.set(item, "", "quantity", text);
  return (await draft.submit({ scope: "listed" })).id;
}

before(async () => {
  if (program !== "") await startService();
});
after(async () => {
  await stopService();
  if (folder !== "") rmSync(folder, { recursive: true, force: true });
});

test("a code is used once, a count is delivered, and the bureau's figure includes it", options, async () => {
  const { code } = await ask("officer", "POST", "/enrolments", { account: "t3" });
  const phone = await startPhone(new BrowserStores(new IDBFactory()));
  const person = await phone.enrol(code.toLowerCase().replace("-", " "), { deviceName: "phone" });
  assert.equal(person.username, "t3");
  await assert.rejects((await startPhone()).enrol(code, { deviceName: "x" }), (error) => error instanceof EngineFault && error.code === "code_not_accepted");
  assert.equal((await phone.sync()).end.kind, "settled");
  const before = phone.shortages({ all: true }).find((line) => line.item === "L2010101" && line.strength === "mandatory");
  const id = await count(phone, "T3-D1", [["L2010101", "29"]]);
  assert.equal(phone.count(id)?.state, "only_here");
  const round = await phone.sync();
  assert.deepEqual([round.sent, round.applied, round.end.kind], [1, 1, "settled"]);
  assert.deepEqual([phone.count(id)?.state, phone.count(id)?.included], ["delivered", "yes"]);
  assert.equal((await phone.receipt(id))?.verdict, "genuine");
  const behind = phone.shortages({ all: true }).find((line) => line.item === "L2010101" && line.strength === "mandatory");
  assert.ok(before && behind && before.missing.min > 0 && behind.missing.min === 0);
  const [told] = (await ask("officer", "GET", "/shortages?organization=T3&item=L2010101")).items;
  assert.deepEqual(behind.usable, told.usable);
  await phone.signOut();
  assert.equal(phone.status().session, "none");
});

test("a draft that another phone sent is not sent once more, but what was typed here since is", options, async () => {
  const [one, two] = [await startPhone(), await startPhone()];
  for (const phone of [one, two]) {
    await phone.signIn("t4", PASSWORD, { deviceName: "phone" });
    await phone.sync();
  }
  const depot = one.depots()[0]?.code || "";
  const [first = "", second = ""] = one.lines(depot).map((line) => line.item);
  const draft = await one.startDraft(depot);
  await draft.set(first, "", "quantity", "2");
  await one.sync();
  const [offered] = await two.draftsOnServer();
  const taken = await two.takeDraft(offered?.id || "");
  await taken.set(first, "", "quantity", "7");
  const { id } = await taken.submit({ scope: "listed" });
  await two.sync();
  await draft.set(second, "", "quantity", "3");
  await one.sync();
  assert.deepEqual([one.sentElsewhere(), Object.keys(draft.data.lines)], [{ depot, left: 1 }, [second]]);
  const own = await draft.submit({ scope: "listed" });
  await one.sync();
  const [told, rest] = [await ask("t4", "GET", `/counts/${id}`), await ask("t4", "GET", `/counts/${own.id}`)];
  assert.deepEqual([told, rest].map((count) => count.lines.map((/** @type {any} */ line) => [line.item, line.quantity])), [[[first, 7]], [[second, 3]]]);
  assert.notEqual(one.line(depot, first)?.state, "conflict");
  // One in which nothing was typed since goes whole.
  await (await one.startDraft(depot)).set(first, "", "quantity", "8");
  await one.sync();
  const [again] = await two.draftsOnServer();
  await (await two.takeDraft(again?.id || "")).submit({ scope: "listed" });
  await two.sync();
  await one.sync();
  assert.deepEqual([one.draft(depot), one.sentElsewhere()], [null, { depot, left: 0 }]);
});

test("a full count says what its review said", options, async () => {
  const phone = await startPhone();
  await phone.signIn("t5", PASSWORD, { deviceName: "phone" });
  await phone.sync();
  const depot = phone.depots()[0]?.code || "";
  const draft = await phone.startDraft(depot);
  const items = phone.lines(depot).map((line) => line.item);
  for (const item of items.slice(1)) await draft.set(item, "", "quantity", "2");
  const review = draft.review();
  assert.deepEqual(review.zeros.lines.map((line) => line.item), items.slice(0, 1));
  const { id } = await draft.submit({ scope: "full", token: review.token });
  await phone.sync();
  const view = await ask("officer", "GET", `/counts/${id}`);
  assert.equal(view.speaks_for, review.zeros.total + items.length - 1);
  assert.deepEqual(view.flags ?? [], view.flags?.filter((/** @type {string} */ flag) => flag === "lots_not_mentioned") ?? []);
  assert.equal(phone.line(depot, items[0] || "")?.usable.max, 0);
});

test("what is deposited after a session has ended is applied after a sign-in", options, async () => {
  const phone = await startPhone();
  await phone.signIn("t2", PASSWORD, { deviceName: "lost phone" });
  await phone.sync();
  const depot = phone.depots()[0]?.code || "";
  const item = phone.lines(depot)[0]?.item || "";
  const { items } = await ask("admin", "GET", "/devices");
  const device = items.find((/** @type {any} */ one) => one.name === "lost phone");
  await ask("admin", "POST", `/devices/${device.id}/withdraw`, { reason: "lost" });
  const id = await count(phone, depot, [[item, "3"]]);
  assert.equal((await phone.sync()).end.kind, "sign_in");
  assert.deepEqual([phone.status().session, phone.count(id)?.state], ["ended", "waiting_for_officer"]);
  await phone.signIn("t2", PASSWORD, { deviceName: "phone" });
  assert.equal((await phone.sync()).end.kind, "settled");
  assert.equal(phone.count(id)?.state, "delivered");
  assert.equal((await phone.receipt(id))?.verdict, "genuine");
});

test("officers decide on what could not be applied, and the phone shows it", options, async () => {
  const phone = await startPhone();
  await phone.signIn("t4", PASSWORD, { deviceName: "phone" });
  await phone.sync();
  const depot = phone.depots()[0];
  assert.ok(depot);
  const item = phone.lines(depot.code)[0]?.item || "";
  const [one, two] = [await startUnknown(phone, depot.code, item), await startUnknown(phone, depot.code, item)];
  await phone.sync();
  assert.deepEqual([one, two].map((id) => phone.count(id)?.state), ["waiting_for_officer", "waiting_for_officer"]);
  const body = JSON.parse(phone.content(one) || "");
  delete body.survey_id;
  const { items: kept } = await ask("officer", "GET", "/quarantine");
  const find = (/** @type {string} */ id) => kept.find((/** @type {any} */ entry) => entry.command_id === id).id;
  await ask("officer", "POST", `/quarantine/${find(one)}/apply`, { reason: "no survey was meant", data: body });
  await ask("officer", "POST", `/quarantine/${find(two)}/set-aside`, { reason: "counted twice" });
  await phone.sync();
  assert.deepEqual([phone.count(one)?.state, phone.count(one)?.corrected], ["delivered", true]);
  assert.deepEqual([phone.count(two)?.state, phone.count(two)?.decision?.reason], ["set_aside", "counted twice"]);
  assert.ok(["genuine"].includes((await phone.receipt(one))?.verdict || ""));
});

/** A count of a survey that is not there. @param {Phone} phone @param {string} depot @param {string} item */
async function startUnknown(phone, depot, item) {
  const draft = await phone.startDraft(depot);
  await draft.set(item, "", "quantity", "7");
  await draft.setHeader({ survey: "0198f5a2-0000-7000-8000-0000000000ff" });
  return (await draft.submit({ scope: "listed" })).id;
}

test("a draft of one phone is gone on with on another, and is gone once its count is received", options, async () => {
  const [one, two] = [await startPhone(), await startPhone()];
  for (const phone of [one, two]) {
    await phone.signIn("t1", PASSWORD, { deviceName: "phone" });
    await phone.sync();
  }
  const depot = one.depots()[0]?.code || "";
  const [item = "", other = "", third = ""] = one.lines(depot).map((line) => line.item);
  const draft = await one.startDraft(depot);
  await draft.set(item, "", "quantity", "1");
  await one.sync();
  // Changed on top of what was read.
  await draft.set(item, "", "quantity", "12");
  await one.sync();
  assert.equal(draft.data.onServer, "saved");
  const { id } = draft.data;
  assert.deepEqual((await two.draftsOnServer()).map((listed) => [listed.id, listed.depot]), [[id, depot]]);
  assert.deepEqual(await one.draftsOnServer(), []);
  const taken = await two.takeDraft(id);
  await taken.set(other, "", "quantity", "5");
  await two.sync();
  await draft.set(third, "", "quantity", "7");
  await one.sync();
  await one.sync();
  await taken.set(other, "", "quantity", "6");
  await two.sync();
  await two.sync();
  assert.deepEqual([item, other, third].map((code) => taken.data.lines[code]?.lots[0]?.texts.quantity), ["12", "6", "7"]);
  assert.equal((await taken.submit({ scope: "listed" })).id, id);
  await two.sync();
  assert.equal(two.count(id)?.state, "delivered");
  const three = await startPhone();
  await three.signIn("t1", PASSWORD, { deviceName: "phone" });
  await three.sync();
  assert.deepEqual(await three.draftsOnServer(), []);
  // What the first phone typed since is a count of its own.
  await draft.set(item, "", "quantity", "9");
  await one.sync();
  const [own] = await three.draftsOnServer();
  assert.ok(own && own.id !== id);
  assert.equal((await draft.submit({ scope: "listed" })).id, own.id);
  await one.sync();
  // Both phones counted the item: the bureau decides between them.
  assert.equal(one.count(own.id)?.state, "in_conflict");
  assert.ok(one.count(own.id)?.conflicts.includes(item));
  // In the order of their instants, which may be the same one.
  assert.deepEqual(one.rivals(depot, item).map((rival) => [rival.mine, rival.quantity]).sort(), [[false, null], [true, 9]]);
  const settling = await count(one, depot, [[item, "11"]]);
  await one.sync();
  assert.deepEqual(JSON.parse(one.content(settling) || "").resolves.sort(), [id, own.id].sort());
  assert.deepEqual([one.line(depot, item)?.state, one.line(depot, item)?.usable.max], ["counted", 11]);
  assert.deepEqual([one.count(settling)?.state, one.count(own.id)?.conflicts.includes(item)], ["delivered", false]);
  assert.deepEqual(await three.draftsOnServer(), []);
  const kept = await ask("officer", "GET", `/counts/${id}`);
  assert.deepEqual(kept.lines.map((/** @type {any} */ line) => line.item).sort(), [item, other, third].sort());
});

test("a service that is put back gets all of it again, with the same receipts", options, async () => {
  const phone = await startPhone(new BrowserStores(new IDBFactory()));
  await phone.signIn("t6", PASSWORD, { deviceName: "phone" });
  await phone.sync();
  const depot = phone.depots()[0]?.code || "";
  const items = phone.lines(depot).map((line) => line.item);
  const first = await count(phone, depot, [[items[0] || "", "3"]]);
  await phone.sync();
  await stopService();
  cpSync(join(folder, "data"), join(folder, "backup"), { recursive: true });
  await startService();
  const later = [await count(phone, depot, [[items[1] || "", "4"]]), await count(phone, depot, [[items[2] || "", "5"]])];
  await phone.sync();
  const receipts = await Promise.all([first, ...later].map(async (id) => (await phone.receipt(id))?.receipt));
  await stopService();
  rmSync(join(folder, "data"), { recursive: true });
  cpSync(join(folder, "backup"), join(folder, "data"), { recursive: true });
  await startService();
  const offline = await count(phone, depot, [[items[3] || "", "6"]]);
  let wasReset = false;
  for (let round = 0; round < 5; round++) {
    const { end, wasReset: now } = await phone.sync();
    wasReset = wasReset || now;
    if (end.kind === "settled") break;
  }
  assert.ok(wasReset);
  assert.equal(phone.status().waiting, 0);
  for (const id of [first, ...later, offline]) {
    assert.equal((await ask("officer", "GET", `/counts/${id}`)).id, id);
    assert.equal(phone.count(id)?.state, "delivered");
  }
  assert.deepEqual(await Promise.all([first, ...later].map(async (id) => (await phone.receipt(id))?.receipt)), receipts);
});
