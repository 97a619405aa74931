// A service in memory for tests that crash a phone: it applies pushes, signs receipts, rotates tokens, loses answers, and is put
// back to an earlier state.
import { createHash, generateKeyPairSync, sign } from "node:crypto";
import { gunzipSync } from "node:zlib";
import { canonicalText } from "../../../web/shared/canonical.js";

export const DEPOT_ID = "0198f5a2-0000-7000-8000-000000000003";
export const ITEMS = Array.from({ length: 12 }, (_, at) => `ITEM${at + 1}`);

const KEY = generateKeyPairSync("ed25519");
const KID = "the-key";
const X = KEY.publicKey.export({ format: "jwk" }).x;

const base64 = (/** @type {any} */ value) => Buffer.from(JSON.stringify(value)).toString("base64url");
const sha256 = (/** @type {any} */ value) => createHash("sha256").update(canonicalText(value)).digest("hex");

/** @param {string} id @param {any} content @param {number} position */
export function receiptOf(id, content, position) {
  const link = {
    ...{ organization: "o", position, kind: "count", id, sha256: sha256(content), record_sha256: "c0".repeat(32) },
    ...{ received_at: "2026-11-23T02:10:01.500000Z", effective_at: "2026-11-23T02:10:00.000000Z", previous: "ab".repeat(32) },
  };
  const claims = { iss: "muster", ...link, hash: sha256(link) };
  const message = `${base64({ typ: "muster-receipt+jws", alg: "EdDSA", kid: KID })}.${base64(claims)}`;
  return `${message}.${sign(null, Buffer.from(message), KEY.privateKey).toString("base64url")}`;
}

/** @param {string} code @param {number} status */
const problem = (status, code) => ({ status, body: { type: "", title: code, detail: code, status, code, request_id: "0" } });

export class ModelServer {
  /** @param {() => number} random */
  constructor(random) {
    this.random = random;
    /** Its clock, which is right. */
    this.now = () => Date.parse("2026-11-23T02:10:00Z");
    /** How often something goes wrong, 0 to 1. */
    this.trouble = 0;
    /** @type {Map<string, {text: string, seq: number, receipt: string, device: string}>} */
    this.counts = new Map();
    this.epoch = 1;
    this.position = 0;
    /** @type {ModelServer["counts"][]} */
    this.backups = [];
    /** By account: how many pairs were given out, and the token that was last refreshed with. @type {Map<string, {pairs: number, used: string | null}>} */
    this.sessions = new Map();
    /** @type {string[]} what a phone did that it must never do */
    this.faults = [];
    this.pushes = 0;
    /** Drafts of counts, where it keeps any. @type {Map<string, {body: any, version: number}> | null} */
    this.drafts = null;
    this.saves = 0;
    /** The numbers that ever came, and the last `queued`, by device. @type {Map<string, {numbers: number[], left: number}>} */
    this.devices = new Map();
  }

  backup() {
    this.backups.push(new Map(this.counts));
  }

  restore() {
    const backup = this.backups[Math.floor(this.random() * this.backups.length)];
    if (!backup) return;
    this.counts = new Map(backup);
    this.epoch += 1;
  }

  /** @returns {typeof fetch} */
  get fetch() {
    return /** @type {any} */ (async (/** @type {string} */ url, /** @type {any} */ init) => {
      await null;
      const roll = this.random();
      if (roll < this.trouble * 0.3) throw new TypeError("no network");
      const { status, body, headers } = this.answer(new URL(url), init);
      if (roll < this.trouble * 0.6) throw new TypeError("the answer was lost");
      if (roll < this.trouble * 0.65) return new Response("<html>Sign in</html>", { status: 200 });
      const told = { ...headers, Date: new Date(this.now()).toUTCString() };
      return new Response(status === 304 ? null : JSON.stringify(body), { status, headers: told });
    });
  }

  /** @param {URL} url @param {any} init @returns {{status: number, body?: any, headers?: any}} */
  answer(url, init) {
    const read = () => JSON.parse(typeof init.body === "string" ? init.body : String(gunzipSync(init.body)));
    if (url.pathname === "/.well-known/jwks.json") {
      return { status: 200, body: { keys: [{ kty: "OKP", crv: "Ed25519", kid: KID, x: X }] } };
    }
    if (url.pathname === "/api/v1/auth/login") {
      const { username } = read();
      this.sessions.set(username, { pairs: 1, used: null });
      return { status: 200, body: this.pair(username) };
    }
    if (url.pathname === "/api/v1/auth/refresh") return this.refresh(read().refresh_token);
    if (url.pathname.startsWith("/api/v1/count-drafts") && this.drafts) return this.draft(url, init, read);
    if (url.pathname !== "/api/v1/sync") return problem(404, "no_such_path");
    const [username = "", number] = String(init.headers.Authorization).slice("Bearer access-".length).split("-");
    const session = this.sessions.get(username);
    if (!session || Number(number) > session.pairs) return problem(401, "session_ended");
    if (this.random() < this.trouble * 0.2) return problem(401, "token_expired");
    if (this.random() < this.trouble * 0.1) return problem(503, "busy");
    return init.method === "POST" ? this.push(read()) : this.pull(url.searchParams.get("cursor"));
  }

