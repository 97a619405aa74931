// Figures in tables with many cells: the shape of a status as a sign, its number, and the way to what is behind it.

import { h } from "../../../shared/dom.js";
import { figureText, t } from "../../../shared/text.js";
import { link } from "../../links.js";
import { kindOf } from "../../parts/figure.js";
import { to } from "../../../shared/address.js";

/** The signs of the kinds, as `shape` draws them: one sign is one node, and is printed by every font. @type {Record<string, string>} */
const SIGNS = { short: "▲", unknown: "?", met: "●", contested: "◆", none: "○" };

/** The list of the lines behind a figure. @param {Record<string, string | null | undefined>} query as of /shortages */
export function linesLink(query) {
  return link("overview", query).replace(to("overview"), to("overview", "lines"));
}

/**
 * A number of a status, which leads to what is counted: `▲ 12`. Nothing counted is a 0 that leads nowhere.
 * @param {string} status of lines or organizations
 * @param {number} n
 * @param {{ href: string, label: string, bracket?: boolean }} how what is counted, for screen readers
 */
export function signedCount(status, n, { href, label, bracket }) {
  if (!n) return h("span.signed.muted", { title: label }, "0");
  const kind = kindOf(status);
  const words = `${SIGNS[kind]} ${figureText(n)}`;
  return h(`a.signed.mark-${kind}`, { href, "aria-label": `${label}: ${figureText(n)}`, title: label }, bracket ? `(${words})` : words);
}

/** What the signs mean. @param {string[]} statuses of lines */
export function signKey(statuses) {
  return h("p.small.muted", null, statuses.map((status) => `${SIGNS[kindOf(status)]} ${t(`line-status-${status}`)}`).join(" · "));
}

/**
 * A block of the overview with its heading, the sentence that says what it shows, and acts.
 * @param {string} id
 * @param {import("../../../shared/dom.js").Child} body
 * @param {...import("../../../shared/dom.js").Child} acts
 */
export function overviewBlock(id, body, ...acts) {
  return h(`section.stack.overview-${id}`, { "aria-labelledby": `overview-${id}` },
    h("div.headline", null, h("h2", { id: `overview-${id}`, tabindex: "-1" }, t(`overview-${id}`)), acts.length ? h("div.row.wrap.no-print", null, acts) : null), body);
}
