/** Repeats requests that are safe to repeat, a bounded number of times and for a bounded time. */

import { NO_ANSWER, noAnswer, Problem, retryAfter } from './problems.js';

export type Send = (request: Request) => Promise<Response>;

export interface RetryPolicy {
  /** Requests at most, the first included. */
  attempts: number;
  /** Milliseconds from the first request on, after which none is repeated. */
  withinMs: number;
  /** Milliseconds that one request may take. */
  timeoutMs: number;
  /** Milliseconds of the first wait, doubled each time up to the longest; each wait is a random part of at least half. */
  firstWaitMs: number;
  longestWaitMs: number;
  /** For tests. */
  now: () => number;
  random: () => number;
  sleep: (ms: number) => Promise<void>;
}

export const RETRY: Readonly<RetryPolicy> = {
  attempts: 5,
  withinMs: 60_000,
  timeoutMs: 30_000,
  firstWaitMs: 500,
  longestWaitMs: 15_000,
  now: Date.now,
  random: Math.random,
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

const BUSY = new Set([429, 503]);
const SAFE = new Set(['GET', 'HEAD', 'OPTIONS', 'PUT']);

/** Whether sending the request twice has the effect of sending it once: a PUT names by its path what it stores. */
export function isRepeatable(request: Request): boolean {
  return SAFE.has(request.method) || (request.method === 'POST' && request.headers.has('Idempotency-Key'));
}

const WITHOUT_BODY = new Set([204, 205, 304]);

/** One request and its whole answer within a time limit; one that the caller ends is thrown as the caller's reason. */
async function once(send: Send, request: Request, timeoutMs: number): Promise<Response> {
  request.signal.throwIfAborted();
  const controller = new AbortController();
  const stop = () => controller.abort(request.signal.reason);
  const timer = setTimeout(() => controller.abort(new DOMException(`after ${timeoutMs} ms`, 'TimeoutError')), timeoutMs);
  request.signal.addEventListener('abort', stop, { once: true });
  try {
    const response = await send(new Request(request.clone(), { signal: controller.signal }));
    const { status, statusText, headers } = response;
    // An answer that breaks off is none.
    const body = await response.arrayBuffer();
    return new Response(WITHOUT_BODY.has(status) ? null : body, { status, statusText, headers });
  } catch (error) {
    if (request.signal.aborted || error instanceof Problem) throw error;
    throw noAnswer(request, error);
  } finally {
    clearTimeout(timer);
    request.signal.removeEventListener('abort', stop);
  }
}

/** Sends as `send` does, and again where the service is busy or no answer came; the last failure stands. */
export function withRetry(send: Send, policy: RetryPolicy = RETRY, mayRepeat = isRepeatable): Send {
  return async (request) => {
    const attempts = mayRepeat(request) ? policy.attempts : 1;
    const end = policy.now() + policy.withinMs;
    for (let attempt = 1; ; attempt += 1) {
      let response: Response | undefined;
      let failure: unknown;
      try {
        response = await once(send, request, policy.timeoutMs);
        if (!BUSY.has(response.status)) return response;
      } catch (error) {
        if (!(error instanceof Problem && error.code === NO_ANSWER)) throw error;
        failure = error;
      }
      const longest = Math.min(policy.longestWaitMs, policy.firstWaitMs * 2 ** (attempt - 1));
      const jittered = longest * (0.5 + policy.random() / 2);
      // Jitter is on top of `Retry-After`, so that all who wait for it do not come at once.
      const asked = response ? retryAfter(response, policy.now()) : undefined;
      const wait = asked === undefined ? jittered : asked * 1000 + jittered / 2;
      if (attempt >= attempts || policy.now() + wait >= end) {
        if (response) return response;
        throw failure;
      }
      await policy.sleep(wait);
    }
  };
}
