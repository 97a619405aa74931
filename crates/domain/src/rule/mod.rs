//! Rules: clauses of standards as data, with condition, selector, quantity and confidence.

use serde::{Deserialize, Serialize};
use validator::Validate;

use super::condition::RuleCondition;
use super::text::is_text;

mod quantity;
mod selector;
mod stored;

pub use quantity::*;
pub use selector::*;
pub use stored::read_stored;

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
    /// The condition under which it is waived: it then requires nothing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub waived_when: Option<RuleCondition>,
    /// The percentage of the requirement that stock held under an agreement may meet; none if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 100)]
    #[validate(range(min = 1, max = 100))]
    pub agreement_percent: Option<u32>,
    /// The scopes whose units it shares: the larger of their requirements governs instead of their sum.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[schema(example = json!(["building"]), required = false, max_items = 20)]
    #[validate(length(max = 20))]
    pub shares_with: Vec<String>,
    /// The validity of counts for this rule in days, if it sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 3650)]
    #[validate(range(min = 1, max = 3650))]
    pub validity_days: Option<u32>,
    /// The number of months within which units must have been inspected, if it sets one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(minimum = 1, maximum = 1200)]
    #[validate(range(min = 1, max = 1200))]
    pub inspected_within_months: Option<u32>,
    /// Further requirements of the clause on the item, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
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
    #[schema(nullable = false)]
    pub recall_certainty: Option<Certainty>,
    /// The confidence that the text is the standard's, where it was read elsewhere; as for the text if absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub attribution: Option<Confidence>,
    /// The source of the text.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub source: Option<String>,
    /// A remark by the transcriber.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub note: Option<String>,
}

/// An example.
fn written() -> serde_json::Value {
    super::examples::standard().pointer("/rules/0").cloned().unwrap_or_default()
}

impl Rule {
    /// True if it requires stock, and its quantity is a figure or is left to the organization.
    pub fn is_evaluated(&self) -> bool {
        self.role == RuleRole::Requirement
            && !matches!(self.selector, Selector::Other(_) | Selector::Fact(_))
            && !matches!(self.quantity, RuleQuantity::NotEvaluated(_))
    }

    /// True if both its text and its attribution to the standard were verified.
    pub fn is_verified(&self) -> bool {
        self.confidence == Confidence::Verified && self.attribution.is_none_or(|one| one == Confidence::Verified)
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
    /// Sets a parameter of other rules: rounding, service lives, quotas.
    Parameter,
    /// Divides organizations into classes, to which conditions refer.
    ClassTable,
    /// Requires people or premises, which are facts and not stock.
    FactCheck,
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
