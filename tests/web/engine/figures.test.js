// Figures of the copy on the phone's own day, the lines to count, and the search.
import { test } from "node:test";
import assert from "node:assert/strict";
import { openAccount } from "./tools.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { Figures } from "../../../web/phone/engine/figures.js";
import { DepotLines } from "../../../web/phone/engine/lines.js";
import { searchItems } from "../../../web/phone/engine/search.js";
import { readScan } from "../../../web/phone/engine/scan.js";
import { plainQuantity, readQuantity } from "../../../web/phone/engine/quantity.js";
import { localDay, readTypedDay } from "../../../web/phone/engine/days.js";
import { pinyinInitials } from "../../../web/phone/engine/pinyin.js";

const STOCK = ["item", "state", "usable_min", "usable_max", "valid_through", "counts", "lots", "inspection"];
const REQUIRED = ["line", "item", "strength", "unit", "required_min", "required_max", "basis"];
const ASSESSED = ["item", "strength", "usable_min", "usable_max", "shortage_min", "shortage_max", "status", "conflict", "contested", "valid_through"];

const MASK_LOTS = [
  { quantity: 6, lot: "A", expires_on: "2026-12-01" },
  { quantity: 4, lot: "B", expires_on: "2030-01-01" },
  { quantity: 1, lot: "B", expires_on: "2030-01-01", condition: "in_repair" },
];

/** @param {string} today @param {(copy: Record<string, any>) => void} [change] */
async function figuresOn(today, change = () => {}) {
  const count = { id: "c", effective_at: "2026-11-20T02:00:00Z", counted_by: "A", source: "device", kind: "own" };
  /** @type {Record<string, any>} */
  const copy = {
    "organization T1": { name_en: "one", name_zh: "一队", time_zone: "Asia/Shanghai" },
    "depot D1": { id: "d1", organization: "T1", name_en: "North", name_zh: "北库", holding: "physical", open: true },
    "depot D2": { id: "d2", organization: "T1", name_en: "South", name_zh: "南库", holding: "physical", open: true },
    "item MASK": { name_en: "Mask", name_zh: "防毒面具", unit: "piece", class: "p", perishable: true, barcodes: ["6901234567892"] },
    "item ROPE": { name_en: "Rope 6 mm", name_zh: "绳索6mm", unit: "m", class: "p", measured: true },
    "item PUMP": { name_en: "Pump", name_zh: "水泵", unit: "set", class: "p" },
    "item GONE": { name_en: "Gone", name_zh: "旧物", unit: "set", class: "p", retired: true },
    "requirements T1": { columns: REQUIRED, rows: [["1", "MASK", "mandatory", "piece", 10, 10, "established"], ["2", "ROPE", "recommended", "m", 50, 50, "indicative"], ["3", "PUMP", "mandatory", "set", 1, 1, "indicative"]] },
    "assessments T1": { columns: ASSESSED, rows: [["MASK", "mandatory", 10, 10, 0, 0, "met", false, false, "2027-02-18"], ["ROPE", "recommended", 20, 20, 30, 30, "below", false, false, "2027-02-18"], ["PUMP", "mandatory", 0, null, 0, 1, "unknown", false, false, null]] },
    "stock D1": { columns: STOCK, rows: [["MASK", "counted", 10, 10, "2027-02-18", [0], MASK_LOTS, null], ["ROPE", "counted", 20, 20, "2027-02-18", [0], [{ quantity: 20 }], null]], counts: [count] },
    "stock D2": { columns: STOCK, rows: [["GONE", "counted", 0, 0, "2027-02-18", [0], [], null]], counts: [count] },
  };
  change(copy);
  const store = await openAccount(new MemoryStores(), "a");
  await store.change((changes) => {
    for (const [name, data] of Object.entries(copy)) {
      const [type = "", key = ""] = name.split(" ");
      changes.push({ table: "copy", key: name, value: { type, key, data } });
    }
    changes.push({ table: "meta", key: "pulled_at", value: Date.parse("2026-11-23T02:00:00Z") });
    changes.push({ table: "meta", key: "revision", value: 12 });
  });
  return new Figures(store, () => Date.parse(`${today}T02:00:00Z`));
}

/** @param {Figures} figures @param {string} item */
const shown = (figures, item) => {
  const line = figures.shortages(true).find((one) => one.item === item);
  return line && [line.status, line.usable, line.missing, line.aged];
};

