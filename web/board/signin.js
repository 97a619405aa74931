// Signing in: with a password, or with a code of the bureau; the second factor where the account has one; and again, over the page,
// when a session ends in the middle.

import { h, fill } from "../shared/dom.js";
import { tally } from "../shared/icons.js";
import { randomId } from "../shared/ids.js";
import { holdBack, holdButton } from "../shared/patience.js";
import { failure } from "../shared/status.js";
import { t } from "../shared/text.js";
import { readEntry } from "./entry.js";
import { openDialog } from "./parts/dialog.js";
import { heading } from "./parts/states.js";
import { signIn } from "./session.js";
import { setupView } from "./setup.js";
import { demoAccounts } from "./tryout.js";

/** @typedef {import("./session.js").Person} Person */

/**
 * The page of those who are not signed in; that of the first account where there is none yet.
 * @param {() => void} signedIn
 * @param {() => void} again  shows this page anew
 * @returns {Promise<import("./page.js").View>}
 */
export async function signInView(signedIn, again) {
  const { is_new: isNew, demo } = await readEntry();
  if (isNew) return setupView(() => { location.hash = "#/start"; signedIn(); }, again);
  const name = input("username", { autocomplete: "username", autocapitalize: "none", maxlength: 64, autofocus: true });
  const box = h("div");
  const withPassword = () => fill(box, passwordForm(() => name.value.trim(), field("username", t("signin-name"), name), signedIn), h("p", null, other(t("start-code"), withCode)));
  const withCode = () => fill(box, codeForm(() => { location.hash = "#/account"; signedIn(); }), h("p", null, other(t("start-password"), withPassword)));
  const other = (/** @type {string} */ words, /** @type {() => void} */ act) => h("button.button.plain", { type: "button", onclick: act }, words);
  withPassword();
  const fillIn = (/** @type {string} */ username) => {
    withPassword();
    name.value = username;
    const password = document.getElementById("password");
    if (password) password.focus();
  };
  return {
    title: t("signin-title"),
    body: h(demo ? "div.signin.with-tryout" : "div.signin.stack", null,
      h("div.stack", null, tally(48), heading(t("board-product")), h("p.text", null, t("board-lead")), demo ? demoAccounts(demo, fillIn, signedIn) : null),
      h("div.stack", null, box, h("p", null, h("a", { href: "/phone" }, t("to-phone"))))),
  };
}

/** Asks the same person for the password over the page. @param {Person} user @returns {Promise<boolean>} whether it was right */
export async function passwordDialog(user) {
  const answer = await openDialog(t("session-over"), (close) => [
    h("p", null, t("session-over-text", { name: user.display_name })),
    passwordForm(() => user.username, h("input", { type: "hidden", name: "username", autocomplete: "username", value: user.username }), () => close(true)),
    h("button.button.plain", { type: "button", onclick: () => close(null) }, t("cancel")),
  ], { stays: true });
  return answer === true;
}

/** @param {() => string} username @param {HTMLElement} first @param {() => void} signedIn */
function passwordForm(username, first, signedIn) {
  const password = input("password", { type: "password", autocomplete: "current-password", maxlength: 200 });
  const missing = () => {
    if (!username()) return /** @type {[HTMLElement, string]} */ ([first.querySelector("input") || first, t("signin-name-missing")]);
    return password.value ? null : /** @type {[HTMLElement, string]} */ ([password, t("signin-password-missing")]);
  };
  const send = (/** @type {string | undefined} */ factor) => signIn("login", { username: username(), password: password.value, second_factor: factor });
  return signingForm([first, field("password", t("signin-password"), password)], { who: username, missing, send, signedIn });
}

/** @param {() => void} signedIn */
function codeForm(signedIn) {
  const code = input("code", { autocomplete: "one-time-code", autocapitalize: "characters", maxlength: 24, placeholder: "XXXXX-XXXXX" });
  const who = () => code.value.trim().toUpperCase();
  const missing = () => (who() ? null : /** @type {[HTMLElement, string]} */ ([code, t("code-missing")]));
  /** One key for a code, however often it is sent. @type {Map<string, string>} */
  const keys = new Map();
  const send = (/** @type {string | undefined} */ factor) => {
    const key = keys.get(who()) || randomId();
    keys.set(who(), key);
    return signIn("enrol", { code: who(), device_name: t("board-device"), second_factor: factor }, key);
  };
  return signingForm([field("code", t("code-label"), code, t("code-hint"))], { who, missing, send, signedIn });
}

/**
 * @param {HTMLElement[]} fields
 * @param {object} acts
 * @param {() => string} acts.who  whose attempts are slowed down
 * @param {() => [HTMLElement, string] | null} acts.missing  the field that is empty, and what to say
 * @param {(factor: string | undefined) => Promise<void>} acts.send
 * @param {() => void} acts.signedIn
 */
function signingForm(fields, { who, missing, send, signedIn }) {
  const said = h("div", { "aria-live": "assertive" });
  const button = h("button.button.primary", { type: "submit" }, t("signin-act"));
  const factor = input("factor", { inputmode: "numeric", autocomplete: "one-time-code", maxlength: 24 });
  const second = field("factor", t("factor-label"), factor);
  second.hidden = true;
  let stop = () => {};
  const hold = () => {
    stop();
    stop = holdButton(button, t("signin-act"), who().toLowerCase());
  };
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    const empty = missing();
    if (empty) empty[0].focus();
    fill(said, empty ? h("p.fault", null, empty[1]) : null);
    if (empty) return;
    button.setAttribute("aria-disabled", "true");
    button.textContent = t("signing-in");
    try {
      await send(factor.value.trim() || undefined);
      signedIn();
    } catch (error) {
      const { code, retryAfterMs } = /** @type {any} */ (error);
      if (code === "second_factor_needed") {
        second.hidden = false;
        factor.focus();
        fill(said, h("p", null, t("factor-needed")));
      } else fill(said, failure(error));
      holdBack(who().toLowerCase(), retryAfterMs || 0);
    }
    hold();
  };
  return h("form.stack", { novalidate: true, onsubmit: submit }, fields, second, said, button);
}

/** @param {string} id @param {Record<string, unknown>} attributes */
function input(id, attributes) {
  return /** @type {HTMLInputElement} */ (h("input.input", { id, name: id, spellcheck: "false", ...attributes }));
}

/** @param {string} id @param {string} label @param {HTMLElement} control @param {string} [hint] */
function field(id, label, control, hint) {
  return h("div.field", null, h("label", { for: id }, label), control, hint ? h("span.hint", null, hint) : null);
}
