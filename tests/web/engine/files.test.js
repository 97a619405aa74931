// Files of unsent counts, and the bounds of what is made and taken in.
import { test } from "node:test";
import assert from "node:assert/strict";
import { signedIn } from "./surroundings.js";
import { refusedAs, typeIn as typed } from "./tools.js";
import { idOf } from "./model-server.js";
import { queueCommand } from "../../../web/phone/engine/commands.js";
import { randomId } from "../../../web/shared/ids.js";

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
  await assert.rejects(two.phone.importCounts(file.text), (/** @type {any} */ fault) => fault.code === "file_of_other" && fault.message === "a");
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
