// Standards, and which of them are adopted.

import { t } from "../../shared/text.js";
import { BUREAU } from "../page.js";
import { empty } from "../../shared/status.js";
import { heading } from "../parts/states.js";

/** @type {import("../page.js").BoardPage} */
export const standardsPage = {
  name: "standards",
  roles: BUREAU,
  inNavigation: true,
  show: () => ({ title: t("nav-standards"), body: [heading(t("nav-standards")), empty(t("page-to-come"))] }),
};
