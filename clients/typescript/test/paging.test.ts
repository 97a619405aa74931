import assert from 'node:assert/strict';
import { test } from 'node:test';
import { changes, connect, entries, pages } from '../src/index.js';
import { problem, serving } from './server.js';

const cursorOf = (path: string) => new URL(path, 'http://x').searchParams.get('cursor');

test('all entries of all pages, each page read when it is asked for', async () => {
  await serving(
    ({ path }) => {
      const from = Number(cursorOf(path) ?? 0);
      return { body: { items: [{ code: `L${from}` }, { code: `L${from + 1}` }], next_cursor: from < 4 ? String(from + 2) : null } };
    },
    async (url, asked) => {
      const muster = connect({ url });
      const items = (cursor?: string) =>
        muster.GET('/api/v1/items', { params: { query: { limit: 2, ...(cursor !== undefined && { cursor }) } } });
      const codes: string[] = [];
      for await (const item of entries(items)) codes.push(item.code);
      assert.deepEqual(codes, ['L0', 'L1', 'L2', 'L3', 'L4', 'L5']);
      assert.equal(asked.length, 3);
      for await (const page of pages(items)) {
        assert.equal(page.items.length, 2);
        break;
      }
      assert.equal(asked.length, 4);
    },
  );
});

test('a cursor that is not passed on does not go round for ever', async () => {
  await serving(
    () => ({ body: { items: [], next_cursor: 'same' } }),
    async (url) => {
      const muster = connect({ url });
      await assert.rejects(async () => {
        for await (const _ of pages(() => muster.GET('/api/v1/items')));
      }, /same cursor twice/);
    },
  );
});

const pulled = (cursor: string, more: boolean, reset = false) => ({
  body: { change_set: 'x', changes: [], cursor, more, reset, revision: 1 },
});

test('changes are followed until there are no more, and a reset is told', async () => {
  await serving(
    ({ path }) => (cursorOf(path) === 'a' ? pulled('b', true) : pulled('c', false, true)),
    async (url) => {
      const found: [string, boolean][] = [];
      for await (const { cursor, reset } of changes(connect({ url }), 'a')) found.push([cursor, reset]);
      assert.deepEqual(found, [
        ['b', false],
        ['c', true],
      ]);
    },
  );
});

test('a cursor that cannot be read starts over with a reset', async () => {
  const unreadable = problem(422, 'values_not_taken', { errors: [{ code: 'unreadable', detail: 'No cursor.', pointer: '/cursor' }] });
  await serving(
    ({ path }) => (cursorOf(path) === 'old' ? unreadable : cursorOf(path) === null ? pulled('a', true) : pulled('b', false)),
    async (url) => {
      const found: boolean[] = [];
      for await (const { reset } of changes(connect({ url }), 'old')) found.push(reset);
      assert.deepEqual(found, [true, false]);
    },
  );
});
