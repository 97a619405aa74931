//! Standards, and their adoptions.

use super::{Cells, names};
use crate::choices::Choice as _;
use crate::row::Row;
use domain::change::adoptions::NewDecision;
use domain::rule::Strength;
use domain::standard::{StandardDocument, StandardStatus};

/// An edition of a standard.
#[derive(Clone, Debug, PartialEq)]
pub struct StandardRow {
    /// Its code.
    pub code: String,
    /// Its document.
    pub document: StandardDocument,
    /// The reason for a day in the past.
    pub reason: Option<String>,
}

impl StandardRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (title_en, title_zh) = names(row.text("title_en", 300), row.text("title_zh", 300));
        Self {
            code: row.code("code").unwrap_or_default(),
            document: StandardDocument {
                title_en,
                title_zh,
                jurisdiction: row.text("jurisdiction", 64).unwrap_or_default(),
                status: row.choice("status").unwrap_or(StandardStatus::Draft),
                valid_from: row.day("in_force_from"),
                valid_to: row.day("in_force_to"),
                replaced_by: row.code("replaced_by"),
                note: row.long_text("note", 1000),
            },
            reason: row.long_text("reason", 1000),
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let document = &self.document;
        vec![
            ("code", (&self.code).into()),
            ("title_en", (&document.title_en).into()),
            ("title_zh", (&document.title_zh).into()),
            ("jurisdiction", (&document.jurisdiction).into()),
            ("status", document.status.word().into()),
            ("in_force_from", document.valid_from.into()),
            ("in_force_to", document.valid_to.into()),
            ("replaced_by", document.replaced_by.clone().into()),
            ("note", document.note.clone().into()),
            ("reason", self.reason.clone().into()),
        ]
    }
}

/// The adoption of a standard by a region.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AdoptionRow {
    /// The code of the region.
    pub region: String,
    /// The code of the standard.
    pub standard: String,
    /// The decision.
    pub new: NewDecision,
}

impl AdoptionRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        Self {
            region: row.code("region").unwrap_or_default(),
            standard: row.code("standard").unwrap_or_default(),
            new: NewDecision {
                strength: row.choice::<Option<Strength>>("strength").flatten(),
                valid_from: None,
                reason: row.long_text("reason", 1000),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("region", (&self.region).into()),
            ("standard", (&self.standard).into()),
            ("strength", self.new.strength.word().into()),
            ("reason", self.new.reason.clone().into()),
        ]
    }
}
