//! Rules that require the same thing in the same scope: repeats and contradictions, also with standards beside.

use std::collections::{BTreeMap, HashMap};

use super::super::StandardText;
use super::super::test_cases::{TestCases, World};
use super::falls::{self, Placed};
use super::findings::Findings;
use super::surroundings::Surroundings;
use crate::condition::RuleCondition;
use crate::rule::{Range, Rate, Rule, RuleQuantity, RuleRole, Selector};
use base::quantity::Quantity;
use text::messages::message;

/// Compares the rules of each selector and scope.
pub(super) fn check<'t>(
    text: &'t StandardText,
    around: &Surroundings<'t>,
    meetings: &mut Meetings<'t>,
    found: &mut Findings,
) {
    let mut groups = BTreeMap::<(&Selector, &str), Vec<Placed<'_>>>::new();
    for (number, rule) in text.rules.iter().enumerate().filter(|(_, rule)| has_number(rule)) {
        groups.entry((&rule.selector, &rule.scope)).or_default().push((number, rule));
    }
    for group in groups.values() {
        pairs(group, meetings, found);
        falls::check(group, around.reference_data, found);
    }
    beside(text, &groups, around, meetings, found);
}

/// True for a rule that requires stock, with a quantity of its own.
pub(super) fn has_number(rule: &Rule) -> bool {
    rule.role == RuleRole::Requirement
        && match rule.quantity {
            RuleQuantity::Rate(_)
            | RuleQuantity::Coverage(_)
            | RuleQuantity::Band(_)
            | RuleQuantity::Step(_)
            | RuleQuantity::PerCapita(_)
            | RuleQuantity::Ratio(_)
            | RuleQuantity::Present(_)
            | RuleQuantity::Range(_) => true,
            RuleQuantity::AsNeeded(_)
            | RuleQuantity::Optional(_)
            | RuleQuantity::AwayAtMost(_)
            | RuleQuantity::ServiceLife(_)
            | RuleQuantity::Classes(_)
            | RuleQuantity::Stated(_)
            | RuleQuantity::NotEvaluated(_) => false,
        }
}

fn pairs<'t>(group: &[Placed<'t>], meetings: &mut Meetings<'t>, found: &mut Findings) {
    for (place, (number, rule)) in group.iter().enumerate() {
        for (_, earlier) in group.iter().take(place) {
            if found.is_full() || !found.spend(1) {
                return;
            }
            let (one, two) = (&earlier.code, &rule.code);
            let is_same_case = earlier.applies_when == rule.applies_when
                && earlier.waived_when == rule.waived_when
                && earlier.strength == rule.strength;
            if is_same_case && earlier.quantity == rule.quantity {
                let detail = message!("draft-rule-repeated", one = one, other = two);
                found.warn(format!("/rules/{number}"), "rule_repeated", detail);
            } else if is_same_case
                || (exclude(&rule.quantity, &earlier.quantity) && meetings.meet(rule, earlier, found))
            {
                let detail = message!("draft-rules-contradict", one = one, other = two);
                found.warn(format!("/rules/{number}/quantity"), "rules_contradict", detail);
            }
        }
    }
}

/// Compares with the rules of standards that bind beside. That these require other numbers is no contradiction: the larger
/// governs.
fn beside<'t>(
    text: &StandardText,
    groups: &BTreeMap<(&Selector, &str), Vec<Placed<'t>>>,
    around: &Surroundings<'t>,
    meetings: &mut Meetings<'t>,
    found: &mut Findings,
) {
    for other in around.beside(text).into_iter().filter(|other| around.is_reported_with(text, other)) {
        for theirs in other.rules.iter().filter_map(|history| history.on(around.day)).filter(|rule| has_number(rule)) {
            for (number, rule) in groups.get(&(&theirs.selector, theirs.scope.as_str())).into_iter().flatten() {
                if found.is_full() || !found.spend(1) {
                    return;
                }
                let (standard, one, two) = (&other.code, &theirs.code, &rule.code);
                if theirs.applies_when == rule.applies_when
                    && theirs.strength == rule.strength
                    && theirs.quantity == rule.quantity
                {
                    let detail = message!("check-repeats-beside", standard = standard, one = one, other = two);
                    found.warn(format!("/rules/{number}"), "rule_repeated", detail);
                } else if exclude(&rule.quantity, &theirs.quantity) && meetings.meet(rule, theirs, found) {
                    let detail = message!("check-contradicts-beside", standard = standard, one = one, other = two);
                    found.warn(format!("/rules/{number}/quantity"), "rules_contradict", detail);
                }
            }
        }
    }
}

/// True if one rule's upper limit is below the other's requirement, whatever they count.
fn exclude(one: &RuleQuantity, other: &RuleQuantity) -> bool {
    let exceeds =
        |most: Option<Quantity>, least: Option<Quantity>| most.zip(least).is_some_and(|(most, least)| least > most);
    exceeds(one.limits().at_most, least_of(other)) || exceeds(other.limits().at_most, least_of(one))
}

/// The number that a quantity requires at least, where it requires anything.
fn least_of(quantity: &RuleQuantity) -> Option<Quantity> {
    match quantity {
        RuleQuantity::Rate(Rate { n, of: None, at_least, .. }) => Some(at_least.map_or(*n, |least| least.max(*n))),
        RuleQuantity::Range(Range { from, of: None, .. }) => Some(*from),
        RuleQuantity::Present(_) => Some(Quantity::whole(1)),
        RuleQuantity::Step(step) => Some(step.n),
        RuleQuantity::Band(band) => band.rows.iter().map(|row| row.n).min(),
        _ => quantity.limits().at_least,
    }
}

/// Pairs of conditions, each tried once: rules of one clause often have the same.
#[derive(Default)]
pub(super) struct Meetings<'t> {
    known: HashMap<(&'t RuleCondition, &'t RuleCondition), bool>,
}

impl<'t> Meetings<'t> {
    /// True if both rules apply in some case. A type is that of a team.
    pub fn meet(&mut self, one: &'t Rule, other: &'t Rule, found: &mut Findings) -> bool {
        let (one, other) = (&one.applies_when, &other.applies_when);
        let in_some_case = || {
            let is_of_both = |world: &World<'_>| world.is_plausible() && world.meets(one) && world.meets(other);
            found.any_case(&TestCases::of([one, other], false), is_of_both) == Some(true)
        };
        *self.known.entry((one, other)).or_insert_with(in_some_case)
    }
}
