// What the views use of the engine: one object for the whole page.
import { callApi, ownProblem } from "../../shared/api.js";
import { EngineFault } from "./fault.js";
import { CountDraft } from "./draft.js";
import { People, storeNameOf } from "./people.js";
import { PersonDesk } from "./person-desk.js";
import { SyncHalt } from "./retry.js";
import { namesOf } from "./copy.js";
import { beginSession, presentSession, storeSession } from "./session.js";
import { countUnsent, receiptCheck, sentCount, sentCounts } from "./sent.js";
import { countWaiting } from "./commands.js";
import { exportText, importText } from "./transfer.js";
import { pageSurroundings } from "./surroundings.js";
import { randomId } from "./ids.js";
import { readDeepLink } from "./deep-link.js";
import { searchItems } from "./search.js";
import { testBrowser } from "./self-test.js";
import { watchPage } from "./wake.js";

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

/**
 * A phone: the people who use it, each with a store, and the one who uses it now. What is read is answered at once from
 * memory; what is changed is a promise, resolved once it is on disk. Failures are `EngineFault` (see `fault.js`) with a stable
 * `code` and, where the service said something, its `problem`.
 */
export class Phone {
  /** @param {import("./surroundings.js").FullSurroundings} around @param {People} people */
  constructor(around, people) {
    this.around = around;
    this.registry = people;
    this.window = randomId();
    this.language = around.language;
    /** @type {PersonDesk | null} */
    this.desk = null;
    /** @type {Set<(what: Set<ChangeKind>) => void>} */
    this.listeners = new Set();
    /** @type {SelfTest | null} */
    this.tested = null;
    /** Why the store of the last person could not be opened. @type {EngineFault | null} */
    this.fault = null;
    /** By the clock that nobody sets. @type {number | null} */
    this.nextSyncAt = null;
    const { origin, now, random, fetch, ticks } = around;
    /** @type {import("./session.js").EngineWorld} */
    this.world = { origin, now, random, fetch, ticks, language: () => this.language, app: () => this.appTold() };
  }

  /**
   * Opens the phone, and the store of the person who used it last.
   * @param {Surroundings} [surroundings]
   * @returns {Promise<Phone>}
   */
  static async start(surroundings = {}) {
    const around = await pageSurroundings(surroundings);
    const phone = new Phone(around, await People.open(around.stores, around.local));
    const last = phone.registry.last();
    try {
      if (last && phone.registry.find(last)) await phone.open(last);
    } catch (fault) {
      if (!(fault instanceof EngineFault)) throw fault;
      // The page says so, and opens the store again when the person is chosen.
      phone.fault = fault;
    }
    return phone;
  }

  /**
   * Calls back after each change, with what changed. Answers how to stop it.
   * @param {(what: Set<ChangeKind>) => void} listener
   * @returns {() => void}
   */
  subscribe(listener) {
    this.listeners.add(listener);
    return () => void this.listeners.delete(listener);
  }

  /** @param {Set<ChangeKind>} kinds */
  tell(kinds) {
    for (const listener of [...this.listeners]) {
      // A view that fails keeps no count from being stored.
      try {
        listener(kinds);
      } catch (error) {
        console.error(error);
      }
    }
  }

  /** @returns {PersonDesk} */
  present() {
    if (!this.desk) throw new EngineFault("not_signed_in", "nobody uses this phone yet");
    return this.desk;
  }

  /** @param {string} account @returns {Promise<PersonDesk>} */
  async open(account) {
    if (this.desk && this.desk.store.account === account) return this.desk;
    const { stores, locks, local } = this.around;
    const desk = await PersonDesk.open(stores, account, this.world, { locks, local }, this.window);
    // What was typed for the one before is stored first.
    if (this.desk) await this.desk.store.turn;
    if (this.desk) this.desk.close();
    this.fault = null;
    desk.changed = (kinds) => this.tell(kinds);
    this.desk = desk;
    this.tell(new Set(ALL_CHANGES));
    return desk;
  }

  // People.

  /** @returns {Person[]} everybody who signed in here, the present one first */
  people() {
    const present = this.desk ? this.desk.store.account : null;
    const people = this.registry.all().map(({ deviceToken: _, ...person }) => {
      const current = person.account === present;
      return { ...person, organization: (current && this.organizationNames()) || person.organization, current };
    });
    return people.sort((one, other) => Number(other.current) - Number(one.current));
  }

