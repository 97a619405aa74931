/** Lists, page by page and entry by entry. */

import { data } from './client.js';

export interface Page<T> {
  items: T[];
  next_cursor?: string | null;
}

/** Reads one page: `(cursor) => muster.GET('/api/v1/items', { params: { query: { cursor } } })`. */
export type Read<T> = (cursor: string | undefined) => Promise<{ data?: Page<T>; response: Response }>;

/** All pages, each read when it is asked for. */
export async function* pages<T>(read: Read<T>): AsyncGenerator<Page<T>, void, undefined> {
  const seen = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const page = await data(read(cursor));
    yield page;
    if (page.next_cursor === null || page.next_cursor === undefined) return;
    cursor = page.next_cursor;
    if (seen.has(cursor)) throw new Error('The list gave the same cursor twice: pass the cursor on to the request.');
    seen.add(cursor);
  }
}

/** All entries of all pages. */
export async function* entries<T>(read: Read<T>): AsyncGenerator<T, void, undefined> {
  for await (const page of pages(read)) yield* page.items;
}
