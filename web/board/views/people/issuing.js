// Giving codes out in bulk: for each organization its quartermasters, one made where there is none, and a code for each.

import { randomId } from "../../../shared/ids.js";
import { t } from "../../../shared/text.js";
import { readAll, send } from "../../api.js";
import { withdrawCode } from "./codes.js";
import { cardsOf } from "./issued.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/**
 * An organization, as cards are given out to it.
 * @typedef {object} CardRow
 * @property {ApiSchemas["OrganizationView"]} organization
 * @property {ApiSchemas["AccountView"][]} accounts  its open quartermasters
 * @property {number} phones  the devices that they are signed in with
 * @property {ApiSchemas["EnrolmentView"][]} codes  given out and not used yet
 * @property {string} newId  of the account that is made where there is none: the same for each attempt, so that one is made
 *
 * @typedef {object} IssueHow
 * @property {number} seconds  how long the codes are good
 * @property {boolean} replace  whether codes given out before are revoked
 * @property {string} note
 */

/** @returns {Promise<CardRow[]>} */
export async function readCardRows() {
  const [organizations, accounts, devices, codes] = await Promise.all([
    readAll("/organizations"), readAll("/accounts", { role: "quartermaster", open: true }), readAll("/devices", { withdrawn: false }), readAll("/enrolments"),
  ]);
  /** @type {Map<string, CardRow>} */
  const rows = new Map();
  for (const organization of organizations) if (organization.active) rows.set(organization.id, { organization, accounts: [], phones: 0, codes: [], newId: randomId() });
  /** @type {Map<string, CardRow>} */
  const homes = new Map();
  for (const account of accounts) {
    const row = account.organization && account.manageable ? rows.get(account.organization.id) : undefined;
    if (!row) continue;
    row.accounts.push(account);
    homes.set(account.id, row);
  }
  for (const device of devices) {
    const row = homes.get(device.account.id);
    if (row) row.phones += 1;
  }
  for (const code of codes) {
    const row = homes.get(code.account.id);
    if (row) row.codes.push(code);
  }
  return Array.from(rows.values());
}

/** Does something, and waits and repeats it while the service asks for patience. @template T @param {() => Promise<T>} work @returns {Promise<T>} */
async function patiently(work) {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const { status, retryAfterMs } = /** @type {any} */ (error);
      if (status !== 429 || !retryAfterMs || retryAfterMs > 60000) throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
  }
}

/** The user name for an organization: its code in the letters that user names have. @param {string} code @param {number} attempt */
export function usernameFor(code, attempt) {
  const plain = code.toLowerCase().replace(/[^a-z0-9._@-]+/g, "-").replace(/^-+|-+$/g, "").slice(0, 56);
  return `${plain.length < 2 ? `qm-${plain || "1"}` : plain}${attempt ? `-${attempt + 1}` : ""}`;
}

/** How often another user name is tried: the service answers only so many times that one is taken. */
const MOST_NAMES = 3;

/** Makes the quartermaster of an organization. @param {CardRow} row @returns {Promise<ApiSchemas["AccountView"]>} */
async function makeQuartermaster({ organization: { code, name }, newId: id }) {
  for (let attempt = 0; ; attempt++) {
    try {
      const body = { username: usernameFor(code, attempt), display_name: t("people-quartermaster-of", { name }).slice(0, 100), role: "quartermaster", organization: code };
      return (await patiently(() => send("PUT", `/accounts/${id}`, body))).json.account;
    } catch (error) {
      if (/** @type {any} */ (error).code !== "unavailable" || attempt + 1 >= MOST_NAMES) throw error;
    }
  }
}

/**
 * Gives the codes of an organization out. Codes of before are revoked last, so that nobody is left with none.
 * @param {CardRow} row  what was made stays in it, so that it is not made again when somebody tries the rest again
 * @param {IssueHow} how
 * @param {(card: import("./issued.js").EnrolmentCard) => void} hand  takes each card as it is made: what fails after it loses none
 */
export async function issueForRow(row, { seconds, replace, note }, hand) {
  if (!row.accounts.length) row.accounts.push(await makeQuartermaster(row));
  const before = replace ? row.codes.slice() : [];
  for (const account of row.accounts) {
    const { json: issued } = await patiently(() => send("POST", "/enrolments", { account: account.id, expires_in: seconds, note }));
    row.codes.push(issued);
    cardsOf([{ issued, account }]).forEach(hand);
  }
  for (const code of before) {
    await patiently(() => withdrawCode(code.id));
    row.codes.splice(row.codes.indexOf(code), 1);
  }
}