test("on the day of the copy the service's own figures hold", async () => {
  const figures = await figuresOn("2026-11-23");
  assert.deepEqual(shown(figures, "MASK"), ["met", { min: 10, max: 10 }, { min: 0, max: 0 }, false]);
  assert.deepEqual(figures.shortages(false).map((line) => line.item), ["PUMP", "ROPE"]);
  const mask = figures.shortages(true).find((line) => line.item === "MASK");
  assert.deepEqual(mask?.reasons, [{ code: "in_repair", depot: "D1", quantity: 1, day: "2030-01-01" }]);
  assert.equal(figures.age()?.days, 0);
});

test("a lot is usable through its last day, and then makes a shortage", async () => {
  assert.deepEqual(shown(await figuresOn("2026-12-01"), "MASK"), ["met", { min: 10, max: 10 }, { min: 0, max: 0 }, false]);
  const figures = await figuresOn("2026-12-02");
  assert.deepEqual(shown(figures, "MASK"), ["short", { min: 4, max: 4 }, { min: 6, max: 6 }, true]);
  const mask = figures.shortages(false)[0];
  assert.deepEqual(mask?.reasons.map((reason) => [reason.code, reason.quantity]), [["expired", 6], ["in_repair", 1]]);
  assert.deepEqual(figures.expiring(30).map((lot) => [lot.lot, lot.days, lot.quantity]), [["A", -1, 6]]);
  assert.equal(figures.age()?.days, 9);
});

test("a count that is too old makes the figure unknown, not zero", async () => {
  assert.deepEqual(shown(await figuresOn("2027-02-18"), "ROPE"), ["below", { min: 20, max: 20 }, { min: 30, max: 30 }, false]);
  const figures = await figuresOn("2027-02-19");
  assert.deepEqual(shown(figures, "ROPE"), ["unknown", { min: 0, max: null }, { min: 0, max: 50 }, true]);
  assert.equal(new DepotLines(figures, "D1", null, new Map()).line("ROPE")?.state, "stale");
});

test("what the copy cannot say becomes less certain, never more", async () => {
  const conflict = await figuresOn("2026-11-24", (copy) => (copy["stock D1"].rows[1][1] = "conflict"));
  assert.deepEqual(shown(conflict, "ROPE"), ["unknown", { min: 0, max: 20 }, { min: 30, max: 50 }, true].map((one, at) => (at === 0 ? "below" : one)));
  const lost = await figuresOn("2026-11-24", (copy) => (copy["stock D1"].rows[0][6] = [{ quantity: null, lot: "A" }]));
  assert.deepEqual(shown(lost, "MASK"), ["unknown", { min: 0, max: null }, { min: 0, max: 10 }, true]);
  const dayless = await figuresOn("2026-11-24", (copy) => (copy["stock D1"].rows[0][6] = [{ quantity: 10, lot: "A" }]));
  assert.deepEqual(shown(dayless, "MASK"), ["unknown", { min: 0, max: 10 }, { min: 0, max: 10 }, true]);
});

test("a clock before the copy's day ages nothing, and a column or state of a newer service is passed over", async () => {
  const before = await figuresOn("2025-11-23");
  assert.deepEqual([before.age()?.today, before.age()?.days], ["2026-11-23", 0]);
  const newer = await figuresOn("2026-11-23", (copy) => {
    copy["assessments T1"].rows[0][6] = "a_new_status";
    copy["stock D1"].columns = ["new", ...STOCK];
    copy["stock D1"].rows = copy["stock D1"].rows.map((/** @type {any[]} */ row) => [1, ...row]);
    copy["weather T1"] = { wind: 3 };
  });
  assert.deepEqual(shown(newer, "MASK")?.[0], "met");
});

test("lines: mandatory and open first, or by shelf; an item that another depot has is not expected here", async () => {
  const figures = await figuresOn("2026-12-02");
  const places = new Map([["D1 ROPE", "A-2"], ["D1 MASK", "A-10"]]);
  const lines = new DepotLines(figures, "D1", null, places);
  assert.deepEqual(lines.lines("worklist").map((line) => line.item), ["MASK", "PUMP", "ROPE"]);
  assert.deepEqual(lines.lines("shelf").map((line) => line.item), ["ROPE", "MASK", "PUMP"]);
  assert.deepEqual(lines.line("MASK")?.lots.map((lot) => [lot.key, lot.expired, lot.last]), [
    ["=A|2026-12-01", true, { quantity: 6 }],
    ["=B|2030-01-01", false, { quantity: 4, in_repair: 1 }],
  ]);
  assert.deepEqual(new DepotLines(figures, "D2", null, places).codes(), ["PUMP"]);
});

