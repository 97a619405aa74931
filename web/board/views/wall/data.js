// What the wall shows, read again only where something changed: the service answers 304 to the tag of what is held.

import { read } from "../../api.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/**
 * @typedef {object} WallData
 * @property {ApiSchemas["OrganizationStatusPage"]} statuses  its items are those of whom nobody knows enough
 * @property {ApiSchemas["Summary"]} sectors
 * @property {ApiSchemas["ShortageLine"][]} short
 * @property {ApiSchemas["ExpiringLotView"][]} expiring
 */

/** The days for which the wall looks ahead. */
export const WALL_DAYS = 30;

/** The lists of the wall, and which of them are read to their end, since the gravest may be the last. */
const WALL_LISTS = {
  statuses: { path: "/organization-statuses", query: { basis: "established", status: "unknown", limit: 500, fields: "organization,established,causes" }, whole: true },
  totals: { path: "/organization-statuses", query: { limit: 1, fields: "organization" }, whole: false },
  sectors: { path: "/shortages/summary", query: { group_by: "sector" }, whole: false },
  short: { path: "/shortages", query: { status: "short", strength: "mandatory", basis: "established", limit: 500, fields: "line,organization,name,unit,required,shortage" }, whole: true },
  expiring: { path: "/expiring", query: { within_days: WALL_DAYS, limit: 500, fields: "organization,depot,item,lot,expires_on,days_left,quantity,lines" }, whole: true },
};

/** A reader that holds what it read. */
export function wallReader() {
  /** @type {Map<string, { etag: string | null, json: any }>} */
  const held = new Map();

  /** @param {keyof typeof WALL_LISTS} name @returns {Promise<boolean>} whether it is new */
  async function renew(name) {
    const { path, query, whole } = WALL_LISTS[name];
    const known = held.get(name);
    const { json, etag, status } = await read(path, query, known ? known.etag : null);
    if (status === 304) return false;
    for (let cursor = whole && json.next_cursor; cursor;) {
      const more = await read(path, { ...query, cursor });
      json.items.push(...more.json.items);
      cursor = more.json.next_cursor;
    }
    held.set(name, { etag, json });
    return true;
  }

  return {
    /** Reads all again; null where nothing changed. @returns {Promise<WallData | null>} */
    async next() {
      const names = /** @type {(keyof typeof WALL_LISTS)[]} */ (Object.keys(WALL_LISTS));
      const changed = await Promise.all(names.map(renew));
      if (!changed.some(Boolean)) return null;
      const of = (/** @type {keyof typeof WALL_LISTS} */ name) => /** @type {{ json: any }} */ (held.get(name)).json;
      return { statuses: { ...of("totals"), items: of("statuses").items }, sectors: of("sectors"), short: of("short").items, expiring: of("expiring").items };
    },
  };
}

/** The gravest first: by the share that is surely missing of what is surely required, then by the number. @param {ApiSchemas["ShortageLine"][]} lines */
export function gravestFirst(lines) {
  const share = (/** @type {any} */ line) => line.shortage.min / Math.max(1, line.required.min);
  return lines.slice().sort((one, other) => share(other) - share(one) || other.shortage.min - one.shortage.min);
}
