//! Requirement lines: the requirement of the rules in force for one organization, selector and strength.

mod agreement;
mod amount;
mod asked;
mod asked_scope;
mod clauses;
mod context;
mod line_selector;
mod sentence;
#[cfg(test)]
mod tests;
mod working;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::interval::Interval;
use super::reason::{Reason, ReasonCode};
use super::reference_data::ReferenceData;
use super::rule::{Selector, Strength};
use base::id::{LineId, OrganizationId};
use base::quantity::OutOfRange;

pub use amount::{Amount, Basis as AmountBasis, NoAmount, amount, share};
pub use asked::{AskedRule, Target, is_measured};
pub use asked_scope::AskedScope;
use asked_scope::scope_required;
pub use clauses::ClauseCited;
pub use context::RuleContext;
use line_selector::PartNumber;
pub use line_selector::{LineSelector, RulePart};
pub use sentence::in_words;
pub use working::{AdoptionCited, CountedRequirement, RuleWords, RuleWorking, ScopeWorking, StandardCited};

/// The namespace of line ids (RFC 9562, version 5).
const LINES: Uuid = Uuid::from_u128(0x6d75_7374_6572_5c6c_8e73_7265_7175_6972);

/// The basis of a figure.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Hash,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum Basis {
    /// Verified rules only.
    Established,
    /// At least one rule that is transcribed from memory or illustrative.
    Indicative,
}

/// The requirement of one organization for one selector at one strength.
///
/// It borrows all texts from the reference data, so that a long table copies none.
#[derive(Clone, Debug)]
pub struct RequirementLine<'a> {
    /// Its id; the same for the same organization, selector and strength.
    pub id: LineId,
    /// What is required.
    pub selector: LineSelector<'a>,
    /// Its binding strength.
    pub strength: Strength,
    /// The unit of its numbers.
    pub unit: &'a str,
    /// True if its numbers are not rounded to whole ones.
    pub measured: bool,
    /// The number required; unknown if it is out of range.
    pub required: Interval,
    /// The basis of its rules.
    pub basis: Basis,
    /// The subjects of the line, each with its rules.
    pub scopes: Vec<AskedScope<'a>>,
}

impl<'a> RequirementLine<'a> {
    /// The requirement without the rules that say "as needed" and have no declared target.
    pub fn required_without_undeclared(&self) -> Interval {
        total(&self.scopes, |scope| scope.required_without_undeclared).unwrap_or(Interval::UNKNOWN)
    }

    /// True if a rule that certainly applies says "as needed", and neither a target nor another rule gives a number.
    pub fn surely_lacks_target(&self) -> bool {
        self.scopes.iter().any(|scope| scope.rules.iter().any(|rule| scope.lacks_target(rule) && rule.surely_applies()))
    }

    /// Its rules, scope by scope.
    pub fn rules(&self) -> impl Iterator<Item = &AskedRule<'a>> {
        self.scopes.iter().flat_map(|scope| &scope.rules)
    }

    /// The reasons why the requirement is not exactly known, except for scopes whose number is known nevertheless, and
    /// the rules that require nothing.
    pub fn reasons(&self) -> BTreeSet<Reason> {
        let is_open = |scope: &AskedScope<'_>| scope.required.max != Some(scope.required.min);
        let told = self.scopes.iter().flat_map(|scope| {
            let open = is_open(scope);
            scope.rules.iter().filter(move |rule| open || !rule.asks())
        });
        let mut reasons: BTreeSet<Reason> = told.flat_map(AskedRule::reasons).collect();
        if total(&self.scopes, |scope| scope.required).is_err() && !self.scopes.iter().any(AskedScope::is_out_of_range)
        {
            let governing = self.scopes.iter().flat_map(|scope| scope.rules.iter().filter(|rule| scope.governs(rule)));
            reasons.extend(governing.map(|rule| Reason::of_rule(ReasonCode::OutOfRange, &rule.binding.rule.code)));
        }
        reasons
    }
}

/// The requirement lines of an organization on a day, by selector, strongest first.
pub fn lines<'a>(context: &'a RuleContext<'a>) -> Vec<RequirementLine<'a>> {
    let mut by_selector: BTreeMap<LineSelector<'a>, Vec<AskedRule<'a>>> = BTreeMap::new();
    for rule in context.rules() {
        by_selector.entry(rule.part.selector).or_default().push(rule);
    }
    by_selector.into_iter().flat_map(|(selector, rules)| lines_of(context, selector, rules)).collect()
}

