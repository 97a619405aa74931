// A depot: what to count, by worklist or by shelf; search; the way to what will be sent.

import { h, fill } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { empty, failure, mark, notice } from "../../shared/status.js";
import { clock, figureText, nameOf, t, unitText } from "../../shared/text.js";
import { to } from "../../shared/address.js";
import { countPath, mayCount } from "./page.js";
import { choice } from "../../shared/choice.js";
import { sentElsewhere } from "./offers.js";
import { isCounted, isDecided } from "./typed.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */
/** @typedef {import("../engine/types.js").CountLine} CountLine */

const ORDER_KEY = "muster.order";

/** What is being searched, kept while the screen is drawn anew. */
const searching = { text: "" };

/** The order chosen on this phone. @returns {"worklist" | "shelf"} */
export function lineOrder() {
  try {
    return localStorage.getItem(ORDER_KEY) === "shelf" ? "shelf" : "worklist";
  } catch (_) {
    return "worklist";
  }
}

/** The next line of the depot after this one that nothing was said of. @param {Page} page @param {string} depot @param {string} item */
export function nextOpenLine(page, depot, item) {
  const lines = page.phone.lines(depot, lineOrder());
  const here = lines.findIndex((line) => line.item === item);
  return lines.slice(here + 1).concat(lines.slice(0, here + 1)).find((line) => line.item !== item && !isDecided(line));
}

/** @param {Page} page @param {string} code @returns {Screen} */
export function depotView(page, code) {
  const depot = page.phone.depot(code);
  if (!depot) return missingDepot(code);
  const order = lineOrder();
  const lines = page.phone.lines(code, order);
  const open = lines.filter((line) => !isDecided(line));
  const decided = lines.length - open.length;
  const list = h("div.after-search");
  const listed = () => fill(list, lines.length ? grouped(code, lines, order) : empty(t("depot-empty")));
  listed();
  const pick = (/** @type {string} */ chosen) => {
    try { localStorage.setItem(ORDER_KEY, chosen); } catch (_) { /* the usual order then */ }
    page.redraw();
  };
  const next = open[0];
  const begin = async () => {
    await page.phone.startDraft(code);
    if (next) page.go(to("count", code, next.item));
  };
  const place = h("div");
  return {
    title: nameOf(depot.names, code),
    where: code,
    back: to("depots"),
    tab: "depots",
    watch: ["copy", "draft"],
    leave: (moved) => { if (moved) searching.text = ""; },
    body: [
      h("div.lead", null, h("h1", { tabindex: "-1" }, nameOf(depot.names, code)),
        h("p.muted", null, depot.draft ? t("depot-progress", { done: depot.counted, all: lines.length }) : t("depot-lines", { n: lines.length }),
          " · ", depot.lastCountedAt ? t("depot-last", { at: clock(depot.lastCountedAt) }) : t("depot-never"))),
      mayCount(page) ? sentElsewhere(page) : notice("warn", h("p", null, t("depots-no-right"))),
      h("div.stack", null, searchBox(page, code, list, listed),
        choice(t("order"), [["worklist", t("order-worklist")], ["shelf", t("order-shelf")]], order, pick)),
      list,
      h("p.small", null, h("a", { href: to("labels", code) }, t("labels-link"))),
      place,
    ],
    foot: mayCount(page) && [
        decided ? h(`a.button${next ? "" : ".primary"}`, { href: to("review", code) }, t("review-act", { n: decided })) : null,
        next ? h("button.button.primary", { type: "button", id: "go-on", onclick: () => begin().catch((error) => fill(place, failure(error))) }, depot.draft ? t("depot-continue") : t("depot-start")) : null,
    ],
  };
}

/** What a depot that is not on this phone says, or an item of one that is. @param {string} code @param {string} [depot] @returns {Screen} */
export function missingDepot(code, depot) {
  return {
    title: t("depot-missing-title"), back: depot ? to("depot", depot) : to("depots"), tab: "depots", watch: ["copy"],
    body: [h("h1", { tabindex: "-1" }, t("depot-missing-title")), empty(t("depot-missing", { code }), h("a.button", { href: to("sync") }, t("sync-title")))],
  };
}

