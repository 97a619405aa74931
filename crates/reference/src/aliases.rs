//! The aliases: names that ledgers use for the items of the catalogue.

use serde::Deserialize;

use super::read::{File, ReferenceError, csv};
use domain::item::ItemCode;
use domain::matching::{Alias, AliasOrigin, AliasRelation, Meaning};

const ALIASES: File = ("item_aliases.csv", include_str!("../../../data/item_aliases.csv"));

/// A row of the file. The note is for people.
#[derive(Deserialize)]
struct AliasRow {
    item: ItemCode,
    alias: String,
    specification: Option<String>,
    unit: Option<String>,
    relation: AliasRelation,
}

/// Reads the aliases, in the order of the file.
pub(super) fn load() -> Result<Vec<Alias>, ReferenceError> {
    Ok(csv::<AliasRow>(ALIASES)?.into_iter().map(|(_, row)| alias(row)).collect())
}

fn alias(row: AliasRow) -> Alias {
    Alias {
        name: row.alias,
        specification: row.specification,
        unit: row.unit,
        meaning: Meaning::Item { code: row.item, factor: None },
        relation: row.relation,
        origin: AliasOrigin::Everywhere,
    }
}
