// A count in work, as the views use it.
import { EngineFault } from "./fault.js";
import { resolvedCounts } from "./conflicts.js";
import { draftReview, draftedLines, zeroToken } from "./review.js";
import { countText } from "./draft-count.js";
import { LONGEST_FIELD, MOST_LOTS, countIdOf, lineOfDraft } from "./draft-model.js";
import { placeChange } from "./drafts.js";
import { LARGEST_CONTENT, SUBMIT_COUNT, queueCommand } from "./commands.js";
import { utf8Length } from "../../shared/bytes.js";
import { randomId } from "../../shared/ids.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./types.js").Review} Review */
/** @typedef {import("./types.js").LotField} LotField */
/** @typedef {import("./person-desk.js").PersonDesk} PersonDesk */

/** A count is made when its last key was typed; a draft that lay longer than this was looked at again when it is sent. */
const LONGEST_LAIN_MS = 30 * 24 * 60 * 60 * 1000;

/**
 * The draft of one depot. Each change resolves only once it is on disk; a change that cannot be stored is refused with an
 * `EngineFault` whose `code` is `store_lost`, `store_full` or `open_elsewhere`, and is not in `data`.
 */
export class CountDraft {
  /** @param {PersonDesk} desk @param {string} id */
  constructor(desk, id) {
    this.desk = desk;
    this.id = id;
  }

  /** @returns {Draft} what is stored; a new object after each change */
  get data() {
    const draft = this.desk.drafts.draft(this.id);
    if (!draft) throw new EngineFault("no_draft");
    return draft;
  }

  /** What was typed, also where it is not on disk yet; for a field that shows what it is given. @returns {Draft} */
  get typed() {
    const ahead = this.desk.drafts.ahead.get(this.id);
    return ahead ? ahead.draft : this.data;
  }

  /**
   * Stores what a field of a lot shows now. A number makes the act of its line `number`; no number in any field makes it `none`
   * again.
   * @param {string} item
   * @param {string} lot  the key of a known lot, of one made by `addLot`, or "" for the row without lot and day
   * @param {LotField} field
   * @param {string} text  at most 1,000 characters
   * @returns {Promise<void>}
   */
  async set(item, lot, field, text) {
    if (text.length > LONGEST_FIELD) throw new EngineFault("too_long");
    const row = lineOfDraft(this.typed, item).lots.find((one) => one.key === lot);
    const known = row ? null : this.textsOfKnown(item, lot);
    await this.desk.drafts.act(this.id, { act: "set", item, lot, field, text, known });
  }

  /** The number and the day of a lot of the copy. @param {string} item @param {string} lot @returns {Partial<Record<LotField, string>> | null} */
  textsOfKnown(item, lot) {
    const line = this.desk.line(this.data.depot, item);
    const known = line && line.lots.find((one) => one.key === lot);
    if (!known) {
      if (lot === "") return null;
      throw new EngineFault("no_lot");
    }
    /** @type {Partial<Record<LotField, string>>} */
    const texts = {};
    if (known.lot !== null) texts.lot = known.lot;
    if (known.expiresOn !== null) texts.expires_on = known.expiresOn;
    if (known.inspectedOn !== null) texts.inspected_on = known.inspectedOn;
    return texts;
  }

  /** States that nothing of an item is there. What was typed for it is dropped. @param {string} item @returns {Promise<void>} */
  async zero(item) {
    await this.desk.drafts.act(this.id, { act: "zero", item });
  }

  /** Passes over a line: it is not sent. What was typed for it is dropped. @param {string} item @returns {Promise<void>} */
  async skip(item) {
    await this.desk.drafts.act(this.id, { act: "skip", item });
  }

  /** Takes back what was said of a line. @param {string} item @returns {Promise<void>} */
  async clear(item) {
    await this.desk.drafts.act(this.id, { act: "clear", item });
  }

  /**
   * Adds a row for a lot that is not known, and answers its key.
   * @param {string} item
   * @param {Partial<Record<LotField, string>>} [texts]
   * @returns {Promise<string>}
   */
  async addLot(item, texts = {}) {
    if (lineOfDraft(this.typed, item).lots.length >= MOST_LOTS) throw new EngineFault("too_many");
    const lot = `+${randomId().slice(0, 8)}`;
    await this.desk.drafts.act(this.id, { act: "add", item, lot, texts });
    return lot;
  }

