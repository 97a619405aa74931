// The drafts of one person: each key is one strict write, with a copy beside it that is written at once.
import { EngineFault } from "./fault.js";
import { afterAct, countIdOf, readDraft } from "./draft-model.js";
import { queueCommand } from "./commands.js";
import { DraftCopies } from "./draft-copies.js";
import { randomId } from "../../shared/ids.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").DraftLine} DraftLine */
/** @typedef {import("./types.js").StoreChange} StoreChange */
/** @typedef {import("./types.js").LocalCopy} LocalCopy */
/** @typedef {import("./draft-model.js").DraftAct} DraftAct */
/** @typedef {import("./account.js").AccountStore} AccountStore */

/** Before the id in the rows of `meta` that name drafts to be dropped on the service. */
const DROPPED = "dropped ";

/** The row of `meta` that tells of a draft that another phone sent. */
export const SENT_ELSEWHERE = "sent elsewhere";

export class DraftDesk {
  /**
   * @param {AccountStore} store
   * @param {() => number} now
   * @param {LocalCopy | null} local
   */
  constructor(store, now, local) {
    this.store = store;
    this.now = now;
    this.copies = new DraftCopies(store, local);
    /** @type {Map<string, {draft: Draft, pending: number, failed: boolean}>} what was typed and is not yet on disk */
    this.ahead = new Map();
  }

  /** @param {string} id @returns {Draft | null} as stored */
  draft(id) {
    const header = this.store.table("drafts").get(id);
    if (!header) return null;
    /** @type {Draft["lines"]} */
    const lines = {};
    for (const [key, line] of this.store.table("lines")) if (key.startsWith(`${id} `)) lines[line.item] = line;
    return { ...header, lines };
  }

  /** @returns {Draft[]} the last changed first */
  all() {
    const drafts = [...this.store.table("drafts").keys()].map((id) => this.draft(id));
    const known = /** @type {Draft[]} */ (drafts.filter(Boolean));
    return known.sort((one, other) => (one.changedAt < other.changedAt ? 1 : -1));
  }

  /** @returns {number} how many there are */
  get number() {
    return this.store.table("drafts").size;
  }

  /** @param {string} depot @returns {Draft | null} the last changed */
  ofDepot(depot) {
    const headers = [...this.store.table("drafts")].filter(([, header]) => header.depot === depot);
    const [last] = headers.sort(([, one], [, other]) => (one.changedAt < other.changedAt ? 1 : -1));
    return last ? this.draft(last[0]) : null;
  }

  /** @param {string} depot @returns {Promise<string>} the id of the draft in work, or of a new one */
  start(depot) {
    return this.store.change((changes) => {
      const present = this.ofDepot(depot);
      if (present) return present.id;
      const at = new Date(this.now()).toISOString();
      const draft = readDraft({ id: randomId(), depot, startedAt: at, changedAt: at, version: 0 });
      if (draft) putDraft(changes, draft);
      return draft ? draft.id : "";
    });
  }

  /** Puts a draft from elsewhere in place, whole; refused with `draft_here` where another of its depot says something. @param {Draft} draft */
  async put(draft) {
    const emptied = await this.store.change((changes) => {
      const others = this.all().filter((one) => one.depot === draft.depot && one.id !== draft.id);
      if (others.some(saysSomething)) throw new EngineFault("draft_here");
      for (const { id } of [...others, draft]) this.dropRows(changes, id);
      putDraft(changes, draft);
      return others.map((one) => one.id);
    });
    emptied.forEach((id) => this.copies.remove("draft", id));
  }

  /**
   * Makes an act part of a draft; resolves once it is on disk.
   * @param {string} id
   * @param {DraftAct} act
   * @returns {Promise<void>}
   */
  async act(id, act) {
    if (this.store.fence === null) throw new EngineFault("open_elsewhere");
    const now = this.now();
    const present = this.ahead.get(id);
    const base = present ? present.draft : this.draft(id);
    if (!base) throw new EngineFault("no_draft");
    const ahead = present || { draft: base, pending: 0, failed: false };
    ahead.draft = afterAct(base, act, now);
    ahead.pending += 1;
    this.ahead.set(id, ahead);
    this.copies.putDraft(ahead.draft);
    try {
      await this.store.change((changes) => {
        const stored = this.draft(id);
        if (!stored) throw new EngineFault("no_draft");
        const after = afterAct(stored, act, now);
        const { lines, ...header } = after;
        changes.push({ table: "drafts", key: id, value: header });
        if (act.act === "header") return;
        const line = lines[act.item];
        changes.push({ table: "lines", key: `${id} ${act.item}`, value: line });
        if (act.act === "place") changes.push(placeChange(after.depot, act.item, act.place));
      });
    } catch (error) {
      ahead.failed = true;
      throw error;
    } finally {
      ahead.pending -= 1;
      if (ahead.pending === 0) {
        this.ahead.delete(id);
        if (ahead.failed) this.copies.takeBack(id, ahead.draft, this.draft(id));
      }
    }
  }

