// Before anybody counts: who uses this phone, signing in with a code or a password, and where the page works better.

import { h, fill } from "../../shared/dom.js";
import { icon, tally } from "../../shared/icons.js";
import { failure, notice } from "../../shared/status.js";
import { nameOf, t } from "../../shared/text.js";
import { to } from "../../shared/address.js";
import { changeSettings } from "../../shared/settings.js";
import { deviceName, insideWechat } from "./page.js";
import { languageChoice } from "./choices.js";
import { holdBack, holdButton } from "../../shared/patience.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** @param {Page} page @returns {Screen} */
export function startView(page) {
  const people = page.phone.people();
  return {
    title: t("product"),
    body: h("div.blocks", null,
      h("div.stack", null, tally(56), h("h1", { tabindex: "-1" }, t("product")), h("p.text", null, t(window.isSecureContext ? "start-lead" : "start-lead-online"))),
      betterElsewhere(),
      people.length ? h("section", null, h("h2", null, t("start-people")), peopleList(page, people)) : null,
      h("div.stack-8", null,
        h(`a.button${people.length ? "" : ".primary"}`, { href: to("code") }, t("start-code")),
        h("a.button", { href: to("signin") }, t("start-password"))),
      h("div.stack", null, languageChoice(page), h("p.small", null, h("a", { href: to("selftest") }, t("selftest-link"))))),
  };
}

/**
 * The people of this phone, each a button that changes to their store.
 * @param {Page} page
 * @param {import("../engine/types.js").Person[]} people
 */
export function peopleList(page, people) {
  const place = h("div");
  /** Who has signed out signs in again. @param {import("../engine/types.js").Person} person */
  const change = ({ account, username }) => page.phone.use(account).then(() => (page.phone.person() ? page.signedIn() : page.go(to("signin", username))), (error) => fill(place, failure(error)));
  return h("div", null, h("ul.lines", null, people.map((person) => h("li", null,
    h("button.line", { type: "button", "aria-pressed": person.current ? "true" : "false", onclick: () => change(person) }, icon("person"),
      h("span.grow", null, h("span.name", null, person.displayName || person.username),
        h("span.under", null, nameOf(person.organization, person.username), person.signedOut ? ` · ${t("person-signed-out")}` : ""),
        person.unsent || person.drafts ? h("span.under", null, h("span.mark.mark-accent", null, icon("phone", 16), onlyHere(person))) : null),
      person.current && page.phone.person() ? h("span.mark.mark-accent.nowrap", null, icon("check", 18), t("person-current")) : icon("next", 20))))), place);
}

/** What of a person is only on this phone. @param {import("../engine/types.js").Person} person */
function onlyHere({ unsent, drafts }) {
  return [unsent ? t("unsent", { n: unsent }) : "", drafts ? t("person-drafts", { n: drafts }) : ""].filter(Boolean).join(" · ");
}

/** A notice where the page cannot keep anything. */
function betterElsewhere() {
  if (insideWechat()) return notice("warn", h("p.strong", null, t("wechat-title")), h("p", null, t("wechat-text")), h("p", null, h("a", { href: to("elsewhere") }, t("strip-more"))));
  return null;
}

/** A code is spent by the button alone, so that opening the address never spends it. @param {Page} page @returns {Screen} */
export function codeView(page) {
  const given = page.code ? showCode(page.code) : "";
  const code = /** @type {HTMLInputElement} */ (h("input.input.code-input", {
    id: "code", name: "code", value: given, autocomplete: "one-time-code", autocapitalize: "characters", spellcheck: "false", maxlength: 24,
    "aria-describedby": "code-hint", placeholder: "XXXXX-XXXXX",
  }));
  return signingScreen(page, {
    title: t("code-title"),
    lead: given ? t("code-given") : t("code-lead"),
    fields: [h("div.field", null, h("label", { for: "code" }, t("code-label")), code, h("span.hint", { id: "code-hint" }, t("code-hint")))],
    act: t("code-act"),
    who: () => code.value.trim().toUpperCase(),
    missing: () => (code.value.trim() ? null : [code, t("code-missing")]),
    send: (options) => page.phone.enrol(code.value.trim().toUpperCase(), options),
    after: h("p", null, h("a", { href: to("signin") }, t("start-password"))),
  });
}

/** @param {Page} page @param {string} [username] @returns {Screen} */
export function signInView(page, username) {
  const person = page.phone.status().session === "ended" ? page.phone.person() : null;
  const name = /** @type {HTMLInputElement} */ (h("input.input", { id: "username", name: "username", value: username || (person ? person.username : ""), autocomplete: "username", autocapitalize: "none", spellcheck: "false", maxlength: 64 }));
  const password = /** @type {HTMLInputElement} */ (h("input.input", { id: "password", name: "password", type: "password", autocomplete: "current-password", maxlength: 200 }));
  return signingScreen(page, {
    title: person ? t("sign-in-again") : t("signin-title"),
    lead: person ? t("signin-again-lead") : t("signin-lead"),
    fields: [
      h("div.field", null, h("label", { for: "username" }, t("signin-name")), name),
      h("div.field", null, h("label", { for: "password" }, t("signin-password")), password),
    ],
    act: t("signin-act"),
    who: () => name.value.trim().toLowerCase(),
    missing: () => (!name.value.trim() ? [name, t("signin-name-missing")] : !password.value ? [password, t("signin-password-missing")] : null),
    send: (options) => page.phone.signIn(name.value.trim(), password.value, options),
    after: h("p", null, h("a", { href: to("code") }, t("start-code"))),
  });
}

