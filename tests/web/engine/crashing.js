// A phone that can be killed at any write: what is behind it lives on, it does not.
import { Phone } from "../../../web/phone/engine/phone.js";

export class Killed extends Error {}

/** @typedef {import("../../../web/phone/engine/types.js").StoreMaker} StoreMaker */

/** One run of the page, over stores and a local copy that outlive it. */
export class PageRun {
  /**
   * @param {StoreMaker} stores
   * @param {Map<string, string>} local
   * @param {{origin: string, now: () => number, random: () => number, fetch: typeof fetch, ticks: () => number}} world
   */
  constructor(stores, local, world) {
    this.isDead = false;
    /** After how many writes it is killed, and on which side of the write. @type {{left: number, side: "before" | "after"} | null} */
    this.kill = null;
    this.stores = stores;
    this.local = local;
    this.world = world;
  }

  check() {
    if (this.isDead) throw new Killed();
  }

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  async killable(work) {
    this.check();
    const isLast = this.kill !== null && --this.kill.left <= 0;
    if (isLast && this.kill && this.kill.side === "before") this.isDead = true;
    this.check();
    const done = await work();
    if (isLast) this.isDead = true;
    this.check();
    return done;
  }

  /** @returns {StoreMaker} */
  wrapped() {
    return {
      open: async (name) => {
        this.check();
        const store = await this.stores.open(name);
        // Notes beside the list of people are written while others go on: a kill at one would be at no known place.
        const write = (/** @type {() => Promise<any>} */ work) => (name === "muster-people" ? (this.check(), work()) : this.killable(work));
        return {
          load: () => (this.check(), store.load()),
          write: (changes, fence) => write(() => store.write(changes, fence)),
          claim: () => write(() => store.claim()),
          close: () => store.close(),
        };
      },
    };
  }

  /** @returns {Promise<Phone>} */
  start() {
    const { local } = this;
    const { fetch, ...world } = this.world;
    return Phone.start({
      ...world,
      fetch: /** @type {any} */ (async (/** @type {any[]} */ ...all) => {
        this.check();
        const answer = await /** @type {any} */ (fetch)(...all);
        this.check();
        return answer;
      }),
      stores: this.wrapped(),
      locks: false,
      local: {
        get: (key) => local.get(key) ?? null,
        set: (key, text) => void (this.isDead || key.startsWith("muster.hold") || local.set(key, text)),
        remove: (key) => void (this.isDead || local.delete(key)),
        keys: () => [...local.keys()],
      },
    });
  }
}
