// The engine as a program: `node node-phone.js FOLDER ORIGIN`. Each line of its input is a command in JSON, each line of its output
// the answer: `{"do": "signIn", "args": ["t1", "password", {"deviceName": "d"}]}` is answered `{"ok": …}` or
// `{"error": {"code": …, "detail": …}}`. Beside the methods of a `Phone` it knows `count` (`{"depot", "scope", "lines": [[item,
// text]]}`), `type` (`{"depot", "item", "text"}`), `draftData` (a depot) and `clock` (`{"aheadMs"}`). Everything is in FOLDER; what
// was answered is on disk, so that the program may be killed at any time.
import { appendFileSync, closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Phone } from "../../../web/phone/engine/phone.js";
import { applyChanges, emptyRows } from "../../../web/phone/engine/store-memory.js";
import { FENCE_KEY, StoreFault } from "../../../web/phone/engine/store-fault.js";

/** @typedef {import("../../../web/phone/engine/types.js").StoreChange} StoreChange */

/** Stores as logs: each write is a line, flushed before it is answered. The end of a line that is missing was never answered. */
class LogStores {
  /** @param {string} folder */
  constructor(folder) {
    this.folder = folder;
    mkdirSync(folder, { recursive: true });
  }

  /** @param {string} name */
  async open(name) {
    const path = join(this.folder, `${name}.log`);
    const read = () => {
      const rows = emptyRows();
      const text = existsSync(path) ? readFileSync(path, "utf8") : "";
      for (const line of text.slice(0, text.lastIndexOf("\n") + 1).split("\n")) {
        try {
          if (line !== "") applyChanges(rows, JSON.parse(line));
        } catch {
          // A line that was cut by a kill, and continued by the next start.
        }
      }
      return rows;
    };
    const append = (/** @type {StoreChange[]} */ changes) => {
      const file = openSync(path, "a");
      const isCut = existsSync(path) && !/(^|\n)$/.test(readFileSync(path, "utf8"));
      writeSync(file, `${isCut ? "\n" : ""}${JSON.stringify(changes)}\n`);
      fsyncSync(file);
      closeSync(file);
    };
    const held = () => Number(read()["meta"]?.get(FENCE_KEY)) || 0;
    return {
      load: async () => read(),
      write: async (/** @type {StoreChange[]} */ changes, /** @type {number | null} */ fence) => {
        if (fence !== null && held() !== fence) throw new StoreFault("fenced");
        append(changes);
      },
      claim: async () => {
        const fence = held() + 1;
        append([{ table: "meta", key: FENCE_KEY, value: fence }]);
        return fence;
      },
      close: () => {},
    };
  }

  /** @param {string} name */
  async remove(name) {
    rmSync(join(this.folder, `${name}.log`), { force: true });
  }
}

/** The synchronous copy of drafts, a file for each. @param {string} folder */
function localFiles(folder) {
  /** @type {Map<string, string>} */
  const kept = new Map();
  const path = join(folder, "local.log");
  for (const line of existsSync(path) ? readFileSync(path, "utf8").split("\n") : []) {
    try {
      const [key, text] = JSON.parse(line);
      if (text === null) kept.delete(key);
      else kept.set(key, text);
    } catch {
      // Cut by a kill.
    }
  }
  const note = (/** @type {string} */ key, /** @type {string | null} */ text) => appendFileSync(path, `${JSON.stringify([key, text])}\n`);
  return {
    get: (/** @type {string} */ key) => kept.get(key) ?? null,
    set: (/** @type {string} */ key, /** @type {string} */ text) => {
      if (key.startsWith("muster.hold")) return;
      kept.set(key, text);
      note(key, text);
    },
    remove: (/** @type {string} */ key) => {
      if (kept.delete(key)) note(key, null);
    },
    keys: () => [...kept.keys()],
  };
}

const [folder = "phone", origin = "http://127.0.0.1:8080"] = process.argv.slice(2);
let aheadMs = 0;
const stores = new LogStores(folder);
const now = () => Date.now() + aheadMs;
const phone = await Phone.start({ origin, stores, local: localFiles(folder), language: "en", now, ticks: now });

/** @type {Record<string, (...args: any[]) => unknown>} */
const OWN = {
  clock: ({ aheadMs: by }) => void (aheadMs = by),
  draftData: (depot) => phone.draft(depot)?.data ?? null,
  type: async ({ depot, item, text }) => (await phone.startDraft(depot)).set(item, "", "quantity", text),
  count: async ({ depot, scope = "listed", lines }) => {
    const draft = await phone.startDraft(depot);
    for (const [item, text] of lines) await draft.set(item, "", "quantity", text);
    return draft.submit({ scope, token: draft.review().token });
  },
};

for await (const line of createInterface({ input: process.stdin })) {
  /** @type {unknown} */
  let answer;
  try {
    const { do: name, args = [] } = JSON.parse(line);
    const method = OWN[name] || /** @type {any} */ (phone)[name];
    if (typeof method !== "function") throw new TypeError(`there is no ${name}`);
    answer = { ok: (await method.apply(phone, args)) ?? null };
  } catch (error) {
    const { code = "failed", message = String(error), problem = null } = /** @type {any} */ (error);
    answer = { error: { code, detail: message, problem } };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
