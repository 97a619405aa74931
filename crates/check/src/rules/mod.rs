//! Rules: their workings, scopes, and what a line requires.

pub mod amount;
pub mod facts;
mod reason;
mod working;

use std::collections::BTreeMap;

use serde_json::{Value, json};

use crate::state::State;
use crate::value::{Pair, Read, STRENGTHS, UNKNOWN, ZERO, larger, list, shown, text, total};

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
