//! The working of rules to read: every number on the way, and the words of the clause.

use chrono::NaiveDate;
use serde::Serialize;

use super::{Amount, AskedRule, AskedScope, Target};
use crate::binding::BindingStandard;
use crate::condition::{EvaluatedCondition, FactFound, Truth};
use crate::exemption::ExemptionCited;
use crate::interval::Interval;
use crate::rule::{Certainty, Confidence, Rate, RuleQuantity, Spare, Strength};
use crate::standard::{StandardCode, StandardStatus};
use base::id::RegionId;
use base::quantity::Quantity;
use text::language::Language;
use text::messages::{Argument, Message, message};

/// One rule of a line with its working.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct RuleWorking {
    /// The rule's code.
    #[schema(max_length = 64)]
    pub rule: String,
    /// From when it reads so.
    pub rule_valid_from: NaiveDate,
    /// The standard it stands in.
    pub standard: StandardCited,
    /// Where in the standard it stands.
    #[schema(max_length = 200)]
    pub clause: String,
    /// The clause in English.
    #[schema(max_length = 1000)]
    pub text_en: String,
    /// The clause in Chinese.
    #[schema(max_length = 1000)]
    pub text_zh: String,
    /// What else the clause asks of the item, in words.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub specification: Option<String>,
    /// Where the words were read.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    pub source: Option<String>,
    /// How sure the transcription is.
    pub confidence: Confidence,
    /// For a recalled rule: how sure the memory is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub recall_certainty: Option<Certainty>,
    /// The decision by which it binds.
    pub adoption: AdoptionCited,
    /// How binding the clause is in the standard's own words.
    pub rule_strength: Strength,
    /// How binding it is here: the weaker of its own strength and the adoption's.
    pub strength: Strength,
    /// The unit of its numbers.
    #[schema(max_length = 16)]
    pub unit: String,
    /// True when the unit is measured (kg, L, m) and not rounded to whole.
    pub measured: bool,
    /// Whether it applies; one that surely does not is not listed.
    pub applies: Truth,
    /// Its condition, with what was found.
    pub condition: EvaluatedCondition,
    /// What it asks for, as data.
    pub quantity: RuleQuantity,
    /// The number that it counts, where it counts one; else it counts the organization itself, once.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basis_fact: Option<FactFound>,
    /// The organization's own number where the rule says "as needed".
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<Target>,
    /// The leave by which it asks nothing of the organization on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub exemption: Option<ExemptionCited>,
    /// For how many days a count speaks for it, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    pub validity_days: Option<u32>,
    /// Units must have been inspected within so many months, where it says so.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1200)]
    pub inspected_within_months: Option<u32>,
    /// What is in use, within its bounds, if it applies.
    pub in_use: Interval,
    /// What is in reserve besides, if it applies.
    pub spare: Interval,
    /// What it asks for: both together, rounded; from nothing upwards where it may not apply; nothing where the
    /// organization is exempt from it.
    pub result: Interval,
    /// The working to read, with numbers in place, in the language asked for. All of it is in the other fields too.
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
    /// What is said of it where it was issued.
    pub status: StandardStatus,
}

/// An adoption as an explanation cites it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct AdoptionCited {
    /// The region whose bureau decided.
    pub region: RegionId,
    /// That region's code.
    #[schema(max_length = 64)]
    pub region_code: String,
    /// The strength it gives the standard.
    pub strength: Strength,
    /// From when.
    pub valid_from: NaiveDate,
}

/// What one subject of a line, such as the workplace or the team, asks for.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct ScopeWorking {
    /// The subject.
    #[schema(max_length = 64)]
    pub scope: String,
    /// The larger of its rules, end by end. Different scopes add up.
    pub required: Interval,
    /// The same without the rules that say "as needed" and have no declared target.
    pub required_without_undeclared: Interval,
    /// The codes of the rules that give it.
    #[schema(max_items = 1000)]
    pub governing: Vec<String>,
    /// All its rules, those that may apply too.
    #[schema(max_items = 1000)]
    pub rules: Vec<RuleWorking>,
}

impl ScopeWorking {
    /// What a scope asks for, with the working to read in a language.
    pub fn of(asked: &AskedScope<'_>, language: Language) -> Self {
        let governing = asked.rules.iter().filter(|rule| asked.governs(rule));
        Self {
            scope: asked.scope.to_owned(),
            required: asked.required,
            required_without_undeclared: asked.required_without_undeclared,
            governing: governing.map(|rule| rule.binding.rule.code.clone()).collect(),
            rules: asked.rules.iter().map(|rule| RuleWorking::of(rule, language)).collect(),
        }
    }
}

impl RuleWorking {
    fn of(asked: &AskedRule<'_>, language: Language) -> Self {
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
            working: in_words(asked, amount).text(language),
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

/// The working as a line to read, such as `24 × 1 per 1 = 24 in use; spare 5:1 → 5; 29`.
fn in_words(asked: &AskedRule<'_>, amount: Amount) -> Message {
    let working = match (&asked.binding.rule.quantity, asked.target) {
        (RuleQuantity::Rate(rate), _) => rate_in_words(rate, asked.basis, amount),
        (RuleQuantity::AsNeeded, Some(target)) => message!("working-target", target = target.quantity.to_string()),
        (RuleQuantity::AsNeeded, None) => message!("working-no-target"),
        (RuleQuantity::NotEvaluated(form), _) => message!("working-not-evaluated", form = form),
    };
    match asked.applies {
        _ if !asked.asks() => message!("working-exempt", working = working),
        Truth::Yes => working,
        Truth::Unknown | Truth::No => message!("working-perhaps", working = working),
    }
}

fn rate_in_words(rate: &Rate, basis: Option<Quantity>, amount: Amount) -> Message {
    let counted = match basis {
        Some(number) => Argument::from(number.to_string()),
        None => message!("working-unknown-number", fact = rate.of.as_deref().unwrap_or_default()).into(),
    };
    let or_nothing = |part: Option<Message>| part.map_or_else(|| Argument::from(""), Argument::from);
    let spare = rate.spare.map(|spare| match spare {
        Spare::Ratio(for_each, reserve) => {
            message!("working-spare-ratio", for_each = for_each, reserve = reserve, spare = amount.spare.in_words())
        }
        Spare::Percent(percent) => {
            message!("working-spare-percent", percent = percent, spare = amount.spare.in_words())
        }
    });
    message!(
        "working-rate",
        counted = counted,
        n = rate.n.to_string(),
        per = rate.per.to_string(),
        least = or_nothing(rate.at_least.map(|least| message!("working-least", least = least.to_string()))),
        most = or_nothing(rate.at_most.map(|most| message!("working-most", most = most.to_string()))),
        in_use = amount.in_use.in_words(),
        spare = or_nothing(spare),
        total = amount.total.in_words(),
    )
}
