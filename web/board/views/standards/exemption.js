// An exemption: granting one, with the lines that rest on its rule; and ending one early.

import { fill, h } from "../../../shared/dom.js";
import { randomId } from "../../../shared/ids.js";
import { toast } from "../../../shared/status.js";
import { to } from "../../../shared/address.js";
import { dayText, t } from "../../../shared/text.js";
import { read, readAll, send } from "../../api.js";
import { exemptionsLink, lineLink, ruleLink, withQuery } from "../../links.js";
import { clauseName, standardNumber } from "../../parts/clause.js";
import { saveChange } from "../../parts/conflict.js";
import { figure, statusMark } from "../../parts/figure.js";
import { form } from "../../parts/form.js";
import { loading } from "../../parts/states.js";
import { mayEdit } from "../../rights.js";
import { effectBlock } from "./effect.js";
import { exemptionMark } from "./exemptions.js";
import { basisMark, byWhom, firstDayFields, standardsBlock, standardsFrame, watchedForms } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["ExemptionView"]} Exemption */
/** @typedef {ApiSchemas["ShortageLine"]} Line */

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code */
export function newExemptionView(board, place, code) {
  const forms = watchedForms();
  return standardsFrame("exemptions", t("standards-exemption-new", { code }), [loading(() => grantForm(board, place, code, forms), 6)], {
    forms, lead: [h("p.text.muted", null, t("standards-exemption-lead")), h("p", null, h("a", { href: exemptionsLink(code) }, t("standards-exemptions-of", { code })))],
  });
}

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code @param {import("./frame.js").WatchedForms} forms */
async function grantForm(board, place, code, forms) {
  /** @type {[{ json: any }, Line[]]} */
  const [{ json: organization }, lines] = await Promise.all([read(`/organizations/${encodeURIComponent(code)}`), readAll("/shortages", { organization: code })]);
  const rules = new Map(lines.flatMap((line) => line.clauses.map((clause) => /** @type {[string, string]} */ ([clause.rule, `${clause.rule} · ${line.name} · ${standardNumber(clause.standard)} ${clauseName(clause.clause)}`]))));
  const asked = place.query.rule || "";
  if (asked && !rules.has(asked)) rules.set(asked, asked);
  // One id for the form, so that a repeat grants nothing twice.
  const id = randomId();
  const resting = h("div", { "aria-live": "polite" });
  const showLines = () => {
    const { rule } = parts.values();
    fill(resting, rule ? linesOfRule(code, rule, lines) : null);
  };
  const parts = form({
    fields: [
      { name: "rule", kind: "select", label: t("standards-rule"), required: true, value: asked, options: [["", t("standards-rule-choose")], ...Array.from(rules).sort()], attributes: { onchange: () => showLines() } },
      { name: "ends_on", kind: "date", label: t("standards-last-day"), hint: t("standards-last-day-hint"), required: true },
      { name: "reason", kind: "textarea", label: t("standards-reason"), required: true, attributes: { rows: 3, maxlength: 1000 } },
      ...firstDayFields(t("standards-today-hint")),
    ],
    act: t("standards-exemption-grant"),
    submit: async (values) => {
      const { json } = await send("PUT", `/organizations/${encodeURIComponent(code)}/exemptions/${id}`, values);
      forms.saved();
      toast(t("standards-saved"));
      board.go(withQuery(exemptionsLink(code), { effect: String(json.revision), day: json.valid_from }));
    },
  });
  showLines();
  return [h("p.strong", null, organization.name), h("div.columns", null, forms.watch(parts), resting)];
}

