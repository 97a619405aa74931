// The data of the bureau: files in, the questions of ledgers, tables out, and who changed what.

import { h } from "../../shared/dom.js";
import { t } from "../../shared/text.js";
import { to } from "../../shared/address.js";
import { BUREAU } from "../page.js";
import { mayAdminister, mayEdit } from "../rights.js";
import { heading, noRight } from "../parts/states.js";
import { subpages } from "../parts/subpages.js";
import { auditEntry, auditList } from "./data/audit.js";
import { exportTables } from "./data/export.js";
import { importFiles } from "./data/import.js";
import { ledgerQuestions } from "./data/ledgers.js";
import { columnMaps } from "./data/maps.js";

/** @typedef {import("../page.js").Board} Board */
/** @typedef {import("../page.js").Place} Place */
/** @typedef {{ body: import("../../shared/dom.js").Child, unsaved?: () => boolean }} DataPart a part of the page, with what it says of leaving */

/**
 * The parts of the page, by the second word of its address.
 * @type {{ name: string, may: () => boolean, show: (board: Board, place: Place) => DataPart }[]}
 */
const DATA_PARTS = [
  { name: "import", may: mayEdit, show: importFiles },
  { name: "ledgers", may: () => true, show: ledgerQuestions },
  { name: "export", may: () => true, show: exportTables },
  { name: "maps", may: () => true, show: columnMaps },
  { name: "audit", may: mayAdminister, show: (board, place) => (place.path[1] ? auditEntry(board, place) : auditList(board, place)) },
];

/** @type {import("../page.js").BoardPage} */
export const dataPage = { name: "data", roles: BUREAU, inNavigation: true, show: dataView };

/** @param {Board} board @param {Place} place @returns {import("../page.js").View} */
function dataView(board, place) {
  const first = DATA_PARTS.filter((part) => part.may())[0];
  const wanted = place.path[0] || first.name;
  const part = DATA_PARTS.find(({ name }) => name === wanted) || first;
  const shown = part.may() ? part.show(board, place) : { body: noRight() };
  const title = t(`data-part-${part.name}`);
  return {
    title: `${title} · ${t("nav-data")}`,
    unsaved: shown.unsaved,
    body: h("div.data-page", null,
      subpages(t("data-parts"), DATA_PARTS.filter(({ may }) => may()).map(({ name }) => ({
        href: to("data", name),
        words: t(`data-part-${name}`),
        isCurrent: name === part.name,
      }))),
      heading(t("nav-data")),
      h("div.blocks", null, h("h2.data-title", null, title), shown.body)),
  };
}
