// Signing in, staying signed in, and requests in the name of the account.
import { callApi, ownProblem } from "../../shared/api.js";
import { EngineFault } from "./fault.js";
import { SyncHalt, haltAgain, retryVerdict } from "./retry.js";
import { randomId } from "../../shared/ids.js";
import { repeatDeposited } from "./commands.js";

/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {import("./account.js").AccountStore} AccountStore */
/** @typedef {import("../../shared/api.js").ApiAnswer} ApiAnswer */

/**
 * What a phone has around it.
 * @typedef {object} EngineWorld
 * @property {string} origin
 * @property {() => number} now
 * @property {() => number} random
 * @property {typeof fetch} fetch
 * @property {() => string} language
 * @property {() => number} ticks  milliseconds of a clock that nobody sets
 * @property {() => unknown} [app]  what this browser can do, told with a push; undefined where it is not known
 *
 * @typedef {object} SessionUser
 * @property {string} id
 * @property {string} username
 * @property {string} displayName
 * @property {string} role
 * @property {{code: string, name: string} | null} organization
 *
 * The tokens of an account, in the row `session` of `meta`.
 * @typedef {object} Session
 * @property {SessionUser} user
 * @property {string} access
 * @property {string} refresh
 * @property {string} refreshKey  sent with `refresh` each time, and stored before
 * @property {{refresh: string, refreshKey: string} | null} before  the pair before, until this one was used
 * @property {number} obtainedAt
 * @property {number} expiresIn  seconds
 * @property {string | null} ended  the code of the service
 */

/** @param {unknown} text @returns {text is string} */
const isText = (text) => typeof text === "string" && text !== "" && text.length <= 8192;

/** @param {import("./types.js").SignInAnswer | null | undefined} json @param {number} now @returns {Session | null} null where it is no answer to a sign-in */
function sessionOf(json, now) {
  const user = json && json.user;
  if (!user || !isText(json.access_token) || !isText(json.refresh_token) || !isText(user.id) || !isText(user.username)) return null;
  const { organization } = user;
  return {
    user: {
      id: user.id,
      username: user.username,
      displayName: typeof user.display_name === "string" ? user.display_name.slice(0, 200) : user.username,
      role: typeof user.role === "string" ? user.role.slice(0, 64) : "",
      organization: organization
        ? { code: String(organization.code).slice(0, 64), name: String(organization.name).slice(0, 200) }
        : null,
    },
    ...{ access: json.access_token, refresh: json.refresh_token, refreshKey: randomId(), before: null },
    ...{ obtainedAt: now, expiresIn: Number(json.expires_in) || 0, ended: null },
  };
}

/**
 * Sends what begins a session. The same code with the same key gives the same session again, if an answer was lost.
 * @param {EngineWorld} world
 * @param {"login" | "enrol"} how
 * @param {Record<string, string | undefined>} body
 * @param {string | null} key
 * @returns {Promise<{session: Session, deviceToken: string | null}>}
 */
export async function beginSession(world, how, body, key) {
  const answer = await callApi({
    ...{ method: "POST", url: `${world.origin}/api/v1/auth/${how}`, body: JSON.stringify(body) },
    ...{ headers: key ? { "Idempotency-Key": key } : {}, language: world.language(), fetch: world.fetch, most: 65536 },
  });
  if (answer.problem) {
    const { problem, retryAfterMs } = answer;
    throw new EngineFault(problem.code, problem.detail, { problem, retryAfterMs });
  }
  const session = sessionOf(answer.json, world.now());
  if (!session) throw new EngineFault("not_muster");
  const deviceToken = typeof answer.json.device_token === "string" ? answer.json.device_token.slice(0, 200) : null;
  return { session, deviceToken };
}

/**
 * Stores a new session. What was deposited before waits again.
 * @param {AccountStore} store
 * @param {Session} session
 */
export async function storeSession(store, session) {
  await store.change((changes) => {
    repeatDeposited(store, changes);
    changes.push({ table: "meta", key: "session", value: session });
    changes.push({ table: "meta", key: "failures", value: 0 });
  });
}

/** @param {AccountStore} store @returns {Session | null} */
export function presentSession(store) {
  return store.meta("session") || null;
}

