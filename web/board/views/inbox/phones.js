// Phones that hold counts or lost numbers: counts that were made and never arrived, numbers used twice, browsers that lack something.

import { h } from "../../../shared/dom.js";
import { mark } from "../../../shared/status.js";
import { figureText, t } from "../../../shared/text.js";
import { mayEdit } from "../../rights.js";
import { asOfLine } from "../../parts/asof.js";
import { noRight } from "../../parts/states.js";
import { dataTable } from "../../parts/table.js";
import { codeWords } from "../../parts/words.js";
import { inboxColumns, inboxOrganization, inboxTelephones, inboxTime } from "./shared.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["DeviceView"] & { organization: ApiSchemas["OrganizationLabel"] | null }} Phone */
/** @typedef {{ phone: Phone, report: ApiSchemas["SyncReport"] }} TroubledPhone */

/** Notes on the commands of a phone that say that it was restored from a copy, or that its clock or numbers cannot be trusted. */
const PHONE_FLAGS = ["seq_reused", "seq_jumped", "clock_went_back"];

/** Runs of lost numbers that a row shows. */
const GAPS_SHOWN = 3;

/** The reports that somebody should look after, those of most missing commands first. @param {Phone[]} phones @returns {TroubledPhone[]} */
export function troubledPhones(phones) {
  const all = phones.flatMap((phone) => phone.sync.map((report) => ({ phone, report })));
  const troubled = all.filter(({ report }) => report.not_received.count > 0 || report.flags.some((flag) => PHONE_FLAGS.includes(flag)) || isWeak(report));
  return troubled.sort((one, other) => other.report.not_received.count - one.report.not_received.count || one.report.last_contact_at.localeCompare(other.report.last_contact_at));
}

/** Whether the app says that its browser lacks something. @param {ApiSchemas["SyncReport"]} report */
function isWeak({ app }) {
  return Boolean(app) && /\blacks\b|not persisted/.test(app || "");
}

/** @param {import("./data.js").InboxData} data */
export async function inboxPhonesBlock(data) {
  if (!mayEdit()) return noRight(t("inbox-phones-no-right"));
  const [{ rows, standing }, words] = await Promise.all([data.devices(), codeWords()]);
  const table = dataTable({
    caption: t("inbox-phones-caption"),
    rows: troubledPhones(rows),
    text: ({ phone, report }) => [phone.name, report.device, phone.account.username, phone.account.display_name, phone.organization ? phone.organization.name : ""].join(" "),
    empty: t("inbox-phones-none"),
    columns: inboxColumns([
      { head: t("inbox-phone"), rowHead: true, sort: ({ phone }) => phone.name, cell: ({ phone, report }) => [
        h("span.block", null, phone.name === report.device ? phone.name : `${phone.name} (${report.device})`),
        h("span.block.inbox-plain", null, inboxOrganization(phone.organization)),
        h("span.block.small.muted.inbox-plain", null, `${phone.account.display_name} (${phone.account.username})`),
      ] },
      { head: t("inbox-phone-missing"), sort: ({ report }) => report.not_received.count, cell: ({ report }) => missingOf(report) },
      { head: t("inbox-phone-contact"), sort: ({ report }) => report.last_contact_at, cell: ({ report }) => inboxTime(report.last_contact_at) },
      { head: t("inbox-phone-notes"), cell: ({ report }) => notesOf(report, words) },
      { head: t("inbox-ask"), cell: ({ phone }) => phone.organization ? inboxTelephones(phone.organization.code, []) : phone.account.display_name },
    ]),
  });
  return [table.node, asOfLine(standing)];
}

/** Commands that were made and never arrived: those that wait on the phone, and numbers that are lost. @param {ApiSchemas["SyncReport"]} report */
function missingOf({ not_received: { count, gaps, queued, since } }) {
  if (!count) return h("span.muted", null, t("inbox-phone-all-arrived"));
  const runs = gaps.slice(0, GAPS_SHOWN).map(({ from, to }) => (from === to ? figureText(from) : `${figureText(from)}–${figureText(to)}`));
  return [
    mark("unknown", t("inbox-phone-count", { n: count })),
    queued ? h("span.block.small", null, t("inbox-phone-queued", { n: queued })) : null,
    runs.length ? h("span.block.small", null, t("inbox-phone-gaps", { list: runs.join(", ") }), gaps.length > GAPS_SHOWN ? " …" : null) : null,
    since ? h("span.block.small.muted", null, t("inbox-phone-since"), " ", inboxTime(since)) : null,
  ];
}

/** @param {ApiSchemas["SyncReport"]} report @param {import("../../parts/words.js").CodeWords} words */
function notesOf(report, words) {
  const flags = report.flags.filter((flag) => PHONE_FLAGS.includes(flag));
  if (!flags.length && !report.app) return h("span.muted", null, t("inbox-phone-app-untold"));
  return h("ul.stack-8.small", null,
    flags.map((flag) => h("li", null, mark("unknown", words("count_flag", flag)))),
    report.app ? h("li", null, isWeak(report) ? mark("unknown", t("inbox-phone-weak")) : null, h("span.block.muted", { lang: "en" }, report.app)) : null);
}
