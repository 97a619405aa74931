//! Items: the entries of the catalogue.

use std::collections::BTreeMap;

use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::barcode;
use super::naming::{blank_faults, in_both, name_faults};
use super::revision::{Dated, Learnt, Mend, Revision, in_force};
use base::error::Fault;
use base::quantity::Quantity;
use text::messages::message;

/// The code of an item, such as `L2010101`.
pub type ItemCode = String;

/// The kind of an item: used repeatedly, or used up.
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
    /// Used repeatedly.
    Equipment,
    /// Used up.
    Material,
}

base::text_column!(ItemKind);

/// An item with its history.
#[derive(Clone, Debug, PartialEq)]
pub struct Item {
    /// Its code; never changes.
    pub code: ItemCode,
    /// The unit it is counted in, for all days.
    pub unit: Unit,
    /// The mends of the unit, in the order of commits.
    pub mends: Vec<Mend<Unit>>,
    /// Its catalogue entries, by day.
    pub versions: Vec<Dated<ItemVersion>>,
}

/// The numbers of the labels of items: their places, from 1, in the order in which they were recorded, by code within one
/// change. Items are never deleted and those that come are recorded later, so a number that is printed stays; and it is
/// that of no other line of a depot.
pub fn label_numbers(items: &BTreeMap<ItemCode, Item>) -> BTreeMap<&str, usize> {
    let recorded = |item: &Item| item.versions.iter().map(|version| version.learnt.revision).min();
    let mut order: Vec<_> = items.iter().map(|(code, item)| (recorded(item), code.as_str())).collect();
    order.sort_unstable();
    order.into_iter().map(|(_, code)| code).zip(1..).collect()
}

/// The unit of an item. A slip at the first entry is mended while no count and no rule names the item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name, such as `set` or `kg`.
    pub name: String,
    /// True for a measured unit (kg, L, m), false for whole pieces.
    pub measured: bool,
}

/// The catalogue entry of an item from a day.
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
    /// True if each lot has an expiry day.
    pub perishable: bool,
    /// Months from production to expiry, if the maker states none.
    pub shelf_life_months: Option<u32>,
    /// Its specification.
    pub specification: Option<String>,
    /// Months that one may be used.
    pub service_life_months: Option<u32>,
    /// Its packs.
    pub packs: Vec<Pack>,
    /// Its barcodes, in plain form.
    pub barcodes: Vec<String>,
    /// True from the day it left the catalogue.
    pub retired: bool,
}

/// A pack of an item.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"name": "box", "size": 100}))]
pub struct Pack {
    /// Its name, such as `box`.
    #[schema(min_length = 1, max_length = 32, example = "box")]
    #[validate(length(min = 1, max = 32), non_control_character)]
    pub name: String,
    /// The number of units in one.
    pub size: Quantity,
}

/// The name of an item class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ItemClass {
    /// Name in English.
    pub name_en: String,
    /// Name in Chinese.
    pub name_zh: String,
}

/// A new catalogue entry of an item from a day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "valid_from": "2026-12-01", "unit": "piece", "measured": false, "name_en": "Glove, nitrile", "name_zh": "丁腈手套",
    "class": "personal_protection", "kind": "material", "perishable": true, "shelf_life_months": 36,
    "packs": [{"name": "box", "size": 100}], "barcodes": ["6901234567892"], "retired": false
}))]
pub struct NewItem {
    /// The first day; today if left out. It holds until the first day of the next entry.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The unit it is counted in. Required for a new item; it changes only while no count and no rule names the item.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 16, example = "piece")]
    #[validate(length(min = 1, max = 16), non_control_character)]
    pub unit: Option<String>,
    /// True for a measured unit such as kg; false for whole pieces. Required for a new item; it changes as the unit does.
    #[serde(default)]
    pub measured: Option<bool>,
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
    /// The code of its class, which must exist.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub class: String,
    /// Equipment or material.
    pub kind: ItemKind,
    /// True if each lot has an expiry day.
    pub perishable: bool,
    /// Months from production to expiry, if the maker states none.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1200)]
    #[validate(range(min = 1, max = 1200))]
    pub shelf_life_months: Option<u32>,
    /// Its specification.
    #[serde(default)]
    #[schema(max_length = 500)]
    #[validate(length(max = 500), non_control_character)]
    pub specification: Option<String>,
    /// Months that one may be used, if it wears out whether used or not. No figure depends on it.
    #[serde(default)]
    #[schema(minimum = 1, maximum = 1200)]
    #[validate(range(min = 1, max = 1200))]
    pub service_life_months: Option<u32>,
    /// Its packs, each with a different name; packs of whole pieces hold whole numbers.
    #[serde(default)]
    #[schema(max_items = 50)]
    #[validate(length(max = 50), nested)]
    pub packs: Vec<Pack>,
    /// Its barcodes. 8, 12, 13 or 14 digits are a GTIN, whose check digit must be right; anything else is a free code.
    /// No two items that are in the catalogue at the same time may share one.
    #[serde(default)]
    #[schema(max_items = 20)]
    #[validate(length(max = 20))]
    pub barcodes: Vec<Barcode>,
    /// True to take it out of the catalogue. Left out, it stays as it is; a new item is in the catalogue.
    #[serde(default)]
    pub retired: Option<bool>,
}

/// A code printed on things, to be scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Barcode(pub String);

/// The longest barcode, in characters.
const LONGEST_BARCODE: usize = 64;