test("a line is due by its state and by what is asked, and the worklist has the groups one after another", async () => {
  const figures = await figuresOn("2026-11-23", (copy) => {
    const items = ["DIFFERS", "SHORT", "STALE", "NEVER", "MET", "EXTRA", "OPEN"];
    for (const item of items) copy[`item ${item}`] = { name_en: item, unit: "piece", class: "p", packs: [{ name: "box", size: 12 }] };
    const states = { DIFFERS: "conflict", SHORT: "counted", STALE: "stale", NEVER: "never_counted", MET: "counted", EXTRA: "stale", OPEN: "counted" };
    copy["stock D1"].rows = Object.entries(states).map(([item, state]) => [item, state, 1, 1, "2027-02-18", [0], [], null]);
    const asked = [["SHORT", "mandatory", "short"], ["STALE", "mandatory", "met"], ["NEVER", "mandatory", "unknown"], ["MET", "mandatory", "met"], ["OPEN", "recommended", "at"]];
    copy["assessments T1"].rows = asked.map(([item, strength, status]) => [item, strength, 1, 1, 0, 0, status, false, false, null]);
  });
  /** @type {any} */
  const draft = { lines: { MET: { item: "MET", act: "number", place: "", version: 1, lots: [{ key: "", known: false, texts: { packs: "2", quantity: "3", lent: "1" } }] }, SHORT: { item: "SHORT", act: "zero", place: "", version: 2, lots: [] }, STALE: { item: "STALE", act: "skipped", place: "", version: 3, lots: [] } } };
  const lines = new DepotLines(figures, "D1", draft, new Map()).lines("worklist");
  assert.deepEqual(lines.map((line) => [line.item, line.due]), [
    ...[["DIFFERS", "conflict"], ["NEVER", "first"], ["SHORT", "first"], ["STALE", "first"]],
    ...[["MET", "must"], ["EXTRA", "other"], ["OPEN", "other"]],
  ]);
  const totals = Object.fromEntries(lines.map((line) => [line.item, line.total]));
  assert.deepEqual([totals["MET"], totals["SHORT"], totals["STALE"], totals["EXTRA"]], [28, 0, null, null]);
});

test("sixty depots of sixty items are worked out before anybody waits", async () => {
  const items = Array.from({ length: 60 }, (_, at) => `ITEM${at}`);
  const figures = await figuresOn("2026-11-24", (copy) => {
    for (const item of items) copy[`item ${item}`] = { name_en: item, unit: "piece", class: "p" };
    copy["requirements T1"].rows = items.map((item, at) => [String(at), item, "mandatory", "piece", 70, 70, "established"]);
    copy["assessments T1"].rows = items.map((item) => [item, "mandatory", 60, 60, 10, 10, "short", false, false, "2027-02-18"]);
    for (const at of items.keys()) {
      copy[`depot N${at}`] = { ...copy["depot D1"], id: `n${at}` };
      const rows = items.map((item) => [item, "counted", 1, 1, "2027-02-18", [0], [{ quantity: 1 }], null]);
      copy[`stock N${at}`] = { columns: STOCK, rows, counts: copy["stock D1"].counts };
    }
  });
  const { all } = figures.work().stock;
  // How often a row is looked at, and not how long it takes on this machine.
  let looks = 0;
  for (const one of all) {
    const { depot, organization } = one;
    Object.defineProperties(one, { depot: { get: () => ((looks += 1), depot) }, organization: { get: () => ((looks += 1), organization) } });
  }
  for (const depot of figures.copy.depots.keys()) new DepotLines(figures, depot, null, new Map()).progress();
  assert.ok(all.length >= 3600 && looks < 20 * all.length, `${all.length} rows, ${looks} looks`);
  assert.deepEqual(figures.shortages(false).slice(0, 1).map((line) => [line.usable.max, line.status]), [[60, "short"]]);
});

