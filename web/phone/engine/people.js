// The people of a phone, and the keys of sign-ins whose answer may have been lost. Each person's counts are in a store of their own.
import { faultOfStore } from "./account.js";
import { isId, randomId } from "../../shared/ids.js";

/** @typedef {import("./types.js").Person} Person */
/** @typedef {import("./types.js").Store} Store */
/** @typedef {import("./types.js").StoreMaker} StoreMaker */
/** @typedef {import("./types.js").LocalCopy} LocalCopy */
/** @typedef {import("./session.js").Session} Session */

/** @typedef {Omit<Person, "current" | "unsent" | "drafts"> & {deviceToken: string | null}} KnownPerson */

const PEOPLE_STORE = "muster-people";
const PEOPLE_COPY = "muster.people";
const MOST_PEOPLE = 200;

/** @param {string} account */
export function storeNameOf(account) {
  return `muster-${account}`;
}

export class People {
  /** @param {Store} store @param {LocalCopy | null} local */
  constructor(store, local) {
    this.store = store;
    this.local = local;
    /** @type {Map<string, any>} */
    this.rows = new Map();
  }

  /** @param {StoreMaker} stores @param {LocalCopy | null} local @returns {Promise<People>} */
  static async open(stores, local) {
    const people = new People(await stores.open(PEOPLE_STORE), local);
    await people.load();
    if (people.all().length === 0) await people.recover();
    return people;
  }

  async load() {
    this.rows = (await this.store.load())["meta"] || new Map();
  }

  /** The list comes back where the browser dropped it; the tokens do not. */
  async recover() {
    let told = null;
    try {
      told = JSON.parse((this.local && this.local.get(PEOPLE_COPY)) || "null");
    } catch {
      told = null;
    }
    for (const one of Array.isArray(told) ? told.slice(0, MOST_PEOPLE) : []) {
      if (!one || !isId(one.account) || typeof one.username !== "string") continue;
      const names = { username: one.username.slice(0, 64), displayName: String(one.displayName).slice(0, 200) };
      await this.write(`person ${one.account}`, { account: one.account, ...names, role: "", organization: null, signedOut: true, deviceToken: null });
      const [unsent, drafts] = [one.unsent, one.drafts].map((number) => (Number.isSafeInteger(number) && number > 0 ? number : 0));
      if (unsent || drafts) await this.write(`left ${one.account}`, { unsent, drafts });
    }
  }

  /** @returns {KnownPerson[]} by name */
  all() {
    const people = [...this.rows].filter(([key]) => key.startsWith("person ")).map(([, person]) => person);
    return people.sort((one, other) => (one.username < other.username ? -1 : 1));
  }

  /** @param {string} account @returns {KnownPerson | null} */
  find(account) {
    return this.rows.get(`person ${account}`) || null;
  }

  /** @param {string} username @returns {KnownPerson | null} capitals do not matter */
  named(username) {
    return this.all().find((person) => person.username.toLowerCase() === username.trim().toLowerCase()) || null;
  }

  /** What of a person is only on this phone, as it was last noted. @param {string} account @returns {{unsent: number, drafts: number}} */
  left(account) {
    return this.rows.get(`left ${account}`) || { unsent: 0, drafts: 0 };
  }

  /** @param {string} account @param {{unsent: number, drafts: number}} left @returns {Promise<boolean>} whether that is news */
  async noteLeft(account, left) {
    const known = this.left(account);
    if (known.unsent === left.unsent && known.drafts === left.drafts) return false;
    await this.write(`left ${account}`, left);
    return true;
  }

  /** @returns {string | null} who used the phone last */
  last() {
    return this.rows.get("last") || null;
  }

  /** @param {string} key @param {unknown} value  null drops it */
  async write(key, value) {
    const change = value === null ? { table: "meta", key, gone: /** @type {const} */ (true) } : { table: "meta", key, value };
    await this.store.write([change], null).catch((fault) => Promise.reject(faultOfStore(fault)));
    if (value === null) this.rows.delete(key);
    else this.rows.set(key, value);
    this.copyLocally();
  }

  copyLocally() {
    const list = this.all().map(({ account, username, displayName }) => ({ account, username, displayName, ...this.left(account) }));
    try {
      if (this.local) this.local.set(PEOPLE_COPY, JSON.stringify(list));
    } catch {
      // It is only a copy.
    }
  }

  /** @param {Session} session @param {string | null} deviceToken */
  async signedIn(session, deviceToken) {
    const { id: account, username, displayName, role, organization } = session.user;
    const known = this.find(account);
    const names = organization ? { en: organization.name, zh: organization.name } : null;
    const person = { account, username, displayName, role, organization: names, signedOut: false };
    await this.write(`person ${account}`, { ...person, deviceToken: deviceToken || (known && known.deviceToken) || null });
    await this.write("last", account);
  }

  /** The key with which a code is sent: the same each time, and stored before. @param {string} code @returns {Promise<string>} */
  async keyOfCode(code) {
    const plain = code.normalize("NFKC").replace(/[\s-]/g, "").toUpperCase();
    const kept = this.rows.get("enrolment");
    if (kept && kept.code === plain) return kept.key;
    const key = randomId();
    await this.write("enrolment", { code: plain, key });
    return key;
  }
}
