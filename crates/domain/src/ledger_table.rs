//! Tables as people keep them, with the columns that each can have.

use serde::{Deserialize, Serialize};

/// A table that leaves in columns of its own.
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
    strum::EnumIter,
    strum::EnumString,
    strum::IntoStaticStr,
)]
#[serde(rename_all = "snake_case")]
#[strum(serialize_all = "snake_case")]
pub enum LedgerTable {
    /// The stock according to the current counts, a row for each lot.
    Stock,
    /// Counts, a row for each of their lines.
    Counts,
    /// Requirement lines with what is missing.
    Shortages,
    /// The lots that expire.
    Expiring,
    /// The items that a depot has to count, to fill in by hand.
    CountList,
}

/// The columns that a ledger of stock has unless others are asked for.
const STOCK: &[&str] = &[
    "no",
    "organization",
    "organization_name",
    "depot",
    "depot_name",
    "place",
    "item",
    "name",
    "class",
    "specification",
    "maker",
    "asset_number",
    "unit",
    "quantity",
    "usable",
    "lot",
    "made_on",
    "expires_on",
    "expiry_derived",
    "service_life",
    "inspection_due",
    "condition",
    "held",
    "left_out",
    "keeper",
    "state",
    "last_quantity",
    "counted_on",
    "counted_by",
    "note",
    "as_of",
];

/// Further columns of stock.
const STOCK_MORE: &[&str] = &[
    "location",
    "second_keeper",
    "usable_min",
    "usable_max",
    "inspected_on",
    "valid_through",
    "shelf_life_months",
    "life_months",
    "model",
    "fitness",
    "revision",
    "empty",
];

const COUNTS: &[&str] = &[
    "no",
    "organization",
    "organization_name",
    "depot",
    "depot_name",
    "place",
    "item",
    "name",
    "class",
    "specification",
    "unit",
    "quantity",
    "packs",
    "lot",
    "made_on",
    "expires_on",
    "inspected_on",
    "condition",
    "held",
    "counted_on",
    "counted_at",
    "counted_by",
    "kind",
    "scope",
    "note",
    "void",
];

const COUNTS_MORE: &[&str] =
    &["location", "shelf_life_months", "keeper", "second_keeper", "count", "revision", "empty"];

const SHORTAGES: &[&str] = &[
    "no",
    "organization_name",
    "item",
    "name",
    "unit",
    "strength",
    "required",
    "usable",
    "shortage",
    "status",
    "cause",
    "ask",
    "depots",
    "keeper",
    "left_out",
    "clause",
    "basis",
    "last_counted_at",
    "as_of",
    "revision",
];

const SHORTAGES_MORE: &[&str] = &[
    "organization",
    "required_min",
    "required_max",
    "usable_min",
    "usable_max",
    "shortage_min",
    "shortage_max",
    "conflict",
    "contested",
    "flags",
    "line",
    "empty",
];

const EXPIRING: &[&str] = &[
    "no",
    "organization",
    "organization_name",
    "depot",
    "depot_name",
    "place",
    "item",
    "name",
    "class",
    "specification",
    "maker",
    "asset_number",
    "unit",
    "quantity",
    "usable",
    "lot",
    "made_on",
    "expires_on",
    "expiry_derived",
    "service_life",
    "inspection_due",
    "days_left",
    "condition",
    "held",
    "left_out",
    "keeper",
    "state",
    "last_quantity",
    "counted_on",
    "counted_by",
    "becomes_short",
    "note",
    "as_of",
];

const EXPIRING_MORE: &[&str] = &[
    "location",
    "second_keeper",
    "usable_min",
    "usable_max",
    "inspected_on",
    "shelf_life_months",
    "life_months",
    "model",
    "fitness",
    "revision",
    "empty",
];

const COUNT_LIST: &[&str] = &[
    "no",
    "depot",
    "place",
    "item",
    "name",
    "unit",
    "last_quantity",
    "quantity",
    "condition",
    "held",
    "lot",
    "expires_on",
    "counted_on",
    "note",
];

const COUNT_LIST_MORE: &[&str] = &[
    "organization",
    "organization_name",
    "depot_name",
    "class",
    "specification",
    "made_on",
    "inspected_on",
    "counted_by",
    "keeper",
    "second_keeper",
    "shelf_life_months",
    "empty",
];

impl LedgerTable {
    /// Its name, such as `count_list`.
    pub fn name(self) -> &'static str {
        self.into()
    }

    /// The columns that it has unless others are asked for, in their order.
    pub const fn own_columns(self) -> &'static [&'static str] {
        match self {
            Self::Stock => STOCK,
            Self::Counts => COUNTS,
            Self::Shortages => SHORTAGES,
            Self::Expiring => EXPIRING,
            Self::CountList => COUNT_LIST,
        }
    }

    /// Its further columns, for column maps. `empty` is a column without values.
    const fn further_columns(self) -> &'static [&'static str] {
        match self {
            Self::Stock => STOCK_MORE,
            Self::Counts => COUNTS_MORE,
            Self::Shortages => SHORTAGES_MORE,
            Self::Expiring => EXPIRING_MORE,
            Self::CountList => COUNT_LIST_MORE,
        }
    }

    /// All columns that a map may ask for.
    pub fn columns(self) -> impl Iterator<Item = &'static str> {
        self.own_columns().iter().chain(self.further_columns()).copied()
    }

    /// One of its columns by its key.
    pub fn column(self, key: &str) -> Option<&'static str> {
        self.columns().find(|column| *column == key)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use strum::IntoEnumIterator as _;
    use text::language::Language;
    use text::messages::Message;

    use super::*;

    #[test]
    fn every_column_is_there_once_and_has_a_head_in_both_languages() {
        for table in LedgerTable::iter() {
            let columns: Vec<&str> = table.columns().collect();
            assert_eq!(columns.iter().collect::<BTreeSet<_>>().len(), columns.len(), "{table:?}");
            for column in columns.iter().filter(|column| **column != "empty") {
                let head = Message::new(format!("ledger-{column}"));
                for language in [Language::English, Language::Chinese] {
                    assert!(head.find(language).is_some(), "write ledger-{column} in tables.ftl of both folders");
                }
            }
            for language in [Language::English, Language::Chinese] {
                let own = table.own_columns().iter();
                let heads: Vec<String> = own.map(|key| Message::new(format!("ledger-{key}")).text(language)).collect();
                assert_eq!(heads.iter().collect::<BTreeSet<_>>().len(), heads.len(), "{table:?} {heads:?}");
            }
        }
    }
}
