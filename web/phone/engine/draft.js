// A count in work, as the views use it.

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").Review} Review */
/** @typedef {import("./types.js").LotField} LotField */

/** @returns {never} */
function notBuilt() {
  throw new Error("not built yet");
}

/**
 * The draft of one depot. Each change resolves only once it is on disk; a change that cannot be stored is refused with an
 * `EngineFault` whose `code` is `store_lost`, `store_full` or `open_elsewhere`, and is not in `data`.
 */
export class CountDraft {
  /** @returns {Draft} what is stored; a new object after each change */
  get data() {
    return notBuilt();
  }

  /**
   * Stores what a field of a lot shows now. The first text of a line makes its act `number`; an empty text of all fields
   * makes it `none` again.
   * @param {string} item
   * @param {string} lot  the key of a known lot, of one made by `addLot`, or "" for the row without lot and day
   * @param {LotField} field
   * @param {string} text  at most 1,000 characters
   * @returns {Promise<void>}
   */
  async set(item, lot, field, text) {
    void [item, lot, field, text];
    notBuilt();
  }

  /**
   * States that nothing of an item is there. What was typed for it is dropped.
   * @param {string} item
   * @returns {Promise<void>}
   */
  async zero(item) {
    void item;
    notBuilt();
  }

  /**
   * Passes over a line: it is not sent. What was typed for it is dropped.
   * @param {string} item
   * @returns {Promise<void>}
   */
  async skip(item) {
    void item;
    notBuilt();
  }

  /**
   * Takes back what was said of a line.
   * @param {string} item
   * @returns {Promise<void>}
   */
  async clear(item) {
    void item;
    notBuilt();
  }

  /**
   * Adds a row for a lot that is not known, and answers its key.
   * @param {string} item
   * @param {Partial<Record<LotField, string>>} [texts]
   * @returns {Promise<string>}
   */
  async addLot(item, texts) {
    void [item, texts];
    return notBuilt();
  }

  /**
   * Drops a row and what was typed in it.
   * @param {string} item
   * @param {string} lot
   * @returns {Promise<void>}
   */
  async removeLot(item, lot) {
    void [item, lot];
    notBuilt();
  }

  /**
   * Says where in the depot an item is kept; the phone remembers it for the shelf order.
   * @param {string} item
   * @param {string} place  at most 32 characters; "" for none
   * @returns {Promise<void>}
   */
  async setPlace(item, place) {
    void [item, place];
    notBuilt();
  }

  /**
   * A remark on the whole count, and who counted if not the account's holder.
   * @param {{note?: string, countedBy?: string, survey?: string | null, resolves?: string[]}} header
   * @returns {Promise<void>}
   */
  async setHeader(header) {
    void header;
    notBuilt();
  }

  /** @returns {Review} what would be sent, what is wrong, and what a full count would record as 0 */
  review() {
    return notBuilt();
  }

  /**
   * Makes the count: its bytes, its number and its place in the queue, in one step with the end of the draft. A full count
   * needs the `token` of the review that was shown. Refused with `EngineFault`: `faults`, `empty`, `skipped_lines`,
   * `catalogue_incomplete`, `review_again`, `depot_closed`.
   * @param {{scope: "listed" | "full", token?: string}} options
   * @returns {Promise<{id: string, seq: number}>}
   */
  async submit(options) {
    void options;
    return notBuilt();
  }

  /** Drops the draft. @returns {Promise<void>} */
  async discard() {
    notBuilt();
  }
}
