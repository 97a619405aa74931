// The cells of a workbook, read here so that a fault can show what stands in its cell. Where the browser cannot unpack, nothing is shown.

/** A fault needs its cell and no more: larger sheets are not unpacked. */
const MOST_SHEET_BYTES = 24 * 1024 * 1024;

/**
 * The value of a cell by sheet, row and column, as it is stored; null where it cannot be read.
 * @param {ArrayBuffer} content
 * @param {Set<string>} wanted the sheets that are asked for
 * @returns {Promise<(sheet: string, row: string, column: string) => string | null>}
 */
export async function workbookCells(content, wanted) {
  /** @type {Map<string, Document>} */
  const sheets = new Map();
  /** @type {string[]} */
  let shared = [];
  try {
    const files = zipEntries(content);
    const book = await xmlOf(files, "xl/workbook.xml");
    const links = await xmlOf(files, "xl/_rels/workbook.xml.rels");
    if (!book || !links) return () => null;
    const targets = new Map(named(links, "Relationship").map((one) => [one.getAttribute("Id"), (one.getAttribute("Target") || "").replace(/^\/?(xl\/)?/, "xl/")]));
    for (const sheet of named(book, "sheet")) {
      const name = sheet.getAttribute("name") || "";
      const xml = wanted.has(name) ? await xmlOf(files, targets.get(sheet.getAttribute("r:id")) || "") : null;
      if (xml) sheets.set(name, xml);
    }
    const texts = await xmlOf(files, "xl/sharedStrings.xml");
    shared = texts ? named(texts, "si").map((one) => one.textContent || "") : [];
  } catch (_) {
    // A workbook that cannot be read here is shown without its cells; the service says what is wrong with it.
  }
  return (sheet, row, column) => {
    const xml = sheets.get(sheet);
    if (!xml || !/^[A-Z]+$/.test(column)) return null;
    const cell = named(xml, "c").find((one) => one.getAttribute("r") === `${column}${row}`);
    if (!cell) return "";
    const value = named(cell, "v")[0];
    if (cell.getAttribute("t") === "s") return shared[Number(value && value.textContent)] || "";
    return (value || named(cell, "is")[0] || cell).textContent || "";
  };
}

/** @param {Document | Element} node @param {string} name */
const named = (node, name) => Array.from(node.getElementsByTagName(name));

/** @typedef {{ packed: boolean, bytes: Uint8Array }} ZipEntry */

/** The files of an archive, by the list at its end. @param {ArrayBuffer} content @returns {Map<string, ZipEntry>} */
function zipEntries(content) {
  const data = new DataView(content);
  let end = content.byteLength - 22;
  while (end >= 0 && data.getUint32(end, true) !== 0x06054b50) end -= 1;
  /** @type {Map<string, ZipEntry>} */
  const found = new Map();
  let at = end < 0 ? 0 : data.getUint32(end + 16, true);
  for (let left = end < 0 ? 0 : data.getUint16(end + 10, true); left > 0 && data.getUint32(at, true) === 0x02014b50; left -= 1) {
    const [nameLength, extra, comment] = [28, 30, 32].map((field) => data.getUint16(at + field, true));
    const [size, unpacked, head] = [20, 24, 42].map((field) => data.getUint32(at + field, true));
    const start = head + 30 + data.getUint16(head + 26, true) + data.getUint16(head + 28, true);
    const name = new TextDecoder().decode(new Uint8Array(content, at + 46, nameLength));
    if (unpacked <= MOST_SHEET_BYTES) found.set(name, { packed: data.getUint16(at + 10, true) === 8, bytes: new Uint8Array(content, start, size) });
    at += 46 + nameLength + extra + comment;
  }
  return found;
}

/** @param {Map<string, ZipEntry>} files @param {string} name @returns {Promise<Document | null>} */
async function xmlOf(files, name) {
  const entry = files.get(name);
  if (!entry || (entry.packed && typeof globalThis.DecompressionStream !== "function")) return null;
  const blob = new Blob([/** @type {BlobPart} */ (/** @type {unknown} */ (entry.bytes))]);
  const text = await (entry.packed ? new Response(blob.stream().pipeThrough(new DecompressionStream("deflate-raw"))) : new Response(blob)).text();
  return new DOMParser().parseFromString(text, "application/xml");
}
