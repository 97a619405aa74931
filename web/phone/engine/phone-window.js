// One window of the phone: whose store is open, and who is told of changes.
import { EngineFault } from "./fault.js";
import { PersonDesk } from "./person-desk.js";
import { namesOf } from "./copy.js";
import { presentSession } from "./session.js";
import { randomId } from "../../shared/ids.js";

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").SelfTest} SelfTest */
/** @typedef {import("./types.js").ChangeKind} ChangeKind */
/** @typedef {import("./people.js").People} People */

/** @type {ChangeKind[]} */
export const ALL_CHANGES = ["people", "session", "copy", "draft", "counts", "sync", "store"];

/** A window of a phone: the people who use it, the one who uses it now, and who listens to changes. */
export class PhoneWindow {
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

  /** Opens the store of the person who used the phone last. @returns {Promise<void>} */
  async openLast() {
    const last = this.registry.last();
    try {
      if (last && this.registry.find(last)) await this.open(last);
    } catch (fault) {
      if (!(fault instanceof EngineFault)) throw fault;
      // The page says so, and opens the store again when the person is chosen.
      this.fault = fault;
    }
  }

  /** What the bureau is told of this browser, so that it knows weak phones; at most 200 characters. */
  appTold() {
    if (!this.tested) return undefined;
    const { verdict, missing, inside, persisted } = this.tested;
    const parts = [`muster-phone ${verdict}`, ...(inside ? [`in ${inside}`] : []), ...(persisted ? [] : ["not persisted"])];
    if (missing.length > 0) parts.push(`lacks ${missing.join(", ")}`);
    return parts.join("; ").slice(0, 200);
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
    if (!this.desk) throw new EngineFault("not_signed_in");
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
    desk.changed = (kinds) => {
      this.tell(kinds);
      if (kinds.has("counts") || kinds.has("draft")) void this.noteUnsent(desk);
    };
    this.desk = desk;
    await this.noteUnsent(desk);
    this.tell(new Set(ALL_CHANGES));
    return desk;
  }

  /** Notes what of a person is only on this phone, so that it is known while another uses it. @param {PersonDesk} desk */
  async noteUnsent(desk) {
    if (desk.store.fence === null) return;
    try {
      if (await this.registry.noteLeft(desk.store.account, desk.left())) this.tell(new Set(/** @type {ChangeKind[]} */ (["people"])));
    } catch {
      // It is only a note, and made again with the next change.
    }
  }

  /** @returns {Person[]} everybody who signed in here, the present one first */
  people() {
    const present = this.desk ? this.desk.store.account : null;
    const people = this.registry.all().map(({ deviceToken: _, ...person }) => {
      const current = person.account === present;
      const left = current && this.desk ? this.desk.left() : this.registry.left(person.account);
      return { ...person, organization: (current && this.organizationNames()) || person.organization, current, ...left };
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

  /** @returns {Person | null} the one who uses the phone now: nobody once they have signed out */
  person() {
    const isOut = this.desk !== null && presentSession(this.desk.store)?.ended === "signed_out";
    return (!isOut && this.people().find((person) => person.current)) || null;
  }

  /**
   * Changes to the store of another person of this phone. Works without a network.
   * @param {string} account
   * @returns {Promise<void>}
   */
  async use(account) {
    if (!this.registry.find(account)) throw new EngineFault("no_person");
    await this.open(account);
    await this.registry.write("last", account);
    this.tell(new Set(ALL_CHANGES));
  }
}
