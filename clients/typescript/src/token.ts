/** The access token of a third-party program: fetched by client credentials, renewed before it expires. */

import type { components } from './generated/schema.js';
import { failureIn, problemOf } from './problems.js';
import type { Send } from './retry.js';

export interface Credentials {
  id: string;
  secret: string;
  /** The scopes wanted; all of the client's if left out. */
  scopes?: readonly string[];
}

/** A token is renewed this long before its end, or a fifth of its life before it where that is shorter. */
const MARGIN_MS = 60_000;
/** Codes of 401 after which a new token helps. */
const RENEW = new Set(['token_expired', 'token_invalid']);

export class ClientToken {
  #token: { value: string; renewAt: number } | undefined;
  #fetching: Promise<string> | undefined;

  constructor(
    private readonly url: string,
    private readonly credentials: Credentials,
    private readonly send: Send,
    private readonly now: () => number = Date.now,
  ) {}

  /** The token to send now; requests at the same time share one that is being fetched. */
  async value(): Promise<string> {
    if (this.#token && this.now() < this.#token.renewAt) return this.#token.value;
    this.#fetching ??= this.#fetch().finally(() => (this.#fetching = undefined));
    return this.#fetching;
  }

  /** Drops a token that the service refused, unless another was fetched since. */
  drop(value: string): void {
    if (this.#token?.value === value) this.#token = undefined;
  }

  async #fetch(): Promise<string> {
    const { id, secret, scopes } = this.credentials;
    const body = new URLSearchParams({ grant_type: 'client_credentials', client_id: id, client_secret: secret });
    if (scopes) body.set('scope', scopes.join(' '));
    const began = this.now();
    const response = await this.send(new Request(new URL('/api/v1/oauth/token', this.url), { method: 'POST', body }));
    const failure = await failureIn(response);
    if (failure) throw failure;
    const issued = (await response.json()) as components['schemas']['ClientToken'];
    const life = issued.expires_in * 1000;
    this.#token = { value: issued.access_token, renewAt: began + life - Math.min(MARGIN_MS, life / 5) };
    return issued.access_token;
  }
}

/** Sends with the token; once more with a new one where the service no longer takes it. */
export function withToken(send: Send, token: Pick<ClientToken, 'value' | 'drop'>): Send {
  return async (request) => {
    const value = await token.value();
    const again = request.clone();
    request.headers.set('Authorization', `Bearer ${value}`);
    const response = await send(request);
    if (response.status !== 401 || !RENEW.has((await problemOf(response)).code)) return response;
    token.drop(value);
    again.headers.set('Authorization', `Bearer ${await token.value()}`);
    return send(again);
  };
}
