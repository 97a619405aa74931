// The pull: the copy follows the service page by page, and officers' decisions are taken over.
import { acceptCommand, allCommands, repeatAll, setApart } from "./commands.js";
import { keysFor, proveReceipt } from "./proofs.js";
import { SyncHalt, haltAgain } from "./retry.js";
import { callSigned } from "./session.js";

/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {import("./types.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./types.js").PulledPage} PulledPage */
/** @typedef {import("./account.js").AccountStore} AccountStore */
/** @typedef {import("./round.js").SyncRun} SyncRun */

/** @typedef {{type: string, key: string, data: any}} CopyRow */

const COPY_META = ["cursor", "revision", "change_set", "pulled_at", "etag"];

/** @param {string} type @param {string} key */
export function copyKey(type, key) {
  return `${type} ${key}`;
}

/**
 * Pulls from the beginning: the copy is that of before until the first page of the new one is there. What was accepted is sent again.
 * @param {AccountStore} store @param {StoreChange[]} changes
 */
export function forgetCursor(store, changes) {
  repeatAll(store, changes);
  for (const key of ["cursor", "etag"]) changes.push({ table: "meta", key, gone: true });
}

/** True where the service cannot read the cursor any more. @param {unknown} halt @returns {halt is SyncHalt} */
export function isCursorFault(halt) {
  return halt instanceof SyncHalt && halt.verdict === "smaller" && halt.problem.errors.some((error) => error.pointer === "/cursor");
}

/** @param {PulledPage | null | undefined} page @returns {page is ApiSchemas["PulledChanges"]} whether it is a page of changes that this version can make */
function isPage(page) {
  if (!page || !Array.isArray(page.changes) || typeof page.cursor !== "string" || page.cursor.length > 1000) return false;
  return page.changes.every((/** @type {Partial<ApiSchemas["Change"]> | null} */ change) => {
    if (!change || typeof change.type !== "string" || typeof change.key !== "string") return false;
    return change.type.length + change.key.length < 500 && (change.op === "put" || change.op === "delete");
  });
}

/**
 * Makes the changes of one page. Not where another pulled meanwhile.
 * @param {AccountStore} store
 * @param {StoreChange[]} changes
 * @param {ApiSchemas["PulledChanges"]} page
 * @param {{asked: string | null, at: number, etag: string | null}} context
 * @returns {boolean} whether they were made
 */
export function takePage(store, changes, page, context) {
  if ((store.meta("cursor") || null) !== context.asked) return false;
  const put = (/** @type {string} */ key, /** @type {unknown} */ value) => changes.push({ table: "meta", key, value });
  if (page.reset === true || context.asked === null) {
    changes.push({ table: "copy", clear: true });
    for (const key of COPY_META) changes.push({ table: "meta", key, gone: true });
  }
  if (page.reset === true) repeatAll(store, changes);
  for (const { type, key, op, data } of page.changes) {
    const name = copyKey(type, key);
    if (op === "delete") changes.push({ table: "copy", key: name, gone: true });
    else changes.push({ table: "copy", key: name, value: { type, key, data: data === undefined ? null : data } });
  }
  put("cursor", page.cursor);
  put("etag", context.etag === null ? null : { cursor: page.cursor, etag: context.etag });
  // Half a catalogue is not the catalogue of that revision.
  if (page.more !== true && Number.isSafeInteger(page.revision)) {
    put("revision", page.revision);
    put("change_set", typeof page.change_set === "string" ? page.change_set : null);
    put("pulled_at", context.at);
  }
  return true;
}

/**
 * Pulls until there is no more.
 * @param {SyncRun} run
 * @returns {Promise<boolean>} whether the service started over, so that what it once confirmed is to be sent again
 */