  /** The names in both languages, once the copy has them. @returns {import("./types.js").Names | null} */
  organizationNames() {
    const session = this.desk && presentSession(this.desk.store);
    const code = session && session.user.organization ? session.user.organization.code : "";
    const data = this.desk && this.desk.figures.copy.organizations.get(code);
    return data ? namesOf(data) : null;
  }

  /** @returns {Person | null} the one who uses the phone now */
  person() {
    return this.people().find((person) => person.current) || null;
  }

  /**
   * Changes to the store of another person of this phone. Works without a network.
   * @param {string} account
   * @returns {Promise<void>}
   */
  async use(account) {
    if (!this.registry.find(account)) throw new EngineFault("no_person", "this person never signed in on this phone");
    await this.open(account);
    await this.registry.write("last", account);
    this.tell(new Set(ALL_CHANGES));
  }

  /**
   * Signs in with a one-time code. Repeating it after a lost answer does not spend the code twice. The person is the one of
   * the code; another's queue stays in their own store.
   * @param {string} code
   * @param {{deviceName: string, secondFactor?: string}} options
   * @returns {Promise<Person>}
   */
  async enrol(code, options) {
    const body = { code, device_name: options.deviceName.slice(0, 100), second_factor: options.secondFactor };
    return this.begin("enrol", body, await this.registry.keyOfCode(code));
  }

  /**
   * Signs in with a password. `EngineFault` `second_factor_needed` asks for `secondFactor`.
   * @param {string} username
   * @param {string} password
   * @param {{deviceName: string, secondFactor?: string}} options
   * @returns {Promise<Person>}
   */
  async signIn(username, password, options) {
    const known = this.registry.named(username);
    const token = (known && known.deviceToken) || undefined;
    const more = { device_name: options.deviceName.slice(0, 100), device_token: token, second_factor: options.secondFactor };
    return this.begin("login", { username, password, ...more }, null);
  }

  /** @param {"login" | "enrol"} how @param {Record<string, string | undefined>} body @param {string | null} key @returns {Promise<Person>} */
  async begin(how, body, key) {
    const { session, deviceToken } = await beginSession(this.world, how, body, key);
    const desk = await this.open(session.user.id);
    if (desk.store.fence === null) await desk.takeHold(true);
    await storeSession(desk.store, session, deviceToken);
    await this.registry.signedIn(session, deviceToken);
    if (key !== null) await this.registry.write("enrolment", null);
    this.tell(new Set(ALL_CHANGES));
    return /** @type {Person} */ (this.person());
  }

  /**
   * Ends the session of the present person. Refused with `unsent` while counts are only on this phone or a draft is in work:
   * offer `sync`, `deposit` and `exportUnsent` then. With `anyway` the tokens go and what is unsent stays in the store, to be
   * sent after the next sign-in of this person.
   * @param {{anyway?: boolean}} [options]
   * @returns {Promise<void>}
   */
  async signOut(options = {}) {
    const { store, drafts } = this.present();
    if (!options.anyway && (countUnsent(store) > 0 || drafts.all().length > 0)) {
      throw new EngineFault("unsent", "there are counts that are only on this phone");
    }
    const session = presentSession(store);
    if (session && session.access !== "" && session.ended === null) {
      const body = JSON.stringify({ refresh_token: session.refresh });
      const { origin, fetch } = this.world;
      await callApi({ method: "POST", url: `${origin}/api/v1/auth/logout`, body, fetch, limitMs: 8000, most: 65536 });
    }
    await store.change((changes) => {
      const present = presentSession(store);
      const value = present && { ...present, access: "", refresh: "", before: null, ended: "signed_out" };
      if (value) changes.push({ table: "meta", key: "session", value });
    });
    const person = this.registry.find(store.account);
    if (person) await this.registry.write(`person ${store.account}`, { ...person, signedOut: true });
    this.tell(new Set(ALL_CHANGES));
  }

