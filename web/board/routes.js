// The pages of the board, in the order of the navigation, and which of them an address names.

import { fromAddress } from "../shared/address.js";
import { accountPage } from "./views/account.js";
import { dataPage } from "./views/data.js";
import { inboxPage } from "./views/inbox.js";
import { organizationsPage } from "./views/organizations.js";
import { overviewPage } from "./views/overview.js";
import { peoplePage } from "./views/people.js";
import { standardsPage } from "./views/standards.js";
import { startPage } from "./views/start.js";
import { wallPage } from "./views/wall.js";

/** @typedef {import("./page.js").BoardPage} BoardPage */

/** @type {BoardPage[]} */
export const PAGES = [
  overviewPage,
  organizationsPage,
  inboxPage,
  peoplePage,
  dataPage,
  standardsPage,
  wallPage,
  startPage,
  accountPage,
];

/** The page of an address, and the place on it; null where there is none. @param {string} hash */
export function pageOf(hash) {
  const [whole, query] = hash.replace(/^#\/?/, "").split("?");
  const [name, ...path] = whole.split("/").map(fromAddress);
  const page = PAGES.find((one) => one.name === (name || PAGES[0].name));
  /** @type {Record<string, string>} */
  const asked = Object.create(null);
  for (const part of (query || "").split("&").filter(Boolean)) {
    const [key, ...value] = part.split("=");
    asked[fromAddress(key)] = fromAddress(value.join("=").replace(/\+/g, " "));
  }
  return page ? { page, place: { path: path.filter(Boolean), query: asked } } : null;
}
