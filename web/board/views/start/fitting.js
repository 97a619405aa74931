// Which standards may bind which organizations: by the kind, the type and the sector that their rules name. What a rule asks of
// facts is not known yet, so it does not speak against a standard.

/** @typedef {import("./standing.js").Organization} Organization */

/** @param {any} condition of a rule @param {Organization} one @returns {boolean} whether it may hold for the organization */
function startMayHold(condition, one) {
  if (!condition || typeof condition !== "object") return true;
  if (Array.isArray(condition.all)) return condition.all.every((/** @type {any} */ part) => startMayHold(part, one));
  if (Array.isArray(condition.any)) return condition.any.some((/** @type {any} */ part) => startMayHold(part, one));
  if (typeof condition.kind === "string") return condition.kind === one.kind;
  if (typeof condition.type === "string") return condition.type === one.organization_type;
  if (typeof condition.sector === "string") return condition.sector === one.sector;
  return true;
}

/**
 * The organizations that each standard may bind, by its code.
 * @param {{ standard: { code: string }, rule: { role?: string, applies_when?: unknown } }[]} rules
 * @param {Organization[]} organizations
 * @returns {Map<string, Organization[]>}
 */
export function boundBy(rules, organizations) {
  /** @type {Map<string, unknown[]>} */
  const conditions = new Map();
  for (const { standard, rule } of rules) {
    if (rule.role && rule.role !== "requirement") continue;
    conditions.set(standard.code, [...(conditions.get(standard.code) || []), rule.applies_when]);
  }
  return new Map(Array.from(conditions, ([code, all]) => [code, organizations.filter((one) => all.some((condition) => startMayHold(condition, one)))]));
}
