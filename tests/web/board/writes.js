// Changes that a test makes through the API beside the page.

/**
 * Sends a change as an account; fails where it is refused.
 * @param {{ base: string, password: string }} held
 * @param {string} username
 * @param {string} method
 * @param {string} path below /api/v1
 * @param {unknown} [body]
 * @param {Record<string, string>} [headers]
 */
export async function callAs(held, username, method, path, body, headers = {}) {
  const credentials = { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify({ username, password: held.password }) };
  const { access_token: token } = await (await fetch(`${held.base}/api/v1/auth/login`, credentials)).json();
  const answer = await fetch(`${held.base}/api/v1${path}`, { method, headers: { "Authorization": `Bearer ${token}`, "Content-Type": "application/json", ...headers }, body: body === undefined ? undefined : JSON.stringify(body) });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${path}: ${text}`);
  return text ? JSON.parse(text) : null;
}
