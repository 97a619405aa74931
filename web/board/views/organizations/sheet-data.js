// What the blocks of a sheet read, each list once for all blocks that need it.

import { read, readAll } from "../../api.js";
import { once } from "../../parts/once.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/**
 * @typedef {object} SheetData
 * @property {string} code
 * @property {ApiSchemas["OrganizationView"]} organization
 * @property {import("./shared.js").CodeWords} words
 * @property {() => Promise<ApiSchemas["OrganizationStatusPage"]>} statuses  how it stands, and the causes of what is unknown
 * @property {() => Promise<{ rows: ApiSchemas["ShortageLine"][], answer: ApiSchemas["ShortagePage"] }>} lines
 * @property {() => Promise<ApiSchemas["DepotView"][]>} depots
 * @property {() => Promise<ApiSchemas["CountView"][]>} counts  the latest first
 * @property {() => Promise<{ rows: ApiSchemas["FactCheckView"][], answer: ApiSchemas["FactCheckPage"] }>} checks
 */

/** @param {ApiSchemas["OrganizationView"]} organization @param {import("./shared.js").CodeWords} words @returns {SheetData} */
export function sheetData(organization, words) {
  const of = { organization: organization.code };
  return {
    code: organization.code,
    organization,
    words,
    statuses: once(async () => (await read("/organization-statuses", of)).json),
    lines: once(() => rowsOf("/shortages", of)),
    depots: once(() => readAll("/depots", of)),
    counts: once(async () => (await readAll("/counts", { ...of, fields: COUNT_FIELDS })).sort(laterFirst)),
    checks: once(() => rowsOf("/fact-checks", of)),
  };
}

/** What lists of counts show: without the lines, which are most of a count. */
const COUNT_FIELDS = "id,depot,kind,scope,effective_at,received_at,counted_by,flags,speaks_for,void,note";

/** @param {ApiSchemas["CountView"]} one @param {ApiSchemas["CountView"]} other */
const laterFirst = (one, other) => other.effective_at.localeCompare(one.effective_at) || other.received_at.localeCompare(one.received_at);

/** All rows of a list, with as of when they are. @param {string} path @param {import("../../api.js").Query} query @returns {Promise<{ rows: any[], answer: any }>} */
async function rowsOf(path, query) {
  /** @type {any} */
  let answer = null;
  const rows = await readAll(path, query, (_, page) => { answer = answer || page; });
  return { rows, answer };
}