/** The lines in groups: by what is due, or by shelf. @param {string} depot @param {CountLine[]} lines @param {string} order */
function grouped(depot, lines, order) {
  /** @type {Map<string, CountLine[]>} */
  const groups = new Map();
  for (const line of lines) {
    const name = order === "shelf" ? line.place || t("place-none") : t(`due-${line.due}`);
    groups.set(name, (groups.get(name) || []).concat(line));
  }
  return Array.from(groups, ([name, members]) => {
    const done = members.filter(isCounted).length;
    return h("section", null, h("h2.group", null, name, h("span.n", null, done ? `${figureText(done)} / ${figureText(members.length)}` : figureText(members.length))),
      h("ul.lines", null, members.map((line) => h("li", null, lineRow(depot, line)))));
  });
}

/** @param {string} depot @param {CountLine} line */
function lineRow(depot, line) {
  const about = [line.item, line.number, line.place].filter(Boolean).join(" · ");
  return h("a.line", { href: to("count", depot, line.item), id: `line-${line.item}` },
    h("span.grow", null, h("span.name", null, nameOf(line.names, line.item)), h("span.under", null, about)),
    h("span.side", null, lineSide(line)));
}

/** What is said of a line so far; never the last count, which would be read as one made now. @param {CountLine} line */
function lineSide(line) {
  const act = line.draft ? line.draft.act : "none";
  if (line.draft && (act === "number" || act === "zero")) {
    const total = line.total || 0;
    return [h("span.figure", null, figureText(total), h("small", null, unitText(line.unit, total))), mark("met", act === "zero" ? t("act-zero") : t("act-counted"))];
  }
  if (act === "skipped") return mark("none", t("act-skipped"));
  if (line.state === "conflict" || line.state === "contested") return mark("contested", t(`stock-${line.state}`));
  if (line.state === "stale" || line.state === "never_counted") return h("span", { class: line.state === "stale" ? "stale" : null }, mark("unknown", t(`stock-${line.state}`)));
  if (line.status === "short") return mark("short", t("status-short"));
  return mark("none", t("act-none"));
}

/**
 * The search: words, codes, pinyin, the four digits of a label, and what a scanner types before it presses Enter.
 * @param {Page} page
 * @param {string} depot
 * @param {HTMLElement} list
 * @param {() => void} listed
 */
function searchBox(page, depot, list, listed) {
  const said = h("span.visually-hidden", { role: "status" });
  const input = /** @type {HTMLInputElement} */ (h("input.input", {
    type: "search", id: "search", autocomplete: "off", spellcheck: "false", enterkeyhint: "go", placeholder: t("search-hint"), value: searching.text, "aria-label": t("search"), maxlength: 200,
  }));
  /** @param {Event} [event] */
  const found = (event) => {
    searching.text = input.value;
    const text = input.value.trim();
    if (!text) return listed();
    const hits = page.phone.search(depot, text, 30);
    // The address of a label is no search.
    if (hits.length && hits[0].depot && event && /** @type {InputEvent} */ (event).inputType === "insertFromPaste") return page.go(countPath(depot, hits[0]));
    said.textContent = t("search-found", { n: hits.length });
    fill(list, hits.length ? h("ul.lines.hits", null, hits.map((hit) => h("li", null, h("a.line", { href: countPath(depot, hit) },
      h("span.grow", null, h("span.name", null, nameOf(hit.names, hit.item)), h("span.under", null, [hit.depot, hit.item, unitText(hit.unit)].filter(Boolean).join(" · "))),
      hit.here ? icon("next", 20) : h("span.side.small.muted", null, t("search-new")))))) : empty(t("search-none", { text })));
  };
  const enter = (/** @type {KeyboardEvent} */ event) => {
    if (event.key !== "Enter") return;
    event.preventDefault();
    const hits = page.phone.search(depot, input.value.trim(), 2);
    const [hit] = hits;
    if (hit && (hits.length === 1 || hit.fit === "exact")) page.go(countPath(depot, hit));
  };
  if (searching.text) found();
  input.addEventListener("input", found);
  input.addEventListener("keydown", enter);
  return h("div.search", null, icon("search", 22), input, said);
}
