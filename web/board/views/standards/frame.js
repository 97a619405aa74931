// What the pages about requirements share: their own navigation, the forms that are watched, who decided what and when.

import { h } from "../../../shared/dom.js";
import { clock, dayText, t } from "../../../shared/text.js";
import { to } from "../../../shared/address.js";
import { read } from "../../api.js";
import { exemptionsLink, factSheetLink, organizationLink, targetsLink } from "../../links.js";
import { dataTable } from "../../parts/table.js";
import { heading } from "../../parts/states.js";
import { subpages } from "../../parts/subpages.js";
import { mayEdit } from "../../rights.js";

/** @typedef {import("../../../shared/dom.js").Child} Child */
/** @typedef {import("../../page.js").View} View */
/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** The parts, by the second part of their address; the first is the list of standards. */
const STANDARDS_PARTS = ["", "facts", "targets", "exemptions", "check"];

/**
 * A page about requirements, under the navigation that all of them have.
 * @param {string} part the one that is marked in the navigation
 * @param {string} title
 * @param {Child[]} blocks
 * @param {{ beside?: Child, lead?: Child, forms?: WatchedForms }} [how] acts beside the heading, words under it, and what can be unsaved
 * @returns {View}
 */
export function standardsFrame(part, title, blocks, { beside, lead, forms } = {}) {
  const parts = STANDARDS_PARTS.filter((one) => one !== "check" || mayEdit());
  return {
    title,
    unsaved: forms && forms.unsaved,
    body: [
      subpages(t("nav-standards"), parts.map((one) => ({
        href: one ? to("standards", one) : to("standards"),
        words: t(`standards-part-${one || "list"}`),
        isCurrent: one === part,
      }))),
      h("div.blocks.standards", null, h("div.stack-8", null, beside ? heading(title, beside) : heading(title), lead), blocks),
    ],
  };
}

/** A block of a page with its heading. @param {string} title @param {...Child} children */
export function standardsBlock(title, ...children) {
  return h("section.stack", null, h("h2", null, title), children);
}

/** The other pages about the same organization. @param {string} code @param {"facts" | "targets" | "exemptions"} current */
export function besidePages(code, current) {
  const links = { facts: factSheetLink(code), targets: targetsLink(code), exemptions: exemptionsLink(code) };
  return h("p.row.wrap.small", null, h("a", { href: organizationLink(code) }, t("standards-organization-sheet", { code })),
    /** @type {const} */ (["facts", "targets", "exemptions"]).filter((part) => part !== current).map((part) => h("a", { href: links[part] }, t(`standards-part-${part}`))));
}

/** A text in whichever of the two languages it was written. @param {string | null | undefined} text */
export function inItsLanguage(text) {
  return text ? h("span", { lang: /[\u4e00-\u9fff]/.test(text) ? "zh-CN" : "en" }, text) : null;
}

/** @typedef {ReturnType<typeof watchedForms>} WatchedForms */

/** The forms of a page, so that leaving asks where one of them has something unsaved; they may come while parts load. */
export function watchedForms() {
  /** @type {import("../../parts/form.js").FormParts[]} */
  const all = [];
  return {
    /** @param {import("../../parts/form.js").FormParts} parts */
    watch(parts) {
      all.push(parts);
      return parts.node;
    },
    unsaved: () => all.some((parts) => parts.node.isConnected && parts.changed()),
    /** All is stored: nothing is asked when the page is left. */
    saved: () => all.forEach((parts) => parts.saved()),
  };
}

/** What is at a path, and null where nothing was ever stored. @param {string} path @param {import("../../api.js").Query} [query] @returns {Promise<{ json: any, etag: string | null }>} */
export async function readIfThere(path, query) {
  try {
    return await read(path, query);
  } catch (error) {
    if (/** @type {any} */ (error).status === 404) return { json: null, etag: null };
    throw error;
  }
}

/** The newest revision and its time, for lists that do not tell: read by it, they are of just that revision. @returns {Promise<import("../../page.js").Standing>} */
export async function newestRevision() {
  const { json } = await read("/organization-statuses", { limit: 1, fields: "organization" });
  return { revision: json.revision, known_at: json.known_at };
}

/**
 * Who decided what, from which day, and why: the latest first.
 * @param {{ valid_from: string, revision: number, recorded_at: string, author: { name: string } | null, reason: string | null, state: any }[]} versions earliest first
 * @param {(state: any) => Child} state what was decided, in words
 * @param {(revision: number, day: string) => string} [effect] the address where the effect of a decision is shown
 */
export function decisionsTable(versions, state, effect) {
  return dataTable({
    caption: t("standards-decisions"),
    rows: versions.slice().reverse(),
    empty: t("standards-no-decisions"),
    columns: [
      { head: t("standards-from"), cell: (row) => dayText(row.valid_from), rowHead: true },
      { head: t("standards-decided"), cell: (row) => state(row.state) },
      { head: t("standards-by"), cell: (row) => byWhom(row.author && row.author.name, row.recorded_at) },
      { head: t("standards-reason"), cell: (row) => row.reason || h("span.muted", null, t("standards-no-reason")) },
      // The first revision is the service's own data: nothing was before it.
      { head: t("standards-revision"), cell: (row) => (effect && row.revision > 1 ? h("a", { href: effect(row.revision, row.valid_from), "aria-label": t("standards-effect-of", { revision: row.revision }) }, t("standards-effect-short", { revision: row.revision })) : String(row.revision)) },
    ],
  }).node;
}

/** Who recorded something, and when. @param {string | null} name @param {string} at */
export function byWhom(name, at) {
  return [h("span", null, name || t("standards-by-service")), h("span.small.muted.block", null, clock(at))];
}

/** Fields for a first day, and for the reason that a day in the past needs. @param {string} hint @returns {import("../../parts/form.js").Field[]} */
export function firstDayFields(hint) {
  return [
    { name: "valid_from", kind: "date", label: t("standards-first-day"), hint },
    { name: "correction_reason", kind: "textarea", label: t("standards-correction"), hint: t("standards-correction-hint"), attributes: { rows: 2, maxlength: 1000 } },
  ];
}

/** A mark of how a clause was read: verified, or for orientation only. @param {ApiSchemas["Basis"]} basis */
export function basisMark(basis) {
  return h(`span.basis.basis-${basis}`, null, t(`standards-basis-${basis}`));
}
