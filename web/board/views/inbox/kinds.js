// The kinds of what waits, side by side, each with its number.

import { fill, h } from "../../../shared/dom.js";
import { figureText, t } from "../../../shared/text.js";
import { mayEdit } from "../../rights.js";
import { organizationsAsked } from "./ask.js";
import { troubledPhones } from "./phones.js";
import { inboxLink } from "./shared.js";

/** @typedef {import("./data.js").InboxData} InboxData */

/** The kinds of what waits, in the order in which they are worked off, and how many of each there are. @type {[string, (data: InboxData) => Promise<number | null>][]} */
const INBOX_KINDS = [
  ["quarantine", async (data) => (await data.quarantine()).rows.length],
  ["counts", async (data) => (await data.counts()).rows.length],
  ["phones", async (data) => (mayEdit() ? troubledPhones((await data.devices()).rows).length : null)],
  ["ledger", async (data) => (await data.ledger()).rows.length],
  ["ask", async (data) => organizationsAsked((await data.ask()).rows).length],
];

/** The kinds, each with its number, which is loaded by itself. @param {InboxData} data @param {string} current */
export function inboxKindsNavigation(data, current) {
  return h("nav.inbox-kinds.no-print", { "aria-label": t("inbox-kinds") }, h("ul", null, INBOX_KINDS.map(([kind, number]) => {
    const shown = h("span.inbox-number", { "aria-busy": "true" }, "…");
    number(data).then((n) => {
      fill(shown, n === null ? t("inbox-number-hidden") : figureText(n));
      shown.classList.toggle("none", n === 0);
      shown.removeAttribute("aria-busy");
    }, () => {
      // The block of the kind says why.
      fill(shown, t("inbox-number-failed"));
      shown.removeAttribute("aria-busy");
    });
    return h("li", null, h("a", { href: inboxLink(kind), "aria-current": kind === current ? "page" : null, data: { kind } }, shown, h("span", null, t(`inbox-kind-${kind}`))));
  })));
}
