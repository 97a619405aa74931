// The cell that a fault names: the pointer says file, sheet, row and column; the value is looked up in the file.

import { workbookCells } from "./workbook.js";

/** @typedef {{ sheet: string, row: string, column: string, value: string | null }} Cell the value is null where it is not read here */

/** @param {import("./import.js").ChosenFile} file @returns {Promise<(pointer: string) => Cell>} */
export async function cellReader(file) {
  const isCsv = /\.csv$/i.test(file.name);
  const placeOf = (/** @type {string} */ pointer) => {
    const parts = pointer.split("/").slice(2).map((part) => part.replace(/~1/g, "/").replace(/~0/g, "~"));
    const sheet = isCsv ? "" : parts.shift() || "";
    return { sheet, row: parts[0] || "", column: parts[1] || "" };
  };
  if (isCsv) {
    const rows = csvRows(decoded(file.content, (file.report && file.report.files[0] && file.report.files[0].encoding) || null));
    return (pointer) => {
      const place = placeOf(pointer);
      return { ...place, value: valueAt(rows, Number(place.row), place.column) };
    };
  }
  const told = [...((file.error && file.error.problem && file.error.problem.errors) || []), ...((file.report && file.report.warnings) || [])];
  const cell = /\.xlsx$/i.test(file.name) ? await workbookCells(file.content, new Set(told.map(({ pointer }) => placeOf(pointer).sheet))) : () => null;
  return (pointer) => {
    const place = placeOf(pointer);
    return { ...place, value: cell(place.sheet, place.row, place.column) };
  };
}

/** @param {string[][]} rows @param {number} row from 1 @param {string} column as the header has it */
function valueAt(rows, row, column) {
  if (!column || !rows[row - 1]) return null;
  const bare = (/** @type {string} */ head) => head.replace(/[\s*＊]+$/, "").trim();
  const header = rows.slice(0, row).find((cells) => cells.some((cell) => bare(cell) === bare(column)));
  if (!header || header === rows[row - 1]) return header ? column : null;
  const value = rows[row - 1][header.findIndex((cell) => bare(cell) === bare(column))];
  return value === undefined ? "" : value;
}

/** The text of a file, by its mark, else UTF-8 where that fits, else as the service read it or as Chinese programs write it. @param {ArrayBuffer} content @param {string | null} encoding */
function decoded(content, encoding) {
  const bytes = new Uint8Array(content);
  for (const label of bytes[0] === 0xff && bytes[1] === 0xfe ? ["utf-16le"] : [encoding || "utf-8", "gb18030"]) {
    try {
      return new TextDecoder(label, { fatal: true }).decode(bytes);
    } catch (_) {
      // The next one may fit.
    }
  }
  return "";
}

/** Rows of cells, separated by what the first line has most of. @param {string} text */
function csvRows(text) {
  const [line] = text.split("\n", 1);
  const separator = [",", ";", "\t"].sort((one, other) => line.split(other).length - line.split(one).length)[0];
  /** @type {string[][]} */
  const rows = [[]];
  let [cell, isQuoted] = ["", false];
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (isQuoted && sign === "\"" && text[at + 1] === "\"") {
      cell += sign;
      at += 1;
    } else if (sign === "\"") isQuoted = !isQuoted;
    else if (!isQuoted && (sign === separator || sign === "\n")) {
      rows[rows.length - 1].push(cell.trim());
      cell = "";
      if (sign === "\n") rows.push([]);
    } else cell += sign;
  }
  rows[rows.length - 1].push(cell.trim());
  return rows;
}
