// The counts made on this phone, those first that need somebody.

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { empty } from "../../shared/status.js";
import { clock, figureText, t } from "../../shared/text.js";
import { COUNT_STATES, depotOfCount, stateMark, stateShown } from "./states.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** @param {Page} page @returns {Screen} */
export function recordsView(page) {
  const counts = page.phone.counts();
  const title = t("records-title");
  const groups = COUNT_STATES.map((state) => ({ state, members: counts.filter((count) => stateShown(count) === state) })).filter((group) => group.members.length);
  return {
    title,
    tab: "records",
    watch: ["counts", "sync", "copy"],
    body: [
      h("div.lead", null, h("h1", { tabindex: "-1" }, title), counts.length ? h("p.muted", null, t("records-lead")) : null),
      counts.length ? null : empty(t("records-empty"), h("a.button.primary", { href: to("depots") }, t("depots-title"))),
      groups.map(({ state, members }) => h("section", null,
        h("h2.group", null, stateMark(state), h("span.n", null, figureText(members.length))),
        h("p.small.muted", null, t(`state-${state}-text`)),
        h("ul.lines", null, members.map((count) => h("li", null, h("a.line", { href: to("record", count.id), id: `record-${count.id}` },
          h("span.grow", null, h("span.name", null, depotOfCount(count)),
            h("span.under", null, [t("sent-lines", { n: count.lines }), t(`scope-${count.scope}`), count.included === "yes" ? t("included-short") : ""].filter(Boolean).join(" · "))),
          h("span.side", null, h("span.block", null, clock(count.countedAt))), icon("next", 20))))))),
    ],
  };
}
