// Drafts on the service: what saves a half-done count from a browser that drops its store, and lets another phone go on. Where the
// service keeps none, everything goes on without.
import { SyncHalt, haltAgain } from "./retry.js";
import { callSigned } from "./session.js";
import { DRAFT_TEXTS, countIdOf, readDraft } from "./draft-model.js";
import { droppedChange } from "./drafts.js";

/** @typedef {import("./types.js").Draft} Draft */
/** @typedef {import("./drafts.js").DraftDesk} DraftDesk */
/** @typedef {import("./session.js").EngineWorld} EngineWorld */
/** @typedef {import("../../shared/api.js").ApiAnswer} ApiAnswer */

/** What the service takes for one draft. */
const LARGEST_DRAFT = 64 * 1024;

const DRAFTS_PATH = "/api/v1/count-drafts";

/**
 * What is known of a draft on the service, in its row beside the draft: which version it has, and which it would not take.
 * @typedef {{savedVersion?: number | null, triedVersion?: number | null, etag?: string | null}} SavedAs
 */

/** What of a draft goes with it; nothing of where it was saved. @param {Draft} draft @param {string | null} depotId */
function draftBody(draft, depotId) {
  const { onServer: _, countId: own, etag: __, savedVersion: ___, triedVersion: ____, ...content } = /** @type {Draft & SavedAs} */ (draft);
  return JSON.stringify({ depot_id: depotId, content: { ...content, id: own || content.id } });
}

/** @param {unknown} halt @param {number} status @param {string} [code] @returns {boolean} whether the service answered so */
function isAnswer(halt, status, code) {
  return halt instanceof SyncHalt && halt.problem.status === status && (code === undefined || halt.problem.code === code);
}

/** @param {import("./types.js").DraftAnswer | null | undefined} json @returns {Draft | null} */
function draftOfBody(json) {
  return json && typeof json === "object" ? readDraft(json.content) : null;
}

