//! The dictionary of facts.

use serde::Deserialize;

use super::read::{File, ReferenceError, json};
use domain::fact::{FactKey, FactKind, FactText};

/// The file of the dictionary of facts.
/// The file of the dictionary of facts.
pub(super) const FACTS: File = ("facts.json", include_str!("../../../data/facts.json"));

/// A fact that rules may ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactEntry {
    /// Its key.
    pub key: FactKey,
    /// Number or tag.
    pub kind: FactKind,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Its names and definitions.
    pub text: FactText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Row {
    key: FactKey,
    kind: FactKind,
    unit: Option<String>,
    name_en: String,
    name_zh: String,
    definition_en: String,
    definition_zh: String,
}

pub(super) fn load() -> Result<Vec<FactEntry>, ReferenceError> {
    let rows: Vec<Row> = json(FACTS)?;
    rows.into_iter().map(entry).collect()
}

fn entry(row: Row) -> Result<FactEntry, ReferenceError> {
    if (row.kind == FactKind::Number) != row.unit.is_some() {
        return Err(ReferenceError::new(FACTS, format!("fact {}", row.key), "a number has a unit, and a tag has none"));
    }
    let text = FactText {
        name_en: row.name_en,
        name_zh: row.name_zh,
        definition_en: row.definition_en,
        definition_zh: row.definition_zh,
    };
    Ok(FactEntry { key: row.key, kind: row.kind, unit: row.unit, text })
}
