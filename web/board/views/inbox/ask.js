// Whom to ask next for what is unknown: organizations whose mandatory lines are unknown, those counted longest ago first.

import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { t } from "../../../shared/text.js";
import { lineLink, organizationLink } from "../../links.js";
import { asOfLine } from "../../parts/asof.js";
import { dataTable } from "../../parts/table.js";
import { codeWords } from "../../parts/words.js";
import { inboxColumns, inboxTelephones, inboxTime } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {import("./data.js").UnknownLine} UnknownLine */

/**
 * @typedef {object} AskedOrganization
 * @property {ApiSchemas["OrganizationLabel"]} organization
 * @property {UnknownLine[]} lines
 * @property {string | null} oldest  when the first of its lines was counted last; null where one never was
 * @property {string[]} causes  codes, those of most lines first
 * @property {ApiSchemas["Ask"][]} ask
 */

/** Lines of an organization that are named in the list. */
const LINES_NAMED = 3;

/** Organizations of unknown lines, the longest unknown first. @param {UnknownLine[]} lines @returns {AskedOrganization[]} */
export function organizationsAsked(lines) {
  /** @type {Map<string, UnknownLine[]>} */
  const grouped = new Map();
  for (const line of lines) {
    const found = grouped.get(line.organization.id);
    if (found) found.push(line);
    else grouped.set(line.organization.id, [line]);
  }
  const asked = Array.from(grouped.values(), askedOrganization);
  return asked.sort((one, other) => (one.oldest || "").localeCompare(other.oldest || "") || one.organization.code.localeCompare(other.organization.code));
}

/** @param {UnknownLine[]} lines @returns {AskedOrganization} */
function askedOrganization(lines) {
  /** @type {Map<string, number>} */
  const causes = new Map();
  /** @type {Map<string, ApiSchemas["Ask"]>} */
  const ask = new Map();
  for (const line of lines) {
    for (const code of new Set(line.reasons.map((reason) => reason.code))) causes.set(code, (causes.get(code) || 0) + 1);
    for (const one of line.ask) ask.set([one.who, one.depot, one.keeper].join(" "), one);
  }
  const times = lines.map((line) => line.last_counted_at);
  const oldest = times.reduce((least, time) => (least === null || time === null ? null : time < least ? time : least));
  return {
    organization: lines[0].organization, lines, oldest, ask: Array.from(ask.values()),
    causes: Array.from(causes).sort(([, one], [, other]) => other - one).map(([code]) => code),
  };
}

/** @param {import("./data.js").InboxData} data */
export async function inboxAskBlock(data) {
  const [{ rows, standing }, words] = await Promise.all([data.ask(), codeWords()]);
  const table = dataTable({
    caption: t("inbox-ask-caption"),
    rows: organizationsAsked(rows),
    text: (one) => [one.organization.code, one.organization.name, ...one.ask.map(({ depot, keeper }) => `${depot || ""} ${keeper || ""}`)].join(" "),
    empty: t("inbox-ask-none"),
    perPage: 25,
    columns: inboxColumns([
      { head: t("inbox-organization"), rowHead: true, sort: (one) => one.organization.name, cell: ({ organization }) => [
        h("a", { href: organizationLink(organization.code) }, organization.name), h("span.block.small.muted.inbox-plain", null, organization.code),
      ] },
      { head: t("inbox-last-counted"), sort: (one) => one.oldest || "", cell: ({ oldest }) => oldest ? inboxTime(oldest) : mark("unknown", words("cause", "never_counted")) },
      { head: t("inbox-unknown"), sort: (one) => one.lines.length, cell: (one) => unknownOf(one, words) },
      { head: t("inbox-ask"), cell: (one) => askedOf(one, words) },
    ]),
  });
  return [table.node, asOfLine(standing)];
}

/** What is unknown and why. @param {AskedOrganization} one @param {import("../../parts/words.js").CodeWords} words */
function unknownOf({ organization, lines, causes }, words) {
  const more = lines.length - LINES_NAMED;
  return [
    mark("unknown", t("inbox-unknown-lines", { n: lines.length })),
    h("span.block.small", null, lines.slice(0, LINES_NAMED).map((line, at) => [at ? t("inbox-list-and") : "", h("a", { href: lineLink(organization.code, line.line) }, line.name)]),
      more > 0 ? t("inbox-lines-more", { n: more }) : null),
    h("span.block.small.muted", null, causes.map((code) => words("cause", code)).join(t("inbox-list-and"))),
  ];
}

/** Who can say, and how to reach them. @param {AskedOrganization} one @param {import("../../parts/words.js").CodeWords} words */
function askedOf({ organization, ask }, words) {
  const depots = Array.from(new Set(ask.flatMap(({ depot }) => (depot ? [depot] : []))));
  return h("div.stack-8", null,
    h("ul.small", null, ask.map(({ who, depot, keeper }) => h("li", null, h("span.muted", null, words("ask", who)), [keeper, depot && `(${depot})`].filter(Boolean).map((part) => ` ${part}`)))),
    inboxTelephones(organization.code, depots));
}
