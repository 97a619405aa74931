//! What an import would write, and everything that is wrong with it.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;

use super::ledger::Fate;
use super::state::State;
use super::steps::{self, Step};
use super::{Reach, Report, Tally};
use base::error::Error;
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::region::subtree;
use tables::fault::{Fault, Findings};
use tables::form::Form;
use tables::{Placed, Tables};

/// A plan in the making.
pub(super) struct Plan {
    /// What is stored and planned.
    pub state: State,
    /// What is to be written, in an order in which each thing is there before another names it.
    pub steps: Vec<steps::Dated>,
    /// What is told.
    pub report: Report,
    /// From when a row holds that does not say so.
    valid_from: NaiveDate,
    /// The codes of the regions that may be changed; `None` for all. New ones below them are added.
    regions: Option<BTreeSet<String>>,
    /// True where what all regions share may be changed.
    shared: bool,
}

impl Plan {
    /// The plan of some tables, as things are stored now.
    pub(super) fn of(
        connection: &mut AnyConnection,
        tables: &Tables,
        findings: Findings,
        (valid_from, reach): (NaiveDate, Reach),
    ) -> Result<Self, Error> {
        let state = State::load(connection)?;
        let (regions, shared) = match reach {
            Reach::Everything => (None, true),
            Reach::Of(Belongs::Organization(_)) => (Some(BTreeSet::new()), false),
            Reach::Of(belongs @ Belongs::Region(top)) => {
                let within = subtree(&state.stored_regions, top);
                let codes = state.stored_regions.iter().filter(|region| within.contains(&region.id));
                let codes = codes.map(|region| region.code.clone()).collect();
                (Some(codes), db::accounts::is_topmost(connection, belongs)?)
            }
        };
        let report = Report { findings, ..Report::default() };
        let mut plan = Self { state, steps: Vec::new(), report, valid_from, regions, shared };
        plan.plan_regions(&tables.regions);
        plan.plan_classes(&tables.item_classes);
        plan.plan_items(&tables.items);
        plan.plan_dictionary(&tables.dictionary);
        plan.plan_standards(&tables.standards);
        plan.plan_rules(&tables.rules);
        plan.plan_organizations(&tables.organizations);
        plan.plan_facts(&tables.facts);
        plan.plan_depots(&tables.depots);
        plan.plan_adoptions(&tables.adoptions);
        plan.plan_targets(&tables.targets);
        plan.report.forms.sort_by_key(|(form, _)| *form);
        Ok(plan)
    }

    /// The rows of a form that can be looked at, in the order of their days, each with its day; tells rows that say
    /// something of the same thing from the same day twice.
    pub(super) fn rows<'t, T>(
        &mut self,
        rows: &'t [Placed<T>],
        (key_column, key): (&str, impl Fn(&T) -> String),
    ) -> Vec<(NaiveDate, &'t Placed<T>)> {
        let mut seen = BTreeMap::<(String, NaiveDate), u64>::new();
        let mut taken = Vec::new();
        for row in rows {
            let day = row.valid_from.unwrap_or(self.valid_from);
            let name = key(&row.value);
            if name.is_empty() {
                continue;
            }
            match seen.get(&(name.clone(), day)) {
                Some(first) => {
                    let fault = row.fault(key_column, "row_twice").of(name).with("line", first);
                    self.report.findings.fault(fault);
                }
                None => {
                    seen.insert((name, day), row.line());
                    taken.push((day, row));
                }
            }
        }
        taken.sort_by_key(|(day, _)| *day);
        taken
    }

    /// Tells a fault.
    pub(super) fn fault(&mut self, fault: Fault) {
        self.report.findings.fault(fault);
    }

    /// Tells a warning.
    pub(super) fn warn(&mut self, warning: Fault) {
        self.report.findings.warn(warning);
    }

    /// Adds a step and counts its row.
    pub(super) fn step(&mut self, form: Form, (fate, day): (Fate, NaiveDate), step: impl FnOnce() -> Step) {
        let tally = match self.report.forms.iter_mut().find(|(known, _)| *known == form) {
            Some((_, tally)) => tally,
            None => {
                self.report.forms.push((form, Tally::default()));
                // Just pushed.
                let Some((_, tally)) = self.report.forms.last_mut() else { return };
                tally
            }
        };
        match fate {
            Fate::Added => tally.added += 1,
            Fate::Changed => tally.changed += 1,
            Fate::Unchanged => {
                tally.unchanged += 1;
                return;
            }
        }
        self.steps.push((step(), fate, day));
    }

    /// Tells a change of what all regions share where that is not the importer's.
    pub(super) fn may_share<T>(&mut self, row: &Placed<T>, column: &str) -> bool {
        if !self.shared {
            self.fault(row.fault(column, "shared_elsewhere"));
        }
        self.shared
    }

    /// Tells a change of a region, or of what lies in one, that is not the importer's.
    pub(super) fn may_change<T>(&mut self, row: &Placed<T>, column: &str, region: &str) -> bool {
        let may = self.regions.as_ref().is_none_or(|regions| regions.contains(region));
        if !may {
            self.fault(row.fault(column, "region_elsewhere").of(region));
        }
        may
    }

    /// A new region below one that may be changed may be changed as well.
    pub(super) fn widen(&mut self, region: &str, parent: Option<&str>) {
        if let (Some(regions), Some(parent)) = (&mut self.regions, parent)
            && regions.contains(parent)
        {
            regions.insert(region.to_owned());
        }
    }
}
