// Copies beside the store, written at once: a key that was typed and not yet stored, and counts whose store may be lost.
import { allCommands, isQueued } from "./commands.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").LocalCopy} LocalCopy */
/** @typedef {import("./account.js").AccountStore} AccountStore */

/** Larger than any copy of ours, and far below what the browser gives. */
const LONGEST_COPY = 1024 * 1024;

/** How many signs of delivered counts are copied, all together. */
const MOST_DELIVERED = 256 * 1024;

/** They are only copies: where the browser refuses one, the store decides. */
export class DraftCopies {
  /** @param {AccountStore} store @param {LocalCopy | null} local */
  constructor(store, local) {
    this.store = store;
    this.local = local;
  }

  /** @param {"draft" | "unsent"} what @param {string} id */
  key(what, id) {
    return `muster.${what}.${this.store.account}.${id}`;
  }

  /** @param {Draft} draft */
  putDraft(draft) {
    this.put("draft", draft.id, JSON.stringify(draft));
  }

  /** What was refused does not come back: the copy is again what is stored. @param {string} id @param {Draft} refused @param {Draft | null} stored */
  takeBack(id, refused, stored) {
    const isHeld = this.store.fence !== null;
    if (stored && isHeld) this.putDraft(stored);
    const key = this.key("draft", id);
    try {
      // A draft that is gone has no copy. Where another window writes, it has the store; its next key makes the copy anew.
      const isOurs = this.local !== null && this.local.get(key) === JSON.stringify(refused);
      if (isOurs && !(stored && isHeld)) this.remove("draft", id);
    } catch {
      // It is only a copy.
    }
  }

  /** @param {"draft" | "unsent"} what @param {string} id @param {string} text */
  put(what, id, text) {
    if (!this.local || text.length > LONGEST_COPY) return;
    try {
      this.local.set(this.key(what, id), text);
    } catch {
      // It is only a copy: the store decides.
    }
  }

  /** @param {"draft" | "unsent"} what @param {string} id */
  remove(what, id) {
    try {
      if (this.local) this.local.remove(this.key(what, id));
    } catch {
      // As above.
    }
  }

  /** Of what there are copies, whatever is in them. @param {"draft" | "unsent"} what @returns {string[]} */
  ids(what) {
    const prefix = this.key(what, "");
    try {
      const keys = this.local ? this.local.keys() : [];
      return keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length));
    } catch {
      return [];
    }
  }

  /** The copies of this account that can be read. @param {"draft" | "unsent"} what @returns {[string, any][]} by id */
  read(what) {
    /** @type {[string, any][]} */
    const copies = [];
    for (const id of this.ids(what)) {
      try {
        const text = this.local ? this.local.get(this.key(what, id)) : null;
        if (text !== null && text.length <= LONGEST_COPY) copies.push([id, JSON.parse(text)]);
      } catch {
        // One that cannot be read hides no other.
      }
    }
    return copies;
  }

  /**
   * Keeps a copy of each count that is only on this phone, and of the last that were delivered: a service that is put back may
   * have forgotten them, and sent again under its own id a count is not doubled.
   */
  sweep() {
    if (this.store.fence === null || !this.local) return;
    const copied = new Set(this.ids("unsent"));
    let room = MOST_DELIVERED;
    for (const command of allCommands(this.store).reverse()) {
      const { id, type, text } = command;
      const isDelivered = command.place === "accepted" || command.place === "undecided";
      if (isDelivered && !isQueued(command)) room -= text.length;
      if (!isQueued(command) && (!isDelivered || room < 0)) continue;
      if (!copied.has(id)) this.put("unsent", id, JSON.stringify({ id, type, text }));
      copied.delete(id);
    }
    for (const id of copied) this.remove("unsent", id);
  }
}
