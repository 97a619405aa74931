//! The working of one rule for one line.

use serde_json::{Value, json};

use super::amount::{Amount, Cause, Counted, FORMS, amount, facts_of, times};
use super::facts::{Truth, missing_facts, tables_verified};
use super::reason::Reason;
use crate::selector::{PartNumber, line_parts};
use crate::state::State;
use crate::time::day;
use crate::value::{
    Pair, Read, STRENGTHS, UNKNOWN, ZERO, get, larger, list, natural, number, object, only, optional, rank, same,
    shown, text,
};

/// A rule applied to a line.
pub struct Rule {
    /// The rule as the document has it.
    pub found: Value,
    /// Its code.
    pub code: String,
    /// The rank of its strength.
    pub strength: usize,
    /// True if its texts are verified.
    pub verified: bool,
    /// What it requires of the line.
    pub result: Pair,
    applies: Truth,
    waived: Truth,
    exempt: bool,
    form: &'static str,
    counted: Vec<(String, Option<i128>)>,
    target: Option<i128>,
    other_reasons: Vec<Reason>,
    total: Result<Pair, Cause>,
}

impl Rule {
    /// Works a rule out.
    pub fn new(state: &mut State<'_>, found: &Value, line: &Value, pointer: &str) -> Read<Self> {
        let (applies, waived) = truths(state, found, pointer)?;
        let strength = cited(state, found, pointer)?;
        let verified = is_verified(found)?;
        let differences = &mut state.differences;
        differences.member(found, "strength", &json!(STRENGTHS.get(strength)), pointer);
        differences.member(found, "verified", &json!(verified), pointer);
        let selector = object(found, "selector")?;
        state.name_items(selector)?;
        let measured = state.is_measured(selector)?;
        state.differences.member(found, "measured", &json!(measured), pointer);
        let (form, value) = only(get(found, "quantity")?, &FORMS)?;
        let exempt = exempt(state, found, pointer)?;
        let counted = counted(state, found, facts_of(form, value), pointer)?;
        let target = target(state, found, form, pointer)?;
        let mut rule = Self {
            code: text(found, "rule")?.to_owned(),
            found: found.clone(),
            strength,
            verified,
            result: ZERO,
            applies,
            waived,
            exempt,
            form,
            counted,
            target,
            other_reasons: Vec::new(),
            total: Ok(ZERO),
        };
        let mut other = Ok(ZERO);
        if form == "ratio" {
            other = rule.count_other(state, value, pointer)?;
        } else if let Some(beside) = found.get("counted_requirement") {
            state.differences.note(format!("{pointer}/counted_requirement"), Value::Null, beside.clone());
        }
        rule.work_out(state, line, other, measured, pointer)?;
        Ok(rule)
    }

    /// What is required of the selector that a ratio counts.
    fn count_other(&mut self, state: &mut State<'_>, ratio: &Value, pointer: &str) -> Read<Result<Pair, Cause>> {
        let found = object(&self.found, "counted_requirement")?;
        let at = format!("{pointer}/counted_requirement");
        let to = object(ratio, "to")?;
        let part = line_parts(to)?.into_iter().next().filter(|_| to.get("kit").is_none());
        let rules = list(found, "rules")?;
        let known = match part {
            Some((line, _)) if !state.open_ratios.contains(&self.code) => {
                state.open_ratios.push(self.code.clone());
                let mut beside = Vec::new();
                for (place, rule) in rules.iter().enumerate() {
                    beside.push(Self::new(state, rule, &line, &format!("{at}/rules/{place}"))?);
                }
                state.open_ratios.pop();
                for (place, rule) in beside.iter().enumerate() {
                    let [own, other] =
                        [&self.found, &rule.found].map(|rule| rule.get("scope").cloned().unwrap_or_default());
                    if own != other {
                        state.differences.note(format!("{at}/rules/{place}/scope"), own, other);
                    }
                    if rule.strength < self.strength {
                        let [own, other] = [self.strength, rule.strength].map(|rank| json!(STRENGTHS.get(rank)));
                        state.differences.note(format!("{at}/rules/{place}/strength"), own, other);
                    }
                }
                let known = match beside.iter().find_map(Self::fault) {
                    Some(fault) => Err(fault),
                    None => Ok(scope_required(&beside)),
                };
                if known.is_err() || known.is_ok_and(|known| known.1 != Some(known.0)) {
                    for rule in &beside {
                        self.other_reasons.extend(rule.reasons()?);
                    }
                }
                known
            }
            _ => {
                state.differences.member(found, "rules", &json!([]), &at);
                Err(Cause::Meaningless)
            }
        };
        state.differences.member(found, "required", &shown(known.unwrap_or(UNKNOWN)), &at);
        Ok(known)
    }

