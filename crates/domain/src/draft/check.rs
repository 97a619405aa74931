//! The rule check: faults and warnings in a standard before it is published.
//!
//! A fault cannot be intended, or cannot be calculated as written. A warning can be both, but is rarely intended.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::StandardText;
use super::test_cases::{TestCases, World};
use crate::condition::RuleCondition;
use crate::fact::FactKind;
use crate::interval::Interval;
use crate::item::Item;
use crate::reference_data::ReferenceData;
use crate::requirement::{AmountBasis, amount, is_measured};
use crate::rule::{Rate, Rule, RuleQuantity, RuleRole, Selector, Spare, SpareRatio};
use crate::standard::StandardStatus;
use base::error::Fault;
use base::quantity::Quantity;
use text::messages::{Message, message};

/// The maximum number of findings of each severity. Rules that repeat each other give one finding for each pair.
const MOST_FINDINGS: usize = 10_000;

/// The severity of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It must be corrected before the draft is published.
    Fault,
    /// It may be intended, and should be checked.
    Warning,
}

/// One finding about a draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Finding {
    /// The severity.
    pub severity: Severity,
    /// The fault, with a pointer into the draft.
    pub fault: Fault,
}

/// Returns the findings about a standard as it would hold from a day: faults first, in the order of the text, and of each
/// severity the first 10,000.
pub fn check(reference_data: &ReferenceData, text: &StandardText, day: NaiveDate) -> Vec<Finding> {
    let mut check = Check { reference_data, day, faults: Vec::new(), warnings: Vec::new() };
    check.document(text);
    check.codes(text);
    for (number, rule) in text.rules.iter().enumerate() {
        check.rule(&format!("/rules/{number}"), rule);
    }
    check.groups(text);
    let Check { faults: mut findings, warnings, .. } = check;
    findings.extend(warnings);
    findings
}

struct Check<'a> {
    reference_data: &'a ReferenceData,
    day: NaiveDate,
    faults: Vec<Finding>,
    warnings: Vec<Finding>,
}

/// A rule that requires stock, with its position and its rate.
type Rated<'t> = (usize, &'t Rule, &'t Rate);

impl<'b> Check<'b> {
    fn fault(&mut self, pointer: impl Into<String>, code: &'static str, detail: Message) {
        if self.faults.len() < MOST_FINDINGS {
            self.faults.push(Finding { severity: Severity::Fault, fault: Fault::new(pointer, code, detail) });
        }
    }

    fn warn(&mut self, pointer: impl Into<String>, code: &'static str, detail: Message) {
        if !self.is_full() {
            self.warnings.push(Finding { severity: Severity::Warning, fault: Fault::new(pointer, code, detail) });
        }
    }

    /// True if no further warning would be reported, so that none need be looked for.
    fn is_full(&self) -> bool {
        self.warnings.len() >= MOST_FINDINGS
    }

    fn document(&mut self, text: &StandardText) {
        if let (Some(from), Some(to)) = (text.valid_from, text.valid_to)
            && to < from
        {
            let detail = message!("draft-days-crossed", from = from.to_string(), to = to.to_string());
            self.fault("/valid_to", "days_crossed", detail);
        }
        if let Some(successor) = &text.replaced_by {
            if *successor == text.code {
                self.fault("/replaced_by", "replaces_itself", message!("draft-replaces-itself"));
            } else if !self.reference_data.standards.iter().any(|standard| standard.code == *successor) {
                let detail = message!("draft-successor-unknown", standard = successor);
                self.warn("/replaced_by", "successor_unknown", detail);
            }
        }
        if text.status == StandardStatus::Draft {
            self.warn("/status", "binds_nobody", message!("draft-binds-nobody"));
        }
        if text.rules.is_empty() {
            self.warn("/rules", "no_rules", message!("draft-no-rules"));
        }
    }

