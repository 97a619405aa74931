//! Rules applied to one organization on a day: whether each applies, and the number it requires. Everything is
//! borrowed; the readable working is rendered from it on request.

use std::rc::Rc;

use chrono::NaiveDate;
use serde::Serialize;

use super::amount::{self, Amount, NoAmount, amount};
use super::line_selector::{PartNumber, RulePart};
use crate::binding::BindingRule;
use crate::condition::{Subject, Truth};
use crate::exemption::Exemption;
use crate::interval::Interval;
use crate::reason::{Reason, ReasonCode};
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::revision::in_force;
use crate::rule::{Alternative, RuleQuantity, Selector};
use crate::target::DeclaredTarget;
use base::quantity::Quantity;

/// One rule with its numbers, for one of the lines that it asks for.
#[derive(Clone, Debug)]
pub struct AskedRule<'a> {
    /// The rule, and the adoption by which it binds.
    pub binding: BindingRule<'a>,
    /// The line that it asks for.
    pub part: RulePart<'a>,
    /// The truth of its condition; a rule that certainly does not apply is dropped.
    pub applies: Truth,
    /// Whether it is waived.
    pub waived: Truth,
    /// The requirement of the line: from zero if the rule may not apply, zero if the organization is exempt or the rule is
    /// waived, unknown if it is out of range.
    pub result: Interval,
    /// The exemption that holds on the day.
    pub exemption: Option<&'a Exemption>,
    /// The numbers that it counts, in the order of [`RuleQuantity::facts`]; `None` was not recorded.
    pub(super) counted: Vec<Option<Quantity>>,
    /// What is required of the selector that a ratio counts.
    pub(super) other: Option<Rc<Other<'a>>>,
    /// The declared target, for a rule that says "as needed".
    pub(super) target: Option<Target>,
    /// The rule's own amount if it applies, or the reason why there is none.
    pub(super) amount: Result<Amount, NoAmount>,
    /// The amount's total for this line, or the reason why there is none.
    pub(super) total: Result<Interval, NoAmount>,
    /// True if the unit is measured and not rounded to whole numbers.
    pub(super) measured: bool,
    pub(super) subject: Subject<'a>,
}

/// The organization of which rules ask, on a day.
#[derive(Clone, Copy)]
pub(super) struct AskedOf<'a> {
    /// The reference data.
    pub reference_data: &'a ReferenceData,
    /// The organization's data.
    pub records: &'a OrganizationData,
    /// The day.
    pub day: NaiveDate,
    /// The organization as conditions see it.
    pub subject: Subject<'a>,
}

/// A declared target that holds on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Target {
    /// The number the organization declared.
    pub quantity: Quantity,
    /// The first day.
    pub valid_from: NaiveDate,
}

/// What is required of the selector that a ratio counts.
#[derive(Clone, Debug)]
pub(super) struct Other<'a> {
    /// The requirement.
    pub required: Result<Interval, NoAmount>,
    /// The rules that it comes from.
    pub rules: Vec<AskedRule<'a>>,
    /// The reasons why it is not exactly known.
    pub reasons: Vec<Reason>,
}

impl<'a> AskedRule<'a> {
    /// Applies a rule, once for each line that it asks for. `other` is what is required of the selector that a ratio counts.
    pub(super) fn of(organization: AskedOf<'a>, binding: BindingRule<'a>, other: Option<Rc<Other<'a>>>) -> Vec<Self> {
        let whole = Self::whole(organization, binding, other);
        let part = |part| whole.for_part(organization.reference_data, part);
        RulePart::of(&binding.rule.selector).into_iter().map(part).collect()
    }

    /// Applies a rule that checks something and asks for no line. Ratios have no meaning there.
    pub(super) fn check(organization: AskedOf<'a>, binding: BindingRule<'a>) -> Self {
        let meaningless = Other { required: Err(NoAmount::Meaningless), rules: Vec::new(), reasons: Vec::new() };
        let is_ratio = matches!(binding.rule.quantity, RuleQuantity::Ratio(_));
        Self::whole(organization, binding, is_ratio.then(|| Rc::new(meaningless)))
    }

