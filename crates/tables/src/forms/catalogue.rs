//! Items, their classes, and the dictionary of facts.

use super::{Cells, names};
use crate::choices::{Choice as _, UNITS, code_of, is_measured};
use crate::clauses::{list, read_packs, write_packs};
use crate::row::Row;
use domain::barcode;
use domain::fact::{FactKind, FactText};
use domain::item::{ItemClass, ItemKind, ItemVersion};

/// An item class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClassRow {
    /// Its code.
    pub code: String,
    /// Its name.
    pub class: ItemClass,
}

impl ClassRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        Self { code: row.code("code").unwrap_or_default(), class: ItemClass { name_en, name_zh } }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("code", (&self.code).into()),
            ("name_en", (&self.class.name_en).into()),
            ("name_zh", (&self.class.name_zh).into()),
        ]
    }
}

/// An item.
#[derive(Clone, Debug, PartialEq)]
pub struct ItemRow {
    /// Its code.
    pub code: String,
    /// Its unit.
    pub unit: String,
    /// True for a measured unit.
    pub measured: bool,
    /// Its catalogue entry.
    pub version: ItemVersion,
}

impl ItemRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        let unit = row.text("unit", 16).map(|unit| code_of(&unit, UNITS)).unwrap_or_default();
        let shelf_life_months = row.whole("shelf_life_months", 1, 1200);
        let packs = row.text("packs", 1000).map(|text| read_packs(&text)).unwrap_or(Ok(Vec::new()));
        let packs = packs.unwrap_or_else(|(part, code)| {
            row.fault("packs", code, |fault| fault.with("part", part));
            Vec::new()
        });
        let barcodes: Vec<String> =
            row.text("barcodes", 1000).iter().flat_map(|text| list(text)).map(barcode::normal).collect();
        if barcodes.iter().any(|code| barcode::has_gtin_form(code) && !barcode::check_digit_is_right(code)) {
            row.fault("barcodes", "barcode_wrong", |fault| fault);
        }
        if barcodes.iter().any(|code| code.chars().count() > 64) {
            row.fault("barcodes", "too_long", |fault| fault.with("limit", 64));
        }
        Self {
            code: row.code("code").unwrap_or_default(),
            measured: row.flag("measured").unwrap_or_else(|| is_measured(&unit)),
            unit,
            version: ItemVersion {
                name_en,
                name_zh,
                class: row.code("class").unwrap_or_default(),
                kind: row.choice("kind").unwrap_or(ItemKind::Equipment),
                perishable: row.flag("perishable").unwrap_or(shelf_life_months.is_some()),
                shelf_life_months,
                packs,
                barcodes,
                retired: row.flag("retired").unwrap_or(false),
            },
        }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        let version = &self.version;
        vec![
            ("code", (&self.code).into()),
            ("name_en", (&version.name_en).into()),
            ("name_zh", (&version.name_zh).into()),
            ("class", (&version.class).into()),
            ("unit", (&self.unit).into()),
            ("measured", self.measured.into()),
            ("kind", version.kind.word().into()),
            ("perishable", version.perishable.into()),
            ("shelf_life_months", version.shelf_life_months.into()),
            ("packs", write_packs(&version.packs).into()),
            ("barcodes", version.barcodes.join("; ").into()),
            ("retired", version.retired.into()),
        ]
    }
}

/// An entry of the dictionary of facts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DefinitionRow {
    /// Its key.
    pub key: String,
    /// Number or tag.
    pub kind: FactKind,
    /// The unit of a number.
    pub unit: Option<String>,
    /// Its names and definitions.
    pub text: FactText,
}

impl DefinitionRow {
    pub(crate) fn read(row: &mut Row<'_>) -> Self {
        let (name_en, name_zh) = names(row.text("name_en", 200), row.text("name_zh", 200));
        let (definition_en, definition_zh) =
            names(row.long_text("definition_en", 1000), row.long_text("definition_zh", 1000));
        let kind = row.choice("kind").unwrap_or(FactKind::Tag);
        let unit = row.text("unit", 16).map(|unit| code_of(&unit, UNITS));
        if !row.cell("kind").is_empty() && (kind == FactKind::Number) != unit.is_some() && !row.cell("unit").is_empty()
        {
            row.fault("unit", "tag_with_unit", |fault| fault);
        } else if kind == FactKind::Number && unit.is_none() {
            row.fault("unit", "number_without_unit", |fault| fault);
        }
        let key = row.code("key").unwrap_or_default();
        // Rules refer to a fact by its key, and exports use it as a column name.
        if !key.chars().all(|character| character.is_alphanumeric() || character == '_') {
            row.fault("key", "not_a_key", |fault| fault);
        }
        Self { key, kind, unit, text: FactText { name_en, name_zh, definition_en, definition_zh } }
    }

    /// Its cells.
    pub fn cells(&self) -> Cells {
        vec![
            ("key", (&self.key).into()),
            ("kind", self.kind.word().into()),
            ("unit", self.unit.clone().into()),
            ("name_en", (&self.text.name_en).into()),
            ("name_zh", (&self.text.name_zh).into()),
            ("definition_en", (&self.text.definition_en).into()),
            ("definition_zh", (&self.text.definition_zh).into()),
        ]
    }
}