  /**
   * Drops the store of a person. Refused with `unsent` while it has counts that are only on this phone.
   * @param {string} account
   * @returns {Promise<void>}
   */
  async removePerson(account) {
    const desk = await this.open(account);
    if (desk.store.fence === null) throw new EngineFault("open_elsewhere", "another window holds this store");
    if (countUnsent(desk.store) > 0 || desk.drafts.all().length > 0) {
      throw new EngineFault("unsent", "there are counts that are only on this phone");
    }
    desk.close();
    this.desk = null;
    await this.around.stores.remove(storeNameOf(account));
    await this.registry.write(`person ${account}`, null);
    if (this.registry.last() === account) await this.registry.write("last", null);
    this.tell(new Set(ALL_CHANGES));
  }

  // State.

  /** @returns {PhoneStatus} */
  status() {
    const { onlineOnly } = this.around;
    if (!this.desk) return { ...NO_STATUS, onlineOnly, store: this.fault && ownProblem(0, this.fault.code, this.fault.message) };
    const { store, figures, running, drafts, notBefore } = this.desk;
    const session = presentSession(store);
    const isOpen = session !== null && session.ended === null;
    const contact = Number(store.meta("last_contact_at")) || null;
    const now = this.world.now();
    const offset = store.meta("clock_offset_ms");
    const fault = store.fault;
    const next = this.nextSyncAt !== null ? this.nextSyncAt : notBefore > this.world.ticks() ? notBefore : null;
    return {
      session: isOpen ? "open" : session && session.ended !== "signed_out" ? "ended" : "none",
      endedBecause: session ? session.ended : null,
      ...{ unsent: countUnsent(store), waiting: countWaiting(store), drafts: drafts.all().length },
      lastContactAt: contact === null ? null : new Date(contact).toISOString(),
      lastContactAgeMs: contact === null ? null : Math.max(0, now - contact),
      clockOffsetMs: Number.isSafeInteger(offset) ? offset : null,
      ...{ syncing: running !== null, failures: Number(store.meta("failures")) || 0 },
      nextSyncAt: next === null ? null : new Date(now + Math.max(0, next - this.world.ticks())).toISOString(),
      ...{ copy: figures.age(), elsewhere: store.fence === null, onlineOnly },
      store: fault && ownProblem(0, fault.code, fault.message),
      lastRound: this.desk.lastRound(),
    };
  }

  /** Makes this window the one that writes, where another has it. @returns {Promise<void>} */
  async takeOver() {
    await this.present().takeHold(true);
  }

  /** @returns {Promise<SelfTest>} what this browser can do */
  async selfTest() {
    const { stores, local, onlineOnly } = this.around;
    this.tested = await testBrowser({ stores: onlineOnly ? null : stores, local });
    return this.tested;
  }

  /** What the bureau is told of this browser, so that it knows weak phones. */
  appTold() {
    if (!this.tested) return undefined;
    const { verdict, missing, inside, persisted, strictWrites, ed25519, compression, locks } = this.tested;
    return { name: "muster-phone-page", verdict, missing, inside, persisted, strict_writes: strictWrites, ed25519, compression, locks };
  }

  /** Asks the browser not to evict the store. @returns {Promise<boolean>} */
  async persist() {
    const storage = globalThis.navigator && navigator.storage;
    return storage && storage.persist ? storage.persist().catch(() => false) : false;
  }

  /** @param {string} language  `en` or `zh-CN`: of the words of problems */
  setLanguage(language) {
    this.language = language;
  }

  // Depots and lines.

  /** @returns {Depot[]} the open ones first, by code */
  depots() {
    const desk = this.desk;
    const codes = desk ? [...desk.figures.copy.depots.keys()].sort() : [];
    const depots = /** @type {Depot[]} */ (codes.map((code) => desk && desk.depot(code)).filter(Boolean));
    return depots.sort((one, other) => Number(other.open) - Number(one.open));
  }

  /** @param {string} depot  the code @returns {Depot | null} */
  depot(depot) {
    return this.present().depot(depot);
  }

  /**
   * The lines to count: items known in the depot, items required of the organization that no depot has, and those in the draft.
   * @param {string} depot
   * @param {"worklist" | "shelf"} [order]  mandatory and short or stale first; or by place, then by code
   * @returns {CountLine[]}
   */
  lines(depot, order = "worklist") {
    return this.present().tableOf(depot).lines(order);
  }

  /**
   * One line; also of an item that is not among the lines of the depot.
   * @param {string} depot
   * @param {string} item
   * @returns {CountLine | null}
   */
  line(depot, item) {
    return this.present().line(depot, item);
  }