    /// Applies a rule as a whole.
    fn whole(organization: AskedOf<'a>, binding: BindingRule<'a>, other: Option<Rc<Other<'a>>>) -> Self {
        let AskedOf { reference_data, records, day, subject } = organization;
        let rule = binding.rule;
        let applies = rule.applies_when.truth(subject);
        let waived = rule.waived_when.as_ref().map_or(Truth::No, |condition| condition.truth(subject));
        let measured = is_measured(reference_data, &rule.selector);
        let counted: Vec<Option<Quantity>> =
            rule.quantity.facts().into_iter().map(|key| subject.facts.number(key).value()).collect();
        let target = match &rule.quantity {
            RuleQuantity::AsNeeded(_) => target_in_force(&records.targets, &rule.code, day),
            _ => None,
        };
        let exemption = exemption_in_force(&records.exemptions, &rule.code, day);
        let basis = amount::Basis {
            facts: &counted,
            other: other.as_ref().map_or(Ok(Interval::ZERO), |other| other.required),
            target: target.map(|target| target.quantity),
        };
        let amount = amount(&rule.quantity, basis, measured);
        let part = RulePart::whole(rule);
        let (total, result) = (amount.map(|amount| amount.total), Interval::UNKNOWN);
        let whole = Self {
            binding,
            part,
            applies,
            waived,
            result,
            exemption,
            counted,
            other,
            target,
            amount,
            total,
            measured,
            subject,
        };
        Self { result: whole.required(total), ..whole }
    }

    /// The same rule for one of the lines that it asks for.
    fn for_part(&self, reference_data: &ReferenceData, part: RulePart<'a>) -> Self {
        let total = self.amount.and_then(|amount| total_of(reference_data, part, amount.total));
        Self { part, total, result: self.required(total), ..self.clone() }
    }

    /// What it requires if its total is this.
    fn required(&self, total: Result<Interval, NoAmount>) -> Interval {
        let known = total.unwrap_or(Interval::UNKNOWN);
        match (self.exemption, self.waived, self.applies) {
            (Some(_), _, _) | (None, Truth::Yes, _) => Interval::ZERO,
            (None, Truth::No, Truth::Yes) => known,
            (None, Truth::No | Truth::Unknown, _) => Interval::up_to(known.max),
        }
    }

    /// Its total if it applies and is not waived, or the reason why there is none.
    pub fn total(&self) -> Result<Interval, NoAmount> {
        self.total
    }

    /// True if it requires something: the organization is not exempt from it, and it is not waived.
    pub fn asks(&self) -> bool {
        self.exemption.is_none() && self.waived != Truth::Yes
    }

    /// True if it certainly applies and is not waived.
    pub fn surely_applies(&self) -> bool {
        self.applies == Truth::Yes && self.waived == Truth::No
    }

    /// True if its number is 10⁹ or more, so that no figure can use it.
    pub fn is_out_of_range(&self) -> bool {
        self.asks() && self.total == Err(NoAmount::OutOfRange)
    }

    /// The reason why its number has none that could be counted, if it asks for one.
    pub(super) fn fault(&self) -> Option<NoAmount> {
        self.total.err().filter(|fault| self.asks() && *fault != NoAmount::Open)
    }

    /// True if it says "as needed" and no target is declared.
    pub fn lacks_target(&self) -> bool {
        self.asks() && self.binding.rule.quantity == RuleQuantity::AS_NEEDED && self.target.is_none()
    }

    /// True if its figures rest on verified texts only, those of the class tables that it asks for included.
    pub fn is_verified(&self) -> bool {
        let rule = self.binding.rule;
        let conditions = [Some(&rule.applies_when), rule.waived_when.as_ref()].into_iter().flatten();
        let mut tables = conditions.flat_map(|condition| condition.class_tables());
        rule.is_verified() && tables.all(|table| self.subject.classes.get(table).is_none_or(|binding| binding.verified))
    }

