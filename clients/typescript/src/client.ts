/** The client: the operations of the generated types, sent with a token, repeated where that is safe. */

import createClient, { type Client } from 'openapi-fetch';
import type { paths } from './generated/schema.js';
import { failureIn } from './problems.js';
import { RETRY, type RetryPolicy, type Send, withRetry } from './retry.js';
import { ClientToken, type Credentials, withToken } from './token.js';

/** Lists are also tables; this client reads JSON. */
type Media = 'application/json' | 'application/problem+json';

export type Muster = Client<paths, Media>;

export interface Options {
  /** The service, such as `https://muster.example`. */
  url: string;
  /** Left out for operations that need no token. */
  client?: Credentials;
  language?: 'en' | 'zh-CN';
  retry?: Partial<RetryPolicy>;
  /** Sends a request; the platform's `fetch` if left out. */
  send?: Send;
}

/** A client whose calls throw a `Problem` for every failure. */
export function connect(options: Options): Muster {
  const policy = { ...RETRY, ...options.retry };
  const plain = options.send ?? ((request) => fetch(request));
  const repeated = withRetry(plain, policy);
  // Asking for a token twice does no harm.
  const forToken = withRetry(plain, policy, () => true);
  const send = options.client ? withToken(repeated, new ClientToken(options.url, options.client, forToken, policy.now)) : repeated;
  const muster = createClient<paths, Media>({
    baseUrl: options.url,
    headers: { Accept: 'application/json', ...(options.language && { 'Accept-Language': options.language }) },
    fetch: send,
  });
  muster.use({
    async onResponse({ response }) {
      const failure = await failureIn(response);
      if (failure) throw failure;
    },
  });
  return muster;
}

/** The data of an answer: `const depots = await data(muster.GET('/api/v1/depots'))`. */
export async function data<T>(call: Promise<{ data?: T; response: Response }>): Promise<NonNullable<T>> {
  const answer = await call;
  if (answer.data === undefined || answer.data === null) throw new TypeError(`${answer.response.status} has no data`);
  return answer.data;
}
