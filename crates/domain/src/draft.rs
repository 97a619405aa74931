//! Drafts: standards with their rules as people write them, before they are published.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::revision::Learnt;
use super::rule::Rule;
use super::standard::{StandardCode, StandardDocument, StandardStatus};
use super::text::is_text;

mod check;
mod test_cases;

pub use check::{Finding, Severity, StandardFinding, adopted_texts, check, check_standards, with_texts};

/// A standard with its rules in the order of its clauses, as written, drafted and stored in files.
///
/// The document's fields are repeated here: a flattened struct could not refuse unknown ones.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = super::examples::standard)]
pub struct StandardText {
    /// The code of the edition, such as `GB30077-2013`; never changes.
    #[schema(value_type = String, min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub code: StandardCode,
    /// Title in English.
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub title_en: String,
    /// Title in Chinese.
    #[schema(min_length = 1, max_length = 200)]
    #[validate(length(min = 1, max = 200), non_control_character)]
    pub title_zh: String,
    /// The jurisdiction it was issued for, such as `CN` or `CN-4403`.
    #[schema(min_length = 1, max_length = 16)]
    #[validate(length(min = 1, max = 16), non_control_character)]
    pub jurisdiction: String,
    /// Its official status. A standard published as a draft is not binding.
    pub status: StandardStatus,
    /// The day it came into force, if known.
    #[serde(default, deserialize_with = "base::sent::optional", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_from: Option<NaiveDate>,
    /// The last day it is in force, if known.
    #[serde(default, deserialize_with = "base::sent::optional", skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    pub valid_to: Option<NaiveDate>,
    /// The edition that replaced it: if both are adopted, only that one binds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(value_type = Option<String>, min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub replaced_by: Option<StandardCode>,
    /// A remark on the transcription.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schema(nullable = false)]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub note: Option<String>,
    /// Its rules.
    #[schema(max_items = 1000)]
    #[validate(length(max = 1000), nested)]
    pub rules: Vec<Rule>,
}

/// The most rules of a standard.
pub const MOST_RULES: usize = 1_000;

impl StandardText {
    /// A standard with the given document and rules.
    pub fn of(code: &str, document: &StandardDocument, rules: Vec<Rule>) -> Self {
        let StandardDocument { title_en, title_zh, jurisdiction, status, valid_from, valid_to, replaced_by, note } =
            document.clone();
        let code = code.to_owned();
        Self { code, title_en, title_zh, jurisdiction, status, valid_from, valid_to, replaced_by, note, rules }
    }

    /// Returns the document of the standard itself.
    pub fn document(&self) -> StandardDocument {
        StandardDocument {
            title_en: self.title_en.clone(),
            title_zh: self.title_zh.clone(),
            jurisdiction: self.jurisdiction.clone(),
            status: self.status,
            valid_from: self.valid_from,
            valid_to: self.valid_to,
            replaced_by: self.replaced_by.clone(),
            note: self.note.clone(),
        }
    }
}

/// The state of a draft.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
    Serialize,
    Deserialize,
    utoipa::ToSchema,
    strum::EnumString,
    strum::IntoStaticStr,
    diesel::AsExpression,
    diesel::FromSqlRow,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
#[diesel(sql_type = diesel::sql_types::Text)]
pub enum DraftFate {
    /// Written and waiting.
    Written,
    /// Discarded.
    Discarded,
    /// Published unchanged.
    Published,
}

base::text_column!(DraftFate);

/// The last state of a standard's draft.
#[derive(Clone, Debug, PartialEq)]
pub struct Draft {
    /// The code of the standard, existing or new.
    pub standard: StandardCode,
    /// The state.
    pub fate: DraftFate,
    /// Its text.
    pub text: StandardText,
    /// The day from which it was published.
    pub valid_from: Option<NaiveDate>,
    /// The reason, if it was published as a correction.
    pub reason: Option<String>,
    /// The revision and time of the last step.
    pub learnt: Learnt,
}

impl Draft {
    /// True until it is published or discarded.
    pub fn is_open(&self) -> bool {
        self.fate == DraftFate::Written
    }
}
