// Organizations about which something is unknown for a cause that the bureau can remedy: facts and targets that are missing.

import { readAll } from "../../api.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {{ organization: ApiSchemas["OrganizationLabel"], lines: number, rules: string[], facts: ApiSchemas["FactLabel"][], causes: ApiSchemas["CauseView"][] }} CauseRow */

/**
 * The organizations with mandatory lines that wait for one of the causes, those with most lines first.
 * @param {string[]} codes
 * @returns {Promise<{ rows: CauseRow[], standing: import("../../page.js").Standing }>}
 */
export async function organizationsWithCause(codes) {
  /** @type {any} */
  let standing = null;
  /** @type {ApiSchemas["OrganizationStatusView"][]} */
  const all = await readAll("/organization-statuses", { fields: "organization,causes" }, (_, page) => { standing = page; });
  /** @type {CauseRow[]} */
  const rows = [];
  for (const { organization, causes } of all) {
    const found = causes.filter(({ code }) => codes.includes(code));
    // A line may wait for two causes: the larger of the numbers is sure.
    if (found.length) rows.push({ organization, lines: Math.max(...found.map(({ lines }) => lines)), rules: uniqueRules(found.flatMap(({ rules }) => rules)), facts: found.flatMap(({ facts }) => facts), causes: found });
  }
  rows.sort((one, other) => other.lines - one.lines);
  return { rows, standing };
}

/** @param {string[]} list */
const uniqueRules = (list) => Array.from(new Set(list));