  /** Drops a row and what was typed in it. @param {string} item @param {string} lot @returns {Promise<void>} */
  async removeLot(item, lot) {
    await this.desk.drafts.act(this.id, { act: "remove", item, lot });
  }

  /**
   * Says where in the depot an item is kept; the phone remembers it for the shelf order.
   * @param {string} item
   * @param {string} place  at most 32 characters; "" for none
   * @returns {Promise<void>}
   */
  async setPlace(item, place) {
    await this.desk.drafts.act(this.id, { act: "place", item, place: place.trim().slice(0, 32) });
  }

  /**
   * A remark on the whole count, and who counted if not the account's holder.
   * @param {{note?: string, countedBy?: string, survey?: string | null}} header
   * @returns {Promise<void>}
   */
  async setHeader(header) {
    const { note, countedBy } = header;
    if ((note || "").length > 1000 || (countedBy || "").length > 100) throw new EngineFault("too_long");
    await this.desk.drafts.act(this.id, { act: "header", ...header });
  }

  /** The instant that the count will have. */
  countedAt() {
    const now = this.desk.world.now();
    const typed = Date.parse(this.data.changedAt);
    const isNear = typed <= now && now - typed < LONGEST_LAIN_MS;
    return new Date(isNear ? typed : now).toISOString();
  }

  /** @returns {Review} what would be sent, what is wrong, and what a full count would record as 0 */
  review() {
    return draftReview(this.desk, this.data, this.countedAt());
  }

  /**
   * Makes the count: its bytes, its number and its place in the queue, in one step with the end of the draft. A full count
   * needs the `token` of the review that was shown. Where others' counts differ on its lines, it names and so settles them. Refused with `EngineFault`: `faults`, `empty`, `skipped_lines`,
   * `catalogue_incomplete`, `review_again`, `depot_closed`.
   * @param {{scope: "listed" | "full", token?: string}} options
   * @returns {Promise<{id: string, seq: number}>}
   */
  async submit(options) {
    const { desk, id } = this;
    // Another phone went on with this draft and sent it: what is left here is looked at before it is sent.
    if (desk.isReceived(this.data)) {
      await desk.endSent(id);
      throw new EngineFault(desk.drafts.draft(id) ? "review_again" : "no_draft", "another phone sent this count");
    }
    // Keys on their way to the disk come first: changes are made one after another.
    const command = await desk.store.change((changes) => {
      const draft = this.data;
      const depot = desk.figures.copy.depots.get(draft.depot);
      if (!depot || !depot.id) throw new EngineFault("depot_unknown");
      if (!depot.open) throw new EngineFault("depot_closed");
      const drafted = draftedLines(desk, draft);
      if (drafted.some((one) => one.faults.length > 0)) throw new EngineFault("faults");
      const lines = drafted.flatMap((one) => one.lines);
      const [revision, changeSet] = [desk.store.meta("revision") ?? null, desk.store.meta("change_set") ?? null];
      if (options.scope === "full") {
        if (revision === null) throw new EngineFault("catalogue_incomplete");
        if (Object.values(draft.lines).some((line) => line.act === "skipped")) {
          throw new EngineFault("skipped_lines");
        }
        if (options.token !== zeroToken(desk, draft)) throw new EngineFault("review_again");
      } else if (lines.length === 0) throw new EngineFault("empty");
      if (lines.length > 2000) throw new EngineFault("too_many");
      const resolves = resolvedCounts(desk.figures, draft);
      const context = { depotId: depot.id, scope: options.scope, countedAt: this.countedAt(), revision, changeSet, resolves, lines };
      const made = { id: countIdOf(draft), type: SUBMIT_COUNT, text: countText(draft, context), now: desk.world.now() };
      if (utf8Length(made.text) > LARGEST_CONTENT) throw new EngineFault("too_many");
      const queued = queueCommand(desk.store, changes, made);
      desk.drafts.dropRows(changes, id);
      for (const line of Object.values(draft.lines)) {
        if (line.place !== "") changes.push(placeChange(draft.depot, line.item, line.place));
      }
      return queued;
    });
    desk.drafts.copies.remove("draft", id);
    desk.drafts.copies.sweep();
    return { id: command.id, seq: command.seq };
  }

  /** Drops the draft here, and on the service now or in a later round. @returns {Promise<void>} */
  async discard() {
    await this.desk.drafts.discard(this.id);
    void this.desk.server.dropDiscarded().catch(() => {});
  }
}