/// The lines of one selector. They are nested: in each scope, the weaker line requires the larger of its own rules and
/// every stronger one.
fn lines_of<'a>(
    context: &'a RuleContext<'a>,
    selector: LineSelector<'a>,
    mut rules: Vec<AskedRule<'a>>,
) -> Vec<RequirementLine<'a>> {
    rules.sort_by_key(|rule| (Reverse(rule.binding.strength), &rule.binding.rule.code));
    let strengths: BTreeSet<Strength> = rules.iter().map(|rule| rule.binding.strength).collect();
    let owned = selector.to_selector();
    let measured = is_measured(context.reference_data, &owned);
    let line = |strength: Strength| {
        let mut by_scope: BTreeMap<&'a str, Vec<AskedRule<'a>>> = BTreeMap::new();
        for rule in rules.iter().filter(|rule| rule.binding.strength >= strength) {
            by_scope.entry(&rule.binding.rule.scope).or_default().push(rule.clone());
        }
        let scopes: Vec<_> =
            by_scope.into_iter().map(|(scope, rules)| AskedScope::new(scope, context.group_of(scope), rules)).collect();
        RequirementLine {
            id: line_id(context.records.organization.id, &owned, strength),
            selector,
            strength,
            unit: unit_of(context.reference_data, selector, &rules),
            measured,
            required: total(&scopes, |scope| scope.required).unwrap_or(Interval::UNKNOWN),
            basis: basis_of(&scopes),
            scopes,
        }
    };
    strengths.into_iter().rev().map(line).collect()
}

/// The sum of a requirement over the groups of scopes that share units, the larger governing within each. If one scope is
/// out of range, so is the sum.
fn total<'a>(scopes: &[AskedScope<'a>], of: fn(&AskedScope<'a>) -> Interval) -> Result<Interval, OutOfRange> {
    if scopes.iter().any(AskedScope::is_out_of_range) {
        return Err(OutOfRange);
    }
    let mut groups: BTreeMap<&str, Interval> = BTreeMap::new();
    for scope in scopes {
        let group = groups.entry(scope.group).or_insert(Interval::ZERO);
        *group = group.larger(of(scope));
    }
    Interval::sum(groups.into_values())
}

fn basis_of(scopes: &[AskedScope<'_>]) -> Basis {
    let rules = || scopes.iter().flat_map(|scope| &scope.rules);
    // A line that requires nothing keeps the basis it had.
    let none_asks = !rules().any(AskedRule::asks);
    let mut asking = rules().filter(|rule| none_asks || rule.asks());
    let verified = asking.all(AskedRule::is_verified);
    if verified { Basis::Established } else { Basis::Indicative }
}

/// The unit of kinds, of which one each is required.
const KIND: &str = "kind";

/// The unit of an item, and that of kinds; for other selectors, the unit of the strongest rule.
fn unit_of<'a>(reference_data: &'a ReferenceData, selector: LineSelector<'a>, rules: &[AskedRule<'a>]) -> &'a str {
    let of_rule = || rules.first().map(|rule| rule.binding.rule.unit.as_str()).unwrap_or_default();
    match selector {
        LineSelector::Item(code) => reference_data.items.get(code).map_or_else(of_rule, |item| &item.unit.name),
        LineSelector::EachOf(_) if rules.iter().any(|rule| matches!(rule.part.number, PartNumber::Once(_))) => KIND,
        LineSelector::EachOf(_) | LineSelector::AnyOf(_) | LineSelector::Capability(_) | LineSelector::Other(_) => {
            of_rule()
        }
    }
}

/// The id of a line, derived from the fields that identify it.
pub fn line_id(organization: OrganizationId, selector: &Selector, strength: Strength) -> LineId {
    let strength: &str = strength.into();
    let name = match selector {
        Selector::Item(code) => format!("{organization}\n{strength}\nitem\n{code}"),
        Selector::Other(words) => format!("{organization}\n{strength}\nother\n{words}"),
        // Strings and numbers always have a JSON form.
        selector => {
            let json = serde_json::to_string(selector).unwrap_or_default();
            format!("{organization}\n{strength}\nselector\n{json}")
        }
    };
    LineId(Uuid::new_v5(&LINES, name.as_bytes()))
}
