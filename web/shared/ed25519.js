// The check of a signature by Ed25519 (RFC 8032, section 5.1.7), for browsers whose WebCrypto does not have it. Only checks,
// never signs, so it need not hide how long it takes.
import { ownSha512 } from "./sha.js";
import { joinBytes } from "./bytes.js";

/** @typedef {[bigint, bigint, bigint, bigint]} CurvePoint  x, y, z and t in extended coordinates */

const FIELD = 2n ** 255n - 19n;
const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;

/** @param {bigint} one */
function inField(one) {
  const rest = one % FIELD;
  return rest < 0n ? rest + FIELD : rest;
}

/** @param {bigint} base @param {bigint} exponent */
function powerInField(base, exponent) {
  let [result, square] = [1n, inField(base)];
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = inField(result * square);
    square = inField(square * square);
  }
  return result;
}

const CURVE_D = inField(-121665n * powerInField(121666n, FIELD - 2n));
const ROOT_OF_MINUS_ONE = powerInField(2n, (FIELD - 1n) / 4n);

/** @param {Uint8Array} bytes */
function littleEndian(bytes) {
  let value = 0n;
  for (let at = bytes.length - 1; at >= 0; at--) value = (value << 8n) | BigInt(bytes[at] || 0);
  return value;
}

/** @param {CurvePoint} one @param {CurvePoint} other @returns {CurvePoint} */
function addPoints(one, other) {
  const [x1, y1, z1, t1] = one;
  const [x2, y2, z2, t2] = other;
  const a = inField((y1 - x1) * (y2 - x2));
  const b = inField((y1 + x1) * (y2 + x2));
  const c = inField(2n * t1 * t2 * CURVE_D);
  const d = inField(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [inField(e * f), inField(g * h), inField(f * g), inField(e * h)];
}

/** @param {bigint} scalar @param {CurvePoint} point @returns {CurvePoint} */
function timesPoint(scalar, point) {
  /** @type {CurvePoint} */
  let result = [0n, 1n, 1n, 0n];
  let doubled = point;
  for (let left = scalar; left > 0n; left >>= 1n) {
    if (left & 1n) result = addPoints(result, doubled);
    doubled = addPoints(doubled, doubled);
  }
  return result;
}

/** @param {Uint8Array} bytes @returns {CurvePoint | null} null where they are no point, or no point in its one spelling */
function readPoint(bytes) {
  const value = littleEndian(bytes);
  const sign = value >> 255n;
  const y = value & ((1n << 255n) - 1n);
  if (bytes.length !== 32 || y >= FIELD) return null;
  const square = inField((y * y - 1n) * powerInField(CURVE_D * y * y + 1n, FIELD - 2n));
  let x = powerInField(square, (FIELD + 3n) / 8n);
  if (inField(x * x - square) !== 0n) x = inField(x * ROOT_OF_MINUS_ONE);
  if (inField(x * x - square) !== 0n || (x === 0n && sign === 1n)) return null;
  if ((x & 1n) !== sign) x = FIELD - x;
  return [x, y, 1n, inField(x * y)];
}

/** @type {CurvePoint | null} */
let basePoint = null;

function pointOfBase() {
  if (basePoint) return basePoint;
  const y = inField(4n * powerInField(5n, FIELD - 2n));
  const bytes = new Uint8Array(32);
  for (let at = 0; at < 32; at++) bytes[at] = Number((y >> BigInt(8 * at)) & 255n);
  basePoint = /** @type {CurvePoint} */ (readPoint(bytes));
  return basePoint;
}

/**
 * True where the signature of a message is that of a key. A signature whose second half is not below the order of the base
 * point is refused, since it would be another spelling of one that is right.
 * @param {Uint8Array} key
 * @param {Uint8Array} message
 * @param {Uint8Array} signature
 * @returns {boolean}
 */
export function ownEd25519Verify(key, message, signature) {
  if (signature.length !== 64) return false;
  const half = signature.subarray(0, 32);
  const [open, r, s] = [readPoint(key), readPoint(half), littleEndian(signature.subarray(32))];
  if (!open || !r || s >= ORDER) return false;
  const h = littleEndian(ownSha512(joinBytes([half, key, message]))) % ORDER;
  const left = timesPoint(s, pointOfBase());
  const right = addPoints(r, timesPoint(h, open));
  const same = (/** @type {0 | 1} */ at) => inField(left[at] * right[2] - right[at] * left[2]) === 0n;
  return same(0) && same(1);
}
