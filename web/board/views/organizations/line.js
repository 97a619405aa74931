// The explanation of a line: the whole proof in words, the clauses, the counts behind it, for any day and as known at any revision.

import { h } from "../../../shared/dom.js";
import { notice } from "../../../shared/status.js";
import { dayText, t } from "../../../shared/text.js";
import { read, readAll } from "../../api.js";
import { intervalBar } from "../../charts/interval.js";
import { lineLink, organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { figure, knownRange } from "../../parts/figure.js";
import { form } from "../../parts/form.js";
import { heading } from "../../parts/states.js";
import { codeWords, factDictionary } from "../../parts/words.js";
import { evidenceBlock } from "./evidence.js";
import { passedOverBlock, rulesBlock } from "./rules.js";
import { bindingText, lineMarks, printButton } from "./shared.js";
import { leftOutText } from "./lines.js";
import { localMinute } from "../../parts/instant.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** @param {import("../../page.js").Board} board @param {string} code @param {string} line @param {Record<string, string>} query @returns {Promise<import("../../page.js").View>} */
export async function organizationLineView(board, code, line, { as_of: day, revision, known_at: known }) {
  const path = `/organizations/${encodeURIComponent(code)}/shortages/${encodeURIComponent(line)}`;
  const asked = { as_of: day, revision, known_at: known };
  const [{ json }, words, facts, depots] = await Promise.all([read(path, asked), codeWords(), factDictionary(), readAll("/depots", { organization: code })]);
  /** @type {ApiSchemas["ExplainedLine"]} */
  const found = json;
  board.asOf(found);
  const isPast = Boolean(day || revision || known);
  return {
    title: `${found.words.name} · ${found.words.organization}`,
    body: h("div.blocks", null,
      h("div.stack", null,
        h("p.no-print", null, h("a", { href: organizationLink(code) }, found.words.organization)),
        heading(found.words.name, printButton()),
        h("p", null, h("span.muted.org-plain", null, `${found.words.organization} · ${code} · `), lineMarks(/** @type {any} */ (found)), h("span.muted", null, ` · ${bindingText(found, words)}`)),
        isPast ? notice("", h("p", null, t("orgs-line-past"), " ", h("a", { href: lineLink(code, line) }, t("orgs-line-now")))) : null,
        explainedFigures(found, words),
        asOfLine(found)),
      h("section.stack", { "aria-labelledby": "line-proof" }, h("h2", { id: "line-proof" }, t("orgs-proof")), h("ol.org-proof", null, found.words.sentences.map((sentence) => h("li", null, sentence)))),
      momentForm(board, code, line, found, { day, revision, known }),
      rulesBlock(found, words, facts),
      evidenceBlock(found, code, words, new Map(depots.map((depot) => [depot.code, depot.name]))),
      passedOverBlock(found, words, facts),
      h("section.stack", { "aria-labelledby": "line-check" }, h("h2", { id: "line-check" }, t("orgs-line-check")), h("p.text", null, t("orgs-line-check-text")),
        h("dl.pairs", null, h("dt", null, "SHA-256"), h("dd.org-code", null, found.sha256), h("dt", null, t("orgs-engine")), h("dd", null, found.engine)))),
  };
}

/** Required, usable and missing, side by side, with the interval as a bar. @param {ApiSchemas["ExplainedLine"]} found @param {import("./shared.js").CodeWords} words */
function explainedFigures(found, words) {
  const parts = /** @type {const} */ (["required", "usable", "shortage"]);
  const { required, usable, unit } = found;
  const bar = knownRange(required) && knownRange(usable) ? intervalBar(/** @type {any} */ (usable), /** @type {any} */ (required), { caption: t("orgs-bar"), unit, kind: found.status === "short" ? "short" : "accent" }) : null;
  return h("div.stack.org-explained", null,
    h("dl.org-figures", null, parts.map((part) => h("div", null, h("dt.small.muted", null, t(`orgs-${part}`)), h("dd", null,
      figure(found[part], { unit, words: part === "required" ? t("orgs-required-open") : undefined }), part === "usable" ? leftOutText(found, words) : null)))),
    bar);
}

/** For which day, and as known when: the same proof as it was, or will be. @param {import("../../page.js").Board} board @param {string} code @param {string} line @param {ApiSchemas["ExplainedLine"]} found @param {{ day?: string, revision?: string, known?: string }} asked */
function momentForm(board, code, line, found, { day, revision, known }) {
  const moment = form({
    fields: [
      { name: "as_of", kind: "date", label: t("orgs-moment-day"), hint: t("orgs-moment-day-hint"), value: day || found.as_of },
      { name: "revision", kind: "number", label: t("orgs-moment-revision"), hint: t("orgs-moment-revision-hint", { revision: found.revision }), value: revision, attributes: { inputmode: "numeric" } },
      { name: "known_at", label: t("orgs-moment-known"), hint: t("orgs-moment-known-hint"), value: known ? localMinute(known) : undefined, attributes: { type: "datetime-local" } },
    ],
    act: t("orgs-moment-act"),
    submit: async (values) => {
      const asked = { as_of: values.as_of, revision: values.revision === null ? null : String(values.revision), known_at: values.known_at ? new Date(values.known_at).toISOString() : null };
      // A day or a revision that the service does not take is said at its field, and what is shown stays.
      await read(`/organizations/${encodeURIComponent(code)}/shortages/${encodeURIComponent(line)}`, asked);
      const given = Object.entries(asked).filter(([, value]) => value).map(([name, value]) => `${name}=${encodeURIComponent(String(value))}`);
      board.go(`${lineLink(code, line)}${given.length ? `?${given.join("&")}` : ""}`);
    },
  });
  return h("details.org-moment.no-print", { open: Boolean(day || revision || known) }, h("summary", null, t("orgs-moment", { day: dayText(found.as_of), revision: found.revision })), moment.node);
}
