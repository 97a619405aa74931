// Before sending: what is wrong, what is odd, what will be recorded as 0.

import { fill, h } from "../../shared/dom.js";
import { icon } from "../../shared/icons.js";
import { ask, empty, failure, mark, notStored } from "../../shared/status.js";
import { figureText, language, nameOf, t, unitText } from "../../shared/text.js";
import { missingDepot } from "./depot.js";
import { choice } from "../../shared/choice.js";
import { entriesOf, entryText, lotParts } from "./entries.js";
import { to } from "../../shared/address.js";
import { isFarFrom } from "./typed.js";

/** @typedef {import("./page.js").Page} Page */
/** @typedef {import("./page.js").Screen} Screen */
/** @typedef {import("../engine/types.js").Review} Review */
/** @typedef {import("../engine/types.js").ReviewLine} ReviewLine */

/** The scope chosen, by draft: only what was counted unless somebody chose otherwise. @type {Map<string, "listed" | "full">} */
const SCOPES = new Map();

/** @param {Page} page @param {string} code @returns {Screen} */
export function reviewView(page, code) {
  const depot = page.phone.depot(code);
  if (!depot) return missingDepot(code);
  const draft = page.phone.draft(code);
  const title = t("review-title");
  const frame = { title, where: `${nameOf(depot.names, code)} · ${title}`, back: to("depot", code), tab: "depots" };
  const review = draft ? draft.review() : null;
  if (!draft || !review || !(review.lines.length + review.skipped.length)) {
    return { ...frame, body: [h("h1", { tabindex: "-1" }, title), empty(t("review-empty"), h("a.button.primary", { href: to("depot", code) }, t("depot-start")))] };
  }
  const { said } = page;
  const scope = SCOPES.get(draft.data.id) || "listed";
  const numbers = review.lines.filter((line) => line.act !== "zero");
  const submit = async () => {
    fill(said);
    try {
      const { id } = await draft.submit(scope === "full" ? { scope, token: review.token } : { scope });
      page.go(to("sent", id), true);
      page.phone.sync().catch(() => undefined);
    } catch (error) {
      if (/** @type {any} */ (error).code === "review_again") await page.redraw();
      fill(said, failure(error));
    }
  };
  const ready = !review.faults.length && (scope === "full" ? review.mayBeFull : review.lines.length > 0);
  const n = scope === "full" ? review.lines.length + review.zeros.total : review.lines.length;
  return {
    ...frame,
    watch: ["copy"],
    body: [h("div.blocks", null,
      h("div.stack", null, h("h1", { tabindex: "-1" }, title), h("dl.figures", null, [["review-numbers", numbers.length], ["review-zeros", review.lines.length - numbers.length], ["review-skipped", review.skipped.length]].map(([key, count]) =>
        h("div", null, h("dt", null, t(String(key))), h("dd", null, figureText(count)))))),
      review.faults.length ? faultList(page, code, review) : null,
      h("section.stack", null, h("h2", null, t("review-scope")),
        choice(t("review-scope"), [["listed", t("scope-listed")], ["full", t("scope-full")]], scope, (chosen) => {
          SCOPES.set(draft.data.id, chosen === "full" ? "full" : "listed");
          page.redraw();
        }),
        h("p.text", null, t(scope === "full" ? "scope-full-text" : "scope-listed-text", { n: review.lines.length }))),
      scope === "full" ? zeroList(code, review) : null,
      lineList(page, code, t("review-odd"), oddLines(page, code, review), true),
      lineList(page, code, t("review-counted"), review.lines, false),
      lineList(page, code, t("review-skipped-list"), review.skipped, false),
      headerFields(draft),
      h("section", null, h("button.button.danger.inline", { type: "button", id: "discard", onclick: () => discard(page, code, draft) }, t("discard"))))],
    foot: [said, h("button.button.primary", { type: "button", id: "submit", disabled: !ready, onclick: submit }, ready ? t(scope === "full" ? "submit-full" : "submit", { n }) : t("submit-not-yet"))],
  };
}

/** @param {Page} page @param {string} depot @param {Review} review */
function oddLines(page, depot, review) {
  return review.lines.filter((line) => line.lotsLeftOut.length || newExpired(page, depot, line.item) || (line.before !== null && isFarFrom(line.total, line.before)));
}

/** The lots that were not given, in words. @param {Page} page @param {string} depot @param {ReviewLine} line */
function lotsLeftOut(page, depot, line) {
  const known = page.phone.line(depot, line.item);
  const lots = (known ? known.lots : []).filter((lot) => line.lotsLeftOut.includes(lot.key));
  return lots.map((lot) => lotWords({ ...lot, number: lot.lot }, lot.expired) || t("lot-none")).join(language() === "en" ? "; " : "；");
}

