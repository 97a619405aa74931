//! Items, their classes, and the dictionary of facts.

use super::plan::Plan;
use super::steps::Step;
use domain::barcode;
use tables::Placed;
use tables::form::Form;
use tables::forms::{ClassRow, DefinitionRow, ItemRow};

impl Plan {
    pub(super) fn plan_classes(&mut self, rows: &[Placed<ClassRow>]) {
        for (day, row) in self.rows(rows, ("code", |row: &ClassRow| row.code.clone())) {
            let said = self.state.classes.says(&row.value.code, day, &row.value.class);
            if row.faulty || !(said || self.may_share(row, "code")) {
                continue;
            }
            let fate = self.state.classes.say(&row.value.code, day, &row.value.class);
            self.step(Form::ItemClasses, (fate, day), || Step::Class(row.value.clone()));
        }
    }

    pub(super) fn plan_items(&mut self, rows: &[Placed<ItemRow>]) {
        for (day, row) in self.rows(rows, ("code", |row: &ItemRow| row.code.clone())) {
            let mut value = row.value.clone();
            let code = value.code.clone();
            if let Some(before) = self.state.items.about(&code, day) {
                let version = &mut value.version;
                // A column that the file does not have says nothing.
                if !row.has("packs") {
                    version.packs.clone_from(&before.packs);
                }
                if !row.has("barcodes") {
                    version.barcodes.clone_from(&before.barcodes);
                }
                if !row.has("shelf_life_months") {
                    version.shelf_life_months = before.shelf_life_months;
                }
                if !row.has("perishable") && !row.has("shelf_life_months") {
                    version.perishable = before.perishable;
                }
                if !row.has("retired") {
                    version.retired = before.retired;
                }
            }
            let of_another = |printed: &&String| {
                self.state.barcodes.get(&barcode::canonical(printed)).is_some_and(|item| *item != code)
            };
            if let Some(printed) = value.version.barcodes.iter().find(of_another) {
                let item = self.state.barcodes.get(&barcode::canonical(printed)).cloned().unwrap_or_default();
                self.fault(row.fault("barcodes", "barcode_taken").of(printed).with("item", item));
                continue;
            }
            for printed in &value.version.barcodes {
                self.state.barcodes.insert(barcode::canonical(printed), code.clone());
            }
            if !value.version.class.is_empty() && !self.state.classes.has(&value.version.class) {
                self.fault(row.fault("class", "class_unknown").of(&value.version.class));
                continue;
            }
            if let Some((unit, measured)) = self.state.units.get(&code).cloned() {
                if !row.has("measured") {
                    value.measured = measured;
                }
                let same_unit = value.unit == unit;
                if !same_unit || value.measured != measured {
                    let column = if same_unit { "measured" } else { "unit" };
                    self.fault(row.fault(column, "unit_changed").of(value.unit).with("unit", unit));
                    continue;
                }
            }
            let said = self.state.items.says(&code, day, &value.version);
            if row.faulty || !(said || self.may_share(row, "code")) {
                // What names it is not told as well.
                self.state.units.entry(code).or_insert((value.unit, value.measured));
                continue;
            }
            self.state.units.insert(code.clone(), (value.unit.clone(), value.measured));
            let fate = self.state.items.say(&code, day, &value.version);
            self.step(Form::Items, (fate, day), || Step::Item(value));
        }
    }

    pub(super) fn plan_dictionary(&mut self, rows: &[Placed<DefinitionRow>]) {
        for (day, row) in self.rows(rows, ("key", |row: &DefinitionRow| row.key.clone())) {
            let value = &row.value;
            match self.state.fact_kinds.get(&value.key) {
                Some((kind, _)) if *kind != value.kind => {
                    self.fault(row.fault("kind", "fact_kind_changed"));
                    continue;
                }
                Some((_, unit)) if *unit != value.unit && row.has("unit") => {
                    let unit = unit.clone().unwrap_or_default();
                    self.fault(row.fault("unit", "unit_changed").with("unit", unit));
                    continue;
                }
                _ => {}
            }
            self.state.fact_kinds.entry(value.key.clone()).or_insert((value.kind, value.unit.clone()));
            let said = self.state.dictionary.says(&value.key, day, &value.text);
            if row.faulty || !(said || self.may_share(row, "key")) {
                continue;
            }
            let fate = self.state.dictionary.say(&value.key, day, &value.text);
            self.step(Form::Dictionary, (fate, day), || Step::Definition(value.clone()));
        }
    }
}
