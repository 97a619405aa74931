// Bytes as text and back. Nothing is taken that has a second way to be written.

const BASE64_URL = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/** @param {string} text @returns {Uint8Array} */
export function utf8Bytes(text) {
  return new TextEncoder().encode(text);
}

/** @param {string} text @returns {number} its bytes in UTF-8 */
export function utf8Length(text) {
  return utf8Bytes(text).length;
}

/** @param {Uint8Array} bytes @returns {string | null} null where they are not UTF-8 */
export function utf8Text(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}

/** @param {Uint8Array} bytes @returns {string} */
export function hexOf(bytes) {
  let text = "";
  for (const byte of bytes) text += (byte < 16 ? "0" : "") + byte.toString(16);
  return text;
}

/** @param {Uint8Array} bytes @returns {string} without padding */
export function base64UrlOf(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 3) {
    const left = bytes.length - at;
    const word = ((bytes[at] || 0) << 16) | ((bytes[at + 1] || 0) << 8) | (bytes[at + 2] || 0);
    text += BASE64_URL.charAt(word >> 18) + BASE64_URL.charAt((word >> 12) & 63);
    if (left > 1) text += BASE64_URL.charAt((word >> 6) & 63);
    if (left > 2) text += BASE64_URL.charAt(word & 63);
  }
  return text;
}

/**
 * @param {string} text
 * @returns {Uint8Array | null} null where the text is not the one way to write some bytes
 */
export function base64UrlBytes(text) {
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4));
  let [word, bits, at] = [0, 0, 0];
  for (const sign of text) {
    const value = BASE64_URL.indexOf(sign);
    if (value < 0) return null;
    word = ((word << 6) | value) & 0xffff;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[at++] = (word >> bits) & 255;
    }
  }
  return text.length % 4 !== 1 && base64UrlOf(bytes) === text ? bytes : null;
}

/** @param {Uint8Array[]} parts @returns {Uint8Array} */
export function joinBytes(parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
