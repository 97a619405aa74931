// Signing in and out.
import { callApi } from "../../shared/api.js";
import { EngineFault } from "./fault.js";
import { ALL_CHANGES, PhoneWindow } from "./phone-window.js";
import { beginSession, presentSession, storeSession } from "./session.js";
import { countUnsent } from "./sent.js";

/** @typedef {import("./types.js").Person} Person */

/** The part of a `Phone` that signs in and out. */
export class PhonePeople extends PhoneWindow {
  /** @param {import("./surroundings.js").FullSurroundings} around @param {import("./people.js").People} people */
  constructor(around, people) {
    super(around, people);
    /** No sign-in before these, by the clock that nobody sets; by how and as whom. @type {Map<string, number>} */
    this.notBefore = new Map();
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
    await storeSession(desk.store, session);
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
   * offer `sync` and `exportUnsent` then. With `anyway` the tokens go and what is unsent stays in the store, to be
   * sent after the next sign-in of this person.
   * @param {{anyway?: boolean}} [options]
   * @returns {Promise<void>}
   */
  async signOut(options = {}) {
    const { store, drafts } = this.present();
    if (!options.anyway && (countUnsent(store) > 0 || drafts.number > 0)) {
      throw new EngineFault("unsent");
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
}
