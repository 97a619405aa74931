//! Forms in which each row is one thing: regions, the catalogue, the dictionary, depots, adoptions, declared targets.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::contacts::word_for;
use super::fill::{fill_both, fill_names};
use super::plan::{Names, Plan};
use domain::change::catalogue::taken_barcode;
use domain::contact::ContactOf;
use domain::depot::Datum;
use domain::item::Barcode;
use domain::revision::in_force;
use tables::Placed;
use tables::choices::{Choice as _, is_measured};
use tables::form::Form;
use tables::forms::{AdoptionRow, ClassRow, DefinitionRow, DepotRow, ItemRow, RegionRow, TargetRow};

impl Plan<'_> {
    pub(super) fn plan_regions(&mut self, rows: &[Placed<RegionRow>]) {
        let named: BTreeMap<&str, Option<&str>> =
            rows.iter().map(|row| (row.value.code.as_str(), row.value.new.parent.as_deref())).collect();
        let mut ordered = self.by_day(rows);
        // A parent is written before the regions below it.
        let depths = depths(&named);
        ordered.sort_by_key(|row| depths.get(row.value.code.as_str()).copied());
        for row in ordered {
            let RegionRow { code, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            let stored = self.world.reference_data.regions.iter().find(|region| region.code == *code);
            if stored.is_none() && !self.has_columns_of_new(Form::Regions, row, code) {
                continue;
            }
            let stored = self.world.reference_data.regions.iter().find(|region| region.code == *code);
            if let Some(before) = stored.and_then(|region| self.before(row, &region.versions)) {
                fill_names(row, (&mut new.name_en, &mut new.name_zh), (&before.name_en, &before.name_zh));
                if !row.has("time_zone") {
                    new.time_zone = before.time_zone.map(|zone| zone.name().to_owned());
                }
                if !row.has("inspection_stands_days") {
                    new.inspection_stands_days = before.inspection_stands_days;
                }
                if !row.has("validity_days") {
                    new.validity_days = before.validity_days;
                }
            }
            let parent = new.parent.clone().unwrap_or_default();
            let names = Names { key: code, others: &[("/parent", Form::Regions, &parent)] };
            self.decide(Form::Regions, row, &names, code, new);
        }
    }

    pub(super) fn plan_classes(&mut self, rows: &[Placed<ClassRow>]) {
        for row in self.by_day(rows) {
            let ClassRow { code, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            match self.world.classes.get(code).and_then(|versions| self.before(row, versions)).cloned() {
                Some(before) => {
                    fill_names(row, (&mut new.name_en, &mut new.name_zh), (&before.name_en, &before.name_zh));
                }
                None if !self.has_columns_of_new(Form::ItemClasses, row, code) => continue,
                None => {}
            }
            self.decide(Form::ItemClasses, row, &Names { key: code, others: &[] }, code, new);
        }
    }

    pub(super) fn plan_items(&mut self, rows: &[Placed<ItemRow>]) {
        self.world.barcodes_are_checked_later = true;
        let mut written = Vec::new();
        for row in self.by_day(rows) {
            let ItemRow { code, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            if !self.world.reference_data.items.contains_key(code) && !self.has_columns_of_new(Form::Items, row, code) {
                continue;
            }
            let stored = self.world.reference_data.items.get(code);
            if let Some(before) = stored.and_then(|item| self.before(row, &item.versions)) {
                fill_names(row, (&mut new.name_en, &mut new.name_zh), (&before.name_en, &before.name_zh));
                if !row.has("class") {
                    new.class.clone_from(&before.class);
                }
                if !row.has("kind") {
                    new.kind = before.kind;
                }
                if !row.has("packs") {
                    new.packs.clone_from(&before.packs);
                }
                if !row.has("barcodes") {
                    new.barcodes = before.barcodes.iter().cloned().map(Barcode).collect();
                }
                if !row.has("shelf_life_months") {
                    new.shelf_life_months = before.shelf_life_months;
                }
                if !row.has("specification") {
                    new.specification.clone_from(&before.specification);
                }
                if !row.has("service_life") {
                    new.service_life_months = before.service_life_months;
                }
                if !row.has("perishable") && !row.has("shelf_life_months") {
                    new.perishable = before.perishable;
                }
            }
            let unit = new.unit.as_ref().filter(|unit| stored.is_none_or(|item| item.unit.name != **unit));
            if new.measured.is_none() {
                new.measured = unit.map(|unit| is_measured(unit));
            }
            if !row.has("retired") {
                new.retired = None;
            }
            let class = new.class.clone();
            let names = Names { key: code, others: &[("/class", Form::ItemClasses, &class)] };
            written.extend(self.decide(Form::Items, row, &names, code, new).map(|since| (row, since)));
        }
        self.compare_barcodes(&written);
    }

    /// Compares the barcodes of the items that are written with those of all others, once all are planned. If two rows
    /// clash, the second is reported.
    fn compare_barcodes(&mut self, written: &[(&Placed<ItemRow>, NaiveDate)]) {
        let places: BTreeMap<(&str, NaiveDate), usize> =
            (0..).zip(written).map(|(place, (row, since))| ((row.value.code.as_str(), *since), place)).collect();
        for (place, (row, since)) in (0..).zip(written) {
            let code = &row.value.code;
            let item = self.world.reference_data.items.get(code);
            let Some(version) = item.and_then(|item| in_force(&item.versions, *since)).map(|row| row.value.clone())
            else {
                continue;
            };
            let Some(taken) = taken_barcode(&self.world, code, &version, *since) else { continue };
            if places.get(&(taken.other.as_str(), taken.since)).is_none_or(|other| *other < place) {
                self.refuse(Form::Items, row, &Names { key: code, others: &[] }, taken.refusal);
            }
        }
    }

    pub(super) fn plan_dictionary(&mut self, rows: &[Placed<DefinitionRow>]) {
        for row in self.by_day(rows) {
            let DefinitionRow { key, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            let stored = self.world.reference_data.dictionary.iter().find(|entry| entry.key == *key);
            match stored.and_then(|entry| self.before(row, &entry.versions)).cloned() {
                Some(before) => {
                    fill_names(row, (&mut new.name_en, &mut new.name_zh), (&before.name_en, &before.name_zh));
                    let definitions = (&mut new.definition_en, &mut new.definition_zh);
                    let columns = ("definition_en", "definition_zh");
                    fill_both(row, columns, definitions, (&before.definition_en, &before.definition_zh));
                }
                None if !self.has_columns_of_new(Form::Dictionary, row, key) => continue,
                None => {}
            }
            self.decide(Form::Dictionary, row, &Names { key, others: &[] }, key, new);
        }
    }

    pub(super) fn plan_depots(&mut self, rows: &[Placed<DepotRow>]) {
        for row in self.by_day(rows) {
            let DepotRow { code, new, contacts, without_datum } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            if self.world.known_depot(self.editor, code).is_none() && !self.has_columns_of_new(Form::Depots, row, code)
            {
                continue;
            }
            let stored = self.world.known_depot(self.editor, code);
            if let Some(before) = stored.and_then(|depot| self.before(row, &depot.versions)) {
                fill_names(row, (&mut new.name_en, &mut new.name_zh), (&before.name_en, &before.name_zh));
                if !row.has("latitude") && !row.has("longitude") {
                    new.position = before.position;
                }
                let before = before.clone();
                let keepers =
                    stored.map(|depot| self.world.contacts_of(ContactOf::Depot(depot.id))).unwrap_or_default();
                if !row.has("keeper") {
                    new.keeper = before.keeper.and_then(|id| word_for(keepers, id));
                }
                if !row.has("second_keeper") {
                    new.second_keeper = before.second_keeper.and_then(|id| word_for(keepers, id));
                }
                if !row.has("holding") {
                    new.holding = before.holding;
                }
            }
            if let Some(degrees) = without_datum {
                // The same degrees are the same position; others cannot be told from some that are hundreds of metres off.
                let known =
                    stored.and_then(|depot| self.before(row, &depot.versions)).and_then(|before| before.position);
                new.position = known.filter(|position| (position.lat, position.lon) == *degrees);
                if new.position.is_none() && !row.faulty {
                    let at = if row.has("datum") { "datum" } else { "latitude" };
                    let fault = row.fault(at, "datum_missing").with("choices", Datum::accepted());
                    self.note_refused(Form::Depots, code);
                    self.fault(fault);
                    continue;
                }
            }
            if !row.has("open") {
                new.open = None;
            }
            let owner = new.organization.clone().unwrap_or_default();
            let names = Names { key: code, others: &[("/organization", Form::Organizations, &owner)] };
            self.decide(Form::Depots, row, &names, code, new);
            self.plan_contacts(Form::Depots, row, &names, contacts);
        }
    }

    pub(super) fn plan_adoptions(&mut self, rows: &[Placed<AdoptionRow>]) {
        for row in self.by_day(rows) {
            let AdoptionRow { region, standard, new } = &row.value;
            if region.is_empty() || standard.is_empty() {
                continue;
            }
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            new.reason = new.reason.or_else(|| self.defaults.reason.clone());
            let name = format!("{region}/{standard}");
            let others = [("/region", Form::Regions, &**region), ("/standard", Form::Standards, standard)];
            let key = (region.clone(), standard.clone());
            self.decide(Form::Adoptions, row, &Names { key: &name, others: &others }, &key, new);
        }
    }

    pub(super) fn plan_targets(&mut self, rows: &[Placed<TargetRow>]) {
        for row in self.by_day(rows) {
            let TargetRow { organization, rule, new } = &row.value;
            if organization.is_empty() || rule.is_empty() {
                continue;
            }
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            new.reason = new.reason.or_else(|| self.defaults.reason.clone());
            let name = format!("{organization}/{rule}");
            let others = [("/organization", Form::Organizations, &**organization), ("/rule", Form::Rules, rule)];
            let key = (organization.clone(), rule.clone());
            self.decide(Form::Targets, row, &Names { key: &name, others: &others }, &key, new);
        }
    }
}

/// The number of regions of the same import above each region. Regions in a circle are never written, because a parent is
/// missing.
fn depths<'t>(parents: &BTreeMap<&'t str, Option<&'t str>>) -> BTreeMap<&'t str, usize> {
    let mut depths = BTreeMap::new();
    for code in parents.keys() {
        // Up to a region whose depth is known, and down again, so that each region is visited once.
        let mut above = Vec::new();
        let mut seen = BTreeSet::new();
        let mut next = Some(*code);
        while let Some(code) = next.filter(|code| !depths.contains_key(code) && seen.insert(*code)) {
            above.push(code);
            next = parents.get(code).copied().flatten();
        }
        let mut depth = next.and_then(|code| depths.get(code).copied()).unwrap_or(0);
        for code in above.into_iter().rev() {
            depth += 1;
            depths.insert(code, depth);
        }
    }
    depths
}
