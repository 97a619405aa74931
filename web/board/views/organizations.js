// Organizations: the list, the sheet of one, the explanation of its lines, its counts, and an inspection's own count.

import { to } from "../../shared/address.js";
import { h } from "../../shared/dom.js";
import { empty } from "../../shared/status.js";
import { t } from "../../shared/text.js";
import { EVERYBODY } from "../page.js";
import { heading } from "../parts/states.js";
import { organizationCountView } from "./organizations/count.js";
import { inspectionView } from "./organizations/inspection.js";
import { organizationLineView } from "./organizations/line.js";
import { organizationListView } from "./organizations/list.js";
import { organizationSheetView } from "./organizations/sheet.js";

/** @type {import("../page.js").BoardPage} */
export const organizationsPage = { name: "organizations", roles: EVERYBODY, inNavigation: true, show: organizationsView };

/** @param {import("../page.js").Board} board @param {import("../page.js").Place} place */
function organizationsView(board, { path, query }) {
  const [code, part, id, act] = path;
  if (!code) return organizationListView(board, query);
  if (!part) return organizationSheetView(board, code, query);
  if (part === "lines" && id && !act) return organizationLineView(board, code, id, query);
  if (part === "counts" && id && !act) return organizationCountView(board, code, id);
  if (part === "depots" && id && act === "count") return inspectionView(board, code, id);
  return { title: t("no-page-title"), body: [heading(t("no-page-title")), empty(t("no-page-text"), h("a", { href: to("organizations", code) }, t("orgs-to-sheet")))] };
}
