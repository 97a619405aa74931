// SHA-256 and SHA-512 (FIPS 180-4) for browsers without `crypto.subtle`, as on plain HTTP. The constants are worked out as
// the standard defines them: the first bits of the roots of the first primes.

/** @param {number} count @returns {number[]} */
function firstPrimes(count) {
  /** @type {number[]} */
  const primes = [];
  for (let one = 2; primes.length < count; one++) {
    if (primes.every((prime) => one % prime !== 0)) primes.push(one);
  }
  return primes;
}

/**
 * The first 64 bits behind the point of the square or cube root of a prime.
 * @param {number} prime
 * @param {2 | 3} degree
 * @returns {bigint}
 */
function rootBits(prime, degree) {
  const target = BigInt(prime) << BigInt(64 * degree);
  let root = 0n;
  for (let bit = 69n; bit >= 0n; bit--) {
    const next = root | (1n << bit);
    if ((degree === 2 ? next * next : next * next * next) <= target) root = next;
  }
  return BigInt.asUintN(64, root);
}

/** @type {{start: bigint[], rounds: bigint[]} | null} */
let shaConstants = null;

function constantsOfSha() {
  const constants = shaConstants || {
    start: firstPrimes(8).map((prime) => rootBits(prime, 2)),
    rounds: firstPrimes(80).map((prime) => rootBits(prime, 3)),
  };
  shaConstants = constants;
  return constants;
}

/**
 * The message with its padding.
 * @param {Uint8Array} message
 * @param {64 | 128} block  in bytes
 */
function paddedMessage(message, block) {
  const length = Math.ceil((message.length + 1 + block / 8) / block) * block;
  const padded = new Uint8Array(length);
  padded.set(message);
  padded[message.length] = 0x80;
  new DataView(padded.buffer).setBigUint64(length - 8, BigInt(message.length) * 8n);
  return padded;
}

/** @param {Uint8Array} message @returns {Uint8Array} */
export function ownSha256(message) {
  const { start, rounds } = constantsOfSha();
  const k = rounds.slice(0, 64).map((one) => Number(one >> 32n));
  const hash = start.map((one) => Number(one >> 32n));
  const padded = paddedMessage(message, 64);
  const view = new DataView(padded.buffer);
  const w = new Int32Array(64);
  const turn = (/** @type {number} */ x, /** @type {number} */ by) => (x >>> by) | (x << (32 - by));
  const at = (/** @type {ArrayLike<number>} */ list, /** @type {number} */ place) => list[place] || 0;
  for (let block = 0; block < padded.length; block += 64) {
    for (let t = 0; t < 16; t++) w[t] = view.getInt32(block + 4 * t);
    for (let t = 16; t < 64; t++) {
      const [x, y] = [at(w, t - 15), at(w, t - 2)];
      const s0 = turn(x, 7) ^ turn(x, 18) ^ (x >>> 3);
      const s1 = turn(y, 17) ^ turn(y, 19) ^ (y >>> 10);
      w[t] = (at(w, t - 16) + s0 + at(w, t - 7) + s1) | 0;
    }
    let [a, b, c, d] = [at(hash, 0), at(hash, 1), at(hash, 2), at(hash, 3)];
    let [e, f, g, h] = [at(hash, 4), at(hash, 5), at(hash, 6), at(hash, 7)];
    for (let t = 0; t < 64; t++) {
      const s1 = turn(e, 6) ^ turn(e, 11) ^ turn(e, 25);
      const one = (h + s1 + ((e & f) ^ (~e & g)) + at(k, t) + at(w, t)) | 0;
      const s0 = turn(a, 2) ^ turn(a, 13) ^ turn(a, 22);
      const two = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
      [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
    }
    [a, b, c, d, e, f, g, h].forEach((one, place) => (hash[place] = (at(hash, place) + one) | 0));
  }
  const digest = new Uint8Array(32);
  const out = new DataView(digest.buffer);
  hash.forEach((one, place) => out.setInt32(4 * place, one));
  return digest;
}

/** @param {Uint8Array} message @returns {Uint8Array} */
export function ownSha512(message) {
  const { start, rounds: k } = constantsOfSha();
  const hash = start.slice();
  const padded = paddedMessage(message, 128);
  const view = new DataView(padded.buffer);
  /** @type {bigint[]} */
  const w = new Array(80).fill(0n);
  const low = (/** @type {bigint} */ x) => BigInt.asUintN(64, x);
  const turn = (/** @type {bigint} */ x, /** @type {bigint} */ by) => low((x >> by) | (x << (64n - by)));
  const at = (/** @type {bigint[]} */ list, /** @type {number} */ place) => list[place] || 0n;
  for (let block = 0; block < padded.length; block += 128) {
    for (let t = 0; t < 16; t++) w[t] = view.getBigUint64(block + 8 * t);
    for (let t = 16; t < 80; t++) {
      const [x, y] = [at(w, t - 15), at(w, t - 2)];
      const s0 = turn(x, 1n) ^ turn(x, 8n) ^ (x >> 7n);
      const s1 = turn(y, 19n) ^ turn(y, 61n) ^ (y >> 6n);
      w[t] = low(at(w, t - 16) + s0 + at(w, t - 7) + s1);
    }
    let [a, b, c, d] = [at(hash, 0), at(hash, 1), at(hash, 2), at(hash, 3)];
    let [e, f, g, h] = [at(hash, 4), at(hash, 5), at(hash, 6), at(hash, 7)];
    for (let t = 0; t < 80; t++) {
      const s1 = turn(e, 14n) ^ turn(e, 18n) ^ turn(e, 41n);
      const one = h + s1 + ((e & f) ^ (low(~e) & g)) + at(k, t) + at(w, t);
      const s0 = turn(a, 28n) ^ turn(a, 34n) ^ turn(a, 39n);
      const two = s0 + ((a & b) ^ (a & c) ^ (b & c));
      [h, g, f, e, d, c, b, a] = [g, f, e, low(d + one), c, b, a, low(one + two)];
    }
    [a, b, c, d, e, f, g, h].forEach((one, place) => (hash[place] = low(at(hash, place) + one)));
  }
  const digest = new Uint8Array(64);
  const out = new DataView(digest.buffer);
  hash.forEach((one, place) => out.setBigUint64(8 * place, one));
  return digest;
}
