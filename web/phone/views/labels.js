// Labels to print: the item, its four digits, and a QR code that any camera opens at its line.

import { h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { empty } from "../../shared/status.js";
import { nameOf, t } from "../../shared/text.js";
import { lineOrder, missingDepot } from "./depot.js";
import { qrImage } from "../../shared/qr.js";
import { to } from "../../shared/address.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */

/** @param {Page} page @param {string} code @returns {Screen} */
export function labelsView(page, code) {
  const depot = page.phone.depot(code);
  if (!depot) return missingDepot(code);
  const lines = page.phone.lines(code, lineOrder());
  const title = t("labels-title");
  return {
    title,
    where: `${nameOf(depot.names, code)} · ${title}`,
    back: to("depot", code),
    tab: "depots",
    body: [
      h("div.lead.no-print", null, h("h1", { tabindex: "-1" }, title), h("p.text.muted", null, t("labels-lead", { n: lines.length }))),
      lines.length ? h("div.labels", null, lines.map((line) => {
        const address = `${location.origin}/d/${encodeURIComponent(code)}#${encodeURIComponent(line.item)}`;
        return h("div.label-card", null, qrImage(address, `${nameOf(line.names, line.item)} ${line.item}`),
          line.number ? h("p.number", null, line.number) : null, h("p.strong", null, nameOf(line.names, line.item)), h("p.small", null, `${line.item} · ${code}`), line.place ? h("p.small", null, line.place) : null);
      })) : empty(t("depot-empty")),
    ],
    foot: lines.length ? h("button.button.primary", { type: "button", onclick: () => window.print() }, icon("print", 22), t("labels-print", { n: lines.length })) : null,
  };
}
