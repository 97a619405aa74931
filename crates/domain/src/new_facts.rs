//! Facts and dictionary entries as clients send them.

use chrono::NaiveDate;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;
use validator::Validate;

use super::fact::{FactKey, FactKind, FactText, FactValue};
use super::naming::{faults_in_both, in_both, name_faults};
use super::text::is_text;
use crate::one_member::one_member;
use base::error::Fault;
use base::quantity::Quantity;

/// A new dictionary entry of a fact from a day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2026-12-01", "kind": "number", "unit": "person", "name_en": "Divers", "name_zh": "潜水员人数",
    "definition_en": "Members of the team with a valid diving licence.", "definition_zh": "持有效潜水证的队员人数。"
}))]
pub struct NewFactDefinition {
    /// The first day; today if left out. It holds until the first day of the next entry.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// Number or tag. Required for a new entry; never changes.
    #[serde(default)]
    pub kind: Option<FactKind>,
    /// The unit of a number; a tag has none. Never changes.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 16, example = "person")]
    #[validate(length(min = 1, max = 16), non_control_character)]
    pub unit: Option<String>,
    /// Name in English; left out or blank, the same as in Chinese.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_en: String,
    /// Name in Chinese; left out or blank, the same as in English.
    #[serde(default)]
    #[schema(max_length = 200)]
    #[validate(length(max = 200), non_control_character)]
    pub name_zh: String,
    /// The definition in English: the thing counted, and the time of counting; left out or blank, the same as in Chinese.
    #[serde(default)]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub definition_en: String,
    /// The definition in Chinese: the thing counted, and the time of counting; left out or blank, the same as in English.
    #[serde(default)]
    #[schema(max_length = 1000)]
    #[validate(length(max = 1000), custom(function = is_text))]
    pub definition_zh: String,
}

impl NewFactDefinition {
    /// Returns the texts of the entry.
    ///
    /// # Errors
    /// The faults of the values by themselves.
    pub fn text(&self) -> Result<FactText, Vec<Fault>> {
        let (english, chinese) = (("/definition_en", &*self.definition_en), ("/definition_zh", &*self.definition_zh));
        let mut faults = name_faults(&self.name_en, &self.name_zh);
        faults.extend(faults_in_both(english, chinese));
        if !faults.is_empty() {
            return Err(faults);
        }
        let (name_en, name_zh) = in_both(&self.name_en, &self.name_zh);
        let (definition_en, definition_zh) = in_both(&self.definition_en, &self.definition_zh);
        Ok(FactText { name_en, name_zh, definition_en, definition_zh })
    }
}

/// New facts on a fact sheet from a day: all are stored, or none if one of them is faulty.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2026-11-01", "complete": true,
    "facts": [
        {"key": "people_on_shift", "value": {"number": 24}},
        {"key": "toxic", "value": {"tag": false}},
        {"key": "squads", "value": null}
    ]
}))]
pub struct NewFacts {
    /// The first day; today if left out. It holds until the first day of the next value.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// True to mark the sheet complete: facts that are not on it are then absent, not unknown. False withdraws the
    /// mark; left out, it stays as it is.
    #[serde(default)]
    pub complete: Option<bool>,
    /// The facts, each once. Facts not listed stay as they are.
    #[schema(max_items = 1000)]
    #[validate(length(max = 1000), nested)]
    pub facts: Vec<NewFact>,
}

/// One fact on a sheet.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"key": "people_on_shift", "value": {"number": 24}}))]
pub struct NewFact {
    /// Its key in the dictionary.
    #[schema(value_type = String, min_length = 1, max_length = 64, example = "people_on_shift")]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub key: FactKey,
    /// Its value; `null` withdraws the recorded one, so that the fact is unknown again.
    #[schema(value_type = Option<NumberOrTag>, required)]
    pub value: SentValue,
}

/// A new value of one fact from a day.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2026-11-01", "value": {"number": 24}}))]
pub struct NewFactValue {
    /// The first day; today if left out. It holds until the first day of the next value.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// Its value; `null` withdraws the recorded one, so that the fact is unknown again.
    #[schema(value_type = Option<NumberOrTag>, required)]
    pub value: SentValue,
}

one_member! {
    /// The value of a fact: exactly one of the members.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    pub enum NumberOrTag as NumberOrTagMembers {
        /// The value of a number, with at most three decimals.
        Number("number" number: Quantity),
        /// The value of a tag; false if it is known not to apply.
        Tag("tag" tag: bool),
    }
}

impl NumberOrTag {
    /// The value that is recorded; `None` if it was withdrawn.
    pub fn of(value: FactValue) -> Option<Self> {
        match value {
            FactValue::Number(number) => Some(Self::Number(number)),
            FactValue::Tag(tag) => Some(Self::Tag(tag)),
            FactValue::Withdrawn => None,
        }
    }
}

/// A value of a fact as sent: a number or a tag, or `null` to withdraw the recorded value, so that the fact is unknown
/// again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentValue(pub FactValue);

impl<'de> Deserialize<'de> for SentValue {
    /// Reads the value as it stands in the text: read as an `Option`, a missing member would withdraw what is recorded.
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Box::<RawValue>::deserialize(deserializer)?;
        let value: Option<NumberOrTag> = serde_json::from_str(raw.get()).map_err(serde::de::Error::custom)?;
        Ok(Self(match value {
            Some(NumberOrTag::Number(number)) => FactValue::Number(number),
            Some(NumberOrTag::Tag(tag)) => FactValue::Tag(tag),
            None => FactValue::Withdrawn,
        }))
    }
}

impl Serialize for SentValue {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        NumberOrTag::of(self.0).serialize(serializer)
    }
}
