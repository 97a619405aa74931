// What the views use of the engine: one object for the whole page.
import { CountDraft } from "./draft.js";

/** @typedef {import("./types.js").Surroundings} Surroundings */
/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").PhoneStatus} PhoneStatus */
/** @typedef {import("./types.js").Depot} Depot */
/** @typedef {import("./types.js").CountLine} CountLine */
/** @typedef {import("./types.js").SearchHit} SearchHit */
/** @typedef {import("./types.js").SentCount} SentCount */
/** @typedef {import("./types.js").ReceiptCheck} ReceiptCheck */
/** @typedef {import("./types.js").SyncRound} SyncRound */
/** @typedef {import("./types.js").ShortageLine} ShortageLine */
/** @typedef {import("./types.js").ExpiringLot} ExpiringLot */
/** @typedef {import("./types.js").SelfTest} SelfTest */
/** @typedef {import("./types.js").ExportFile} ExportFile */
/** @typedef {import("./types.js").ImportResult} ImportResult */
/** @typedef {import("./types.js").ChangeKind} ChangeKind */

/** @returns {never} */
function notYet() {
  throw new Error("not built yet");
}

/**
 * A phone: the people who use it, each with a store, and the one who uses it now. What is read is answered at once from
 * memory; what is changed is a promise, resolved once it is on disk. Failures are `EngineFault` (see `fault.js`) with a stable
 * `code` and, where the service said something, its `problem`.
 */
export class Phone {
  /**
   * Opens the phone, and the store of the person who used it last.
   * @param {Surroundings} [surroundings]
   * @returns {Promise<Phone>}
   */
  static async start(surroundings) {
    void surroundings;
    return new Phone();
  }

  /**
   * Calls back after each change, with what changed. Answers how to stop it.
   * @param {(what: Set<ChangeKind>) => void} listener
   * @returns {() => void}
   */
  subscribe(listener) {
    void listener;
    return notYet();
  }

  // People.

  /** @returns {Person[]} everybody who signed in here, the present one first */
  people() {
    return notYet();
  }

  /** @returns {Person | null} the one who uses the phone now */
  person() {
    return notYet();
  }

  /**
   * Changes to the store of another person of this phone. Works without a network.
   * @param {string} account
   * @returns {Promise<void>}
   */
  async use(account) {
    void account;
    notYet();
  }

  /**
   * Signs in with a one-time code. Repeating it after a lost answer does not spend the code twice. The person is the one of
   * the code; another's queue stays in their own store.
   * @param {string} code
   * @param {{deviceName: string, secondFactor?: string}} options
   * @returns {Promise<Person>}
   */
  async enrol(code, options) {
    void [code, options];
    return notYet();
  }

  /**
   * Signs in with a password. `EngineFault` `second_factor_needed` asks for `secondFactor`.
   * @param {string} username
   * @param {string} password
   * @param {{deviceName: string, secondFactor?: string}} options
   * @returns {Promise<Person>}
   */
  async signIn(username, password, options) {
    void [username, password, options];
    return notYet();
  }

  /**
   * Ends the session of the present person. Refused with `unsent` while counts are only on this phone or a draft is in work:
   * offer `sync`, `deposit` and `exportUnsent` then. With `anyway` the tokens go and what is unsent stays in the store, to be
   * sent after the next sign-in of this person.
   * @param {{anyway?: boolean}} [options]
   * @returns {Promise<void>}
   */
  async signOut(options) {
    void options;
    notYet();
  }

  /**
   * Drops the store of a person. Refused with `unsent` while it has counts that are only on this phone.
   * @param {string} account
   * @returns {Promise<void>}
   */
  async removePerson(account) {
    void account;
    notYet();
  }

  // State.

  /** @returns {PhoneStatus} */
  status() {
    return notYet();
  }

  /** Makes this window the one that writes, where another has it. @returns {Promise<void>} */
  async takeOver() {
    notYet();
  }

  /** @returns {Promise<SelfTest>} what this browser can do */
  async selfTest() {
    return notYet();
  }

  /** Asks the browser not to evict the store. @returns {Promise<boolean>} */
  async persist() {
    return notYet();
  }

