// People: their accounts, codes to sign in with as cards, labels of depots, devices, clients, and whom to call.

import { to } from "../../shared/address.js";
import { h } from "../../shared/dom.js";
import { empty } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { EDITORS } from "../page.js";
import { heading } from "../parts/states.js";
import { accountEditView, accountNewView } from "./people/account.js";
import { accountListView } from "./people/accounts.js";
import { cardChoiceView } from "./people/cards.js";
import { cardSheetView } from "./people/card-sheet.js";
import { clientListView, clientNewView } from "./people/clients.js";
import { contactListView, contactSheetView } from "./people/contacts.js";
import { deviceListView } from "./people/devices.js";
import { labelChoiceView } from "./people/labels.js";
import { labelSheetView } from "./people/label-sheet.js";

/** @type {import("../page.js").BoardPage} */
export const peoplePage = { name: "people", roles: EDITORS, inNavigation: true, show: peopleShow };

/** @param {import("../page.js").Board} board @param {import("../page.js").Place} place */
function peopleShow(board, { path, query }) {
  const [part = "accounts", thing, more] = path;
  if (part === "accounts" && !thing) return accountListView();
  if (part === "accounts" && !more) return thing === "new" ? accountNewView(board, query) : accountEditView(board, thing);
  if (part === "cards" && !more) return thing === "print" ? cardSheetView(board, query) : cardChoiceView(board);
  if (part === "labels" && !more) return thing === "print" ? labelSheetView(query) : labelChoiceView(board);
  if (part === "devices" && !thing) return deviceListView(query);
  if (part === "clients" && !more) return thing === "new" ? clientNewView(board) : clientListView(board);
  if (part === "contacts" && !more) return thing ? contactSheetView(thing) : contactListView(query);
  return { title: t("no-page-title"), body: [heading(t("no-page-title")), empty(t("no-page-text"), h("a", { href: to("people") }, t("people-to-accounts")))] };
}
