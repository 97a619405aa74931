// Hashes and signatures: by the browser where it can, by our own code where not.
import { hexOf } from "./bytes.js";
import { ownSha256 } from "./sha.js";
import { ownEd25519Verify } from "./ed25519.js";

/** @returns {SubtleCrypto | null} */
export function subtleCrypto() {
  const crypto = globalThis.crypto;
  return (crypto && crypto.subtle) || null;
}

/** @param {Uint8Array} bytes @returns {Promise<string>} in hexadecimal */
export async function sha256Hex(bytes) {
  const subtle = subtleCrypto();
  if (subtle) {
    try {
      return hexOf(new Uint8Array(await subtle.digest("SHA-256", /** @type {BufferSource} */ (bytes))));
    } catch {
      // As where there is none.
    }
  }
  return hexOf(ownSha256(bytes));
}

/** @type {boolean | null} */
let browserHasEd25519 = null;

/**
 * True where the browser itself checks Ed25519. It is asked once, with the public key of the base point.
 * @returns {Promise<boolean>}
 */
export async function browserChecksEd25519() {
  const subtle = subtleCrypto();
  if (!subtle) return false;
  if (browserHasEd25519 === null) {
    const key = new Uint8Array(32).fill(0x66);
    key[0] = 0x58;
    browserHasEd25519 = await subtle.importKey("raw", key, "Ed25519", false, ["verify"]).then(() => true, () => false);
  }
  return browserHasEd25519;
}

/** Asks the browser anew, for tests that take parts of it away. */
export function forgetBrowserEd25519() {
  browserHasEd25519 = null;
}

/**
 * @param {Uint8Array} key
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 * @returns {Promise<{isRight: boolean, by: "browser" | "own"}>}
 */
export async function checkEd25519(key, message, signature) {
  const subtle = subtleCrypto();
  if (subtle && key.length === 32 && (await browserChecksEd25519())) {
    try {
      const source = (/** @type {Uint8Array} */ bytes) => /** @type {BufferSource} */ (bytes);
      const imported = await subtle.importKey("raw", source(key), "Ed25519", false, ["verify"]);
      return { isRight: await subtle.verify("Ed25519", imported, source(signature), source(message)), by: "browser" };
    } catch {
      // As where it has none.
    }
  }
  return { isRight: ownEd25519Verify(key, message, signature), by: "own" };
}