/**
 * A form that signs in: its fields, the name of this phone, a second factor when the service asks for it.
 * @param {Page} page
 * @param {{ title: string, lead: string, fields: HTMLElement[], act: string, after: HTMLElement,
 *   who: () => string, missing: () => [HTMLElement, string] | null,
 *   send: (options: { deviceName: string, secondFactor?: string }) => Promise<unknown> }} form
 * @returns {Screen}
 */
function signingScreen(page, form) {
  const device = /** @type {HTMLInputElement} */ (h("input.input", { id: "device", name: "device", value: deviceName(), maxlength: 100, "aria-describedby": "device-hint" }));
  const factor = /** @type {HTMLInputElement} */ (h("input.input", { id: "factor", name: "factor", inputmode: "numeric", autocomplete: "one-time-code", maxlength: 12 }));
  const second = h("div.field", { hidden: true }, h("label", { for: "factor" }, t("factor-label")), factor);
  const place = h("div", { "aria-live": "assertive" });
  const button = /** @type {HTMLButtonElement} */ (h("button.button.primary", { type: "submit" }, form.act));
  const submit = async (/** @type {Event} */ event) => {
    event.preventDefault();
    if (button.getAttribute("aria-disabled")) return;
    const missing = form.missing();
    if (missing) {
      missing[0].setAttribute("aria-invalid", "true");
      missing[0].focus();
      fill(place, h("p.fault", null, missing[1]));
      return;
    }
    fill(place);
    button.setAttribute("aria-disabled", "true");
    button.textContent = t("signing-in");
    try {
      if (device.value.trim() !== deviceName()) changeSettings({ device: device.value.trim() });
      await form.send({ deviceName: deviceName(), secondFactor: factor.value.trim() || undefined });
      page.phone.persist().catch(() => undefined);
      await page.signedIn();
    } catch (error) {
      const { code, retryAfterMs } = /** @type {any} */ (error);
      if (code === "second_factor_needed") {
        second.hidden = false;
        factor.focus();
        fill(place, h("p", null, t("factor-needed")));
      } else fill(place, code === "unreachable" ? notice("bad", h("p.strong", null, t("signin-unreachable"))) : failure(error));
      place.scrollIntoView({ block: "nearest" });
      holdBack(form.who(), retryAfterMs || 0);
      hold();
    }
  };
  let stop = () => {};
  const hold = () => {
    stop();
    stop = holdButton(button, form.act, form.who());
  };
  hold();
  return {
    title: form.title,
    back: to(page.phone.person() ? "settings" : "start"),
    leave: () => stop(),
    body: h("form.blocks", { onsubmit: submit, oninput: () => button.textContent === t("signing-in") || hold(), novalidate: true },
      h("div.stack", null, h("h1", { tabindex: "-1" }, form.title), h("p.text", null, form.lead)),
      betterElsewhere(),
      h("div.stack", null, form.fields, second,
        h("div.field", null, h("label", { for: "device" }, t("device-label")), device, h("span.hint", { id: "device-hint" }, t("device-hint"))),
        place, button),
      form.after),
  };
}

/** A code in two groups. @param {string} code */
function showCode(code) {
  const letters = code.replace(/[^0-9A-Za-z]/g, "").toUpperCase();
  return letters.length === 10 ? `${letters.slice(0, 5)}-${letters.slice(5)}` : code.toUpperCase();
}

/** The names that the self-test has for what is missing, as its abilities. @type {Record<string, string>} */
const ABILITY_OF = { store: "indexedDb", service_worker: "serviceWorker" };

/** Where and how to open the page so that it can count without a network. @param {Page} page @returns {Promise<Screen>} */
export async function elsewhereView(page) {
  const test = await page.phone.selfTest();
  const address = `${location.origin}/phone`;
  const steps = insideWechat() ? ["wechat-step-1", "wechat-step-2", "wechat-step-3"] : window.isSecureContext ? ["browser-step-1", "browser-step-2"] : ["plain-step-1", "plain-step-2"];
  const said = h("p", { role: "status" });
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(address);
      fill(said, t("copied"));
    } catch (_) {
      fill(said, t("copy-by-hand"));
    }
  };
  return {
    title: t("elsewhere-title"),
    back: to(page.phone.person() ? "depots" : "start"),
    body: h("div.blocks", null,
      h("div.stack", null, h("h1", { tabindex: "-1" }, t("elsewhere-title")), h("p.text", null, t("elsewhere-lead"))),
      h("ol.steps", null, steps.map((step) => h("li", null, t(step)))),
      h("div.stack", null, h("p.mono", null, address), h("button.button", { type: "button", onclick: copy }, t("copy-address")), said),
      test.missing.length ? h("section.stack-8", null, h("h2", null, t("elsewhere-missing")), h("ul.dots", null, test.missing.map((what) => h("li", null, t(`selftest-${ABILITY_OF[what] || what}`))))) : null,
      h("p", null, h("a", { href: to("selftest") }, t("selftest-link")))),
  };
}
