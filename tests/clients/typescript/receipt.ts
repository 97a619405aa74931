/** Checks a receipt as `openapi/sync.md` asks, with Node's own cryptography: for both clients in TypeScript. */

import { createHash, createPublicKey, verify } from 'node:crypto';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** RFC 8785 is what ECMAScript writes, with the members in the order of their names. */
export function canonical(value: Json): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.keys(value).sort();
  return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name]!)}`).join(',')}}`;
}

const sha256 = (value: Json) => createHash('sha256').update(canonical(value)).digest('hex');

export function assert(holds: unknown, otherwise: unknown): asserts holds {
  if (!holds) throw new Error(typeof otherwise === 'string' ? otherwise : JSON.stringify(otherwise));
}

/** The SHA-256 of the content, where one of `keys` signed that the very text `sent` is that count. */
export function check(
  receipt: string,
  keys: { kid: string; kty: string; crv: string; x: string }[],
  countId: string,
  sent: string,
): string {
  const [head = '', said = '', signature = ''] = receipt.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const { iss, hash, ...link } = JSON.parse(Buffer.from(said, 'base64url').toString());
  assert(header.alg === 'EdDSA' && header.typ === 'muster-receipt+jws' && iss === 'muster', header);
  const jwk = keys.find((key) => key.kid === header.kid);
  assert(jwk, 'the key of the receipt is not in the set');
  const key = createPublicKey({ key: { kty: jwk.kty, crv: jwk.crv, x: jwk.x }, format: 'jwk' });
  assert(verify(null, Buffer.from(`${head}.${said}`), key, Buffer.from(signature, 'base64url')), 'the signature is wrong');
  assert(link.kind === 'count' && link.id === countId, link);
  assert(link.sha256 === sha256(JSON.parse(sent)), 'the receipt is about other content');
  assert(hash === sha256(link), 'the hash is not that of the link');
  return link.sha256;
}

/** Runs a flow and prints what it found. */
export function run(flow: () => Promise<object>): void {
  flow().then(
    (found) => console.log(JSON.stringify(found)),
    (error) => {
      console.error(error);
      process.exit(1);
    },
  );
}
