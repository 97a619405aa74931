// Tables of the service as CSV (RFC 4180), read into rows of cells.

/** The rows of a table, its head first; the mark at the beginning of the file is left out. @param {string} text @returns {string[][]} */
export function readCsv(text) {
  /** @type {string[][]} */
  const rows = [];
  /** @type {string[]} */
  let row = [];
  const cell = /("(?:[^"]|"")*"|[^",\r\n]*)(,|\r?\n|$)/y;
  const plain = text.replace(/^\ufeff/, "");
  for (;;) {
    const found = cell.exec(plain);
    if (!found) throw new Error(`not a CSV file at ${cell.lastIndex}`);
    row.push(found[1].startsWith('"') ? found[1].slice(1, -1).replace(/""/g, '"') : found[1]);
    if (found[2] === ",") continue;
    if (row.length > 1 || row[0] !== "") rows.push(row);
    row = [];
    if (found[2] === "" || cell.lastIndex >= plain.length) return rows;
  }
}