  /**
   * Finds items by code, words of either name, pinyin initials, the four digits of a label, or what a scanner typed.
   * @param {string} depot
   * @param {string} text
   * @param {number} [most]
   * @returns {SearchHit[]}
   */
  search(depot, text, most = 50) {
    const { figures } = this.present();
    const table = this.present().tableOf(depot);
    const thisYear = new Date(this.world.now()).getFullYear();
    const options = { here: new Set(table.codes()), numbers: table.byNumber(), thisYear, most };
    return searchItems(figures.copy.items.values(), text, options);
  }

  /**
   * Reads an address such as `/d/T3-D1#L2010101`, `/d/T3-D1#0417`, or a whole address that a label holds.
   * @param {string} address
   * @returns {{depot: string, item: string | null} | null}
   */
  deepLink(address) {
    const read = readDeepLink(address);
    if (!read || !this.desk || read.item === null) return read;
    const item = this.desk.tableOf(read.depot).byNumber().get(read.item) || read.item;
    return { depot: read.depot, item: this.desk.figures.copy.items.has(item) ? item : null };
  }

  // Drafts.

  /** @param {string} depot @returns {CountDraft | null} the draft in work */
  draft(depot) {
    const desk = this.present();
    const draft = desk.drafts.ofDepot(depot);
    return draft ? new CountDraft(desk, draft.id) : null;
  }

  /** @param {string} depot @returns {Promise<CountDraft>} the draft in work, or a new one */
  async startDraft(depot) {
    const desk = this.present();
    if (!desk.figures.copy.depots.has(depot)) throw new EngineFault("depot_unknown", "the copy does not have the depot");
    return new CountDraft(desk, await desk.drafts.start(depot));
  }

  /**
   * Drafts of this account on the service that this phone does not have; empty where the service keeps none.
   * @returns {Promise<{id: string, depot: string, changedAt: string | null, lines: number}[]>}
   */
  async draftsOnServer() {
    return this.present().server.list().catch(throwFault);
  }

  /** Takes a draft over from the service. @param {string} id @returns {Promise<CountDraft>} */
  async takeDraft(id) {
    const desk = this.present();
    const draft = await desk.server.take(id).catch(throwFault);
    if (!draft) throw new EngineFault("no_draft", "the draft cannot be read");
    return new CountDraft(desk, id);
  }

  // Counts that were submitted.

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

  /** One round now, or at once the last one where the service asked to wait. @returns {Promise<SyncRound>} */
  async sync() {
    return this.present().sync();
  }

  /** Pushes what is here with the last access token, after the session has ended: what a sync does then. @returns {Promise<SyncRound>} */
  async deposit() {
    return this.present().sync();
  }

  /** Syncs by itself: now, when the network comes back, when the page is shown, each 60 s. @returns {() => void} stops it */
  startSyncing() {
    return watchPage(this);
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
    desk.drafts.sweep();
    return result;
  }

  // Figures.

  /**
   * The requirement lines of the organization on the phone's own day: mandatory and short first.
   * @param {{all?: boolean}} [options]  with those that are met
   * @returns {ShortageLine[]}
   */
  shortages(options = {}) {
    return this.desk ? this.desk.figures.shortages(options.all === true) : [];
  }

  /** Lots whose last day is within so many days, or has passed. @param {number} days @returns {ExpiringLot[]} */
  expiring(days) {
    return this.desk ? this.desk.figures.expiring(days) : [];
  }
}

/** @type {ChangeKind[]} */
const ALL_CHANGES = ["people", "session", "copy", "draft", "counts", "sync", "store"];

/** @type {PhoneStatus} */
const NO_STATUS = {
  ...{ session: /** @type {const} */ ("none"), endedBecause: null, unsent: 0, waiting: 0, drafts: 0, lastContactAt: null },
  ...{ lastContactAgeMs: null, clockOffsetMs: null, syncing: false, nextSyncAt: null, failures: 0, copy: null },
  ...{ elsewhere: false, onlineOnly: false, store: null, lastRound: null },
};

/** @param {unknown} halt @returns {never} */
function throwFault(halt) {
  if (!(halt instanceof SyncHalt)) throw halt;
  throw new EngineFault(halt.problem.code, halt.problem.detail, { problem: halt.problem, retryAfterMs: halt.retryAfterMs });
}
