//! Two standards that ask for the same thing in scopes that add up: each would ask for a stock of its own.

use std::collections::{BTreeMap, BTreeSet};

use super::super::StandardText;
use super::findings::Findings;
use super::groups::{Meetings, has_number};
use super::surroundings::Surroundings;
use crate::requirement::{LineSelector, RulePart};
use crate::rule::Rule;
use text::messages::message;

/// Reports what a standard that binds beside asks for as well, in another scope whose units are not shared.
pub(super) fn check<'t>(
    text: &'t StandardText,
    around: &Surroundings<'t>,
    meetings: &mut Meetings<'t>,
    found: &mut Findings,
) {
    let beside = around.beside(text);
    let theirs = |other: &'_ crate::standard::Standard| {
        let rules: Vec<_> = other.rules.iter().filter_map(|history| history.on(around.day)).collect();
        rules.into_iter().filter(|rule| has_number(rule)).count()
    };
    if beside.iter().all(|other| theirs(other) == 0) {
        return;
    }
    let all = beside.iter().flat_map(|other| other.rules.iter().filter_map(|history| history.on(around.day)));
    let groups = Groups::of(text.rules.iter().chain(all));
    let mut own = BTreeMap::<LineSelector<'_>, Vec<(usize, &Rule)>>::new();
    for (number, rule) in text.rules.iter().enumerate().filter(|(_, rule)| has_number(rule)) {
        for part in RulePart::of(&rule.selector) {
            own.entry(part.selector).or_default().push((number, rule));
        }
    }
    let mut told = BTreeSet::new();
    for other in beside.into_iter().filter(|other| around.is_reported_with(text, other)) {
        for theirs in other.rules.iter().filter_map(|history| history.on(around.day)).filter(|rule| has_number(rule)) {
            for part in RulePart::of(&theirs.selector) {
                for (number, rule) in own.get(&part.selector).into_iter().flatten() {
                    if found.is_full() || !found.spend(1) {
                        return;
                    }
                    let key = (*number, other.code.as_str(), theirs.scope.as_str());
                    if groups.add_up(&rule.scope, &theirs.scope)
                        && !told.contains(&key)
                        && meetings.meet(rule, theirs, found)
                    {
                        told.insert(key);
                        let detail = message!(
                            "check-asked-twice",
                            rule = &rule.code,
                            scope = &rule.scope,
                            other = &theirs.code,
                            standard = &other.code,
                            theirs = &theirs.scope
                        );
                        found.warn(format!("/rules/{number}/scope"), "asked_twice", detail);
                    }
                }
            }
        }
    }
}

/// The scopes that share their units, each with the first of its group.
struct Groups<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Groups<'a> {
    fn of(rules: impl Iterator<Item = &'a Rule>) -> Self {
        let mut groups = BTreeMap::<&str, &str>::new();
        for (scope, shared) in rules.flat_map(|rule| rule.shares_with.iter().map(|other| (rule.scope.as_str(), other)))
        {
            let of = |scope: &'a str| groups.get(scope).copied().unwrap_or(scope);
            let (one, other) = (of(scope), of(shared));
            let first = one.min(other);
            groups.entry(one).or_insert(one);
            groups.entry(other).or_insert(other);
            groups.entry(scope).or_insert(one);
            groups.entry(shared).or_insert(other);
            for group in groups.values_mut().filter(|group| **group == one || **group == other) {
                *group = first;
            }
        }
        Self(groups)
    }

    /// True if the requirements of two scopes add up.
    fn add_up(&self, one: &str, other: &str) -> bool {
        let group = |scope: &str| self.0.get(scope).map_or_else(|| scope.to_owned(), |group| (*group).to_owned());
        one != other && group(one) != group(other)
    }
}
