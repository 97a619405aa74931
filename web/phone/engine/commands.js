// Commands: queued, sent, and moved as the service's answer says. Each function reads the rows and adds the changes.
import { EngineFault } from "./fault.js";

/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {import("./types.js").EngineProblem} EngineProblem */
/** @typedef {import("./account.js").AccountStore} AccountStore */

/**
 * Where a command is. `waiting`, `awaits_sign_in` (the service has it, and gives the receipt only to somebody signed in) and
 * `held` (refused when sent alone) are in the queue.
 * @typedef {"waiting" | "awaits_sign_in" | "held" | "accepted" | "undecided" | "set_aside" | "rejected"} CommandPlace
 *
 * @typedef {object} Command
 * @property {string} id
 * @property {number} seq
 * @property {string} type
 * @property {string} text  the bytes of `data`, made once
 * @property {number} createdAt  milliseconds since 1970, by the phone's clock
 * @property {CommandPlace} place
 * @property {number} attempts
 * @property {EngineProblem | null} problem
 * @property {string | null} receipt
 * @property {string | null} countId
 * @property {boolean} ownContent  the receipt is of these bytes
 * @property {number | null} settledAt  by the service's clock, where it said it
 * @property {number | null} revision  from which readers see it
 * @property {string | null} appliedText  what an officer applied instead
 * @property {{status: string, reason: string, decided_at: string | null} | null} decision
 * @property {boolean} again  to be sent again though it is out of the queue
 *
 * A command as it is sent.
 * @typedef {object} Outgoing
 * @property {Command} command
 * @property {string} sentAs
 * @property {string} text
 * @property {string | null} receipt
 */

export const SUBMIT_COUNT = "submit_count";

/** The largest `data`, in bytes: one that a push has room for, which is 1 MiB with what is around it. */
export const LARGEST_CONTENT = 1000000;

/** The codes of what was deposited because a session had ended. */
export const LAPSED_CODES = ["session_ended", "token_expired"];

/** @param {Command} command */
export function isQueued(command) {
  return command.place === "waiting" || command.place === "awaits_sign_in" || command.place === "held";
}

/** @param {AccountStore} store @returns {Command[]} oldest first */
export function allCommands(store) {
  return [...store.table("commands").values()].sort((one, other) => one.seq - other.seq);
}

/** @param {Command} command @returns {StoreChange} */
function putCommand(command) {
  return { table: "commands", key: command.id, value: command };
}

/**
 * Stores a command with the next number. A repeat is the same command; other content under its id is refused.
 * @param {AccountStore} store
 * @param {StoreChange[]} changes
 * @param {{id: string, type: string, text: string, now: number}} made
 * @returns {Command}
 */
export function queueCommand(store, changes, made) {
  const { id, type, text, now } = made;
  const known = store.table("commands").get(id);
  if (known) {
    if (known.type === type && known.text === text) return known;
    throw new EngineFault("id_reused");
  }
  const seq = queuedNumber(store, changes);
  /** @type {Command} */
  const command = {
    ...{ id, seq, type, text, createdAt: now, place: "waiting", attempts: 0, problem: null, receipt: null, countId: null },
    ...{ ownContent: true, settledAt: null, revision: null, appliedText: null, decision: null, again: false },
  };
  changes.push(putCommand(command));
  return command;
}

/** @param {AccountStore} store @param {StoreChange[]} changes the numbers taken in them count too */
function queuedNumber(store, changes) {
  let seq = Number(store.meta("next_seq")) || 1;
  for (const change of changes) {
    if (change.table === "meta" && "value" in change && change.key === "next_seq") seq = Number(change.value);
  }
  changes.push({ table: "meta", key: "next_seq", value: seq + 1 });
  return seq;
}

/**
 * What is sent next: `all` that waits, and what is to be sent again; `deposit`, what the service does not have yet; `held`, what
 * it refused.
 * @param {AccountStore} store
 * @param {"all" | "deposit" | "held"} turn
 * @param {number} after  the number behind which to begin
 * @param {number} most
 * @param {number} bytes  but at least one command
 * @returns {Outgoing[]}
 */
export function nextOutgoing(store, turn, after, most, bytes) {
  const places = turn === "all" ? ["waiting", "awaits_sign_in"] : turn === "deposit" ? ["waiting"] : ["held"];
  const wanted = (/** @type {Command} */ one) =>
    one.seq > after && (places.includes(one.place) || (turn === "all" && one.again && !isQueued(one)));
  /** @type {Outgoing[]} */
  const batch = [];
  let room = bytes;
  for (const command of allCommands(store).filter(wanted)) {
    // Where an officer applied other content, that is what the receipt is of.
    const text = command.appliedText === null ? command.text : command.appliedText;
    const sentAs = command.appliedText === null ? command.id : command.countId || command.id;
    if (batch.length >= most || (batch.length > 0 && text.length * 3 > room)) break;
    room -= text.length * 3;
    batch.push({ command, sentAs, text, receipt: command.place === "accepted" ? command.receipt : null });
  }
  return batch;
}

