// What the tests of the engine share.
import { readFileSync } from "node:fs";
import { forgetBrowserEd25519 } from "../../../web/phone/engine/digest.js";

/** @param {string} name @returns {any} a file of vectors */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../../../openapi/conformance/${name}.json`, import.meta.url), "utf8"));
}

/**
 * Runs with parts of the browser taken away.
 * @template T
 * @param {("subtle" | "ed25519" | "compression" | "uuid" | "locks")[]} lacks
 * @param {() => Promise<T>} run
 * @returns {Promise<T>}
 */
export async function without(lacks, run) {
  const own = /** @type {any} */ (globalThis);
  const [crypto, compression] = [own.crypto, own.CompressionStream];
  const subtle = crypto.subtle;
  const isEd25519 = (/** @type {any} */ name) => name === "Ed25519" || name?.name === "Ed25519";
  const poorer = {
    digest: (/** @type {any[]} */ ...all) => subtle.digest(...all),
    importKey: async (/** @type {any[]} */ ...all) => {
      if (isEd25519(all[2])) throw new DOMException("", "NotSupportedError");
      return subtle.importKey(...all);
    },
    verify: (/** @type {any[]} */ ...all) => subtle.verify(...all),
  };
  const replaced = {
    getRandomValues: (/** @type {any} */ bytes) => crypto.getRandomValues(bytes),
    randomUUID: lacks.includes("uuid") ? undefined : () => crypto.randomUUID(),
    subtle: lacks.includes("subtle") ? undefined : lacks.includes("ed25519") ? poorer : subtle,
  };
  try {
    if (lacks.length) Object.defineProperty(own, "crypto", { value: replaced, configurable: true });
    if (lacks.includes("compression")) own.CompressionStream = undefined;
    forgetBrowserEd25519();
    return await run();
  } finally {
    Object.defineProperty(own, "crypto", { value: crypto, configurable: true });
    own.CompressionStream = compression;
    forgetBrowserEd25519();
  }
}
