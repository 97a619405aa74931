// My shortages, worked out on the phone: required, usable, missing, until when, why.

import { h } from "../../shared/dom.js";
import { empty, mark, notice } from "../../shared/status.js";
import { clock, figureText, interval, language, nameOf, t, unitText } from "../../shared/text.js";
import { choice } from "../../shared/choice.js";
import { clockNotice } from "./clock.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */
/** @typedef {import("../engine/types.js").ShortageLine} ShortageLine */

/** @type {Record<string, string>} */
const STATUS_KINDS = { short: "short", unknown: "unknown", not_set: "none", met: "met", at: "met", below: "unknown", not_required: "none" };

/** Which lines are shown, until the page is closed. */
const chosenLines = { which: "short" };

/** @param {Page} page @returns {Screen} */
export function shortagesView(page) {
  const all = page.phone.shortages({ all: true });
  const mandatory = all.filter((line) => line.strength === "mandatory");
  const sets = /** @type {Record<string, ShortageLine[]>} */ ({
    short: mandatory.filter((line) => line.status === "short"),
    unknown: mandatory.filter((line) => line.status === "unknown" || line.status === "not_set"),
    all: mandatory.filter((line) => line.status !== "short" && line.status !== "unknown" && line.status !== "not_set").concat(all.filter((line) => line.strength !== "mandatory")),
  });
  const copy = page.phone.status().copy;
  const title = t("shortages-title");
  return {
    title,
    tab: "shortages",
    watch: ["copy", "sync"],
    body: [
      h("div.lead", null, h("h1", { tabindex: "-1" }, title),
        h("p.muted", null, copy ? t(copy.days ? "shortages-as-of-old" : "shortages-as-of", { at: clock(copy.pulledAt), day: copy.today }) : t("depots-no-copy"))),
      clockNotice(page),
      all.length ? [
        copy && copy.days ? notice("warn", h("p", null, t("shortages-aged", { days: copy.days }))) : null,
        choice(title, [["short", `${t("standing-short")} ${sets.short.length}`], ["unknown", `${t("standing-unknown")} ${sets.unknown.length}`], ["all", `${t("shortages-rest")} ${sets.all.length}`]],
          chosenLines.which, (which) => { chosenLines.which = which; page.redraw(); }),
        sets[chosenLines.which].length
          ? h("ul.lines.shortages", null, sets[chosenLines.which].map((line) => h("li", null, shortageBlock(page, line))))
          : empty(t(`shortages-none-${chosenLines.which}`)),
      ].map((part) => h("div.after", null, part)) : empty(t("shortages-empty"), h("a.button", { href: to("sync") }, t("sync-title"))),
    ],
  };
}

/** @param {Page} page @param {ShortageLine} line */
function shortageBlock(page, line) {
  const unit = unitText(line.unit, line.missing.max === null ? undefined : line.missing.max);
  const [name, lang] = shortageName(page, line);
  const missing = line.missing.max === 0 ? null : line.missing;
  const figure = (/** @type {string} */ words, /** @type {import("../../shared/dom.js").Child} */ n) => h("div", null, h("dt", null, words), h("dd", null, n));
  return h("article.shortage", { class: line.aged ? "stale" : null },
    h("h2", { lang }, name),
    h("p.row.wrap.small", null, mark(STATUS_KINDS[line.status] || "none", t(`status-${line.status}`)),
      h("span.muted", null, t(`strength-${line.strength}`)), line.basis === "indicative" ? h("span.muted", null, t("basis-indicative")) : null),
    h("dl.figures", null,
      figure(t("figure-required"), interval(line.required)),
      figure(t("figure-usable"), line.usable.max === null && line.usable.min === 0 ? t("figure-uncounted") : interval(line.usable)),
      figure(t("figure-missing"), missing ? (missing.max === null && missing.min === 0 ? t("figure-unknown") : [interval(missing), h("small", null, unit)]) : "0")),
    h("p.small.muted", null, whyShort(page, line), line.validThrough ? `${wordGap()}${t("shortage-until", { day: line.validThrough })}` : ""));
}

/**
 * The name of a line: an item, a choice of items, or what a standard calls it, which the copy has in English alone.
 * @param {Page} page
 * @param {ShortageLine} line
 * @returns {[string, string | null]} with its language where that is not the page's
 */
function shortageName(page, line) {
  if (line.names) return [nameOf(line.names, line.item), null];
  const names = line.item.split("|").map((code) => {
    const item = page.phone.item(code);
    return item ? nameOf(item.names, code) : "";
  });
  if (names.every(Boolean)) return [names.join(`${wordGap()}${t("or")}${wordGap()}`), null];
  return [line.item, /[\u4e00-\u9fff]/.test(line.item) ? "zh-CN" : "en"];
}

/** What stands between two words, and between two sentences. */
const wordGap = () => (language().startsWith("zh") ? "" : " ");

/** Why, in words. @param {Page} page @param {ShortageLine} line */
function whyShort(page, line) {
  return line.reasons.map((reason) => t(`reason-${reason.code}`, {
    depot: reason.depot ? nameOf(page.phone.depotNames(reason.depot), reason.depot) : t("reason-depot-any"),
    n: reason.quantity === null ? "?" : figureText(reason.quantity), unit: unitText(line.unit, reason.quantity === null ? undefined : reason.quantity), day: reason.day || "",
  })).join(wordGap());
}
