//! The requirement of rules of one selector and scope along each number: gaps, overlaps, and falls.

use std::collections::BTreeSet;

use super::super::test_cases::{TestCases, World};
use super::findings::Findings;
use crate::condition::RuleCondition;
use crate::interval::Interval;
use crate::reference_data::ReferenceData;
use crate::requirement::{AmountBasis, amount, is_measured};
use crate::rule::{Band, Rule, RuleQuantity, Step};
use base::quantity::Quantity;
use text::messages::message;

/// A rule of the standard that is checked, with its position.
pub(super) type Placed<'t> = (usize, &'t Rule);

/// Follows the requirement of a group along each number that its conditions compare or its quantities divide.
pub(super) fn check(group: &[Placed<'_>], reference_data: &ReferenceData, found: &mut Findings) {
    let conditions: Vec<&RuleCondition> =
        group.iter().flat_map(|(_, rule)| [Some(&rule.applies_when), rule.waived_when.as_ref()]).flatten().collect();
    let mut worlds = TestCases::of(conditions, false);
    for (_, rule) in group {
        for (fact, values) in ends_of(&rule.quantity) {
            worlds = worlds.with_values(fact, values);
        }
    }
    let varied: Vec<&str> = worlds.varied_numbers().collect();
    for (_, rule) in group {
        for fact in rule.quantity.facts() {
            worlds = worlds.counting(fact);
        }
    }
    // Each case is tried with every rule of the group, and a band in it row by row.
    let ends: usize = group.iter().flat_map(|(_, rule)| ends_of(&rule.quantity)).map(|(_, ends)| ends.len()).sum();
    for fact in varied {
        if !found.spend(worlds.steps(group.len() + ends)) {
            return;
        }
        let Some(rows) = worlds.along(fact) else { return };
        let mut told = Told::default();
        for row in rows {
            if found.is_full() {
                return;
            }
            follow(group, reference_data, fact, &row, &mut told, found);
        }
    }
}

/// The facts that a quantity divides into bands or steps, each with the values on both sides of their ends.
fn ends_of(quantity: &RuleQuantity) -> Vec<(&str, Vec<Quantity>)> {
    match quantity {
        RuleQuantity::Band(Band { of, and, rows, .. }) => {
            let first = rows.iter().flat_map(|row| [row.from, row.below]).flatten().collect();
            let second = rows.iter().flat_map(|row| [row.and_from, row.and_below]).flatten().collect();
            let second = and.as_deref().map(|and| (and, second));
            [(of.as_str(), first)].into_iter().chain(second).collect()
        }
        RuleQuantity::Step(Step { of, from, per, .. }) => vec![(of, vec![*from, from.plus(*per).unwrap_or(*from)])],
        _ => Vec::new(),
    }
}

/// The findings already reported for a group, so that none is reported twice.
#[derive(Default)]
struct Told {
    gaps: BTreeSet<usize>,
    overlaps: BTreeSet<(usize, usize)>,
    falls: BTreeSet<usize>,
}

fn follow(
    group: &[Placed<'_>],
    reference_data: &ReferenceData,
    fact: &str,
    row: &[World<'_>],
    told: &mut Told,
    found: &mut Findings,
) {
    let samples: Vec<Sample> = row.iter().map(|world| Sample::of(reference_data, group, world, fact)).collect();
    gap(&samples, fact, told, found);
    overlaps(group, &samples, fact, told, found);
    for (low, high) in samples.iter().zip(samples.iter().skip(1)) {
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
            found.warn(format!("/rules/{number}/quantity"), "falls_as_it_rises", detail);
        }
    }
}

/// Reports a value at which no rule applies, although rules apply below and above it.
fn gap(samples: &[Sample], fact: &str, told: &mut Told, found: &mut Findings) {
    let covered = |sample: &Sample| !sample.applies.is_empty();
    let first = samples.iter().position(covered);
    let last = samples.iter().rposition(covered);
    if let (Some(first), Some(last)) = (first, last)
        && let Some(gap) = samples.iter().take(last).skip(first).find(|sample| !covered(sample))
        && let Some(after) = samples.get(last).and_then(|sample| sample.applies.first())
        && told.gaps.insert(*after)
    {
        let detail = message!("draft-band-gap", fact = fact, value = gap.value.to_string());
        found.warn(format!("/rules/{after}/applies_when"), "band_gap", detail);
    }
}

/// Reports rules that apply each by itself, and both at some value.
fn overlaps(group: &[Placed<'_>], samples: &[Sample], fact: &str, told: &mut Told, found: &mut Findings) {
    // A rule that applies at all values or at none overlaps no other.
    let is_divided = |(number, _): &&Placed<'_>| {
        let applying = samples.iter().filter(|sample| sample.applies.contains(number)).count();
        (1..samples.len()).contains(&applying)
    };
    let divided: Vec<&Placed<'_>> = group.iter().filter(is_divided).collect();
    for (place, (number, rule)) in divided.iter().enumerate() {
        for (earlier, other) in divided.iter().take(place) {
            if !found.spend(samples.len()) {
                return;
            }
            let holds = |one: usize, other: usize| {
                samples.iter().find(|sample| sample.applies.contains(&one) && !sample.applies.contains(&other))
            };
            let both =
                samples.iter().find(|sample| sample.applies.contains(number) && sample.applies.contains(earlier));
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
                found.warn(format!("/rules/{number}/applies_when"), "band_overlap", detail);
            }
        }
    }
}

/// The requirement of a group for one sample organization.
struct Sample {
    /// The value of the number that is varied.
    value: Quantity,
    /// The positions of the rules that apply.
    applies: BTreeSet<usize>,
    /// The largest number that they require.
    asked: Option<Quantity>,
}

impl Sample {
    fn of(reference_data: &ReferenceData, group: &[Placed<'_>], world: &World<'_>, fact: &str) -> Self {
        let applying: Vec<&Placed<'_>> = group.iter().filter(|(_, rule)| world.meets(&rule.applies_when)).collect();
        let asked = applying.iter().filter_map(|(_, rule)| {
            if rule.waived_when.as_ref().is_some_and(|waiver| world.meets(waiver)) {
                return Some(Quantity::ZERO);
            }
            // What a ratio counts is followed with the rules that require it.
            if matches!(rule.quantity, RuleQuantity::Ratio(_)) {
                return None;
            }
            let measured = is_measured(reference_data, &rule.selector);
            let facts: Vec<Option<Quantity>> =
                rule.quantity.facts().into_iter().map(|fact| world.number(fact)).collect();
            let basis = AmountBasis { facts: &facts, other: Ok(Interval::ZERO), target: None };
            amount(&rule.quantity, basis, measured).ok().map(|amount| amount.total.min)
        });
        Self {
            value: world.number(fact).unwrap_or_default(),
            asked: asked.max(),
            applies: applying.iter().map(|(number, _)| *number).collect(),
        }
    }
}
