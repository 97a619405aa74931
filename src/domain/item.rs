//! Items: the lines of the catalogue.

use serde::{Deserialize, Serialize};

use super::quantity::Quantity;
use super::revision::Dated;

/// The code of an item, such as `L2010101`.
pub type ItemCode = String;

/// Whether an item is used again or used up.
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
pub enum ItemKind {
    /// Used again.
    Equipment,
    /// Used up.
    Material,
}

/// An item with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its code; never changes.
    pub code: ItemCode,
    /// Its unit, such as `set` or `kg`; never changes.
    pub unit: String,
    /// True for a measured unit (kg, L, m), false for whole pieces; never changes.
    pub measured: bool,
    /// What the catalogue said of it, by day.
    pub versions: Vec<Dated<ItemVersion>>,
}

/// What the catalogue says of an item, from a day.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemVersion {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
    /// The code of its class, such as `personal_protection`.
    pub class: String,
    /// Equipment or material.
    pub kind: ItemKind,
    /// True when each lot has a day after which it may not be used.
    pub perishable: bool,
    /// Months from making to expiry, where a maker states none.
    pub shelf_life_months: Option<u32>,
    /// The packs it comes in.
    pub packs: Vec<Pack>,
    /// True from the day it left the catalogue.
    pub retired: bool,
}

/// A pack of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Pack {
    /// What it is called, such as `box`.
    #[schema(max_length = 32, example = "box")]
    pub name: String,
    /// How many units one holds.
    pub size: Quantity,
}

/// What a class of items is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemClass {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
}
