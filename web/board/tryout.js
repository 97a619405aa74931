// The accounts of a demo, each a press away. A browser on another machine than the demo's needs the password that it printed.

import { fill, h } from "../shared/dom.js";
import { failure } from "../shared/status.js";
import { t } from "../shared/text.js";
import { signIn } from "./session.js";

/**
 * @param {import("./entry.js").DemoOffer} demo
 * @param {(username: string) => void} fillIn  puts the name into the form, where the password is to be typed
 * @param {() => void} signedIn
 */
export function demoAccounts({ accounts, password }, fillIn, signedIn) {
  const said = h("div", { "aria-live": "assertive" });
  const buttons = accounts.map(({ username, role }) => {
    const act = async () => {
      if (password === null) return fillIn(username);
      if (button.getAttribute("aria-disabled")) return undefined;
      button.setAttribute("aria-disabled", "true");
      fill(said);
      try {
        await signIn("login", { username, password });
        return signedIn();
      } catch (error) {
        fill(said, failure(error));
        button.removeAttribute("aria-disabled");
        return undefined;
      }
    };
    const button = h("button.button.account-choice", { type: "button", id: `demo-${username}`, onclick: act },
      h("span.strong", null, t(`demo-${role}`)), h("span.small.muted", null, t(`demo-${role}-does`)), h("code.small", null, username));
    return button;
  });
  return h("section.stack-8.tryout", { "aria-labelledby": "tryout" },
    h("h2", { id: "tryout" }, t("demo-title")), h("p", null, t(password === null ? "demo-elsewhere" : "demo-lead")), said,
    h("ul.stack-8", null, buttons.map((button) => h("li", null, button))));
}
