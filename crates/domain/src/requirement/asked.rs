//! Rules applied to one organization on a day: whether each applies, and the number it requires. Everything is
//! borrowed; the readable working is rendered from it on request.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Amount, NoAmount, amount};
use crate::binding::{BindingRule, binding_rules};
use crate::condition::{Subject, Truth};
use crate::exemption::Exemption;
use crate::fact::FactsOnDay;
use crate::interval::Interval;
use crate::organization::OrganizationVersion;
use crate::reason::{Reason, ReasonCode};
use crate::reference_data::{OrganizationData, ReferenceData};
use crate::revision::in_force;
use crate::rule::{RuleQuantity, Selector};
use crate::target::DeclaredTarget;
use base::quantity::Quantity;

/// The context of rules: an organization on a day on which it is active.
#[derive(Clone, Debug)]
pub struct RuleContext<'a> {
    /// The reference data.
    pub reference_data: &'a ReferenceData,
    /// The organization's data.
    pub records: &'a OrganizationData,
    /// The day.
    pub day: NaiveDate,
    profile: &'a OrganizationVersion,
    facts: FactsOnDay<'a>,
}

/// One rule with its numbers.
#[derive(Clone, Copy, Debug)]
pub struct AskedRule<'a> {
    /// The rule, and the adoption by which it binds.
    pub binding: BindingRule<'a>,
    /// The truth of its condition; a rule that surely does not is dropped.
    pub applies: Truth,
    /// The requirement: from zero if the rule may not apply, zero if the organization is exempt, unknown if it is out of
    /// range.
    pub result: Interval,
    /// The exemption that holds on the day.
    pub exemption: Option<&'a Exemption>,
    /// The known number that it counts; 1 for a rule that counts no fact.
    pub(super) basis: Option<Quantity>,
    /// The declared target, for a rule that says "as needed".
    pub(super) target: Option<Target>,
    /// The amount if it applies, or the reason why there is none.
    pub(super) amount: Result<Amount, NoAmount>,
    /// True if the unit is measured and not rounded to whole numbers.
    pub(super) measured: bool,
    pub(super) subject: Subject<'a>,
}

/// The requirement of one subject of a line, such as the workplace or the team.
#[derive(Clone, Debug)]
pub struct AskedScope<'a> {
    /// The subject.
    pub scope: &'a str,
    /// The larger of its rules, end by end; unknown if one of them is out of range. Different scopes add up.
    pub required: Interval,
    /// The same without rules that say "as needed" and have no declared target.
    pub required_without_undeclared: Interval,
    /// All its rules, including those that may apply.
    pub rules: Vec<AskedRule<'a>>,
}

/// A declared target that holds on the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct Target {
    /// The number the organization declared.
    pub quantity: Quantity,
    /// The first day.
    pub valid_from: NaiveDate,
}

impl<'a> RuleContext<'a> {
    /// Makes the context of an organization on a day; `None` if it is not active then.
    pub fn new(reference_data: &'a ReferenceData, records: &'a OrganizationData, day: NaiveDate) -> Option<Self> {
        let profile = records.organization.active_on(day)?;
        Some(Self { reference_data, records, day, profile, facts: records.sheet.on(day, &reference_data.dictionary) })
    }

