// What several blocks read together.

/**
 * Loads at the first call; the others wait for the same answer. After a failure, the next call tries again.
 * @template T
 * @param {() => Promise<T>} load
 * @returns {() => Promise<T>}
 */
export function once(load) {
  /** @type {Promise<T> | null} */
  let held = null;
  return () => {
    if (!held) {
      held = load();
      held.catch(() => { held = null; });
    }
    return held;
  };
}
