// What this phone can do, and what that means.

import { h } from "../../shared/dom.js";
import { mark, notice } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

const ABILITIES = /** @type {const} */ (["secure", "indexedDb", "strictWrites", "localCopy", "persisted", "serviceWorker", "subtle", "ed25519", "compression", "locks", "randomUuid"]);

/** Those without which the page has a replacement of its own. */
const REPLACED = ["subtle", "ed25519", "compression", "locks", "randomUuid", "persisted", "localCopy"];

/** @param {Page} page @returns {Promise<Screen>} */
export async function selfTestView(page) {
  const test = await page.phone.selfTest();
  const title = t("selftest-title");
  const offline = test.verdict === "offline";
  return {
    title,
    where: t("settings-title"),
    back: to(page.phone.person() ? "settings" : "start"),
    tab: "settings",
    body: h("div.blocks", null,
      h("h1", { tabindex: "-1" }, title),
      notice(offline ? "good" : "warn", h("p.strong", null, t(`selftest-${test.verdict}`)), h("p", null, t(offline ? "selftest-offline-text" : "selftest-online_only-text")),
        h("p", null, h("a", { href: to("elsewhere") }, t("strip-more")))),
      h("ul.lines", null, ABILITIES.map((ability) => h("li", null, h("div.line.still", null,
        h("span.grow", null, h("span.name", null, t(`selftest-${ability}`)), test[ability] ? null : h("span.under", null, t(REPLACED.includes(ability) ? `selftest-without-${ability}` : "selftest-needed"))),
        h("span.side", null, test[ability] ? mark("met", t("selftest-yes")) : mark(REPLACED.includes(ability) ? "none" : "unknown", t("selftest-no"))))))),
      h("dl.pairs", null, h("dt", null, t("selftest-inside")), h("dd", null, test.inside || t("selftest-browser")),
        h("dt", null, t("selftest-agent")), h("dd.mono", null, navigator.userAgent)),
      h("p.small.muted", null, t("selftest-told"))),
  };
}
