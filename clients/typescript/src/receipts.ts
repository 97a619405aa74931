/** Receipts: a JWS by which the service shows that it stored the very bytes sent. Needs Node's `node:crypto`. */

import { createPublicKey, verify } from 'node:crypto';
import { canonical, type Json, read, sha256 } from './canonical.js';

export { canonical, sha256 };

export interface Key {
  kid: string;
  kty: string;
  crv: string;
  x: string;
}

/** The names of `openapi/conformance/receipts.json`. */
export type Verdict = 'genuine' | 'other_content' | 'other_thing' | 'wrong_hash' | 'wrong_signature' | 'unknown_key' | 'unreadable';

export interface Subject {
  /** `count` if left out; also `void`, `acceptance`, `resolution`. */
  kind?: string;
  id: string;
  /** The body as it was sent. */
  bytes: Uint8Array | string;
}

export class ReceiptError extends Error {
  override readonly name = 'ReceiptError';
  constructor(
    readonly verdict: Exclude<Verdict, 'genuine'>,
    readonly subject: Subject,
  ) {
    super(`The receipt of ${subject.kind ?? 'count'} ${subject.id} is not accepted: ${verdict}. Keep the bytes and show this.`);
  }
}

type Members = { [name: string]: Json };

function part(encoded: string): Buffer {
  const bytes = Buffer.from(encoded, 'base64url');
  if (bytes.toString('base64url') !== encoded) throw new SyntaxError('not the one way to write it');
  return bytes;
}

function members(encoded: string): Members {
  const value = read(part(encoded));
  if (value === null || typeof value !== 'object' || Array.isArray(value)) throw new SyntaxError('not an object');
  return value;
}

function isSigned(key: Key, message: string, signature: Buffer): boolean {
  const { kty, crv, x } = key;
  return verify(null, Buffer.from(message), createPublicKey({ key: { kty, crv, x }, format: 'jwk' }), signature);
}

/** The verdict on a receipt: one of `keys` signed it, it is about the subject, and its hashes are right. */
export function verdict(receipt: string, keys: readonly Key[], subject: Subject): Verdict {
  try {
    const [head, body, tail, ...more] = receipt.split('.');
    if (head === undefined || body === undefined || tail === undefined || more.length) return 'unreadable';
    const header = members(head);
    const { iss, hash, ...link } = members(body);
    const signature = part(tail);
    if (header['alg'] !== 'EdDSA' || header['typ'] !== 'muster-receipt+jws' || iss !== 'muster') return 'unreadable';
    if (typeof header['kid'] !== 'string' || typeof hash !== 'string') return 'unreadable';
    const key = keys.find((one) => one.kid === header['kid'] && one.crv === 'Ed25519');
    if (!key) return 'unknown_key';
    if (!isSigned(key, `${head}.${body}`, signature)) return 'wrong_signature';
    if (hash !== sha256(link)) return 'wrong_hash';
    if (link['kind'] !== (subject.kind ?? 'count') || link['id'] !== subject.id) return 'other_thing';
    return link['sha256'] === sha256(read(subject.bytes)) ? 'genuine' : 'other_content';
  } catch {
    return 'unreadable';
  }
}

/** Checks receipts against the key set, which is fetched when a receipt names a key that it does not have. */
export class Receipts {
  #keys: readonly Key[] = [];

  /** `fetchKeys` reads the set: `async () => (await data(muster.GET('/.well-known/jwks.json'))).keys`. */
  constructor(private readonly fetchKeys: () => Promise<readonly Key[]>) {}

  /** The SHA-256 of the content that the receipt is about; throws a `ReceiptError` if it is not genuine. */
  async check(receipt: string, subject: Subject): Promise<string> {
    let found = verdict(receipt, this.#keys, subject);
    if (found === 'unknown_key') {
      this.#keys = await this.fetchKeys();
      found = verdict(receipt, this.#keys, subject);
    }
    if (found !== 'genuine') throw new ReceiptError(found, subject);
    return sha256(read(subject.bytes));
  }
}