/** The lots that were typed anew and have expired, in words: a slip of a digit may be why. @param {Page} page @param {string} depot @param {string} item */
function newExpired(page, depot, item) {
  const line = page.phone.line(depot, item);
  const lots = line ? entriesOf(line, new Set()).filter((entry) => entry.expired && !entry.known && Number(entryText(line, entry))) : [];
  return lots.map((entry) => lotWords(entry, true) || t("lot-made", { day: entry.madeOn || "" })).join(language() === "en" ? "; " : "；");
}

/** @param {{number: string | null, expiresOn: string | null}} lot @param {boolean} expired */
function lotWords({ number, expiresOn }, expired) {
  return lotParts(number, expiresOn, expired).join(language() === "en" ? ", " : "，");
}

/** @param {Page} page @param {string} depot @param {string} title @param {ReviewLine[]} lines @param {boolean} why */
function lineList(page, depot, title, lines, why) {
  if (!lines.length) return null;
  return h("section", null, h("h2.group", null, title, h("span.n", null, figureText(lines.length))), h("ul.lines", null, lines.map((line) => h("li", null,
    h("a.line", { href: to("count", depot, line.item, "review") },
      h("span.grow", null, h("span.name", null, nameOf(line.names, line.item)),
        h("span.under", null, why ? [
          line.before !== null ? t("review-before", { n: line.before, unit: unitText(line.unit, line.before) }) : null,
          newExpired(page, depot, line.item) || null,
          line.lotsLeftOut.length ? t("review-lots", { lots: lotsLeftOut(page, depot, line), n: line.lotsLeftOut.length }) : null,
        ].filter(Boolean).join(" · ") : line.item)),
      line.act === "skipped" ? h("span.side.small.muted", null, t("act-skipped"))
        : h("span.side", null, h("span.figure", null, figureText(line.total), h("small", null, unitText(line.unit, line.total)))))))));
}

/** What a full count would say is not there; one press changes each. @param {string} depot @param {Review} review */
function zeroList(depot, review) {
  const { lines, others, total } = review.zeros;
  return h("section.stack-8", null,
    h("h2", null, mark("unknown", t("zeros-title", { n: total }))),
    review.mayBeFull ? null : h("p.fault", null, t(review.skipped.length ? "zeros-skipped" : "zeros-incomplete")),
    h("ul.lines", null, lines.map((line) => h("li", null, h("a.line", { href: to("count", depot, line.item, "review") },
      h("span.grow", null, h("span.name", null, nameOf(line.names, line.item)), h("span.under", null, `${line.item} · ${t("zeros-will")}`)),
      h("span.side.mark.mark-accent", null, t("zeros-change"), icon("next", 20)))))),
    others ? h("p.muted", null, t("zeros-others", { n: others })) : null);
}

/** @param {Page} page @param {string} depot @param {Review} review */
function faultList(page, depot, review) {
  const named = (/** @type {import("../engine/types.js").Fault} */ { item, lot }) => {
    const line = page.phone.line(depot, item);
    const entry = line && entriesOf(line, new Set()).find((one) => one.lot === lot);
    return [line ? nameOf(line.names, item) : item || t("review-title"), entry ? lotWords(entry, entry.expired) : ""].filter(Boolean).join(" · ");
  };
  return h("div.notice.bad", { role: "alert" }, h("p.strong", null, t("faults-title", { n: review.faults.length })),
    h("ul.dots", null, review.faults.map((fault) => h("li", null, h("a", { href: to("count", depot, fault.item, "review") }, named(fault)), `: ${t(`fault-${fault.code}`)}`))));
}

/** Who counted, and a remark. @param {import("../engine/draft.js").CountDraft} draft */
function headerFields(draft) {
  const field = (/** @type {"countedBy" | "note"} */ name, /** @type {string} */ words, /** @type {string} */ hint, /** @type {number} */ most) => h("div.field", null,
    h("label", { for: name }, words), h("input.input", {
      id: name, value: draft.typed[name], maxlength: most, autocomplete: "off", "aria-describedby": `${name}-hint`,
      oninput: (/** @type {Event} */ event) => draft.setHeader({ [name]: /** @type {HTMLInputElement} */ (event.target).value }).catch(notStored),
    }), h("span.hint", { id: `${name}-hint` }, hint));
  return h("section.stack", null, field("countedBy", t("counted-by"), t("counted-by-hint"), 100), field("note", t("note"), t("note-hint"), 1000));
}

/** @param {Page} page @param {string} code @param {import("../engine/draft.js").CountDraft} draft */
async function discard(page, code, draft) {
  const { said } = page;
  const answer = await ask(t("discard-title"), h("p", null, t("discard-text")), [{ key: "discard", words: t("discard"), kind: "danger" }]);
  if (answer !== "discard") return;
  try {
    await draft.discard();
    page.go(to("depot", code), true);
  } catch (error) {
    fill(said, failure(error));
  }
}
