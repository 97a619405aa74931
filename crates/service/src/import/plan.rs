//! The plan of an import: the steps to write, and every fault.

use std::collections::{BTreeMap, BTreeSet};

use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;
use validator::Validate;

use super::columns::columns;
use super::{Defaults, Report, Tally, require_wanted};
use crate::input_errors::of_validation;
use crate::reference::{self, Reference};
use base::error::{Error, Fault};
use db::connection::AnyConnection;
use db::write::Change;
use domain::change::{Decision, Editor, Precondition, Put, PutOutcome, Refusal, UNAVAILABLE, World};
use domain::revision::{Dated, in_force_or_first};
use tables::fault::{self, Findings};
use tables::form::Form;
use tables::{Placed, Tables};

/// Something to be written.
pub(super) type Step = Box<dyn FnOnce(&mut Change<'_>) -> Result<(), Error>>;

/// A plan in the making.
pub(super) struct Plan<'a> {
    /// The world as it is stored and planned.
    pub world: World,
    /// The steps, in an order in which each thing is there before another names it.
    pub steps: Vec<Step>,
    /// The report.
    pub report: Report,
    /// The editor who asks for it.
    pub editor: &'a Editor,
    /// The defaults of rows that do not say so themselves.
    pub defaults: &'a Defaults,
    /// Set where nobody waits for the outcome any more.
    stop: &'a CancellationToken,
    /// The day it is for the editor.
    today: NaiveDate,
    /// The row that says something of a thing from a day.
    said: BTreeMap<(Form, String, NaiveDate), u64>,
    /// The places of faults told already: a cell is told once.
    told: BTreeSet<String>,
    /// Refused things: rows that name them are not told as well.
    refused: BTreeSet<(Form, String)>,
    /// The faults of codes that cannot be had, up to one more than may be told.
    unavailable: Vec<fault::Fault>,
    /// The number of them that may be told.
    left: usize,
}

/// The circumstances of an import.
#[derive(Clone, Copy)]
pub(super) struct Asked<'a> {
    /// The editor who asks for it.
    pub editor: &'a Editor,
    /// The defaults of rows that do not say so themselves.
    pub defaults: &'a Defaults,
    /// Set where nobody waits for the outcome any more.
    pub stop: &'a CancellationToken,
    /// The number of codes of which the editor may be told that they cannot be had.
    pub left: usize,
}

/// A thing that a row is about, and others that it names: each with the field that names it.
pub(super) struct Names<'a> {
    /// The key of the thing.
    pub key: &'a str,
    /// Other things that the row names.
    pub others: &'a [(&'static str, Form, &'a str)],
}

impl<'a> Plan<'a> {
    /// The plan of some tables, as things are stored now. Of codes that cannot be had no more are told than are `left`.
    pub(super) fn of(
        connection: &mut AnyConnection,
        tables: &Tables,
        findings: Findings,
        asked: Asked<'a>,
    ) -> Result<Self, Error> {
        let Asked { editor, defaults, stop, left } = asked;
        let world = reference::load_all(connection, editor)?;
        let today = world.today(editor);
        let told = findings.faults().iter().map(|fault| fault.place.pointer()).collect();
        let report = Report { findings, ..Report::default() };
        let mut plan = Self {
            world,
            steps: Vec::new(),
            report,
            editor,
            defaults,
            stop,
            today,
            said: BTreeMap::new(),
            told,
            refused: BTreeSet::new(),
            unavailable: Vec::new(),
            left,
        };
        plan.plan_regions(&tables.regions);
        plan.plan_classes(&tables.item_classes);
        plan.plan_items(&tables.items);
        plan.plan_dictionary(&tables.dictionary);
        plan.plan_standards(&tables.standards, &tables.rules);
        plan.plan_organizations(&tables.organizations);
        plan.plan_facts(&tables.facts);
        plan.plan_depots(&tables.depots);
        plan.plan_adoptions(&tables.adoptions);
        plan.plan_targets(&tables.targets);
        require_wanted(plan.stop)?;
        plan.report.forms.sort_by_key(|(form, _)| *form);
        plan.bound_unavailable();
        Ok(plan)
    }

