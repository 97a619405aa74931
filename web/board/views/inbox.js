// The inbox of the duty officer: what waits for somebody.

import { t } from "../../shared/text.js";
import { BUREAU } from "../page.js";
import { empty } from "../../shared/status.js";
import { heading } from "../parts/states.js";

/** @type {import("../page.js").BoardPage} */
export const inboxPage = {
  name: "inbox",
  roles: BUREAU,
  inNavigation: true,
  show: () => ({ title: t("nav-inbox"), body: [heading(t("nav-inbox")), empty(t("page-to-come"))] }),
};
