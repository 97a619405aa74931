//! Readable workings of rules: every number on the way, and the text of the clause.

use std::collections::BTreeSet;

use chrono::NaiveDate;
use serde::Serialize;

use super::{Amount, AskedRule, AskedScope, NoAmount, Target};
use crate::binding::BindingStandard;
use crate::condition::{EvaluatedCondition, FactFound, Truth};
use crate::exemption::ExemptionCited;
use crate::interval::Interval;
use crate::labels::form_label;
use crate::rule::{Certainty, Confidence, Rate, RuleQuantity, Spare, Strength};
use crate::standard::{StandardCode, StandardStatus};
use crate::wording::{self, Wording};
use base::id::RegionId;
use base::quantity::Quantity;
use text::messages::{Argument, Message, message};

/// One rule of a line with its working.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RuleWorking {
    /// The rule's code.
    #[schema(max_length = 64)]
    pub rule: String,
    /// The day from which the rule has this text.
    pub rule_valid_from: NaiveDate,
    /// The standard it belongs to.
    pub standard: StandardCited,
    /// Its position in the standard.
    #[schema(max_length = 200)]
    pub clause: String,
    /// The clause in English.
    #[schema(max_length = 1000)]
    pub text_en: String,
    /// The clause in Chinese.
    #[schema(max_length = 1000)]
    pub text_zh: String,
    /// Further requirements of the clause on the item, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub specification: Option<String>,
    /// The source of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub source: Option<String>,
    /// The confidence in the transcription.
    pub confidence: Confidence,
    /// For a rule transcribed from memory: how certain the memory is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall_certainty: Option<Certainty>,
    /// The adoption by which it binds.
    pub adoption: AdoptionCited,
    /// The strength in the standard's own words.
    pub rule_strength: Strength,
    /// Its strength here: the weaker of its own and the adoption's.
    pub strength: Strength,
    /// The unit of its numbers.
    #[schema(max_length = 16)]
    pub unit: String,
    /// True if the unit is measured (kg, L, m) and not rounded to whole numbers.
    pub measured: bool,
    /// The truth of its condition; rules that certainly do not apply are not listed.
    pub applies: Truth,
    /// Its condition, with the values found.
    pub condition: EvaluatedCondition,
    /// Its quantity, as data.
    pub quantity: RuleQuantity,
    /// The number it counts; absent if it counts the organization itself, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_fact: Option<FactFound>,
    /// The declared target, if the rule says "as needed".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The exemption that holds on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exemption: Option<ExemptionCited>,
    /// The validity of counts for this rule in days, if it sets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub validity_days: Option<u32>,
    /// The number of months within which units must have been inspected, if it sets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1200)]
    pub inspected_within_months: Option<u32>,
    /// The number in use, within its limits, if it applies.
    pub in_use: Interval,
    /// The spare, if it applies.
    pub spare: Interval,
    /// The requirement: the rounded sum of both; from zero if the rule may not apply, zero if the organization is
    /// exempt, unknown if it is 10⁹ or more.
    pub result: Interval,
    /// The working as a sentence with its numbers, in the language of the request. The other fields contain the same as
    /// data.
    #[schema(max_length = 1000)]
    pub working: String,
}

/// A standard as an explanation cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct StandardCited {
    /// The code of the edition.
    #[schema(value_type = String, max_length = 64)]
    pub code: StandardCode,
    /// Title in English.
    #[schema(max_length = 200)]
    pub title_en: String,
    /// Title in Chinese.
    #[schema(max_length = 200)]
    pub title_zh: String,
    /// The official status of the standard.
    pub status: StandardStatus,
}

/// An adoption as an explanation cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AdoptionCited {
    /// The region whose bureau adopted it.
    pub region: RegionId,
    /// That region's code.
    #[schema(max_length = 64)]
    pub region_code: String,
    /// The strength it gives the standard.
    pub strength: Strength,
    /// The first day.
    pub valid_from: NaiveDate,
}

/// The requirement of one subject of a line, such as the workplace or the team.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ScopeWorking {
    /// The subject.
    #[schema(max_length = 64)]
    pub scope: String,
    /// The larger of its rules, end by end. Different scopes add up.
    pub required: Interval,
    /// The same requirement without rules that say "as needed" and have no declared target.
    pub required_without_undeclared: Interval,
    /// The codes of the rules that determine it.
    #[schema(max_items = 1000)]
    pub governing: Vec<String>,
    /// All its rules, including those that may apply.
    #[schema(max_items = 1000)]
    pub rules: Vec<RuleWorking>,
}

impl ScopeWorking {
    /// The requirement of a scope, with the readable working.
    pub fn of(asked: &AskedScope<'_>, wording: Wording<'_>) -> Self {
        let governing = asked.rules.iter().filter(|rule| asked.governs(rule));
        Self {
            scope: asked.scope.to_owned(),
            required: asked.required,
            required_without_undeclared: asked.required_without_undeclared,
            governing: governing.map(|rule| rule.binding.rule.code.clone()).collect(),
            rules: asked.rules.iter().map(|rule| RuleWorking::of(rule, wording)).collect(),
        }
    }
}

