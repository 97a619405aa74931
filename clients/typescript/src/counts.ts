/** Submitting a count so that it may be repeated, and its receipt checked, for ever. */

import type { Muster } from './client.js';
import { data } from './client.js';
import type { components } from './generated/schema.js';

export type NewCount = components['schemas']['NewCount'];
export type SubmittedCount = components['schemas']['SubmittedCount'];

export interface Submitted {
  /** 201, or 200 where the same count was stored before. */
  status: number;
  answer: SubmittedCount;
}

/** The text of a count: keep it with the id before it is sent, and send this very text each time. */
export function textOf(count: NewCount): string {
  return JSON.stringify(count);
}

/** Sends the text of a count under the id that was made for it. */
export async function submitCount(muster: Muster, id: string, text: string): Promise<Submitted> {
  const call = muster.PUT('/api/v1/counts/{id}', {
    params: { path: { id } },
    body: JSON.parse(text) as NewCount,
    bodySerializer: () => text,
  });
  const answer = await data(call);
  return { status: (await call).response.status, answer };
}
