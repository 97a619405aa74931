// Requests in the name of the person who is signed in. Each fails with a `BoardFault`, which `failure` says in words.
//
//   const { json, etag } = await read("/regions/NM", {});         one thing, or one page of a list
//   const rows = await readAll("/organizations", { region });      all pages of a list
//   await send("PUT", "/regions/NM", body, { etag });              a change of what was read: 412 where somebody else was faster
//   await send("POST", "/enrolments", body, { key: randomId() });  what a repeat must not do twice

import { callApi, ownProblem, problemOf } from "../shared/api.js";
import { language } from "../shared/text.js";
import { BoardFault, accessToken, renewSession } from "./session.js";

/** @typedef {Record<string, string | number | boolean | readonly string[] | null | undefined>} Query what is null, undefined or empty is left out; a list is sent as one pair for each */
/** @typedef {{ json: any, etag: string | null, status: number }} Answered */

/** The rows that the service gives at most in one page of a list. */
const PAGE_ROWS = 500;

/** The address of a path of the API with a query. @param {string} path below /api/v1 @param {Query} [query] */
export function apiAddress(path, query) {
  const pairs = Object.entries(query || {}).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map((one) => ({ name, one })));
  const given = pairs.filter(({ one }) => one !== null && one !== undefined && one !== "");
  const text = given.map(({ name, one }) => `${name}=${encodeURIComponent(String(one))}`).join("&");
  return `/api/v1${path}${text ? `?${text}` : ""}`;
}

/**
 * Sends a request; a token that is over is renewed, and the request sent again.
 * @param {Omit<import("../shared/api.js").ApiRequest, "token" | "language">} request
 * @returns {Promise<Answered>}
 */
async function asPerson(request) {
  for (;;) {
    const token = accessToken();
    if (!token) throw new BoardFault(ownProblem(401, "not_signed_in"));
    const { problem, status, json, etag, retryAfterMs } = await callApi({ ...request, token, language: language() });
    if (!problem) return { json, etag, status };
    if (status !== 401 || problem.code === "credentials_wrong" || problem.code.startsWith("second_factor")) throw new BoardFault(problem, retryAfterMs);
    if (!(await renewSession(token))) throw new BoardFault(ownProblem(401, "not_signed_in"));
  }
}

/** Reads one thing, or one page of a list; with the `etag` of an earlier answer, `json` is undefined and the status 304 where nothing changed. @param {string} path @param {Query} [query] @param {string | null} [etag] */
export function read(path, query, etag) {
  return asPerson({ method: "GET", url: apiAddress(path, query), headers: etag ? { "If-None-Match": etag } : {} });
}

/**
 * Reads all pages of a list. `each` gets a page as it comes: its rows, and the page itself, whose first has the totals.
 * @param {string} path
 * @param {Query} [query]
 * @param {(rows: any[], page: any) => void} [each]
 * @returns {Promise<any[]>}
 */
export async function readAll(path, query, each) {
  /** @type {any[]} */
  const rows = [];
  for (let cursor = null; ;) {
    const { json } = await read(path, { limit: PAGE_ROWS, ...query, cursor });
    rows.push(...json.items);
    if (each) each(json.items, json);
    cursor = json.next_cursor;
    if (!cursor) return rows;
  }
}

/**
 * Changes something.
 * @param {"PUT" | "POST" | "DELETE"} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{ etag?: string | null, isNew?: boolean, key?: string, query?: Query, headers?: Record<string, string> }} [how] the tag of
 *   what was read, that there is nothing yet, a key of what a repeat must not do twice (make it with `randomId()` once for the form,
 *   not for the press), or other headers
 */
export function send(method, path, body, { etag, isNew, key, query, headers: given } = {}) {
  /** @type {Record<string, string>} */
  const headers = { ...given };
  if (etag) headers["If-Match"] = etag;
  if (isNew) headers["If-None-Match"] = "*";
  if (key) headers["Idempotency-Key"] = key;
  return asPerson({ method, url: apiAddress(path, query), headers, body: body === undefined ? undefined : JSON.stringify(body) });
}

/**
 * Asks for a file, as it is or as a form that has been chosen by `format`.
 * @param {string} path
 * @param {Query} [query]
 * @param {{ method?: string, body?: Blob | string, type?: string, accept?: string }} [how]
 * @returns {Promise<Response>} one that is no problem
 */
export async function readFile(path, query, { method = "GET", body, type, accept = "*/*" } = {}) {
  for (;;) {
    const token = accessToken();
    if (!token) throw new BoardFault(ownProblem(401, "not_signed_in"));
    /** @type {Record<string, string>} */
    const headers = { "Accept": accept, "Accept-Language": language(), "Authorization": `Bearer ${token}` };
    if (type) headers["Content-Type"] = type;
    const answer = await fetch(apiAddress(path, query), { method, headers, body, cache: "no-store", credentials: "omit" }).catch((error) => {
      throw new BoardFault(ownProblem(0, "unreachable", String(error)));
    });
    if (answer.ok) return answer;
    if (answer.status !== 401 || !(await renewSession(token))) throw new BoardFault(problemOf(answer.status, await answer.text()));
  }
}