/** True where the access token may be valid: not over, and not from the future, since the clock may have been set.
 * @param {Session} session @param {number} now */
function isFresh(session, now) {
  const age = now - session.obtainedAt;
  return age >= 0 && age < session.expiresIn * 1000;
}

/** @param {AccountStore} store @param {Session} of @param {string} code */
async function endSession(store, of, code) {
  await store.change((changes) => {
    const present = presentSession(store);
    if (!present || present.refresh !== of.refresh) return;
    changes.push({ table: "meta", key: "session", value: { ...present, ended: code } });
  });
}

/**
 * Asks for the next pair of tokens. A lost answer costs nothing: the stored token is sent again with its key, and gets the same
 * successor. It is replaced only together with its successor.
 * @param {AccountStore} store
 * @param {EngineWorld} world
 * @param {Session} used
 * @returns {Promise<Session>}
 */
async function refreshSession(store, world, used) {
  const send = (/** @type {string} */ token, /** @type {string} */ key) =>
    callApi({
      ...{ method: "POST", url: `${world.origin}/api/v1/auth/refresh`, body: JSON.stringify({ refresh_token: token }) },
      ...{ headers: { "Idempotency-Key": key, "Muster-Device": store.meta("device_id") } },
      ...{ language: world.language(), fetch: world.fetch, most: 65536 },
    });
  let answer = await send(used.refresh, used.refreshKey);
  if (answer.problem && answer.problem.code === "token_invalid" && used.before) {
    // The service does not know the present one, as after a restore: the one before may still hold.
    answer = await send(used.before.refresh, used.before.refreshKey);
  }
  if (answer.problem) {
    const verdict = retryVerdict(answer.status, answer.problem.code);
    // Where the refresh itself is refused, no other can help.
    if (verdict !== "refresh" && verdict !== "sign_in") throw new SyncHalt(verdict, answer.problem, answer.retryAfterMs);
    await endSession(store, used, answer.problem.code);
    throw new SyncHalt("sign_in", answer.problem);
  }
  const next = sessionOf(answer.json, world.now());
  if (!next) throw haltAgain("not_muster");
  return store.change((changes) => {
    const present = presentSession(store);
    if (!present || present.refresh !== used.refresh || present.user.id !== next.user.id) return present || used;
    const before = { refresh: used.refresh, refreshKey: used.refreshKey };
    const session = { ...present, ...next, before };
    changes.push({ table: "meta", key: "session", value: session });
    return session;
  });
}

/**
 * A request in the name of the account; the tokens are refreshed where needed.
 * @param {AccountStore} store
 * @param {EngineWorld} world
 * @param {{method: string, path: string, headers?: Record<string, string>, body?: () => string, most?: number, limitMs?: number}} request
 * @returns {Promise<ApiAnswer>} one that is no problem
 * @throws {SyncHalt}
 */
export async function callSigned(store, world, request) {
  let session = presentSession(store);
  if (!session || !session.access) throw new SyncHalt("sign_in", ownProblem(0, "not_signed_in"));
  let mayRefresh = session.ended === null;
  if (mayRefresh && !isFresh(session, world.now())) {
    session = await refreshSession(store, world, session);
    mayRefresh = false;
  }
  for (;;) {
    const answer = await callApi({
      ...{ method: request.method, url: world.origin + request.path, token: session.access, fetch: world.fetch },
      ...{ headers: { "Muster-Device": store.meta("device_id"), ...request.headers }, language: world.language() },
      ...(request.body ? { body: request.body(), pack: true } : {}),
      ...(request.most ? { most: request.most } : {}),
      limitMs: request.limitMs || 90000,
    });
    if (!answer.problem) return answer;
    const verdict = retryVerdict(answer.status, answer.problem.code);
    if (verdict === "refresh" && mayRefresh) {
      session = await refreshSession(store, world, session);
      mayRefresh = false;
      continue;
    }
    if (verdict === "sign_in" && session.ended === null) await endSession(store, session, answer.problem.code);
    throw new SyncHalt(verdict, answer.problem, answer.retryAfterMs);
  }
}
