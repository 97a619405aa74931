//! The catalogue: items, their classes and their packs.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::read::{File, ReferenceError, csv};
use base::quantity::Quantity;
use domain::item::{ItemClass, ItemCode, ItemKind, ItemVersion, Pack};

const ITEMS: File = ("catalogue.csv", include_str!("../../../data/catalogue.csv"));
const CLASSES: File = ("item_classes.csv", include_str!("../../../data/item_classes.csv"));
const PACKS: File = ("packs.csv", include_str!("../../../data/packs.csv"));

/// The items that can be counted, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The classes by their codes.
    pub classes: Vec<(String, ItemClass)>,
    /// The items.
    pub items: Vec<ItemEntry>,
}

/// An item of the catalogue.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemEntry {
    /// Its code.
    pub code: ItemCode,
    /// Its unit.
    pub unit: String,
    /// True for a measured unit.
    pub measured: bool,
    /// What the catalogue says of it.
    pub version: ItemVersion,
}

/// A row of the file. Service lives and inspection intervals stand in it for people; no figure reads them yet.
#[derive(Deserialize)]
struct ItemRow {
    code: String,
    name_en: String,
    name_zh: String,
    class: String,
    unit: String,
    measured: bool,
    kind: ItemKind,
    perishable: bool,
    shelf_life_months: Option<u32>,
}

#[derive(Deserialize)]
struct ClassRow {
    code: String,
    name_en: String,
    name_zh: String,
}

/// The size is read as text: a quantity is never a binary fraction, not even on the way in.
#[derive(Deserialize)]
struct PackRow {
    item: String,
    name: String,
    size: String,
}

impl Catalogue {
    pub(super) fn load() -> Result<Self, ReferenceError> {
        let mut packs = BTreeMap::<ItemCode, Vec<Pack>>::new();
        for (line, row) in csv::<PackRow>(PACKS)? {
            let size: Quantity =
                row.size.parse().map_err(|error| ReferenceError::new(PACKS, format!("line {line}, size"), error))?;
            packs.entry(row.item).or_default().push(Pack { name: row.name, size });
        }
        let items: Vec<ItemEntry> = csv::<ItemRow>(ITEMS)?.into_iter().map(|(_, row)| entry(row, &mut packs)).collect();
        if let Some(item) = packs.into_keys().next() {
            return Err(ReferenceError::new(PACKS, format!("item {item}"), "the catalogue has no such item"));
        }
        let classes = csv::<ClassRow>(CLASSES)?
            .into_iter()
            .map(|(_, row)| (row.code, ItemClass { name_en: row.name_en, name_zh: row.name_zh }))
            .collect();
        Ok(Self { classes, items })
    }
}

fn entry(row: ItemRow, packs: &mut BTreeMap<ItemCode, Vec<Pack>>) -> ItemEntry {
    ItemEntry {
        version: ItemVersion {
            name_en: row.name_en,
            name_zh: row.name_zh,
            class: row.class,
            kind: row.kind,
            perishable: row.perishable,
            shelf_life_months: row.shelf_life_months,
            packs: packs.remove(&row.code).unwrap_or_default(),
            barcodes: Vec::new(),
            retired: false,
        },
        code: row.code,
        unit: row.unit,
        measured: row.measured,
    }
}
