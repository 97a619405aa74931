// The audit: who changed what and when, narrowed by person, thing and time; each change opens with what it changed.

import { fill, h } from "../../../shared/dom.js";
import { empty, failureText, toast } from "../../../shared/status.js";
import { clock, dayText, hasText, t } from "../../../shared/text.js";
import { to } from "../../../shared/address.js";
import { read } from "../../api.js";
import { link, organizationLink } from "../../links.js";
import { downloadButtons } from "../../parts/download.js";
import { form } from "../../parts/form.js";
import { loading, refusal } from "../../parts/states.js";
import { suggestCodes } from "../../parts/suggest.js";
import { dataTable } from "../../parts/table.js";
import { exportInstantOf } from "./export.js";
import { ACTIONS, AUDIT_KINDS } from "./audit-words.js";

/** @typedef {import("../../session.js").ApiSchemas["AuditEntry"]} AuditEntry */
/** @typedef {import("../../session.js").ApiSchemas["AuditSubject"]} AuditSubject */

const FILTERS = ["account", "action", "kind", "subject", "since", "until"];
const ENTRY_FIELDS = "account,action,at,device,request_id,revision";

/** The word of an operation; a command of the program as it is. @param {string} action */
function actionWord(action) {
  return hasText(`data-action-${action}`) ? t(`data-action-${action}`) : action;
}

/** @param {AuditEntry} entry */
function whoOf({ account }) {
  return account ? [account.name, h("span.muted.small.block", null, account.username)] : t("data-audit-program");
}

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @returns {import("../data.js").DataPart} */
export function auditList(board, { query }) {
  const asked = Object.fromEntries(FILTERS.map((name) => [name, query[name] || null]));
  const narrowed = { ...asked, since: query.since ? exportInstantOf(query.since, 0) : null, until: query.until ? exportInstantOf(query.until, 1) : null };
  const words = (/** @type {string[]} */ list, /** @type {(one: string) => string} */ word) => [/** @type {[string, string]} */ (["", t("data-audit-any")]), ...list.map((one) => /** @type {[string, string]} */ ([one, word(one)]))];
  const parts = form({
    fields: [
      { name: "account", label: t("data-audit-account"), value: query.account },
      { name: "action", kind: "select", label: t("data-audit-action"), value: query.action, options: words(ACTIONS, actionWord) },
      { name: "kind", kind: "select", label: t("data-audit-kind"), value: query.kind, options: words(AUDIT_KINDS, (kind) => t(`data-kind-${kind}`)) },
      { name: "subject", label: t("data-audit-subject"), hint: t("data-audit-subject-hint"), value: query.subject },
      { name: "since", kind: "date", label: t("data-audit-since"), value: query.since },
      { name: "until", kind: "date", label: t("data-audit-until"), value: query.until },
    ],
    act: t("data-audit-show"),
    beside: FILTERS.some((name) => query[name]) ? h("a", { href: to("data", "audit") }, t("data-audit-all")) : null,
    submit: async (values) => board.go(to("data", "audit") + link("", values).slice(2)),
  });
  parts.node.classList.add("data-filters");
  const account = /** @type {HTMLInputElement} */ (parts.node.elements.namedItem("account"));
  suggestCodes(account, async (q) => (await read("/accounts", { q, limit: 20 })).json.items.map((/** @type {any} */ one) => ({ code: one.username, name: one.display_name })));
  return { body: [h("section.stack", null, h("p.text", null, t("data-audit-lead")), parts.node), h("section.stack", null, loading(() => changes(narrowed), 8))] };
}

/** @param {import("../../api.js").Query} query */
async function changes(query) {
  const first = (await read("/audit", { ...query, fields: ENTRY_FIELDS, limit: 50 })).json;
  /** @type {AuditEntry[]} */
  const rows = first.items;
  if (!rows.length) return empty(t("data-audit-none"));
  let cursor = first.next_cursor;
  const table = dataTable({
    caption: t("data-audit-caption"),
    rows,
    beside: downloadButtons("/audit", () => query, t("data-part-audit")),
    columns: [
      { head: t("data-audit-at"), cell: ({ at }) => h("time.nowrap", { datetime: at }, clock(at)) },
      { head: t("data-audit-action"), rowHead: true, cell: (entry) => h("a", { href: `${to("data", "audit", String(entry.revision))}?at=${encodeURIComponent(entry.at)}` }, actionWord(entry.action)) },
      { head: t("data-audit-account"), cell: whoOf },
      { head: t("data-audit-device"), cell: ({ device }) => device || h("span.muted", null, t("data-audit-no-device")) },
      { head: t("data-audit-revision"), number: true, cell: ({ revision }) => String(revision) },
    ],
  });
  const more = h("div.acts");
  let isReading = false;
  const drawMore = () => fill(more, cursor ? h("button.button", { type: "button", id: "data-audit-more", onclick: async () => {
    if (isReading) return;
    isReading = true;
    try {
      const page = (await read("/audit", { ...query, fields: ENTRY_FIELDS, limit: 50, cursor })).json;
      rows.push(...page.items);
      cursor = page.next_cursor;
      table.setRows(rows);
      toast(t("data-audit-older-shown", { n: page.items.length }));
      drawMore();
      const again = document.getElementById("data-audit-more");
      if (again) again.focus();
    } catch (error) {
      toast(failureText(error), true, true);
    } finally {
      isReading = false;
    }
  } }, t("data-audit-older")) : h("p.small.muted", null, t("data-audit-first")));
  drawMore();
  return [table.node, more];
}

