// Which screen an address names.

import { fromAddress, to } from "../../shared/address.js";
import { codeView, elsewhereView, signInView, startView } from "./start.js";
import { depotsView } from "./depots.js";
import { depotView } from "./depot.js";
import { countView } from "./count.js";
import { reviewView } from "./review.js";
import { sentView } from "./sent.js";
import { recordsView } from "./records.js";
import { recordView } from "./record.js";
import { shortagesView } from "./shortages.js";
import { expiringView } from "./expiring.js";
import { syncView } from "./sync.js";
import { settingsView } from "./settings.js";
import { leaveView } from "./leave.js";
import { selfTestView } from "./selftest.js";
import { labelsView } from "./labels.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").View} View */

/** Without the names that every object has. @type {Record<string, View>} */
const VIEWS = Object.assign(Object.create(null), {
  start: startView, code: codeView, signin: signInView, elsewhere: elsewhereView, depots: depotsView, depot: depotView,
  count: countView, review: reviewView, sent: sentView, records: recordsView, record: recordView, shortages: shortagesView,
  expiring: expiringView, sync: syncView, settings: settingsView, leave: leaveView, selftest: selfTestView, labels: labelsView,
});

/** What may be a code of an address: letters and digits in groups. */
const CODE = /^[0-9A-Za-z][0-9A-Za-z\s-]{0,23}$/;

/** Screens that need nobody to be signed in. */
const OPEN = ["start", "code", "signin", "elsewhere", "selftest"];

/**
 * The screen of the address; what a person wanted before signing in is kept.
 * @param {Page} page
 * @param {{ wanted: string | null }} memory
 */
export function route(page, memory) {
  const { pathname, hash } = location;
  if (pathname === "/phone/selftest" && !hash.startsWith("#/")) return () => selfTestView(page);
  if (pathname === "/enrol" && !hash.startsWith("#/")) {
    const found = /[#&]code=([^&]*)/.exec(hash);
    const code = found ? fromAddress(found[1]) : "";
    page.code = CODE.test(code) ? code : null;
    return () => codeView(page);
  }
  if (pathname.startsWith("/d/") && !hash.startsWith("#/")) {
    const found = page.phone.deepLink(location.href);
    const path = found ? (found.item ? to("count", found.depot, found.item) : to("depot", found.depot)) : pathname === "/d/" ? to("depots") : to("depot", fromAddress(pathname.slice(3)));
    history.replaceState(null, "", `/phone${path}`);
  } else if (pathname !== "/phone") {
    history.replaceState(null, "", `/phone${hash}`);
  }
  const [name, ...rest] = location.hash.replace(/^#\/?/, "").split("/").map(fromAddress);
  const view = VIEWS[name] || VIEWS.depots;
  if (!page.phone.person() && !OPEN.includes(name)) {
    if (name !== "leave" && VIEWS[name]) memory.wanted = location.hash;
    return () => startView(page);
  }
  return async () => view(page, ...rest);
}
