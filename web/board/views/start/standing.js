// How far a bureau is with setting up: all from the API, nothing is remembered here.

import { dayOfTime } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { ownRegion } from "../../rights.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["OrganizationView"]} Organization */

/**
 * @typedef {object} Standing
 * @property {boolean} hasCatalogue
 * @property {boolean} hasStandards
 * @property {Organization[]} organizations
 * @property {boolean} hasDepots
 * @property {string[]} adopted  the codes of the standards that the own bureau adopted, for today or later
 * @property {number} accounts  of others than the person
 * @property {Organization[]} unattended  organizations for which nobody can count
 * @property {ApiSchemas["CountView"] | null} count  the latest to arrive
 */

/** @param {string} path */
const startHasAny = async (path) => (await read(path, { limit: 1 })).json.items.length > 0;

/** @param {string} own the user name of the person @returns {Promise<Standing>} */
export async function readStanding(own) {
  const [hasCatalogue, hasStandards, organizations, hasDepots, adoptions, accounts, count] = await Promise.all([
    startHasAny("/items"),
    startHasAny("/standards"),
    readAll("/organizations", { fields: "id,code,name,kind,sector,organization_type,active" }),
    startHasAny("/depots"),
    readAll("/adoptions", { region: ownRegion(), fields: "standard,today,valid_from,valid_to" }),
    readAll("/accounts", { fields: "username,role,organization,open" }),
    latestCount(),
  ]);
  const active = organizations.filter((one) => one.active);
  const open = accounts.filter((one) => one.open);
  const attended = new Set(open.map((one) => one.organization && one.organization.code).filter(Boolean));
  const today = dayOfTime(new Date());
  return {
    hasCatalogue, hasStandards, organizations: active, hasDepots, count,
    adopted: adoptions.filter((one) => one.today || one.valid_from > today).map((one) => one.standard.code),
    accounts: open.filter((one) => one.username !== own).length,
    unattended: active.filter((one) => !attended.has(one.code)),
  };
}

/** The count that arrived last. @returns {Promise<ApiSchemas["CountView"] | null>} */
export async function latestCount() {
  const { json } = await read("/counts", { limit: 1, fields: "organization,depot,counted_by,received_at,lines" });
  return json.items[0] || null;
}

/** Whether nothing is here yet that the board could show. */
export async function isBureauEmpty() {
  try {
    return !(await startHasAny("/organizations"));
  } catch (_) {
    return false;
  }
}
