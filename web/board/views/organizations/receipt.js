// The receipt of a count: what it says, whether it is genuine, and how anybody checks it without the service.

import { callApi } from "../../../shared/api.js";
import { h } from "../../../shared/dom.js";
import { saveFile } from "../../../shared/files.js";
import { icon } from "../../../shared/icons.js";
import { judgeReceipt, keysOfSet, readReceipt } from "../../../shared/receipts.js";
import { mark } from "../../../shared/status.js";
import { language, t } from "../../../shared/text.js";
import { BoardFault } from "../../session.js";
import { instantText } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** The verdicts whose words say something else here than on a phone. */
const OWN_VERDICTS = ["genuine", "unknown_key"];

/**
 * A receipt as people read it. Fails where the keys of the service cannot be fetched.
 * @param {string} receipt
 * @param {{ id: string, sha256?: string, text?: string }} count  its id, and what was sent or the hash of that
 */
export async function receiptBlock(receipt, count) {
  const answer = await callApi({ method: "GET", url: "/.well-known/jwks.json", language: language() });
  if (answer.problem) throw new BoardFault(answer.problem, answer.retryAfterMs);
  const { verdict } = await judgeReceipt(receipt, keysOfSet(answer.json) || new Map(), count);
  const read = readReceipt(receipt);
  const claims = read ? /** @type {Record<string, any>} */ (read.claims) : {};
  return h("div.stack", null,
    h("p", { class: "org-verdict", "data-verdict": verdict }, mark(verdict === "genuine" ? "met" : "short", t(OWN_VERDICTS.includes(verdict) ? `orgs-receipt-${verdict}` : `receipt-${verdict}`))),
    h("dl.pairs", null,
      claims.received_at ? [h("dt", null, t("receipt-received")), h("dd", null, instantText(claims.received_at))] : null,
      claims.position !== undefined ? [h("dt", null, t("receipt-position")), h("dd", null, t("receipt-position-text", { n: claims.position }))] : null,
      claims.sha256 ? [h("dt", null, t("receipt-digest")), h("dd.org-code", null, claims.sha256)] : null,
      read ? [h("dt", null, t("receipt-key")), h("dd.org-code", null, read.kid)] : null),
    h("div.acts.no-print", null,
      h("button.button", { type: "button", onclick: () => saveFile(`${count.id}.jws`, receipt, "application/jose") }, icon("file", 18), t("receipt-save")),
      h("button.button", { type: "button", onclick: () => saveFile("jwks.json", answer.text, "application/json") }, icon("file", 18), t("receipt-keys"))),
    h("details.no-print", null, h("summary", null, t("receipt-how")), h("p.text.small", null, t("receipt-how-text")), h("p.org-code", null, `muster verify receipt ${count.id}.jws --keys jwks.json`)));
}
