// The push: what waits is sent oldest first, and only an answer takes a command out of the queue.
import { ownProblem, readProblem } from "../../shared/api.js";
import { acceptCommand, countWaiting, keepCommand, nextOutgoing, noteAttempts, setApart } from "./commands.js";
import { keysFor, proveReceipt } from "./proofs.js";
import { SyncHalt, haltAgain } from "./retry.js";
import { callSigned, presentSession } from "./session.js";
import { forgetCursor, isCursorFault } from "./pull.js";

/** @typedef {import("./types.js").EngineProblem} EngineProblem */
/** @typedef {import("./types.js").SyncRound} SyncRound */
/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {import("./types.js").CommandResult} CommandResult */
/** @typedef {import("./account.js").AccountStore} AccountStore */
/** @typedef {import("./commands.js").Outgoing} Outgoing */
/** @typedef {import("./round.js").SyncRun} SyncRun */

/** Half an hour of typing, and a few kilobytes packed. */
const MOST_COMMANDS = 100;
const MOST_PUSH_BYTES = 256 * 1024;

/** What becomes of a command, and what the round says of it.
 * @typedef {{fate: (changes: StoreChange[]) => void, note: (round: SyncRound) => void}} Settled */

/** Sends all that waits, each at most once, then what the service refused before, each alone. @param {SyncRun} run */
export async function pushAll(run) {
  await pushTurn(run, MOST_COMMANDS, null);
  await pushTurn(run, 1, "held");
}

/** @param {SyncRun} run */
function isOver(run) {
  const session = presentSession(run.store);
  return session !== null && session.ended !== null;
}

/** @param {SyncRun} run @param {number} most @param {"held" | null} only */
async function pushTurn(run, most, only) {
  const { store, round } = run;
  let [size, after] = [most, 0];
  for (;;) {
    const isDeposit = isOver(run);
    const turn = only || (isDeposit ? "deposit" : "all");
    const batch = await store.change((changes) => {
      const next = nextOutgoing(store, turn, after, size, MOST_PUSH_BYTES);
      noteAttempts(store, changes, next);
      return next;
    });
    const last = batch[batch.length - 1];
    if (!last) return;
    try {
      await sendBatch(run, batch, isDeposit);
      after = last.command.seq;
      size = Math.min(size * 2, most);
    } catch (halt) {
      if (!(halt instanceof SyncHalt)) throw halt;
      const { problem, verdict } = halt;
      if (isCursorFault(halt) && store.meta("cursor")) {
        await store.change((changes) => forgetCursor(store, changes));
      } else if (verdict === "smaller" && batch.length > 1) {
        size = Math.max(1, Math.floor(batch.length / 2));
      } else if (verdict === "smaller") {
        // It must not hold up the others, and is not thrown away.
        await store.change((changes) => keepCommand(store, changes, last, "held", problem));
        round.kept.push(keptNote(last, problem));
        after = last.command.seq;
        size = 1;
      } else if (problem.code === "quarantine_full" || problem.code === "deposit_full") {
        // There is no room for any of these; those behind them may be applied.
        await store.change((changes) => batch.forEach((out) => keepCommand(store, changes, out, "waiting", problem)));
        batch.forEach((out) => round.kept.push(keptNote(out, problem)));
        after = last.command.seq;
      } else if (verdict !== "sign_in" || isDeposit || !isOver(run)) {
        throw halt;
      }
      // Else the session ended with this request: from now on everything is deposited.
    }
  }
}

/** @param {Outgoing} out @param {EngineProblem} problem */
function keptNote(out, problem) {
  return { id: out.command.id, seq: out.command.seq, code: problem.code, detail: problem.detail || problem.title };
}

/** @param {SyncRun} run @param {Outgoing[]} batch @param {boolean} isDeposit */
async function sendBatch(run, batch, isDeposit) {
  const { store, world, round } = run;
  const cursor = store.meta("cursor") || null;
  const body = () => {
    const commands = batch.map(({ command, sentAs, text, receipt }) => {
      const again = receipt === null ? "" : `,"receipt":${JSON.stringify(receipt)}`;
      const head = `"id":${JSON.stringify(sentAs)},"seq":${command.seq},"type":${JSON.stringify(command.type)}`;
      // The bytes of `data` as they were made.
      return `{${head},"data":${text}${again}}`;
    });
    const sentAt = new Date(world.now()).toISOString();
    const app = world.app ? world.app() : undefined;
    const head = { device_id: store.meta("device_id"), sent_at: sentAt, queued: countWaiting(store), app };
    const envelope = JSON.stringify(cursor === null ? head : { ...head, cursor });
    return `${envelope.slice(0, -1)},"commands":[${commands.join(",")}]}`;
  };
  const path = isDeposit ? "/api/v1/sync?deposit=true" : "/api/v1/sync";
  const answer = await callSigned(store, world, { method: "POST", path, body, most: 8 * 1024 * 1024 });
  run.heard(answer.date);
  // An attempt without an answer has sent nothing that is known of.
  round.sent += batch.length;
  const pushed = answer.json;
  if (!pushed || !Array.isArray(pushed.results)) throw haltAgain("not_muster");
  await settle(run, batch, pushed, { cursor, at: answer.date === null ? world.now() : answer.date });
}

