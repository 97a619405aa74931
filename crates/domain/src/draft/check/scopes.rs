//! Scopes: a slip of the pen makes a scope of its own, whose requirement adds up with the one that was meant.

use std::collections::BTreeMap;

use super::super::StandardText;
use super::findings::Findings;
use super::names::check_length;
use super::surroundings::Surroundings;
use crate::rule::RuleRole;
use text::messages::message;

/// Abbreviations and other words for scopes in use.
const OTHER_WORDS: &[(&str, &str)] = &[
    ("enterprise", "organization"),
    ("company_wide", "organization"),
    ("firm", "organization"),
    ("unit", "organization"),
    ("whole", "organization"),
    ("organisation", "organization"),
    ("workshop", "workplace"),
    ("site", "workplace"),
    ("brigade", "team"),
    ("fire_station", "station"),
    ("house", "building"),
    ("storey", "floor"),
];

/// Checks the scopes of a standard's rules, and those whose units they share.
pub(super) fn check(text: &StandardText, around: &Surroundings<'_>, found: &mut Findings) {
    let requirements = || text.rules.iter().enumerate().filter(|(_, rule)| rule.role == RuleRole::Requirement);
    let mut own = BTreeMap::<&str, usize>::new();
    for (_, rule) in requirements() {
        *own.entry(&rule.scope).or_default() += 1;
    }
    let mut elsewhere = BTreeMap::<&str, usize>::new();
    for (_, rule) in around.rules_elsewhere(text).filter(|(_, rule)| rule.role == RuleRole::Requirement) {
        *elsewhere.entry(&rule.scope).or_default() += 1;
    }
    let mut told = BTreeMap::new();
    for (number, rule) in requirements() {
        let scope = rule.scope.as_str();
        let is_alone = !elsewhere.contains_key(scope);
        if is_alone && told.insert(scope, number).is_none() {
            // A scope of this standard only is compared with those of others; one of a single rule also with its own.
            let others = elsewhere.keys();
            let of_own = own.keys().filter(|_| own.get(scope) == Some(&1));
            let mut others = others.chain(of_own).filter(|other| **other != scope);
            let like = others.find(|other| found.spend(scope.len() * other.len()) && are_alike(scope, other));
            if let Some(like) = like {
                let detail = message!("check-scope-like-another", scope = scope, other = *like);
                found.warn(format!("/rules/{number}/scope"), "scope_like_another", detail);
            }
        }
        for (place, shared) in rule.shares_with.iter().enumerate() {
            let at = format!("/rules/{number}/shares_with/{place}");
            if shared.is_empty() || shared.chars().count() > 64 {
                check_length(&at, shared, 64, found);
            } else if shared == scope {
                found.warn(at, "shares_with_itself", message!("check-shares-with-itself", scope = scope));
            } else if !own.contains_key(shared.as_str()) && !elsewhere.contains_key(shared.as_str()) {
                found.warn(at, "shared_scope_unused", message!("check-shared-scope-unused", scope = shared));
            }
        }
    }
}

/// True if one scope may be a slip for the other: an abbreviation, another word, a plural, or a letter or two. Scopes that
/// differ in their last letter or number on purpose, such as `ambulance_type_a`, are not alike.
fn are_alike(scope: &str, other: &str) -> bool {
    let plain = |text: &str| text.to_lowercase().replace(['-', ' '], "_");
    let (scope, other) = (plain(scope), plain(other));
    let is_word = OTHER_WORDS.iter().any(|(word, meant)| *word == scope && *meant == other);
    let cut = scope.len() >= 3 && other.strip_prefix(&scope).is_some_and(|rest| !rest.starts_with('_'));
    let last =
        |text: &str| text.rsplit_once('_').filter(|(_, last)| last.len() <= 2).map(|(first, _)| first.to_owned());
    let is_numbered = last(&scope).is_some() && last(&scope) == last(&other);
    let has_digits = |text: &str| text.bytes().any(|byte| byte.is_ascii_digit());
    let is_slip = scope.len().min(other.len()) >= 4
        && !has_digits(&scope)
        && !has_digits(&other)
        && distance(&scope, &other) <= 1 + usize::from(scope.len().min(other.len()) >= 8);
    scope == other || is_word || cut || (!is_numbered && is_slip)
}

/// The number of letters that must be added, left out, exchanged or swapped to make one text of another.
fn distance(one: &str, other: &str) -> usize {
    let (one, other): (Vec<char>, Vec<char>) = (one.chars().collect(), other.chars().collect());
    let mut rows: Vec<Vec<usize>> = vec![(0..=other.len()).collect()];
    for (row, letter) in one.iter().enumerate() {
        let before = rows.last().cloned().unwrap_or_default();
        let mut now = vec![row + 1];
        for (column, theirs) in other.iter().enumerate() {
            let at = |row: &[usize], column: usize| row.get(column).copied().unwrap_or(usize::MAX / 2);
            let exchanged = at(&before, column) + usize::from(letter != theirs);
            let shorter = at(&before, column + 1) + 1;
            let longer = at(&now, column) + 1;
            let is_swap =
                row > 0 && column > 0 && one.get(row - 1) == Some(theirs) && other.get(column - 1) == Some(letter);
            let swapped = if is_swap {
                rows.get(row - 1).map_or(usize::MAX, |earlier| at(earlier, column - 1) + 1)
            } else {
                usize::MAX
            };
            now.push(exchanged.min(shorter).min(longer).min(swapped));
        }
        rows.push(now);
    }
    rows.last().and_then(|row| row.last()).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slips_of_the_pen_are_alike_and_other_scopes_are_not() {
        for (scope, other) in [
            ("org", "organization"),
            ("organisation", "organization"),
            ("organizaton", "organization"),
            ("workplaces", "workplace"),
            ("wrokplace", "workplace"),
            ("Team", "team"),
            ("enterprise", "organization"),
        ] {
            assert!(are_alike(scope, other), "{scope} {other}");
        }
        for (scope, other) in [
            ("ambulance_type_a", "ambulance_type_b"),
            ("floor", "dormitory_floor"),
            ("team", "mine"),
            ("bed", "gate"),
            ("station", "micro_station"),
            ("tank", "team"),
            ("squad", "guard"),
            ("refuge", "refuge_chamber"),
        ] {
            assert!(!are_alike(scope, other), "{scope} {other}");
        }
    }
}
