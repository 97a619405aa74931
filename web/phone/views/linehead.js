// The head of a line being counted: its name, which stays, what is required, and what was said of it before.

import { h } from "../../shared/dom.js";
import { mark } from "../../shared/status.js";
import { interval, nameOf, t, unitText } from "../../shared/text.js";
import { rivalColumns } from "./rivals.js";
import { isDecided } from "./typed.js";

/** @typedef {import("../engine/types.js").CountLine} CountLine */

/** @param {CountLine} line */
export function lineTitle(line) {
  return h("div.title", null, h("h1", { tabindex: "-1" }, nameOf(line.names, line.item)), h("span.unit", null, unitText(line.unit)));
}

/** @param {import("./page.js").Page} page @param {string} depot @param {CountLine} line */
export function lineHead(page, depot, line) {
  const required = line.required ? t(`required-${line.strength || "mandatory"}`, { n: interval(line.required), unit: unitText(line.unit, line.required.max === null ? undefined : line.required.max) }) : null;
  const act = line.draft ? line.draft.act : "none";
  const differs = line.state === "conflict" || line.state === "contested";
  return [
    h("p.meta", null, [line.item, line.number, required, line.place].filter(Boolean).map((part, at) => [at ? " · " : "", h("span.nowrap", null, part)])),
    differs ? [h("p", null, mark("contested", t(`count-${line.state}`))), isDecided(line) ? rivalColumns(page, depot, line.item) : null] : null,
    act === "zero" ? h("p", null, mark("met", t("count-was-zero"))) : act === "skipped" ? h("p", null, mark("none", t("count-was-skipped"))) : null,
  ];
}
