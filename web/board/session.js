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

/** @type {{ session: BoardSession | null, refreshing: Promise<boolean> | null, asking: Promise<boolean> | null, declined: boolean, askAgain: (user: Person) => Promise<boolean> }} */
const held = { session: null, refreshing: null, asking: null, declined: false, askAgain: async () => false };

/**
 * A duplicated tab begins with the tokens of the first. Each tells the others of the pair that follows, because a token that is used
 * again later, or with another key, ends the session as a copy would.
 */
const sameSession = typeof BroadcastChannel === "function" ? new BroadcastChannel(SESSION_KEY) : null;

/** Takes the session of this tab up again, as after a reload. */
export function restoreSession() {
  try {
    held.session = JSON.parse(sessionStorage.getItem(SESSION_KEY) || "null");
  } catch (_) {
    held.session = null;
  }
  if (sameSession) sameSession.onmessage = ({ data }) => followSession(data.before, data.session);
}

/** Takes over what another tab got for the same token; of two tabs that asked at once, the lower key is that of both. @param {string} before @param {BoardSession} next */
function followSession(before, next) {
  const { session } = held;
  if (session && (session.refresh === before || (session.refresh === next.refresh && next.refreshKey < session.refreshKey))) keepSession(next);
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
 * @param {string} [key]  of the code, the same for each attempt with it: where an answer was lost, the code is not used up
 */
export async function signIn(how, body, key) {
  const answer = await callApi({ method: "POST", url: `/api/v1/auth/${how}`, body: JSON.stringify(body), headers: key ? { "Idempotency-Key": key } : {}, language: language() });
  if (answer.problem) throw new BoardFault(answer.problem, answer.retryAfterMs);
  keepSession(sessionFrom(answer.json));
}

/** @param {ApiSchemas["SignedIn"]} json @returns {BoardSession} */
function sessionFrom(json) {
  if (!json || !json.user || !json.access_token || !json.refresh_token) throw new BoardFault(ownProblem(0, "not_muster"));
  return { user: json.user, access: json.access_token, refresh: json.refresh_token, refreshKey: randomId() };
}

/** Signs out: here at once, and at the service as far as it can be reached. @returns {Promise<boolean>} whether the service knows */
export async function signOut() {
  const { session } = held;
  keepSession(null);
  if (!session) return true;
  const { ok } = await callApi({ method: "POST", url: "/api/v1/auth/logout", body: JSON.stringify({ refresh_token: session.refresh }), language: language(), limitMs: 5000 });
  return ok;
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
  if (!session || held.declined) return false;
  if (!held.asking) held.asking = askOnce(session.user).finally(() => { held.asking = null; });
  return held.asking;
}

/**
 * Asks for the password. Whoever declines is asked again by what they do next, and not by a page that looks for news by itself; what
 * was typed stays meanwhile.
 * @param {Person} user
 */
async function askOnce(user) {
  const isBack = await held.askAgain(user);
  held.declined = !isBack;
  const acted = () => {
    held.declined = false;
    for (const kind of ["click", "keydown"]) document.removeEventListener(kind, acted, true);
  };
  if (!isBack) for (const kind of ["click", "keydown"]) document.addEventListener(kind, acted, true);
  return isBack;
}

/** @param {BoardSession} session @returns {Promise<boolean>} false where somebody must sign in again */
async function refreshTokens(session) {
  const answer = await callApi({ method: "POST", url: "/api/v1/auth/refresh", body: JSON.stringify({ refresh_token: session.refresh }), headers: { "Idempotency-Key": session.refreshKey }, language: language() });
  if (answer.problem && answer.status !== 401 && answer.status !== 403) throw new BoardFault(answer.problem, answer.retryAfterMs);
  if (answer.problem) return false;
  if (held.session && held.session.refresh === session.refresh) {
    const next = sessionFrom(answer.json);
    keepSession(next);
    if (sameSession) sameSession.postMessage({ before: session.refresh, session: next });
  }
  return true;
}
