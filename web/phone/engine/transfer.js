// A file of what is only on this phone: any phone takes it in with the same ids and bytes, so that a count that arrives twice is
// one count. It names the account, because nobody's counts are sent in another's name.
import { EngineFault } from "./fault.js";
import { LARGEST_CONTENT, allCommands, isQueued, queueCommand } from "./commands.js";
import { isId } from "../../shared/ids.js";
import { presentSession } from "./session.js";
import { utf8Length } from "../../shared/bytes.js";

/** @typedef {import("./types.js").ExportFile} ExportFile */
/** @typedef {import("./types.js").ImportResult} ImportResult */
/** @typedef {import("./account.js").AccountStore} AccountStore */

const EXPORT_FORMAT = "muster-unsent-counts";

/** The largest file that is read, in bytes: look at the size of a file before its content. */
export const LARGEST_EXPORT = 16 * 1024 * 1024;

const MOST_CARRIED = 2000;

/** How much `data` is written: less than half of the largest file, because a quotation mark takes two bytes. */
const MOST_CONTENT = 7 * 1024 * 1024;

const LONGEST_TYPE = 64;

/**
 * The oldest that there is room for; the rest stays, and is in the next file once these are delivered.
 * @param {AccountStore} store
 * @param {number} now
 * @returns {ExportFile}
 */
export function exportText(store, now) {
  const session = presentSession(store);
  const unsent = allCommands(store).filter((command) => isQueued(command) || command.place === "undecided");
  let room = MOST_CONTENT;
  const commands = [];
  for (const { id, seq, type, text } of unsent) {
    const size = utf8Length(text);
    if (commands.length >= MOST_CARRIED || size > Math.min(room, LARGEST_CONTENT)) continue;
    room -= size;
    // `data` is a text, so that its bytes stay what they are.
    commands.push({ id, seq, type, data: text });
  }
  const file = {
    ...{ format: EXPORT_FORMAT, version: 1, account: store.account, username: session ? session.user.username : "" },
    ...{ device_id: store.meta("device_id"), exported_at: new Date(now).toISOString(), commands },
  };
  const name = `muster-${file.username || "phone"}-${file.exported_at.slice(0, 10)}.json`;
  const counts = commands.length;
  return { name, text: `${JSON.stringify(file, null, 1)}\n`, counts, leftOut: unsent.length - counts };
}

/**
 * Reads a file, and checks all of it.
 * @param {AccountStore} store
 * @param {string} text
 * @returns {{id: string, seq: number, type: string, data: string}[]} by their numbers
 */
function readExport(store, text) {
  if (text.length > LARGEST_EXPORT || utf8Length(text) > LARGEST_EXPORT) {
    throw new EngineFault("not_an_export");
  }
  /** @type {any} */
  let file = null;
  try {
    file = JSON.parse(text);
  } catch {
    file = null;
  }
  if (!file || file.format !== EXPORT_FORMAT) throw new EngineFault("not_an_export");
  if (file.version !== 1) throw new EngineFault("export_newer");
  if (!Array.isArray(file.commands) || !isId(file.account)) throw new EngineFault("not_an_export");
  if (file.account !== store.account) throw new EngineFault("file_of_other", String(file.username).slice(0, 64));
  if (file.commands.length > MOST_CARRIED) throw new EngineFault("too_many");
  const broken = file.commands.findIndex((/** @type {any} */ command) => !isCommand(command));
  if (broken >= 0) throw new EngineFault("not_an_export", `/commands/${broken} cannot be read`);
  return [...file.commands].sort((one, other) => one.seq - other.seq);
}

/**
 * Puts the counts of a file into the queue, all or none. One that is known is passed over; one whose id stands for other content,
 * here or in the file, is not taken.
 * @param {AccountStore} store
 * @param {string} text
 * @param {number} now
 * @returns {Promise<ImportResult>}
 */
export async function importText(store, text, now) {
  const commands = readExport(store, text);
  /** @type {ImportResult} */
  const result = { taken: 0, known: 0, refused: [] };
  await store.change((changes) => {
    /** @type {Map<string, {type: string, text: string}>} */
    const taken = new Map();
    for (const { id, type, data } of commands) {
      const known = taken.get(id) || store.table("commands").get(id);
      if (known && (known.text !== data || known.type !== type)) result.refused.push({ id, code: "id_reused" });
      else if (known) result.known += 1;
      else {
        queueCommand(store, changes, { id, type, text: data, now });
        taken.set(id, { type, text: data });
        result.taken += 1;
      }
    }
  });
  return result;
}

/** @param {any} command */
function isCommand(command) {
  if (!command || !isId(command.id) || !Number.isSafeInteger(command.seq)) return false;
  const { type, data } = command;
  if (typeof type !== "string" || type === "" || utf8Length(type) > LONGEST_TYPE) return false;
  if (typeof data !== "string" || data.length > LARGEST_CONTENT || utf8Length(data) > LARGEST_CONTENT) return false;
  try {
    const value = JSON.parse(data);
    return value !== null && typeof value === "object" && !Array.isArray(value);
  } catch {
    return false;
  }
}
