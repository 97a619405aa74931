/** The flow of `tests/clients` with the ready-made client of `clients/typescript`. */

import { randomUUID } from 'node:crypto';
import { changes, connect, data, pages, Problem, submitCount, textOf } from 'muster-client';
import { Receipts } from 'muster-client/receipts';
import { assert, run } from './flow.js';

const { MUSTER_URL, MUSTER_CLIENT, MUSTER_SECRET, MUSTER_ITEM, MUSTER_MEASURED } = process.env as Record<string, string>;
const muster = connect({ url: MUSTER_URL!, client: { id: MUSTER_CLIENT!, secret: MUSTER_SECRET! } });

run(async () => {
  const codes = new Set<string>();
  let read = 0;
  const list = (cursor?: string) => muster.GET('/api/v1/items', { params: { query: { limit: 50, ...(cursor && { cursor }) } } });
  for await (const page of pages(list)) {
    page.items.forEach((item) => codes.add(item.code));
    read += 1;
  }

  const depot = (await data(muster.GET('/api/v1/depots'))).items[0];
  assert(depot, 'no depot');
  const count = (quantity: number) =>
    textOf({
      depot_id: depot.id,
      scope: 'listed',
      counted_at: new Date().toISOString(),
      note: '盘点',
      lines: [
        { item: MUSTER_ITEM!, quantity },
        { item: MUSTER_MEASURED!, quantity: 0.1 },
      ],
    });
  const id = randomUUID();
  const text = count(15);
  const first = await submitCount(muster, id, text);
  const again = await submitCount(muster, id, text);
  const other: unknown = await submitCount(muster, id, count(14)).catch((error: unknown) => error);
  assert(other instanceof Problem && other.status === 409, other);
  assert(again.answer.receipt === first.answer.receipt && !first.answer.repeated, again.answer);

  const receipts = new Receipts(async () => (await data(muster.GET('/.well-known/jwks.json'))).keys);
  const sha256 = await receipts.check(first.answer.receipt, { id, bytes: text });
  assert(other.storedSha256 === sha256, other.message);

  const shortages = await data(muster.GET('/api/v1/shortages', { params: { query: { organization: ['T3'], item: [MUSTER_ITEM!] } } }));
  const line = shortages.items[0];
  assert(line, 'no line');
  const path = { organization: 'T3', line: line.line };
  const explained = await data(muster.GET('/api/v1/organizations/{organization}/shortages/{line}', { params: { path } }));
  const rules = explained.explanation.scopes.flatMap((scope) => scope.rules.map((rule) => rule.rule));

  let cursor: string | undefined;
  const pull = async () => {
    let found = 0;
    for await (const pulled of changes(muster, cursor)) {
      found += pulled.changes.length;
      cursor = pulled.cursor;
    }
    return found;
  };
  const changed = await pull();
  const after = await pull();

  return {
    items: codes.size,
    pages: read,
    first: first.status,
    again: again.status,
    repeated: again.answer.repeated,
    problem: other.code,
    sha256,
    required: line.required.min,
    rules,
    changes: changed,
    after,
  };
});
