//! Ratios: what they count is required in their scope, and they do not go round in a circle.

use std::collections::{BTreeMap, BTreeSet};

use super::super::StandardText;
use super::super::test_cases::TestCases;
use super::findings::Findings;
use super::surroundings::Surroundings;
use crate::requirement::{LineSelector, RulePart};
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
    let mut links = Links { rules: BTreeMap::new(), ways: BTreeMap::new() };
    for rule in text.rules.iter().chain(elsewhere).filter(|rule| rule.role == RuleRole::Requirement) {
        let selectors: BTreeSet<_> = RulePart::of(&rule.selector).into_iter().map(|part| part.selector).collect();
        for selector in selectors {
            links.rules.entry((selector, &rule.scope)).or_default().push(rule);
        }
    }
    for (number, rule) in ratios {
        let at = format!("/rules/{number}/quantity/ratio/to");
        let Some(counted) = to(rule) else { continue };
        if matches!(counted, Selector::Kit(_) | Selector::Fact(_)) {
            continue;
        }
        if links.of(rule).next().is_none() {
            let detail = message!("check-ratio-to-nothing", name = counted.name(), scope = &rule.scope);
            found.warn(&at, "ratio_to_nothing", detail);
        } else if let Some(circle) = links.circle(rule, found) {
            let detail = message!("check-ratio-circle", rules = circle);
            found.fault(&at, "ratio_circle", detail);
        } else if links.ways(rule, 0, found) > MOST_WAYS {
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
struct Links<'a> {
    /// The rules that require each selector in each scope.
    rules: BTreeMap<(LineSelector<'a>, &'a str), Vec<&'a Rule>>,
    ways: BTreeMap<&'a str, usize>,
}

impl<'a> Links<'a> {
    /// The rules that a ratio counts: of its scope, of its strength or a stronger one, with the selector.
    fn of(&self, rule: &'a Rule) -> impl Iterator<Item = &'a Rule> + use<'a, '_> {
        let part = to(rule).and_then(|counted| RulePart::of(counted).first().copied());
        let rules = part.and_then(|part| self.rules.get(&(part.selector, rule.scope.as_str())));
        rules.into_iter().flatten().copied().filter(|other| other.strength >= rule.strength)
    }

    /// The codes of the rules of a circle through a ratio, all of which apply in some case.
    fn circle(&self, rule: &'a Rule, found: &mut Findings) -> Option<String> {
        let mut path = vec![rule];
        let mut seen = BTreeSet::from([rule.code.as_str()]);
        self.back_to(rule, &mut path, &mut seen, found)
            .then(|| path.iter().chain([&rule]).map(|rule| rule.code.as_str()).collect::<Vec<_>>().join(" → "))
    }

    fn back_to(
        &self,
        first: &'a Rule,
        path: &mut Vec<&'a Rule>,
        seen: &mut BTreeSet<&'a str>,
        found: &mut Findings,
    ) -> bool {
        let Some(last) = path.last().copied().filter(|_| path.len() <= MOST_LINKS) else { return false };
        for next in self.of(last) {
            if !found.spend(1) {
                return false;
            }
            if next.code == first.code {
                return all_apply(path, found);
            }
            if to(next).is_none() || !seen.insert(&next.code) {
                continue;
            }
            path.push(next);
            if self.back_to(first, path, seen, found) {
                return true;
            }
            path.pop();
        }
        false
    }

    /// The number of ways from a rule through what it counts, up to one more than is allowed.
    fn ways(&mut self, rule: &'a Rule, level: usize, found: &mut Findings) -> usize {
        if level > MOST_LINKS {
            return MOST_WAYS + 1;
        }
        if let Some(known) = self.ways.get(rule.code.as_str()) {
            return *known;
        }
        let next: Vec<&Rule> = self.of(rule).collect();
        // A circle of rules that never apply together is left where it closes.
        self.ways.insert(&rule.code, 1);
        let mut ways = 1_usize;
        for rule in next {
            if !found.spend(1) {
                return ways;
            }
            ways = ways.saturating_add(self.ways(rule, level + 1, found)).min(MOST_WAYS + 1);
        }
        self.ways.insert(&rule.code, ways);
        ways
    }
}

/// True if all rules apply in some case, or there are too many cases to tell.
fn all_apply(rules: &[&Rule], found: &mut Findings) -> bool {
    let conditions = || rules.iter().map(|rule| &rule.applies_when);
    let cases = TestCases::of(conditions(), false);
    let in_some_case = found.any_case(&cases, |world| conditions().all(|condition| world.meets(condition)));
    in_some_case.unwrap_or_else(|| !found.is_cut_short())
}
