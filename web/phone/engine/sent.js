// Counts that were submitted here, in words that a person trusts: where each is, and whether the bureau's figure has it.
import { allCommands, isQueued } from "./commands.js";
import { contentOf } from "./content.js";
import { keptKeys } from "./proofs.js";
import { judgeReceipt, readReceipt } from "../../shared/receipts.js";

/** @typedef {import("./types.js").SentCount} SentCount */
/** @typedef {import("./types.js").CountState} CountState */
/** @typedef {import("./types.js").ReceiptCheck} ReceiptCheck */
/** @typedef {import("./commands.js").Command} Command */
/** @typedef {import("./account.js").AccountStore} AccountStore */
/** @typedef {import("./figures.js").Figures} Figures */

/** @param {Command} command @param {number} conflicts @returns {CountState} */
function stateOf(command, conflicts) {
  if (isQueued(command)) return "only_here";
  if (command.place === "undecided") return "waiting_for_officer";
  if (command.place === "set_aside") return "set_aside";
  if (command.place === "rejected") return "refused";
  return conflicts > 0 ? "in_conflict" : "delivered";
}

/**
 * The items on which a count is in conflict or contested, and whether the copy's stock stands on it.
 * @param {Figures} figures
 * @param {string} depot
 * @param {string} countId
 */
function standingOf(figures, depot, countId) {
  const standing = figures.work().stock.ofCount(depot, countId);
  const conflicts = standing.filter((stock) => stock.state === "conflict" || stock.state === "contested").map((stock) => stock.item);
  return { conflicts, isNamed: standing.length > 0 };
}

/**
 * @param {AccountStore} store
 * @param {Figures} figures
 * @param {Command} command
 * @returns {SentCount}
 */
export function sentCount(store, figures, command) {
  const content = contentOf(command);
  const countId = command.countId || command.id;
  const depot = figures.copy.depotCodes.get(content.depotId) || content.depotId;
  const { conflicts, isNamed } = standingOf(figures, depot, countId);
  const revision = store.meta("revision");
  const isSeen = command.revision !== null && Number.isSafeInteger(revision) && revision >= command.revision;
  const isAccepted = command.place === "accepted";
  /** @type {SentCount["included"]} */
  const included = !isAccepted ? "not_yet" : isNamed ? "yes" : command.revision === null ? "unknown" : isSeen ? "replaced" : "not_yet";
  const { id, seq, attempts, problem, again } = command;
  const { decision } = command;
  const createdAt = new Date(command.createdAt).toISOString();
  return {
    ...{ id, countId, seq, state: stateOf(command, isAccepted ? conflicts.length : 0), depot, attempts, problem, again },
    depotNames: figures.copy.depots.get(depot)?.names || null,
    ...{ scope: content.scope, lines: content.lines.length, countedAt: content.countedAt || createdAt, createdAt },
    decision: decision ? { status: decision.status, reason: decision.reason, at: decision.decided_at } : null,
    corrected: isAccepted && !command.ownContent,
    ...{ included, conflicts: isAccepted ? conflicts : [] },
  };
}

/** @param {AccountStore} store @param {Figures} figures @returns {SentCount[]} newest first */
export function sentCounts(store, figures) {
  return allCommands(store).reverse().map((command) => sentCount(store, figures, command));
}

/** @param {Command} command @param {AccountStore} store @returns {Promise<ReceiptCheck | null>} null where there is none */
export async function receiptCheck(command, store) {
  const { id, receipt } = command;
  if (receipt === null) return null;
  const countId = command.countId || id;
  const text = command.appliedText === null ? command.text : command.appliedText;
  const { verdict, by } = await judgeReceipt(receipt, keptKeys(store), { id: countId, text });
  const read = readReceipt(receipt);
  /** @param {string} name */
  const claim = (name) => {
    const value = read ? read.claims[name] : null;
    return typeof value === "string" ? value : null;
  };
  const position = read && typeof read.claims["position"] === "number" ? read.claims["position"] : null;
  const times = { receivedAt: claim("received_at"), effectiveAt: claim("effective_at") };
  const hashes = { sha256: claim("sha256"), hash: claim("hash"), key: read ? read.kid : null };
  return { id, countId, receipt, verdict, ...times, position, ...hashes, by };
}

/** @param {AccountStore} store @returns {number} counts that are only on this phone */
export function countUnsent(store) {
  return [...store.table("commands").values()].filter(isQueued).length;
}

/** @param {AccountStore} store @param {string} depotId @returns {number} those of one depot */
export function countUnsentOf(store, depotId) {
  return [...store.table("commands").values()].filter((one) => isQueued(one) && contentOf(one).depotId === depotId).length;
}
