//! Rules: their workings, scopes, and what a line requires.

pub mod amount;
pub mod facts;
mod reason;
mod working;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::state::State;
use crate::value::{Pair, Read, STRENGTHS, UNKNOWN, ZERO, larger, list, optional_whole, shown, text, total};

pub use reason::{Reason, shown as shown_reasons};
pub use working::{Rule, lacks_target};
use working::{scope_required, settled};

/// One subject of a line.
pub struct Scope {
    /// The first of the scopes that share units.
    pub group: String,
    /// Its rules.
    pub rules: Vec<Rule>,
    /// What it requires.
    pub required: Pair,
    /// The same without rules that lack their target.
    pub settled: Pair,
    /// True if the number of a rule is out of range.
    pub out_of_range: bool,
}

impl Scope {
    /// Works a scope out.
    pub fn new(state: &mut State<'_>, found: &Value, pointer: &str) -> Read<Self> {
        let name = text(found, "scope")?.to_owned();
        let mut rules = Vec::new();
        let selector = state.selector.clone();
        for (place, rule) in list(found, "rules")?.iter().enumerate() {
            let at = format!("{pointer}/rules/{place}");
            let worked_out = Rule::new(state, rule, &selector, &at)?;
            state.differences.member(rule, "scope", &json!(name), &at);
            if worked_out.strength < state.strength {
                let strength = |rank: usize| json!(STRENGTHS.get(rank));
                let (expected, found) = (strength(state.strength), strength(worked_out.strength));
                state.differences.note(format!("{at}/strength"), expected, found);
            }
            rules.push(worked_out);
        }
        let out_of_range = rules.iter().any(Rule::is_out_of_range);
        let scope = Self {
            group: state.groups.get(&name).cloned().unwrap_or(name),
            required: scope_required(&rules),
            settled: if out_of_range { UNKNOWN } else { settled(&rules) },
            out_of_range,
            rules,
        };
        let governing: Vec<&str> =
            scope.rules.iter().filter(|rule| scope.governs(rule)).map(|rule| rule.code.as_str()).collect();
        let differences = &mut state.differences;
        differences.member(found, "required", &shown(scope.required), pointer);
        differences.member(found, "required_without_undeclared", &shown(scope.settled), pointer);
        differences.member(found, "governing", &json!(governing), pointer);
        differences.member(found, "group", &json!(scope.group), pointer);
        Ok(scope)
    }

    /// True if a rule determines an end of the requirement.
    pub fn governs(&self, rule: &Rule) -> bool {
        let lacks = rule.lacks_target() && !lacks_target(&self.rules, rule);
        if lacks || !rule.asks() && self.rules.iter().any(Rule::asks) {
            return false;
        }
        let gives_least = rule.result.0 == self.required.0 && self.required.0 > 0;
        gives_least || rule.result.1 == self.required.1
    }
}

/// The sum over the groups of scopes, the larger governing in each; `None` if it is out of range.
pub fn required_of(scopes: &[Scope], of: fn(&Scope) -> Pair) -> Option<Pair> {
    if scopes.iter().any(|scope| scope.out_of_range) {
        return None;
    }
    let mut groups: BTreeMap<&str, Pair> = BTreeMap::new();
    for scope in scopes {
        let group = groups.entry(&scope.group).or_insert(ZERO);
        *group = larger(*group, of(scope));
    }
    total(groups.into_values())
}

/// What may be met otherwise: `of` gives both ends of one group of scopes that share units, by the rules that ask for
/// anything there, each with its result, its share in percent and the rank of its strength.
fn over_groups(scopes: &[Scope], of: impl Fn(&[(Pair, i128, usize)]) -> Pair) -> Read<Pair> {
    let mut groups: BTreeMap<&str, Vec<(Pair, i128, usize)>> = BTreeMap::new();
    for scope in scopes {
        let group = groups.entry(&scope.group).or_default();
        for rule in &scope.rules {
            let adds_nothing = rule.lacks_target() && !lacks_target(&scope.rules, rule);
            if rule.asks() && rule.result != ZERO && !adds_nothing {
                let percent = optional_whole(&rule.found, "agreement_percent")?.unwrap_or(0);
                group.push((rule.result, percent, rule.strength));
            }
        }
    }
    Ok(total(groups.values().map(|rules| of(rules))).unwrap_or(UNKNOWN))
}

/// The most that stock under an agreement may meet. In a group of scopes it is what the largest rule asks for, less the
/// most that a rule asks for beside its share. A strength leaves out the rules of others.
pub fn agreement_of(scopes: &[Scope], of_strength: Option<usize>) -> Read<Pair> {
    let beside = |number: i128, percent: i128| number - number * percent / 100;
    over_groups(scopes, |rules| {
        let counted = rules.iter().filter(|(_, _, rank)| of_strength.is_none_or(|strength| strength == *rank));
        let rules: Vec<(Pair, i128, usize)> = counted.copied().collect();
        let needed = rules.iter().map(|((low, _), _, _)| *low).max().unwrap_or(0);
        let most_beside =
            rules.iter().map(|((_, high), percent, _)| beside(high.unwrap_or(needed).min(needed), *percent));
        let low = if rules.is_empty() { 0 } else { needed - most_beside.max().unwrap_or(0) };
        let surely_beside = rules.iter().map(|((low, _), percent, _)| beside(*low, *percent)).max().unwrap_or(0);
        let mut ends = rules.iter().map(|((_, high), percent, _)| match high {
            None if *percent > 0 => None,
            None => Some(0),
            Some(high) => Some((high * percent / 100).min((high - surely_beside).max(0))),
        });
        (low, ends.try_fold(0, |most: i128, end| Some(most.max(end?))))
    })
}

/// The most that units may meet which count for a stronger line, but not for the rules of this strength.
pub fn covered_of(scopes: &[Scope], strength: usize) -> Read<Pair> {
    over_groups(scopes, |rules| {
        let of = |is_wanted: &dyn Fn(usize) -> bool| {
            let wanted = rules.iter().filter(|(_, _, rank)| is_wanted(*rank));
            wanted.fold(ZERO, |sum, (result, _, _)| larger(sum, *result))
        };
        let (all, own) = (of(&|_| true), of(&|rank| rank == strength));
        let low = own.1.map_or(0, |own| (all.0 - own).max(0));
        (low, all.1.map(|all| (all - own.0).max(0)))
    })
}

/// The scopes that share units, each with the first of its group by name.
pub fn groups_of(sharing: &[Value]) -> Read<BTreeMap<String, String>> {
    let mut groups: BTreeMap<String, String> = BTreeMap::new();
    for rule in sharing {
        for beside in list(rule, "shares_with")? {
            let beside = beside.as_str().ok_or(crate::value::Unreadable("shares_with"))?;
            let of = |scope: &str| groups.get(scope).cloned().unwrap_or_else(|| scope.to_owned());
            let (one, other) = (of(text(rule, "scope")?), of(beside));
            let first = (&one).min(&other).clone();
            groups.entry(one.clone()).or_insert_with(|| one.clone());
            groups.entry(other.clone()).or_insert_with(|| other.clone());
            for group in groups.values_mut().filter(|group| **group == one || **group == other) {
                group.clone_from(&first);
            }
        }
    }
    Ok(groups)
}