  /** @param {URL} url @param {any} init @param {() => any} read @returns {{status: number, body?: any, headers?: any}} */
  draft(url, init, read) {
    const drafts = /** @type {NonNullable<ModelServer["drafts"]>} */ (this.drafts);
    const id = url.pathname.split("/")[4] || "";
    const known = drafts.get(id);
    const ETag = (/** @type {number} */ version) => ({ ETag: `W/"r${version}"` });
    const label = (/** @type {string} */ one, /** @type {any} */ body) => ({
      ...{ id: one, depot_id: body.depot_id, bytes: JSON.stringify(body.content).length },
      ...{ updated_at: "2026-11-23T02:10:00.000000Z", expires_at: "2026-12-23T02:10:00.000000Z" },
    });
    if (id === "") return { status: 200, body: { items: [...drafts].map(([one, { body }]) => label(one, body)), next_cursor: null } };
    if (init.method === "GET") {
      if (!known) return problem(404, "not_found");
      return { status: 200, body: { ...label(id, known.body), content: known.body.content }, headers: ETag(known.version) };
    }
    if (init.method === "DELETE") {
      const wanted = init.headers["If-Match"];
      if (known && wanted && wanted !== `W/"r${known.version}"`) return problem(412, "precondition_failed");
      return { status: 200, body: { id, repeated: !drafts.delete(id) } };
    }
    if (this.counts.has(id)) return problem(409, "count_received");
    const body = read();
    const told = (/** @type {number} */ version, repeated = false) => ({ body: { stored: label(id, body), repeated }, headers: ETag(version) });
    if (known && canonicalText(known.body) === canonicalText(body)) return { status: 200, ...told(known.version, true) };
    const match = init.headers["If-Match"];
    if (known && !match) return problem(428, "precondition_required");
    if (match && (!known || match !== `W/"r${known.version}"`)) return problem(412, "precondition_failed");
    if (!known && drafts.size >= 20) return problem(409, "too_many_count_drafts");
    this.saves += 1;
    drafts.set(id, { body, version: this.saves });
    return { status: known ? 200 : 201, ...told(this.saves) };
  }

  /** @param {string} username */
  pair(username) {
    const { pairs } = this.sessions.get(username) || { pairs: 0 };
    const user = { id: idOf(username), username, display_name: username, role: "quartermaster", organization: { code: "T1", name: "T1" } };
    const [access, refresh] = [`access-${username}-${pairs}`, `refresh-${username}-${pairs}`];
    return { access_token: access, refresh_token: refresh, expires_in: 1e6, device_token: "d", user };
  }

  /** @param {string} token */
  refresh(token) {
    const username = token.split("-")[1] || "";
    const session = this.sessions.get(username);
    if (!session) return problem(401, "session_ended");
    if (token === session.used) return { status: 200, body: this.pair(username) };
    if (token !== `refresh-${username}-${session.pairs}`) {
      this.faults.push(`${token} was sent, and ${session.pairs} is the last`);
      return problem(401, "session_ended");
    }
    session.used = token;
    session.pairs += 1;
    return { status: 200, body: this.pair(username) };
  }

  /** @param {any} sent */
  push(sent) {
    this.pushes += 1;
    const device = this.devices.get(sent.device_id) || { numbers: [], left: 0 };
    device.numbers.push(...sent.commands.map((/** @type {any} */ command) => command.seq));
    device.left = sent.queued - sent.commands.length;
    this.devices.set(sent.device_id, device);
    const results = sent.commands.map((/** @type {any} */ command) => {
      const { id, seq, data, receipt } = command;
      const text = canonicalText(data);
      const known = this.counts.get(id);
      if (known && known.text !== text) this.faults.push(`${id} came with two contents`);
      for (const [other, one] of this.counts) {
        if (one.seq === seq && one.device === sent.device_id && other !== id) this.faults.push(`${seq} is of two commands`);
      }
      if (!known) {
        this.position += 1;
        if (this.drafts) this.drafts.delete(id);
        this.counts.set(id, { text, seq, receipt: receipt || receiptOf(id, data, this.position), device: sent.device_id });
      }
      const told = this.counts.get(id)?.receipt;
      return { id, status: "applied", repeated: Boolean(known), count_id: id, receipt: told, problem: null, decision: null };
    });
    const [epoch] = String(sent.cursor || "").split(".");
    const cursor = sent.cursor && Number(epoch) !== this.epoch ? sent.cursor : `${this.epoch}.${this.position}`;
    return { status: 200, body: { results, cursor, revision: this.position, clock_offset_ms: 0, received_at: "" } };
  }

  /** @param {string | null} cursor */
  pull(cursor) {
    const isReset = cursor !== null && Number(cursor.split(".")[0]) !== this.epoch;
    const put = (/** @type {string} */ type, /** @type {string} */ key, /** @type {any} */ data) => ({ type, op: "put", key, data });
    const names = { name_en: "A thing", name_zh: "物" };
    const changes = [
      put("organization", "T1", { id: "o", ...names, time_zone: "Asia/Shanghai" }),
      put("depot", "T1-A", { id: DEPOT_ID, organization: "T1", ...names, holding: "physical", open: true }),
      ...ITEMS.map((code) => put("item", code, { ...names, unit: "piece", class: "c", kind: "equipment" })),
    ];
    const now = `${this.epoch}.${this.position}`;
    const isSame = cursor === now;
    return { status: 200, body: { changes: isSame ? [] : changes, cursor: now, more: false, reset: isReset, revision: this.position, change_set: "s" } };
  }
}

/** @param {string} username */
export function idOf(username) {
  const hex = createHash("sha256").update(username).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}
