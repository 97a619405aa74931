//! Rules that require the same thing in the same scope: repeats and contradictions, also with standards beside.

use std::collections::BTreeMap;

use super::super::StandardText;
use super::super::test_cases::TestCases;
use super::falls::{self, Placed};
use super::findings::Findings;
use super::surroundings::Surroundings;
use crate::rule::{Range, Rate, Rule, RuleQuantity, RuleRole, Selector};
use base::quantity::Quantity;
use text::messages::message;

/// Compares the rules of each selector and scope.
pub(super) fn check(text: &StandardText, around: &Surroundings<'_>, found: &mut Findings) {
    let mut groups = BTreeMap::<(&Selector, &str), Vec<Placed<'_>>>::new();
    for (number, rule) in text.rules.iter().enumerate().filter(|(_, rule)| has_number(rule)) {
        groups.entry((&rule.selector, &rule.scope)).or_default().push((number, rule));
    }
    for group in groups.values() {
        pairs(group, found);
        falls::check(group, around.reference_data, found);
    }
    beside(text, &groups, around, found);
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

fn pairs(group: &[Placed<'_>], found: &mut Findings) {
    for (place, (number, rule)) in group.iter().enumerate() {
        for (_, earlier) in group.iter().take(place) {
            if found.is_full() {
                return;
            }
            let (one, two) = (&earlier.code, &rule.code);
            let is_same_case = earlier.applies_when == rule.applies_when
                && earlier.waived_when == rule.waived_when
                && earlier.strength == rule.strength;
            if is_same_case && earlier.quantity == rule.quantity {
                let detail = message!("draft-rule-repeated", one = one, other = two);
                found.warn(format!("/rules/{number}"), "rule_repeated", detail);
            } else if is_same_case || (exclude(&rule.quantity, &earlier.quantity) && meet(rule, earlier)) {
                let detail = message!("draft-rules-contradict", one = one, other = two);
                found.warn(format!("/rules/{number}/quantity"), "rules_contradict", detail);
            }
        }
    }
}

/// Compares with the rules of standards that bind beside. That these require other numbers is no contradiction: the larger
/// governs.
fn beside(
    text: &StandardText,
    groups: &BTreeMap<(&Selector, &str), Vec<Placed<'_>>>,
    around: &Surroundings<'_>,
    found: &mut Findings,
) {
    for other in around.beside(text).into_iter().filter(|other| around.is_reported_with(text, other)) {
        for theirs in other.rules.iter().filter_map(|history| history.on(around.day)).filter(|rule| has_number(rule)) {
            for (number, rule) in groups.get(&(&theirs.selector, theirs.scope.as_str())).into_iter().flatten() {
                if found.is_full() {
                    return;
                }
                let (standard, one, two) = (&other.code, &theirs.code, &rule.code);
                if theirs.applies_when == rule.applies_when
                    && theirs.strength == rule.strength
                    && theirs.quantity == rule.quantity
                {
                    let detail = message!("check-repeats-beside", standard = standard, one = one, other = two);
                    found.warn(format!("/rules/{number}"), "rule_repeated", detail);
                } else if exclude(&rule.quantity, &theirs.quantity) && meet(rule, theirs) {
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

/// True if both rules apply in some case. A type is that of a team.
pub(super) fn meet(one: &Rule, other: &Rule) -> bool {
    TestCases::of([&one.applies_when, &other.applies_when], false).all().is_some_and(|worlds| {
        worlds
            .iter()
            .any(|world| world.is_plausible() && world.meets(&one.applies_when) && world.meets(&other.applies_when))
    })
}