    fn work_out(
        &mut self,
        state: &mut State<'_>,
        line: &Value,
        other: Result<Pair, Cause>,
        measured: bool,
        pointer: &str,
    ) -> Read<()> {
        let facts: Vec<Option<i128>> = self.counted.iter().map(|(_, number)| *number).collect();
        let counted = Counted { facts: &facts, other, target: self.target };
        let worked_out = amount(get(&self.found, "quantity")?, &counted, measured)?;
        let known = worked_out.unwrap_or(Amount { in_use: UNKNOWN, spare: UNKNOWN, total: UNKNOWN });
        for (name, part) in [("in_use", known.in_use), ("spare", known.spare), ("total", known.total)] {
            state.differences.member(&self.found, name, &shown(part), pointer);
        }
        let selector = get(&self.found, "selector")?;
        let parts: Vec<PartNumber> =
            line_parts(selector)?.into_iter().filter(|(part, _)| same(part, line)).map(|(_, number)| number).collect();
        if parts.is_empty() {
            state.differences.note(format!("{pointer}/selector"), line.clone(), selector.clone());
        }
        let times_of = |part: &PartNumber| match part {
            PartNumber::Times(multiple) => number(Some(*multiple)),
            PartNumber::Same | PartNumber::Once(_) => Value::Null,
        };
        let stated = self.found.get("times").unwrap_or(&Value::Null);
        let part = parts.iter().find(|part| same(&times_of(part), stated)).or(parts.first());
        let part = part.copied().unwrap_or(PartNumber::Same);
        let once = if let PartNumber::Once(multiple) = part { number(Some(multiple)) } else { Value::Null };
        state.differences.member(&self.found, "times", &times_of(&part), pointer);
        state.differences.member(&self.found, "once", &once, pointer);
        self.total = match (worked_out, part) {
            (Err(cause), _) => Err(cause),
            (Ok(known), PartNumber::Same) => Ok(known.total),
            (Ok(known), PartNumber::Once(multiple)) => {
                let once = |asked: bool| if asked { multiple } else { 0 };
                Ok((once(known.total.0 > 0), Some(once(known.total.1 != Some(0)))))
            }
            (Ok(known), PartNumber::Times(multiple)) => times(known.total, multiple, state.is_measured(line)?),
        };
        let total = self.total.unwrap_or(UNKNOWN);
        self.result = match (self.asks(), self.surely_applies()) {
            (false, _) => ZERO,
            (true, true) => total,
            (true, false) => (0, total.1),
        };
        state.differences.member(&self.found, "result", &shown(self.result), pointer);
        Ok(())
    }

    /// True if it requires something.
    pub fn asks(&self) -> bool {
        !self.exempt && self.waived != Truth::Yes
    }

    /// True if it certainly applies and is not waived.
    pub fn surely_applies(&self) -> bool {
        self.applies == Truth::Yes && self.waived == Truth::No
    }

    /// True if its number is out of range.
    pub fn is_out_of_range(&self) -> bool {
        self.asks() && self.total == Err(Cause::OutOfRange)
    }

    /// True if it says "as needed" and no target is declared.
    pub fn lacks_target(&self) -> bool {
        self.asks() && self.form == "as_needed" && self.target.is_none()
    }

    fn fault(&self) -> Option<Cause> {
        self.total.err().filter(|fault| self.asks() && *fault != Cause::Open)
    }

    /// The reasons why its requirement is unknown, or zero.
    pub fn reasons(&self) -> Read<Vec<Reason>> {
        let of_rule = |code: &str| Reason::new(code).rule(&self.code);
        if self.exempt {
            return Ok(vec![of_rule("exempt")]);
        }
        if self.waived == Truth::Yes {
            return Ok(vec![of_rule("waived")]);
        }
        let mut reasons = Vec::new();
        for (name, truth) in [("condition", self.applies), ("waiver", self.waived)] {
            if truth == Truth::Unknown {
                let missing = missing_facts(get(&self.found, name)?)?;
                reasons.extend(missing.iter().map(|fact| of_rule("fact_unknown").fact(fact)));
                reasons.push(of_rule("condition_unknown"));
            }
        }
        let missing = self.counted.iter().filter(|(_, number)| number.is_none());
        reasons.extend(missing.map(|(fact, _)| of_rule("fact_unknown").fact(fact)));
        reasons.extend(self.other_reasons.iter().cloned());
        match self.total {
            Err(Cause::Open) if self.form == "as_needed" => reasons.push(of_rule("target_not_declared")),
            Err(Cause::Open | Cause::Meaningless) => {
                let named = get(&self.found, "quantity")?.get("not_evaluated").and_then(Value::as_str);
                reasons.push(of_rule("not_evaluated").form(named.unwrap_or(self.form)));
            }
            Err(Cause::OutOfRange) => reasons.push(of_rule("out_of_range")),
            Ok(_) => {}
        }
        Ok(reasons)
    }
}

