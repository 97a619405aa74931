// The board: signs somebody in, shows the page that the address names, and keeps what was typed when a session ends in the middle.

import { to } from "../shared/address.js";
import { fill, h } from "../shared/dom.js";
import { applySettings, changeSettings, settings } from "../shared/settings.js";
import { empty, failure, failureText, skeleton, toast } from "../shared/status.js";
import { chooseLanguage, loadTexts, t } from "../shared/text.js";
import { askAgainBy, person, restoreSession, signOut } from "./session.js";
import { closeDialogs, confirmDialog } from "./parts/dialog.js";
import { heading, noRight, refusal } from "./parts/states.js";
import { EDITORS } from "./page.js";
import { PAGES, pageOf } from "./routes.js";
import { hasRole, ownOrganization } from "./rights.js";
import { boardFrame, drawAsOf, drawBoardFrame } from "./shell.js";
import { passwordDialog, signInView } from "./signin.js";
import { isBureauEmpty } from "./views/start/standing.js";

/** @typedef {import("./page.js").View} View */
/** @typedef {import("./page.js").Board} Board */

/** Starts the board. */
async function startBoard() {
  const chosen = settings();
  applySettings({ ...chosen, large: false });
  await loadTexts(chooseLanguage(chosen.language));
  const frame = boardFrame();
  restoreSession();
  askAgainBy(passwordDialog);
  /** `turn` counts what was drawn, `stay` the pages that the person went to. @type {{ turn: number, stay: number, view: View | null, hash: string }} */
  const now = { turn: 0, stay: 0, view: null, hash: location.hash };

  const acts = {
    async speak(/** @type {string} */ code) {
      if (!(await mayLeave(now.view))) return;
      try {
        await loadTexts(code);
      } catch (error) {
        toast(failureText(error), true, true);
        return;
      }
      changeSettings({ language: code });
      await show(false);
    },
    async again() {
      if (await mayLeave(now.view)) await show(false);
    },
    async leave() {
      if (!(await mayLeave(now.view))) return;
      const isKnown = await signOut();
      await show(true);
      if (!isKnown) toast(t("sign-out-unheard"), true, true);
    },
  };

  /** After signing in: whoever may set up an empty service begins with the first steps. */
  async function arrive() {
    if (location.hash.length < 3 && hasRole(EDITORS) && (await isBureauEmpty())) location.hash = to("start");
    await show(true);
  }

  /** Shows the page of the address. @param {boolean} moved whether the person went there */
  async function show(moved) {
    const turn = ++now.turn;
    if (moved) {
      now.stay += 1;
      closeDialogs();
    }
    const { stay } = now;
    now.hash = location.hash;
    const who = person();
    const found = pageOf(location.hash);
    drawBoardFrame(frame, who, found ? found.page.name : "", acts);
    if (moved) drawAsOf(frame, null);
    /** @type {Board | null} */
    const board = who ? {
      person: who,
      // What answers after the person went elsewhere does not call them back.
      go: (path) => {
        if (stay !== now.stay) return;
        if (location.hash === path) show(true);
        else location.hash = path;
      },
      keepAddress: (path) => {
        if (turn !== now.turn) return;
        history.replaceState(null, "", path);
        now.hash = location.hash;
      },
      redraw: async () => {
        if (stay === now.stay) await show(false);
      },
      asOf: (answer) => turn === now.turn && drawAsOf(frame, answer),
    } : null;
    const waiting = setTimeout(() => turn === now.turn && moved && fill(frame.main, skeleton()), 200);
    /** @type {View} */
    let view;
    try {
      view = await (board ? viewOf(board, found) : signInView(arrive, () => show(true)));
    } catch (error) {
      view = { title: t("state-failed-title"), body: [heading(t("state-failed-title")), refusal(error, () => show(true))] };
    }
    clearTimeout(waiting);
    if (turn !== now.turn) return;
    // A session that ended while the page was read, and nobody signed in again.
    if (who && !person()) return void show(true);
    if (now.view && now.view.leave) now.view.leave();
    now.view = view;
    document.title = `${view.title} · Muster`;
    document.body.classList.toggle("bare", Boolean(view.bare));
    const kept = moved ? null : focusNow(frame.main);
    fill(frame.main, view.body);
    if (kept) kept();
    else {
      window.scrollTo(0, 0);
      const first = /** @type {HTMLElement | null} */ (frame.main.querySelector("[autofocus]") || frame.main.querySelector("h1"));
      (first || frame.main).focus({ preventScroll: true });
    }
    if (view.shown) view.shown();
  }

  window.addEventListener("hashchange", async () => {
    const wanted = location.hash;
    if (wanted === now.hash) return;
    // What was typed stays on the page while it is asked.
    if (!(await mayLeave(now.view))) history.replaceState(null, "", now.hash || to(""));
    else await show(true);
  });
  window.addEventListener("beforeunload", (event) => {
    if (!now.view || !now.view.unsaved || !now.view.unsaved()) return;
    event.preventDefault();
    event.returnValue = "";
  });
  const sayOnline = () => fill(frame.said, navigator.onLine === false ? h("p.notice.warn", null, t("board-offline")) : null);
  for (const kind of ["online", "offline"]) window.addEventListener(kind, sayOnline);
  sayOnline();
  await show(true);
}

/** @param {Board} board @param {ReturnType<typeof pageOf>} found @returns {Promise<View>} */
async function viewOf(board, found) {
  // A quartermaster has one organization: its sheet is the first page.
  const own = ownOrganization();
  if (own && found && found.page === PAGES[0]) {
    history.replaceState(null, "", to("organizations", own));
    return viewOf(board, pageOf(location.hash));
  }
  if (!found) return { title: t("no-page-title"), body: [heading(t("no-page-title")), empty(t("no-page-text"), h("a", { href: to("") }, t("to-first-page")))] };
  const { page, place } = found;
  if (!hasRole(page.roles)) return { title: t(`nav-${page.name}`), body: [heading(t(`nav-${page.name}`)), noRight()] };
  return page.show(board, place);
}

/** Whether the page may be left: asked where something was typed that is not saved. @param {View | null} view */
async function mayLeave(view) {
  if (!view || !view.unsaved || !view.unsaved()) return true;
  return confirmDialog(t("unsaved-title"), t("unsaved-text"), t("unsaved-leave"), { danger: true });
}

/** Remembers the focus by its element's id, and how far the page was scrolled. @param {HTMLElement} main */
function focusNow(main) {
  const { activeElement } = document;
  const id = activeElement && activeElement.id;
  const inMain = activeElement !== null && main.contains(activeElement);
  const top = window.scrollY;
  return () => {
    const found = id ? document.getElementById(id) : inMain ? /** @type {HTMLElement | null} */ (main.querySelector("h1")) : null;
    if (found) found.focus({ preventScroll: true });
    window.scrollTo(0, top);
  };
}

startBoard().catch((error) => {
  console.error(error);
  fill(document.body, h("main.failed.stack", null,
    h("h1", null, "Muster"),
    h("p", { lang: "zh-CN" }, "页面未能打开。请检查网络后重试；如仍不能打开，请换用 Chrome 87、Safari 15.4 及以上版本的浏览器。"),
    h("p", { lang: "en" }, "The page did not open. Check the network and try again; if it still fails, use a browser of Chrome 87, Safari 15.4 or later."),
    failure(error),
    h("button.button.primary", { type: "button", onclick: () => location.reload() }, "重试 / Try again")));
});
