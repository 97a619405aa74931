// A draft as data: what each act of a person makes of it. Nothing here is stored or changed in place.

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").DraftLine} DraftLine */
/** @typedef {import("./types.js").DraftLot} DraftLot */
/** @typedef {import("./types.js").LotField} LotField */

/**
 * What a person did. `known` says whether a lot is one of the copy's, with its texts.
 * @typedef {{act: "set", item: string, lot: string, field: LotField, text: string, known: Partial<Record<LotField, string>> | null}
 *   | {act: "add", item: string, lot: string, texts: Partial<Record<LotField, string>>}
 *   | {act: "remove", item: string, lot: string}
 *   | {act: "zero" | "skip" | "clear", item: string}
 *   | {act: "place", item: string, place: string}
 *   | {act: "header", note?: string, countedBy?: string, survey?: string | null}} DraftAct
 */

/** @type {LotField[]} */
const LOT_FIELDS = [
  ...["quantity", "packs", "pack", "in_repair", "unserviceable", "lent"],
  ...["lot", "expires_on", "made_on", "inspected_on", "note"],
].map((field) => /** @type {LotField} */ (field));

/** The fields that hold a number of units. @type {LotField[]} */
const AMOUNT_FIELDS = ["quantity", "packs", "in_repair", "unserviceable", "lent"];

/** What is said of a count as a whole. */
export const DRAFT_TEXTS = /** @type {const} */ (["note", "countedBy", "survey"]);

export const LONGEST_FIELD = 1000;
export const MOST_LOTS = 200;
const MOST_DRAFT_LINES = 2000;

/** The id that the count of a draft will have, and its draft on the service has. @param {Draft} draft */
export function countIdOf(draft) {
  return draft.countId || draft.id;
}

/** @param {string} lot @param {string} expiresOn @returns {string} names a lot of the copy in a draft */
export function knownLotKey(lot, expiresOn) {
  return lot === "" && expiresOn === "" ? "" : `=${lot}|${expiresOn}`;
}

/** @param {Draft} draft @param {string} item @returns {DraftLine} */
export function lineOfDraft(draft, item) {
  return draft.lines[item] || { item, act: "none", place: "", lots: [], version: 0 };
}

/** @param {DraftLine} line @returns {boolean} */
function hasAmount(line) {
  return line.lots.some((lot) => AMOUNT_FIELDS.some((field) => (lot.texts[field] || "").trim() !== ""));
}

/**
 * @param {Draft} draft
 * @param {DraftAct} act
 * @param {number} now
 * @returns {Draft}
 */
export function afterAct(draft, act, now) {
  const version = draft.version + 1;
  // What the service has is from now on the draft without this act.
  const onServer = draft.onServer === "saved" ? "later" : draft.onServer;
  const changed = { ...draft, version, changedAt: new Date(now).toISOString(), onServer };
  if (act.act === "header") {
    const { act: _, ...texts } = act;
    const versions = Object.keys(texts).map((name) => [name, version]);
    return { ...changed, ...texts, textVersions: { ...draft.textVersions, ...Object.fromEntries(versions) } };
  }
  const line = afterLineAct(lineOfDraft(draft, act.item), act);
  return { ...changed, lines: { ...draft.lines, [act.item]: { ...line, version } } };
}

/** @param {DraftLine} line @param {Exclude<DraftAct, {act: "header"}>} act @returns {DraftLine} */
function afterLineAct(line, act) {
  switch (act.act) {
    case "place":
      return { ...line, place: act.place };
    case "zero":
      return { ...line, act: "zero", lots: [] };
    case "skip":
      return { ...line, act: "skipped", lots: [] };
    case "clear":
      return { ...line, act: "none", lots: [] };
    case "add":
      return { ...line, act: line.act === "number" ? "number" : "none", lots: [...line.lots, { key: act.lot, known: false, texts: act.texts }] };
    case "remove":
      return withAct({ ...line, lots: line.lots.filter((lot) => lot.key !== act.lot) });
    case "set": {
      const known = line.lots.find((lot) => lot.key === act.lot);
      /** @type {DraftLot} */
      const lot = known || { key: act.lot, known: act.known !== null, texts: act.known || {} };
      const typed = { ...lot, texts: { ...lot.texts, [act.field]: act.text } };
      const lots = known ? line.lots.map((one) => (one === known ? typed : one)) : [...line.lots, typed];
      // A remark or a day does not take a zero or a skip back; a number does.
      const isAmount = AMOUNT_FIELDS.includes(act.field);
      return isAmount || line.act === "number" ? withAct({ ...line, lots }) : { ...line, lots };
    }
  }
}

/** @param {DraftLine} line @returns {DraftLine} */
function withAct(line) {
  const act = hasAmount(line) ? "number" : line.act === "number" ? "none" : line.act;
  return { ...line, act };
}

/** @param {unknown} value @param {number} most */
function textOr(value, most) {
  return typeof value === "string" ? value.slice(0, most) : "";
}

/**
 * A draft from outside: of the browser's copy, a file, or the service. Everything is bounded.
 * @param {any} told
 * @returns {Draft | null} null where it is none
 */
export function readDraft(told) {
  if (!told || typeof told !== "object" || typeof told.id !== "string" || typeof told.depot !== "string") return null;
  /** @type {Record<string, DraftLine>} */
  const lines = {};
  const entries = Object.entries(told.lines && typeof told.lines === "object" ? told.lines : {});
  for (const [item, line] of entries.slice(0, MOST_DRAFT_LINES)) {
    const read = readDraftLine(item, line);
    if (read) lines[item] = read;
  }
  return {
    ...{ id: told.id.slice(0, 64), depot: told.depot.slice(0, 64), note: textOr(told.note, 1000) },
    ...{ countedBy: textOr(told.countedBy, 100), survey: typeof told.survey === "string" ? told.survey.slice(0, 64) : null },
    ...{ startedAt: textOr(told.startedAt, 40), changedAt: textOr(told.changedAt, 40) },
    ...{ version: Number.isSafeInteger(told.version) ? told.version : 0, lines, onServer: "never" },
    textVersions: readVersions(told.textVersions),
    countId: typeof told.countId === "string" ? told.countId.slice(0, 64) : null,
  };
}

/** @param {any} told @returns {NonNullable<Draft["textVersions"]>} */
function readVersions(told) {
  return Object.fromEntries(DRAFT_TEXTS.map((name) => [name, (told && Number.isSafeInteger(told[name]) && told[name]) || 0]));
}

/** @param {string} item @param {any} told @returns {DraftLine | null} */
function readDraftLine(item, told) {
  const acts = /** @type {const} */ (["none", "number", "zero", "skipped"]);
  const act = acts.find((one) => told && one === told.act);
  if (!act || item.length > 64) return null;
  /** @type {DraftLot[]} */
  const lots = [];
  for (const lot of (Array.isArray(told.lots) ? told.lots : []).slice(0, MOST_LOTS)) {
    if (!lot || typeof lot.key !== "string") continue;
    /** @type {DraftLot["texts"]} */
    const texts = {};
    for (const field of LOT_FIELDS) {
      const text = lot.texts && lot.texts[field];
      if (typeof text === "string") texts[field] = text.slice(0, LONGEST_FIELD);
    }
    lots.push({ key: lot.key.slice(0, 128), known: lot.known === true, texts });
  }
  const version = Number.isSafeInteger(told.version) ? told.version : 0;
  return { item, act, place: textOr(told.place, 32), lots, version };
}