    fn codes(&mut self, text: &StandardText) {
        let mut seen = BTreeSet::new();
        for (number, rule) in text.rules.iter().enumerate() {
            let at = format!("/rules/{number}/code");
            if !seen.insert(&rule.code) {
                self.fault(&at, "rule_code_twice", message!("draft-rule-code-twice", rule = &rule.code));
            }
            let others = self.reference_data.standards.iter().filter(|standard| standard.code != text.code);
            let owner = others.into_iter().find(|other| other.rules.iter().any(|theirs| theirs.code == rule.code));
            if let Some(owner) = owner {
                let detail = message!("draft-rule-elsewhere", rule = &rule.code, standard = &owner.code);
                self.fault(&at, "rule_of_another_standard", detail);
            }
        }
    }

    fn rule(&mut self, at: &str, rule: &Rule) {
        self.condition(&format!("{at}/applies_when"), &rule.applies_when);
        let never = TestCases::of([&rule.applies_when], true)
            .all()
            .is_some_and(|worlds| !worlds.iter().any(|world| world.meets(&rule.applies_when)));
        if never {
            let detail = message!("draft-never-applies", rule = &rule.code);
            self.fault(format!("{at}/applies_when"), "never_applies", detail);
        }
        let item = self.selector(at, rule);
        match &rule.quantity {
            RuleQuantity::Rate(rate) => self.rate(&format!("{at}/quantity/rate"), rate, item),
            RuleQuantity::NotEvaluated(form) if rule.role == RuleRole::Requirement => {
                let detail = message!("draft-not-evaluated", form = form);
                self.warn(format!("{at}/quantity"), "not_evaluated", detail);
            }
            _ => {}
        }
    }

