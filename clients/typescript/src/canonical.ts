/** RFC 8785: what ECMAScript writes, with the members in the order of their names. */

import { createHash } from 'node:crypto';

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** Reads bytes or a text; half of a surrogate pair and a number beyond every double are refused. */
export function read(source: Uint8Array | string): Json {
  const text = typeof source === 'string' ? source : new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(source);
  return JSON.parse(text) as Json;
}

function string(value: string): string {
  if (/\p{Surrogate}/u.test(value)) throw new SyntaxError('half of a surrogate pair is no text');
  return JSON.stringify(value);
}

export function canonical(value: Json): string {
  if (typeof value === 'string') return string(value);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new SyntaxError('a number out of range');
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`;
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{${members.map(([name, member]) => `${string(name)}:${canonical(member)}`).join(',')}}`;
}

/** SHA-256 of the RFC 8785 form, in hexadecimal. */
export function sha256(value: Json): string {
  return createHash('sha256').update(canonical(value)).digest('hex');
}
