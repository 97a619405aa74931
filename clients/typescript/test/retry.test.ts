import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, data, NO_ANSWER, Problem } from '../src/index.js';
import { type Answer, clock, problem, serving } from './server.js';

const busy = (seconds: number): Answer => {
  const answer = problem(503, 'busy');
  return { ...answer, headers: { ...answer.headers, 'Retry-After': String(seconds) } };
};
const page = { body: { items: [], next_cursor: null } };

test('a busy service is asked again after Retry-After', async () => {
  const { policy, waits } = clock();
  await serving(
    (_, number) => (number < 3 ? busy(2) : page),
    async (url, asked) => {
      await data(connect({ url, retry: policy }).GET('/api/v1/items'));
      assert.equal(asked.length, 3);
    },
  );
  assert.deepEqual(waits, [2125, 2250]);
});

test('a lost answer of a PUT is asked for again with the same bytes', async () => {
  for (const broken of [{ lost: true }, { cut: true }]) {
    await serving(
      (_, number) => (number === 1 ? broken : { body: {} }),
      async (url, asked) => {
        const call = { params: { path: { id: 'b' } }, body: { quantity: 0.1 } as never };
        await connect({ url, retry: clock().policy }).PUT('/api/v1/counts/{id}', call);
        assert.deepEqual(asked.map(({ body }) => body), ['{"quantity":0.1}', '{"quantity":0.1}']);
      },
    );
  }
});

test('a POST is sent again only with an Idempotency-Key', async () => {
  const { policy } = clock();
  await serving(
    () => busy(1),
    async (url, asked) => {
      const muster = connect({ url, retry: policy });
      await assert.rejects(muster.POST('/api/v1/auth/refresh', { body: { refresh_token: 'r' } }), { code: 'busy' });
      assert.equal(asked.length, 1);
      const params = { header: { 'Idempotency-Key': '0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11' } };
      await assert.rejects(muster.POST('/api/v1/auth/refresh', { body: { refresh_token: 'r' }, params }), { code: 'busy' });
      assert.equal(asked.length, 1 + 5);
    },
  );
});

test('the time is bounded, also where the service asks for more', async () => {
  const { policy, waits } = clock();
  await serving(
    () => busy(3600),
    async (url, asked) => {
      const failed = await connect({ url, retry: policy }).GET('/api/v1/items').catch((error: unknown) => error);
      assert.ok(failed instanceof Problem && failed.retryAfter === 3600);
      assert.equal(asked.length, 1);
    },
  );
  assert.deepEqual(waits, []);
});

test('no answer at all is a problem, after waits that grow', async () => {
  const { policy, waits } = clock();
  await serving(
    () => ({ lost: true }),
    async (url) => {
      await assert.rejects(connect({ url, retry: policy }).GET('/api/v1/items'), { code: NO_ANSWER, status: 0 });
    },
  );
  assert.deepEqual(waits, [250, 500, 1000, 2000]);
});

test('an answer that takes too long is none; a caller who stops is not kept waiting', async () => {
  const { policy } = clock();
  const never = (request: Request) =>
    new Promise<Response>((_, reject) => request.signal.addEventListener('abort', () => reject(request.signal.reason as Error)));
  const slow = connect({ url: 'http://127.0.0.1:1', send: never, retry: { ...policy, attempts: 1, timeoutMs: 5 } });
  await assert.rejects(slow.GET('/api/v1/items'), { code: NO_ANSWER });
  const stopped = connect({ url: 'http://127.0.0.1:1', send: never, retry: policy });
  const signal = AbortSignal.abort(new Error('enough'));
  await assert.rejects(stopped.GET('/api/v1/items', { signal }), { message: 'enough' });
});
