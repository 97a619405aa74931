// Counts that differ: shown side by side, and settled by the next count of the line.
import { test } from "node:test";
import assert from "node:assert/strict";
import { draftingServer, signedInAt, typeIn } from "./tools.js";
import { randomId } from "../../../web/shared/ids.js";

const COLUMNS = ["item", "state", "usable_min", "usable_max", "valid_through", "counts", "lots", "inspection"];

/** A phone whose copy has a stock. @param {any[][]} rows @param {any[]} counts */
async function phoneWith(rows, counts) {
  const server = draftingServer();
  const answer = server.answer.bind(server);
  server.answer = (url, init) => {
    const told = answer(url, init);
    const stock = { type: "stock", op: "put", key: "T1-A", data: { columns: COLUMNS, rows, counts } };
    if (init.method === "GET" && told.body.changes?.length) told.body.changes.push(stock);
    return told;
  };
  return { server, phone: await signedInAt(server) };
}

/** @param {string} by @param {string} at @param {string} [kind] */
const countBy = (by, at, kind = "own") => ({ id: randomId(), effective_at: at, counted_by: by, source: "device", kind });

test("a count settles those that differ on its lines, and neither inspections nor those of other lines", async () => {
  const [one, two, three, officer] = [countBy("A", "2026-11-23T01:00:00Z"), countBy("B", "2026-11-23T01:05:00Z"), countBy("C", "2026-11-22T01:00:00Z"), countBy("O", "2026-11-21T01:00:00Z", "inspection")];
  const rows = [
    ["ITEM1", "conflict", 4, 6, "2030-01-01", [1, 0, 3], [{ quantity: 6 }], null],
    ["ITEM2", "conflict", 4, 6, "2030-01-01", [2, 0], [{ quantity: 6 }], null],
    ["ITEM3", "contested", 4, 6, "2030-01-01", [2], [{ quantity: 6 }], 3],
    ["ITEM4", "counted", 6, 6, "2030-01-01", [2], [{ quantity: 6 }], null],
  ];
  const { phone } = await phoneWith(rows, [one, two, three, officer]);
  const draft = await typeIn(phone, "ITEM1", "5");
  await draft.skip("ITEM2");
  await draft.zero("ITEM3");
  await draft.set("ITEM4", "", "quantity", "6");
  const { id } = await draft.submit({ scope: "listed" });
  assert.deepEqual(JSON.parse(phone.content(id) || "").resolves, [two.id, one.id]);
  const again = await typeIn(phone, "ITEM4", "5");
  assert.equal("resolves" in JSON.parse(phone.content((await again.submit({ scope: "listed" })).id) || ""), false);
});

test("counts that differ are given side by side, with the numbers that this phone knows", async () => {
  const [other, officer, strange] = [countBy("B", "2026-11-23T01:05:00Z"), countBy("O", "2026-11-21T01:00:00Z", "inspection"), countBy("C", "2026-11-23T01:04:00Z")];
  /** @type {any[]} */
  const counts = [other, { ...countBy("A", "2026-11-23T01:00:00Z") }, officer, strange];
  /** @type {any[][]} */
  const rows = [
    ["ITEM1", "conflict", 4, 7, "2030-01-01", [0, 3, 1], [{ quantity: 6 }, { quantity: 1.5, condition: "in_repair" }], null],
    ["ITEM2", "contested", 4, 6, "2030-01-01", [0], [{ quantity: 6 }], 2],
    ["ITEM3", "counted", 4, 6, "2030-01-01", [0], [{ quantity: 6 }], null],
  ];
  const { phone, server } = await phoneWith(rows, counts);
  const draft = await typeIn(phone, "ITEM1", "4");
  await draft.set("ITEM1", await draft.addLot("ITEM1", { lot: "L" }), "quantity", "1");
  counts[1].id = (await draft.submit({ scope: "listed" })).id;
  await phone.sync();
  server.epoch += 1;
  await phone.sync();
  assert.deepEqual(phone.rivals("T1-A", "ITEM1").map((one) => [one.by, one.kind, one.mine, one.quantity]), [
    ["A", "own", true, 5],
    ["C", "own", false, null],
    ["B", "own", false, 7.5],
  ]);
  assert.deepEqual(phone.rivals("T1-A", "ITEM2").map((one) => [one.by, one.kind, one.quantity]), [["O", "inspection", null], ["B", "own", 6]]);
  assert.deepEqual([phone.rivals("T1-A", "ITEM3"), phone.rivals("T1-A", "ITEM9"), phone.rivals("X", "ITEM1")], [[], [], []]);
});
