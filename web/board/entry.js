// The ways in, as the service says them to those who are not signed in: whether it has no account yet, and the accounts of a demo.

import { callApi } from "../shared/api.js";

/**
 * @typedef {object} Entry
 * @property {boolean} is_new  whether the code that the service printed makes the first account
 * @property {DemoOffer | null} demo  null in a service that is no demo
 *
 * @typedef {object} DemoOffer
 * @property {{ username: string, role: import("./page.js").Role }[]} accounts
 * @property {string | null} password  null for a browser on another machine: it stands where the demo was started
 */

/** Asks for the ways in. Where there is no answer, the usual one is shown. @returns {Promise<Entry>} */
export async function readEntry() {
  const { json } = await callApi({ method: "GET", url: "/board/entry.json", limitMs: 3000 });
  return json && typeof json.is_new === "boolean" ? json : { is_new: false, demo: null };
}
