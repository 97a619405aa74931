// A file of what is only on this phone: any phone takes it in with the same ids and bytes, so that a count that arrives twice is
// one count. It names the account, because nobody's counts are sent in another's name.
import { EngineFault } from "./fault.js";
import { allCommands, isQueued, queueCommand } from "./commands.js";
import { isId } from "./ids.js";
import { presentSession } from "./session.js";

/** @typedef {import("./types.js").ExportFile} ExportFile */
/** @typedef {import("./types.js").ImportResult} ImportResult */
/** @typedef {import("./account.js").AccountStore} AccountStore */

export const EXPORT_FORMAT = "muster-unsent-counts";
const LARGEST_EXPORT = 16 * 1024 * 1024;
const MOST_IMPORTED = 2000;
const LARGEST_CONTENT = 1024 * 1024;

/**
 * @param {AccountStore} store
 * @param {number} now
 * @returns {ExportFile}
 */
export function exportText(store, now) {
  const session = presentSession(store);
  const commands = allCommands(store).filter((command) => isQueued(command) || command.place === "undecided");
  const file = {
    ...{ format: EXPORT_FORMAT, version: 1, account: store.account, username: session ? session.user.username : "" },
    ...{ device_id: store.meta("device_id"), exported_at: new Date(now).toISOString() },
    // `data` is a text, so that its bytes stay what they are.
    commands: commands.map(({ id, seq, type, text }) => ({ id, seq, type, data: text })),
  };
  const name = `muster-${file.username || "phone"}-${file.exported_at.slice(0, 10)}.json`;
  return { name, text: `${JSON.stringify(file, null, 1)}\n`, counts: commands.length };
}

/**
 * Puts the counts of a file into the queue. One that is known is passed over; one whose id has other content is refused.
 * @param {AccountStore} store
 * @param {string} text
 * @param {number} now
 * @returns {Promise<ImportResult>}
 */
export async function importText(store, text, now) {
  /** @type {any} */
  let file = null;
  try {
    file = text.length <= LARGEST_EXPORT ? JSON.parse(text) : null;
  } catch {
    file = null;
  }
  if (!file || file.format !== EXPORT_FORMAT || !Array.isArray(file.commands)) {
    throw new EngineFault("not_an_export", "the file holds no counts of a phone");
  }
  if (file.version !== 1) throw new EngineFault("export_newer", "the file is of a newer version");
  if (file.account !== store.account) throw new EngineFault("other_account", `the counts are those of ${String(file.username).slice(0, 64)}`);
  if (file.commands.length > MOST_IMPORTED) throw new EngineFault("too_many", `a file holds at most ${MOST_IMPORTED} counts`);
  const commands = [...file.commands].sort((one, other) => (Number(one && one.seq) || 0) - (Number(other && other.seq) || 0));
  /** @type {ImportResult} */
  const result = { taken: 0, known: 0, refused: [] };
  await store.change((changes) => {
    const taken = new Set();
    for (const command of commands) {
      const { id, type, data } = command || {};
      const refuse = (/** @type {string} */ code) => void result.refused.push({ id: String(id).slice(0, 64), code });
      const known = store.table("commands").get(id);
      if (!isId(id) || typeof type !== "string" || type.length > 64 || !isContent(data)) refuse("unreadable");
      else if (known && (known.text !== data || known.type !== type)) refuse("id_reused");
      else if (known || taken.has(id)) result.known += 1;
      else {
        queueCommand(store, changes, { id, type, text: data, now });
        taken.add(id);
        result.taken += 1;
      }
    }
  });
  return result;
}

/** @param {unknown} data @returns {data is string} the text of an object */
function isContent(data) {
  if (typeof data !== "string" || data.length > LARGEST_CONTENT) return false;
  try {
    const value = JSON.parse(data);
    return value !== null && typeof value === "object" && !Array.isArray(value);
  } catch {
    return false;
  }
}
