// QR codes (ISO/IEC 18004): bytes, error correction level M, versions 1 to 10, as an SVG image.

import { svg } from "./dom.js";

/** By version: codewords of data, codewords of correction in each block, blocks. @type {[number, number, number][]} */
const QR_SIZES = [[16, 10, 1], [28, 16, 1], [44, 26, 1], [64, 18, 2], [86, 24, 2], [108, 16, 4], [124, 18, 4], [154, 22, 4], [182, 22, 5], [216, 26, 5]];

/** The logarithms of the field of 256 elements, by the polynomial 0x11d. */
const QR_FIELD = (() => {
  const power = new Uint8Array(512);
  const log = new Uint8Array(256);
  for (let i = 0, value = 1; i < 255; i++) {
    power[i] = power[i + 255] = value;
    log[value] = i;
    value = value << 1 ^ (value & 128 ? 0x11d : 0);
  }
  return { power, log };
})();

/** The remainder that corrects errors. @param {number[]} data @param {number} length */
function qrCorrection(data, length) {
  const { power, log } = QR_FIELD;
  let generator = [1];
  for (let i = 0; i < length; i++) {
    const next = generator.concat(0);
    generator.forEach((factor, at) => { if (factor) next[at + 1] ^= power[log[factor] + i]; });
    generator = next;
  }
  const rest = data.concat(new Array(length).fill(0));
  for (let at = 0; at < data.length; at++) {
    const factor = rest[at];
    if (factor) generator.forEach((one, i) => { if (one) rest[at + i] ^= power[log[one] + log[factor]]; });
  }
  return rest.slice(data.length);
}

/** All codewords in the order in which they are placed. @param {Uint8Array} bytes @param {number} version */
function qrCodewords(bytes, version) {
  const [room, correction, blocks] = QR_SIZES[version - 1];
  let bits = "0100" + bytes.length.toString(2).padStart(version > 9 ? 16 : 8, "0");
  for (const byte of bytes) bits += byte.toString(2).padStart(8, "0");
  bits = (bits + "0000").slice(0, room * 8);
  bits = bits.padEnd(Math.ceil(bits.length / 8) * 8, "0");
  const data = [];
  for (let at = 0; at < bits.length; at += 8) data.push(parseInt(bits.slice(at, at + 8), 2));
  for (let fill = 0xec; data.length < room; fill ^= 0xec ^ 0x11) data.push(fill);
  const short = Math.floor(room / blocks);
  const long = room % blocks;
  const parts = [];
  for (let block = 0, at = 0; block < blocks; block++) {
    const length = short + (block >= blocks - long ? 1 : 0);
    parts.push(data.slice(at, at += length));
  }
  const corrections = parts.map((part) => qrCorrection(part, correction));
  const words = [];
  for (let i = 0; i <= short; i++) for (const part of parts) if (i < part.length) words.push(part[i]);
  for (let i = 0; i < correction; i++) for (const part of corrections) words.push(part[i]);
  return words;
}

/** The eight masks. @type {((row: number, column: number) => boolean)[]} */
const QR_MASKS = [
  (r, c) => (r + c) % 2 === 0, (r) => r % 2 === 0, (_, c) => c % 3 === 0, (r, c) => (r + c) % 3 === 0,
  (r, c) => ((r >> 1) + Math.floor(c / 3)) % 2 === 0, (r, c) => r * c % 2 + r * c % 3 === 0,
  (r, c) => (r * c % 2 + r * c % 3) % 2 === 0, (r, c) => ((r + c) % 2 + r * c % 3) % 2 === 0,
];

/** Bits with their remainder by a polynomial. @param {number} value @param {number} polynomial @param {number} degree */
function qrCode(value, polynomial, degree) {
  let rest = value << degree;
  for (let bit = 31 - Math.clz32(rest || 1); rest && bit >= degree; bit = 31 - Math.clz32(rest)) rest ^= polynomial << (bit - degree);
  return value << degree | rest;
}

