// The wall: one screen of 1920 × 1080 that nobody has to touch. It asks each minute whether something changed, and says plainly when
// it could not.

import { fill, h } from "../../shared/dom.js";
import { failureText, mark } from "../../shared/status.js";
import { age, clock, t } from "../../shared/text.js";
import { to } from "../../shared/address.js";
import { readAll } from "../api.js";
import { BUREAU } from "../page.js";
import { asOfText } from "../parts/asof.js";
import { heading } from "../parts/states.js";
import { expiringBlock, firstBlock, fitWall, headlineBlock, sectorBlock } from "./wall/blocks.js";
import { WALL_DAYS, wallReader } from "./wall/data.js";

/** The time between two questions to the service, and how long a wall may be silent before it says so. */
const WALL_REFRESH_MS = 60000;
const WALL_SILENT_MS = 150000;
/** The time between two looks at the clock. */
const WALL_TICK_MS = 5000;

/** @type {import("../page.js").BoardPage} */
export const wallPage = { name: "wall", roles: BUREAU, inNavigation: true, show: wallView };

/** @param {import("../page.js").Board} board @returns {import("../page.js").View} */
function wallView(board) {
  const reader = wallReader();
  const places = { headline: h("div"), first: h("div"), sectors: h("div"), expiring: h("div") };
  const [asOf, now, state] = [h("span"), h("time.wall-clock"), h("div.wall-state", { role: "status" })];
  /** @type {{ good: number, failed: any, causes: Map<string, string>, timers: number[] }} */
  const held = { good: 0, failed: null, causes: new Map(), timers: [] };
  const { region } = board.person;
  const wall = h("div.wall", { "aria-busy": "true" },
    h("header.wall-top", null, heading(region ? region.name : t("nav-wall")), h("span.wall-product", null, t("board-product")), now),
    wallBlock("headline", t("wall-headline"), places.headline),
    wallBlock("first", t("wall-first"), places.first),
    wallBlock("sectors", t("wall-sectors"), places.sectors),
    wallBlock("expiring", t("wall-expiring", { n: WALL_DAYS }), places.expiring),
    h("footer.wall-foot", null, state, asOf, h("span.grow"),
      typeof document.documentElement.requestFullscreen === "function" ? h("button.button.plain", { type: "button", id: "full-screen", onclick: wallFullScreen }, t("wall-full")) : null,
      h("button.button.plain", { type: "button", id: "refresh-wall", onclick: () => refresh() }, t("refresh")),
      h("a.button.plain", { id: "leave-wall", href: to("") }, t("wall-leave"))));

  const tell = () => {
    now.textContent = clock(Date.now());
    now.setAttribute("datetime", new Date().toISOString());
    const isLate = held.good > 0 && Date.now() - held.good > WALL_SILENT_MS;
    wall.classList.toggle("is-late", Boolean(held.failed) || isLate);
    const words = held.failed
      ? [mark("unknown", held.good ? t("wall-not-since", { at: clock(held.good), age: age(held.good) }) : t("wall-not-yet")), h("span.wall-why", null, failureText(held.failed))]
      : isLate ? [mark("unknown", t("wall-not-since", { at: clock(held.good), age: age(held.good) }))] : [held.good ? t("wall-refreshed", { at: clock(held.good) }) : t("state-loading")];
    const said = words.map((one) => (typeof one === "string" ? one : one.textContent)).join(" ");
    // A screen reader hears it once, not at each look at the clock.
    if (state.textContent !== said) fill(state, words.map((one, at) => [at ? " " : null, one]));
  };

  let asking = false;
  async function refresh() {
    if (asking) return;
    asking = true;
    try {
      if (!held.causes.size) held.causes = new Map((await readAll("/labels")).filter((one) => one.family === "cause").map((one) => [one.code, one.label]));
      const data = await reader.next();
      if (data) {
        fill(places.headline, headlineBlock(data));
        fill(places.first, firstBlock(data, held.causes));
        fill(places.sectors, sectorBlock(data));
        fill(places.expiring, expiringBlock(data));
        fill(asOf, asOfText(data.statuses));
        fitWall(wall);
      }
      held.good = Date.now();
      held.failed = null;
    } catch (error) {
      if (!(/** @type {any} */ (error).problem)) console.error(error);
      held.failed = error;
    }
    asking = false;
    wall.removeAttribute("aria-busy");
    tell();
  }

  const onKey = (/** @type {KeyboardEvent} */ event) => {
    if (event.key === "Escape" && !document.fullscreenElement && !document.querySelector("dialog[open]")) board.go(to(""));
  };
  const onOnline = () => refresh();
  const onResize = () => fitWall(wall);
  return {
    title: t("nav-wall"),
    bare: true,
    body: wall,
    shown: () => {
      tell();
      refresh();
      held.timers = [window.setInterval(refresh, WALL_REFRESH_MS), window.setInterval(tell, WALL_TICK_MS)];
      addEventListener("keydown", onKey);
      addEventListener("online", onOnline);
      addEventListener("resize", onResize);
    },
    leave: () => {
      held.timers.forEach((timer) => window.clearInterval(timer));
      removeEventListener("keydown", onKey);
      removeEventListener("online", onOnline);
      removeEventListener("resize", onResize);
    },
  };
}

/** @param {string} name @param {string} title @param {HTMLElement} place */
function wallBlock(name, title, place) {
  return h(`section.wall-block.wall-${name}`, { "aria-labelledby": `wall-${name}` }, h("h2", { id: `wall-${name}` }, title), place, h("p.wall-rest.muted"));
}

function wallFullScreen() {
  if (document.fullscreenElement) document.exitFullscreen().catch(console.error);
  else document.documentElement.requestFullscreen().catch(console.error);
}
