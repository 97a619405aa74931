// Drafts on the service: what saves a half-done count from a browser that drops its store, and lets another phone go on. Where the
// service keeps none, everything goes on without.
import { SyncHalt } from "./retry.js";
import { callSigned } from "./session.js";
import { readDraft } from "./draft-model.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./drafts.js").DraftDesk} DraftDesk */
/** @typedef {import("./session.js").EngineWorld} EngineWorld */
/** @typedef {import("../../shared/api.js").ApiAnswer} ApiAnswer */

/** What the service takes for one draft. */
const LARGEST_DRAFT = 64 * 1024;

const DRAFTS_PATH = "/api/v1/count-drafts";

/** What of a draft goes with it. @param {Draft} draft @param {string | null} depotId */
export function draftBody(draft, depotId) {
  const { onServer: _, ...content } = draft;
  return JSON.stringify({ depot_id: depotId, content });
}

/** @param {any} json @returns {Draft | null} */
function draftOfBody(json) {
  return json && typeof json === "object" ? readDraft(json.content) : null;
}

export class ServerDrafts {
  /** @param {DraftDesk} desk @param {EngineWorld} world */
  constructor(desk, world) {
    this.desk = desk;
    this.world = world;
    /** True once the service said that it keeps none. */
    this.isOff = false;
    /** @type {Promise<void> | null} */
    this.saving = null;
  }

  /** @param {string} method @param {string} id @param {{body?: string, etag?: string | null}} [more] @returns {Promise<ApiAnswer>} */
  call(method, id, more = {}) {
    /** @type {Record<string, string>} */
    const headers = more.etag ? { "If-Match": more.etag } : {};
    const path = id === "" ? DRAFTS_PATH : `${DRAFTS_PATH}/${encodeURIComponent(id)}`;
    const { body } = more;
    const request = { method, path, headers, most: 512 * 1024, limitMs: 30000, ...(body === undefined ? {} : { body: () => body }) };
    return callSigned(this.desk.store, this.world, request).catch((halt) => {
      if (halt instanceof SyncHalt && halt.problem.status === 404 && halt.problem.code === "no_such_path") this.isOff = true;
      throw halt;
    });
  }

  /** Notes what the service has of a draft. @param {string} id @param {Partial<Draft> & {savedVersion?: number, etag?: string | null}} noted */
  note(id, noted) {
    return this.desk.store.change((changes) => {
      const header = this.desk.store.table("drafts").get(id);
      const isNew = header && Object.entries(noted).some(([name, value]) => header[name] !== value);
      if (isNew) changes.push({ table: "drafts", key: id, value: { ...header, ...noted } });
    });
  }

  /**
   * Saves each draft that changed since it was last saved. What the service does not take stays here, as it was; one call at a time.
   * @param {(depot: string) => string | null} idOf
   * @returns {Promise<void>}
   */
  save(idOf) {
    this.saving = this.saving || this.saveAll(idOf).finally(() => (this.saving = null));
    return this.saving;
  }

  /** @param {(depot: string) => string | null} idOf @returns {Promise<void>} */
  async saveAll(idOf) {
    for (const draft of this.desk.all()) {
      const header = this.desk.store.table("drafts").get(draft.id) || {};
      if (this.isOff || header.savedVersion === draft.version || Object.keys(draft.lines).length === 0) continue;
      try {
        await this.saveOne(draft, idOf(draft.depot), header.etag || null);
      } catch (error) {
        if (!(error instanceof SyncHalt)) throw error;
        await this.note(draft.id, { onServer: this.isOff ? "off" : "later" });
        // What the service will not take is not sent again until it changes.
        if (error.verdict === "smaller" || error.verdict === "never") await this.note(draft.id, { savedVersion: draft.version });
        else return;
      }
    }
  }

  /** @param {Draft} draft @param {string | null} depotId @param {string | null} etag */
  async saveOne(draft, depotId, etag) {
    const body = draftBody(draft, depotId);
    if (body.length * 3 > LARGEST_DRAFT && new TextEncoder().encode(body).length > LARGEST_DRAFT) return;
    try {
      const answer = await this.call("PUT", draft.id, { body, etag });
      await this.note(draft.id, { onServer: "saved", savedVersion: draft.version, etag: answer.etag });
    } catch (halt) {
      if (!(halt instanceof SyncHalt) || (halt.problem.status !== 412 && halt.problem.status !== 428)) throw halt;
      await this.merge(draft);
    }
  }

  /** Another phone went on with this draft: its lines, but for those that were changed here since. @param {Draft} draft */
  async merge(draft) {
    const answer = await this.call("GET", draft.id);
    const theirs = draftOfBody(answer.json);
    if (!theirs || theirs.id !== draft.id) return;
    await this.desk.store.change((changes) => {
      const header = this.desk.store.table("drafts").get(draft.id);
      const mine = this.desk.draft(draft.id);
      if (!header || !mine) return;
      const saved = Number(header.savedVersion) || 0;
      const version = Math.max(mine.version, theirs.version) + 1;
      for (const [item, line] of Object.entries(theirs.lines)) {
        const own = mine.lines[item];
        if (own && own.version > saved) continue;
        changes.push({ table: "lines", key: `${draft.id} ${item}`, value: { ...line, version } });
      }
      // Saved again by the next round, on top of theirs.
      changes.push({ table: "drafts", key: draft.id, value: { ...header, version, etag: answer.etag } });
    });
  }

  /** @returns {Promise<{id: string, depot: string, changedAt: string | null, lines: number}[]>} drafts that are not here */
  async list() {
    if (this.isOff) return [];
    const answer = await this.call("GET", "").catch((halt) => {
      if (halt instanceof SyncHalt && halt.problem.status === 404) return null;
      throw halt;
    });
    const items = answer && answer.json && Array.isArray(answer.json.items) ? answer.json.items.slice(0, 100) : [];
    /** @type {{id: string, depot: string, changedAt: string | null, lines: number}[]} */
    const found = [];
    for (const one of items) {
      const id = one && typeof one.id === "string" ? one.id.slice(0, 64) : "";
      const isHere = this.desk.draft(id) !== null || this.desk.store.table("commands").has(id);
      if (id === "" || isHere) continue;
      const draft = draftOfBody(one);
      const changedAt = typeof one.updated_at === "string" ? one.updated_at.slice(0, 40) : draft ? draft.changedAt : null;
      found.push({ id, depot: draft ? draft.depot : "", changedAt, lines: draft ? Object.keys(draft.lines).length : 0 });
    }
    return found;
  }

  /** @param {string} id @returns {Promise<Draft | null>} */
  async take(id) {
    const answer = await this.call("GET", id);
    const draft = draftOfBody(answer.json);
    if (!draft || draft.id !== id) return null;
    await this.desk.put(draft);
    await this.note(id, { onServer: "saved", savedVersion: draft.version, etag: answer.etag });
    return draft;
  }

  /** Drops a draft there too, where it can. @param {string} id */
  async drop(id) {
    if (this.isOff) return;
    await this.call("DELETE", id).catch(() => {});
  }
}
