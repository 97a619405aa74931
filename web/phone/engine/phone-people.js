// Who uses the phone: opening stores, signing in and out.
import { callApi } from "../../shared/api.js";
import { EngineFault } from "./fault.js";
import { People, storeNameOf } from "./people.js";
import { PersonDesk } from "./person-desk.js";
import { namesOf } from "./copy.js";
import { beginSession, presentSession, storeSession } from "./session.js";
import { countUnsent } from "./sent.js";
import { randomId } from "./ids.js";

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").SelfTest} SelfTest */
/** @typedef {import("./types.js").ChangeKind} ChangeKind */

/** @type {ChangeKind[]} */
const ALL_CHANGES = ["people", "session", "copy", "draft", "counts", "sync", "store"];

/**
 * The people of a phone, and the one who uses it now: the part of a `Phone` that signs in and out.
 */
export class PhonePeople {
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
    /** No sign-in before these, by the clock that nobody sets; by how and as whom. @type {Map<string, number>} */
    this.notBefore = new Map();
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
    const key = await this.registry.keyOfCode(code);
    return this.begin("enrol", key, body, key);
  }

  /**
   * Signs in with a password. `EngineFault` `second_factor_needed` asks for `secondFactor`; one with `waitSeconds` says after
   * how long the next try may be made: until then it is refused with `too_many_attempts` without asking the service.
   * @param {string} username
   * @param {string} password
   * @param {{deviceName: string, secondFactor?: string}} options
   * @returns {Promise<Person>}
   */
  async signIn(username, password, options) {
    const known = this.registry.named(username);
    const token = (known && known.deviceToken) || undefined;
    const more = { device_name: options.deviceName.slice(0, 100), device_token: token, second_factor: options.secondFactor };
    return this.begin("login", username.trim().toLowerCase(), { username, password, ...more }, null);
  }

  /**
   * @param {"login" | "enrol"} how
   * @param {string} who
   * @param {Record<string, string | undefined>} body
   * @param {string | null} key
   * @returns {Promise<Person>}
   */
  async begin(how, who, body, key) {
    const { session, deviceToken } = await this.asked(`${how} ${who}`, () => beginSession(this.world, how, body, key));
    const desk = await this.open(session.user.id);
    if (desk.store.fence === null) await desk.takeHold(true);
    await storeSession(desk.store, session, deviceToken);
    await this.registry.signedIn(session, deviceToken);
    if (key !== null) await this.registry.write("enrolment", null);
    this.tell(new Set(ALL_CHANGES));
    return /** @type {Person} */ (this.person());
  }

  /**
   * Asks the service, but not before the time that it asked to wait.
   * @template T
   * @param {string} what
   * @param {() => Promise<T>} ask
   * @returns {Promise<T>}
   */
  async asked(what, ask) {
    const left = (this.notBefore.get(what) || 0) - this.world.ticks();
    if (left > 0) throw new EngineFault("too_many_attempts", `try again in ${Math.ceil(left / 1000)} s`, { retryAfterMs: left });
    this.notBefore.delete(what);
    try {
      return await ask();
    } catch (fault) {
      if (fault instanceof EngineFault && fault.retryAfterMs !== null) this.notBefore.set(what, this.world.ticks() + fault.retryAfterMs);
      throw fault;
    }
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
    if (!options.anyway && (countUnsent(store) > 0 || drafts.number > 0)) {
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
    if (countUnsent(desk.store) > 0 || desk.drafts.number > 0) {
      throw new EngineFault("unsent", "there are counts that are only on this phone");
    }
    desk.drafts.forgetCopies();
    desk.close();
    this.desk = null;
    await this.around.stores.remove(storeNameOf(account));
    await this.registry.write(`person ${account}`, null);
    if (this.registry.last() === account) await this.registry.write("last", null);
    this.tell(new Set(ALL_CHANGES));
  }
}
