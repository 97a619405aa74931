/** The changes since a cursor, for a program that keeps a copy. */

import { data, type Muster } from './client.js';
import type { components } from './generated/schema.js';
import { Problem } from './problems.js';

export type PulledChanges = components['schemas']['PulledChanges'];

/**
 * The answers of `GET /sync` until `more` is false, each read when it is asked for; everything without a cursor.
 *
 * Make the changes of each answer and keep its `cursor` in one transaction. Where `reset` is true, drop the whole copy
 * first, in the same transaction, and push again what was accepted in the last 90 days. A cursor that the service cannot
 * read starts over, with `reset`.
 */
export async function* changes(muster: Muster, since?: string): AsyncGenerator<PulledChanges, void, undefined> {
  let cursor = since;
  let restarted = false;
  for (;;) {
    let pulled: PulledChanges;
    try {
      pulled = await data(muster.GET('/api/v1/sync', { params: { query: cursor === undefined ? {} : { cursor } } }));
    } catch (error) {
      if (cursor === undefined || restarted || !(error instanceof Problem && error.status === 422 && error.isAbout('/cursor'))) throw error;
      cursor = undefined;
      restarted = true;
      continue;
    }
    yield restarted && cursor === undefined ? { ...pulled, reset: true } : pulled;
    if (!pulled.more) return;
    if (pulled.cursor === cursor) throw new Error('The service has more changes after the same cursor.');
    cursor = pulled.cursor;
  }
}