    /// The binding rules for the wanted selectors. A rule that surely does not apply leaves no trace.
    pub(super) fn rules(&'a self, wanted: impl Fn(&Selector) -> bool) -> impl Iterator<Item = AskedRule<'a>> {
        binding_rules(self.reference_data, &self.reference_data.chain(self.records.organization.region_id), self.day)
            .into_iter()
            .filter(move |binding| wanted(&binding.rule.selector))
            .map(|binding| AskedRule::new(self, binding))
            .filter(|rule| rule.applies != Truth::No)
    }

    fn subject(&'a self) -> Subject<'a> {
        Subject {
            kind: self.records.organization.kind,
            organization_type: self.profile.organization_type.as_deref(),
            sector: self.profile.sector.as_deref(),
            facts: &self.facts,
        }
    }
}

impl<'a> AskedRule<'a> {
    fn new(asked: &'a RuleContext<'a>, binding: BindingRule<'a>) -> Self {
        let (rule, subject) = (binding.rule, asked.subject());
        let applies = rule.applies_when.truth(subject);
        let measured = match &rule.selector {
            Selector::Item(code) => asked.reference_data.items.get(code).is_some_and(|item| item.measured),
            Selector::Other(_) => false,
        };
        let basis = match &rule.quantity {
            RuleQuantity::Rate(rate) => {
                rate.of.as_deref().map_or(Some(Quantity::whole(1)), |key| subject.facts.number(key).value())
            }
            RuleQuantity::AsNeeded | RuleQuantity::NotEvaluated(_) => None,
        };
        let target = match &rule.quantity {
            RuleQuantity::AsNeeded => target_in_force(&asked.records.targets, &rule.code, asked.day),
            RuleQuantity::Rate(_) | RuleQuantity::NotEvaluated(_) => None,
        };
        let amount = match &rule.quantity {
            RuleQuantity::Rate(rate) => amount(rate, basis, measured),
            RuleQuantity::AsNeeded => target.map(|target| Amount::exactly(target.quantity)).ok_or(NoAmount::Open),
            RuleQuantity::NotEvaluated(_) => Err(NoAmount::Open),
        };
        let total = amount.unwrap_or(Amount::UNKNOWN).total;
        let exemption = exemption_in_force(&asked.records.exemptions, &rule.code, asked.day);
        let result = match (exemption, applies) {
            (Some(_), _) => Interval::ZERO,
            (None, Truth::Yes) => total,
            (None, Truth::Unknown | Truth::No) => Interval::up_to(total.max),
        };
        Self { binding, applies, result, exemption, basis, target, amount, measured, subject }
    }

    /// True if it requires something: the organization is not exempt from it.
    pub fn asks(&self) -> bool {
        self.exemption.is_none()
    }

    /// True if its number is 10⁹ or more, so that nothing can be said with it.
    pub fn is_out_of_range(&self) -> bool {
        self.asks() && self.amount == Err(NoAmount::OutOfRange)
    }

    /// True if it says "as needed" and no target is declared.
    pub fn lacks_target(&self) -> bool {
        self.asks() && self.binding.rule.quantity == RuleQuantity::AsNeeded && self.target.is_none()
    }

    /// The reasons why its requirement is unknown, or zero.
    pub(super) fn reasons(&self) -> Vec<Reason> {
        let rule = self.binding.rule;
        if !self.asks() {
            return vec![Reason::of_rule(ReasonCode::Exempt, &rule.code)];
        }
        let mut reasons = Vec::new();
        if self.applies == Truth::Unknown {
            let condition = rule.applies_when.evaluate(self.subject);
            reasons.extend(condition.missing_facts().iter().map(|fact| Reason::of_fact(&rule.code, fact)));
            reasons.push(Reason::of_rule(ReasonCode::ConditionUnknown, &rule.code));
        }
        match &rule.quantity {
            RuleQuantity::Rate(rate) => match (&rate.of, self.basis, self.amount) {
                (Some(fact), None, _) => reasons.push(Reason::of_fact(&rule.code, fact)),
                (_, _, Err(NoAmount::Meaningless)) => reasons.push(Reason::of_form(&rule.code, "rate")),
                (_, _, Ok(_) | Err(NoAmount::Open | NoAmount::OutOfRange)) => {}
            },
            RuleQuantity::AsNeeded if self.target.is_none() => {
                reasons.push(Reason::of_rule(ReasonCode::TargetNotDeclared, &rule.code));
            }
            RuleQuantity::AsNeeded => {}
            RuleQuantity::NotEvaluated(form) => reasons.push(Reason::of_form(&rule.code, form)),
        }
        if self.is_out_of_range() {
            reasons.push(Reason::of_rule(ReasonCode::OutOfRange, &rule.code));
        }
        reasons
    }
}

impl<'a> AskedScope<'a> {
    /// Combines the rules of one subject.
    pub(super) fn new(scope: &'a str, rules: Vec<AskedRule<'a>>) -> Self {
        let settled = rules.iter().filter(|rule| !rule.lacks_target());
        let required_without_undeclared = settled.map(|rule| rule.result).fold(Interval::ZERO, Interval::larger);
        let mut asked = Self { scope, required: required_without_undeclared, required_without_undeclared, rules };
        if asked.is_out_of_range() {
            asked.required = Interval::UNKNOWN;
            asked.required_without_undeclared = Interval::UNKNOWN;
        }
        if asked.rules.iter().any(|rule| asked.lacks_target(rule)) {
            asked.required.max = None;
        }
        asked
    }

    /// True if the number of a rule is 10⁹ or more. The larger of it and any other is out of range too.
    pub(super) fn is_out_of_range(&self) -> bool {
        self.rules.iter().any(AskedRule::is_out_of_range)
    }

    /// True if a rule says "as needed", has no target, and no rule with a number (or a declared target) beside it
    /// surely applies.
    ///
    /// A number that may not apply does not settle it: if it does not apply, the need stays open.
    pub(super) fn lacks_target(&self, rule: &AskedRule<'_>) -> bool {
        let is_number =
            |beside: &AskedRule<'_>| beside.asks() && !beside.lacks_target() && beside.applies == Truth::Yes;
        rule.lacks_target() && !self.rules.iter().any(is_number)
    }

    /// True for a rule that determines an end of the requirement.
    pub(super) fn governs(&self, rule: &AskedRule<'_>) -> bool {
        if rule.lacks_target() && !self.lacks_target(rule) {
            return false;
        }
        if !rule.asks() && self.rules.iter().any(AskedRule::asks) {
            return false;
        }
        let gives_least = rule.result.min == self.required.min && self.required.min > Quantity::ZERO;
        gives_least || rule.result.max == self.required.max
    }
}

fn target_in_force(targets: &[DeclaredTarget], rule: &str, day: NaiveDate) -> Option<Target> {
    let declared = targets.iter().find(|target| target.rule == rule)?;
    let row = in_force(&declared.versions, day)?;
    row.value.map(|quantity| Target { quantity, valid_from: row.valid_from })
}

/// The exemption from a rule that holds on a day; of several, the one granted last.
fn exemption_in_force<'a>(exemptions: &'a [Exemption], rule: &str, day: NaiveDate) -> Option<&'a Exemption> {
    let holding = exemptions.iter().filter(|exemption| exemption.rule == rule && exemption.holds_on(day));
    holding.max_by_key(|exemption| (exemption.learnt.revision, exemption.id))
}
