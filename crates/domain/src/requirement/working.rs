//! Workings of rules: every number on the way as data, and the text of the clause.

use chrono::NaiveDate;
use serde::Serialize;

use super::line_selector::PartNumber;
use super::sentence::in_words;
use super::{Amount, AskedRule, AskedScope, Target};
use crate::binding::BindingStandard;
use crate::condition::{EvaluatedCondition, FactFound, Truth};
use crate::exemption::ExemptionCited;
use crate::interval::Interval;
use crate::rule::{Certainty, Confidence, RuleQuantity, Selector, Strength};
use crate::standard::{StandardCode, StandardStatus};
use crate::wording::Wording;
use base::id::RegionId;
use base::quantity::Quantity;

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
    /// The subject of its quantity.
    #[schema(max_length = 64)]
    pub scope: String,
    /// What it asks for; the line may be a part of it.
    pub selector: Selector,
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
    #[schema(nullable = false)]
    #[schema(max_length = 1000)]
    pub specification: Option<String>,
    /// The source of the text.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 1000)]
    pub source: Option<String>,
    /// The confidence in the transcription.
    pub confidence: Confidence,
    /// For a rule transcribed from memory: how certain the memory is.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
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
    /// The numbers on the fact sheet that it counts, in the order of the quantity's members; empty if it counts none.
    #[schema(max_items = 2)]
    pub counted: Vec<FactFound>,
    /// What is required of the selector that a ratio counts.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub counted_requirement: Option<CountedRequirement>,
    /// The condition under which it is waived, with the values found.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub waiver: Option<EvaluatedCondition>,
    /// The percentage of the requirement that stock held under an agreement may meet.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 100)]
    pub agreement_percent: Option<u32>,
    /// The confidence that the text is the standard's, where it was read elsewhere.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attribution: Option<Confidence>,
    /// True if the text, its attribution and those of the class tables that its conditions ask for are verified.
    pub verified: bool,
    /// The declared target, if the rule says "as needed".
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub target: Option<Target>,
    /// The exemption that holds on that day.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub exemption: Option<ExemptionCited>,
    /// The validity of counts for this rule in days, if it sets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 3650)]
    pub validity_days: Option<u32>,
    /// The number of months within which units must have been inspected, if it sets one.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 1200)]
    pub inspected_within_months: Option<u32>,
    /// The number in use, within its limits, if it applies.
    pub in_use: Interval,
    /// The spare, if it applies.
    pub spare: Interval,
    /// The rounded sum of both, if it applies; unknown if it is 10⁹ or more, or not known.
    pub total: Interval,
    /// The number of one kit or of kinds by which the total is multiplied for this line; absent if it is the total itself.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub times: Option<Quantity>,
    /// The number required for this line if the rule asks for anything: the kinds of a capability.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub once: Option<Quantity>,
    /// The requirement: the total, for this line; from zero if the rule may not apply, zero if the organization is
    /// exempt, unknown if it is 10⁹ or more.
    pub result: Interval,
    /// The same for people.
    pub words: RuleWords,
}

/// The words about a rule, in the language of the request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, utoipa::ToSchema)]
pub struct RuleWords {
    /// The working as a sentence with its numbers.
    #[schema(max_length = 1000)]
    pub working: String,
}

/// What is required of the selector that a ratio counts, in the same scope.
#[derive(Clone, Debug, PartialEq, Serialize, utoipa::ToSchema)]
pub struct CountedRequirement {
    /// The requirement, spare included and before alternatives; unknown if it has no meaning or is out of range.
    pub required: Interval,
    /// The rules that it comes from, with their workings.
    #[schema(no_recursion, max_items = 1000)]
    pub rules: Vec<RuleWorking>,
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
    /// The first of the scopes that share their units; the scope itself if it shares them with none.
    #[schema(max_length = 64)]
    pub group: String,
    /// The larger of its rules, end by end. Of scopes of one group the larger governs; groups add up.
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
            group: asked.group.to_owned(),
            required: asked.required,
            required_without_undeclared: asked.required_without_undeclared,
            governing: governing.map(|rule| rule.binding.rule.code.clone()).collect(),
            rules: asked.rules.iter().map(|rule| RuleWorking::of(rule, wording)).collect(),
        }
    }
}

impl RuleWorking {
    fn of(asked: &AskedRule<'_>, wording: Wording<'_>) -> Self {
        let AskedRule { ref binding, applies, result, exemption, target, amount, measured, subject, .. } = *asked;
        let rule = binding.rule;
        let facts = rule.quantity.facts().into_iter();
        let known = amount.unwrap_or(Amount::UNKNOWN);
        let (times, once) = match asked.part.number {
            PartNumber::Same => (None, None),
            PartNumber::Times(quantity) => (Some(quantity), None),
            PartNumber::Once(quantity) => (None, Some(quantity)),
        };
        Self {
            rule: rule.code.clone(),
            rule_valid_from: binding.rule_from,
            standard: StandardCited::new(&binding.by),
            scope: rule.scope.clone(),
            selector: rule.selector.clone(),
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
            counted: facts.map(|key| FactFound::number(subject.facts, key)).collect(),
            counted_requirement: asked.other.as_ref().map(|other| CountedRequirement {
                required: other.required.unwrap_or(Interval::UNKNOWN),
                rules: other.rules.iter().map(|rule| Self::of(rule, wording)).collect(),
            }),
            waiver: rule.waived_when.as_ref().map(|condition| condition.evaluate(subject)),
            agreement_percent: rule.agreement_percent,
            attribution: rule.attribution,
            verified: asked.is_verified(),
            target,
            exemption: exemption.map(ExemptionCited::from),
            validity_days: rule.validity_days,
            inspected_within_months: rule.inspected_within_months,
            in_use: known.in_use,
            spare: known.spare,
            total: known.total,
            times,
            once,
            result,
            words: RuleWords { working: in_words(asked, wording).text(wording.language) },
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
    pub(crate) fn new(by: &BindingStandard<'_>) -> Self {
        Self {
            region: by.region.id,
            region_code: by.region.code.clone(),
            strength: by.strength,
            valid_from: by.adopted_from,
        }
    }
}
