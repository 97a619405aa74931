// The service's keys on the phone, and what a receipt proves of a command.
import { callApi, ownProblem } from "../../shared/api.js";
import { SUBMIT_COUNT } from "./commands.js";
import { judgeReceipt, keysOfSet, readReceipt } from "../../shared/receipts.js";
import { SyncHalt, haltAgain, retryVerdict } from "./retry.js";

/** @typedef {import("./types.js").EngineProblem} EngineProblem */
/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {import("./account.js").AccountStore} AccountStore */
/** @typedef {import("./session.js").EngineWorld} EngineWorld */
/** @typedef {import("./commands.js").Outgoing} Outgoing */
/** @typedef {import("../../shared/receipts.js").ReceiptKey} ReceiptKey */

/** @typedef {{keys: Map<string, ReceiptKey>, failure: SyncHalt | null}} FetchedKeys */

/** The codes of what the phone itself found wrong with an answer: the same is asked for again. */
export const DOUBTFUL_CODES = ["receipt_wrong", "receipt_missing", "keys_unreachable", "result_missing"];

/** @param {AccountStore} store @returns {Map<string, ReceiptKey>} */
export function keptKeys(store) {
  return keysOfSet({ keys: [...store.table("keys").values()] }) || new Map();
}

/**
 * The kept keys, and those that receipts name and the service has. Keys are only added: a receipt may be checked long after its
 * key was retired.
 * @param {AccountStore} store
 * @param {EngineWorld} world
 * @param {string[]} receipts
 * @returns {Promise<FetchedKeys>}
 */
export async function keysFor(store, world, receipts) {
  const keys = keptKeys(store);
  const named = receipts.map((receipt) => readReceipt(receipt));
  if (named.every((read) => read === null || keys.has(read.kid))) return { keys, failure: null };
  const answer = await callApi({
    ...{ method: "GET", url: `${world.origin}/.well-known/jwks.json`, fetch: world.fetch, most: 1024 * 1024 },
    ...{ headers: { "Muster-Device": store.meta("device_id") }, language: world.language() },
  });
  if (answer.problem) {
    const verdict = retryVerdict(answer.status, answer.problem.code);
    return { keys, failure: new SyncHalt(verdict, answer.problem, answer.retryAfterMs) };
  }
  const served = keysOfSet(answer.json);
  if (!served) return { keys, failure: haltAgain("not_muster") };
  await store.change((changes) => {
    for (const one of answer.json.keys) {
      const isNew = one && served.has(one.kid) && !keys.has(one.kid);
      if (isNew) changes.push({ table: "keys", key: one.kid, value: { kty: "OKP", crv: one.crv, kid: one.kid, x: one.x } });
    }
  });
  for (const [kid, key] of served) if (!keys.has(kid)) keys.set(kid, key);
  return { keys, failure: null };
}

/**
 * Checks that a receipt is genuine and of a command.
 * @param {FetchedKeys} fetched
 * @param {Outgoing} out
 * @param {{receipt: string, countId: string | null, isDecided: boolean}} claim
 * @returns {Promise<{countId: string, ownContent: boolean} | {problem: EngineProblem}>}
 */
export async function proveReceipt(fetched, out, claim) {
  const countId = claim.countId || out.sentAs;
  const wrong = (/** @type {string} */ verdict) => ({ problem: ownProblem(0, "receipt_wrong", verdict) });
  // Only an officer's decision can lead to another count than the one sent.
  if (countId !== out.sentAs && !claim.isDecided) return wrong("other_thing");
  const kind = out.command.type === SUBMIT_COUNT ? "count" : null;
  const { verdict } = await judgeReceipt(claim.receipt, fetched.keys, { id: countId, kind, text: out.text });
  if (verdict === "unknown_key" && fetched.failure) {
    return { problem: ownProblem(0, "keys_unreachable") };
  }
  if (verdict === "genuine" || (verdict === "other_content" && claim.isDecided)) {
    return { countId, ownContent: verdict === "genuine" && countId === out.command.id };
  }
  return wrong(verdict);
}
