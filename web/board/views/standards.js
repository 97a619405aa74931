// Standards and what bears on requirements: editions with their clauses, adoption, exemptions, declared targets, facts.

import { t } from "../../shared/text.js";
import { empty } from "../../shared/status.js";
import { BUREAU, EDITORS } from "../page.js";
import { hasRole } from "../rights.js";
import { noRight } from "../parts/states.js";
import { standardsCheckView } from "./standards/check.js";
import { editionView } from "./standards/edition.js";
import { exemptionView, newExemptionView } from "./standards/exemption.js";
import { exemptionsView, organizationExemptionsView } from "./standards/exemptions.js";
import { factSheetsView } from "./standards/facts.js";
import { standardsFrame } from "./standards/frame.js";
import { standardsListView } from "./standards/list.js";
import { ruleView } from "./standards/rule.js";
import { factSheetView } from "./standards/sheet.js";
import { factSheetFormView } from "./standards/sheet-form.js";
import { targetView } from "./standards/target.js";
import { organizationTargetsView, targetsView } from "./standards/targets.js";

/** @typedef {import("../page.js").Board} Board */
/** @typedef {import("../page.js").View} View */
/** @typedef {import("../page.js").Place} Place */

/** @type {import("../page.js").BoardPage} */
export const standardsPage = { name: "standards", roles: BUREAU, inNavigation: true, show: standardsView };

/** @param {Board} board @param {Place} place @returns {View} */
function standardsView(board, place) {
  const [part, first, second] = place.path;
  const changes = part === "check" || (part === "exemptions" && second === "new") || (part === "facts" && second === "edit");
  if (changes && !hasRole(EDITORS)) return standardsFrame("", t("nav-standards"), [noRight()]);
  if (!part) return standardsListView(board, place);
  if (part === "check") return standardsCheckView();
  if (part === "editions" && first) return editionView(board, place, first);
  if (part === "rules" && first) return ruleView(first);
  if (part === "exemptions") return !first ? exemptionsView(board, place) : !second ? organizationExemptionsView(place, first) : second === "new" ? newExemptionView(board, place, first) : exemptionView(board, place, first, second);
  if (part === "targets") return !first ? targetsView(board) : !second ? organizationTargetsView(first) : targetView(board, place, first, second);
  if (part === "facts") return !first ? factSheetsView(board) : second === "edit" ? factSheetFormView(board, place, first) : factSheetView(board, place, first);
  return standardsFrame("", t("no-page-title"), [empty(t("no-page-text"))]);
}
