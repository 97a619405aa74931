// A round of sync: push, pull, and push again after a restore of the service. It never waits.
import { ownProblem } from "../../shared/api.js";
import { EngineFault } from "./fault.js";
import { SyncHalt, haltAgain, retryWait } from "./retry.js";
import { DOUBTFUL_CODES } from "./proofs.js";
import { dropSettled } from "./commands.js";
import { presentSession } from "./session.js";
import { pullAll } from "./pull.js";
import { pushAll } from "./push.js";
import { readReceipt } from "../../shared/receipts.js";

/** @typedef {import("./types.js").SyncRound} SyncRound */
/** @typedef {import("./types.js").SyncEnd} SyncEnd */
/** @typedef {import("./account.js").AccountStore} AccountStore */
/** @typedef {import("./session.js").EngineWorld} EngineWorld */

const DAY_MS = 24 * 60 * 60 * 1000;

/** How long what was accepted, put aside or refused is kept: a restore of a backup of that age loses nothing. */
const KEPT_MS = 90 * DAY_MS;

/** The largest difference from the service's clock with which the phone's still decides what is old. */
const BELIEVED_MS = DAY_MS;

/** How often a service may start over in one round. */
const MOST_RESETS = 3;

const MOST_ROUNDS_KEPT = 50;

/**
 * What one round works with.
 * @typedef {object} SyncRun
 * @property {AccountStore} store
 * @property {EngineWorld} world
 * @property {SyncRound} round
 * @property {(date: number | null) => void} heard  notes that the service answered
 */

/** @param {string} receipt */
function receivedAtOf(receipt) {
  const read = readReceipt(receipt);
  const instant = Date.parse(String(read && read.claims["received_at"]));
  return Number.isNaN(instant) ? null : instant;
}

/**
 * Runs one round. A failure ends it, and the next one continues from there.
 * @param {AccountStore} store
 * @param {EngineWorld} world
 * @returns {Promise<SyncRound>}
 */
export async function syncRound(store, world) {
  if (!presentSession(store)) throw new EngineFault("not_signed_in");
  /** @type {SyncRound} */
  const round = {
    ...{ at: new Date(world.now()).toISOString(), sent: 0, applied: 0, repeated: 0, quarantined: 0, rejected: 0 },
    ...{ kept: [], pulled: 0, wasReset: false, end: { kind: "settled", code: "", why: "", waitMs: 0, askedMs: 0 } },
  };
  /** @type {{at: number, date: number | null} | null} */
  let heardAt = null;
  const heard = (/** @type {number | null} */ date) => void (heardAt = { at: world.now(), date });
  /** @type {SyncHalt | null} */
  let failure = null;
  try {
    await goRound({ store, world, round, heard });
  } catch (halt) {
    if (!(halt instanceof SyncHalt)) throw halt;
    failure = halt;
  }
  return finishRound(store, world, round, failure, heardAt);
}

/** @param {SyncRun} run */
async function goRound(run) {
  for (let turn = 0; turn < MOST_RESETS; turn++) {
    await pushAll(run);
    const session = presentSession(run.store);
    if (!session || session.ended !== null) {
      // An ended session may deposit, but reads nothing.
      const code = (session && session.ended) || "not_signed_in";
      throw new SyncHalt("sign_in", ownProblem(401, code));
    }
    if (!(await pullAll(run))) return;
  }
  throw haltAgain("not_muster");
}

/**
 * @param {AccountStore} store
 * @param {EngineWorld} world
 * @param {SyncRound} round
 * @param {SyncHalt | null} halted
 * @param {{at: number, date: number | null} | null} heardAt
 * @returns {Promise<SyncRound>}
 */
async function finishRound(store, world, round, halted, heardAt) {
  // An answer that was of no use is asked for again, like a lost one.
  const doubtful = round.kept.find((kept) => DOUBTFUL_CODES.includes(kept.code));
  const failure = halted || (doubtful ? haltAgain(doubtful.code, doubtful.detail) : null);
  return store.change((changes) => {
    const before = Number(store.meta("failures")) || 0;
    const failures = failure ? before + 1 : 0;
    const put = (/** @type {string} */ key, /** @type {unknown} */ value) => changes.push({ table: "meta", key, value });
    put("failures", failures);
    if (heardAt) {
      put("last_contact_at", heardAt.at);
      // A push tells it to the millisecond.
      if (heardAt.date !== null && round.sent === 0) put("clock_offset_ms", clockOffset(heardAt.date - heardAt.at));
      if (!failure && heardAt.date !== null && Math.abs(heardAt.date - heardAt.at) <= BELIEVED_MS) {
        dropSettled(store, changes, heardAt.date - KEPT_MS, receivedAtOf);
      }
    }
    const done = { ...round, end: failure ? endOf(failure, failures, world) : round.end };
    const number = (Number(store.meta("round")) || 0) + 1;
    put("round", number);
    changes.push({ table: "rounds", key: String(number), value: { ...done, kept: done.kept.slice(0, 20) } });
    changes.push({ table: "rounds", key: String(number - MOST_ROUNDS_KEPT), gone: true });
    return done;
  });
}

/** The service says the time of an answer in whole seconds, and the answer takes its time. @param {number} ms */
function clockOffset(ms) {
  return Math.abs(ms) < 2000 ? 0 : ms;
}

/** @param {SyncHalt} halt @param {number} failures @param {EngineWorld} world @returns {SyncEnd} */
function endOf(halt, failures, world) {
  const { code, detail, title } = halt.problem;
  const why = detail || title || code;
  if (halt.verdict === "sign_in") return { kind: "sign_in", code, why, waitMs: 0, askedMs: 0 };
  if (halt.verdict === "never" || halt.verdict === "smaller") return { kind: "refused", code, why, waitMs: 0, askedMs: 0 };
  const askedMs = halt.retryAfterMs || 0;
  return { kind: "again", code, why, waitMs: retryWait(failures, askedMs, world.random), askedMs };
}
