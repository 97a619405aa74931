// Failures that a view shows: a stable code, and what the service said.

/** @typedef {import("./types.js").EngineProblem} EngineProblem */

/**
 * A failure. `code` is the service's, or one of the engine's own: `open_elsewhere`, `store_lost`, `store_full`, `unsent`,
 * `not_signed_in`, `unreachable`, `not_muster`, `other_account`, `invalid`, ...
 */
export class EngineFault extends Error {
  /**
   * @param {string} code
   * @param {string} [detail]
   * @param {{problem?: EngineProblem, retryAfterMs?: number | null}} [more]
   */
  constructor(code, detail, more) {
    super(detail || code);
    this.name = "EngineFault";
    this.code = code;
    /** @type {EngineProblem | null} */
    this.problem = (more && more.problem) || null;
    /** @type {number | null} */
    this.retryAfterMs = (more && more.retryAfterMs) || null;
  }

  /** The whole seconds before which the same would be refused again. @returns {number | null} */
  get waitSeconds() {
    return this.retryAfterMs === null ? null : Math.ceil(this.retryAfterMs / 1000);
  }
}