/** The lines of an organization that rest on a rule, and whether others require the same. @param {string} code @param {string} rule @param {Line[]} lines */
function linesOfRule(code, rule, lines) {
  const resting = lines.filter(({ clauses }) => clauses.some((clause) => clause.rule === rule));
  return h("div.stack", null, h("h2", null, t("standards-rests-on", { rule })), h("p", null, h("a", { href: ruleLink(rule) }, t("standards-rule-read"))),
    resting.length ? null : h("p.muted", null, t("standards-rests-nothing")),
    h("ul.stack", null, resting.map((line) => {
      const others = line.clauses.filter((clause) => clause.rule !== rule);
      return h("li", null,
        h("p", null, h("a", { href: lineLink(code, line.line) }, line.name), " ", statusMark(line.status), " ", basisMark(line.basis)),
        h("p.small", null, t("standards-required"), " ", figure(line.required, { unit: line.unit, href: lineLink(code, line.line), label: t("standards-required") })),
        h("p.small.muted", null, others.length ? t("standards-rests-others", { rules: others.map((clause) => clause.rule).join(t("standards-and")) }) : t("standards-rests-alone")));
    })));
}

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code @param {string} id */
export function exemptionView(board, place, code, id) {
  const forms = watchedForms();
  return standardsFrame("exemptions", t("standards-exemption-title", { code }), [loading(() => exemptionFacts(board, code, id, forms), 6), effectBlock(place.query, code)], {
    forms, lead: h("p", null, h("a", { href: exemptionsLink(code) }, t("standards-exemptions-of", { code }))),
  });
}

/** @param {import("../../page.js").Board} board @param {string} code @param {string} id @param {import("./frame.js").WatchedForms} forms */
async function exemptionFacts(board, code, id, forms) {
  const path = `/organizations/${encodeURIComponent(code)}/exemptions/${encodeURIComponent(id)}`;
  const { json, etag } = await read(path);
  /** @type {Exemption} */
  const exemption = json;
  return [
    h("dl.pairs.standards-pairs", null,
      h("dt", null, t("standards-organization")), h("dd", null, exemption.organization.name),
      h("dt", null, t("standards-rule")), h("dd", null, h("a", { href: ruleLink(exemption.rule) }, exemption.rule)),
      h("dt", null, t("standards-holds")), h("dd", null, exemptionMark(exemption), " ", t("standards-from-to", { from: exemption.valid_from, to: exemption.ends_on })),
      h("dt", null, t("standards-reason")), h("dd", null, exemption.reason),
      h("dt", null, t("standards-granted-by")), h("dd", null, byWhom(exemption.granted_by, exemption.granted_at))),
    exemption.ends.length ? standardsBlock(t("standards-exemption-ends"), h("ul.dots", null, exemption.ends.map((end) => h("li", null, t("standards-exemption-end", { day: end.valid_from, reason: end.reason }), byWhom(end.ended_by, end.ended_at))))) : null,
    mayEdit() && exemption.ends_on >= exemption.valid_from ? endExemptionForm(board, code, path, { exemption, etag }, forms) : null,
  ];
}

/** @param {import("../../page.js").Board} board @param {string} code @param {string} path @param {{ exemption: Exemption, etag: string | null }} read @param {import("./frame.js").WatchedForms} forms */
function endExemptionForm(board, code, path, { exemption, etag }, forms) {
  const parts = form({
    fields: [
      { name: "reason", kind: "textarea", label: t("standards-reason"), required: true, attributes: { rows: 2, maxlength: 1000 } },
      { name: "valid_from", kind: "date", label: t("standards-end-day"), hint: t("standards-end-day-hint") },
    ],
    act: t("standards-exemption-end-act"),
    submit: async (values) => {
      const lastEnd = (/** @type {any} */ thing) => {
        const end = thing.ends[thing.ends.length - 1];
        return end ? { valid_from: end.valid_from, reason: end.reason, by: end.ended_by } : {};
      };
      const answer = await saveChange({
        path, to: `${path}/end`, method: "POST", body: values, etag, before: exemption, view: lastEnd, mine: { ...values, by: board.person.display_name },
        compared: [
          { key: "valid_from", label: t("standards-end-day"), show: (value) => (value ? dayText(value) : t("standards-today")) },
          { key: "reason", label: t("standards-reason") },
          { key: "by", label: t("standards-by") },
        ],
      });
      if (!answer) return;
      forms.saved();
      toast(t(answer.theirs ? "standards-theirs-kept" : "standards-saved"));
      if (answer.theirs || answer.json.repeated) void board.redraw();
      else board.go(withQuery(to("standards", "exemptions", code, exemption.id), { effect: String(answer.json.revision), day: answer.json.valid_from }));
    },
  });
  return standardsBlock(t("standards-exemption-end-title"), h("p.text.muted", null, t("standards-exemption-end-lead")), forms.watch(parts));
}
