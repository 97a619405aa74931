// One window holds the store of a person: by Web Locks where the browser has them, else by a lease that the holder renews. Neither
// decides alone: each write is refused where another window claimed the store since.
/** @typedef {import("./account.js").AccountStore} AccountStore */

/** How often a lease is renewed, and after how long without that it is over; by counting beats, not by the clock. */
const BEAT_MS = 2000;
const LEASE_MS = 7000;

/**
 * @typedef {object} HoldSpace
 * @property {LockManager | null} locks
 * @property {import("./types.js").LocalCopy | null} local  where the lease is kept
 */

export class StoreHold {
  /** @param {string} account @param {HoldSpace} space @param {string} window  names this window */
  constructor(account, space, window) {
    this.name = `muster.hold.${account}`;
    this.space = space;
    this.window = window;
    this.isHeld = false;
    /** Called when another window takes it. */
    this.lost = () => {};
    /** @type {() => void} */
    this.end = () => {};
    /** @type {ReturnType<typeof setInterval> | null} */
    this.beat = null;
  }

  /** Takes the hold where nobody has it, or from any window. @param {boolean} fromOthers @returns {Promise<boolean>} */
  async take(fromOthers) {
    if (this.isHeld) return true;
    // One that waited ends after one that did not, and takes back nothing of it.
    if (await (this.space.locks ? this.takeLock(this.space.locks, fromOthers) : this.takeLease(fromOthers))) this.isHeld = true;
    return this.isHeld;
  }

  /** @param {LockManager} locks @param {boolean} fromOthers @returns {Promise<boolean>} */
  takeLock(locks, fromOthers) {
    return new Promise((resolve) => {
      const options = fromOthers ? { steal: true } : { ifAvailable: true };
      locks
        .request(this.name, options, (lock) => {
          if (!lock) {
            resolve(false);
            return undefined;
          }
          return new Promise((/** @type {(value?: unknown) => void} */ end) => {
            this.end = () => end();
            resolve(true);
          });
        })
        .catch(() => {
          // Another window stole it.
          resolve(false);
          this.drop();
        });
    });
  }

  /** @returns {{window: string, beat: number} | null} */
  lease() {
    try {
      return JSON.parse((this.space.local && this.space.local.get(this.name)) || "null");
    } catch {
      return null;
    }
  }

  /** @param {boolean} fromOthers @returns {Promise<boolean>} */
  async takeLease(fromOthers) {
    const { local } = this.space;
    if (!local) return true;
    const seen = this.lease();
    if (seen && seen.window !== this.window && !fromOthers) {
      await new Promise((resolve) => setTimeout(resolve, LEASE_MS));
      if (this.isHeld) return true;
      const now = this.lease();
      if (now && (now.window !== seen.window || now.beat !== seen.beat)) return false;
    }
    let beat = 0;
    const renew = () => {
      const held = this.lease();
      if (beat > 0 && held && held.window !== this.window) {
        this.drop();
        return;
      }
      beat += 1;
      try {
        local.set(this.name, JSON.stringify({ window: this.window, beat }));
      } catch {
        // Without a lease the fence of the store still decides.
      }
    };
    renew();
    if (this.beat !== null) clearInterval(this.beat);
    this.beat = setInterval(renew, BEAT_MS);
    if (typeof this.beat === "object") /** @type {any} */ (this.beat).unref?.();
    return true;
  }

  drop() {
    if (this.beat !== null) clearInterval(this.beat);
    this.beat = null;
    if (this.isHeld) {
      this.isHeld = false;
      this.lost();
    }
  }

  release() {
    const isHeld = this.isHeld;
    this.isHeld = false;
    this.end();
    this.drop();
    try {
      if (isHeld && !this.space.locks && this.space.local) this.space.local.remove(this.name);
    } catch {
      // It runs out by itself.
    }
  }
}