impl RuleWorking {
    fn of(asked: &AskedRule<'_>, wording: Wording<'_>) -> Self {
        let AskedRule { binding, applies, result, exemption, target, amount, measured, subject, .. } = *asked;
        let rule = binding.rule;
        let basis_fact = match &rule.quantity {
            RuleQuantity::Rate(rate) => rate.of.as_deref().map(|key| FactFound::number(subject.facts, key)),
            RuleQuantity::AsNeeded | RuleQuantity::NotEvaluated(_) => None,
        };
        let amount = amount.unwrap_or(Amount::UNKNOWN);
        Self {
            rule: rule.code.clone(),
            rule_valid_from: binding.rule_from,
            standard: StandardCited::new(&binding.by),
            clause: rule.clause.clone(),
            text_en: rule.text_en.clone(),
            text_zh: rule.text_zh.clone(),
            specification: rule.specification.clone(),
            source: rule.source.clone(),
            confidence: rule.confidence,
            recall_certainty: rule.recall_certainty,
            adoption: AdoptionCited::new(&binding.by),
            rule_strength: rule.strength,
            strength: binding.strength,
            unit: rule.unit.clone(),
            measured,
            applies,
            condition: rule.applies_when.evaluate(subject),
            quantity: rule.quantity.clone(),
            basis_fact,
            target,
            exemption: exemption.map(ExemptionCited::from),
            validity_days: rule.validity_days,
            inspected_within_months: rule.inspected_within_months,
            in_use: amount.in_use,
            spare: amount.spare,
            result,
            working: in_words(asked, wording).text(wording.language),
        }
    }
}

impl StandardCited {
    fn new(by: &BindingStandard<'_>) -> Self {
        Self {
            code: by.standard.code.clone(),
            title_en: by.document.title_en.clone(),
            title_zh: by.document.title_zh.clone(),
            status: by.document.status,
        }
    }
}

impl AdoptionCited {
    fn new(by: &BindingStandard<'_>) -> Self {
        Self {
            region: by.region.id,
            region_code: by.region.code.clone(),
            strength: by.strength,
            valid_from: by.adopted_from,
        }
    }
}

/// The working as a sentence, such as `1 set per person × 24 people (People on duty) = 24 sets; spare 5:1, 5 sets; 29
/// sets required`.
fn in_words(asked: &AskedRule<'_>, wording: Wording<'_>) -> Message {
    let rule = asked.binding.rule;
    let unit = wording.unit_of(&rule.selector, &rule.unit);
    let working = match (&rule.quantity, asked.target) {
        (RuleQuantity::Rate(rate), _) => rate_in_words(rate, asked.basis, asked.amount, unit, wording),
        (RuleQuantity::AsNeeded, Some(target)) => {
            message!("working-target", target = wording::quantity(target.quantity, unit))
        }
        (RuleQuantity::AsNeeded, None) => message!("working-no-target"),
        (RuleQuantity::NotEvaluated(form), _) => message!("working-not-evaluated", form = form_label(form)),
    };
    match asked.applies {
        _ if !asked.asks() => message!("working-exempt", working = working),
        Truth::Yes => working,
        Truth::Unknown | Truth::No => {
            let condition = rule.applies_when.evaluate(asked.subject);
            let names: BTreeSet<_> = condition.missing_facts().into_iter().map(|key| wording.fact(key)).collect();
            if names.is_empty() {
                return message!("working-perhaps", working = working);
            }
            let (open, close) = (wording.language.choose("\"", "“"), wording.language.choose("\"", "”"));
            let facts: Vec<_> = names.into_iter().map(|name| format!("{open}{name}{close}")).collect();
            message!("working-perhaps-missing", working = working, facts = facts)
        }
    }
}

fn rate_in_words(
    rate: &Rate,
    basis: Option<Quantity>,
    amount: Result<Amount, NoAmount>,
    unit: &str,
    wording: Wording<'_>,
) -> Message {
    let known = amount.unwrap_or(Amount::UNKNOWN);
    let quantity = |quantity: Quantity| wording::quantity(quantity, unit);
    let or_open = |interval: Interval, open: Message| {
        if interval == Interval::UNKNOWN { open } else { wording::interval(interval, unit) }
    };
    let or_nothing = |part: Option<Message>| part.map_or_else(|| Argument::from(""), Argument::from);
    let bounds = or_nothing(match (rate.at_least, rate.at_most) {
        (Some(least), Some(most)) => {
            Some(message!("working-least-and-most", least = quantity(least), most = quantity(most)))
        }
        (Some(least), None) => Some(message!("working-least", least = quantity(least))),
        (None, Some(most)) => Some(message!("working-most", most = quantity(most))),
        (None, None) => None,
    });
    let spare = or_open(known.spare, message!("working-in-use-open"));
    let spare = or_nothing(rate.spare.map(|share| match share {
        Spare::Ratio(for_each, reserve) => {
            message!("working-spare-ratio", for_each = for_each, reserve = reserve, spare = spare)
        }
        Spare::Percent(percent) => message!("working-spare-percent", percent = percent, spare = spare),
    }));
    let total = match amount {
        Err(NoAmount::OutOfRange) => message!("working-total-out-of-range"),
        _ if known.total == Interval::UNKNOWN => message!("working-total-open"),
        _ => message!("working-total", quantity = wording::interval(known.total, unit)),
    };
    let Some(key) = &rate.of else {
        return message!("working-rate-fixed", n = quantity(rate.n), bounds = bounds, spare = spare, total = total);
    };
    let counted = match basis {
        Some(number) => message!(
            "working-counted",
            quantity = wording::quantity(number, wording.unit_of_fact(key)),
            fact = wording.fact(key),
        ),
        None => message!("working-not-counted", fact = wording.fact(key)),
    };
    message!(
        "working-rate",
        n = quantity(rate.n),
        per = wording::each(rate.per, wording.unit_of_fact(key)),
        counted = counted,
        in_use = or_open(known.in_use, message!("working-in-use-open")),
        bounds = bounds,
        spare = spare,
        total = total,
    )
}
