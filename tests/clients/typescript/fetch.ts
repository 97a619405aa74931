/** The flow of `tests/clients` with what openapi-typescript generates, called through openapi-fetch. */

import { randomUUID } from 'node:crypto';
import createClient from 'openapi-fetch';
import type { components, paths } from './generated/schema';
import { assert, check, run } from './receipt';

const { MUSTER_URL: baseUrl, MUSTER_CLIENT, MUSTER_SECRET, MUSTER_ITEM, MUSTER_MEASURED } = process.env as Record<string, string>;
const client = createClient<paths, 'application/json' | 'application/problem+json'>({ baseUrl: baseUrl! });

run(async () => {
  const basic = Buffer.from(`${MUSTER_CLIENT}:${MUSTER_SECRET}`).toString('base64');
  const issued = await client.POST('/api/v1/oauth/token', {
    headers: { Authorization: `Basic ${basic}`, 'Content-Type': 'application/x-www-form-urlencoded' },
    body: { grant_type: 'client_credentials' },
    bodySerializer: (body) => new URLSearchParams(body as Record<string, string>),
  });
  assert(issued.data, issued.error);
  const { access_token } = issued.data;
  let sent = '';
  client.use({
    async onRequest({ request }) {
      request.headers.set('Authorization', `Bearer ${access_token}`);
      if (request.method === 'PUT') sent = await request.clone().text();
      return request;
    },
  });

  const codes = new Set<string>();
  let pages = 0;
  for (let cursor: string | null | undefined; cursor !== null; pages += 1) {
    const page = await client.GET('/api/v1/items', { params: { query: { limit: 50, cursor } } });
    assert(page.data, page.error);
    page.data.items.forEach((item) => codes.add(item.code));
    cursor = page.data.next_cursor ?? null;
  }

  const depots = await client.GET('/api/v1/depots');
  const depot = depots.data?.items[0];
  assert(depot, depots.error);
  const count = (quantity: number): components['schemas']['NewCount'] => ({
    depot_id: depot.id,
    scope: 'listed',
    counted_at: new Date().toISOString(),
    note: '盘点',
    lines: [{ item: MUSTER_ITEM!, quantity }, { item: MUSTER_MEASURED!, quantity: 0.1 }],
  });
  const id = randomUUID();
  const counted = count(15);
  const submit = (body: components['schemas']['NewCount']) => client.PUT('/api/v1/counts/{id}', { params: { path: { id } }, body });
  const first = await submit(counted);
  const text = sent;
  const again = await submit(counted);
  const other = await submit(count(14));
  assert(first.data && again.data, first.error ?? again.error);
  assert(other.error && other.response.status === 409 && other.error.status === 409, other.data);
  assert(again.data.receipt === first.data.receipt && !first.data.repeated, again.data);

  const keys = await client.GET('/.well-known/jwks.json');
  assert(keys.data, keys.error);
  const sha256 = check(first.data.receipt, keys.data.keys, id, text);
  assert(other.error.stored_sha256 === sha256, other.error);

  const shortages = await client.GET('/api/v1/shortages', { params: { query: { organization: ['T3'], item: [MUSTER_ITEM!] } } });
  const line = shortages.data?.items[0];
  assert(line, shortages.error);
  const explained = await client.GET('/api/v1/organizations/{organization}/shortages/{line}', {
    params: { path: { organization: 'T3', line: line.line } },
  });
  assert(explained.data, explained.error);
  const rules = explained.data.explanation.scopes.flatMap((scope) => scope.rules.map((rule) => rule.rule));

  let changes = 0;
  let cursor: string | undefined;
  const pull = async () => {
    const pulled = await client.GET('/api/v1/sync', { params: { query: { cursor } } });
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
