// The engine as a program: `node node-phone.js FOLDER ORIGIN`. Each line of its input is a command in JSON, each line of its output
// the answer: `{"do": "signIn", "args": ["t1", "password", {"deviceName": "d"}]}` is answered `{"ok": …}` or
// `{"error": {"code": …, "detail": …}}`. Beside the methods of a `Phone` it knows `count` (`{"depot", "scope", "lines": [[item,
// text]]}`), `type` (`{"depot", "item", "text"}`), `queue` (`{"id", "type", "text"}`), `draftData` (a depot), `held` and `clock`
// (`{"aheadMs"}`). Everything is in FOLDER; what was answered is on disk, so that the program may be killed at any time.
//
// `node node-phone.js FOLDER pipe SEED` has no network, time or chance of its own (see `piped.js`): its requests are lines
// `{"ask": number, …}` of its output, answered by lines `{"reply": number, …}` of its input.
import { existsSync, mkdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { allCommands, queueCommand } from "../../../web/phone/engine/commands.js";
import { Phone } from "../../../web/phone/engine/phone.js";
import { presentSession } from "../../../web/phone/engine/session.js";
import { applyChanges, emptyRows } from "../../../web/phone/engine/store-memory.js";
import { FENCE_KEY, StoreFault } from "../../../web/phone/engine/store-fault.js";
import { PIPED_ORIGIN, PipedNetwork, SeededRandom, ToldTime, appendLine } from "./piped.js";

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
    // Nobody else has written where the file is as long as this program left it.
    let [size, fence] = [-1, 0];
    const sizeNow = () => (existsSync(path) ? statSync(path).size : 0);
    const append = (/** @type {StoreChange[]} */ changes) => {
      const isCut = size !== sizeNow() && existsSync(path) && !/(^|\n)$/.test(readFileSync(path, "utf8"));
      appendLine(path, `${isCut ? "\n" : ""}${JSON.stringify(changes)}\n`);
      size = sizeNow();
    };
    const held = () => {
      if (size !== sizeNow()) fence = Number(read()["meta"]?.get(FENCE_KEY)) || 0;
      size = sizeNow();
      return fence;
    };
    return {
      load: async () => read(),
      write: async (/** @type {StoreChange[]} */ changes, /** @type {number | null} */ own) => {
        if (own !== null && held() !== own) throw new StoreFault("fenced");
        append(changes);
      },
      claim: async () => {
        const next = held() + 1;
        append([{ table: "meta", key: FENCE_KEY, value: next }]);
        return (fence = next);
      },
      close: () => {},
    };
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
  const note = (/** @type {string} */ key, /** @type {string | null} */ text) => appendLine(path, `\n${JSON.stringify([key, text])}\n`);
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

const [folder = "phone", origin = "http://127.0.0.1:8080", seed = ""] = process.argv.slice(2);
const isPiped = origin === "pipe";
let aheadMs = 0;
const stores = new LogStores(folder);
const say = (/** @type {object} */ line) => void process.stdout.write(`${JSON.stringify(line)}\n`);
const [told, network, random] = [new ToldTime(), new PipedNetwork(say), new SeededRandom(seed)];
const local = localFiles(folder);

/** @returns {import("../../../web/phone/engine/types.js").Surroundings} */
function surroundings() {
  const now = () => (isPiped ? told.now : Date.now() + aheadMs);
  const around = { stores, local, language: "en", now };
  if (!isPiped) return { ...around, origin, ticks: now };
  random.install();
  const fetch = /** @type {any} */ (network.fetch.bind(network));
  const own = { fetch, random: () => random.number(), ticks: () => told.ticks, locks: /** @type {const} */ (false) };
  return { ...around, ...own, origin: PIPED_ORIGIN };
}

/** @type {Promise<Phone> | null} */
let starting = null;

/** @type {Record<string, (phone: Phone, ...args: any[]) => unknown>} */
const OWN = {
  clock: (_, { aheadMs: by }) => void (aheadMs = by),
  draftData: (phone, depot) => phone.draft(depot)?.data ?? null,
  type: async (phone, { depot, item, text }) => (await phone.startDraft(depot)).set(item, "", "quantity", text),
  count: async (phone, { depot, scope = "listed", lines }) => {
    const draft = await phone.startDraft(depot);
    for (const [item, text] of lines) await draft.set(item, "", "quantity", text);
    return draft.submit({ scope, token: draft.review().token });
  },
  queue: (phone, { id, type, text }) => {
    const { store } = phone.present();
    return store.change((changes) => queueCommand(store, changes, { id, type, text, now: phone.world.now() }));
  },
  held: (phone) => {
    if (!phone.desk) return null;
    const { store } = phone.desk;
    const meta = Object.fromEntries(["device_id", "next_seq", "revision", "failures"].map((key) => [key, store.meta(key)]));
    const session = presentSession(store);
    const who = session && { username: session.user.username, ended: session.ended };
    return { ...meta, session: who, commands: allCommands(store), copy: [...store.table("copy").values()] };
  },
};

/** @param {any} command */
async function carryOut(command) {
  try {
    // Not before the test has told the time.
    const phone = await (starting = starting || Phone.start(surroundings()));
    const { do: name, args = [] } = command;
    const [own, method] = [OWN[name], /** @type {any} */ (phone)[name]];
    if (!own && typeof method !== "function") throw new TypeError(`there is no ${name}`);
    say({ ok: (await (own ? own(phone, ...args) : method.apply(phone, args))) ?? null });
  } catch (error) {
    const { code = "failed", message = String(error), problem = null } = /** @type {any} */ (error);
    say({ error: { code, detail: message, problem } });
  }
}

let turn = Promise.resolve();
createInterface({ input: process.stdin })
  .on("line", (line) => {
    const command = JSON.parse(line);
    told.take(command);
    if (command.reply !== undefined) network.answer(command);
    else turn = turn.then(() => carryOut(command));
  })
  .on("close", () => process.exit());
