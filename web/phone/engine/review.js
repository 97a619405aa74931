// What a draft comes to: the lines that are sent, what is wrong, and what a full count would record as 0.
import { draftedLine } from "./draft-count.js";
import { DepotLines } from "./lines.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").Review} Review */
/** @typedef {import("./types.js").ReviewLine} ReviewLine */
/** @typedef {import("./draft-count.js").DraftedLine} DraftedLine */
/** @typedef {import("./person-desk.js").PersonDesk} PersonDesk */

/** @param {PersonDesk} desk @param {Draft} draft @returns {DraftedLine[]} of lines with a number or a zero, in the order typed */
export function draftedLines(desk, draft) {
  return Object.values(draft.lines)
    .filter((line) => line.act === "number" || line.act === "zero")
    .sort((one, other) => one.version - other.version)
    .map((line) => draftedLine(line, desk.figures.copy.items.get(line.item)));
}

/** The items of the catalogue that a full count would record as 0; what is skipped holds it back. @param {PersonDesk} desk @param {Draft} draft */
function zeroItems(desk, draft) {
  const { items } = desk.figures.copy;
  return [...items.values()].filter((item) => !item.retired && (draft.lines[item.code]?.act || "none") === "none");
}

/** Names what a review showed: not the remark, which is typed beside it. @param {PersonDesk} desk @param {Draft} draft */
export function zeroToken(desk, draft) {
  const zeros = zeroItems(desk, draft).map((item) => item.code);
  let hash = 2166136261;
  for (const sign of JSON.stringify([zeros, draft.lines])) hash = Math.imul(hash ^ sign.charCodeAt(0), 16777619);
  return `${draft.id}.${zeros.length}.${(hash >>> 0).toString(36)}`;
}

/**
 * @param {PersonDesk} desk
 * @param {Draft} draft
 * @param {string} countedAt
 * @returns {Review}
 */
export function draftReview(desk, draft, countedAt) {
  const table = new DepotLines(desk.figures, draft.depot, draft, desk.places());
  const { items } = desk.figures.copy;
  /** @param {string} code @param {DraftedLine | null} drafted @returns {ReviewLine} */
  const shown = (code, drafted) => {
    const line = table.line(code);
    const before = line ? line.lots.map((lot) => lot.last["quantity"]) : [];
    const isKnown = line !== null && line.lastCountedAt !== null && before.every((one) => one !== null);
    const act = draft.lines[code]?.act || "none";
    const left = line && act === "number" ? line.lots.filter((lot) => !drafted || !drafted.given.includes(lot.key)) : [];
    return {
      ...{ item: code, names: items.get(code)?.names || { en: code, zh: code }, unit: items.get(code)?.unit || "", act },
      ...{ total: drafted ? drafted.total / 1000 : 0, usable: drafted ? drafted.usable / 1000 : 0 },
      before: isKnown ? before.reduce((/** @type {number} */ sum, one) => sum + Math.round((one || 0) * 1000), 0) / 1000 : null,
      lotsLeftOut: left.filter((lot) => Object.values(lot.last).some((one) => one !== 0)).map((lot) => lot.key),
    };
  };
  const drafted = draftedLines(desk, draft);
  const skipped = Object.values(draft.lines).filter((line) => line.act === "skipped");
  const zeros = new Set(zeroItems(desk, draft).map((item) => item.code));
  const expected = table.lines("worklist").filter((line) => zeros.has(line.item));
  return {
    draft: draft.id,
    lines: drafted.map((one) => shown(one.item, one)),
    skipped: skipped.map((line) => shown(line.item, null)),
    faults: drafted.flatMap((one) => one.faults),
    zeros: { lines: expected, others: zeros.size - expected.length, total: zeros.size },
    mayBeFull: skipped.length === 0 && Number.isSafeInteger(desk.store.meta("revision")),
    ...{ token: zeroToken(desk, draft), countedAt },
  };
}
