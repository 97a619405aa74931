//! Items, their classes, and the dictionary of facts.

use super::{Cells, names};
use crate::choices::{Choice as _, UNITS, code_of};
use crate::clauses::{quoted, read_packs, write_packs};
use crate::code::written;
use crate::row::Row;
use domain::fact::{FactKind, FactText};
use domain::item::{Barcode, Item, ItemClass, ItemKind, ItemVersion, NewItem, NewItemClass};
use domain::new_facts::NewFactDefinition;

/// A class of items.
#[derive(Clone, Debug, PartialEq)]
pub struct ClassRow {
    /// Its code.
    pub code: String,
    /// The new content.
    pub new: NewItemClass,
}

impl ClassRow {
    /// The row of a stored version.
    pub fn of(code: &str, class: ItemClass) -> Self {
        let ItemClass { name_en, name_zh } = class;
        Self { code: code.to_owned(), new: NewItemClass { valid_from: None, name_en, name_zh } }
    }

    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        Self { code: row.code("code").unwrap_or_default(), new: NewItemClass { valid_from: None, name_en, name_zh } }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("code", (&self.code).into()),
            ("name_en", (&self.new.name_en).into()),
            ("name_zh", (&self.new.name_zh).into()),
        ]
    }
}

/// An item.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemRow {
    /// Its code.
    pub code: String,
    /// The new content.
    pub new: NewItem,
}

impl ItemRow {
    /// The row of a stored version.
    pub fn of(item: &Item, version: ItemVersion) -> Self {
        let ItemVersion {
            name_en,
            name_zh,
            class,
            kind,
            perishable,
            shelf_life_months,
            specification,
            service_life_months,
            packs,
            barcodes,
            retired,
        } = version;
        let new = NewItem {
            valid_from: None,
            unit: Some(item.unit.name.clone()),
            measured: Some(item.unit.measured),
            name_en,
            name_zh,
            class,
            kind,
            perishable,
            shelf_life_months,
            specification,
            service_life_months,
            packs,
            barcodes: barcodes.into_iter().map(Barcode).collect(),
            retired: Some(retired),
        };
        Self { code: item.code.clone(), new }
    }

    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        let shelf_life_months = row.whole("shelf_life_months", 1, 1200);
        let packs = row.text("packs", 4000).map(|text| read_packs(&text)).unwrap_or(Ok(Vec::new()));
        let packs = packs.unwrap_or_else(|(part, code)| {
            row.fault("packs", code, |fault| fault.with("part", part));
            Vec::new()
        });
        let barcodes = row.barcodes("barcodes");
        Self {
            code: row.code("code").unwrap_or_default(),
            new: NewItem {
                valid_from: None,
                unit: row.text("unit", 16).map(|unit| code_of(&unit, UNITS)),
                measured: row.flag("measured"),
                name_en,
                name_zh,
                class: row.code("class").unwrap_or_default(),
                kind: row.choice("kind").unwrap_or(ItemKind::Equipment),
                perishable: row.flag("perishable").unwrap_or(shelf_life_months.is_some()),
                shelf_life_months,
                specification: row.text("specification", 500),
                service_life_months: row.whole("service_life", 1, 1200),
                packs,
                barcodes: barcodes.into_iter().map(Barcode).collect(),
                retired: Some(row.flag("retired").unwrap_or(false)),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let Self { code, new } = self;
        let barcodes: Vec<String> = new.barcodes.iter().map(|Barcode(code)| quoted(&written(code))).collect();
        vec![
            ("code", code.into()),
            ("name_en", (&new.name_en).into()),
            ("name_zh", (&new.name_zh).into()),
            ("class", (&new.class).into()),
            ("unit", new.unit.clone().into()),
            ("measured", new.measured.into()),
            ("kind", new.kind.word().into()),
            ("perishable", new.perishable.into()),
            ("shelf_life_months", new.shelf_life_months.into()),
            ("specification", new.specification.clone().into()),
            ("service_life", new.service_life_months.into()),
            ("packs", write_packs(&new.packs).into()),
            ("barcodes", barcodes.join("; ").into()),
            ("retired", new.retired.into()),
        ]
    }
}

/// An entry of the dictionary of facts.
#[derive(Clone, Debug, PartialEq)]
pub struct DefinitionRow {
    /// Its key.
    pub key: String,
    /// The new content.
    pub new: NewFactDefinition,
}

impl DefinitionRow {
    /// The row of an entry that is stored or comes from a JSON file.
    pub fn of(key: &str, kind: FactKind, unit: Option<String>, text: FactText) -> Self {
        let FactText { name_en, name_zh, definition_en, definition_zh } = text;
        let kind = Some(kind);
        let new = NewFactDefinition { valid_from: None, kind, unit, name_en, name_zh, definition_en, definition_zh };
        Self { key: key.to_owned(), new }
    }

    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        let (definition_en, definition_zh) =
            names(row.long_text("definition_en", 1000), row.long_text("definition_zh", 1000));
        Self {
            key: row.code("key").unwrap_or_default(),
            new: NewFactDefinition {
                valid_from: None,
                kind: row.choice("kind"),
                unit: row.text("unit", 16).map(|unit| code_of(&unit, UNITS)),
                name_en,
                name_zh,
                definition_en,
                definition_zh,
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let Self { key, new } = self;
        vec![
            ("key", key.into()),
            ("kind", new.kind.map(FactKind::word).into()),
            ("unit", new.unit.clone().into()),
            ("name_en", (&new.name_en).into()),
            ("name_zh", (&new.name_zh).into()),
            ("definition_en", (&new.definition_en).into()),
            ("definition_zh", (&new.definition_zh).into()),
        ]
    }
}
