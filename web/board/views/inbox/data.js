// What the inbox reads: each list once for a showing of the page, for its number and for its table.

import { read, readAll } from "../../api.js";
import { mayEdit } from "../../rights.js";
import { once } from "../../parts/once.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("../../page.js").Standing} Standing */
/** @typedef {import("../../page.js").Board} Board */

/** The reasons by which a line says that counts of a depot differ, which are also the states of its stock. */
const INBOX_DIFFERENCES = ["conflict", "contested"];

/** As many depots as one request may name. */
const INBOX_DEPOTS_AT_ONCE = 50;

/**
 * Rows, and as of when they are.
 * @template Row
 * @typedef {{ rows: Row[], standing: Standing }} Waiting
 */

/** What the lists of the inbox are, each read when it is first asked for. @param {Board} board */
export function inboxData(board) {
  const standing = once(() => inboxStanding(board));
  /** @template T @param {() => Promise<T[]>} rows @returns {Promise<Waiting<T>>} */
  const list = async (rows) => {
    const from = await standing();
    return { rows: await rows(), standing: from };
  };
  return {
    quarantine: once(() => list(/** @returns {Promise<ApiSchemas["QuarantineView"][]>} */ async () => (await readAll("/quarantine", { status: "waiting" })).reverse())),
    decided: once(() => list(/** @returns {Promise<ApiSchemas["QuarantineView"][]>} */ () => readAll("/quarantine", { status: ["applied", "set_aside"] }))),
    counts: once(inboxDifferingStock),
    devices: once(() => list(inboxDevices)),
    ledger: once(() => list(/** @returns {Promise<ApiSchemas["LedgerRowView"][]>} */ () => readAll("/ledger-rows", { status: "open" }))),
    ask: once(inboxUnknownLines),
  };
}

/** @typedef {ReturnType<typeof inboxData>} InboxData */

/**
 * The revision that lists without one are at least as new as: it is read before them.
 * @param {Board} board
 * @returns {Promise<Standing>}
 */
export async function inboxStanding(board) {
  const { json } = await read("/stock", { limit: 1, fields: "depot" });
  board.asOf(json);
  return json;
}

/**
 * The stock about which counts differ. Lines tell which depots that is; then the whole stock of these is read, so that items which no
 * clause requires are among them.
 * @returns {Promise<Waiting<ApiSchemas["StockLine"]>>}
 */
async function inboxDifferingStock() {
  /** @type {Set<string>} */
  const depots = new Set();
  /** @type {Standing | null} */
  let standing = null;
  await readAll("/shortages", { fields: "reasons" }, (rows, page) => {
    standing = page;
    for (const { reasons } of rows) {
      for (const { code, depot } of reasons) if (INBOX_DIFFERENCES.includes(code) && depot) depots.add(depot);
    }
  });
  /** @type {ApiSchemas["StockLine"][]} */
  const found = [];
  const codes = Array.from(depots);
  for (let at = 0; at < codes.length; at += INBOX_DEPOTS_AT_ONCE) {
    await readAll("/stock", { depot: codes.slice(at, at + INBOX_DEPOTS_AT_ONCE) }, (rows, page) => {
      standing = page;
      found.push(...rows.filter(({ stock }) => INBOX_DIFFERENCES.includes(stock.state)));
    });
  }
  return { rows: found, standing: /** @type {Standing} */ (/** @type {unknown} */ (standing)) };
}

/**
 * The devices in use, with the code of the organization of their account where the officer may see accounts. A viewer sees none of
 * others, and is told so.
 * @returns {Promise<(ApiSchemas["DeviceView"] & { organization: ApiSchemas["OrganizationLabel"] | null })[]>}
 */
async function inboxDevices() {
  if (!mayEdit()) return [];
  /** @type {[ApiSchemas["DeviceView"][], ApiSchemas["AccountView"][]]} */
  const [devices, accounts] = await Promise.all([readAll("/devices", { withdrawn: false }), readAll("/accounts", { fields: "id,organization" })]);
  const organizations = new Map(accounts.map(({ id, organization }) => [id, organization]));
  return devices.map((device) => ({ ...device, organization: organizations.get(device.account.id) || null }));
}

/** @typedef {Pick<ApiSchemas["ShortageLine"], "organization" | "line" | "name" | "last_counted_at" | "reasons" | "ask" | "basis">} UnknownLine */

/** The mandatory lines of which it is not known whether they are met. @returns {Promise<Waiting<UnknownLine>>} */
async function inboxUnknownLines() {
  /** @type {Standing | null} */
  let standing = null;
  const rows = await readAll("/shortages", { status: "unknown", strength: "mandatory", fields: "organization,line,name,last_counted_at,reasons,ask,basis" }, (_, page) => { standing = standing || page; });
  return { rows, standing: /** @type {Standing} */ (/** @type {unknown} */ (standing)) };
}
