// Receipts: a command counts as accepted only with proof (`openapi/sync.md`, Receipts).
import { base64UrlBytes, utf8Bytes, utf8Text } from "./bytes.js";
import { hashOfContent, readJson } from "./canonical.js";
import { checkEd25519 } from "./digest.js";

/** @typedef {"genuine" | "other_content" | "other_thing" | "wrong_hash" | "wrong_signature" | "unknown_key" | "unreadable"} ReceiptVerdict */
/** @typedef {{kid: string, x: Uint8Array}} ReceiptKey */

/** Longer than any receipt, which the service bounds at 4,096 characters. */
const LONGEST_RECEIPT = 8192;
const MOST_KEYS = 1000;

/**
 * @typedef {object} ReadReceipt
 * @property {string} kid
 * @property {Record<string, unknown>} claims
 * @property {Uint8Array} message
 * @property {Uint8Array} signature
 */

/** @param {unknown} value @returns {Record<string, unknown> | null} */
function asRecord(value) {
  return value !== null && typeof value === "object" && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : null;
}

/** @param {string} part */
function partOfJws(part) {
  const bytes = base64UrlBytes(part);
  const text = bytes && utf8Text(bytes);
  return text === null ? null : asRecord(readJson(text));
}

/** @param {string} receipt @returns {ReadReceipt | null} null where it is none */
export function readReceipt(receipt) {
  const parts = receipt.length <= LONGEST_RECEIPT ? receipt.split(".") : [];
  const [head, body, end] = parts;
  if (parts.length !== 3 || head === undefined || body === undefined || end === undefined) return null;
  try {
    const [header, claims, signature] = [partOfJws(head), partOfJws(body), base64UrlBytes(end)];
    if (!header || !claims || !signature || typeof header["kid"] !== "string") return null;
    if (header["alg"] !== "EdDSA" || header["typ"] !== "muster-receipt+jws" || claims["iss"] !== "muster") return null;
    const names = ["kind", "id", "sha256", "hash"];
    if (names.some((name) => typeof claims[name] !== "string")) return null;
    return { kid: header["kid"], claims, message: utf8Bytes(`${head}.${body}`), signature };
  } catch {
    return null;
  }
}

/**
 * The keys of a key set (RFC 7517) by their ids; those of other kinds are passed over.
 * @param {unknown} served
 * @returns {Map<string, ReceiptKey> | null} null where it is no key set
 */
export function keysOfSet(served) {
  const list = asRecord(served)?.["keys"];
  if (!Array.isArray(list)) return null;
  /** @type {Map<string, ReceiptKey>} */
  const keys = new Map();
  for (const one of list.slice(0, MOST_KEYS)) {
    const { crv, kid, x } = asRecord(one) || {};
    const bytes = typeof x === "string" && x.length < 100 ? base64UrlBytes(x) : null;
    if (crv === "Ed25519" && typeof kid === "string" && kid.length < 200 && bytes && bytes.length === 32) {
      keys.set(kid, { kid, x: bytes });
    }
  }
  return keys;
}

/**
 * What is to be made of a receipt.
 * @param {string} receipt
 * @param {Map<string, ReceiptKey>} keys
 * @param {{id: string, kind?: string | null, text?: string, sha256?: string}} expected  the count that it is of, and what was sent
 *   or its hash
 * @returns {Promise<{verdict: ReceiptVerdict, by: "browser" | "own"}>}
 */
export async function judgeReceipt(receipt, keys, expected) {
  const read = readReceipt(receipt);
  if (!read) return { verdict: "unreadable", by: "own" };
  const key = keys.get(read.kid);
  if (!key) return { verdict: "unknown_key", by: "own" };
  const { isRight, by } = await checkEd25519(key.x, read.message, read.signature);
  if (!isRight) return { verdict: "wrong_signature", by };
  const { iss: _, hash, ...link } = read.claims;
  try {
    if ((await hashOfContent(link)) !== hash) return { verdict: "wrong_hash", by };
    const kind = expected.kind === undefined ? "count" : expected.kind;
    if ((kind !== null && link["kind"] !== kind) || link["id"] !== expected.id) return { verdict: "other_thing", by };
    const sent = expected.text === undefined ? expected.sha256 : await hashOfContent(readJson(expected.text));
    return { verdict: link["sha256"] === sent ? "genuine" : "other_content", by };
  } catch {
    return { verdict: "unreadable", by };
  }
}
