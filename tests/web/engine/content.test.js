// Counts of a file that another program wrote: whatever is in them, they can be shown.
import { test } from "node:test";
import assert from "node:assert/strict";
import { draftingServer, signedInAt, typeIn } from "./tools.js";
import { DEPOT_ID, idOf } from "./model-server.js";
import { randomId } from "../../../web/shared/ids.js";

/** A phone that took counts in. @param {string[]} contents */
async function phoneWith(contents) {
  const phone = await signedInAt(draftingServer());
  const commands = contents.map((data, at) => ({ id: randomId(), seq: at + 1, type: "submit_count", data }));
  await phone.importCounts(JSON.stringify({ format: "muster-unsent-counts", version: 1, account: idOf("a"), commands }));
  return { phone, ids: commands.map((command) => command.id) };
}

test("what is odd in a count is left out of what is shown", async () => {
  const odd = [
    '{"lines":{"length":5},"depot_id":{},"counted_at":1}',
    '{"lines":[null,7,[1],{"item":9,"quantity":"4"}],"scope":[],"counted_at":"soon","note":{},"counted_by":7}',
    "{}",
  ];
  const { phone, ids } = await phoneWith(odd);
  for (const id of ids) {
    const count = phone.count(id);
    assert.deepEqual([count?.depot, count?.scope, count?.countedAt], ["", "listed", count?.createdAt]);
    const content = phone.contents(id);
    assert.deepEqual([content?.depotId, content?.countedAt, content?.countedBy, content?.note, count?.lines], ["", null, "", "", content?.lines.length]);
    for (const line of content?.lines || []) {
      assert.deepEqual(line, { item: "", lot: null, expiresOn: null, condition: "serviceable", held: "here", quantity: null });
    }
  }
  assert.deepEqual(phone.counts().map((count) => count.lines), [0, 4, 0]);
  assert.equal(phone.contents("none"), null);
});

test("the lines of a count are given in units", async () => {
  const { phone, ids } = await phoneWith([
    JSON.stringify({ depot_id: DEPOT_ID, lines: [{ item: "A", pack: "box", packs: 2.5, pack_size: 12 }, { item: "B", quantity: 0, lot: "L", expires_on: "2030-01-01", held: "lent" }] }),
  ]);
  assert.deepEqual(phone.contents(ids[0] || "")?.lines.map((line) => [line.item, line.quantity, line.lot, line.expiresOn, line.held]), [
    ["A", 30, null, null, "here"],
    ["B", 0, "L", "2030-01-01", "lent"],
  ]);
});

test("unsent counts of a depot are those that name it, in whatever spelling of JSON", async () => {
  const { phone } = await phoneWith([
    `{ "depot_id" : "${DEPOT_ID}", "lines": [] }`,
    JSON.stringify({ before: { depot_id: DEPOT_ID }, depot_id: "another" }),
    JSON.stringify({ before: { depot_id: DEPOT_ID } }),
  ]);
  assert.equal(phone.depot("T1-A")?.unsent, 1);
  await (await typeIn(phone, "ITEM1", "1")).submit({ scope: "listed" });
  assert.equal(phone.depot("T1-A")?.unsent, 2);
});
