// The sheet of labels: A4, three columns, marks to cut by. A phone's camera opens the depot, or the count at the label's line.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { empty } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { qrImage } from "../../../shared/qr.js";
import { sheetAddress } from "./card-sheet.js";
import { readLabels } from "./label-data.js";
import { LABEL_KINDS } from "./labels.js";
import { cutMarks, sheetBar, sheetPages, sheetPaper } from "./sheet.js";

/** Labels on one A4 page: three columns of eight. */
const LABELS_ON_PAGE = 24;

/** @param {Record<string, string>} query `depots` and `kinds`, separated by commas @returns {Promise<import("../../page.js").View>} */
export async function labelSheetView(query) {
  const title = t("people-sheet-labels");
  const back = to("people", "labels");
  const labels = await readLabels((query.depots || "").split(",").filter(Boolean), (query.kinds || LABEL_KINDS.join(",")).split(","));
  return {
    title,
    bare: true,
    ...sheetPaper(),
    body: h("div.sheet", null, sheetBar(title, back, t("people-labels-print", { n: labels.length }),
      h("p.text", null, t("people-labels-text", { n: labels.length, pages: Math.ceil(labels.length / LABELS_ON_PAGE) })), sheetAddress(location.origin)),
    labels.length ? sheetPages("sheet-labels", labels, LABELS_ON_PAGE, shelfLabel) : empty(t("people-labels-empty"), h("a.button", { href: back }, t("people-sheet-back")))),
  };
}

/** @param {import("./label-data.js").ShelfLabel} label */
function shelfLabel({ kind, depot, name, item, place, number }) {
  const address = `${location.origin}/d/${encodeURIComponent(depot.code)}${item ? `#${encodeURIComponent(item)}` : ""}`;
  return h(`div.shelf.is-${kind}`, null, cutMarks(62, 34),
    h("div.shelf-code", null, qrImage(address, `${name} ${item || depot.code}`)),
    h("div.shelf-words", null,
      number ? h("p.shelf-number", null, number) : null,
      h("p.shelf-name", null, name),
      h("p.shelf-foot", null, kind === "line" ? [place ? h("span.block", null, place) : null, h("span.block", null, item), depot.code]
        : kind === "depot" ? [h("span.block", null, depot.organization.name), depot.code] : [h("span.block", null, depot.name), depot.code])));
}
