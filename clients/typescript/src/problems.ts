/** Failures: everything that is not the answer asked for is thrown as a `Problem`. */

import type { components } from './generated/schema.js';

export type FieldProblem = components['schemas']['FieldProblem'];

/** The codes that this client gives itself, where no problem came from the service. */
export const NO_ANSWER = 'no_answer';
export const UNREADABLE_ANSWER = 'unreadable_answer';

export interface Failure {
  /** Stable word to decide by. */
  code: string;
  /** HTTP status, 0 where no answer came. */
  status: number;
  title: string;
  /** A sentence for people, in the language asked for. */
  detail: string;
  /** The faults of bad input, each with a JSON pointer into the body or `/name` of a parameter. */
  errors?: readonly FieldProblem[];
  /** Name it to the operator when asking for help. */
  requestId?: string | undefined;
  /** Seconds to wait before the same request. */
  retryAfter?: number | undefined;
  /** SHA-256 of the stored and of the sent content, where an id was already used for other content. */
  storedSha256?: string | undefined;
  sentSha256?: string | undefined;
}

export class Problem extends Error implements Failure {
  override readonly name = 'Problem';
  readonly code: string;
  readonly status: number;
  readonly title: string;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  readonly requestId: string | undefined;
  readonly retryAfter: number | undefined;
  readonly storedSha256: string | undefined;
  readonly sentSha256: string | undefined;

  constructor(failure: Failure, options?: ErrorOptions) {
    super(`${failure.status} ${failure.code}: ${failure.detail}`, options);
    this.code = failure.code;
    this.status = failure.status;
    this.title = failure.title;
    this.detail = failure.detail;
    this.errors = failure.errors ?? [];
    this.requestId = failure.requestId;
    this.retryAfter = failure.retryAfter;
    this.storedSha256 = failure.storedSha256;
    this.sentSha256 = failure.sentSha256;
  }

  /** Whether a fault is at this pointer, such as `/cursor`. */
  isAbout(pointer: string): boolean {
    return this.errors.some((fault) => fault.pointer === pointer);
  }
}

/** Seconds of `Retry-After`, as a number or as a date; undefined where there is none. */
export function retryAfter(response: Response, now = Date.now()): number | undefined {
  const said = response.headers.get('Retry-After')?.trim();
  if (!said) return undefined;
  const seconds = /^\d+$/.test(said) ? Number(said) : (Date.parse(said) - now) / 1000;
  return Number.isFinite(seconds) ? Math.max(0, seconds) : undefined;
}

const text = (value: unknown): string | undefined => (typeof value === 'string' && value ? value : undefined);

function fieldProblems(value: unknown): FieldProblem[] {
  const isFault = (one: unknown): one is FieldProblem =>
    typeof one === 'object' && one !== null && ['code', 'detail', 'pointer'].every((name) => text((one as Record<string, unknown>)[name]));
  return Array.isArray(value) ? value.filter(isFault) : [];
}

/** Reads the problem of a failed answer: RFC 9457, RFC 6749 at the token, or whatever a proxy wrote instead. */
export async function problemOf(response: Response): Promise<Problem> {
  const said: unknown = await response
    .clone()
    .json()
    .catch(() => null);
  const body = (typeof said === 'object' && said !== null ? said : {}) as Record<string, unknown>;
  const code = text(body['code']) ?? text(body['error']);
  return new Problem({
    code: code ?? UNREADABLE_ANSWER,
    status: response.status,
    title: text(body['title']) ?? response.statusText,
    detail: text(body['detail']) ?? text(body['error_description']) ?? `The answer ${response.status} has no problem in it: it may be that of a proxy.`,
    errors: fieldProblems(body['errors']),
    requestId: text(body['request_id']) ?? text(response.headers.get('X-Request-Id')),
    retryAfter: retryAfter(response),
    storedSha256: text(body['stored_sha256']),
    sentSha256: text(body['sent_sha256']),
  });
}

/** The problem of a page where JSON or a table was due, such as that of a hotel's network; undefined for a good answer. */
export async function failureIn(response: Response): Promise<Problem | undefined> {
  if (response.status === 304) return undefined;
  const isPage = /^text\/html\b/i.test(response.headers.get('Content-Type') ?? '');
  return response.ok && !isPage ? undefined : problemOf(response);
}

/** The problem of a request that got no answer. */
export function noAnswer(request: Request, cause: unknown): Problem {
  const detail = `No answer from ${new URL(request.url).origin}: ${cause instanceof Error ? cause.message : String(cause)}`;
  return new Problem({ code: NO_ANSWER, status: 0, title: 'No answer', detail }, { cause });
}