/** @param {import("../../page.js").Board} _ @param {import("../../page.js").Place} place @returns {import("../data.js").DataPart} */
export function auditEntry(_, { path, query }) {
  return { body: [h("p", null, h("a", { href: to("data", "audit") }, t("data-audit-back"))), loading(() => entryShown(Number(path[1]), query.at), 8)] };
}

/** @param {number} revision @param {string | undefined} at the time of its commit, by which the service finds it */
async function entryShown(revision, at) {
  const time = at ? Date.parse(at) : NaN;
  if (Number.isNaN(time)) return empty(t("data-audit-missing"));
  const span = { since: new Date(time).toISOString(), until: new Date(time + 1).toISOString(), limit: 500 };
  const page = (await read("/audit", span)).json;
  const parts = /** @type {AuditEntry[]} */ (page.items).filter((entry) => entry.revision === revision);
  if (!parts.length) return empty(t("data-audit-missing"));
  const [entry] = parts;
  const rows = changesOf(parts);
  const table = changeTable(rows);
  const more = h("div");
  let cursor = page.next_cursor;
  let isMore = parts[parts.length - 1].more_subjects;
  let isReading = false;
  const drawMore = () => fill(more, isMore && cursor ? h("button.button", { type: "button", onclick: async () => {
    if (isReading) return;
    isReading = true;
    try {
      const next = (await read("/audit", { ...span, cursor })).json;
      const rest = /** @type {AuditEntry[]} */ (next.items).filter((one) => one.revision === revision);
      rows.push(...changesOf(rest));
      table.setRows(rows);
      cursor = next.next_cursor;
      isMore = rest.length > 0 && rest[rest.length - 1].more_subjects;
      drawMore();
    } catch (error) {
      fill(more, refusal(error, drawMore));
    } finally {
      isReading = false;
    }
  } }, t("data-audit-more-things")) : null);
  drawMore();
  return h("div.stack", null,
    h("h3", null, actionWord(entry.action)),
    h("dl.pairs", null, [
      [t("data-audit-at"), h("time", { datetime: entry.at }, clock(entry.at))], [t("data-audit-account"), whoOf(entry)],
      [t("data-audit-device"), entry.device || t("data-audit-no-device")], [t("data-audit-revision"), String(entry.revision)],
      [t("data-audit-request"), entry.request_id ? h("code", null, entry.request_id) : t("data-audit-no-request")],
    ].map(([term, value]) => h("div", null, h("dt", null, term), h("dd", null, value)))),
    table.node, more);
}

/** @typedef {{ subject: AuditSubject, words: string }} ChangeRow */

/** @param {AuditEntry[]} entries @returns {ChangeRow[]} */
function changesOf(entries) {
  return entries.flatMap(({ subjects }) => subjects).flatMap((subject) => {
    if (subject.changes === null) return [{ subject, words: t("data-audit-withheld") }];
    if (!subject.changes.length) return [{ subject, words: t("data-audit-no-values") }];
    return subject.changes.map((change) => ({ subject, words: change.text }));
  });
}

/** @param {ChangeRow[]} rows */
function changeTable(rows) {
  return dataTable({
    caption: t("data-audit-what"),
    rows,
    text: ({ subject, words }) => [t(`data-kind-${subject.kind}`), subject.key, subject.name, subject.organization && subject.organization.name, subject.depot && subject.depot.name, words].join(" "),
    columns: [
      { head: t("data-audit-kind"), cell: ({ subject }) => t(`data-kind-${subject.kind}`), sort: ({ subject }) => subject.kind },
      { head: t("data-audit-thing"), rowHead: true, cell: ({ subject }) => thing(subject) },
      { head: t("data-audit-change"), cell: ({ words }) => dayText(words) },
    ],
  });
}

/** @param {AuditSubject} subject */
function thing({ kind, key, name, organization, depot }) {
  const where = organization ? h("span.small.block", null, h("a", { href: organizationLink(organization.code) }, organization.name), depot ? ` · ${depot.name}` : "") : null;
  const words = name || (kind === "count" && depot ? depot.name : key) || t("data-audit-beyond");
  return [words, key && key !== words ? h("span.muted.small.block", null, key) : null, where];
}
