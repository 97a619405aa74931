//! Ratios: what they count is required in their scope, and they do not go round in a circle.

use std::collections::BTreeMap;

use super::super::StandardText;
use super::super::test_cases::TestCases;
use super::findings::Findings;
use super::surroundings::Surroundings;
use crate::requirement::RulePart;
use crate::rule::{Rule, RuleQuantity, RuleRole, Selector};
use text::messages::message;

/// The most ways from a ratio through those that it counts.
const MOST_WAYS: usize = 1_000;

/// The most rules of a circle that are followed.
const MOST_LINKS: usize = 32;

/// Checks what the ratios of a standard count.
pub(super) fn check(text: &StandardText, around: &Surroundings<'_>, found: &mut Findings) {
    let ratios: Vec<(usize, &Rule)> = text.rules.iter().enumerate().filter(|(_, rule)| to(rule).is_some()).collect();
    if ratios.is_empty() {
        return;
    }
    let elsewhere: Vec<&Rule> = around.rules_elsewhere(text).map(|(_, rule)| rule).collect();
    let rules: Vec<&Rule> = text.rules.iter().chain(elsewhere).collect();
    let mut links = Links { rules: &rules, ways: BTreeMap::new() };
    for (number, rule) in ratios {
        let at = format!("/rules/{number}/quantity/ratio/to");
        let Some(counted) = to(rule) else { continue };
        if matches!(counted, Selector::Kit(_) | Selector::Fact(_)) {
            continue;
        }
        if links.of(rule).is_empty() {
            let detail = message!("check-ratio-to-nothing", name = counted.name(), scope = &rule.scope);
            found.warn(&at, "ratio_to_nothing", detail);
        } else if let Some(circle) = links.circle(rule) {
            let detail = message!("check-ratio-circle", rules = circle);
            found.fault(&at, "ratio_circle", detail);
        } else if links.ways(rule, 0) > MOST_WAYS {
            found.fault(&at, "ratio_too_deep", message!("check-ratio-too-deep", most = MOST_WAYS));
        }
    }
}

fn to(rule: &Rule) -> Option<&Selector> {
    match &rule.quantity {
        RuleQuantity::Ratio(ratio) if rule.role == RuleRole::Requirement => Some(&ratio.to),
        _ => None,
    }
}

/// The rules, and those that each ratio counts.
struct Links<'a, 'r> {
    rules: &'r [&'a Rule],
    ways: BTreeMap<&'a str, usize>,
}

impl<'a> Links<'a, '_> {
    /// The rules that a ratio counts: of its scope, of its strength or a stronger one, with the selector.
    fn of(&self, rule: &Rule) -> Vec<&'a Rule> {
        let Some(counted) = to(rule) else { return Vec::new() };
        let Some(part) = RulePart::of(counted).first().copied() else { return Vec::new() };
        let is_counted = |other: &&&'a Rule| {
            other.role == RuleRole::Requirement
                && other.scope == rule.scope
                && other.strength >= rule.strength
                && RulePart::of(&other.selector).iter().any(|theirs| theirs.selector == part.selector)
        };
        self.rules.iter().filter(is_counted).copied().collect()
    }

    /// The codes of the rules of a circle through a ratio, all of which apply in some case.
    fn circle(&self, rule: &'a Rule) -> Option<String> {
        let mut path = vec![rule];
        let mut seen = vec![rule.code.as_str()];
        self.back_to(rule, &mut path, &mut seen)
            .then(|| path.iter().chain([&rule]).map(|rule| rule.code.as_str()).collect::<Vec<_>>().join(" → "))
    }

    fn back_to(&self, first: &'a Rule, path: &mut Vec<&'a Rule>, seen: &mut Vec<&'a str>) -> bool {
        let Some(last) = path.last().copied().filter(|_| path.len() <= MOST_LINKS) else { return false };
        for next in self.of(last) {
            if next.code == first.code {
                return all_apply(path);
            }
            if seen.contains(&next.code.as_str()) || to(next).is_none() {
                continue;
            }
            seen.push(&next.code);
            path.push(next);
            if self.back_to(first, path, seen) {
                return true;
            }
            path.pop();
        }
        false
    }

    /// The number of ways from a rule through what it counts, up to one more than is allowed.
    fn ways(&mut self, rule: &'a Rule, level: usize) -> usize {
        if level > MOST_LINKS {
            return MOST_WAYS + 1;
        }
        if let Some(known) = self.ways.get(rule.code.as_str()) {
            return *known;
        }
        let next = self.of(rule);
        // A circle of rules that never apply together is left where it closes.
        self.ways.insert(&rule.code, 1);
        let mut ways = 1_usize;
        for rule in next {
            ways = ways.saturating_add(self.ways(rule, level + 1)).min(MOST_WAYS + 1);
        }
        self.ways.insert(&rule.code, ways);
        ways
    }
}

/// True if all rules apply in some case, or there are too many cases to tell.
fn all_apply(rules: &[&Rule]) -> bool {
    let conditions = || rules.iter().map(|rule| &rule.applies_when);
    let cases = TestCases::of(conditions(), false).all();
    cases.is_none_or(|worlds| worlds.iter().any(|world| conditions().all(|condition| world.meets(condition))))
}
