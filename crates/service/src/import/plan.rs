//! The plan of an import: the steps to write, and every fault.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use chrono::NaiveDate;
use tokio_util::sync::CancellationToken;
use validator::Validate;

use auth::receipts::ReceiptKeys;

use super::columns::columns;
use super::{Defaults, Report, Tally, require_wanted};
use crate::chain::Signer;
use crate::input_errors::of_validation;
use crate::reference::{self, Reference};
use crate::slips;
use base::error::{Error, Fault};
use base::id::{DepotId, OrganizationId};
use db::connection::AnyConnection;
use db::write::Change;
use domain::account::Author;
use domain::change::{Decision, Editor, Precondition, Put, PutOutcome, Refusal, UNAVAILABLE, World};
use domain::revision::{Dated, in_force_or_first};
use tables::fault::{self, Findings};
use tables::form::Form;
use tables::{Placed, Tables};
use text::messages::message;

/// A step of writing.
pub(super) type Step = Box<dyn FnOnce(&mut Change<'_>) -> Result<(), Error>>;

/// A plan under construction.
pub(super) struct Plan<'a> {
    /// The stored state with the planned changes.
    pub world: World,
    /// The steps, in an order in which each thing exists before another names it.
    pub steps: Vec<Step>,
    /// The report.
    pub report: Report,
    /// The editor who requests the import.
    pub editor: &'a Editor,
    /// The defaults for rows that leave these values out.
    pub defaults: &'a Defaults,
    /// Set when nobody waits for the outcome any more.
    stop: &'a CancellationToken,
    /// The author and the keys of the counts that are imported; `None` for the operator, who counts nothing.
    pub signing: Option<Signing>,
    /// The organizations that counts and rows of ledgers are of.
    pub organizations: BTreeSet<OrganizationId>,
    /// The ledgers that are imported: organization, depot and day.
    pub ledgers: BTreeSet<(OrganizationId, Option<DepotId>, NaiveDate)>,
    /// The day it is for the editor.
    today: NaiveDate,
    /// The row that states something about a thing from a day.
    said: BTreeMap<(Form, String, NaiveDate), u64>,
    /// The places of faults already reported, so that each cell is reported once.
    told: BTreeSet<String>,
    /// Refused things: rows that name them are not reported as well.
    refused: BTreeSet<(Form, String)>,
    /// The faults of unavailable codes, up to one more than may be reported.
    unavailable: Vec<fault::Fault>,
    /// The number of unavailable codes that may be reported.
    left: usize,
    /// True if the last row was counted as added or changed.
    is_counted: bool,
}

/// The circumstances of an import.
#[derive(Clone)]
pub(super) struct Asked<'a> {
    /// The editor who requests the import.
    pub editor: &'a Editor,
    /// The defaults for rows that leave these values out.
    pub defaults: &'a Defaults,
    /// Set when nobody waits for the outcome any more.
    pub stop: &'a CancellationToken,
    /// The number of unavailable codes that may be reported to the editor.
    pub left: usize,
    /// The author and the keys of the counts that are imported.
    pub signing: Option<Signing>,
}

/// The author of imported counts, and the keys that sign their receipts.
#[derive(Clone)]
pub(super) struct Signing {
    /// The author.
    pub author: Author,
    /// The keys.
    pub keys: Arc<ReceiptKeys>,
}

impl Signing {
    /// The two together.
    pub fn signer(&self) -> Signer<'_> {
        Signer { author: &self.author, keys: &self.keys }
    }
}

/// The subject of a row and the other things that it names, each with the field that names it.
pub(super) struct Names<'a> {
    /// The key of the subject.
    pub key: &'a str,
    /// Other things that the row names.
    pub others: &'a [(&'static str, Form, &'a str)],
}