fn truths(state: &mut State<'_>, found: &Value, pointer: &str) -> Read<(Truth, Truth)> {
    let differences = &mut state.differences;
    let applies = state.facts.truth(get(found, "condition")?, &format!("{pointer}/condition"), differences)?;
    let waived = match found.get("waiver") {
        None => Truth::No,
        Some(waiver) => state.facts.truth(waiver, &format!("{pointer}/waiver"), differences)?,
    };
    if applies == Truth::No {
        differences.note(format!("{pointer}/applies"), json!("yes"), json!("no"));
    }
    differences.member(found, "applies", &json!(applies.code()), pointer);
    Ok((applies, waived))
}

/// Checks what a rule is cited with, and gives the rank of its strength.
fn cited(state: &mut State<'_>, found: &Value, pointer: &str) -> Read<usize> {
    let adoption = get(found, "adoption")?;
    for (dated, name, at) in
        [(found, "rule_valid_from", "rule_valid_from"), (adoption, "valid_from", "adoption/valid_from")]
    {
        let from = text(dated, name)?;
        if day(from)? > state.facts.as_of {
            state.differences.note(format!("{pointer}/{at}"), Value::Null, json!(from));
        }
    }
    let region = get(adoption, "region")?;
    if !state.facts.is_in(region)? {
        state.differences.note(format!("{pointer}/adoption/region"), Value::Null, region.clone());
    }
    if get(get(found, "standard")?, "status")? == "draft" {
        state.differences.note(format!("{pointer}/standard/status"), Value::Null, json!("draft"));
    }
    Ok(rank(&STRENGTHS, text(found, "rule_strength")?)?.min(rank(&STRENGTHS, text(adoption, "strength")?)?))
}

fn is_verified(found: &Value) -> Read<bool> {
    let mut tables = tables_verified(get(found, "condition")?)?;
    if let Some(waiver) = found.get("waiver") {
        tables = tables_verified(waiver)? && tables;
    }
    let attributed = optional(found, "attribution").is_none_or(|attribution| attribution == "verified");
    Ok(get(found, "confidence")? == "verified" && attributed && tables)
}

fn exempt(state: &mut State<'_>, found: &Value, pointer: &str) -> Read<bool> {
    let Some(exemption) = found.get("exemption") else { return Ok(false) };
    let (from, to) = (day(text(exemption, "valid_from")?)?, day(text(exemption, "ends_on")?)?);
    if !(from..=to).contains(&state.facts.as_of) {
        state.differences.note(format!("{pointer}/exemption"), Value::Null, exemption.clone());
    }
    Ok(true)
}

fn counted(
    state: &mut State<'_>,
    found: &Value,
    facts: Vec<&Value>,
    pointer: &str,
) -> Read<Vec<(String, Option<i128>)>> {
    let stated = list(found, "counted")?;
    let at = format!("{pointer}/counted");
    let keys: Vec<&Value> = stated.iter().map(|fact| get(fact, "fact")).collect::<Read<_>>()?;
    state.differences.compare(&json!(facts), &json!(keys), &at);
    let mut numbers = Vec::new();
    for (place, fact) in stated.iter().enumerate() {
        let value = state.facts.fact(fact, true, &format!("{at}/{place}"), &mut state.differences)?;
        numbers.push(value.as_ref().map(natural).transpose()?);
    }
    let keys = facts.into_iter().map(|key| key.as_str().unwrap_or_default().to_owned());
    Ok(keys.zip(numbers.into_iter().chain(std::iter::repeat(None))).collect())
}

fn target(state: &mut State<'_>, found: &Value, form: &str, pointer: &str) -> Read<Option<i128>> {
    let Some(target) = found.get("target") else { return Ok(None) };
    if day(text(target, "valid_from")?)? > state.facts.as_of || form != "as_needed" {
        state.differences.note(format!("{pointer}/target"), Value::Null, target.clone());
    }
    Ok(Some(natural(get(target, "quantity")?)?))
}

/// True if a rule lacks its target and no other rule of its scope surely gives a number.
pub fn lacks_target(rules: &[Rule], rule: &Rule) -> bool {
    let gives = |one: &Rule| one.asks() && !one.lacks_target() && one.surely_applies();
    rule.lacks_target() && !rules.iter().any(gives)
}

/// What rules of one scope require.
pub fn scope_required(rules: &[Rule]) -> Pair {
    if rules.iter().any(Rule::is_out_of_range) {
        return UNKNOWN;
    }
    let required = settled(rules);
    if rules.iter().any(|rule| lacks_target(rules, rule)) { (required.0, None) } else { required }
}

/// The larger of the rules that give a number.
pub fn settled(rules: &[Rule]) -> Pair {
    rules.iter().filter(|rule| !rule.lacks_target()).fold(ZERO, |sum, rule| larger(sum, rule.result))
}