export async function pullAll(run) {
  const { store, world, round } = run;
  let wasReset = false;
  let heardAt = world.now();
  for (;;) {
    const asked = /** @type {string | null} */ (store.meta("cursor") || null);
    const path = asked === null ? "/api/v1/sync" : `/api/v1/sync?cursor=${encodeURIComponent(asked)}`;
    const known = store.meta("etag");
    /** @type {Record<string, string>} */
    const headers = known && known.cursor === asked ? { "If-None-Match": String(known.etag) } : {};
    /** @type {import("../../shared/api.js").ApiAnswer} */
    let answer;
    try {
      answer = await callSigned(store, world, { method: "GET", path, headers });
    } catch (halt) {
      if (!isCursorFault(halt) || asked === null) throw halt;
      await store.change((changes) => forgetCursor(store, changes));
      round.wasReset = wasReset = true;
      continue;
    }
    run.heard(answer.date);
    const at = answer.date === null ? world.now() : answer.date;
    heardAt = at;
    if (answer.status === 304) {
      await store.change((changes) => void changes.push({ table: "meta", key: "pulled_at", value: at }));
      break;
    }
    const page = answer.json;
    if (!isPage(page)) throw haltAgain("not_muster");
    wasReset = wasReset || page.reset === true;
    round.wasReset = round.wasReset || page.reset === true;
    const { etag } = answer;
    const isTaken = await store.change((changes) => takePage(store, changes, page, { asked, at, etag }));
    if (isTaken) round.pulled += page.changes.length;
    if (page.more !== true) break;
    if (asked === page.cursor) throw haltAgain("not_muster");
  }
  await takeDecisions(run, heardAt);
  return wasReset;
}

/** @param {Partial<ApiSchemas["ChangeData"]> | null | undefined} data */
function fateOf(data) {
  const text = (/** @type {unknown} */ value, /** @type {number} */ most) =>
    typeof value === "string" && value.length <= most ? value : null;
  if (!data || typeof data !== "object") return null;
  const [id, status] = [text(data.command_id, 64), text(data.status, 64)];
  const [reason, countId, receipt] = [text(data.reason, 4096), text(data.count_id, 64), text(data.receipt, 8192)];
  const applied = data.data && typeof data.data === "object" ? JSON.stringify(data.data) : null;
  return id && status ? { id, status, reason: reason || "", countId, receipt, applied } : null;
}

/** Moves what is in quarantine to where officers' decisions put it. @param {SyncRun} run @param {number} now  by the service's clock */
async function takeDecisions(run, now) {
  const { store, world, round } = run;
  const rows = /** @type {CopyRow[]} */ ([...store.table("copy").values()].filter((row) => row.type === "quarantine"));
  const fates = rows.map((row) => fateOf(row.data));
  const open = new Map(allCommands(store).map((command) => [command.id, command]));
  const decided = fates.filter((fate) => fate && fate.status !== "waiting" && open.get(fate.id)?.place === "undecided");
  const receipts = decided.map((fate) => fate && fate.receipt).filter((one) => typeof one === "string");
  const fetched = await keysFor(store, world, /** @type {string[]} */ (receipts));
  for (const fate of decided) {
    const command = fate && open.get(fate.id);
    if (!fate || !command) continue;
    const out = { command, sentAs: command.id, text: command.text, receipt: null };
    if (fate.status === "set_aside") {
      const decision = { status: "set_aside", reason: fate.reason, decided_at: null };
      const { problem } = command;
      await store.change((changes) => setApart(store, changes, out, { place: "set_aside", problem, decision, now }));
    } else if (fate.status === "applied" && fate.receipt !== null) {
      const { receipt, countId } = fate;
      const proof = await proveReceipt(fetched, out, { receipt, countId, isDecided: true });
      if ("problem" in proof) {
        const { code, detail } = proof.problem;
        round.kept.push({ id: command.id, seq: command.seq, code, detail });
        continue;
      }
      const revision = store.meta("revision") || null;
      await store.change((changes) => acceptCommand(store, changes, out, { ...proof, receipt, now, revision }));
      round.applied += 1;
    }
  }
  await store.change((changes) => {
    for (const fate of fates) {
      const command = fate && store.table("commands").get(fate.id);
      if (!fate || !command || fate.applied === null || command.ownContent || command.appliedText !== null) continue;
      if (command.place !== "accepted") continue;
      changes.push({ table: "commands", key: fate.id, value: { ...command, appliedText: fate.applied } });
    }
  });
  if (fetched.failure) throw fetched.failure;
}