test("search by code, name, initials, barcode", async () => {
  const { copy } = await figuresOn("2026-11-23");
  const options = { here: new Set(["MASK"]), numbers: new Map([["0417", "PUMP"]]), thisYear: 2026, most: 10 };
  const find = (/** @type {string} */ text) => searchItems(copy.items.values(), text, options).map((hit) => hit.item);
  for (const text of ["mask", "ＭＡＳＫ", "面具", "fdmj", "f d m j", "dmj", "6901234567892", "]C10106901234567892"]) assert.deepEqual(find(text), ["MASK"], text);
  assert.deepEqual([find("0417"), find("sb"), find("gone"), find(""), find("6901234567893")], [["PUMP"], ["PUMP"], [], [], []]);
  assert.deepEqual(searchItems(copy.items.values(), "(01)06901234567892(17)270900(10)B2209", options)[0]?.scan, { lot: "B2209", expiresOn: "2027-09-30", madeOn: null });
  assert.equal(pinyinInitials("正压式空气呼吸器"), "zyskqhxq");
});

test("what scanners send is read alike, and what cannot be right is not", () => {
  const lot = { barcode: "06901234567892", lot: "B2209", expiresOn: "2027-09-30", madeOn: null };
  const alike = [
    "(01)06901234567892(17)270930(10)B2209",
    "(01)06901234567892(10)B2209(17)270900",
    "]C101069012345678921727093010B2209",
    "]Q30106901234567892\u001d1727093010B2209\u001d\r",
    "]d2010690123456789210B2209\u001d17270930",
    "\u001d010690123456789210B2209\u001d17270930\n",
    "０１０６９０１２３４５６７８９２１７２７０９３０１０Ｂ２２０９",
  ];
  for (const sent of alike) assert.deepEqual(readScan(sent, 2026), lot, JSON.stringify(sent));
  assert.equal(readScan("STORE-12\r\n", 2026)?.barcode, "STORE-12");
  assert.equal(readScan("0106901234567892XYZ", 2026)?.barcode, "0106901234567892XYZ");
  for (const wrong of ["", "ab\u0000c", "6901234567893", "(01)06901234567893(10)B", "(01)6901234567892", "(01)06901234567892(17)271345", "]C1010690123456789217279", "(01)06901234567892(10)", "(ab)1", "9".repeat(257)]) {
    assert.equal(readScan(wrong, 2026), null, wrong);
  }
});

test("numbers and days as they are typed", () => {
  const read = (/** @type {string} */ text, measured = true) => JSON.stringify(readQuantity(text, measured));
  assert.equal(read("12."), '{"milli":12000}');
  assert.equal(read("１２.５"), '{"milli":12500}');
  assert.equal(read(".125"), '{"milli":125}');
  assert.equal(read("12.0", false), '{"milli":12000}');
  assert.equal(read("12.5", false), '{"fault":"not_whole"}');
  assert.equal(read("999999999.999"), '{"milli":999999999999}');
  for (const [text, fault] of [["1000000000", "out_of_range"], ["1.2345", "out_of_range"], ["-3", "negative"], ["1e3", "not_a_number"], [".", "not_a_number"], ["", "not_a_number"]]) assert.equal(read(text || ""), `{"fault":"${fault}"}`, text);
  for (const text of ["1,000", "1，000", "１，０００", " 1 000 ", "1000。"]) assert.equal(read(text), '{"milli":1000000}', text);
  assert.equal(read("12,345,678.5"), '{"milli":12345678500}');
  // A comma elsewhere may be meant as either: nothing is made of it.
  for (const text of ["1,5", "1,00", "0,125", ",5", "1,", "1,0000", "1.5,000", "1,000,00"]) assert.equal(read(text), '{"fault":"not_a_number"}', text);
  assert.deepEqual(["１,０００", "1，5", "2。5"].map(plainQuantity), ["1000", "1,5", "2.5"]);
  const day = (/** @type {string} */ text, /** @type {"first" | "last"} */ of = "last") => readTypedDay(text, of)?.day;
  assert.deepEqual([day("203002"), day("202802"), day("203009", "first"), day("20300915"), day("2030-9"), day("2030年9月15日")], ["2030-02-28", "2028-02-29", "2030-09-01", "2030-09-15", "2030-09-30", "2030-09-15"]);
  assert.deepEqual([day(""), day("-"), day("203013"), day("20300231"), day("2030"), day("1")], [null, null, undefined, undefined, undefined, undefined]);
  assert.equal(localDay(Date.parse("2026-11-23T16:00:00Z"), "Asia/Shanghai"), "2026-11-24");
  assert.equal(localDay(Date.parse("2026-11-23T16:00:00Z"), "Nowhere/Land"), "2026-11-24");
  assert.equal(localDay(NaN, "Asia/Shanghai"), "1970-01-01");
});
