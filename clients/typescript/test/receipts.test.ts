import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { read } from '../src/canonical.js';
import { connect, submitCount, textOf } from '../src/index.js';
import { canonical, type Key, Receipts, sha256, type Verdict, verdict } from '../src/receipts.js';
import { serving } from './server.js';

interface Receipt {
  name: string;
  receipt: string;
  id: string;
  content: string;
  verdict: Verdict;
  key_set?: { keys: Key[] };
}

const folder = process.env['MUSTER_CONFORMANCE'] ?? join('..', '..', 'openapi', 'conformance');
const vectors = <T>(name: string): T => JSON.parse(readFileSync(join(folder, name), 'utf8')) as T;
const receipts = vectors<{ vectors: Receipt[]; key_set: { keys: Key[] } }>('receipts.json');
const texts = vectors<{ vectors: { name: string; json: string; canonical: string; sha256: string }[]; refused: { json: string }[] }>('canonical.json');

test('the canonical form and hash of every vector', () => {
  for (const { name, json, ...expected } of texts.vectors) {
    assert.deepEqual({ canonical: canonical(read(json)), sha256: sha256(read(json)) }, expected, name);
  }
  for (const { json } of texts.refused) assert.throws(() => canonical(read(json)), json);
});

test('the verdict of every receipt', () => {
  for (const { name, receipt, id, content, key_set, verdict: expected } of receipts.vectors) {
    assert.equal(verdict(receipt, (key_set ?? receipts.key_set).keys, { id, bytes: content }), expected, name);
  }
});

test('the key set is fetched for an unknown key, and kept', async () => {
  const [genuine] = receipts.vectors;
  assert.ok(genuine);
  let fetched = 0;
  const checking = new Receipts(async () => {
    fetched += 1;
    return receipts.key_set.keys;
  });
  const subject = { id: genuine.id, bytes: new TextEncoder().encode(genuine.content) };
  assert.equal(await checking.check(genuine.receipt, subject), sha256(read(genuine.content)));
  await checking.check(genuine.receipt, subject);
  assert.equal(fetched, 1);
  await assert.rejects(checking.check(genuine.receipt, { ...subject, bytes: '{}' }), { name: 'ReceiptError', verdict: 'other_content' });
});

test('a count goes out as the very text that was kept', async () => {
  const text = textOf({ depot_id: 'd', scope: 'listed', counted_at: '2026-11-23T02:10:00Z', note: '盘点', lines: [] });
  await serving(
    () => ({ status: 201, body: { repeated: false } }),
    async (url, asked) => {
      const { status } = await submitCount(connect({ url }), '0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11', text);
      assert.equal(status, 201);
      assert.equal(asked[0]?.body, text);
      assert.equal(asked[0]?.headers['content-type'], 'application/json');
    },
  );
});
