// A declared target: its history, and declaring another number or none.

import { h } from "../../../shared/dom.js";
import { toast } from "../../../shared/status.js";
import { to } from "../../../shared/address.js";
import { dayText, t, unitText } from "../../../shared/text.js";
import { read } from "../../api.js";
import { ruleLink, targetsLink, withQuery } from "../../links.js";
import { saveChange } from "../../parts/conflict.js";
import { form } from "../../parts/form.js";
import { loading } from "../../parts/states.js";
import { mayEdit } from "../../rights.js";
import { amountWithUnit } from "./conditions.js";
import { effectBlock } from "./effect.js";
import { basisMark, decisionsTable, firstDayFields, readIfThere, standardsBlock, standardsFrame, watchedForms } from "./frame.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */

/** @param {import("../../page.js").Board} board @param {import("../../page.js").Place} place @param {string} code @param {string} rule */
export function targetView(board, place, code, rule) {
  const forms = watchedForms();
  return standardsFrame("targets", t("standards-target-title", { code, rule }), [loading(() => targetFacts(board, code, rule, forms), 6), effectBlock(place.query, code)], {
    forms, lead: h("p", null, h("a", { href: targetsLink(code) }, t("standards-targets-of", { code }))),
  });
}

/** @param {import("../../page.js").Board} board @param {string} code @param {string} rule @param {import("./frame.js").WatchedForms} forms */
async function targetFacts(board, code, rule, forms) {
  const path = `/organizations/${encodeURIComponent(code)}/targets/${encodeURIComponent(rule)}`;
  const own = to("standards", "targets", code, rule);
  /** @type {[{ json: any }, { json: ApiSchemas["TargetHistory"] | null, etag: string | null }]} */
  const [{ json: found }, { json: target, etag }] = await Promise.all([read(`/rules/${encodeURIComponent(rule)}`), readIfThere(path)]);
  const { unit } = found.rule;
  const amount = (/** @type {any} */ value) => (value === null || value === undefined ? h("span.muted", null, t("standards-target-withdrawn")) : amountWithUnit(value, unit));
  const last = (/** @type {any} */ thing) => {
    const one = thing.history ? thing.history[thing.history.length - 1] : null;
    return one ? { quantity: one.state.quantity, valid_from: one.valid_from, by: one.author && one.author.name } : {};
  };
  const parts = form({
    fields: [
      { name: "quantity", kind: "number", label: t("standards-target-quantity", { unit: unitText(unit) }), hint: t(target ? "standards-target-withdraw-hint" : "standards-target-hint"), required: !target, value: target ? target.quantity : null },
      ...firstDayFields(t("standards-today-hint")),
    ],
    act: t("standards-target-declare"),
    submit: async (values) => {
      const answer = await saveChange({
        path, body: values, etag, before: target || {}, view: last, mine: { ...values, by: board.person.display_name },
        compared: [
          { key: "quantity", label: t("standards-target"), show: amount },
          { key: "valid_from", label: t("standards-first-day"), show: (value) => (value ? dayText(value) : t("standards-today")) },
          { key: "by", label: t("standards-by") },
        ],
      });
      if (!answer) return;
      forms.saved();
      toast(t(answer.theirs ? "standards-theirs-kept" : "standards-saved"));
      if (answer.theirs || answer.json.repeated) void board.redraw();
      else board.go(withQuery(own, { effect: String(answer.json.revision), day: answer.json.valid_from }));
    },
  });
  return [
    h("p.text", null, found.text, " ", basisMark(found.basis)), h("p", null, h("a", { href: ruleLink(rule) }, t("standards-rule-read"))),
    target ? decisionsTable(target.history, (state) => amount(state.quantity), (revision, day) => withQuery(own, { effect: String(revision), day })) : h("p.muted", null, t("standards-target-never")),
    mayEdit() ? standardsBlock(t("standards-target-declare"), forms.watch(parts)) : null,
  ];
}
