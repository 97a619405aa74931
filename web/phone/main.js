// The phone page: starts the engine, shows the screen that the address names, and says what changed.

import { Phone } from "./engine/phone.js";
import { fill, h } from "../shared/dom.js";
import { failure, skeleton } from "../shared/status.js";
import { chooseLanguage, loadTexts, t } from "../shared/text.js";
import { to } from "../shared/address.js";
import { applySettings, settings } from "../shared/settings.js";
import { seen } from "./views/press.js";
import { drawFrame, drawStrips, shell } from "./views/shell.js";
import { route } from "./views/routes.js";
import { watchVersion } from "./views/version.js";

/** @typedef {import("./views/page.js").Page} Page */
/** @typedef {import("./views/page.js").Screen} Screen */

/** Starts the page. */
async function startPage() {
  const chosen = settings();
  applySettings(chosen);
  const language = chooseLanguage(chosen.language);
  await loadTexts(language);
  const frame = shell();
  fill(frame.main, h("div.scroll", null, h("div.page", null, skeleton())));
  const phone = await Phone.start({ language });
  /** @type {{ turn: number, screen: Screen | null, wanted: string | null }} */
  const now = { turn: 0, screen: null, wanted: null };

  /** @type {{ update: (() => void) | null }} */
  const version = { update: null };

  /** Shows the screen of the address. @param {boolean} moved whether the person went there */
  async function show(moved) {
    const turn = ++now.turn;
    const view = route(page, now);
    if (moved) {
      leaveScreen(true);
      page.said = saidPlace();
    }
    const waiting = setTimeout(() => turn === now.turn && moved && fill(frame.main, h("div.scroll", null, h("div.page", null, skeleton()))), 200);
    /** @type {Screen} */
    let screen;
    try {
      screen = await view();
    } catch (error) {
      console.error(error);
      screen = { title: t("state-failed-title"), back: to("depots"), body: [h("h1", { tabindex: "-1" }, t("state-failed-title")), failure(error, () => show(true))] };
    }
    clearTimeout(waiting);
    if (turn !== now.turn) return;
    const kept = moved ? null : focusKept(frame.main);
    leaveScreen(moved);
    now.screen = screen;
    document.title = `${screen.title} · Muster`;
    drawFrame(frame, page, screen);
    drawStrips(frame, page, version);
    const box = drawBody(frame.main, screen);
    if (moved) {
      const heading = /** @type {HTMLElement | null} */ (frame.main.querySelector("[autofocus]") || frame.main.querySelector("h1"));
      (heading || frame.main).focus({ preventScroll: true });
    } else if (kept) kept(box);
    if (screen.shown) screen.shown(moved);
    if (moved) seen();
  }

  /** Ends what the screen began, before another takes its place or the same one is drawn anew. @param {boolean} moved */
  function leaveScreen(moved) {
    const { screen } = now;
    now.screen = null;
    if (screen && screen.leave) screen.leave(moved);
  }

  /** @type {Page} */
  const page = {
    phone,
    code: null,
    said: saidPlace(),
    go(path, replace) {
      if (replace) {
        history.replaceState(null, "", `/phone${path}`);
        show(true);
      } else if (location.hash === path && location.pathname === "/phone") show(true);
      else if (location.pathname === "/phone") location.hash = path.slice(1);
      else {
        history.pushState(null, "", `/phone${path}`);
        show(true);
      }
    },
    redraw: () => show(false),
    async signedIn() {
      const wanted = now.wanted || to("depots");
      now.wanted = null;
      page.code = null;
      phone.sync().catch(() => undefined);
      page.go(wanted, true);
    },
  };
  window.addEventListener("hashchange", () => show(true));
  window.addEventListener("online", () => drawStrips(frame, page, version));
  window.addEventListener("offline", () => drawStrips(frame, page, version));
  phone.subscribe((kinds) => {
    if (!now.screen) return;
    // A key changes the draft alone: nothing around the count is drawn anew for it.
    if (kinds.size > 1 || !kinds.has("draft")) {
      drawFrame(frame, page, now.screen);
      drawStrips(frame, page, version);
    }
    if ((now.screen.watch || []).some((kind) => kinds.has(kind))) show(false);
  });
  await show(true);
  // The first sync tells the bureau what this browser can do.
  await phone.selfTest().catch(() => undefined);
  drawStrips(frame, page, version);
  phone.startSyncing();
  watchVersion((update) => {
    version.update = update;
    drawStrips(frame, page, version);
  });
}

/** Where a screen says what its acts came to. */
const saidPlace = () => h("div.stack-8", { role: "status" });

/**
 * Draws a screen: its body scrolls, its foot stays.
 * @param {HTMLElement} main
 * @param {Screen} screen
 */
function drawBody(main, screen) {
  const box = screen.counting ? h("div.whole", null, screen.body) : h("div.scroll", null, h("div.page", null, screen.body));
  fill(main, box, screen.foot ? h("div.foot", null, screen.foot) : null);
  if (!screen.counting && !box.querySelector("a[href], button, input, summary")) box.tabIndex = 0;
  return box;
}

/**
 * Remembers where the focus is by the element's id, and how far the screen was scrolled, for when it is drawn anew.
 * @param {HTMLElement} main
 */
function focusKept(main) {
  const { activeElement } = document;
  const id = activeElement ? activeElement.id : "";
  const isHeading = activeElement && activeElement.tagName === "H1";
  const before = main.querySelector(".scroll");
  const top = before ? before.scrollTop : 0;
  return (/** @type {HTMLElement} */ box) => {
    const found = id ? document.getElementById(id) : isHeading ? /** @type {HTMLElement | null} */ (box.querySelector("h1")) : null;
    if (found) found.focus({ preventScroll: true });
    box.scrollTop = top;
  };
}

startPage().catch((error) => {
  console.error(error);
  const again = () => location.reload();
  fill(document.body, h("main.failed", null,
    h("h1", null, "Muster"),
    h("p", { lang: "zh-CN" }, "页面未能打开。本机已保存的盘点不受影响。请检查网络后重试；如仍不能打开，请换用 Chrome 87、Safari 15.4 及以上版本的浏览器。"),
    h("p", { lang: "en" }, "The page did not open. Counts stored on this phone are not affected. Check the network and try again; if it still fails, use a browser of Chrome 87, Safari 15.4 or later."),
    h("p.small.muted", null, String(error && error.message ? error.message : error)),
    h("button.button.primary", { type: "button", onclick: again }, "重试 / Try again")));
});
