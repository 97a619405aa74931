// The frame around each screen: the bar with the number unsent, what must be known, the tabs.

import { h, fill } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { failureText, toast, toastPlace } from "../../shared/status.js";
import { age, clock, nameOf, t } from "../../shared/text.js";
import { to } from "../../shared/address.js";
import { countsOnline } from "./page.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

const TABS = [["depots", "depot"], ["shortages", "shortages"], ["expiring", "expiring"], ["records", "records"], ["settings", "settings"]];

/** The parts of the frame, made once. */
export function shell() {
  const boot = document.querySelector(".boot");
  if (boot) boot.remove();
  const bar = h("header.bar");
  const strips = h("div", { role: "region", "aria-label": "" });
  const main = h("main", { id: "main", tabindex: "-1" });
  const tabs = h("nav.tabs");
  const skip = h("a.button.skip", { href: "#main", onclick: (/** @type {Event} */ e) => { e.preventDefault(); main.focus(); } });
  document.body.append(skip, bar, strips, main, tabs, toastPlace());
  return { skip, bar, strips, main, tabs };
}

/** @param {ReturnType<typeof shell>} frame @param {Page} page @param {Screen} screen */
export function drawFrame(frame, page, screen) {
  const person = page.phone.person();
  frame.skip.textContent = t("skip-to-content");
  fill(frame.bar,
    screen.back ? h("a.back", { href: screen.back, "aria-label": t("back") }, icon("back", 26)) : null,
    h("p.where", null, screen.where || (person ? nameOf(person.organization, person.displayName) : t("product"))),
    person ? unsentChip(page.phone.status().unsent, unsentOfOthers(page)) : null);
  const tabbed = Boolean(person) && !screen.counting;
  frame.tabs.hidden = !tabbed;
  document.body.dataset.tabs = tabbed ? "yes" : "no";
  document.body.classList.toggle("counting", Boolean(screen.counting));
  frame.tabs.setAttribute("aria-label", t("tabs"));
  fill(frame.tabs, h("ul", null, TABS.map(([tab, sign]) => h("li", null,
    h("a", { href: to(tab), "aria-current": screen.tab === tab ? "page" : false }, icon(sign), h("span", null, t(`tab-${tab}`)))))));
}

/** The counts of the other people of this phone that are only here. @param {Page} page */
function unsentOfOthers(page) {
  return page.phone.people().reduce((sum, person) => sum + (person.current ? 0 : person.unsent), 0);
}

/** The number of counts that are only on this phone. @param {number} unsent @param {number} others those of other people of this phone */
function unsentChip(unsent, others) {
  const words = [t("unsent-long", { n: unsent }), others ? t("unsent-others-long", { n: others }) : ""].filter(Boolean).join(" ");
  return h(`a.unsent${unsent + others ? ".some" : ""}`, { href: to(others && !unsent ? "settings" : "sync"), "aria-label": words },
    icon(unsent + others ? "phone" : "check", 18), h("span", null, t("unsent", { n: unsent }), others ? t("unsent-others", { n: others }) : null));
}

/**
 * What must be known on every screen, the gravest first.
 * @param {ReturnType<typeof shell>} frame
 * @param {Page} page
 * @param {{ update: (() => void) | null }} version
 */
export function drawStrips(frame, page, version) {
  const strips = [];
  const status = page.phone.status();
  const button = (/** @type {string} */ words, /** @type {() => void} */ act) => h("button.button.inline", { type: "button", onclick: act }, words);
  if (status.store) strips.push(strip("bad", t("strip-store")));
  if (status.elsewhere) strips.push(strip("warn", t("strip-elsewhere"), button(t("strip-elsewhere-act"), () => page.phone.takeOver().then(page.redraw, (error) => toast(failureText(error), true, true)))));
  if (page.phone.person() && status.session !== "open") {
    strips.push(strip("warn", t("strip-ended"), h("a.button.inline", { href: to("signin") }, t("sign-in-again"))));
  }
  if (!window.isSecureContext) strips.push(strip("warn", t("strip-plain"), h("a", { href: to("elsewhere") }, t("strip-more"))));
  else if (countsOnline(page.phone)) strips.push(strip("warn", t("strip-online-only"), h("a", { href: to("elsewhere") }, t("strip-more"))));
  if (version.update) strips.push(strip("", t("strip-version"), button(t("strip-version-act"), () => version.update && version.update())));
  const { copy, lastRound } = status;
  const end = lastRound && lastRound.end;
  const offline = navigator.onLine === false || Boolean(end && end.code === "unreachable");
  if (page.phone.person() && offline && !status.elsewhere) {
    strips.push(h("p.strip", null, icon("cloud", 20), h("span", null,
      copy ? t("strip-offline", { at: clock(copy.pulledAt), age: age(copy.pulledAt) }) : t("strip-offline-empty"))));
  } else {
    if (end && end.kind === "again" && !status.elsewhere) strips.push(h("p.strip", null, icon("sync", 20), h("span", null, t("round-again", { code: end.code }))));
    if (copy && copy.days >= 3) strips.push(h("p.strip", null, icon("info", 20), h("span", null, t("strip-old", { day: copy.pulledOn, days: copy.days }))));
  }
  frame.strips.setAttribute("aria-label", t("strips"));
  frame.strips.hidden = !strips.length;
  // The same again is not drawn anew: an alert would be spoken once more, and a button would lose the focus.
  const words = strips.map((one) => one.textContent).join("\n");
  if (frame.strips.dataset.words === words) return;
  frame.strips.dataset.words = words;
  fill(frame.strips, strips);
}

/** @param {string} kind @param {...import("../../shared/dom.js").Child} words */
function strip(kind, ...words) {
  const [first, ...act] = words;
  return h(`div.notice.banner${kind ? `.${kind}` : ""}`, { role: kind === "bad" ? "alert" : null }, h("p", null, first), ...act);
}