/** @param {AccountStore} store @returns {number} how many the phone has to send */
export function countWaiting(store) {
  return allCommands(store).filter((one) => isQueued(one) || one.again).length;
}

/** The command as it is now; the batch may be older. @param {AccountStore} store @param {Outgoing} out @returns {Command} */
function presentCommand(store, out) {
  return store.table("commands").get(out.command.id) || out.command;
}

/** @param {AccountStore} store @param {StoreChange[]} changes @param {Outgoing[]} batch */
export function noteAttempts(store, changes, batch) {
  for (const out of batch) {
    const command = presentCommand(store, out);
    if (isQueued(command)) changes.push(putCommand({ ...command, attempts: command.attempts + 1 }));
  }
}

/**
 * Accepted, with a receipt that was checked. One that was accepted before keeps its receipt.
 * @param {AccountStore} store
 * @param {StoreChange[]} changes
 * @param {Outgoing} out
 * @param {{receipt: string, countId: string, ownContent: boolean, now: number, revision: number | null}} proof
 */
export function acceptCommand(store, changes, out, proof) {
  const command = presentCommand(store, out);
  if (command.place === "accepted") {
    changes.push(putCommand({ ...command, again: false, problem: null, revision: proof.revision }));
    return;
  }
  const { receipt, countId, ownContent, now, revision } = proof;
  const settled = { receipt, countId, ownContent, settledAt: now, revision, again: false, problem: null };
  changes.push(putCommand({ ...command, ...settled, place: "accepted" }));
}

/**
 * Out of the queue, and not accepted. One that was accepted before stays so, with a note.
 * @param {AccountStore} store
 * @param {StoreChange[]} changes
 * @param {Outgoing} out
 * @param {{place: "undecided" | "set_aside" | "rejected", problem: EngineProblem | null, decision: Command["decision"], now: number}} fate
 */
export function setApart(store, changes, out, fate) {
  const command = presentCommand(store, out);
  if (command.place === "accepted") {
    changes.push(putCommand({ ...command, again: false, problem: fate.problem }));
    return;
  }
  const { place, problem, decision, now } = fate;
  changes.push(putCommand({ ...command, place, problem, decision, settledAt: now, again: false }));
}

/** Notes why a command stays. @param {AccountStore} store @param {StoreChange[]} changes @param {Outgoing} out
 * @param {"waiting" | "awaits_sign_in" | "held"} place @param {EngineProblem} problem */
export function keepCommand(store, changes, out, place, problem) {
  const command = presentCommand(store, out);
  if (isQueued(command)) changes.push(putCommand({ ...command, place, problem }));
}

/**
 * After a reset: everything that the service once had is sent again. What it refused it never had.
 * @param {AccountStore} store @param {StoreChange[]} changes
 */
export function repeatAll(store, changes) {
  for (const command of allCommands(store)) {
    if (!isQueued(command) && command.place !== "rejected") changes.push(putCommand({ ...command, again: true }));
  }
}

/**
 * After a sign-in: what was only deposited is sent again, and what the service had accepted before a restore and kept since, as
 * while the account was closed: the receipt proves it.
 * @param {AccountStore} store @param {StoreChange[]} changes
 */
export function repeatDeposited(store, changes) {
  for (const command of allCommands(store)) {
    const isLapsed = command.problem !== null && LAPSED_CODES.includes(command.problem.code);
    const isKeptSince = command.place === "accepted" && command.problem !== null;
    if ((command.place === "undecided" && isLapsed) || isKeptSince) changes.push(putCommand({ ...command, again: true }));
  }
}

/**
 * Drops what was settled before an instant: accepted, by the receipt's clock too; put aside or refused. What an officer has not
 * decided on stays.
 * @param {AccountStore} store
 * @param {StoreChange[]} changes
 * @param {number} instant
 * @param {(receipt: string) => number | null} receivedAt
 */
export function dropSettled(store, changes, instant, receivedAt) {
  for (const { id, place, again, settledAt, receipt } of allCommands(store)) {
    const isOver = place === "accepted" || place === "set_aside" || place === "rejected";
    if (!isOver || again || (settledAt || 0) >= instant) continue;
    const received = place === "accepted" ? receivedAt(receipt || "") : null;
    if (received === null || received < instant) changes.push({ table: "commands", key: id, gone: true });
  }
}