/** The square of dark and light for a text. @param {string} text @returns {boolean[][]} */
function qrSquare(text) {
  const bytes = new TextEncoder().encode(text);
  const version = QR_SIZES.findIndex(([room], at) => bytes.length + (at > 8 ? 3 : 2) <= room) + 1;
  if (!version) throw new Error("too long for a QR code");
  const size = 17 + 4 * version;
  /** @type {(boolean | null)[][]} */
  const fixed = Array.from({ length: size }, () => new Array(size).fill(null));
  const finder = (/** @type {number} */ row, /** @type {number} */ column) => {
    for (let r = -1; r <= 7; r++) for (let c = -1; c <= 7; c++) {
      if (row + r < 0 || row + r >= size || column + c < 0 || column + c >= size) continue;
      const ring = Math.max(Math.abs(r - 3), Math.abs(c - 3));
      fixed[row + r][column + c] = ring !== 2 && ring !== 4;
    }
  };
  finder(0, 0); finder(0, size - 7); finder(size - 7, 0);
  const last = size - 7;
  // The centres of the alignment patterns.
  const centres = version < 2 ? [] : version < 7 ? [6, last] : [6, last / 2 + 3, last];
  for (const row of centres) for (const column of centres) {
    if ((row === 6 && column === 6) || (row === 6 && column === last) || (row === last && column === 6)) continue;
    for (let r = -2; r <= 2; r++) for (let c = -2; c <= 2; c++) fixed[row + r][column + c] = Math.max(Math.abs(r), Math.abs(c)) !== 1;
  }
  for (let i = 8; i < size - 8; i++) fixed[6][i] = fixed[i][6] = i % 2 === 0;
  fixed[size - 8][8] = true;
  const format = (/** @type {number} */ mask) => {
    const bits = qrCode(mask, 0x537, 10) ^ 0x5412;
    for (let i = 0; i < 15; i++) {
      const dark = Boolean(bits >> i & 1);
      fixed[i < 6 ? i : i < 8 ? i + 1 : size - 15 + i][8] = dark;
      fixed[8][i < 8 ? size - 1 - i : i < 9 ? 7 : 14 - i] = dark;
    }
  };
  format(0);
  if (version >= 7) {
    const bits = qrCode(version, 0x1f25, 12);
    for (let i = 0; i < 18; i++) {
      const [a, b] = [Math.floor(i / 3), size - 11 + i % 3];
      fixed[a][b] = fixed[b][a] = Boolean(bits >> i & 1);
    }
  }
  const words = qrCodewords(bytes, version);
  const place = (/** @type {number} */ mask) => {
    format(mask);
    const square = fixed.map((row) => row.slice());
    let at = 0;
    for (let right = size - 1, up = true; right > 0; right -= 2, up = !up) {
      if (right === 6) right = 5;
      for (let i = 0; i < size; i++) for (const column of [right, right - 1]) {
        const row = up ? size - 1 - i : i;
        if (fixed[row][column] !== null) continue;
        const dark = at < words.length * 8 && Boolean(words[at >> 3] >> (7 - (at & 7)) & 1);
        at++;
        square[row][column] = dark !== QR_MASKS[mask](row, column);
      }
    }
    return /** @type {boolean[][]} */ (square);
  };
  const candidates = QR_MASKS.map((_, mask) => place(mask));
  const scores = candidates.map(qrPenalty);
  return candidates[scores.indexOf(Math.min(...scores))];
}

/** How hard a square is to read: long runs, and blocks. @param {boolean[][]} square */
function qrPenalty(square) {
  let score = 0;
  square.forEach((row, r) => row.forEach((dark, c) => {
    if (r && c && dark === square[r - 1][c] && dark === row[c - 1] && dark === square[r - 1][c - 1]) score++;
  }));
  return score;
}

/** A QR code as an image with a quiet edge. @param {string} text @param {string} words what it leads to */
export function qrImage(text, words) {
  const square = qrSquare(text);
  let path = "";
  square.forEach((row, r) => row.forEach((dark, c) => { if (dark) path += `M${c + 4} ${r + 4}h1v1h-1z`; }));
  const size = square.length + 8;
  return svg("svg", { viewBox: `0 0 ${size} ${size}`, role: "img", "aria-label": words, "shape-rendering": "crispEdges" }, svg("rect", { width: size, height: size, fill: "#fff" }), svg("path", { d: path, fill: "#000" }));
}
