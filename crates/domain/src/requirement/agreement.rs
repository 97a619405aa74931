//! What stock held under an agreement, and what a stronger line has, may meet of a requirement.

use std::collections::BTreeMap;

use super::RequirementLine;
use super::asked::AskedRule;
use super::line_selector::LineSelector;
use crate::interval::Interval;
use base::quantity::Quantity;

impl RequirementLine<'_> {
    /// The most that stock held under an agreement may meet: all but what the rules require of other stock, the share of
    /// each being one of its own number. None of the kinds of which one each is required.
    pub fn agreement(&self) -> Interval {
        self.agreement_by(|_| true)
    }

    /// The same of what the rules of this strength require by themselves.
    pub fn own_agreement(&self) -> Interval {
        self.agreement_by(|rule| rule.binding.strength == self.strength)
    }

    fn agreement_by(&self, counts: impl Fn(&AskedRule<'_>) -> bool) -> Interval {
        if matches!(self.selector, LineSelector::EachOf(_)) {
            return Interval::ZERO;
        }
        let of_group = |rules: &Vec<&AskedRule<'_>>| {
            let rules: Vec<&AskedRule<'_>> = rules.iter().copied().filter(|rule| counts(rule)).collect();
            let least = rules.iter().map(|rule| rule.result.min).max().unwrap_or(Quantity::ZERO);
            let beside = |rule: &AskedRule<'_>, number: Quantity| number.less(share_of(rule, number));
            // A rule that may ask for less than the largest leaves more of it to agreements.
            let low =
                rules.iter().map(|rule| least.less(beside(rule, rule.result.max.map_or(least, |max| max.min(least)))));
            let surely_beside = rules.iter().map(|rule| beside(rule, rule.result.min)).max().unwrap_or(Quantity::ZERO);
            let high = rules.iter().map(|rule| match rule.result.max {
                Some(max) => Some(share_of(rule, max).min(max.less(surely_beside))),
                None if rule.binding.rule.agreement_percent.is_some() => None,
                None => Some(Quantity::ZERO),
            });
            Interval { min: low.min().unwrap_or(Quantity::ZERO), max: largest(high) }
        };
        Interval::sum(self.asking_groups().values().map(of_group)).unwrap_or(Interval::UNKNOWN)
    }

    /// The most that units may meet which count for a stronger line but not for the rules of this strength: all but what
    /// these require.
    pub fn covered(&self) -> Interval {
        let of_group = |rules: &Vec<&AskedRule<'_>>| {
            let own = || rules.iter().filter(|rule| rule.binding.strength == self.strength).map(|rule| rule.result);
            let all = rules.iter().map(|rule| rule.result).fold(Interval::ZERO, Interval::larger);
            let own = own().fold(Interval::ZERO, Interval::larger);
            Interval {
                min: own.max.map_or(Quantity::ZERO, |own| all.min.less(own)),
                max: all.max.map(|all| all.less(own.min)),
            }
        };
        Interval::sum(self.asking_groups().values().map(of_group)).unwrap_or(Interval::UNKNOWN)
    }

    /// The rules that ask for anything, by the scopes that share units.
    fn asking_groups(&self) -> BTreeMap<&str, Vec<&AskedRule<'_>>> {
        let mut groups: BTreeMap<&str, Vec<&AskedRule<'_>>> = BTreeMap::new();
        for scope in &self.scopes {
            // A rule without its target adds nothing to one that gives a number.
            let adds = |rule: &&AskedRule<'_>| !rule.lacks_target() || scope.lacks_target(rule);
            let asking = scope.rules.iter().filter(|rule| rule.asks() && !rule.result.is_zero()).filter(adds);
            groups.entry(scope.group).or_default().extend(asking);
        }
        groups
    }
}

/// The share of a number that a rule leaves to agreements.
fn share_of(rule: &AskedRule<'_>, number: Quantity) -> Quantity {
    let percent = i64::from(rule.binding.rule.agreement_percent.unwrap_or(0).min(100));
    Quantity::from_thousandths(number.thousandths().saturating_mul(percent) / 100).unwrap_or(Quantity::ZERO)
}

/// The largest of upper ends; `None` is unbounded.
fn largest(mut ends: impl Iterator<Item = Option<Quantity>>) -> Option<Quantity> {
    ends.try_fold(Quantity::ZERO, |most, end| Some(most.max(end?)))
}
