import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, Problem, UNREADABLE_ANSWER } from '../src/index.js';
import { type Answer, problem, serving } from './server.js';

const failure = (answer: Answer) =>
  serving(
    () => answer,
    async (url) => {
      const thrown = await connect({ url, retry: { attempts: 1 } }).GET('/api/v1/items').catch((error: unknown) => error);
      assert.ok(thrown instanceof Problem, String(thrown));
      return thrown;
    },
  );

test('a problem has its code, status, faults with pointers and request id', async () => {
  const fault = { code: 'negative', detail: 'The number must not be negative.', pointer: '/lines/3/quantity' };
  const thrown = await failure(problem(422, 'values_not_taken', { errors: [fault], stored_sha256: 'ab' }));
  assert.equal(thrown.code, 'values_not_taken');
  assert.equal(thrown.status, 422);
  assert.equal(thrown.requestId, 'r-1');
  assert.deepEqual(thrown.errors, [fault]);
  assert.equal(thrown.storedSha256, 'ab');
  assert.ok(thrown.isAbout('/lines/3/quantity') && !thrown.isAbout('/lines'));
  assert.match(thrown.message, /422 values_not_taken: It is values_not_taken\./);
});

test('pages of proxies are problems, whatever their status', async () => {
  const broken = await failure({ status: 502, body: '<h1>Bad gateway</h1>', headers: { 'X-Request-Id': 'r-9' } });
  assert.deepEqual([broken.code, broken.status, broken.requestId], [UNREADABLE_ANSWER, 502, 'r-9']);
  const hotel = await failure({ status: 200, body: '<h1>Welcome</h1>' });
  assert.deepEqual([hotel.code, hotel.status], [UNREADABLE_ANSWER, 200]);
});
