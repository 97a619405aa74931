//! Checks that are no stock: facts (people, premises) against the rules that bound them, and the units that are away (lent or
//! in repair) against the share that may be. They are reported, and never count in shortages or an organization's status.

mod away;
#[cfg(test)]
mod tests;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::binding::BindingRule;
use super::condition::Truth;
use super::interval::Interval;
use super::reason::{Reason, ReasonCode};
use super::reference_data::{OrganizationData, ReferenceData};
use super::requirement::{AskedRule, Basis, RuleContext, in_words};
use super::rule::{Bound, FactSelector, RuleQuantity, RuleRole, Selector, Strength};
use super::standard::StandardCode;
use super::wording::Wording;
use away::Away;
use text::language::Language;

/// A rule that checks facts or units that are away, with its result for an organization on a day.
#[derive(Clone, Debug, PartialEq)]
pub struct Check {
    /// The rule's code.
    pub rule: String,
    /// The code of its standard's edition.
    pub standard: StandardCode,
    /// Its position in the standard.
    pub clause: String,
    /// The clause, in the language asked for.
    pub text: String,
    /// Its binding strength.
    pub strength: Strength,
    /// The basis: verified texts only, or not.
    pub basis: Basis,
    /// The unit of its numbers.
    pub unit: String,
    /// The fact, or the items of which some are away.
    pub selector: Selector,
    /// The side on which it is bounded.
    pub bound: Bound,
    /// The number that bounds it. From zero for a least number that may not apply, unbounded for a most number that may not.
    pub required: Interval,
    /// The number found: the fact, or the units that are away.
    pub found: Interval,
    /// The units held, of which a share may be away; `None` for a fact.
    pub held: Option<Interval>,
    /// The result.
    pub status: CheckStatus,
    /// The reasons why the numbers are not exactly known, or why nothing is asked.
    pub reasons: Vec<Reason>,
    /// The working as a sentence with its numbers, in the language asked for.
    pub working: String,
}

/// The status of a check.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum CheckStatus {
    /// It is as the rule asks.
    Met,
    /// The rule is certainly violated.
    Short,
    /// It may be violated.
    Unknown,
    /// The rule asks for nothing.
    NotRequired,
}

impl CheckStatus {
    /// The status of a number that a rule bounds on one side.
    fn of(bound: Bound, required: Interval, found: Interval) -> Self {
        let surely_above = |one: Interval, other: Interval| other.max.is_some_and(|max| one.min > max);
        let never_above = |one: Interval, other: Interval| one.max.is_some_and(|max| max <= other.min);
        let (violated, met) = match bound {
            Bound::AtLeast if required.is_zero() => return Self::NotRequired,
            Bound::AtLeast => (surely_above(required, found), never_above(required, found)),
            Bound::AtMost => (surely_above(found, required), never_above(found, required)),
        };
        match (violated, met) {
            (true, _) => Self::Short,
            (false, true) => Self::Met,
            (false, false) => Self::Unknown,
        }
    }
}

/// The checks of an organization on a day, in the order of the rules' codes; those that certainly do not apply are left out.
/// An organization that is not active on that day has none.
pub fn checks(
    reference_data: &ReferenceData,
    records: &OrganizationData,
    day: NaiveDate,
    language: Language,
) -> Vec<Check> {
    let Some(context) = RuleContext::new(reference_data, records, day) else { return Vec::new() };
    let away = Away::new(&context);
    let mut bindings: Vec<BindingRule<'_>> = context.bindings().to_vec();
    bindings.sort_by_key(|binding| &binding.rule.code);
    let wording = Wording { reference_data, day, language };
    let of = |binding: BindingRule<'_>| {
        let is_share = matches!(binding.rule.quantity, RuleQuantity::AwayAtMost(_));
        let checks = binding.rule.role == RuleRole::FactCheck || (binding.rule.role == RuleRole::Parameter && is_share);
        let asked = checks.then(|| context.check(binding)).filter(|asked| asked.applies != Truth::No)?;
        let found = match (&binding.rule.selector, &binding.rule.quantity) {
            (_, RuleQuantity::AwayAtMost(share)) => away.found(&asked, *share, wording),
            (Selector::Fact(fact), _) => fact_found(&context, &asked, fact, wording),
            _ => not_evaluated(&asked, wording),
        };
        Some(found.check(&asked, wording))
    };
    bindings.into_iter().filter_map(of).collect()
}

/// The numbers of a check.
struct Found {
    bound: Bound,
    /// The bounding number if the rule applies and is not waived.
    required: Interval,
    found: Interval,
    held: Option<Interval>,
    reasons: Vec<Reason>,
    working: String,
}

impl Found {
    fn check(self, asked: &AskedRule<'_>, wording: Wording<'_>) -> Check {
        let rule = asked.binding.rule;
        let asks = asked.asks() && rule.quantity != RuleQuantity::OPTIONAL;
        let required = match self.bound {
            _ if asked.surely_applies() && asks => self.required,
            Bound::AtLeast if asks => Interval::up_to(self.required.max),
            Bound::AtLeast => Interval::ZERO,
            Bound::AtMost if asks => Interval { min: self.required.min, max: None },
            Bound::AtMost => Interval::UNKNOWN,
        };
        let status = if asks { CheckStatus::of(self.bound, required, self.found) } else { CheckStatus::NotRequired };
        Check {
            rule: rule.code.clone(),
            standard: asked.binding.by.standard.code.clone(),
            clause: rule.clause.clone(),
            text: wording.language.choose(&rule.text_en, &rule.text_zh).to_owned(),
            strength: asked.binding.strength,
            basis: if asked.is_verified() { Basis::Established } else { Basis::Indicative },
            unit: rule.unit.clone(),
            selector: rule.selector.clone(),
            bound: self.bound,
            required,
            found: self.found,
            held: self.held,
            status,
            reasons: self.reasons,
            working: self.working,
        }
    }
}

/// A fact against the number that bounds it; a fact that was not recorded is unknown, not 0.
fn fact_found(context: &RuleContext<'_>, asked: &AskedRule<'_>, fact: &FactSelector, wording: Wording<'_>) -> Found {
    let value = context.subject().facts.number(&fact.key).value();
    let unknown = value.is_none().then(|| Reason::of_fact(&asked.binding.rule.code, &fact.key));
    let mut reasons = asked.reasons();
    reasons.extend(unknown.filter(|_| asked.asks()));
    reasons.sort();
    reasons.dedup();
    Found {
        bound: fact.bound,
        required: asked.total().unwrap_or(Interval::UNKNOWN),
        found: value.map_or(Interval::UNKNOWN, Interval::exactly),
        held: None,
        reasons,
        working: in_words(asked, wording).text(wording.language),
    }
}

/// A rule that checks something that is neither a fact nor units of items.
fn not_evaluated(asked: &AskedRule<'_>, wording: Wording<'_>) -> Found {
    let mut reasons = asked.reasons_of_application();
    if asked.asks() {
        let code = ReasonCode::NotEvaluated;
        let form = Some("selector".to_owned());
        reasons.push(Reason { form, ..Reason::of_rule(code, &asked.binding.rule.code) });
    }
    Found {
        bound: Bound::AtLeast,
        required: Interval::UNKNOWN,
        found: Interval::UNKNOWN,
        held: None,
        reasons,
        working: in_words(asked, wording).text(wording.language),
    }
}