    fn selector(&mut self, at: &str, rule: &Rule) -> Option<&'b Item> {
        let Selector::Item(code) = &rule.selector else { return None };
        let reference_data = self.reference_data;
        let Some(item) = reference_data.items.get(code) else {
            let detail = message!("draft-item-unknown", item = code);
            self.fault(format!("{at}/selector/item"), "item_unknown", detail);
            return None;
        };
        if item.unit.name != rule.unit {
            let detail = message!("draft-unit-differs", item = code, unit = &item.unit.name);
            self.fault(format!("{at}/unit"), "unit_differs", detail);
        }
        if reference_data.item_on(code, self.day).is_some_and(|version| version.retired) {
            self.warn(format!("{at}/selector/item"), "item_retired", message!("draft-item-retired", item = code));
        }
        Some(item)
    }

    fn rate(&mut self, at: &str, rate: &Rate, item: Option<&Item>) {
        if let Some(fact) = &rate.of {
            self.fact(&format!("{at}/of"), fact, FactKind::Number);
        }
        for (name, value) in [("n", Some(rate.n)), ("at_least", rate.at_least), ("at_most", rate.at_most)] {
            if value.is_some_and(|value| value < Quantity::ZERO) {
                self.fault(format!("{at}/{name}"), "negative", message!("draft-negative"));
            }
        }
        if rate.per <= Quantity::ZERO {
            self.fault(format!("{at}/per"), "out_of_range", message!("draft-per-nothing"));
        }
        if let Some(Spare::Ratio(SpareRatio { for_each: 0, .. })) = rate.spare {
            self.fault(format!("{at}/spare/ratio/for_each"), "out_of_range", message!("draft-spare-per-nothing"));
        }
        if let (Some(least), Some(most)) = (rate.at_least, rate.at_most)
            && most < least
        {
            let detail = message!("draft-bounds-crossed", least = least.to_string(), most = most.to_string());
            self.fault(format!("{at}/at_most"), "bounds_crossed", detail);
        }
        if rate.of.is_none() && rate.per != Quantity::whole(1) {
            self.warn(format!("{at}/per"), "counts_nothing", message!("draft-counts-nothing"));
        }
        if rate.of.is_none() && !rate.n.is_whole() && item.is_some_and(|item| !item.unit.measured) {
            self.warn(format!("{at}/n"), "not_whole", message!("draft-not-whole"));
        }
    }

    fn condition(&mut self, at: &str, condition: &RuleCondition) {
        match condition {
            RuleCondition::All(parts) => self.parts(&format!("{at}/all"), parts),
            RuleCondition::Any(parts) => self.parts(&format!("{at}/any"), parts),
            RuleCondition::Not(part) => self.condition(&format!("{at}/not"), part),
            RuleCondition::Kind(_) => {}
            RuleCondition::Type(name) => self.name(&format!("{at}/type"), name),
            RuleCondition::Sector(name) => self.name(&format!("{at}/sector"), name),
            RuleCondition::Tag(fact) => self.fact(&format!("{at}/tag"), fact, FactKind::Tag),
            RuleCondition::Class(_) => {}
            RuleCondition::Compare(comparison) => {
                self.fact(&format!("{at}/compare/fact"), &comparison.fact, FactKind::Number);
            }
        }
    }

    fn parts(&mut self, at: &str, parts: &[RuleCondition]) {
        for (number, part) in parts.iter().enumerate() {
            self.condition(&format!("{at}/{number}"), part);
        }
    }

    fn name(&mut self, at: &str, name: &str) {
        if name.is_empty() || name.chars().count() > 64 {
            self.fault(at, "length_out_of_bounds", message!("draft-name-length"));
        }
    }

    fn fact(&mut self, at: &str, fact: &str, asked: FactKind) {
        match self.reference_data.dictionary.iter().find(|entry| entry.key == fact) {
            None => self.fault(at, "fact_unknown", message!("draft-fact-unknown", fact = fact)),
            Some(entry) if entry.kind != asked => {
                self.fault(at, "fact_of_other_kind", message!("draft-fact-kind", fact = fact));
            }
            Some(_) => {}
        }
    }

    /// Compares the rules that require the same thing in the same scope.
    fn groups(&mut self, text: &StandardText) {
        let mut groups = BTreeMap::<(&Selector, &str), Vec<Rated<'_>>>::new();
        for (number, rule) in text.rules.iter().enumerate().filter(|(_, rule)| rule.role == RuleRole::Requirement) {
            if let RuleQuantity::Rate(rate) = &rule.quantity {
                groups.entry((&rule.selector, &rule.scope)).or_default().push((number, rule, rate));
            }
        }
        for group in groups.values().filter(|group| group.len() > 1) {
            self.pairs(group);
            self.bands(group);
        }
    }

    fn pairs(&mut self, group: &[Rated<'_>]) {
        for (place, (number, rule, rate)) in group.iter().enumerate() {
            for (_, earlier, other) in group.iter().take(place) {
                if self.is_full() {
                    return;
                }
                let (one, two) = (&earlier.code, &rule.code);
                if earlier.applies_when == rule.applies_when && earlier.strength == rule.strength {
                    if other == rate {
                        let detail = message!("draft-rule-repeated", one = one, other = two);
                        self.warn(format!("/rules/{number}"), "rule_repeated", detail);
                    } else {
                        let detail = message!("draft-rules-contradict", one = one, other = two);
                        self.warn(format!("/rules/{number}/quantity"), "rules_contradict", detail);
                    }
                } else if contradict(rate, other) && meet(rule, earlier) {
                    let detail = message!("draft-rules-contradict", one = one, other = two);
                    self.warn(format!("/rules/{number}/quantity"), "rules_contradict", detail);
                }
            }
        }
    }

    /// Follows the requirement of a group along each number that its conditions compare.
    fn bands(&mut self, group: &[Rated<'_>]) {
        let conditions: Vec<&RuleCondition> = group.iter().map(|(_, rule, _)| &rule.applies_when).collect();
        let mut worlds = TestCases::of(conditions, false);
        let compared: Vec<&str> = worlds.numbers().collect();
        for fact in group.iter().filter_map(|(.., rate)| rate.of.as_deref()) {
            worlds = worlds.counting(fact);
        }
        for fact in compared {
            let Some(rows) = worlds.along(fact) else { return };
            let mut told = Told::default();
            for row in rows {
                if self.is_full() {
                    return;
                }
                self.band(group, fact, &row, &mut told);
            }
        }
    }

    fn band(&mut self, group: &[Rated<'_>], fact: &str, row: &[World<'_>], told: &mut Told) {
        let steps: Vec<Step> = row.iter().map(|world| Step::of(self.reference_data, group, world, fact)).collect();
        let covered = |step: &Step| !step.applies.is_empty();
        let first = steps.iter().position(covered);
        let last = steps.iter().rposition(covered);
        if let (Some(first), Some(last)) = (first, last)
            && let Some(gap) = steps.iter().take(last).skip(first).find(|step| !covered(step))
            && let Some(after) = steps.get(last).and_then(|step| step.applies.first())
            && told.gaps.insert(*after)
        {
            let detail = message!("draft-band-gap", fact = fact, value = gap.value.to_string());
            self.warn(format!("/rules/{after}/applies_when"), "band_gap", detail);
        }
        for (place, (number, rule, _)) in group.iter().enumerate() {
            for (earlier, other, _) in group.iter().take(place) {
                let holds = |one: usize, other: usize| {
                    steps.iter().find(|step| step.applies.contains(&one) && !step.applies.contains(&other))
                };
                let both = steps.iter().find(|step| step.applies.contains(number) && step.applies.contains(earlier));
                if let (Some(_), Some(_), Some(both)) = (holds(*number, *earlier), holds(*earlier, *number), both)
                    && told.overlaps.insert((*earlier, *number))
                {
                    let detail = message!(
                        "draft-band-overlap",
                        one = &other.code,
                        other = &rule.code,
                        fact = fact,
                        value = both.value.to_string()
                    );
                    self.warn(format!("/rules/{number}/applies_when"), "band_overlap", detail);
                }
            }
        }
        for (low, high) in steps.iter().zip(steps.iter().skip(1)) {
            if let (Some(before), Some(after)) = (low.asked, high.asked)
                && after < before
                && let Some(number) = high.applies.first()
                && told.falls.insert(*number)
            {
                let detail = message!(
                    "draft-falls",
                    fact = fact,
                    low = low.value.to_string(),
                    before = before.to_string(),
                    high = high.value.to_string(),
                    after = after.to_string()
                );
                self.warn(format!("/rules/{number}/quantity"), "falls_as_it_rises", detail);
            }
        }
    }
}

/// The findings already reported for a group, so that none is reported twice.
#[derive(Default)]
struct Told {
    gaps: BTreeSet<usize>,
    overlaps: BTreeSet<(usize, usize)>,
    falls: BTreeSet<usize>,
}

/// The requirement of a group for one sample organization.
struct Step {
    /// The value of the number that is varied.
    value: Quantity,
    /// The positions of the rules that apply.
    applies: Vec<usize>,
    /// The largest number that they require.
    asked: Option<Quantity>,
}

impl Step {
    fn of(reference_data: &ReferenceData, group: &[Rated<'_>], world: &World<'_>, fact: &str) -> Self {
        let applying: Vec<&Rated<'_>> = group.iter().filter(|(_, rule, _)| world.meets(&rule.applies_when)).collect();
        let asked = applying.iter().filter_map(|(_, rule, rate)| {
            let measured = is_measured(reference_data, &rule.selector);
            let facts: Vec<Option<Quantity>> = rate.of.iter().map(|fact| world.number(fact)).collect();
            let basis = AmountBasis { facts: &facts, other: Ok(Interval::ZERO), target: None };
            amount(&rule.quantity, basis, measured).ok().map(|amount| amount.total.min)
        });
        Self {
            value: world.number(fact).unwrap_or_default(),
            asked: asked.max(),
            applies: applying.iter().map(|(number, ..)| *number).collect(),
        }
    }
}

/// True if one rule's upper limit is below the other's requirement, whatever they count.
fn contradict(one: &Rate, other: &Rate) -> bool {
    let least = |rate: &Rate| match rate.of {
        None => Some(rate.at_least.map_or(rate.n, |least| least.max(rate.n))),
        Some(_) => rate.at_least,
    };
    let exceeds =
        |most: Option<Quantity>, least: Option<Quantity>| most.zip(least).is_some_and(|(most, least)| least > most);
    exceeds(one.at_most, least(other)) || exceeds(other.at_most, least(one))
}

/// True if both rules apply in some case.
fn meet(one: &Rule, other: &Rule) -> bool {
    TestCases::of([&one.applies_when, &other.applies_when], false).all().is_some_and(|worlds| {
        worlds.iter().any(|world| world.meets(&one.applies_when) && world.meets(&other.applies_when))
    })
}
