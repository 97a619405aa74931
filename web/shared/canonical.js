// The canonical form of JSON (RFC 8785), of which the hash of a content is made.
import { utf8Bytes } from "./bytes.js";
import { sha256Hex } from "./digest.js";

/** Deeper than anything that is sent, and far from what a browser's stack holds. */
const DEEPEST = 128;

/**
 * Reads JSON, and refuses what has no canonical form: a number out of range, half of a surrogate pair, what is nested
 * without end.
 * @param {string} text
 * @returns {unknown}
 * @throws {SyntaxError}
 */
export function readJson(text) {
  const value = JSON.parse(text);
  canonicalText(value);
  return value;
}

/** @param {string} text */
function hasHalfPair(text) {
  for (let at = 0; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit < 0xd800 || unit > 0xdfff) continue;
    const next = text.charCodeAt(at + 1);
    if (unit > 0xdbff || !(next >= 0xdc00 && next <= 0xdfff)) return true;
    at++;
  }
  return false;
}

/** @param {string} text */
function canonicalString(text) {
  if (hasHalfPair(text)) throw new SyntaxError("half of a surrogate pair");
  return JSON.stringify(text);
}

/**
 * @param {unknown} value  as `JSON.parse` gives it
 * @param {number} [depth]
 * @returns {string}
 * @throws {SyntaxError}
 */
export function canonicalText(value, depth = 0) {
  if (depth > DEEPEST) throw new SyntaxError("nested too deep");
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return canonicalString(value);
  if (typeof value === "number") {
    if (!Number.isFinite(value)) throw new SyntaxError("a number out of range");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map((one) => canonicalText(one, depth + 1)).join(",")}]`;
  if (typeof value !== "object") throw new SyntaxError("no value of JSON");
  // The order of `sort` is that of UTF-16 code units, as the RFC asks.
  const object = /** @type {Record<string, unknown>} */ (value);
  const members = Object.keys(object).sort();
  return `{${members.map((name) => `${canonicalString(name)}:${canonicalText(object[name], depth + 1)}`).join(",")}}`;
}

/** @param {unknown} value @returns {Promise<string>} SHA-256 of its canonical form */
export async function hashOfContent(value) {
  return sha256Hex(utf8Bytes(canonicalText(value)));
}
