// Requests in the name of the person who is signed in. Each fails with a `BoardFault`, which `failure` says in words.
//
//   const { json, etag } = await read("/regions/NM", {});         one thing, or one page of a list
//   const rows = await readAll("/organizations", { region });      all pages of a list
//   await send("PUT", "/regions/NM", body, { etag });              a change of what was read: 412 where somebody else was faster

import { callApi, ownProblem, problemOf } from "../shared/api.js";
import { language } from "../shared/text.js";
import { BoardFault, accessToken, renewSession } from "./session.js";

/** @typedef {Record<string, string | number | boolean | readonly string[] | null | undefined>} Query what is null, undefined or empty is left out; a list is sent as one pair for each */
/** @typedef {{ json: any, etag: string | null, status: number }} Answered */

/** How often a request is sent again with new tokens: a service that refuses those too would be asked for ever. */
const MOST_RENEWALS = 2;

/** The limit of a file, longer than that of other answers: an import or a large table takes its time. */
const FILE_LIMIT_MS = 600000;

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
  for (let renewals = 0; ; renewals++) {
    const token = accessToken();
    if (!token) throw new BoardFault(ownProblem(401, "not_signed_in"));
    const { problem, status, json, etag, retryAfterMs } = await callApi({ ...request, token, language: language() });
    if (!problem) return { json, etag, status };
    if (status !== 401 || problem.code === "credentials_wrong" || problem.code.startsWith("second_factor")) throw new BoardFault(problem, retryAfterMs);
    if (renewals >= MOST_RENEWALS || !(await renewSession(token))) throw new BoardFault(ownProblem(401, "not_signed_in"));
  }
}

/** Reads one thing, or one page of a list; with the `etag` of an earlier answer, `json` is undefined and the status 304 where nothing changed. @param {string} path @param {Query} [query] @param {string | null} [etag] */
export function read(path, query, etag) {
  return asPerson({ method: "GET", url: apiAddress(path, query), headers: etag ? { "If-None-Match": etag } : {} });
}

/**
 * Reads all pages of a list. `each` gets a page as it comes: its rows, and the page itself, whose first has the totals. It answers
 * false where no more are wanted, as after leaving.
 * @param {string} path
 * @param {Query} [query]
 * @param {(rows: any[], page: any) => void | boolean} [each]
 * @returns {Promise<any[]>}
 */
export async function readAll(path, query, each) {
  /** @type {any[]} */
  const rows = [];
  for (let cursor = null; ;) {
    const { json } = await read(path, { limit: PAGE_ROWS, ...query, cursor });
    rows.push(...json.items);
    if (each && each(json.items, json) === false) return rows;
    cursor = json.next_cursor;
    if (!cursor) return rows;
  }
}

/**
 * Changes something.
 * @param {"PUT" | "POST" | "DELETE"} method
 * @param {string} path
 * @param {unknown} [body]
 * @param {{ etag?: string | null, isNew?: boolean, query?: Query, headers?: Record<string, string> }} [how] the tag of what was read,
 *   that there is nothing yet, or other headers
 */
export function send(method, path, body, { etag, isNew, query, headers: given } = {}) {
  /** @type {Record<string, string>} */
  const headers = { ...given };
  if (etag) headers["If-Match"] = etag;
  if (isNew) headers["If-None-Match"] = "*";
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
  for (let renewals = 0; ; renewals++) {
    const token = accessToken();
    if (!token) throw new BoardFault(ownProblem(401, "not_signed_in"));
    /** @type {Record<string, string>} */
    const headers = { "Accept": accept, "Accept-Language": language(), "Authorization": `Bearer ${token}` };
    if (type) headers["Content-Type"] = type;
    const control = new AbortController();
    // Not cleared by the answer: its body, which the caller reads, may stop as well.
    setTimeout(() => control.abort(), FILE_LIMIT_MS);
    const init = { method, headers, body, signal: control.signal };
    const answer = await fetch(apiAddress(path, query), { ...init, redirect: "error", cache: "no-store", credentials: "omit", referrerPolicy: "no-referrer" }).catch((error) => {
      throw new BoardFault(ownProblem(0, "unreachable", String(error)));
    });
    if (answer.ok) return answer;
    if (answer.status !== 401 || renewals >= MOST_RENEWALS || !(await renewSession(token))) throw new BoardFault(problemOf(answer.status, await answer.text()));
  }
}
