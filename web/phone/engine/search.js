// The search of items: by code, words of names in either language, initials of pinyin, label and barcode.
import { pinyinInitials } from "./pinyin.js";
import { canonicalBarcode, readScan } from "./scan.js";

/** @typedef {import("./types.js").SearchHit} SearchHit */
/** @typedef {import("./copy.js").CopiedItem} CopiedItem */

const LONGEST_SEARCH = 256;

/** @param {string} text */
function plainText(text) {
  return text.normalize("NFKC").trim().toLowerCase();
}

/** @type {WeakMap<CopiedItem, {texts: string[], sounds: string[], barcodes: string[]}>} */
const searchable = new WeakMap();

/** What an item is found by, worked out once. @param {CopiedItem} item */
function searchableOf(item) {
  let found = searchable.get(item);
  if (!found) {
    const texts = [item.code, item.names.zh, item.names.en, ...item.otherNames].map(plainText);
    const sounds = [item.names.zh, ...item.otherNames].map(pinyinInitials).filter((sound) => sound !== "");
    found = { texts, sounds, barcodes: item.barcodes.map(canonicalBarcode) };
    searchable.set(item, found);
  }
  return found;
}

/**
 * How well an item fits.
 * @param {CopiedItem} item
 * @param {string} typed  plain
 * @returns {SearchHit["fit"] | null}
 */
function fitOf(item, typed) {
  const { texts, sounds } = searchableOf(item);
  if (texts[0] === typed) return "exact";
  const joined = typed.replace(/[\s'’-]+/g, "");
  const isSound = /^[a-z0-9]+$/.test(joined);
  if (texts.some((text) => text.startsWith(typed)) || (isSound && sounds.some((sound) => sound.startsWith(joined)))) return "beginning";
  const words = typed.split(/\s+/);
  const holds = (/** @type {string} */ word) =>
    texts.some((text) => text.includes(word)) || (/^[a-z0-9]{2,}$/.test(word) && sounds.some((sound) => sound.includes(word)));
  const isHeard = isSound && joined.length > 1 && sounds.some((sound) => sound.includes(joined));
  return words.every(holds) || isHeard ? "within" : null;
}

/**
 * @param {Iterable<CopiedItem>} items
 * @param {string} text
 * @param {{here: Set<string>, numbers: Map<string, string>, thisYear: number, most: number}} options  `numbers` of labels, to items
 * @returns {SearchHit[]} best first; lines of the depot before others
 */
export function searchItems(items, text, options) {
  const typed = plainText(text.slice(0, LONGEST_SEARCH));
  if (typed === "") return [];
  const read = readScan(text, options.thisYear);
  const barcode = read ? read.barcode : canonicalBarcode(text);
  const scan = read && (read.lot || read.expiresOn || read.madeOn) ? read : null;
  const said = scan && { lot: scan.lot, expiresOn: scan.expiresOn, madeOn: scan.madeOn };
  const labelled = options.numbers.get(typed) || null;
  /** @type {SearchHit[]} */
  const hits = [];
  for (const item of items) {
    const here = options.here.has(item.code);
    if (item.retired && !here) continue;
    const isScanned = barcode !== "" && searchableOf(item).barcodes.includes(barcode);
    const fit = isScanned || labelled === item.code ? "exact" : fitOf(item, typed);
    if (fit) hits.push({ item: item.code, names: item.names, unit: item.unit, here, fit, scan: isScanned ? said : null });
  }
  const rank = (/** @type {SearchHit} */ hit) => ["exact", "beginning", "within"].indexOf(hit.fit) * 2 + (hit.here ? 0 : 1);
  hits.sort((one, other) => rank(one) - rank(other) || (one.item < other.item ? -1 : 1));
  return hits.slice(0, options.most);
}