    /// The rows of a form in the order of their days.
    pub(super) fn by_day<'t, T>(&self, rows: &'t [Placed<T>]) -> Vec<&'t Placed<T>> {
        let mut rows: Vec<&Placed<T>> = rows.iter().collect();
        rows.sort_by_key(|row| self.day_of(row));
        rows
    }

    /// The first day on which a row holds, where it or the import says so.
    pub(super) fn valid_from<T>(&self, row: &Placed<T>) -> Option<NaiveDate> {
        row.valid_from.or(self.defaults.valid_from)
    }

    /// The first day on which a row holds.
    pub(super) fn day_of<T>(&self, row: &Placed<T>) -> NaiveDate {
        self.valid_from(row).unwrap_or(self.today)
    }

    /// The version of a history on a row's day, or else the first: it fills columns that the file does not have.
    pub(super) fn before<'h, T, V>(&self, row: &Placed<T>, history: &'h [Dated<V>]) -> Option<&'h V> {
        in_force_or_first(history, self.day_of(row)).map(|row| &row.value)
    }

    /// Decides about a row that is one thing of its kind. Returns its first day where it is to be written.
    pub(super) fn decide<T, R: Reference + Validate>(
        &mut self,
        form: Form,
        row: &Placed<T>,
        names: &Names<'_>,
        key: &R::Key,
        new: R,
    ) -> Option<NaiveDate>
    where
        R::Write: 'static,
    {
        if names.key.is_empty() || self.is_given_up() {
            return None;
        }
        let decided = match new.validate() {
            Ok(()) => self.check(key, &new),
            Err(errors) => {
                let refusal = Refusal::Invalid(of_validation(&errors));
                if !row.faulty {
                    self.refuse(form, row, names, refusal);
                    return None;
                }
                // What could be read of it is looked at all the same.
                self.refuse(form, row, names, refusal);
                self.check(key, &new)
            }
        };
        match decided {
            Ok(Decision { put, write }) if !row.faulty && self.is_first(form, row, names.key, put.valid_from) => {
                self.tally(form, put.outcome);
                if !put.is_repeat() {
                    self.step::<R>(put, write);
                    return Some(put.valid_from);
                }
            }
            Ok(_) => self.note_refused(form, names.key),
            Err(refusal) => self.refuse(form, row, names, refusal),
        }
        None
    }

    /// Decides about something that is asked for. Whoever may not change what all may read may repeat it: that changes
    /// nothing, and so an export that is brought back is taken.
    pub(super) fn check<R: Reference>(&self, key: &R::Key, new: &R) -> Result<Decision<R::Write>, Refusal> {
        match new.check(&self.world, self.editor, key, &Precondition::Unstated) {
            Err(Refusal::Forbidden(fault)) if R::is_readable(&self.world, self.editor, key) => {
                let operator = Editor::operator(self.editor.now);
                let repeated = new.check(&self.world, &operator, key, &Precondition::Unstated);
                repeated.ok().filter(|decision| decision.put.is_repeat()).ok_or(Refusal::Forbidden(fault))
            }
            decided => decided,
        }
    }

    /// Tells why a row is refused.
    pub(super) fn refuse<T>(&mut self, form: Form, row: &Placed<T>, names: &Names<'_>, refusal: Refusal) {
        let refused = |field: &str| {
            let mut named = names.others.iter().filter(|(of, ..)| *of == field);
            named.any(|(_, form, key)| self.was_refused(*form, key))
        };
        let faults: Vec<Fault> =
            refusal.into_faults().into_iter().filter(|fault| !is_unknown(fault) || !refused(&fault.pointer)).collect();
        self.note_refused(form, names.key);
        for fault in faults {
            self.tell(row, &columns(form, &fault.pointer), fault.clone());
        }
    }

    /// True for something that was refused itself, or may stand in a table that could not be read: what follows from that
    /// is not told as well.
    pub(super) fn was_refused(&self, form: Form, key: &str) -> bool {
        self.report.findings.lost.may_hold(form) || self.refused.contains(&(form, key.to_owned()))
    }

    /// True where a thing of a form was refused, or may stand in a table that could not be read.
    pub(super) fn was_any_refused(&self, form: Form) -> bool {
        self.report.findings.lost.may_hold(form) || self.refused.iter().any(|(of, _)| *of == form)
    }

    /// True where nobody waits for the outcome any more: the rest need not be looked at.
    pub(super) fn is_given_up(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Notes that something was refused.
    pub(super) fn note_refused(&mut self, form: Form, key: &str) {
        self.refused.insert((form, key.to_owned()));
    }

    /// Tells a fault of a row. Of a row whose cells could not all be read only what hangs on those that could: no cell is told
    /// twice, and none that is not there.
    pub(super) fn tell<T>(&mut self, row: &Placed<T>, columns: &[&str], fault: Fault) {
        let told = row.told(columns, fault.code, fault.detail);
        let is_new = self.told.insert(told.place.pointer());
        if is_new && (!row.faulty || told.place.column.is_some()) {
            if told.code == UNAVAILABLE && self.unavailable.len() <= self.left {
                self.unavailable.push(told.clone());
            }
            self.report.findings.fault(told);
        }
    }

    /// Tells nothing else where more codes cannot be had than may be told: what is told of other rows would tell of the rest.
    fn bound_unavailable(&mut self) {
        let more = self.unavailable.len() > self.left;
        self.unavailable.truncate(self.left);
        self.report.unavailable = self.unavailable.len();
        if more {
            self.report.forms.clear();
            self.report.findings = Findings::default();
            for fault in std::mem::take(&mut self.unavailable) {
                self.report.findings.fault(fault);
            }
        }
    }

    /// Tells a fault that is the import's own.
    pub(super) fn fault(&mut self, fault: fault::Fault) {
        self.told.insert(fault.place.pointer());
        self.report.findings.fault(fault);
    }

    /// Tells a warning.
    pub(super) fn warn(&mut self, warning: fault::Fault) {
        self.report.findings.warn(warning);
    }

    /// True for the first row that says something of a thing from a day; tells others.
    pub(super) fn is_first<T>(&mut self, form: Form, row: &Placed<T>, key: &str, day: NaiveDate) -> bool {
        match self.said.get(&(form, key.to_owned(), day)) {
            Some(first) => {
                let column = form.layout().columns.first().map_or("", |column| column.key);
                let fault = row.fault(column, "row_twice").of(key).with("line", first);
                self.fault(fault);
                false
            }
            None => {
                self.said.insert((form, key.to_owned(), day), row.line());
                true
            }
        }
    }

    /// Counts a row.
    pub(super) fn tally(&mut self, form: Form, outcome: PutOutcome) {
        if !self.report.forms.iter().any(|(known, _)| *known == form) {
            self.report.forms.push((form, Tally::default()));
        }
        let Some((_, tally)) = self.report.forms.iter_mut().find(|(known, _)| *known == form) else { return };
        match outcome {
            PutOutcome::Created => tally.added += 1,
            PutOutcome::Changed => tally.changed += 1,
            PutOutcome::Repeated => tally.unchanged += 1,
        }
    }

    /// Adds something to be written, which is planned from now on.
    pub(super) fn step<R: Reference>(&mut self, put: Put, write: R::Write)
    where
        R::Write: 'static,
    {
        R::apply(&mut self.world, &put, &write);
        self.steps.push(Box::new(move |change| R::write(change, &put, &write)));
    }
}

fn is_unknown(fault: &Fault) -> bool {
    fault.code.ends_with("_unknown")
}
