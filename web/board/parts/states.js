// The states that every page has: loading, empty, error, no right, offline. `web/shared/status.js` has the marks and notices.

import { fill, h } from "../../shared/dom.js";
import { failure, notice, skeleton } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { person } from "../session.js";

/** The heading of a page, which gets the focus when the page is opened. @param {string} words @param {...import("../../shared/dom.js").Child} beside acts at its side */
export function heading(words, ...beside) {
  const title = h("h1", { tabindex: "-1" }, words);
  return beside.length ? h("div.headline", null, title, h("div.row.wrap.no-print", null, beside)) : title;
}

/**
 * A part of a page that loads by itself, so that one slow or failing block holds up no other: a skeleton after 200 ms, then what
 * `load` gives, or why there is nothing, with a button that tries again.
 * @param {() => Promise<import("../../shared/dom.js").Child>} load
 * @param {number} [lines] of the skeleton
 */
export function loading(load, lines = 4) {
  const box = h("div.loading", { "aria-busy": "true" });
  const start = async () => {
    box.setAttribute("aria-busy", "true");
    fill(box, skeleton(lines));
    try {
      fill(box, await load());
    } catch (error) {
      fill(box, refusal(error, start));
    }
    box.removeAttribute("aria-busy");
  };
  start();
  return box;
}

/** Why something is not shown: no right, no network, or what went wrong. @param {any} error @param {(() => void) | null} [again] */
export function refusal(error, again) {
  if (!(error && error.problem)) console.error(error);
  if (error && error.status === 403 && error.code === "second_factor_required") {
    return notice("warn", h("p.strong", null, t("factor-required")), h("p", null, h("a", { href: "#/account" }, t("factor-set-up"))));
  }
  return error && error.status === 403 ? noRight(error.message) : failure(error, again);
}

/** One may not: whom to ask. @param {string} [why] the service's own words */
export function noRight(why) {
  const one = person();
  const where = one && (one.region || one.organization);
  return notice("warn", h("p.strong", null, t("no-right-title")), why ? h("p", null, why) : null,
    h("p", null, t(one && one.role === "quartermaster" ? "no-right-ask-bureau" : "no-right-ask-admin", { where: where ? where.name : "" })));
}
