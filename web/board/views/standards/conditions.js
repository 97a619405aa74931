// The condition under which a rule applies, in words.

import { figureText, t, unitText } from "../../../shared/text.js";
import { codeWords, factDictionary } from "../../parts/words.js";

/** @typedef {import("../../session.js").ApiSchemas} ApiSchemas */
/** @typedef {ApiSchemas["RuleCondition"]} RuleCondition */
/** @typedef {(condition: RuleCondition) => string} ConditionWords */

/** What says conditions in words, in the language of the page. @returns {Promise<ConditionWords>} */
export async function conditionWords() {
  const [words, facts] = await Promise.all([codeWords(), factDictionary()]);
  const nameOfFact = (/** @type {string} */ key) => {
    const found = facts.get(key);
    return found ? found.name : key;
  };
  /** @param {any} condition @param {boolean} inner @returns {string} */
  const say = (condition, inner) => {
    if (condition.all || condition.any) {
      const parts = condition.all || condition.any;
      if (!parts.length) return t(condition.all ? "standards-if-always" : "standards-if-never");
      if (parts.length === 1) return say(parts[0], inner);
      const joined = parts.map((/** @type {RuleCondition} */ part) => say(part, true)).join(t(condition.all ? "standards-if-and" : "standards-if-or"));
      return inner ? t("standards-if-group", { text: joined }) : joined;
    }
    if (condition.not) return t("standards-if-not", { text: say(condition.not, true) });
    if (condition.kind) return words("organization_kind", condition.kind);
    if (condition.sector) return t("standards-if-sector", { name: words("sector", condition.sector) });
    if (condition.type) return words("team_type", condition.type);
    if (condition.tag) return nameOfFact(condition.tag);
    if (condition.class) return t("standards-if-class", { table: condition.class.table, name: condition.class.is });
    if (condition.compare) {
      const { fact, op, value } = condition.compare;
      return `${nameOfFact(fact)} ${t(`standards-if-${op}`)} ${amountWithUnit(value, (facts.get(fact) || { unit: null }).unit)}`;
    }
    return JSON.stringify(condition);
  };
  return (condition) => say(condition, false);
}

/** A number with its unit, where it has one that is said. @param {number} value @param {string | null | undefined} unit */
export function amountWithUnit(value, unit) {
  return unit && unit !== "factor" ? t("amount", { n: figureText(value), unit: unitText(unit, value) }) : figureText(value);
}
