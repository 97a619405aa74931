//! The requirement of one subject of a line: the larger of its rules governs.

use super::asked::AskedRule;
use crate::interval::Interval;
use base::quantity::Quantity;

/// The requirement of one subject of a line, such as the workplace or the team.
#[derive(Clone, Debug)]
pub struct AskedScope<'a> {
    /// The subject.
    pub scope: &'a str,
    /// The first of the scopes with which it shares its units; itself if it shares them with none. The larger governs among
    /// those that share, and different groups add up.
    pub group: &'a str,
    /// The larger of its rules, end by end; unknown if one of them is out of range.
    pub required: Interval,
    /// The same requirement without rules that say "as needed" and have no declared target.
    pub required_without_undeclared: Interval,
    /// All its rules, including those that may apply.
    pub rules: Vec<AskedRule<'a>>,
}

impl<'a> AskedScope<'a> {
    /// Combines the rules of one subject.
    pub(super) fn new(scope: &'a str, group: &'a str, rules: Vec<AskedRule<'a>>) -> Self {
        let required = scope_required(&rules);
        let settled = rules.iter().filter(|rule| !rule.lacks_target());
        let required_without_undeclared = if rules.iter().any(AskedRule::is_out_of_range) {
            Interval::UNKNOWN
        } else {
            settled.map(|rule| rule.result).fold(Interval::ZERO, Interval::larger)
        };
        Self { scope, group, required, required_without_undeclared, rules }
    }

    /// True if the number of a rule is 10⁹ or more; the larger of two numbers is then out of range as well.
    pub(super) fn is_out_of_range(&self) -> bool {
        self.rules.iter().any(AskedRule::is_out_of_range)
    }

    /// True if a rule says "as needed", has no target, and no other rule with a number (or a declared target) certainly
    /// applies.
    pub(super) fn lacks_target(&self, rule: &AskedRule<'_>) -> bool {
        lacks_target(&self.rules, rule)
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

/// What rules of one scope require: the larger of them, end by end.
pub(super) fn scope_required(rules: &[AskedRule<'_>]) -> Interval {
    if rules.iter().any(AskedRule::is_out_of_range) {
        return Interval::UNKNOWN;
    }
    let settled = rules.iter().filter(|rule| !rule.lacks_target());
    let mut required = settled.map(|rule| rule.result).fold(Interval::ZERO, Interval::larger);
    if rules.iter().any(|rule| lacks_target(rules, rule)) {
        required.max = None;
    }
    required
}

/// A rule that only may apply does not give a number: if it does not apply, the number is still missing.
fn lacks_target(rules: &[AskedRule<'_>], rule: &AskedRule<'_>) -> bool {
    let is_number = |beside: &AskedRule<'_>| beside.asks() && !beside.lacks_target() && beside.surely_applies();
    rule.lacks_target() && !rules.iter().any(is_number)
}
