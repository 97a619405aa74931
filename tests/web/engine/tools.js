// What the tests of the engine share.
import { readFileSync } from "node:fs";
import { spawn } from "node:child_process";
import { AccountStore } from "../../../web/phone/engine/account.js";
import { forgetBrowserEd25519 } from "../../../web/shared/digest.js";
import { EngineFault } from "../../../web/phone/engine/fault.js";
import { Phone } from "../../../web/phone/engine/phone.js";
import { MemoryStores } from "../../../web/phone/engine/store-memory.js";
import { ModelServer } from "./model-server.js";

/** @param {string} name @returns {any} a file of vectors */
export function vectors(name) {
  return JSON.parse(readFileSync(new URL(`../../../openapi/conformance/${name}.json`, import.meta.url), "utf8"));
}

/**
 * Runs with parts of the browser taken away.
 * @template T
 * @param {("subtle" | "ed25519" | "compression" | "uuid")[]} lacks
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

/**
 * A phone's surroundings whose clock a test moves by `ahead`.
 * @param {string} origin
 * @returns {import("../../../web/phone/engine/session.js").EngineWorld & {ahead: number}}
 */
export function worldAt(origin) {
  const seeded = randomFrom(1);
  return {
    ...{ origin, ahead: 0, random: seeded, fetch: globalThis.fetch, language: () => "en", ticks: () => performance.now() },
    now() {
      return Date.now() + this.ahead;
    },
  };
}

/** Random numbers from 0 to 1, the same for a seed (mulberry32). @param {number} seed @returns {() => number} */
export function randomFrom(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** @param {import("../../../web/phone/engine/types.js").StoreMaker} stores @param {string} name */
export async function openAccount(stores, name) {
  const store = new AccountStore(await stores.open(name), name);
  await store.hold();
  return store;
}

/** Plays a script over HTTP. @param {string} script */
export async function playFake(script) {
  const program = new URL("../../../openapi/conformance/fake.py", import.meta.url).pathname;
  const child = spawn("python3", [program, script], { stdio: ["ignore", "pipe", "inherit"] });
  const origin = await new Promise((resolve, reject) => {
    child.stdout.once("data", (data) => resolve(String(data).trim()));
    child.once("error", reject);
    child.once("exit", () => reject(new Error(`${script} ended`)));
  });
  const post = (/** @type {number} */ seconds) => ({ method: "POST", body: JSON.stringify({ seconds }) });
  return {
    origin,
    advance: async (/** @type {number} */ seconds) => void (await (await fetch(`${origin}/fake/advance`, post(seconds))).text()),
    report: async () => (await fetch(`${origin}/fake/report`)).json(),
    stop: () => void child.kill(),
  };
}

/**
 * What a bureau is told never arrived, from the numbers that came and how many wait.
 * @param {number[]} numbers
 * @param {number} queued
 */
export function notReceived(numbers, queued) {
  /** @type {{from: number, to: number}[]} */
  const gaps = [];
  let following = 1;
  for (const number of [...new Set(numbers)].sort((one, other) => one - other)) {
    if (number > following) gaps.push({ from: following, to: number - 1 });
    following = Math.max(following, number + 1);
  }
  const missing = gaps.reduce((sum, gap) => sum + gap.to - gap.from + 1, 0);
  return { count: missing + queued, gaps, queued };
}

/** A service in memory that keeps drafts. */
export function draftingServer() {
  const server = new ModelServer(randomFrom(3));
  server.drafts = new Map();
  return server;
}

/** A phone of the account `a` that has its copy. @param {ModelServer} server @param {any} [more] */
export async function signedInAt(server, more = {}) {
  const phone = await Phone.start({ origin: "http://model", fetch: server.fetch, stores: new MemoryStores(), local: null, ...more });
  await phone.signIn("a", "p", { deviceName: "d" });
  await phone.sync();
  return phone;
}

/** Types a number in the depot of the service in memory. @param {Phone} phone @param {string} item @param {string} text */
export async function typeIn(phone, item, text) {
  const draft = await phone.startDraft("T1-A");
  await draft.set(item, "", "quantity", text);
  return draft;
}

/** @param {string} code */
export const refusedAs = (code) => (/** @type {unknown} */ error) => error instanceof EngineFault && error.code === code;

/** Without a network until it is put back. @param {Phone} phone */
export function offline(phone) {
  const { fetch } = phone.world;
  phone.world.fetch = () => Promise.reject(new TypeError("no network"));
  return () => void (phone.world.fetch = fetch);
}

/** What was typed there. @param {Phone} phone @param {string} item */
export function quantityIn(phone, item) {
  return phone.draft("T1-A")?.data.lines[item]?.lots[0]?.texts.quantity;
}