  /**
   * Another phone went on with a draft and sent it: what the service had of it is said. What was typed here since, and what that
   * count is known not to say, is a count of its own.
   * @param {string} id
   * @param {(item: string) => boolean} isLeft  whether that count does not say an item
   * @returns {Promise<void>}
   */
  async endSent(id, isLeft) {
    await this.store.change((changes) => {
      const draft = this.draft(id);
      if (!draft) return;
      const saved = this.store.table("drafts").get(id).savedVersion || 0;
      const isOwn = (/** @type {DraftLine} */ line) => line.version > saved || (["number", "zero"].includes(line.act) && isLeft(line.item));
      const lines = Object.fromEntries(Object.entries(draft.lines).filter(([, line]) => isOwn(line)));
      const own = { countId: randomId(), onServer: /** @type {const} */ ("never"), savedVersion: null, triedVersion: null, etag: null };
      const rest = { ...draft, ...own, lines };
      const left = Object.values(lines).filter(saysOfLine).length;
      this.dropRows(changes, id);
      if (left > 0 || (draft.version > saved && saysSomething(rest))) putDraft(changes, rest);
      changes.push({ table: "meta", key: SENT_ELSEWHERE, value: { depot: draft.depot, left } });
    });
    const left = this.draft(id);
    if (!left) this.copies.remove("draft", id);
    else if (!this.ahead.has(id)) this.copies.putDraft(left);
  }

  /** @param {StoreChange[]} changes @param {string} id */
  dropRows(changes, id) {
    changes.push({ table: "drafts", key: id, gone: true });
    for (const key of this.store.table("lines").keys()) {
      if (key.startsWith(`${id} `)) changes.push({ table: "lines", key, gone: true });
    }
  }

  /** Drops a draft here, and notes that the service is to drop it. @param {string} id */
  async discard(id) {
    this.copies.remove("draft", id);
    await this.store.change((changes) => {
      const header = this.store.table("drafts").get(id);
      this.dropRows(changes, id);
      if (!header || header.onServer === "off") return;
      changes.push(droppedChange(countIdOf(header), header.etag || null));
    });
  }

  /** Drafts that were discarded here, and may still be on the service. @returns {{id: string, etag: string | null}[]} */
  dropped() {
    const rows = [...this.store.table("meta")].filter(([key]) => key.startsWith(DROPPED));
    return rows.map(([key, { etag }]) => ({ id: key.slice(DROPPED.length), etag }));
  }

  /** The service does not have it any more, or has what another phone made of it. @param {string} id */
  forgetDropped(id) {
    return this.store.change((changes) => void changes.push({ table: "meta", key: `${DROPPED}${id}`, gone: true }));
  }

  /**
   * Takes back from the copies what the store does not have: a key that was typed and not yet stored, or all of it where the
   * browser dropped the store. A count comes back under its own id, so that it cannot be doubled.
   */
  async recover() {
    for (const [id, told] of this.copies.read("draft")) {
      const copy = readDraft(told);
      if (!copy || copy.id !== id || this.store.table("commands").has(copy.countId || id)) {
        this.copies.remove("draft", id);
        continue;
      }
      await this.store.change((changes) => {
        const stored = this.draft(id);
        if (!stored) putDraft(changes, copy);
        else if (copy.version > stored.version) {
          const newer = Object.entries(copy.lines).filter(([, line]) => line.version > stored.version);
          const onServer = stored.onServer === "saved" ? "later" : stored.onServer;
          const { lines: _, ...header } = { ...stored, ...copy, onServer, countId: stored.countId };
          changes.push({ table: "drafts", key: id, value: header });
          for (const [item, line] of newer) changes.push({ table: "lines", key: `${id} ${item}`, value: line });
        }
      });
    }
    for (const [id, told] of this.copies.read("unsent")) {
      const isKnown = this.store.table("commands").has(id);
      if (isKnown || !told || told.id !== id || typeof told.text !== "string" || typeof told.type !== "string") continue;
      const { type, text } = told;
      await this.store.change((changes) => void queueCommand(this.store, changes, { id, type, text, now: this.now() }));
    }
    this.copies.sweep();
  }
}

/** @param {string} id @param {string | null} etag @returns {StoreChange} notes that the service is to drop that version of a draft */
export function droppedChange(id, etag) {
  return { table: "meta", key: `${DROPPED}${id}`, value: { etag } };
}

/** @param {string} depot @param {string} item @param {string} place @returns {StoreChange} */
export function placeChange(depot, item, place) {
  const key = `${depot} ${item}`;
  return place === "" ? { table: "places", key, gone: true } : { table: "places", key, value: place };
}

/** @param {DraftLine} line */
function saysOfLine(line) {
  return line.act !== "none" || line.lots.length > 0;
}

/** @param {Draft} draft */
function saysSomething(draft) {
  return Object.values(draft.lines).some(saysOfLine) || [draft.note, draft.countedBy].some((text) => text.trim() !== "");
}

/** @param {StoreChange[]} changes @param {Draft} draft */
function putDraft(changes, draft) {
  const { lines, ...header } = draft;
  changes.push({ table: "drafts", key: draft.id, value: header });
  for (const [item, line] of Object.entries(lines)) changes.push({ table: "lines", key: `${draft.id} ${item}`, value: line });
}
