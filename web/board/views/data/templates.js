// Templates: an empty table for each form, with an example row and lists of the values that a column takes.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { downloadButtons } from "../../parts/download.js";
import { dataTable } from "../../parts/table.js";
import { FORMS } from "./forms.js";

/** @returns {HTMLElement} */
export function dataTemplates() {
  const table = dataTable({
    caption: t("data-templates-caption"),
    rows: FORMS,
    columns: [
      { head: t("data-form"), rowHead: true, cell: (form) => t(`data-form-${form}`) },
      { head: t("data-form-has"), cell: (form) => t(`data-form-${form}-has`) },
      { head: t("data-template"), cell: (form) => h("div.row", null, downloadButtons("/export", () => ({ form, template: true }), t("data-template-file", { form: t(`data-form-${form}`) }))) },
    ],
  });
  return h("section.stack", null,
    h("h3", null, t("data-templates")),
    h("p.text", null, t("data-templates-lead")),
    h("div.row.wrap", null, h("span", null, t("data-template-all")), downloadButtons("/export", () => ({ template: true }), t("data-template-file", { form: t("data-template-all") }))[0]),
    h("details", null, h("summary", null, t("data-templates-each")), table.node));
}
