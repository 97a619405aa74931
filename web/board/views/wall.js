// The wall: figures for a large screen, which refresh by themselves.

import { t } from "../../shared/text.js";
import { BUREAU } from "../page.js";
import { empty } from "../../shared/status.js";
import { heading } from "../parts/states.js";

/** @type {import("../page.js").BoardPage} */
export const wallPage = {
  name: "wall",
  roles: BUREAU,
  inNavigation: true,
  show: () => ({ title: t("nav-wall"), body: [heading(t("nav-wall")), empty(t("page-to-come"))] }),
};
