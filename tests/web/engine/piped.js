// What a test plays for a phone that runs as a program: its network, whose requests and answers are lines, its clock, its random
// numbers, and its death at a write.
import { createHash } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** The address under which such a phone knows the service. */
export const PIPED_ORIGIN = "http://muster.example";

/**
 * What a line may say beside its command: the time (milliseconds since 1970), the clock that nobody sets, and the write at which the
 * program is to die, with the share of the line that is on disk then; null takes that back.
 * @typedef {{now?: number, ticks?: number, doom?: {writes: number, part: number} | null}} ToldBeside
 *
 * @typedef {{reply: number, broken?: boolean, status: number, headers: [string, string][], body: string}} PipedReply
 */

/** @type {{writes: number, part: number} | null} */
let doom = null;

/** Adds a line to a file, and flushes it. @param {string} path @param {string} line */
export function appendLine(path, line) {
  const bytes = Buffer.from(line);
  const isLast = doom !== null && --doom.writes <= 0;
  const file = openSync(path, "a");
  const end = isLast && doom ? Math.floor(bytes.length * doom.part) : bytes.length;
  for (let at = 0; at < end; ) at += writeSync(file, bytes, at, end - at);
  fsyncSync(file);
  if (isLast) process.kill(process.pid, "SIGKILL");
  while (isLast);
  closeSync(file);
}

/** The time that a test tells; it stands still meanwhile. */
export class ToldTime {
  constructor() {
    this.now = Date.now();
    this.ticks = 0;
  }

  /** @param {ToldBeside} told */
  take(told) {
    if (told.now !== undefined) this.now = told.now;
    if (told.ticks !== undefined) this.ticks = told.ticks;
    if (told.doom !== undefined) doom = told.doom;
  }
}

/** The random numbers of a seed, and the ids made of them. */
export class SeededRandom {
  /** @param {string} seed */
  constructor(seed) {
    this.seed = seed;
    this.drawn = 0;
  }

  bytes() {
    this.drawn += 1;
    return createHash("sha256").update(`${this.seed} ${this.drawn}`).digest();
  }

  number() {
    return this.bytes().readUInt32BE(0) / 4294967296;
  }

  id() {
    const bytes = this.bytes();
    bytes[6] = ((bytes[6] || 0) & 0x0f) | 0x40;
    bytes[8] = ((bytes[8] || 0) & 0x3f) | 0x80;
    const hex = bytes.toString("hex");
    return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
  }

  /** Ids of the engine come from this seed from now on. */
  install() {
    const { crypto } = globalThis;
    const seeded = {
      randomUUID: () => this.id(),
      getRandomValues: (/** @type {any} */ bytes) => crypto.getRandomValues(bytes),
      subtle: crypto.subtle,
    };
    Object.defineProperty(globalThis, "crypto", { value: seeded, configurable: true });
  }
}

/** The network: each request is a line, and waits for the line with its reply. */
export class PipedNetwork {
  /** @param {(line: object) => void} write */
  constructor(write) {
    this.write = write;
    this.asked = 0;
    /** @type {Map<number, (reply: PipedReply) => void>} */
    this.waiting = new Map();
  }

  /** @param {PipedReply} reply */
  answer(reply) {
    const waiting = this.waiting.get(reply.reply);
    this.waiting.delete(reply.reply);
    if (waiting) waiting(reply);
  }

  /** @param {any} url @param {any} init @returns {Promise<Response>} */
  async fetch(url, init) {
    const number = (this.asked += 1);
    const given = Object.entries(init.headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
    const body = init.body === undefined ? "" : Buffer.from(init.body).toString("base64");
    const path = String(url).slice(PIPED_ORIGIN.length);
    const reply = await new Promise((/** @type {(reply: PipedReply) => void} */ resolve) => {
      this.waiting.set(number, resolve);
      // A browser asks for it by itself, and unpacks what comes.
      this.write({ ask: number, method: init.method, path, headers: [...given, ["accept-encoding", "gzip"]], body });
    });
    if (reply.broken) throw new TypeError("the connection broke");
    const headers = new Headers(reply.headers);
    const isNone = reply.status === 204 || reply.status === 304;
    let stream = new Blob([Buffer.from(reply.body, "base64")]).stream();
    if (headers.get("content-encoding") === "gzip") stream = stream.pipeThrough(new DecompressionStream("gzip"));
    return new Response(isNone ? null : stream, { status: reply.status, headers });
  }
}
