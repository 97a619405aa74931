// Import, export, facts, targets and the audit.

import { t } from "../../shared/text.js";
import { BUREAU } from "../page.js";
import { empty } from "../../shared/status.js";
import { heading } from "../parts/states.js";

/** @type {import("../page.js").BoardPage} */
export const dataPage = {
  name: "data",
  roles: BUREAU,
  inNavigation: true,
  show: () => ({ title: t("nav-data"), body: [heading(t("nav-data")), empty(t("page-to-come"))] }),
};
