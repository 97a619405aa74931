// The frame around each page: whose board it is, as of when, the language, the person, and the pages that the role may open.

import { fill, h } from "../shared/dom.js";
import { icon, tally } from "../shared/icons.js";
import { toastPlace } from "../shared/status.js";
import { LANGUAGES, language, t } from "../shared/text.js";
import { to } from "../shared/address.js";
import { EDITORS } from "./page.js";
import { asOfText } from "./parts/asof.js";
import { PAGES } from "./routes.js";
import { hasRole } from "./rights.js";

/** @typedef {import("./session.js").Person} Person */

/**
 * What the frame can do.
 * @typedef {object} FrameActs
 * @property {(code: string) => void} speak  another language
 * @property {() => void} again  reads the page's data again
 * @property {() => void} leave  signs out
 */

/** The parts of the frame, made once. */
export function boardFrame() {
  const boot = document.querySelector(".boot");
  if (boot) boot.remove();
  const main = h("main", { id: "main", tabindex: "-1" });
  const skip = h("a.button.skip", { href: "#main", onclick: (/** @type {Event} */ event) => { event.preventDefault(); main.focus(); } });
  const header = h("header.top");
  const nav = h("nav.pages");
  const asOf = h("p.as-of.top-as-of");
  const said = h("div.said", { role: "status" });
  document.body.append(skip, header, nav, said, main, toastPlace());
  // A menu closes when something else is pressed, and by Escape.
  const closeMenus = (/** @type {Event} */ event) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      const isKey = event instanceof KeyboardEvent;
      if (isKey ? event.key !== "Escape" : menu.contains(/** @type {Node} */ (event.target))) continue;
      menu.removeAttribute("open");
      const summary = /** @type {HTMLElement | null} */ (menu.querySelector("summary"));
      if (isKey && summary) summary.focus();
    }
  };
  for (const kind of ["click", "keydown"]) document.addEventListener(kind, closeMenus);
  return { main, skip, header, nav, asOf, said };
}

/** @typedef {ReturnType<typeof boardFrame>} Frame */

/** Draws the frame for a person and a page. @param {Frame} frame @param {Person | null} who @param {string} current @param {FrameActs} acts */
export function drawBoardFrame(frame, who, current, acts) {
  frame.skip.textContent = t("skip-to-content");
  const where = who && (who.region || who.organization);
  fill(frame.header, h("a.brand", { href: to("") }, tally(32), h("span", null, where ? where.name : t("board-product"))),
    who ? [frame.asOf, h("button.button.plain.again", { type: "button", onclick: acts.again }, icon("sync", 18), h("span", null, t("refresh")))] : h("span.grow"),
    languageButtons(acts), who ? personMenu(who, acts) : null);
  frame.nav.hidden = !who;
  frame.nav.setAttribute("aria-label", t("pages"));
  const list = h("ul", { id: "pages" }, PAGES.filter((page) => page.inNavigation && hasRole(page.roles)).map(({ name }) => h("li", null,
    h("a", { href: to(name), "aria-current": name === current ? "page" : null }, t(`nav-${name}`)))));
  const fold = h("button.button.fold", { type: "button", "aria-expanded": "false", "aria-controls": "pages", onclick: () => {
    const open = fold.getAttribute("aria-expanded") !== "true";
    fold.setAttribute("aria-expanded", String(open));
    list.classList.toggle("open", open);
  } }, icon("settings", 20), h("span", null, t("pages")));
  fill(frame.nav, fold, list);
}

/** Says in the header as of when the page is; nothing where it is of no time. @param {Frame} frame @param {import("./page.js").Standing | null} answer */
export function drawAsOf(frame, answer) {
  fill(frame.asOf, answer ? h("time", { datetime: answer.known_at }, asOfText(answer)) : null);
}

/** @param {FrameActs} acts */
function languageButtons(acts) {
  return h("div.languages", { role: "group", "aria-label": "中文 / English" }, LANGUAGES.map(([code, words]) =>
    h("button", { type: "button", lang: code, id: `language-${code}`, "aria-pressed": String(code === language()), onclick: () => acts.speak(code) }, words)));
}

/** @param {Person} who @param {FrameActs} acts */
function personMenu(who, acts) {
  return h("details.menu", null,
    h("summary", null, icon("person", 20), h("span", null, who.display_name)),
    h("div.menu-box", null,
      h("p.small.muted", null, `${who.username} · ${t(`role-${who.role}`)}`),
      h("ul", null,
        h("li", null, h("a", { href: to("account") }, icon("settings", 18), t("nav-account"))),
        hasRole(EDITORS) ? h("li", null, h("a", { href: to("start") }, icon("check", 18), t("nav-start"))) : null,
        h("li", null, h("a", { href: "/phone" }, icon("phone", 18), t("to-phone"))),
        h("li", null, h("button.button.plain", { type: "button", id: "sign-out", onclick: acts.leave }, icon("out", 18), t("sign-out"))))));
}
