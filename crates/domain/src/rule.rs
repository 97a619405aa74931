//! Rules: clauses of standards as data, with condition, selector, quantity and confidence.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::condition::RuleCondition;
use super::fact::FactKey;
use super::item::ItemCode;
use super::text::is_text;
use base::quantity::Quantity;

/// One clause of a standard in Muster's own form.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = written)]
pub struct Rule {
    /// Its code, such as `R026`; unique among all standards.
    #[schema(max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub code: String,
    /// Its position in the standard.
    #[schema(max_length = 200)]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub clause: String,
    /// Its role.
    #[serde(default)]
    pub role: RuleRole,
    /// The condition under which it applies.
    pub applies_when: RuleCondition,
    /// The subject of the quantity, such as `workplace` or `team`. Within one scope the larger of two rules governs;
    /// different scopes add up.
    #[schema(max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub scope: String,
    /// The item or capability required.
    pub selector: Selector,
    /// The quantity required.
    pub quantity: RuleQuantity,
    /// The unit of the quantity; must be the item's.
    #[schema(max_length = 16)]
    #[validate(length(min = 1, max = 16), non_control_character)]
    pub unit: String,
    /// The strength in the standard's own words.
    pub strength: Strength,
    /// The validity of counts for this rule in days, if it sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 3650)]
    #[validate(range(min = 1, max = 3650))]
    pub validity_days: Option<u32>,
    /// The number of months within which units must have been inspected, if it sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(minimum = 1, maximum = 1200)]
    #[validate(range(min = 1, max = 1200))]
    pub inspected_within_months: Option<u32>,
    /// Further requirements of the clause on the item, in words.
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
    /// The confidence in the transcription.
    pub confidence: Confidence,
    /// For a rule transcribed from memory: how certain the memory is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recall_certainty: Option<Certainty>,
    /// The source of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub source: Option<String>,
    /// A remark by the transcriber.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub note: Option<String>,
}

/// An example.
fn written() -> serde_json::Value {
    super::examples::standard().pointer("/rules/0").cloned().unwrap_or_default()
}

impl Rule {
    /// True if it requires stock and gives a figure, or leaves the number to the organization.
    pub fn is_evaluated(&self) -> bool {
        self.role == RuleRole::Requirement
            && matches!(self.selector, Selector::Item(_))
            && !matches!(self.quantity, RuleQuantity::NotEvaluated(_))
    }
}

/// The role of a rule.
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
    /// Requires stock.
    #[default]
    Requirement,
    /// Sets a parameter of other rules: rounding, service lives, classes, quotas.
    Parameter,
    /// Requires people or premises, which are facts and not stock.
    FactCheck,
}

/// The item or capability that a rule requires.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Selector {
    /// One item of the catalogue.
    #[schema(value_type = String)]
    Item(ItemCode),
    /// Something that this version cannot compare with stock yet (a choice of items, a capability), in words.
    Other(String),
}

/// The quantity that a rule requires.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum RuleQuantity {
    /// A number per number of something.
    Rate(Rate),
    /// The number that the organization declares itself.
    AsNeeded,
    /// A form that this version does not evaluate, by its name; it gives `[0, unbounded]`.
    NotEvaluated(String),
}

/// *n per k of a basis*, within limits, with a spare on top.
///
/// The order is: in use, `at_least` / `at_most`, spare, rounding. Counted units: n for each started k, and spares
/// rounded up to whole numbers. Measured units: not rounded.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Rate {
    /// n, in the rule's unit.
    pub n: Quantity,
    /// k; 1 if absent.
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub per: Quantity,
    /// The number on the fact sheet that is counted; the organization itself if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(value_type = Option<String>, max_length = 64)]
    pub of: Option<FactKey>,
    /// The lower limit of the number in use, if the clause says "at least".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_least: Option<Quantity>,
    /// The upper limit of the number in use, if the clause says "at most".
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub at_most: Option<Quantity>,
    /// The spare.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spare: Option<Spare>,
}

/// The spare on top of the number in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Spare {
    /// `[a, b]`: b spare for every a in use, that is ⌈in_use × b / a⌉ (GA 621: 备份比); for measured units rounded up at
    /// the third decimal only.
    Ratio(u32, u32),
    /// A percentage of the number in use.
    Percent(u32),
}

/// The binding strength of a rule, ordered from the weakest to the strongest.
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

/// The confidence in the transcription of a rule.
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
    /// The text was read at the source given.
    Verified,
    /// Transcribed from memory.
    Recalled,
    /// A default of this project, never law.
    Illustrative,
}

/// The certainty of a memory.
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
    /// Certain.
    High,
    /// Fairly certain.
    Medium,
    /// Vague.
    Low,
}

fn one() -> Quantity {
    Quantity::whole(1)
}

fn is_one(quantity: &Quantity) -> bool {
    *quantity == one()
}
