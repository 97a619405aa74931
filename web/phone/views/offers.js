// Counts that this account began on another phone, and that the service keeps.

import { fill, h } from "../../shared/dom.js";
import { failure, notice } from "../../shared/status.js";
import { clock, nameOf, t } from "../../shared/text.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {{ id: string, depot: string, changedAt: string | null }} OfferedDraft */

/** Those found when the person came to the page, for when it is drawn anew. @type {{ account: string, drafts: OfferedDraft[] }} */
const offered = { account: "", drafts: [] };

/** The latest first. @param {OfferedDraft} one @param {OfferedDraft} other */
const latestFirst = (one, other) => ((one.changedAt || "") < (other.changedAt || "") ? 1 : -1);

/** Says that another phone sent what was in work here, until somebody has read it. @param {Page} page */
export function sentElsewhere(page) {
  const sent = page.phone.sentElsewhere();
  if (!sent) return null;
  const depot = nameOf(page.phone.depotNames(sent.depot), sent.depot);
  return notice("warn", h("p", null, t("drafts-sent", { depot })), sent.left ? h("p", null, t("drafts-sent-left", { n: sent.left })) : null,
    h("button.button", { type: "button", id: "sent-read", onclick: () => page.phone.readElsewhere().then(page.redraw) }, t("act-done")));
}

/** The place of the offers. */
export const offerPlace = () => h("div", { id: "offers" });

/**
 * Offers to go on with them here. The service is asked once the phone knows the depots, and each time that somebody comes to the page.
 * @param {Page} page
 * @param {boolean} moved whether the person just came to the page
 */
export async function offerDrafts(page, moved) {
  const person = page.phone.person();
  const { session, copy } = page.phone.status();
  if (!person) return;
  if ((moved || offered.account !== person.account) && session === "open" && copy) {
    Object.assign(offered, { account: person.account, drafts: [] });
    const drafts = await page.phone.draftsOnServer().catch(() => []);
    if (offered.account === person.account) offered.drafts = drafts.sort(latestFirst);
  }
  const place = document.getElementById("offers");
  const present = page.phone.person();
  if (!place || !present || present.account !== offered.account || !offered.drafts.length) return;
  fill(place, h("div.notice", null, h("p.strong", null, t("drafts-elsewhere")), offered.drafts.map((draft) => offer(page, draft))));
  // What stands below has moved: what has the focus stays in sight.
  const focused = document.activeElement;
  if (focused && focused.closest(".depots")) focused.scrollIntoView({ block: "nearest" });
}

/** @param {Page} page @param {OfferedDraft} draft */
function offer(page, draft) {
  const depot = page.phone.depot(draft.depot);
  const words = { depot: depot ? nameOf(depot.names, depot.code) : draft.depot, at: draft.changedAt ? clock(draft.changedAt) : "?" };
  if (depot && depot.draft && depot.counted + depot.skipped > 0) return h("p", null, t("drafts-here", words));
  const place = h("div");
  const take = async () => {
    try {
      await page.phone.takeDraft(draft.id);
      offered.drafts = offered.drafts.filter((one) => one.id !== draft.id);
      page.go(to("depot", draft.depot));
    } catch (error) {
      fill(place, failure(error));
    }
  };
  return h("div.stack-8", null, h("button.button", { type: "button", onclick: take }, t("drafts-take", words)), place);
}
