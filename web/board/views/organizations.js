// Organizations: the list, and the sheet of one.

import { t } from "../../shared/text.js";
import { EVERYBODY } from "../page.js";
import { empty } from "../../shared/status.js";
import { heading } from "../parts/states.js";

/** @type {import("../page.js").BoardPage} */
export const organizationsPage = {
  name: "organizations",
  roles: EVERYBODY,
  inNavigation: true,
  show: () => ({ title: t("nav-organizations"), body: [heading(t("nav-organizations")), empty(t("page-to-come"))] }),
};
