// Who is signed in, and the tokens: in memory and in the storage of this tab alone, which ends with it.

import { callApi, ownProblem } from "../shared/api.js";
import { randomId } from "../shared/ids.js";
import { language } from "../shared/text.js";

/** @typedef {import("../shared/api.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["Me"]} Person */

/**
 * @typedef {object} BoardSession
 * @property {Person} user
 * @property {string} access
 * @property {string} refresh
 * @property {string} refreshKey  sent with `refresh` each time, and stored before
 */

/** A request that failed: `failure` of web/shared/status.js says it in words. */
export class BoardFault extends Error {
  /** @param {import("../shared/api.js").ApiProblem} problem @param {number | null} [retryAfterMs] */
  constructor(problem, retryAfterMs) {
    super(problem.detail || problem.code);
    this.problem = problem;
    this.code = problem.code;
    this.status = problem.status;
    this.retryAfterMs = retryAfterMs || null;
  }
}

const SESSION_KEY = "muster.board.session";

/** @type {{ session: BoardSession | null, refreshing: Promise<boolean> | null, asking: Promise<boolean> | null, askAgain: (user: Person) => Promise<boolean> }} */
const held = { session: null, refreshing: null, asking: null, askAgain: async () => false };

/** Takes the session of this tab up again, as after a reload. */
export function restoreSession() {
  try {
    held.session = JSON.parse(sessionStorage.getItem(SESSION_KEY) || "null");
  } catch (_) {
    held.session = null;
  }
}

/** @param {BoardSession | null} session */
function keepSession(session) {
  held.session = session;
  try {
    if (session) sessionStorage.setItem(SESSION_KEY, JSON.stringify(session));
    else sessionStorage.removeItem(SESSION_KEY);
  } catch (_) {
    // A browser that keeps nothing: the session ends with the next reload.
  }
}

/** The person who is signed in; null for nobody. */
export function person() {
  return held.session ? held.session.user : null;
}

/** The access token, empty for nobody. */
export function accessToken() {
  return held.session ? held.session.access : "";
}

/** What asks for the password when a session ends in the middle; it answers whether the person signed in again. @param {(user: Person) => Promise<boolean>} ask */
export function askAgainBy(ask) {
  held.askAgain = ask;
}

/**
 * Signs in. Fails with `second_factor_needed` where the account has one.
 * @param {"login" | "enrol"} how with a password, or with a code that the bureau gave out
 * @param {Record<string, string | undefined>} body
 */
export async function signIn(how, body) {
  const answer = await callApi({ method: "POST", url: `/api/v1/auth/${how}`, body: JSON.stringify(body), headers: how === "enrol" ? { "Idempotency-Key": randomId() } : {}, language: language() });
  if (answer.problem) throw new BoardFault(answer.problem, answer.retryAfterMs);
  keepSession(sessionFrom(answer.json));
}

/** @param {ApiSchemas["SignedIn"]} json @returns {BoardSession} */
function sessionFrom(json) {
  if (!json || !json.user || !json.access_token || !json.refresh_token) throw new BoardFault(ownProblem(0, "not_muster"));
  return { user: json.user, access: json.access_token, refresh: json.refresh_token, refreshKey: randomId() };
}

/** Signs out: here at once, and at the service as far as it can be reached. */
export async function signOut() {
  const { session } = held;
  keepSession(null);
  if (session) await callApi({ method: "POST", url: "/api/v1/auth/logout", body: JSON.stringify({ refresh_token: session.refresh }), language: language(), limitMs: 5000 });
}

/**
 * Makes a refused token good: by the next pair of tokens, or by asking for the password over the page. Requests that are refused
 * at the same time wait for the same answer.
 * @param {string} refused the token that was refused
 * @returns {Promise<boolean>} whether the request can be sent again
 */
export async function renewSession(refused) {
  // Another request has renewed it meanwhile.
  if (!held.session || held.session.access !== refused) return Boolean(held.session);
  if (!held.refreshing) held.refreshing = refreshTokens(held.session).finally(() => { held.refreshing = null; });
  if (await held.refreshing) return true;
  const { session } = held;
  if (!session) return false;
  if (!held.asking) held.asking = held.askAgain(session.user).finally(() => { held.asking = null; });
  return held.asking;
}

/** @param {BoardSession} session @returns {Promise<boolean>} false where somebody must sign in again */
async function refreshTokens(session) {
  const answer = await callApi({ method: "POST", url: "/api/v1/auth/refresh", body: JSON.stringify({ refresh_token: session.refresh }), headers: { "Idempotency-Key": session.refreshKey }, language: language() });
  if (answer.problem && answer.status !== 401 && answer.status !== 403) throw new BoardFault(answer.problem, answer.retryAfterMs);
  if (answer.problem) return false;
  if (held.session && held.session.refresh === session.refresh) keepSession(sessionFrom(answer.json));
  return true;
}
