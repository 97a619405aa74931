// The codes that were given out on this page. The service says a code once: it stays here, in the memory of this window alone, so that
// its card can be printed again until the window is closed or somebody else signs in.

import { to } from "../../../shared/address.js";
import { person } from "../../session.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/**
 * A card: who signs in with its code, and where.
 * @typedef {object} EnrolmentCard
 * @property {string} id  of the code
 * @property {string} code
 * @property {string} address  of the phone's page, with the code behind the #
 * @property {string} expiresAt
 * @property {string} account
 * @property {string} name
 * @property {string} username
 * @property {{ code: string, name: string }} place  the organization, or the region
 */

/** @type {{ owner: string, batches: { at: string, cards: EnrolmentCard[] }[] }} */
const issuedCards = { owner: "", batches: [] };

/** The cards given out so far by the person who is signed in; the last ones last. */
export function issuedBatches() {
  const one = person();
  const owner = one ? one.id : "";
  if (issuedCards.owner !== owner) Object.assign(issuedCards, { owner, batches: [] });
  return issuedCards.batches;
}

/** Keeps cards, and answers the address of their sheet. @param {EnrolmentCard[]} cards */
export function keepCards(cards) {
  const batches = issuedBatches();
  batches.push({ at: new Date().toISOString(), cards });
  return `${to("people", "cards", "print")}?batch=${batches.length}`;
}

/** Forgets the card of a code that works no more. @param {string} id */
export function dropCard(id) {
  for (const batch of issuedBatches()) batch.cards = batch.cards.filter((card) => card.id !== id);
}

/** @param {{ issued: ApiSchemas["IssuedEnrolment"], account: ApiSchemas["AccountView"] }[]} given @returns {EnrolmentCard[]} */
export function cardsOf(given) {
  return given.map(({ issued, account }) => ({
    id: issued.id, code: issued.code, address: issued.page_uri, expiresAt: issued.expires_at, account: account.id, name: account.display_name,
    username: account.username, place: account.organization || account.region || { code: "", name: "" },
  }));
}
