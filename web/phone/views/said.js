// What is said under the number of a line: the last one, the sum of its rows, and where it is stored.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { mark } from "../../shared/status.js";
import { t, unitText } from "../../shared/text.js";
import { settings } from "../../shared/settings.js";
import { lastWords } from "./entries.js";

/** @typedef {import("./counter.js").LineCounter} LineCounter */

/** Says the last number, once one was typed, and the sum where there are several rows. @param {LineCounter} counter @param {boolean} stored */
export function sayLast(counter, stored) {
  const { line, entry, text, last } = counter;
  const when = settings().last;
  const show = when === "before" || (when === "after" && text !== "");
  const { words, differs } = show ? lastWords(line, entry, text) : { words: "", differs: false };
  const sum = counter.entries.length > 1 && line.draft && line.draft.act === "number" ? t("count-sum", { n: line.total || 0, unit: unitText(line.unit) }) : "";
  const kept = serverState(counter);
  fill(last, kept === "too_large" ? h("span.block.fault", null, t("stored-too-large-text")) : null,
    differs ? [mark("contested", words), h("span.block", null, t("last-again"))] : words, sum ? h("span.block", null, sum) : null);
  counter.stored.hidden = !stored;
  counter.stored.classList.toggle("unsure", kept === "too_large");
  if (stored) fill(counter.stored, icon(kept === null || kept === "saved" ? "check" : kept === "too_large" ? "info" : "sync", 18), storedWords(kept));
}

/** Where what was typed is kept: never more than is so. @param {ReturnType<typeof serverState>} kept */
function storedWords(kept) {
  if (kept === null) return t("stored");
  return t(kept === "saved" ? "stored-server" : kept === "too_large" ? "stored-too-large" : "stored-soon");
}

/** What the service has of a count that this phone cannot keep; null where the phone keeps it. @param {LineCounter} counter */
function serverState({ page, depot }) {
  if (!page.phone.status().onlineOnly) return null;
  const draft = page.phone.draft(depot);
  return draft ? draft.data.onServer : "never";
}
