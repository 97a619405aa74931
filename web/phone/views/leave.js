// Signing out: refused while something is only on this phone, with ways to bring it to safety.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { ask, failure, notice } from "../../shared/status.js";
import { nameOf, t } from "../../shared/text.js";
import { saveFile } from "../../shared/files.js";
import { stateShown } from "./states.js";
import { endWords } from "./sync.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** @param {Page} page @returns {Screen} */
export function leaveView(page) {
  const person = page.phone.person();
  const status = page.phone.status();
  const held = status.unsent + status.drafts > 0;
  const title = t("leave-title");
  const { said } = page;
  const send = async () => {
    fill(said, h("p", null, t("working")));
    try {
      const round = await page.phone.sync();
      await page.redraw();
      const { unsent, session } = page.phone.status();
      fill(said, h("p.strong", null, unsent ? endWords(round) : t(session === "ended" ? "leave-deposited" : "leave-sent")));
    } catch (error) {
      fill(said, failure(error));
    }
  };
  const leave = async (/** @type {boolean} */ anyway) => {
    if (anyway && await ask(t("leave-anyway-title"), h("p", null, t("leave-anyway-text")), [{ key: "leave", words: t("leave-anyway"), kind: "danger" }]) !== "leave") return;
    try {
      await page.phone.signOut({ anyway });
      page.go(to("start"), true);
    } catch (error) {
      fill(said, failure(error));
    }
  };
  const save = () => {
    const file = page.phone.exportUnsent();
    saveFile(file.name, file.text, "application/json");
    fill(said, h("p.strong", null, t("export-done", { name: file.name, n: file.counts })), file.leftOut ? h("p.strong", null, t("export-left", { n: file.leftOut })) : null);
  };
  const deposited = page.phone.counts().filter((count) => stateShown(count) === "awaits_sign_in").length;
  const drafted = page.phone.depots().filter((depot) => depot.draft);
  return {
    title,
    where: t("settings-title"),
    back: to("settings"),
    tab: "settings",
    watch: ["counts", "draft", "session"],
    body: h("div.blocks", null,
      h("div.stack", null, h("h1", { tabindex: "-1" }, title), h("p.muted", null, person ? [person.displayName, nameOf(person.organization)].filter(Boolean).join(" · ") : "")),
      deposited ? notice("warn", h("p", null, t("leave-awaits", { n: deposited }))) : null,
      held
        ? [notice("warn", h("p.strong", null, t("leave-held")), h("ul.dots", null, status.unsent ? h("li", null, t("leave-held-counts", { n: status.unsent })) : null, status.drafts ? h("li", null, t("leave-held-drafts", { n: status.drafts })) : null), h("p", null, t("leave-held-text"))),
          h("div.stack-8", null,
            status.unsent ? h("button.button.primary", { type: "button", id: "send", onclick: send }, icon("sync", 22), t("leave-send")) : null,
            status.unsent ? h("button.button", { type: "button", id: "save-file", onclick: save }, icon("file", 20), t("leave-save")) : null,
            drafted.map((depot) => h("a.button", { href: to("review", depot.code) }, t("leave-draft", { depot: nameOf(depot.names, depot.code) })))),
          h("p.small.muted", null, t("leave-deposit-hint"))]
        : [h("p.text", null, t("leave-free")), h("button.button.primary", { type: "button", id: "leave", onclick: () => leave(false) }, t("leave-act"))],
      said,
      held ? h("div", null, h("button.button.danger", { type: "button", id: "leave-anyway", onclick: () => leave(true) }, t("leave-anyway"))) : null),
  };
}
