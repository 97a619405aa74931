// What the person who is signed in may do. What one may not do is not offered; the service decides in the end.
//
// tests/it/rights.rs has every operation of the API with the roles that may use it.

import { EDITORS } from "./page.js";
import { person } from "./session.js";

/** @typedef {import("./page.js").Role} Role */

/** Whether the person has one of these roles. @param {Role[]} roles */
export function hasRole(roles) {
  const one = person();
  return one !== null && roles.includes(one.role);
}

/** Whether the person may change the bureau's data: depots, facts, adoptions, targets, exemptions, accounts of quartermasters, the inbox. */
export function mayEdit() {
  return hasRole(EDITORS);
}

/** Whether the person may do what administrators do alone: clients, audit, regions, second factors of others. */
export function mayAdminister() {
  return hasRole(["admin"]);
}

/** The code of the region whose data the person sees, with all below it; null for a quartermaster. */
export function ownRegion() {
  const one = person();
  return one && one.region ? one.region.code : null;
}

/** The code of a quartermaster's organization; null for others. */
export function ownOrganization() {
  const one = person();
  return one && one.organization ? one.organization.code : null;
}
