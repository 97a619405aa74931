//! Rules: one clause of a standard, as data: when it applies, to what, how many, and how sure that is.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::condition::RuleCondition;
use super::fact::FactKey;
use super::item::ItemCode;
use super::text::{is_short_text, is_text};
use base::quantity::Quantity;

/// One clause of a standard in Muster's own form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = written)]
pub struct Rule {
    /// Its code, such as `R026`; unique among all standards.
    #[schema(max_length = 64)]
    #[validate(length(min = 1, max = 64), custom(function = is_short_text))]
    pub code: String,
    /// Where in the standard it stands.
    #[schema(max_length = 200)]
    #[validate(length(min = 1, max = 200), custom(function = is_short_text))]
    pub clause: String,
    /// Whether it asks for stock.
    #[serde(default)]
    pub role: RuleRole,
    /// When it applies.
    pub applies_when: RuleCondition,
    /// The subject the quantity is for, such as `workplace` or `team`. In one scope the larger of two rules governs;
    /// different scopes add up.
    #[schema(max_length = 64)]
    #[validate(length(min = 1, max = 64), custom(function = is_short_text))]
    pub scope: String,
    /// What it asks for.
    pub selector: Selector,
    /// How many it asks for.
    pub quantity: RuleQuantity,
    /// The unit of that number; must be the item's.
    #[schema(max_length = 16)]
    #[validate(length(min = 1, max = 16), custom(function = is_short_text))]
    pub unit: String,
    /// How binding the clause is in the standard's own words.
    pub strength: Strength,
    /// For how many days a count speaks for this rule, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    #[validate(range(min = 1, max = 3650))]
    pub validity_days: Option<u32>,
    /// Units must have been inspected within so many months, where it says so.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1200)]
    #[validate(range(min = 1, max = 1200))]
    pub inspected_within_months: Option<u32>,
    /// What else the clause asks of the item, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub specification: Option<String>,
    /// The clause in English.
    #[schema(max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub text_en: String,
    /// The clause in Chinese.
    #[schema(max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub text_zh: String,
    /// How sure the transcription is.
    pub confidence: Confidence,
    /// For a recalled rule: how sure the memory is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall_certainty: Option<Certainty>,
    /// Where the words were read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub source: Option<String>,
    /// A remark of whoever transcribed it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub note: Option<String>,
}

/// What a rule looks like.
fn written() -> serde_json::Value {
    super::draft::written().pointer("/rules/0").cloned().unwrap_or_default()
}

impl Rule {
    /// True where it asks for stock and gives a figure, or leaves the number to the organization.
    pub fn is_evaluated(&self) -> bool {
        self.role == RuleRole::Requirement
            && matches!(self.selector, Selector::Item(_))
            && !matches!(self.quantity, RuleQuantity::NotEvaluated(_))
    }
}

/// What a rule is for.
#[derive(
    Clone,
    Copy,
    Debug,
    Default,
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
pub enum RuleRole {
    /// It asks for stock.
    #[default]
    Requirement,
    /// It sets how others are worked out: rounding, lives, classes, quotas.
    Parameter,
    /// It asks for people or premises, which are facts and not stock.
    FactCheck,
}

/// What a rule asks for.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Selector {
    /// One item of the catalogue.
    #[schema(value_type = String)]
    Item(ItemCode),
    /// Something this version cannot match with stock yet (a choice of items, a capability), in words.
    Other(String),
}

/// How many a rule asks for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleQuantity {
    /// So many per so many of something.
    Rate(Rate),
    /// As many as the organization itself says it needs; see declared targets.
    AsNeeded,
    /// A form this version does not evaluate, by its name; it gives `[0, unbounded]`.
    NotEvaluated(String),
}

/// *n per k of a basis*, within bounds, and a spare on top.
///
/// Worked out in this order: in use, `at_least` / `at_most`, spare, rounding. Counted units: n for each started k, and
/// spares rounded up to whole. Measured units: not rounded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// n, in the rule's unit.
    pub n: Quantity,
    /// k; 1 where absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per: Quantity,
    /// The number of the fact sheet that is counted; the organization itself where absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub of: Option<FactKey>,
    /// The least in use, where the clause says "at least".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Quantity>,
    /// The most in use, where the clause says "at most".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Quantity>,
    /// What is held in reserve besides.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare: Option<Spare>,
}

/// What is held in reserve besides what is in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spare {
    /// `[a, b]`: b in reserve for every a in use, that is ⌈in_use × b / a⌉ (GA 621: 备份比); of measured units rounded up
    /// to the third decimal only.
    Ratio(u32, u32),
    /// So many per cent of what is in use.
    Percent(u32),
}

/// How binding a rule is; the order is from the weakest to the strongest.
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
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
    strum::VariantNames,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum Strength {
    /// May (可).
    Optional,
    /// For orientation only.
    Reference,
    /// Should (宜).
    Recommended,
    /// Shall (应): only these lines are shortages.
    Mandatory,
}

base::text_column!(Strength);

/// How sure the transcription of a rule is.
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
pub enum Confidence {
    /// The words were read at the address given.
    Verified,
    /// From memory.
    Recalled,
    /// Our own default; never law.
    Illustrative,
}

/// How sure a memory is.
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
pub enum Certainty {
    /// Sure.
    High,
    /// Fairly sure.
    Medium,
    /// A rough memory.
    Low,
}

fn one() -> Quantity {
    Quantity::whole(1)
}

fn is_one(quantity: &Quantity) -> bool {
    *quantity == one()
}
