// The sheet of enrolment cards: A4, two columns, marks to cut by. A card can be used without its QR code: name, address and code are
// there to be typed.

import { to } from "../../../shared/address.js";
import { h } from "../../../shared/dom.js";
import { notice } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { qrImage } from "../../../shared/qr.js";
import { heading } from "../../parts/states.js";
import { cutMarks, sheetBar, sheetPages, sheetPaper } from "./sheet.js";
import { issuedBatches } from "./issued.js";
import { fullTime } from "../../parts/instant.js";

/** @typedef {import("./issued.js").EnrolmentCard} EnrolmentCard */

/** Cards on one A4 page: two columns of five. */
const CARDS_ON_PAGE = 10;

/** A name of more letters than this is written smaller. */
const LONG_NAME = 24;

/** @param {import("../../page.js").Board} board @param {Record<string, string>} query @returns {import("../../page.js").View} */
export function cardSheetView(board, query) {
  const batch = issuedBatches()[Number(query.batch) - 1];
  const back = to("people", "cards");
  if (!batch || !batch.cards.length) {
    return { title: t("people-sheet-cards"), body: h("div.stack", null, heading(t("people-sheet-cards")), notice("warn", h("p.strong", null, t("people-sheet-gone")), h("p", null, t("people-sheet-gone-text")), h("p", null, h("a.button", { href: back }, t("people-sheet-gone-act"))))) };
  }
  const { cards } = batch;
  const where = board.person.region ? board.person.region.name : "";
  return {
    title: t("people-sheet-cards"),
    bare: true,
    ...sheetPaper(),
    body: h("div.sheet", null,
      sheetBar(t("people-sheet-cards"), back, t("people-cards-print", { n: cards.length }),
        h("p.text", null, t("people-sheet-text", { n: cards.length, pages: Math.ceil(cards.length / CARDS_ON_PAGE) })),
        h("p.text.strong", null, t("people-sheet-secret")),
        sheetAddress(cards[0].address)),
      sheetPages("sheet-cards", cards, CARDS_ON_PAGE, (card) => enrolmentCard(card, where))),
  };
}

/** Where the codes lead, and a warning where no phone gets there. @param {string} address */
export function sheetAddress(address) {
  const { hostname, host, protocol } = new URL(address);
  const isHere = /^(localhost|127\.|\[::1\]|0\.0\.0\.0)/.test(hostname);
  return isHere ? notice("warn", h("p.strong", null, t("people-sheet-local", { host })), h("p", null, t("people-sheet-local-text"))) : h("p.muted", null, t("people-sheet-address", { address: `${protocol}//${host}` }));
}

/** @param {EnrolmentCard} card @param {string} where the bureau's region */
function enrolmentCard(card, where) {
  const [address] = card.address.split("#");
  return h("div.id-card", null, cutMarks(93, 54),
    h("div.card-code", null, qrImage(card.address, t("people-card-qr", { name: card.name })), h("p.card-scan", null, t("people-card-scan")), h("p.card-until", null, t("people-card-until", { at: fullTime(card.expiresAt) }))),
    h("div.card-words", null,
      h("p.card-where", null, where),
      h(`p.card-place${card.place.name.length > LONG_NAME ? ".is-long" : ""}`, null, card.place.name),
      h("p.card-name", null, card.name),
      h("p.card-user", null, `${t("people-username")} `, h("span.mono.strong", null, card.username)),
      h("p.card-key", null, t("people-card-code")),
      h("p.card-digits", null, card.code),
      h("p.card-by-hand", null, t("people-card-by-hand"), " ", h("span.mono", null, address))));
}
