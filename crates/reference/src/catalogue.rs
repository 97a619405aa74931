//! The catalogue: items, their classes and their packs.

use serde::Deserialize;

use super::read::{File, ReferenceError, csv};
use base::quantity::Quantity;
use domain::item::{ItemClass, ItemCode, ItemKind, ItemVersion, Pack};

/// The file of the items.
/// The file of items.
pub(super) const ITEMS: File = ("catalogue.csv", include_str!("../../../data/catalogue.csv"));
/// The file of their classes.
/// The file of their classes.
pub(super) const CLASSES: File = ("item_classes.csv", include_str!("../../../data/item_classes.csv"));

/// The items that can be counted, in the order of the file.
#[derive(Clone, Debug, PartialEq)]
pub struct Catalogue {
    /// The classes, by code.
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
    /// Its catalogue entry.
    pub version: ItemVersion,
}

/// A row of the file. Service lives and inspection intervals are for people; no figure reads them yet.
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
    packs: String,
}

#[derive(Deserialize)]
struct ClassRow {
    code: String,
    name_en: String,
    name_zh: String,
}

impl Catalogue {
    pub(super) fn load() -> Result<Self, ReferenceError> {
        let items = csv::<ItemRow>(ITEMS)?.into_iter().map(|(line, row)| entry(line, row)).collect::<Result<_, _>>()?;
        let classes = csv::<ClassRow>(CLASSES)?
            .into_iter()
            .map(|(_, row)| (row.code, ItemClass { name_en: row.name_en, name_zh: row.name_zh }))
            .collect();
        Ok(Self { classes, items })
    }
}

fn entry(line: u64, row: ItemRow) -> Result<ItemEntry, ReferenceError> {
    Ok(ItemEntry {
        version: ItemVersion {
            name_en: row.name_en,
            name_zh: row.name_zh,
            class: row.class,
            kind: row.kind,
            perishable: row.perishable,
            shelf_life_months: row.shelf_life_months,
            specification: None,
            service_life_months: None,
            packs: packs(&row.packs)
                .map_err(|problem| ReferenceError::new(ITEMS, format!("line {line}, packs"), problem))?,
            barcodes: Vec::new(),
            retired: false,
        },
        code: row.code,
        unit: row.unit,
        measured: row.measured,
    })
}

/// Packs as an import reads them: `box=12; carton=144`.
fn packs(text: &str) -> Result<Vec<Pack>, String> {
    let pack = |part: &str| {
        let (name, size) = part.split_once('=').ok_or_else(|| format!("{part:?} is not NAME=SIZE"))?;
        let size: Quantity = size.parse().map_err(|error| format!("{part:?}: {error}"))?;
        Ok(Pack { name: name.to_owned(), size })
    };
    text.split(';').map(str::trim).filter(|part| !part.is_empty()).map(pack).collect()
}
