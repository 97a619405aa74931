// One request to the service, and its answer: packed, limited in time and size, and read as a problem (RFC 9457) where it is
// one. Never throws: no answer, and one that is not of this service, are problems with the status 0 or that of the answer.

/**
 * What the document of the API describes; its types are made from it (tests/web/types/generate.js).
 * @typedef {import("muster-api").components["schemas"]} ApiSchemas
 *
 * A problem, of the service or found here: `status` is 0 where no answer came, `code` is `unreachable` or `not_muster` where it is
 * not from there.
 * @typedef {Pick<ApiSchemas["Problem"], "status" | "code" | "title" | "detail"> & {errors: ApiSchemas["FieldProblem"][], requestId: string | null}} ApiProblem
 *
 * @typedef {object} ApiRequest
 * @property {string} method
 * @property {string} url
 * @property {Record<string, string>} [headers]
 * @property {string} [body]  JSON
 * @property {boolean} [pack]  with gzip, where the browser can
 * @property {string} [token]
 * @property {string} [language]
 * @property {number} [limitMs]
 * @property {number} [most]  bytes of the answer
 * @property {typeof fetch} [fetch]
 *
 * @typedef {object} ApiAnswer
 * @property {number} status  0 where none came
 * @property {boolean} ok
 * @property {any} json  undefined where it is none
 * @property {string} text
 * @property {ApiProblem | null} problem  null where `ok`
 * @property {number | null} retryAfterMs
 * @property {number | null} date  the service's clock, in milliseconds since 1970
 * @property {string | null} etag
 */

const API_LIMIT_MS = 60000;
const API_MOST_BYTES = 32 * 1024 * 1024;

/** Words of problems are bounded, whoever wrote them. @param {unknown} text @param {number} most */
function boundedText(text, most) {
  return typeof text === "string" ? text.slice(0, most) : "";
}

/** One of the page's own, which has words for its code. @param {number} status @param {string} code @param {string} [detail] @returns {ApiProblem} */
export function ownProblem(status, code, detail = "") {
  return { status, code, title: "", detail: detail.slice(0, 1000), errors: [], requestId: null };
}

/** @param {number} status @param {Partial<ApiSchemas["Problem"]> | null | undefined} json @returns {ApiProblem | null} null where it is none */
export function readProblem(status, json) {
  if (!json || typeof json !== "object" || typeof json.code !== "string" || json.code === "") return null;
  const errors = Array.isArray(json.errors) ? json.errors.slice(0, 1000) : [];
  return {
    status,
    code: boundedText(json.code, 64),
    title: boundedText(json.title, 200),
    detail: boundedText(json.detail, 1000),
    errors: errors.map((/** @type {Partial<ApiSchemas["FieldProblem"]> | null} */ one) => ({
      pointer: boundedText(one && one.pointer, 200),
      code: boundedText(one && one.code, 64),
      detail: boundedText(one && one.detail, 1000),
    })),
    requestId: typeof json.request_id === "string" ? boundedText(json.request_id, 64) : null,
  };
}

/** @param {string} text @returns {Promise<Uint8Array | null>} null where the browser cannot pack */
export async function packedText(text) {
  if (typeof globalThis.CompressionStream !== "function") return null;
  try {
    const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
    return new Uint8Array(await new Response(stream).arrayBuffer());
  } catch {
    return null;
  }
}

/** @param {Response} response @param {number} most @returns {Promise<string>} */
async function boundedBody(response, most) {
  if (!response.body) return "";
  const reader = response.body.getReader();
  const decoder = new TextDecoder("utf-8", { fatal: true });
  let [text, size] = ["", 0];
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return text + decoder.decode();
    size += value.length;
    if (size > most) {
      await reader.cancel();
      throw new RangeError("the answer is too large");
    }
    text += decoder.decode(value, { stream: true });
  }
}

/**
 * Seconds, or an instant by the service's own clock, because the phone's may be wrong by a year.
 * @param {string | null} text
 * @param {number | null} date
 * @returns {number | null}
 */
function waitAsked(text, date) {
  if (text === null) return null;
  if (/^\s*\d{1,9}\s*$/.test(text)) return Number(text) * 1000;
  const until = Date.parse(text);
  return Number.isNaN(until) || date === null ? null : Math.max(0, until - date);
}

/** @param {string} text @returns {any} undefined where it is no JSON */
function jsonOf(text) {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The problem that the body of a failed answer is; one of the page's own where it is none. @param {number} status @param {string} text @param {string} [said] */
export function problemOf(status, text, said) {
  return readProblem(status, jsonOf(text)) || ownProblem(status, "not_muster", said || `HTTP status ${status}`);
}

/** @param {ApiRequest} request @returns {Promise<ApiAnswer>} */
export async function callApi(request) {
  /** @type {ApiAnswer} */
  const none = { status: 0, ok: false, json: undefined, text: "", problem: null, retryAfterMs: null, date: null, etag: null };
  /** @type {Record<string, string>} */
  const headers = { Accept: "application/json", ...request.headers };
  if (request.token) headers["Authorization"] = `Bearer ${request.token}`;
  if (request.language) headers["Accept-Language"] = request.language;
  /** @type {BodyInit | undefined} */
  let body;
  if (request.body !== undefined) {
    headers["Content-Type"] = "application/json";
    const packed = request.pack ? await packedText(request.body) : null;
    if (packed) headers["Content-Encoding"] = "gzip";
    body = packed ? /** @type {BodyInit} */ (/** @type {unknown} */ (packed)) : request.body;
  }
  const control = new AbortController();
  const timer = setTimeout(() => control.abort(), request.limitMs || API_LIMIT_MS);
  try {
    const send = request.fetch || globalThis.fetch;
    const init = { method: request.method, headers, body, signal: control.signal };
    const response = await send(request.url, {
      ...init,
      redirect: "error",
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    const date = Date.parse(response.headers.get("date") || "");
    const answer = { ...none, status: response.status, date: Number.isNaN(date) ? null : date };
    answer.retryAfterMs = waitAsked(response.headers.get("retry-after"), answer.date);
    answer.etag = response.headers.get("etag");
    answer.text = await boundedBody(response, request.most || API_MOST_BYTES);
    answer.json = jsonOf(answer.text);
    answer.ok = (response.status >= 200 && response.status < 300) || response.status === 304;
    if (!answer.ok) answer.problem = problemOf(response.status, answer.text, `HTTP status ${response.status} from ${request.url.split("?")[0]}`);
    return answer;
  } catch (error) {
    const why = control.signal.aborted ? "no answer in time" : String(error);
    return { ...none, problem: ownProblem(0, "unreachable", why) };
  } finally {
    clearTimeout(timer);
  }
}
