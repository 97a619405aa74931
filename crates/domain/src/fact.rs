//! Facts: what rules may ask of an organization, from a dictionary.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::revision::{Dated, Learnt, Revision, in_force, last_change};
use base::quantity::Quantity;

/// The key of a fact, such as `people_on_shift`.
pub type FactKey = String;

/// What a fact's value is.
#[derive(
    Clone,
    Copy,
    Debug,
    PartialEq,
    Eq,
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
pub enum FactKind {
    /// A number with a unit.
    Number,
    /// Something that is so or not.
    Tag,
}

base::text_column!(FactKind);

/// An entry of the dictionary.
#[derive(Clone, Debug, PartialEq)]
pub struct FactDefinition {
    /// Its key; never changes.
    pub key: FactKey,
    /// Number or tag; never changes.
    pub kind: FactKind,
    /// The unit of a number; never changes.
    pub unit: Option<String>,
    /// When the dictionary took it up: a sheet completed earlier says nothing of it.
    pub learnt: Learnt,
    /// What it is called and how it is told, by day.
    pub versions: Vec<Dated<FactText>>,
}

/// What a fact is called and how it is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactText {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// What is counted, and when, in English.
    pub definition_en: String,
    /// What is counted, and when, in Chinese.
    pub definition_zh: String,
}

/// What was recorded of one fact, from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// A number.
    Number(Quantity),
    /// A tag that is so (`true`) or is known not to be (`false`).
    Tag(bool),
    /// What was recorded before no longer holds; the fact is unknown again.
    Withdrawn,
}

/// The facts of one organization, with their history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactSheet {
    /// The rows of each fact.
    pub facts: Vec<(FactKey, Vec<Dated<FactValue>>)>,
    /// From when officers marked the sheet complete (`true`) or took that back.
    pub complete: Vec<Dated<bool>>,
}

/// What is known of an organization's facts on a day.
#[derive(Clone, Debug)]
pub struct FactsOnDay<'a> {
    recorded: HashMap<&'a str, &'a Dated<FactValue>>,
    /// The row that marks the sheet complete on that day, if it does.
    complete: Option<&'a Dated<bool>>,
    learnt: HashMap<&'a str, Revision>,
}

/// What is known of one fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It was recorded, and holds from a day.
    Recorded(T, NaiveDate),
    /// A complete sheet does not have it: a tag is false, a number 0. The day is the one the sheet is complete from.
    Absent(T, NaiveDate),
    /// Nobody recorded it. This is neither false nor 0.
    Unknown,
}

impl<T> Known<T> {
    /// The value, or `None` where it is unknown.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Recorded(value, _) | Self::Absent(value, _) => Some(value),
            Self::Unknown => None,
        }
    }
}

impl FactSheet {
    /// The revision of its last change; `None` of one on which nothing was ever put.
    pub fn last_change(&self) -> Option<Revision> {
        let facts = self.facts.iter().filter(|(_, rows)| !rows.is_empty()).map(|(_, rows)| last_change(rows));
        facts.chain((!self.complete.is_empty()).then(|| last_change(&self.complete))).max()
    }

    /// True where marking it complete from a day would say no more than a mark that holds then.
    pub fn is_marked_for(&self, day: NaiveDate, dictionary: &[FactDefinition]) -> bool {
        let Some(mark) = in_force(&self.complete, day).filter(|row| row.value) else { return false };
        let withdrawn = self.facts.iter().filter_map(|(_, rows)| in_force(rows, day));
        let withdrawn = withdrawn.filter(|row| row.value == FactValue::Withdrawn).map(|row| row.learnt.revision);
        dictionary
            .iter()
            .map(|entry| entry.learnt.revision)
            .chain(withdrawn)
            .all(|learnt| learnt <= mark.learnt.revision)
    }

    /// What is known on a day, given the dictionary.
    pub fn on<'a>(&'a self, day: NaiveDate, dictionary: &'a [FactDefinition]) -> FactsOnDay<'a> {
        FactsOnDay {
            recorded: self.facts.iter().filter_map(|(key, rows)| Some((key.as_str(), in_force(rows, day)?))).collect(),
            complete: in_force(&self.complete, day).filter(|row| row.value),
            learnt: dictionary.iter().map(|entry| (entry.key.as_str(), entry.learnt.revision)).collect(),
        }
    }
}

impl FactsOnDay<'_> {
    /// What is known of a number.
    pub fn number(&self, key: &str) -> Known<Quantity> {
        self.read(key, Quantity::ZERO, |value| match value {
            FactValue::Number(number) => Some(number),
            FactValue::Tag(_) | FactValue::Withdrawn => None,
        })
    }

    /// What is known of a tag.
    pub fn tag(&self, key: &str) -> Known<bool> {
        self.read(key, false, |value| match value {
            FactValue::Tag(tag) => Some(tag),
            FactValue::Number(_) | FactValue::Withdrawn => None,
        })
    }

    fn read<T>(&self, key: &str, absent: T, pick: fn(FactValue) -> Option<T>) -> Known<T> {
        let Some(row) = self.recorded.get(key) else {
            return self.absent_from(key, None).map_or(Known::Unknown, |from| Known::Absent(absent, from));
        };
        match (row.value, pick(row.value)) {
            (_, Some(value)) => Known::Recorded(value, row.valid_from),
            // Whoever marked the sheet complete after the withdrawal saw the fact gone and said that nothing is missing.
            // A mark made before it was said of a sheet that still had the fact, and says nothing of its absence.
            (FactValue::Withdrawn, None) => self
                .absent_from(key, Some(row.learnt.revision))
                .map_or(Known::Unknown, |from| Known::Absent(absent, from)),
            // A value of the other kind says nothing.
            (_, None) => Known::Unknown,
        }
    }

    /// From when a complete sheet says that a fact is absent, if it does: the mark covers the dictionary as it was at
    /// the mark's revision, and what was withdrawn by then.
    fn absent_from(&self, key: &str, withdrawn: Option<Revision>) -> Option<NaiveDate> {
        let complete = self.complete?;
        let covered = *self.learnt.get(key)? <= complete.learnt.revision
            && withdrawn.is_none_or(|withdrawn| withdrawn <= complete.learnt.revision);
        covered.then_some(complete.valid_from)
    }
}