/**
 * Judges the results and moves each command where it belongs, in one step with the cursor.
 * @param {SyncRun} run
 * @param {Outgoing[]} batch
 * @param {import("./types.js").PushAnswer} pushed
 * @param {{cursor: string | null, at: number}} sent  with which cursor, and when it was answered
 */
async function settle(run, batch, pushed, sent) {
  const { store, world, round } = run;
  const results = resultsInPlace(batch, pushed.results || []);
  const receipts = results.map((result) => result && result.receipt).filter((one) => typeof one === "string");
  const fetched = await keysFor(store, world, receipts);
  const revision = typeof pushed.revision === "number" && Number.isSafeInteger(pushed.revision) ? pushed.revision : null;
  /** @type {Settled[]} */
  const settled = [];
  const context = { fetched, revision, now: sent.at };
  for (const [at, out] of batch.entries()) settled.push(await settledBy(run.store, out, results[at], context));
  await store.change((changes) => {
    const told = pushed.cursor;
    // Not where a pull moved it meanwhile: that cursor is newer.
    if (typeof told === "string" && told.length <= 1000 && (store.meta("cursor") || null) === sent.cursor) {
      changes.push({ table: "meta", key: "cursor", value: told });
    }
    const offset = pushed.clock_offset_ms;
    if (Number.isSafeInteger(offset)) changes.push({ table: "meta", key: "clock_offset_ms", value: offset });
    settled.forEach((one) => one.fate(changes));
  });
  settled.forEach((one) => one.note(round));
  if (fetched.failure) throw fetched.failure;
}

/**
 * The result of each command. One counts only if its position and its id are the command's; anything else changes nothing.
 * @param {Outgoing[]} batch
 * @param {(CommandResult | null)[]} results
 * @returns {(CommandResult | null)[]}
 */
function resultsInPlace(batch, results) {
  const isWhole = results.length === batch.length;
  return batch.map((out, at) => {
    const result = results[at];
    if (!result || typeof result !== "object") return null;
    // A command that could not be read has no id, only a position.
    const isNameless = (result.id === null || result.id === undefined) && isWhole && result.status === "rejected";
    return result.id === out.sentAs || isNameless ? result : null;
  });
}

/**
 * @param {AccountStore} store
 * @param {Outgoing} out
 * @param {CommandResult | null | undefined} result
 * @param {{fetched: import("./proofs.js").FetchedKeys, revision: number | null, now: number}} context
 * @returns {Promise<Settled>}
 */
async function settledBy(store, out, result, context) {
  const { fetched, revision, now } = context;
  /** @param {"waiting" | "awaits_sign_in"} place @param {EngineProblem} problem */
  const keep = (place, problem) => ({
    fate: (/** @type {StoreChange[]} */ changes) => keepCommand(store, changes, out, place, problem),
    note: (/** @type {SyncRound} */ round) => void round.kept.push(keptNote(out, problem)),
  });
  if (!result) return keep("waiting", ownProblem(0, "result_missing"));
  const problem = result.problem ? readProblem(Number(result.problem.status) || 0, result.problem) : null;
  const decision = decisionOf(result.decision);
  if (result.status === "applied" && typeof result.receipt === "string") {
    const countId = typeof result.count_id === "string" ? result.count_id : null;
    const isDecided = decision !== null && decision.status === "applied";
    const proof = await proveReceipt(fetched, out, { receipt: result.receipt, countId, isDecided });
    if ("problem" in proof) return keep("waiting", proof.problem);
    const accepted = { ...proof, receipt: result.receipt, now, revision };
    return {
      fate: (changes) => acceptCommand(store, changes, out, accepted),
      note: (round) => void ((round.applied += 1), (round.repeated += result.repeated === true ? 1 : 0)),
    };
  }
  if (result.status === "applied") {
    return keep("awaits_sign_in", ownProblem(0, "receipt_missing"));
  }
  if (result.status === "quarantined" || result.status === "rejected") {
    const isSetAside = decision !== null && decision.status === "set_aside";
    const place = result.status === "rejected" ? "rejected" : isSetAside ? "set_aside" : "undecided";
    return {
      fate: (changes) => setApart(store, changes, out, { place, problem, decision, now }),
      note: (round) => void (place === "rejected" ? (round.rejected += 1) : (round.quarantined += 1)),
    };
  }
  if (result.status === "deferred") return keep("waiting", problem || ownProblem(0, "quarantine_full"));
  return keep("waiting", ownProblem(0, "result_missing"));
}

/** @param {Partial<import("./types.js").ApiSchemas["CommandDecision"]> | null | undefined} told @returns {import("./commands.js").Command["decision"]} */
function decisionOf(told) {
  if (!told || typeof told.status !== "string") return null;
  const reason = typeof told.reason === "string" ? told.reason.slice(0, 1000) : "";
  return { status: told.status, reason, decided_at: typeof told.decided_at === "string" ? told.decided_at.slice(0, 40) : null };
}
