//! Facts: attributes of an organization that rules may ask for, defined in a dictionary.

use std::collections::HashMap;

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

use super::revision::{Dated, Learnt, Revision, in_force, last_change};
use base::quantity::Quantity;

/// The key of a fact, such as `people_on_shift`.
pub type FactKey = String;

/// The kind of a fact's value.
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
    /// A yes-or-no value.
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
    /// The revision and time of its entry: a sheet completed earlier does not cover it.
    pub learnt: Learnt,
    /// Its names and definitions, by day.
    pub versions: Vec<Dated<FactText>>,
}

/// The names and definitions of a fact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactText {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// The definition in English: the thing counted, and the time of counting.
    pub definition_en: String,
    /// The definition in Chinese: the thing counted, and the time of counting.
    pub definition_zh: String,
}

/// The recorded value of a fact, from a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FactValue {
    /// A number.
    Number(Quantity),
    /// A tag: `true`, or `false` if known not to apply.
    Tag(bool),
    /// The value recorded before is withdrawn; the fact is unknown again.
    Withdrawn,
}

/// The facts of one organization, with their history.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FactSheet {
    /// The rows of each fact.
    pub facts: Vec<(FactKey, Vec<Dated<FactValue>>)>,
    /// The days from which officers marked the sheet complete (`true`) or withdrew that mark.
    pub complete: Vec<Dated<bool>>,
}

/// The known facts of an organization on a day.
#[derive(Clone, Debug)]
pub struct FactsOnDay<'a> {
    recorded: HashMap<&'a str, &'a Dated<FactValue>>,
    /// The row that marks the sheet complete on that day, if it is complete.
    complete: Option<&'a Dated<bool>>,
    learnt: HashMap<&'a str, Revision>,
}

/// The knowledge about one fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known<T> {
    /// It was recorded, and holds from a day.
    Recorded(T, NaiveDate),
    /// The sheet is complete and does not have it: a tag is false, a number 0. The day is that from which it is
    /// complete.
    Absent(T, NaiveDate),
    /// It was not recorded. That is neither false nor 0.
    Unknown,
}

impl<T> Known<T> {
    /// The value; `None` if it is unknown.
    pub fn value(self) -> Option<T> {
        match self {
            Self::Recorded(value, _) | Self::Absent(value, _) => Some(value),
            Self::Unknown => None,
        }
    }
}

impl FactSheet {
    /// The revision of its last change; `None` if the sheet is empty.
    pub fn last_change(&self) -> Option<Revision> {
        let facts = self.facts.iter().filter(|(_, rows)| !rows.is_empty()).map(|(_, rows)| last_change(rows));
        facts.chain((!self.complete.is_empty()).then(|| last_change(&self.complete))).max()
    }

    /// True if marking it complete from a day would add nothing to a mark that already holds then.
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

    /// The facts known on a day, given the dictionary.
    pub fn on<'a>(&'a self, day: NaiveDate, dictionary: &'a [FactDefinition]) -> FactsOnDay<'a> {
        FactsOnDay {
            recorded: self.facts.iter().filter_map(|(key, rows)| Some((key.as_str(), in_force(rows, day)?))).collect(),
            complete: in_force(&self.complete, day).filter(|row| row.value),
            learnt: dictionary.iter().map(|entry| (entry.key.as_str(), entry.learnt.revision)).collect(),
        }
    }
}

impl FactsOnDay<'_> {
    /// The value of a number.
    pub fn number(&self, key: &str) -> Known<Quantity> {
        self.read(key, Quantity::ZERO, |value| match value {
            FactValue::Number(number) => Some(number),
            FactValue::Tag(_) | FactValue::Withdrawn => None,
        })
    }

    /// The value of a tag.
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
            // If the sheet was marked complete after the withdrawal, the fact is absent: it was missing when the mark was
            // made. An earlier mark does not cover the absence, because the fact was still there.
            (FactValue::Withdrawn, None) => self
                .absent_from(key, Some(row.learnt.revision))
                .map_or(Known::Unknown, |from| Known::Absent(absent, from)),
            // A value of the other kind does not count.
            (_, None) => Known::Unknown,
        }
    }

    /// The day from which a complete sheet makes a fact absent, if it does: the mark covers the dictionary, and the
    /// withdrawals, as of the mark's revision.
    fn absent_from(&self, key: &str, withdrawn: Option<Revision>) -> Option<NaiveDate> {
        let complete = self.complete?;
        let covered = *self.learnt.get(key)? <= complete.learnt.revision
            && withdrawn.is_none_or(|withdrawn| withdrawn <= complete.learnt.revision);
        covered.then_some(complete.valid_from)
    }
}