impl<'a> Plan<'a> {
    /// The plan of some tables, as things are stored now. At most `left` unavailable codes are reported.
    pub(super) fn of(
        connection: &mut AnyConnection,
        tables: &Tables,
        findings: Findings,
        asked: Asked<'a>,
    ) -> Result<Self, Error> {
        let Asked { editor, defaults, stop, left, signing } = asked;
        let mut world = reference::load_all(connection, editor)?;
        slips::load_units(connection, &mut world, tables.items.iter().map(|row| (&*row.value.code, &row.value.new)))?;
        let rows = tables.organizations.iter();
        slips::load_kinds(connection, &mut world, rows.map(|row| (&*row.value.code, &row.value.new)))?;
        slips::load_owners(connection, &mut world, tables.depots.iter().map(|row| (&*row.value.code, &row.value.new)))?;
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
            signing,
            organizations: BTreeSet::new(),
            ledgers: BTreeSet::new(),
            today,
            said: BTreeMap::new(),
            told,
            refused: BTreeSet::new(),
            unavailable: Vec::new(),
            left,
            is_counted: false,
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
        let given = plan.plan_answers(connection, &tables.item_answers)?;
        plan.plan_ledger(connection, &tables.ledger, given.iter().map(|(answer, _)| answer.clone()).collect())?;
        plan.plan_settling(connection, given)?;
        plan.plan_counts(connection, &tables.counts)?;
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

    /// The first day on which a row holds, if the row or the import names one.
    pub(super) fn valid_from<T>(&self, row: &Placed<T>) -> Option<NaiveDate> {
        row.valid_from.or(self.defaults.valid_from)
    }

    /// The first day on which a row holds.
    pub(super) fn day_of<T>(&self, row: &Placed<T>) -> NaiveDate {
        self.valid_from(row).unwrap_or(self.today)
    }

    /// The day it is for the editor.
    pub(super) fn today(&self) -> NaiveDate {
        self.today
    }

    /// The version of a history on a row's day, or else the first version: it fills columns that the file does not have.
    pub(super) fn before<'h, T, V>(&self, row: &Placed<T>, history: &'h [Dated<V>]) -> Option<&'h V> {
        in_force_or_first(history, self.day_of(row)).map(|row| &row.value)
    }

    /// Decides on a row that is one thing of its kind. Returns its first day if it is to be written.
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
                // The readable part of the row is checked nevertheless.
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

    /// Decides about a requested change. An editor who may read a thing but not change it may send it unchanged, so that an
    /// export can be imported again.
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

    /// Reports the refusal of a row.
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

    /// True if a thing was refused itself, or may be in a table that could not be read: faults that follow from that are
    /// not reported.
    pub(super) fn was_refused(&self, form: Form, key: &str) -> bool {
        self.report.findings.lost.may_hold(form) || self.refused.contains(&(form, key.to_owned()))
    }

    /// True if a thing of a form was refused, or may be in a table that could not be read.
    pub(super) fn was_any_refused(&self, form: Form) -> bool {
        self.report.findings.lost.may_hold(form) || self.refused.iter().any(|(of, _)| *of == form)
    }

    /// True if nobody waits for the outcome any more, so the rest need not be checked.
    pub(super) fn is_given_up(&self) -> bool {
        self.stop.is_cancelled()
    }

    /// Notes that a thing was refused.
    pub(super) fn note_refused(&mut self, form: Form, key: &str) {
        self.refused.insert((form, key.to_owned()));
    }

    /// Reports a fault of a row. If not all cells of the row could be read, only faults of readable cells are reported:
    /// no cell is reported twice, and no missing cell.
    pub(super) fn tell<T>(&mut self, row: &Placed<T>, columns: &[&str], fault: Fault) {
        let told = row.told(columns, fault.code, fault.detail);
        // Of a cell one fault is told; the rules of a JSON file may all be on one line of it.
        let place = match told.place.column {
            Some(_) => told.place.pointer(),
            None => format!("{} {} {}", told.place.pointer(), told.code, told.message()),
        };
        let is_new = self.told.insert(place);
        if is_new && (!row.faulty || told.place.column.is_some()) {
            if told.code == UNAVAILABLE && self.unavailable.len() <= self.left {
                self.unavailable.push(told.clone());
            }
            self.report.findings.fault(told);
        }
    }

    /// Reports only unavailable codes if there are more of them than may be reported: the findings of other rows would give
    /// the remaining ones away.
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

    /// Reports a fault of the import itself.
    pub(super) fn fault(&mut self, fault: fault::Fault) {
        self.told.insert(fault.place.pointer());
        self.report.findings.fault(fault);
    }

    /// Reports a warning.
    pub(super) fn warn(&mut self, warning: fault::Fault) {
        self.report.findings.warn(warning);
    }

    /// True for the first row that states something about a thing from a day; reports the others.
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

    /// The author of the counts that rows give; `None` if there are no rows, or after reporting that they cannot be imported: the
    /// operator counts nothing, and counts name only places and items that are stored.
    pub(super) fn signing_for<T>(&mut self, rows: &[Placed<T>], columns: &[&str]) -> Option<Signing> {
        let first = rows.first()?;
        let named = |form: Form| matches!(form, Form::Regions | Form::Organizations | Form::Depots | Form::Items);
        let fault = if self.signing.is_none() {
            Fault::new("", "author_missing", message!("ledger-author-missing"))
        } else if self.report.forms.iter().any(|(form, tally)| named(*form) && tally.added + tally.changed > 0) {
            Fault::new("", "reference_data_first", message!("ledger-reference-first"))
        } else {
            return self.signing.clone();
        };
        self.tell(first, columns, fault);
        None
    }

    /// Counts a row.
    pub(super) fn tally(&mut self, form: Form, outcome: PutOutcome) {
        if !self.report.forms.iter().any(|(known, _)| *known == form) {
            self.report.forms.push((form, Tally::default()));
        }
        self.is_counted = outcome != PutOutcome::Repeated;
        let Some((_, tally)) = self.report.forms.iter_mut().find(|(known, _)| *known == form) else { return };
        match outcome {
            PutOutcome::Created => tally.added += 1,
            PutOutcome::Changed => tally.changed += 1,
            PutOutcome::Repeated => tally.unchanged += 1,
        }
    }

    /// Counts a row as changed whose contact changes, unless the row is counted as written already.
    pub(super) fn tally_contact(&mut self, form: Form) {
        let tally = self.report.forms.iter_mut().find(|(known, _)| *known == form).map(|(_, tally)| tally);
        if let Some(tally) = tally.filter(|_| !self.is_counted) {
            tally.unchanged = tally.unchanged.saturating_sub(1);
            tally.changed += 1;
            self.is_counted = true;
        }
    }

    /// Adds a step, whose result later checks see.
    pub(super) fn step<R: Reference>(&mut self, put: Put, write: R::Write)
    where
        R::Write: 'static,
    {
        R::apply(&mut self.world, &put, &write);
        self.steps.push(Box::new(move |change| R::write(change, &put, &write)));
    }
}

/// The fault of a day on which nothing can have been counted yet.
pub(super) fn counted_ahead(day: NaiveDate) -> Fault {
    Fault::new("/counted_on", "counted_ahead", message!("counted-ahead", day = day.to_string()))
}

fn is_unknown(fault: &Fault) -> bool {
    fault.code.ends_with("_unknown")
}
