//! Forms of which each row is one thing: regions, the catalogue, the dictionary, depots, adoptions, declared targets.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::{Names, Plan};
use domain::item::Barcode;
use tables::Placed;
use tables::choices::is_measured;
use tables::form::Form;
use tables::forms::{AdoptionRow, ClassRow, DefinitionRow, DepotRow, ItemRow, RegionRow, TargetRow};

impl Plan<'_> {
    pub(super) fn plan_regions(&mut self, rows: &[Placed<RegionRow>]) {
        let named: BTreeMap<&str, Option<&str>> =
            rows.iter().map(|row| (row.value.code.as_str(), row.value.new.parent.as_deref())).collect();
        let mut ordered = self.by_day(rows);
        // A parent goes before what is below it.
        ordered.sort_by_key(|row| depth(&named, &row.value.code));
        for row in ordered {
            let RegionRow { code, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            let stored = self.world.reference_data.regions.iter().find(|region| region.code == *code);
            if let Some(before) = stored.and_then(|region| self.before(row, &region.versions)) {
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
            self.decide(Form::ItemClasses, row, &Names { key: code, others: &[] }, code, new);
        }
    }

    pub(super) fn plan_items(&mut self, rows: &[Placed<ItemRow>]) {
        for row in self.by_day(rows) {
            let ItemRow { code, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            let stored = self.world.reference_data.items.get(code);
            if let Some(before) = stored.and_then(|item| self.before(row, &item.versions)) {
                if !row.has("packs") {
                    new.packs.clone_from(&before.packs);
                }
                if !row.has("barcodes") {
                    new.barcodes = before.barcodes.iter().cloned().map(Barcode).collect();
                }
                if !row.has("shelf_life_months") {
                    new.shelf_life_months = before.shelf_life_months;
                }
                if !row.has("perishable") && !row.has("shelf_life_months") {
                    new.perishable = before.perishable;
                }
            } else if new.measured.is_none() {
                new.measured = new.unit.as_deref().map(is_measured);
            }
            if !row.has("retired") {
                new.retired = None;
            }
            let class = new.class.clone();
            let names = Names { key: code, others: &[("/class", Form::ItemClasses, &class)] };
            self.decide(Form::Items, row, &names, code, new);
        }
    }

    pub(super) fn plan_dictionary(&mut self, rows: &[Placed<DefinitionRow>]) {
        for row in self.by_day(rows) {
            let DefinitionRow { key, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            self.decide(Form::Dictionary, row, &Names { key, others: &[] }, key, new);
        }
    }

    pub(super) fn plan_depots(&mut self, rows: &[Placed<DepotRow>]) {
        for row in self.by_day(rows) {
            let DepotRow { code, new } = &row.value;
            let mut new = new.clone();
            new.valid_from = self.valid_from(row);
            let stored = self.world.depots.find(code);
            if let Some(before) = stored.and_then(|depot| self.before(row, &depot.versions)) {
                if !row.has("latitude") && !row.has("longitude") {
                    let position = before.latitude.zip(before.longitude);
                    new.position = position.map(|(lat, lon)| domain::depot::Position { lat, lon });
                }
                if !row.has("keeper") {
                    new.keeper.clone_from(&before.keeper);
                }
                if !row.has("holding") {
                    new.holding = before.holding;
                }
            }
            if !row.has("open") {
                new.open = None;
            }
            let owner = new.organization.clone().unwrap_or_default();
            let names = Names { key: code, others: &[("/organization", Form::Organizations, &owner)] };
            self.decide(Form::Depots, row, &names, code, new);
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

/// The number of regions of the same import above one; those in a circle are never taken, as a parent is missing.
fn depth(parents: &BTreeMap<&str, Option<&str>>, code: &str) -> usize {
    let mut seen = BTreeSet::new();
    let mut next = Some(code);
    while let Some(code) = next.filter(|code| seen.insert(*code)) {
        next = parents.get(code).copied().flatten();
    }
    seen.len()
}
