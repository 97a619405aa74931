// Settings of this browser, the people on this phone, and ways to other screens.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { failure, toast } from "../../shared/status.js";
import { age, nameOf, t } from "../../shared/text.js";
import { choice } from "../../shared/choice.js";
import { languageChoice, toggle } from "./choices.js";
import { chooseCounts } from "./files.js";
import { to } from "../../shared/address.js";
import { changeSettings, settings } from "../../shared/settings.js";
import { countsOnline } from "./page.js";
import { peopleList } from "./start.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** @param {Page} page @returns {Screen} */
export function settingsView(page) {
  const chosen = settings();
  const person = page.phone.person();
  const people = page.phone.people();
  const status = page.phone.status();
  const title = t("settings-title");
  const { said } = page;
  const change = (/** @type {Partial<import("../../shared/settings.js").Settings>} */ changed) => {
    changeSettings(changed);
    page.redraw();
  };
  const takeIn = async () => {
    try {
      const text = await chooseCounts();
      if (text === null) return;
      const { taken, known, refused } = await page.phone.importCounts(text);
      fill(said, h("p.strong", null, t("import-done", { taken, known })), refused.length ? h("p.fault", null, t("import-refused", { n: refused.length })) : null);
    } catch (error) {
      fill(said, failure(error));
    }
  };
  const way = (/** @type {string} */ path, /** @type {string} */ sign, /** @type {string} */ words, /** @type {string} */ under) => h("li", null, h("a.line", { href: path }, icon(sign), h("span.grow", null, h("span.name", null, words), under ? h("span.under", null, under) : null), icon("next", 20)));
  return {
    title,
    tab: "settings",
    watch: ["people", "session", "sync"],
    body: h("div.blocks", null,
      h("div", null, h("h1", { tabindex: "-1" }, title), person ? h("p.muted", null, [person.displayName, nameOf(person.organization)].filter(Boolean).join(" · ")) : null),
      h("ul.lines", null,
        way(to("sync"), "sync", t("sync-title"), status.lastContactAt ? t("sync-contact", { age: age(status.lastContactAt) }) : t("sync-never")),
        person && person.role !== "quartermaster" ? way("/board", "shortages", t("to-board"), t("to-board-hint")) : null,
        way(to("selftest"), "phone", t("selftest-title"), t(countsOnline(page.phone) ? "selftest-online_only" : "selftest-offline")),
        h("li", null, h("button.line", { type: "button", id: "take-in", onclick: takeIn }, icon("file"), h("span.grow", null, h("span.name", null, t("import-act")), h("span.under", null, t("import-hint")))))),
      said,
      h("section.stack", null, h("h2", null, t("settings-show")),
        h("div", null, h("p.label", null, t("settings-language")), languageChoice(page)),
        h("div", null, h("p.label", null, t("settings-theme")), choice(t("settings-theme"), [["auto", t("theme-auto")], ["light", t("theme-light")], ["dark", t("theme-dark")]], chosen.theme, (theme) => change({ theme: /** @type {any} */ (theme) }))),
        toggle("large", t("settings-large"), t("settings-large-hint"), chosen.large, (large) => changeSettings({ large }))),
      h("section.stack", null, h("h2", null, t("settings-count")),
        h("div", null, h("p.label", null, t("settings-last")), choice(t("settings-last"), [["after", t("last-after")], ["never", t("last-not")], ["before", t("last-before")]], chosen.last, (last) => change({ last: /** @type {any} */ (last) })), h("p.small.muted", null, t("settings-last-hint"))),
        toggle("vibrate", t("settings-vibrate"), "", chosen.vibrate, (vibrate) => changeSettings({ vibrate }))),
      h("section", null, h("h2", null, t("settings-people")), h("p.small.muted", null, t("settings-people-hint")), peopleList(page, people),
        h("div.stack-8.acts", null, h("a.button", { href: to("code") }, icon("plus", 20), t("person-add")), person ? h("a.button", { href: to("leave") }, icon("out", 20), t("leave-title")) : null)),
      h("p.small.muted", null, h("button.button.plain.inline", { type: "button", onclick: () => page.phone.persist().then((kept) => toast(t(kept ? "persist-yes" : "persist-no"))) }, t("persist-act")))),
  };
}
