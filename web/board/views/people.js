// Accounts, enrolment, devices and clients.

import { t } from "../../shared/text.js";
import { EDITORS } from "../page.js";
import { empty } from "../../shared/status.js";
import { heading } from "../parts/states.js";

/** @type {import("../page.js").BoardPage} */
export const peoplePage = {
  name: "people",
  roles: EDITORS,
  inNavigation: true,
  show: () => ({ title: t("nav-people"), body: [heading(t("nav-people")), empty(t("page-to-come"))] }),
};
