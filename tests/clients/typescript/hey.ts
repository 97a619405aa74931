/** The flow of `tests/clients` with what @hey-api/openapi-ts generates. */

import { randomUUID } from 'node:crypto';
import { client } from './generated/hey/client.gen';
import { explainShortage, issueToken, listDepots, listItems, listKeys, listShortages, pullChanges, submitCount } from './generated/hey/sdk.gen';
import type { NewCount } from './generated/hey/types.gen';
import { assert, run } from './flow';
import { Receipts } from './receipts';

const { MUSTER_URL: baseUrl, MUSTER_CLIENT, MUSTER_SECRET, MUSTER_ITEM, MUSTER_MEASURED } = process.env as Record<string, string>;
client.setConfig({ baseUrl: baseUrl!, auth: `${MUSTER_CLIENT}:${MUSTER_SECRET}` });

run(async () => {
  const issued = await issueToken({ body: { grant_type: 'client_credentials' } });
  assert(issued.data, issued.error);
  client.setConfig({ auth: issued.data.access_token });
  let sent = '';
  client.interceptors.request.use(async (request) => {
    if (request.method === 'PUT') sent = await request.clone().text();
    return request;
  });

  const codes = new Set<string>();
  let pages = 0;
  for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
    const page = await listItems({ query: { limit: 50, cursor } });
    assert(page.data && typeof page.data !== 'string', page.error);
    page.data.items.forEach((item) => codes.add(item.code));
    cursor = page.data.next_cursor ?? null;
  }

  const depots = await listDepots();
  assert(depots.data && typeof depots.data !== 'string', depots.error);
  const depot = depots.data.items[0];
  assert(depot, 'no depot');
  const count = (quantity: number): NewCount => ({
    depot_id: depot.id,
    scope: 'listed',
    counted_at: new Date().toISOString(),
    note: '盘点',
    lines: [{ item: MUSTER_ITEM!, quantity }, { item: MUSTER_MEASURED!, quantity: 0.1 }],
  });
  const id = randomUUID();
  const counted = count(15);
  const first = await submitCount({ path: { id }, body: counted });
  const text = sent;
  const again = await submitCount({ path: { id }, body: counted });
  const other = await submitCount({ path: { id }, body: count(14) });
  assert(first.data && again.data, first.error ?? again.error);
  assert(other.error && other.response.status === 409 && other.error.status === 409, other.data);
  assert(again.data.receipt === first.data.receipt && !first.data.repeated, again.data);

  const receipts = new Receipts(async () => (await listKeys()).data?.keys ?? []);
  const sha256 = await receipts.check(first.data.receipt, { id, bytes: text });
  assert(other.error.stored_sha256 === sha256, other.error);

  const shortages = await listShortages({ query: { organization: ['T3'], item: [MUSTER_ITEM!] } });
  assert(shortages.data && typeof shortages.data !== 'string', shortages.error);
  const line = shortages.data.items[0];
  assert(line, 'no line');
  const explained = await explainShortage({ path: { organization: 'T3', line: line.line } });
  assert(explained.data, explained.error);
  const rules = explained.data.explanation.scopes.flatMap((scope) => scope.rules.map((rule) => rule.rule));

  let changes = 0;
  let cursor: string | undefined;
  const pull = async () => {
    const pulled = await pullChanges({ query: { cursor } });
    assert(pulled.data, pulled.error);
    cursor = pulled.data.cursor;
    return pulled.data;
  };
  for (let more = true; more; ) {
    const pulled = await pull();
    changes += pulled.changes.length;
    more = pulled.more;
  }
  const after = await pull();

  return {
    items: codes.size,
    pages,
    first: first.response.status,
    again: again.response.status,
    repeated: again.data.repeated,
    problem: other.error.code,
    sha256,
    required: line.required.min,
    rules,
    changes,
    after: after.changes.length,
  };
});
