//! Reasons: what is not known about a figure, and why a rule asks nothing, as codes that programs can read.

use serde::Serialize;

use super::fact::FactKey;
use text::messages::{Message, message};

/// One thing that keeps a figure from being known exactly, or that keeps a rule from asking anything.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"code": "fact_unknown", "fact": "people_on_shift"}))]
pub struct Reason {
    /// What sort of thing it is.
    pub code: ReasonCode,
    /// The rule whose number or condition is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub rule: Option<String>,
    /// The fact that nobody recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub fact: Option<FactKey>,
    /// The form of rule that this version does not evaluate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub form: Option<String>,
    /// The code of the depot whose stock is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 64)]
    pub depot: Option<String>,
}

/// The sorts of things that keep a figure from being known, or a rule from asking anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ReasonCode {
    /// It is not known whether a rule applies.
    ConditionUnknown,
    /// A number that a rule counts, or a fact that its condition asks for, was not recorded.
    FactUnknown,
    /// A rule's quantity or selector has a form that this version does not evaluate.
    NotEvaluated,
    /// A rule says "as needed" and the organization declared no target.
    TargetNotDeclared,
    /// The organization has an officer's leave not to hold what a rule asks for: the rule asks nothing.
    Exempt,
    /// No depot of the organization is recorded for that day.
    NoDepot,
    /// No count speaks of the item in a depot.
    NeverCounted,
    /// The last count that speaks of the item in a depot is older than its validity.
    StaleCount,
    /// Sources that counted at about the same time saw different things.
    Conflict,
    /// A perishable lot was counted without its expiry day.
    ExpiryMissing,
    /// It is not known whether a lot was inspected in time.
    InspectionUnknown,
}

impl Reason {
    /// A reason that concerns a rule.
    pub fn of_rule(code: ReasonCode, rule: &str) -> Self {
        Self { rule: Some(rule.to_owned()), ..Self::bare(code) }
    }

    /// A reason that concerns a fact that a rule asks for.
    pub fn of_fact(rule: &str, fact: &str) -> Self {
        Self { fact: Some(fact.to_owned()), ..Self::of_rule(ReasonCode::FactUnknown, rule) }
    }

    /// A form that is not evaluated.
    pub fn of_form(rule: &str, form: &str) -> Self {
        Self { form: Some(form.to_owned()), ..Self::of_rule(ReasonCode::NotEvaluated, rule) }
    }

    /// A reason that concerns a depot.
    pub fn of_depot(code: ReasonCode, depot: &str) -> Self {
        Self { depot: Some(depot.to_owned()), ..Self::bare(code) }
    }

    /// The reason as a sentence with its mend, given what its fact is called.
    pub fn in_words(&self, fact: &str) -> Message {
        let [rule, form, depot] =
            [&self.rule, &self.form, &self.depot].map(|word| word.as_deref().unwrap_or_default().to_owned());
        match self.code {
            ReasonCode::ConditionUnknown => message!("reason-condition-unknown", rule = rule),
            ReasonCode::FactUnknown => message!("reason-fact-unknown", rule = rule, fact = fact),
            ReasonCode::NotEvaluated if self.rule.is_none() => message!("reason-not-evaluated", form = form),
            ReasonCode::NotEvaluated => message!("reason-rule-not-evaluated", rule = rule, form = form),
            ReasonCode::TargetNotDeclared => message!("reason-target-not-declared", rule = rule),
            ReasonCode::NoDepot => message!("reason-no-depot"),
            ReasonCode::NeverCounted => message!("reason-never-counted", depot = depot),
            ReasonCode::StaleCount => message!("reason-stale-count", depot = depot),
            ReasonCode::Exempt => message!("reason-exempt", rule = rule),
            ReasonCode::Conflict => message!("reason-conflict", depot = depot),
            ReasonCode::ExpiryMissing => message!("reason-expiry-missing", depot = depot),
            ReasonCode::InspectionUnknown => message!("reason-inspection-unknown", depot = depot),
        }
    }

    /// A reason that needs no further words.
    pub fn bare(code: ReasonCode) -> Self {
        Self { code, rule: None, fact: None, form: None, depot: None }
    }
}
