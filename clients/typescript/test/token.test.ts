import assert from 'node:assert/strict';
import { test } from 'node:test';
import { connect, data } from '../src/index.js';
import { type Asked, clock, problem, type Script, serving } from './server.js';

const credentials = { id: 'c', secret: 's', scopes: ['stock:read', 'counts:write'] };
const isToken = ({ path }: Asked) => path === '/api/v1/oauth/token';
const issuing = (otherwise: Script): Script => {
  let issued = 0;
  return (asked, number) =>
    isToken(asked) ? { body: { access_token: `t${++issued}`, expires_in: 900, scope: '', token_type: 'Bearer' } } : otherwise(asked, number);
};
const page = { body: { items: [], next_cursor: null } };
const bearers = (asked: Asked[]) => asked.filter((one) => !isToken(one)).map(({ headers }) => headers['authorization']);

test('a token is fetched once, and again a minute before it expires', async () => {
  const { policy, advance } = clock();
  await serving(
    issuing(() => page),
    async (url, asked) => {
      const muster = connect({ url, client: credentials, retry: policy });
      const read = () => data(muster.GET('/api/v1/items'));
      await Promise.all([read(), read()]);
      advance(839_000);
      await read();
      advance(2_000);
      await read();
      assert.deepEqual(bearers(asked), ['Bearer t1', 'Bearer t1', 'Bearer t1', 'Bearer t2']);
      const form = 'grant_type=client_credentials&client_id=c&client_secret=s&scope=stock%3Aread+counts%3Awrite';
      assert.deepEqual(asked.filter(isToken).map(({ body }) => body), [form, form]);
    },
  );
});

test('a token that is no longer taken is replaced once, and the request sent again', async () => {
  await serving(
    issuing(({ headers }) => (headers['authorization'] === 'Bearer t1' ? problem(401, 'token_expired') : page)),
    async (url, asked) => {
      await data(connect({ url, client: credentials }).GET('/api/v1/items'));
      assert.deepEqual(bearers(asked), ['Bearer t1', 'Bearer t2']);
    },
  );
  await serving(
    issuing(() => problem(401, 'token_invalid')),
    async (url, asked) => {
      await assert.rejects(connect({ url, client: credentials }).GET('/api/v1/items'), { code: 'token_invalid', status: 401 });
      assert.equal(bearers(asked).length, 2);
    },
  );
});

test('a busy service is asked for the token again', async () => {
  const issue = issuing(() => page);
  await serving(
    (asked, number) => (number === 1 ? problem(503, 'busy') : issue(asked, number)),
    async (url, asked) => {
      await data(connect({ url, client: credentials, retry: clock().policy }).GET('/api/v1/items'));
      assert.deepEqual(asked.map(({ path }) => path), ['/api/v1/oauth/token', '/api/v1/oauth/token', '/api/v1/items']);
    },
  );
});

test('a refusal of the token is a problem with its own word', async () => {
  await serving(
    () => ({ status: 401, body: { error: 'invalid_client', error_description: 'No such client.' } }),
    async (url) => {
      const call = connect({ url, client: credentials }).GET('/api/v1/items');
      await assert.rejects(call, { code: 'invalid_client', status: 401, detail: 'No such client.' });
    },
  );
});
