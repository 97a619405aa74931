//! Regions: a tree, whatever the order of the rows.

use std::collections::{BTreeMap, BTreeSet};

use super::plan::Plan;
use super::steps::Step;
use tables::Placed;
use tables::form::Form;
use tables::forms::RegionRow;

impl Plan {
    pub(super) fn plan_regions(&mut self, rows: &[Placed<RegionRow>]) {
        let named: BTreeMap<String, Option<String>> =
            rows.iter().map(|row| (row.value.code.clone(), row.value.parent.clone())).collect();
        let mut taken = self.rows(rows, ("code", |row: &RegionRow| row.code.clone()));
        // A parent goes before what is below it.
        taken.sort_by_key(|(day, row)| (depth(&named, &row.value.code), *day));
        for (day, row) in taken {
            let mut value = row.value.clone();
            let stored = self.state.parents.get(&value.code).cloned();
            if !row.has("parent") {
                value.parent = stored.clone().flatten();
            }
            if let Some(before) = self.state.regions.about(&value.code, day) {
                let (zone, days) = (before.time_zone, before.validity_days);
                if !row.has("time_zone") {
                    value.version.time_zone = zone;
                }
                if !row.has("validity_days") {
                    value.version.validity_days = days;
                }
            }
            if !self.check_region(row, &value, stored.as_ref()) || row.faulty {
                continue;
            }
            if stored.is_none() {
                self.widen(&value.code, value.parent.as_deref());
                self.state.parents.insert(value.code.clone(), value.parent.clone());
            }
            if self.state.regions.says(&value.code, day, &value.version) || self.may_change(row, "code", &value.code) {
                let fate = self.state.regions.say(&value.code, day, &value.version);
                self.step(Form::Regions, (fate, day), || Step::Region(value));
            }
        }
    }

    fn check_region(&mut self, row: &Placed<RegionRow>, value: &RegionRow, stored: Option<&Option<String>>) -> bool {
        let Some(parent) = &value.parent else {
            if stored.is_some_and(Option::is_some) {
                self.fault(row.fault("parent", "parent_changed"));
                return false;
            }
            return true;
        };
        let fault = if stored.is_some_and(|before| before.as_ref() != Some(parent)) {
            "parent_changed"
        } else if *parent == value.code {
            "region_below_itself"
        } else if !self.state.parents.contains_key(parent) {
            "region_unknown"
        } else {
            return true;
        };
        self.fault(row.fault("parent", fault).of(parent));
        false
    }
}

/// How many regions of the same import lie above one; those in a circle are never planned, as a parent is missing.
fn depth(parents: &BTreeMap<String, Option<String>>, code: &str) -> usize {
    let mut seen = BTreeSet::new();
    let mut next = Some(code);
    while let Some(code) = next.filter(|code| seen.insert(*code)) {
        next = parents.get(code).and_then(Option::as_deref);
    }
    seen.len()
}
