// Counts that were submitted: what became of them, sync, and files of what is unsent.
import { contentOf } from "./content.js";
import { receiptCheck, sentCount, sentCounts } from "./sent.js";
import { exportText, importText } from "./transfer.js";
import { PhonePeople } from "./phone-people.js";

/** @typedef {import("./types.js").CountContent} CountContent */
/** @typedef {import("./types.js").SentCount} SentCount */
/** @typedef {import("./types.js").ReceiptCheck} ReceiptCheck */
/** @typedef {import("./types.js").SyncRound} SyncRound */
/** @typedef {import("./types.js").ExportFile} ExportFile */
/** @typedef {import("./types.js").ImportResult} ImportResult */

/** The part of a `Phone` that has to do with counts that are made. */
export class PhoneCounts extends PhonePeople {
  /** @returns {SentCount[]} newest first */
  counts() {
    return this.desk ? sentCounts(this.desk.store, this.desk.figures) : [];
  }

  /** @param {string} id @returns {SentCount | null} */
  count(id) {
    const { store, figures } = this.present();
    const command = store.table("commands").get(id);
    return command ? sentCount(store, figures, command) : null;
  }

  /** What a count says, as far as it can be read. @param {string} id @returns {CountContent | null} */
  contents(id) {
    const command = this.present().store.table("commands").get(id);
    return command ? contentOf(command) : null;
  }

  /** The bytes of a count as they are sent. @param {string} id @returns {string | null} */
  content(id) {
    const command = this.present().store.table("commands").get(id);
    return command ? command.text : null;
  }

  /** Checks the receipt of a count anew. @param {string} id @returns {Promise<ReceiptCheck | null>} */
  async receipt(id) {
    const { store } = this.present();
    const command = store.table("commands").get(id);
    return command ? receiptCheck(command, store) : null;
  }

  /** The key set that checks receipts without a network, as JSON. @returns {string | null} */
  keySet() {
    const keys = [...this.present().store.table("keys").values()];
    return keys.length === 0 ? null : JSON.stringify({ keys });
  }

  // Sync.

  /**
   * One round now, or at once the last one where the service asked to wait. After the session has ended, what is here is deposited
   * with the last access token.
   * @returns {Promise<SyncRound>}
   */
  async sync() {
    return this.present().sync();
  }

  /** @returns {SyncRound[]} the last rounds, newest first */
  rounds() {
    return this.desk ? this.desk.rounds() : [];
  }

  /** A file with what is only on this phone. @returns {ExportFile} */
  exportUnsent() {
    return exportText(this.present().store, this.world.now());
  }

  /** Takes in such a file: the same ids and bytes. @param {string} text @returns {Promise<ImportResult>} */
  async importCounts(text) {
    const desk = this.present();
    const result = await importText(desk.store, text, this.world.now());
    desk.drafts.copies.sweep();
    return result;
  }
}
