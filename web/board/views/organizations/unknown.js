// What is unknown about an organization: why, whom to ask, and which facts are missing, with the lines and checks that wait for each.

import { h } from "../../../shared/dom.js";
import { t } from "../../../shared/text.js";
import { lineLink } from "../../links.js";
import { mark } from "../../../shared/status.js";
import { asOfLine } from "../../parts/asof.js";
import { factDictionary } from "../../parts/words.js";
import { firstOf } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {{ line: string | null, name: string }} Waiting */

const WAITING_SHOWN = 6;

/** @param {import("./sheet-data.js").SheetData} data */
export async function unknownBlock(data) {
  const [answer, lines, checks, facts] = await Promise.all([data.statuses(), data.lines(), data.checks(), factDictionary()]);
  const causes = answer.items.length ? answer.items[0].causes : [];
  const missing = missingFacts(lines.rows, checks.rows);
  if (!causes.length && !missing.size) return [h("p", null, t("orgs-unknown-none")), asOfLine(answer)];
  return [
    causes.length ? h("ul.org-causes", null, causes.map((cause) => causeItem(cause, data))) : h("p", null, t("orgs-unknown-no-lines")),
    missing.size ? h("div.stack-8", null, h("h3", null, t("orgs-facts-missing")), h("ul.org-causes", null, Array.from(missing, ([key, waiting]) => factItem(key, waiting, facts, data)))) : null,
    asOfLine(answer),
  ];
}

/** A cause: what it concerns, and who can say. @param {ApiSchemas["CauseView"]} cause @param {import("./sheet-data.js").SheetData} data */
function causeItem(cause, { words }) {
  const where = cause.depots.map((depot) => `${depot.name} (${depot.code})`);
  const asked = cause.ask.map(({ who, depot, keeper }) => [words("ask", who), keeper ? ` ${keeper}` : "", depot ? ` (${depot})` : ""].join(""));
  return h("li.stack-8", null,
    h("p", null, mark("unknown", t("orgs-cause", { cause: words("cause", cause.code), n: cause.lines }))),
    where.length ? h("p.small", null, t("orgs-cause-depots", { list: where.join(", ") })) : null,
    cause.rules.length ? h("p.small.org-plain", null, t("orgs-cause-rules", { list: cause.rules.join(", ") })) : null,
    asked.length ? h("p.small", null, t("orgs-ask", { list: asked.join(", ") })) : null);
}

/** The facts that are not recorded, with what waits for each. @param {ApiSchemas["ShortageLine"][]} lines @param {ApiSchemas["FactCheckView"][]} checks */
function missingFacts(lines, checks) {
  /** @type {Map<string, Waiting[]>} */
  const missing = new Map();
  /** @param {ApiSchemas["Reason"][]} reasons @param {Waiting} waiting */
  const note = (reasons, waiting) => {
    for (const fact of new Set(reasons.flatMap((reason) => (reason.fact ? [reason.fact] : [])))) missing.set(fact, [...(missing.get(fact) || []), waiting]);
  };
  for (const { reasons, line, name } of lines) note(reasons, { line, name });
  for (const { reasons, name } of checks) note(reasons, { line: null, name });
  return missing;
}

/** A missing fact: what it is, and what waits for it. @param {string} key @param {Waiting[]} waiting @param {Map<string, ApiSchemas["FactDefinitionView"]>} facts @param {import("./sheet-data.js").SheetData} data */
function factItem(key, waiting, facts, { code }) {
  const fact = facts.get(key);
  return h("li.stack-8", null,
    h("p.strong", null, fact ? fact.name : key),
    fact && fact.definition ? h("p.small.text", null, fact.definition) : null,
    h("div.small", null, t("orgs-fact-matters", { n: waiting.length }), h("ul.dots", null, firstOf(waiting, WAITING_SHOWN, ({ line, name }) =>
      line ? h("a", { href: lineLink(code, line) }, name) : t("orgs-fact-check", { name })))));
}
