// The rows of a line: each a lot with a condition, or its packs; one of them is open to the keypad.

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { dayOfTime, figureText, hasText, shortDay, t, unitText } from "../../shared/text.js";
import { isFarFrom, lastDay } from "./typed.js";

/** @typedef {import("../engine/types.js").CountLine} CountLine */
/** @typedef {import("../engine/types.js").KnownLot} KnownLot */
/** @typedef {import("../engine/types.js").DraftLot} DraftLot */
/** @typedef {"quantity" | "packs" | "in_repair" | "unserviceable"} EntryField */

/**
 * @typedef {object} Entry
 * @property {string} lot  its key
 * @property {EntryField} field
 * @property {boolean} known
 * @property {KnownLot | null} before
 * @property {string | null} number  of the lot
 * @property {string | null} expiresOn
 * @property {string | null} madeOn
 * @property {boolean} expired
 * @property {boolean} packed  whether packs of the lot have a row too
 */

/** The rows that a line has: known lots, lots in the draft, and the fields opened. @param {CountLine} line @param {Set<string>} opened @returns {Entry[]} */
export function entriesOf(line, opened) {
  const drafted = line.draft ? line.draft.lots : [];
  /** @type {{ key: string, known: KnownLot | null, draft: DraftLot | null }[]} */
  const lots = line.lots.map((known) => ({ key: known.key, known, draft: drafted.find((lot) => lot.key === known.key) || null }));
  for (const draft of drafted) if (!lots.some((lot) => lot.key === draft.key)) lots.push({ key: draft.key, known: null, draft });
  if (!lots.length) lots.push({ key: "", known: null, draft: null });
  return lots.flatMap(({ key, known, draft }) => {
    const texts = draft ? draft.texts : {};
    /** @type {EntryField[]} */
    const fields = ["quantity"];
    if (texts.packs || opened.has(`${key}/packs`)) fields.unshift("packs");
    if (texts.in_repair || opened.has(`${key}/in_repair`)) fields.push("in_repair");
    if (texts.unserviceable || opened.has(`${key}/unserviceable`)) fields.push("unserviceable");
    const last = lastDay(line, (known && known.expiresOn) || texts.expires_on, texts.made_on);
    return fields.map((field) => ({
      lot: key, field, known: Boolean(known) || key === "", before: known,
      number: (known && known.lot) || texts.lot || null,
      expiresOn: (known && known.expiresOn) || texts.expires_on || null,
      madeOn: texts.made_on || null, expired: last !== "" && last < line.today, packed: fields.includes("packs"),
    }));
  });
}

/** The text typed in a row. @param {CountLine} line @param {Entry} entry */
export function entryText(line, entry) {
  const lot = line.draft ? line.draft.lots.find((one) => one.key === entry.lot) : null;
  return (lot && lot.texts[entry.field]) || "";
}

/** The word for a pack. @param {string} name */
export function packText(name) {
  return hasText(`pack-${name}`) ? t(`pack-${name}`) : name;
}

/** A lot in words: its number and its last day, each where there is one. @param {string | null} number @param {string | null} expiresOn @param {boolean} expired @returns {string[]} */
export function lotParts(number, expiresOn, expired) {
  const parts = number ? [t("lot-number", { lot: number })] : [];
  if (expiresOn) parts.push(t(expired ? "lot-expired" : "lot-expires", { day: expiresOn }));
  return parts;
}

/** What a row counts, in words: lot, last day, condition, packs. @param {CountLine} line @param {Entry} entry @param {boolean} single */
function entryWords(line, entry, single) {
  return entryParts(line, entry, single).join(" · ");
}

/** The same in parts, none of which is broken apart. @param {CountLine} line @param {Entry} entry @param {boolean} single @returns {string[]} */
function entryParts(line, entry, single) {
  const pack = line.packs[0];
  const lot = lotParts(entry.number, entry.expiresOn, entry.expired);
  if (!entry.expiresOn && entry.madeOn) lot.push(t("lot-made", { day: entry.madeOn }));
  if (!lot.length && !single) lot.push(t("lot-none"));
  const field = entry.field === "packs" && pack ? t("entry-packs", { pack: packText(pack.name), size: pack.size, unit: unitText(line.unit) })
    : entry.field === "quantity" ? (entry.packed ? t("entry-loose") : "") : t(`condition-${entry.field}`);
  return lot.concat(field).filter(Boolean);
}

/** A row that is not open: pressing it opens it. @param {CountLine} line @param {Entry} entry @param {boolean} single @param {() => void} open */
export function closedEntry(line, entry, single, open) {
  const text = entryText(line, entry);
  return h("button.entry", { type: "button", id: `entry-${entry.lot}-${entry.field}`, onclick: open },
    h("span.what", null, shownParts(line, entry, single)),
    text ? h("span.digits", null, figureText(text)) : h("span.none", null, t("entry-none")));
}

/** @param {CountLine} line @param {Entry} entry @param {boolean} single */
function shownParts(line, entry, single) {
  return entryParts(line, entry, single).map((part, at) => [at ? " · " : "", h("span.nowrap", null, part)]);
}

/** The last number of a row, in words beside what was typed. @param {CountLine} line @param {Entry} entry @param {string} typed */
export function lastWords(line, entry, typed) {
  if (!line.lastCountedAt) return { words: t("last-never"), differs: false };
  const last = entry.before ? entry.before.last[entry.field === "packs" ? "quantity" : entry.field] : undefined;
  const day = shortDay(dayOfTime(new Date(line.lastCountedAt)));
  if (last === undefined || last === null) {
    return entry.known && entry.field === "quantity" && !line.lots.length ? { words: t("last-zero", { day }), differs: Number(typed) > 0 } : { words: "", differs: false };
  }
  if (typed === "" || entry.field === "packs") return { words: t("last", { n: last, day }), differs: false };
  const more = Math.round((Number(typed) - last) * 1000) / 1000;
  const words = more === 0 ? t("last-same", { n: last, day }) : more > 0 ? t("last-more", { n: last, day, more }) : t("last-less", { n: last, day, less: -more });
  return { words, differs: isFarFrom(Number(typed), last) };
}

/** The open row: a real field, whose digits the keypad types. @param {CountLine} line @param {Entry} entry @param {boolean} single @param {HTMLInputElement} input @param {HTMLElement} stored @param {HTMLElement} last */
export function openEntry(line, entry, single, input, stored, last) {
  const words = entryWords(line, entry, single);
  const unit = entry.field === "packs" && line.packs[0] ? packText(line.packs[0].name) : unitText(line.unit);
  input.setAttribute("aria-label", [words, t("quantity-in", { unit })].filter(Boolean).join(", "));
  return h("div.entry.now", { tabindex: "-1" },
    words ? h("span.what", null, entry.expired ? icon("expiring", 18) : null, shownParts(line, entry, single)) : null,
    h("div.box", null, stored, input, h("span.unit", { "aria-hidden": "true" }, unit)), last);
}