impl utoipa::PartialSchema for Barcode {
    fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::schema::Schema> {
        use utoipa::openapi::schema::{ObjectBuilder, Type};
        ObjectBuilder::new()
            .schema_type(Type::String)
            .description(Some("A code printed on a thing to be scanned: a GTIN, or a free code."))
            .min_length(Some(1))
            .max_length(Some(LONGEST_BARCODE))
            .examples([serde_json::json!("6901234567892")])
            .into()
    }
}

impl utoipa::ToSchema for Barcode {}

/// The catalogue that the person counting had.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CatalogueSeen {
    /// The catalogue of a revision.
    At(Revision),
    /// The catalogue as of the time of counting.
    When(DateTime<Utc>),
}

impl CatalogueSeen {
    /// True for what was learnt by then.
    pub(crate) fn has(self, learnt: &Learnt) -> bool {
        match self {
            Self::At(revision) => learnt.revision <= revision,
            Self::When(at) => learnt.at <= at,
        }
    }
}

impl Item {
    /// The unit that a catalogue had of it; the present one where the catalogue did not have the item.
    pub fn unit_in(&self, catalogue: CatalogueSeen) -> &Unit {
        if self.versions.iter().any(|row| catalogue.has(&row.learnt)) {
            Mend::known(&self.mends, &self.unit, |learnt| catalogue.has(learnt))
        } else {
            &self.unit
        }
    }

    /// True where a pack of what it says on a day other than one holds no whole number.
    pub fn has_parts_in_packs(&self, other_than: NaiveDate) -> bool {
        let days = self.versions.iter().map(|row| row.valid_from).filter(|day| *day != other_than);
        let mut packs = days.filter_map(|day| in_force(&self.versions, day)).flat_map(|row| &row.value.packs);
        packs.any(|pack| !pack.size.is_whole())
    }

    /// True if it was in a catalogue on a day: its entry for that day, as the catalogue had it, is not retired.
    pub fn was_in(&self, catalogue: CatalogueSeen, day: NaiveDate) -> bool {
        self.versions
            .iter()
            .filter(|row| row.valid_from <= day)
            .filter(|row| catalogue.has(&row.learnt))
            .max_by_key(|row| (row.valid_from, row.learnt.revision))
            .is_some_and(|row| !row.value.retired)
    }
}

impl NewItem {
    /// Completes the new entry from the stored one.
    pub fn version(&self, stored: Option<&Item>, from: NaiveDate) -> ItemVersion {
        let as_it_is = stored.and_then(|item| in_force(&item.versions, from)).is_some_and(|row| row.value.retired);
        let (name_en, name_zh) = in_both(&self.name_en, &self.name_zh);
        ItemVersion {
            name_en,
            name_zh,
            class: self.class.clone(),
            kind: self.kind,
            perishable: self.perishable,
            shelf_life_months: self.shelf_life_months,
            specification: self.specification.clone().filter(|words| !words.trim().is_empty()),
            service_life_months: self.service_life_months,
            packs: self.packs.clone(),
            barcodes: self.barcodes.iter().map(|code| barcode::normal(&code.0)).collect(),
            retired: self.retired.unwrap_or(as_it_is),
        }
    }

    /// Checks the values by themselves, given how the item is counted.
    pub fn faults(&self, measured: bool) -> Vec<Fault> {
        let mut faults = name_faults(&self.name_en, &self.name_zh);
        let mut names = BTreeMap::new();
        for (number, pack) in self.packs.iter().enumerate() {
            let blank = blank_faults([("", pack.name.as_str())]).pop();
            faults.extend(blank.map(|fault| Fault { pointer: format!("/packs/{number}/name"), ..fault }));
            if names.insert(pack.name.trim(), number).is_some() {
                let text = message!("item-pack-twice", pack = &pack.name);
                faults.push(Fault::new(format!("/packs/{number}/name"), "duplicate", text));
            }
            let at = format!("/packs/{number}/size");
            if pack.size <= Quantity::ZERO {
                faults.push(Fault::new(at, "not_positive", message!("item-pack-empty", pack = &pack.name)));
            } else if !measured && !pack.size.is_whole() {
                faults.push(Fault::new(at, "not_whole", message!("item-pack-not-whole", pack = &pack.name)));
            }
        }
        let mut seen = BTreeMap::new();
        for (number, Barcode(code)) in self.barcodes.iter().enumerate() {
            let at = format!("/barcodes/{number}");
            let normal = barcode::normal(code);
            if !(1..=LONGEST_BARCODE).contains(&code.chars().count()) || normal.is_empty() {
                faults.push(Fault::new(
                    at,
                    "length_out_of_bounds",
                    message!("item-barcode-length", most = LONGEST_BARCODE),
                ));
            } else if code.contains(char::is_control) {
                faults.push(Fault::new(at, "control_character", message!("item-barcode-control")));
            } else if barcode::has_gtin_form(&normal) && !barcode::check_digit_is_right(&normal) {
                faults.push(Fault::new(at, "check_digit", message!("item-barcode-check-digit", barcode = normal)));
            } else if seen.insert(barcode::canonical(code), number).is_some() {
                faults.push(Fault::new(at, "duplicate", message!("item-barcode-twice", barcode = normal)));
            }
        }
        faults
    }
}

/// A new name of an item class from a day.
#[derive(Clone, Debug, PartialEq, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2026-12-01", "name_en": "Water rescue", "name_zh": "水域救援"}))]
pub struct NewItemClass {
    /// The first day; today if left out. It holds until the first day of the next name.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
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
}
