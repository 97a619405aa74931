// Marks, notices and states that every view has: loading, empty, error, offline, no right.

import { h } from "./dom.js";
import { icon, shape } from "./icons.js";
import { hasText, t } from "./text.js";

/** A status as shape and word. @param {string} kind short, unknown, met, contested, none @param {string} words */
export function mark(kind, words) {
  return h(`span.mark.mark-${kind}`, null, shape(kind), h("span", null, words));
}

/** A notice in words. @param {"" | "warn" | "bad" | "good"} kind @param {...import("./dom.js").Child} children */
export function notice(kind, ...children) {
  return h(`div.notice${kind ? `.${kind}` : ""}`, null, ...children);
}

/** Bars of the shape of what is coming, shown after 200 ms. @param {number} [lines] */
export function skeleton(lines = 6) {
  return h("div.skeleton", { role: "status", "aria-label": t("state-loading") },
    Array.from({ length: lines }, () => h("i", { "aria-hidden": "true" })));
}

/** Nothing is here: what would be, and the one next act. @param {string} words @param {...import("./dom.js").Child} act */
export function empty(words, ...act) {
  return h("div.empty", null, h("p", null, words), ...act);
}

/**
 * What happened, what to do, and the number of the request.
 * @param {any} error
 * @param {(() => void) | null} [again]
 */
export function failure(error, again) {
  const problem = error && error.problem;
  const words = failureText(error);
  const request = problem && problem.requestId;
  return h("div.notice.bad", { role: "alert" },
    h("p.strong", null, words),
    request ? h("p.small", null, t("state-request", { id: request })) : null,
    again ? h("button.button", { type: "button", onclick: again }, icon("sync", 20), t("again")) : null);
}

/** What a failure says to people: the service in its own words, the page in those of the failure's code. @param {any} error */
export function failureText(error) {
  const problem = error && error.problem;
  const isTold = problem && problem.status > 0 && problem.code !== "not_muster";
  if (isTold && (problem.detail || problem.title)) return problem.detail || problem.title;
  const code = error && error.code ? ownText("failure-", error.code) : null;
  if (code) return t(code, { seconds: error.waitSeconds || 0, who: error.message });
  return t(ownText("state-", "failed") || "", { what: error && error.message ? String(error.message) : "?" });
}

/** The key of a text that a surface may have in words of its own, with `own-` in it; null where there is none. @param {string} start @param {string} name */
function ownText(start, name) {
  return [`${start}own-${name}`, start + name].find(hasText) || null;
}

/** The place of words that pass; it must be there before them, or a screen reader misses the first. */
export function toastPlace() {
  return h("div.toast", { id: "toast", role: "status" });
}

/** Words spoken by a screen reader and shown for a moment, or until the next key. @param {string} words @param {boolean} [top] @param {boolean} [lasting] */
export function toast(words, top, lasting) {
  const place = document.getElementById("toast");
  if (!place) return;
  place.classList.toggle("top", Boolean(top));
  place.textContent = "";
  // What stays covers no act of the strips.
  const main = document.getElementById("main");
  place.style.top = top && lasting && main ? `${main.getBoundingClientRect().top}px` : "";
  const line = h("p", null, words);
  place.appendChild(line);
  if (!lasting) {
    setTimeout(() => line.remove(), 1800);
    return;
  }
  const gone = () => {
    line.remove();
    for (const kind of ["keydown", "pointerdown"]) document.removeEventListener(kind, gone, true);
  };
  for (const kind of ["keydown", "pointerdown"]) document.addEventListener(kind, gone, true);
}

/** Says until the next key that something was not stored. @param {any} error */
export function notStored(error) {
  toast(t("not-stored", { why: failureText(error) }), true, true);
}

/**
 * A dialog over the page: focus stays in it; Escape, Back and another address close it. Resolves with the answer's key, or null.
 * @param {string} title
 * @param {import("./dom.js").Child} body
 * @param {{ key: string, words: string, kind?: string }[]} answers the first is the main one
 * @returns {Promise<string | null>}
 */
export function ask(title, body, answers) {
  return new Promise((resolve) => {
    const before = /** @type {HTMLElement | null} */ (document.activeElement);
    const behind = Array.from(document.body.children).filter((node) => node.id !== "toast");
    /** @type {string | null} */
    let answer = null;
    const close = () => {
      veil.remove();
      behind.forEach((node) => node.removeAttribute("aria-hidden"));
      if (before && before.isConnected) before.focus();
      resolve(answer);
    };
    // The dialog is a step of its own, which Back undoes, and so does each answer.
    history.pushState(null, "");
    addEventListener("popstate", close, { once: true });
    /** @param {string | null} key */
    const done = (key) => {
      answer = key;
      history.back();
    };
    const heading = h("h2", { id: "dialog-title", tabindex: "-1" }, title);
    const buttons = answers.map(({ key, words, kind }) =>
      h(`button.button${kind ? `.${kind}` : ""}`, { type: "button", onclick: () => done(key) }, words));
    const veil = h("div.veil", {
      onkeydown: (/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Escape") done(null);
        if (event.key === "Tab") keepInside(event, veil);
      },
      onclick: (/** @type {Event} */ event) => event.target === veil && done(null),
    }, h("div.dialog.stack", { role: "dialog", "aria-modal": "true", "aria-labelledby": "dialog-title" },
      heading, body, h("div.stack-8.acts", null, buttons, h("button.button", { type: "button", onclick: () => done(null) }, t("cancel")))));
    behind.forEach((node) => node.setAttribute("aria-hidden", "true"));
    document.body.appendChild(veil);
    heading.focus();
  });
}

/** @param {KeyboardEvent} event @param {HTMLElement} box */
function keepInside(event, box) {
  const reached = Array.from(box.querySelectorAll("button, a[href], input, select, textarea"));
  const first = /** @type {HTMLElement} */ (reached[0]);
  const last = /** @type {HTMLElement} */ (reached[reached.length - 1]);
  const at = document.activeElement;
  if (event.shiftKey && (at === first || !reached.includes(/** @type {Element} */ (at)))) {
    event.preventDefault();
    last.focus();
  } else if (!event.shiftKey && at === last) {
    event.preventDefault();
    first.focus();
  }
}
