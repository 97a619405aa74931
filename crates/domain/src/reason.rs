//! Reasons why a figure is not exactly known, or why a rule requires nothing, as codes for programs.

use serde::Serialize;

use super::fact::FactKey;
use super::labels::form_label;
use text::messages::{Message, message};

/// A reason why a figure is not exactly known, or why a rule requires nothing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"code": "fact_unknown", "fact": "people_on_shift"}))]
pub struct Reason {
    /// The code of the reason.
    pub code: ReasonCode,
    /// The rule whose number or condition is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub rule: Option<String>,
    /// The fact that was not recorded.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub fact: Option<FactKey>,
    /// The form of rule that this version cannot evaluate.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub form: Option<String>,
    /// The code of the depot whose stock is unknown.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 64)]
    pub depot: Option<String>,
}

/// The codes of reasons, a closed list.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    PartialOrd,
    Ord,
    Serialize,
    utoipa::ToSchema,
    strum::IntoStaticStr,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum ReasonCode {
    /// It is unknown whether a rule applies.
    ConditionUnknown,
    /// A number that a rule counts, or a fact in its condition, was not recorded.
    FactUnknown,
    /// This version cannot evaluate the form of a rule's quantity or selector.
    NotEvaluated,
    /// A rule says "as needed" and the organization has declared no target.
    TargetNotDeclared,
    /// The organization is exempt from the rule, which requires nothing of it.
    Exempt,
    /// The rule is waived, and requires nothing.
    Waived,
    /// The organization has no depot on record for that day.
    NoDepot,
    /// No count covers the item in a depot.
    NeverCounted,
    /// The last count that covers the item in a depot is older than its validity.
    StaleCount,
    /// Sources that counted at about the same time found different stock.
    Conflict,
    /// An inspection found less than the organization's own later count, and is still in force.
    Contested,
    /// A perishable lot was counted without its expiry day.
    ExpiryMissing,
    /// It is unknown whether a lot was inspected in time.
    InspectionUnknown,
    /// A number that a rule gives, the sum of several rules, or a sum of stock is 10⁹ or more. The reason names the rules
    /// or the depot; neither if the sum is that of all depots.
    OutOfRange,
    /// The best use of the stock was not found within the limit of the search.
    SearchLimit,
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

    /// A form of rule that is not evaluated.
    pub fn of_form(rule: &str, form: &str) -> Self {
        Self { form: Some(form.to_owned()), ..Self::of_rule(ReasonCode::NotEvaluated, rule) }
    }

    /// A reason that concerns a depot.
    pub fn of_depot(code: ReasonCode, depot: &str) -> Self {
        Self { depot: Some(depot.to_owned()), ..Self::bare(code) }
    }

    /// The reason as a sentence that says what to do, given the name of its fact.
    pub fn in_words(&self, fact: &str) -> Message {
        let [rule, depot] = [&self.rule, &self.depot].map(|word| word.as_deref().unwrap_or_default().to_owned());
        let form = form_label(self.form.as_deref().unwrap_or_default());
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
            ReasonCode::Waived => message!("reason-waived", rule = rule),
            ReasonCode::Conflict => message!("reason-conflict", depot = depot),
            ReasonCode::Contested => message!("reason-contested", depot = depot),
            ReasonCode::ExpiryMissing => message!("reason-expiry-missing", depot = depot),
            ReasonCode::InspectionUnknown => message!("reason-inspection-unknown", depot = depot),
            ReasonCode::OutOfRange if self.rule.is_some() => message!("reason-rule-out-of-range", rule = rule),
            ReasonCode::OutOfRange if self.depot.is_some() => message!("reason-depot-out-of-range", depot = depot),
            ReasonCode::OutOfRange => message!("reason-stock-out-of-range"),
            ReasonCode::SearchLimit => message!("reason-search-limit"),
        }
    }

    /// A reason without details.
    pub fn bare(code: ReasonCode) -> Self {
        Self { code, rule: None, fact: None, form: None, depot: None }
    }
}