export class ServerDrafts {
  /** @param {DraftDesk} desk @param {EngineWorld} world @param {(id: string) => Promise<void>} ended  what is done with a draft that another phone sent */
  constructor(desk, world, ended) {
    this.desk = desk;
    this.world = world;
    this.ended = ended;
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

  /** Notes what the service has of a draft. @param {string} id @param {Partial<Draft> & SavedAs} noted */
  note(id, noted) {
    return this.desk.store.change((changes) => {
      const header = this.desk.store.table("drafts").get(id);
      const isNew = header && Object.entries(noted).some(([name, value]) => header[name] !== value);
      if (isNew) changes.push({ table: "drafts", key: id, value: { ...header, ...noted } });
    });
  }

  /** Notes that the service has a draft as it was sent; keys may have been typed since. @param {Draft} sent @param {string | null} etag */
  noteSaved(sent, etag) {
    return this.desk.store.change((changes) => {
      const header = this.desk.store.table("drafts").get(sent.id);
      if (!header) {
        // It was discarded meanwhile: that version is the one to be dropped.
        if (this.desk.dropped().some((one) => one.id === countIdOf(sent))) changes.push(droppedChange(countIdOf(sent), etag));
        return;
      }
      const onServer = header.version === sent.version ? "saved" : "later";
      const noted = { onServer, savedVersion: sent.version, triedVersion: null, etag };
      changes.push({ table: "drafts", key: sent.id, value: { ...header, ...noted } });
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
      const isKnown = header.savedVersion === draft.version || header.triedVersion === draft.version;
      if (this.isOff || isKnown || Object.keys(draft.lines).length === 0) continue;
      try {
        await this.saveOne(draft, idOf(draft.depot), header.etag || null);
      } catch (error) {
        if (!(error instanceof SyncHalt)) throw error;
        await this.note(draft.id, { onServer: this.isOff ? "off" : "later" });
        // What the service will not take is not sent again until it changes.
        if (error.verdict === "smaller" || error.verdict === "never") await this.note(draft.id, { triedVersion: draft.version });
        // Where it has too many, those that it has already can still be changed.
        else if (!isAnswer(error, 409)) return;
      }
    }
  }

  /**
   * @param {Draft} draft
   * @param {string | null} depotId
   * @param {string | null} etag  of what the service is known to have
   * @param {boolean} [isAgain]
   * @returns {Promise<void>}
   */
  async saveOne(draft, depotId, etag, isAgain) {
    const body = draftBody(draft, depotId);
    if (body.length * 3 > LARGEST_DRAFT && new TextEncoder().encode(body).length > LARGEST_DRAFT) {
      await this.note(draft.id, { onServer: "too_large", triedVersion: draft.version });
      return;
    }
    try {
      const answer = await this.call("PUT", countIdOf(draft), { body, etag });
      await this.noteSaved(draft, answer.etag);
    } catch (halt) {
      if (isAnswer(halt, 409, "count_received")) {
        // Another phone sent it: what was typed here since is a count of its own, with a draft of its own.
        if (isAgain) throw halt;
        await this.ended(draft.id);
        await this.saveAnew(draft.id, depotId);
      } else if (isAnswer(halt, 412) || isAnswer(halt, 428)) {
        // Another phone went on with it, or dropped it; the service drops old ones.
        if (await this.merge(draft)) return;
        await this.note(draft.id, { onServer: "never", savedVersion: null, etag: null });
        if (isAgain) throw halt;
        await this.saveAnew(draft.id, depotId);
      } else throw halt;
    }
  }

  /** @param {string} id @param {string | null} depotId */
  async saveAnew(id, depotId) {
    const draft = this.desk.draft(id);
    if (draft) await this.saveOne(draft, depotId, null, true);
  }

  /**
   * Another phone went on with this draft: its lines and texts, but for those that were changed here since.
   * @param {Draft} draft
   * @returns {Promise<boolean>} false where the service has none
   */
  async merge(draft) {
    /** @type {ApiAnswer} */
    let answer;
    try {
      answer = await this.call("GET", countIdOf(draft));
    } catch (halt) {
      if (isAnswer(halt, 404) && !this.isOff) return false;
      throw halt;
    }
    const theirs = draftOfBody(answer.json);
    if (!theirs || theirs.id !== countIdOf(draft)) throw haltAgain("not_muster");
    await this.desk.store.change((changes) => {
      const header = this.desk.store.table("drafts").get(draft.id);
      const mine = this.desk.draft(draft.id);
      if (!header || !mine) return;
      const saved = Number(header.savedVersion) || 0;
      const version = Math.max(mine.version, theirs.version) + 1;
      for (const [item, line] of Object.entries(theirs.lines)) {
        const own = mine.lines[item];
        if (own && own.version > saved) continue;
        // Not a change of this phone: theirs of a later time counts, until somebody types here.
        changes.push({ table: "lines", key: `${draft.id} ${item}`, value: { ...line, version: saved } });
      }
      const untouched = DRAFT_TEXTS.filter((name) => ((mine.textVersions || {})[name] || 0) <= saved);
      const texts = Object.fromEntries(untouched.map((name) => [name, theirs[name]]));
      // Saved again by the next round, on top of theirs.
      changes.push({ table: "drafts", key: draft.id, value: { ...header, ...texts, version, onServer: "later", etag: answer.etag } });
    });
    return true;
  }

  /**
   * @param {(depotId: string) => string | null} codeOf
   * @returns {Promise<{id: string, depot: string, changedAt: string | null}[]>} drafts that are not here, of depots that are
   */
  async list(codeOf) {
    if (this.isOff) return [];
    const answer = await this.call("GET", "").catch((halt) => {
      if (isAnswer(halt, 404)) return null;
      throw halt;
    });
    /** @type {(Partial<import("./types.js").ApiSchemas["CountDraftLabel"]> | null)[]} */
    const items = answer && answer.json && Array.isArray(answer.json.items) ? answer.json.items.slice(0, 100) : [];
    const here = new Set([...this.desk.all().map(countIdOf), ...this.desk.dropped().map((one) => one.id)]);
    /** @type {{id: string, depot: string, changedAt: string | null}[]} */
    const found = [];
    for (const one of items) {
      const id = one && typeof one.id === "string" ? one.id.slice(0, 64) : "";
      const depot = one && typeof one.depot_id === "string" ? codeOf(one.depot_id.slice(0, 64)) : null;
      if (!one || id === "" || depot === null || here.has(id) || this.desk.store.table("commands").has(id)) continue;
      found.push({ id, depot, changedAt: typeof one.updated_at === "string" ? one.updated_at.slice(0, 40) : null });
    }
    return found;
  }

  /**
   * Takes a draft over. One of the same depot in which something was said here would hide beside it or be hidden by it: it is
   * ended first.
   * @param {string} id @returns {Promise<Draft | null>}
   */
  async take(id) {
    const answer = await this.call("GET", id);
    const draft = draftOfBody(answer.json);
    if (!draft || draft.id !== id) return null;
    await this.desk.put(draft);
    await this.noteSaved(draft, answer.etag);
    return draft;
  }

  /** Drops there what was discarded here; what cannot be dropped now is in a later round. @returns {Promise<void>} */
  async dropDiscarded() {
    // A draft that is on its way there is dropped once it has arrived.
    if (this.saving) await this.saving.catch(() => {});
    for (const { id, etag } of this.desk.dropped()) {
      if (this.isOff) return;
      try {
        await this.call("DELETE", id, { etag });
      } catch (halt) {
        if (!(halt instanceof SyncHalt)) throw halt;
        // 412: another phone went on with it, and keeps it. What the service will never drop is not asked for again either.
        const isOver = isAnswer(halt, 412) || isAnswer(halt, 404) || halt.verdict === "smaller" || halt.verdict === "never";
        if (!isOver) return;
      }
      await this.desk.forgetDropped(id);
    }
  }
}
