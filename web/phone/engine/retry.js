// One table of what is tried again and when, and one back-off (`openapi/sync.md`, What to do on each answer).
import { ownProblem } from "../../shared/api.js";

/** @typedef {import("./types.js").EngineProblem} EngineProblem */

/**
 * `again`: the same after a wait; `refresh`: the tokens, then the same; `sign_in`: somebody must; `smaller`: in smaller parts;
 * `never`: the same would be refused again.
 * @typedef {"again" | "refresh" | "sign_in" | "smaller" | "never"} RetryVerdict
 */

/** @type {[number, number, string | null, RetryVerdict][]} the first that fits counts */
const RETRY_TABLE = [
  // A proxy or a portal knows nothing of sessions or commands; but what is too large for it is too large.
  [400, 412, "not_muster", "again"],
  [414, 499, "not_muster", "again"],
  [401, 401, "session_ended", "sign_in"],
  [401, 401, "session_expired", "sign_in"],
  [401, 401, "account_closed", "sign_in"],
  [401, 401, "device_withdrawn", "sign_in"],
  [401, 401, null, "refresh"],
  [400, 400, null, "smaller"],
  [413, 413, null, "smaller"],
  [422, 422, null, "smaller"],
  [403, 403, null, "never"],
  [405, 405, null, "never"],
  [415, 415, null, "never"],
];

/** @param {number} status @param {string} code @returns {RetryVerdict} */
export function retryVerdict(status, code) {
  const row = RETRY_TABLE.find(([from, to, known]) => from <= status && status <= to && (known === null || known === code));
  return row ? row[3] : "again";
}

const LONGEST_WAIT_MS = 15 * 60 * 1000;
const LONGEST_ASKED_MS = 24 * 60 * 60 * 1000;

/**
 * A random part of 1 s, 2 s, 4 s ... after failures in a row, on top of what the service asked for.
 * @param {number} failures
 * @param {number | null} askedMs
 * @param {() => number} random
 */
export function retryWait(failures, askedMs, random) {
  const bound = Math.min(LONGEST_WAIT_MS, 1000 * 2 ** Math.min(16, Math.max(0, failures - 1)));
  return Math.min(askedMs || 0, LONGEST_ASKED_MS) + Math.round(bound * random());
}

/** Why a round stops: the service did not do what was asked. */
export class SyncHalt extends Error {
  /** @param {RetryVerdict} verdict @param {EngineProblem} problem @param {number | null} [retryAfterMs] */
  constructor(verdict, problem, retryAfterMs) {
    super(problem.detail || problem.code);
    this.verdict = verdict;
    this.problem = problem;
    this.retryAfterMs = retryAfterMs || null;
  }
}

/** A failure found by the phone, after which the same is sent again. @param {string} code @param {string} [detail] */
export function haltAgain(code, detail) {
  return new SyncHalt("again", ownProblem(0, code, detail));
}