    /// The reasons why its requirement is unknown, or zero.
    pub fn reasons(&self) -> Vec<Reason> {
        let mut reasons = self.reasons_of_application();
        if !self.asks() {
            return reasons;
        }
        let rule = self.binding.rule;
        let missing = rule.quantity.facts().into_iter().zip(&self.counted).filter(|(_, value)| value.is_none());
        reasons.extend(missing.map(|(fact, _)| Reason::of_fact(&rule.code, fact)));
        reasons.extend(self.other.iter().flat_map(|other| other.reasons.iter().cloned()));
        match (&rule.quantity, self.total) {
            (RuleQuantity::AsNeeded(_), Err(NoAmount::Open)) => {
                reasons.push(Reason::of_rule(ReasonCode::TargetNotDeclared, &rule.code));
            }
            (quantity, Err(NoAmount::Open | NoAmount::Meaningless)) => {
                reasons.push(Reason::of_form(&rule.code, quantity.form()));
            }
            (_, Err(NoAmount::OutOfRange)) => reasons.push(Reason::of_rule(ReasonCode::OutOfRange, &rule.code)),
            (_, Ok(_)) => {}
        }
        reasons
    }

    /// The reasons why it is unknown whether it asks for anything, or why it does not.
    pub fn reasons_of_application(&self) -> Vec<Reason> {
        let rule = self.binding.rule;
        if self.exemption.is_some() {
            return vec![Reason::of_rule(ReasonCode::Exempt, &rule.code)];
        }
        if self.waived == Truth::Yes {
            return vec![Reason::of_rule(ReasonCode::Waived, &rule.code)];
        }
        let mut reasons = Vec::new();
        for (condition, truth) in [(Some(&rule.applies_when), self.applies), (rule.waived_when.as_ref(), self.waived)] {
            if let (Some(condition), Truth::Unknown) = (condition, truth) {
                let evaluated = condition.evaluate(self.subject);
                reasons.extend(evaluated.missing_facts().iter().map(|fact| Reason::of_fact(&rule.code, fact)));
                reasons.push(Reason::of_rule(ReasonCode::ConditionUnknown, &rule.code));
            }
        }
        reasons
    }
}

/// The units of facts that are measured and not counted.
const MEASURES: [&str; 8] = ["factor", "g", "kg", "km", "L", "m", "m2", "m3"];

/// True if a selector's numbers are not rounded to whole ones: those of a measured item or fact, and capability units.
pub fn is_measured(reference_data: &ReferenceData, selector: &Selector) -> bool {
    let measured = |code: &str| reference_data.is_measured(code);
    match selector {
        Selector::Item(code) => measured(code),
        Selector::AnyOf(alternatives) => {
            alternatives.iter().flat_map(Alternative::parts).any(|(item, _)| measured(item))
        }
        Selector::Capability(_) => true,
        Selector::Fact(fact) => {
            let entry = reference_data.dictionary.iter().find(|entry| entry.key == fact.key);
            entry.and_then(|entry| entry.unit.as_deref()).is_some_and(|unit| MEASURES.contains(&unit))
        }
        Selector::EachOf(_) | Selector::Kit(_) | Selector::Other(_) => false,
    }
}

/// The total of a rule for one of the lines that it asks for.
fn total_of(reference_data: &ReferenceData, part: RulePart<'_>, total: Interval) -> Result<Interval, NoAmount> {
    match part.number {
        PartNumber::Same => Ok(total),
        PartNumber::Times(quantity) => {
            amount::times(total, quantity, is_measured(reference_data, &part.selector.to_selector()))
        }
        PartNumber::Once(quantity) => {
            let once = |asked: bool| if asked { quantity } else { Quantity::ZERO };
            Ok(Interval { min: once(total.min > Quantity::ZERO), max: Some(once(total.max != Some(Quantity::ZERO))) })
        }
    }
}

fn target_in_force(targets: &[DeclaredTarget], rule: &str, day: NaiveDate) -> Option<Target> {
    let declared = targets.iter().find(|target| target.rule == rule)?;
    let row = in_force(&declared.versions, day)?;
    row.value.map(|quantity| Target { quantity, valid_from: row.valid_from })
}

/// The exemption from a rule that holds on a day; if there are several, the one granted last.
fn exemption_in_force<'a>(exemptions: &'a [Exemption], rule: &str, day: NaiveDate) -> Option<&'a Exemption> {
    let holding = exemptions.iter().filter(|exemption| exemption.rule == rule && exemption.holds_on(day));
    holding.max_by_key(|exemption| (exemption.learnt.revision, exemption.id))
}