  /** @param {string} language  `en` or `zh-CN`: of the words of problems */
  setLanguage(language) {
    void language;
    notYet();
  }

  // Depots and lines.

  /** @returns {Depot[]} the open ones first, by code */
  depots() {
    return notYet();
  }

  /** @param {string} depot  the code @returns {Depot | null} */
  depot(depot) {
    void depot;
    return notYet();
  }

  /**
   * The lines to count: items required of the organization, items known in the depot, and those in the draft.
   * @param {string} depot
   * @param {"worklist" | "shelf"} [order]  mandatory and short or stale first; or by place, then by code
   * @returns {CountLine[]}
   */
  lines(depot, order) {
    void [depot, order];
    return notYet();
  }

  /**
   * One line; also of an item that is not among the lines of the depot.
   * @param {string} depot
   * @param {string} item
   * @returns {CountLine | null}
   */
  line(depot, item) {
    void [depot, item];
    return notYet();
  }

  /**
   * Finds items by code, words of either name, pinyin initials, the four digits of a label, or what a scanner typed.
   * @param {string} depot
   * @param {string} text
   * @param {number} [most]
   * @returns {SearchHit[]}
   */
  search(depot, text, most) {
    void [depot, text, most];
    return notYet();
  }

  /**
   * Reads an address such as `/d/T3-D1#L2010101`, `/d/T3-D1#0417`, or a whole address that a label holds.
   * @param {string} address
   * @returns {{depot: string, item: string | null} | null}
   */
  deepLink(address) {
    void address;
    return notYet();
  }

  // Drafts.

  /** @param {string} depot @returns {CountDraft | null} the draft in work */
  draft(depot) {
    void depot;
    return notYet();
  }

  /** @param {string} depot @returns {Promise<CountDraft>} the draft in work, or a new one */
  async startDraft(depot) {
    void depot;
    return notYet();
  }

  /**
   * Drafts of this account on the service that this phone does not have; empty where the service keeps none.
   * @returns {Promise<{id: string, depot: string, changedAt: string | null, lines: number}[]>}
   */
  async draftsOnServer() {
    return notYet();
  }

  /** Takes a draft over from the service. @param {string} id @returns {Promise<CountDraft>} */
  async takeDraft(id) {
    void id;
    return notYet();
  }

  // Counts that were submitted.

  /** @returns {SentCount[]} newest first */
  counts() {
    return notYet();
  }

  /** @param {string} id @returns {SentCount | null} */
  count(id) {
    void id;
    return notYet();
  }

  /** The bytes of a count as they are sent. @param {string} id @returns {string | null} */
  content(id) {
    void id;
    return notYet();
  }

  /** Checks the receipt of a count anew. @param {string} id @returns {Promise<ReceiptCheck | null>} */
  async receipt(id) {
    void id;
    return notYet();
  }

  /** The key set that checks receipts without a network, as JSON. @returns {string | null} */
  keySet() {
    return notYet();
  }

  // Sync.

  /** One round now; a second call while one runs answers the same. @returns {Promise<SyncRound>} */
  async sync() {
    return notYet();
  }

  /** Pushes what is here with the last access token, after the session has ended. @returns {Promise<SyncRound>} */
  async deposit() {
    return notYet();
  }

  /** Syncs by itself: now, when the network comes back, when the page is shown, each 60 s. @returns {() => void} stops it */
  startSyncing() {
    return notYet();
  }

  /** @returns {SyncRound[]} the last rounds, newest first */
  rounds() {
    return notYet();
  }

  /** A file with what is only on this phone. @returns {ExportFile} */
  exportUnsent() {
    return notYet();
  }

  /** Takes in such a file: the same ids and bytes. @param {string} text @returns {Promise<ImportResult>} */
  async importCounts(text) {
    void text;
    return notYet();
  }

  // Figures.

  /**
   * The requirement lines of the organization on the phone's own day: mandatory and short first.
   * @param {{all?: boolean}} [options]  with those that are met
   * @returns {ShortageLine[]}
   */
  shortages(options) {
    void options;
    return notYet();
  }

  /** Lots whose last day is within so many days, or has passed. @param {number} days @returns {ExpiringLot[]} */
  expiring(days) {
    void days;
    return notYet();
  }
}
