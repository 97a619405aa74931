//! Bringing tables in: every row is held to the rules of [`domain::change`], as a request would be, and all of it is written
//! as one change, or nothing is.
//!
//! An import's own part is reading tables, filling columns that a file does not have with what holds, an order in which
//! each thing is there before another names it, and telling faults by sheet, row and column.

mod columns;
mod facts;
pub(crate) mod ledger;
mod organizations;
mod plan;
mod rows;
mod standards;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use self::plan::{Asked, Plan};
use crate::unavailable;
use base::error::Error;
use base::holding::run_blocking;
use base::id::AccountId;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::write::Change;
use db::{self, Db};
use domain::actor::{Actor, Subject, SubjectKind};
use domain::change::Editor;
use domain::revision::Revision;
use tables::fault::{Fault, FileTaken, Findings};
use tables::form::Form;
use tables::{self, Input, Options, Tables};
use text::language::Language;

/// An import that is asked for.
#[derive(Clone, Debug)]
pub struct Import {
    /// The files.
    pub inputs: Vec<Input>,
    /// The way they are read.
    pub options: Options,
    /// The editor who asks for it.
    pub editor: Editor,
    /// The defaults of rows that do not say so themselves.
    pub defaults: Defaults,
    /// True to check everything and write nothing.
    pub dry_run: bool,
    /// Set where nobody waits for the outcome any more.
    pub stop: CancellationToken,
}

/// The defaults of rows that do not say so themselves.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The first day on which they hold. Without it, a row that says what holds today changes nothing, and another holds from today.
    pub valid_from: Option<NaiveDate>,
    /// The reason why they are of a past day.
    pub reason: Option<String>,
}

/// The outcome of an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The tally of each form, in the order of the forms.
    pub forms: Vec<(Form, Tally)>,
    /// Faults and warnings.
    pub findings: Findings,
    /// The revision that it made; `None` where nothing was written.
    pub revision: Option<Revision>,
    /// The number of faults that say that a code cannot be had.
    pub unavailable: usize,
}

/// The numbers of rows of a form, by their outcome.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// New things.
    pub added: usize,
    /// Changed things.
    pub changed: usize,
    /// Repeats.
    pub unchanged: usize,
}

impl Report {
    /// True where the files can be taken, or were.
    pub fn is_good(&self) -> bool {
        self.findings.fault_count() == 0
    }

    /// It as JSON, its words in a language.
    pub fn json(&self, language: Language) -> serde_json::Value {
        let told = |faults: &[Fault]| -> Vec<serde_json::Value> {
            let one = |fault: &Fault| {
                json!({
                    "file": &*fault.place.file,
                    "sheet": fault.place.sheet.as_deref(),
                    "line": fault.place.line,
                    "column": fault.place.column.as_ref().and_then(|column| column.letters.as_deref()),
                    "header": fault.place.column.as_ref().map(|column| &*column.header),
                    "rows": fault.lines.ranges(),
                    "row_count": fault.lines.count(),
                    "value": fault.value,
                    "code": fault.code,
                    "detail": fault.message().text(language),
                })
            };
            faults.iter().map(one).collect()
        };
        let forms: Vec<serde_json::Value> = self
            .forms
            .iter()
            .map(|(form, Tally { added, changed, unchanged })| {
                json!({ "form": form.name(), "added": added, "changed": changed, "unchanged": unchanged })
            })
            .collect();
        let file = |taken: &FileTaken| {
            let (encoding, certainty) = taken.encoding.unzip();
            json!({
                "file": &*taken.file,
                "format": taken.format,
                "encoding": encoding,
                "encoding_certainty": certainty.map(<&str>::from),
            })
        };
        let files: Vec<serde_json::Value> = self.findings.files.iter().map(file).collect();
        json!({
            "revision": self.revision,
            "forms": forms,
            "files": files,
            "fault_count": self.findings.fault_count(),
            "faults": told(self.findings.faults()),
            "warning_count": self.findings.warning_count(),
            "warnings": told(self.findings.warnings()),
        })
    }

    fn writes(&self) -> bool {
        self.forms.iter().any(|(_, tally)| tally.added + tally.changed > 0)
    }
}

/// Lets an import go on while anybody waits for it.
///
/// # Errors
/// `Busy` once it is cancelled; nobody is left to read it.
fn require_wanted(stop: &CancellationToken) -> Result<(), Error> {
    if stop.is_cancelled() { Err(Error::Busy("the work was given up")) } else { Ok(()) }
}

/// Brings tables in: all of them or, where anything is wrong, nothing.
///
/// # Errors
/// The database's error. Faults of the files are in the report.
pub async fn import(db: &Db, actor: Actor, asked: Import) -> Result<Report, Error> {
    let Import { inputs, options, editor, defaults, dry_run, stop } = asked;
    let reading = stop.clone();
    let (tables, findings) = run_blocking(move || tables::read(inputs, options, reading))
        .await
        .map_err(|error| Error::internal("a file could not be read", error))?;
    require_wanted(&stop)?;
    let shared = Arc::new((tables, findings, defaults, stop));
    let read = Arc::clone(&shared);
    let author = actor.account();
    let looked = db
        .read(move |snapshot| {
            let (tables, findings, defaults, stop) = &*read;
            let named = locks(tables);
            let organizations = db::organizations::list(snapshot.connection, Revision::LATEST)?;
            let locked = organizations.iter().filter(|one| named.contains(&one.code)).map(|one| one.id);
            let locks = Locks::organizations(locked).reference();
            let left = answers_left(snapshot.connection, author, &editor)?;
            let plan = Plan::of(
                snapshot.connection,
                tables,
                findings.clone(),
                Asked { editor: &editor, defaults, stop, left },
            )?;
            Ok((plan.report, locks, editor))
        })
        .await;
    let (report, locks, editor) = looked?;
    let keys = unavailable::keys(&actor);
    if dry_run || !report.is_good() {
        let unavailable = report.unavailable;
        let note = move |change: &mut Change<'_>| note_check(change, &shared.0, unavailable, &editor);
        db.write(actor, Locks::none().keys(keys), note).await?;
        return Ok(report);
    }
    if !report.writes() {
        return Ok(report);
    }
    let written = db
        .write_long(actor, locks.keys(keys), move |change| {
            // Looked at again under the locks: what others wrote meanwhile is compared with as well.
            change.for_reference()?;
            let (tables, findings, defaults, stop) = &*shared;
            let left = answers_left(change.connection, author, &editor)?;
            let plan =
                Plan::of(change.connection, tables, findings.clone(), Asked { editor: &editor, defaults, stop, left })?;
            if plan.report.is_good() {
                for step in plan.steps {
                    require_wanted(stop)?;
                    step(change)?;
                }
            } else {
                note_check(change, tables, plan.report.unavailable, &editor)?;
            }
            Ok(plan.report)
        })
        .await?;
    let mut report = written.value;
    report.revision = (report.is_good() && report.writes()).then_some(written.revision);
    Ok(report)
}

/// The number of codes of which the author may be told that they cannot be had.
///
/// # Errors
/// `TooMany` where it is none.
fn answers_left(connection: &mut AnyConnection, author: Option<AccountId>, editor: &Editor) -> Result<usize, Error> {
    let left = unavailable::require_left(connection, author, editor.now)?;
    Ok(usize::try_from(left).unwrap_or(usize::MAX))
}

/// Writes down that somebody had tables checked of which nothing was written: the forms, and the number of rows of each. Nobody
/// asks in secret. Whoever runs the program has the database in hand.
fn note_check(change: &mut Change<'_>, tables: &Tables, unavailable: usize, editor: &Editor) -> Result<(), Error> {
    if change.actor().account().is_none() {
        return Ok(());
    }
    unavailable::count(change, i64::try_from(unavailable).unwrap_or(i64::MAX), editor.now)?;
    for (form, rows) in sizes(tables).into_iter().filter(|(_, rows)| *rows > 0) {
        change.record(Subject::of_two(SubjectKind::TableCheck, form.name(), &rows.to_string()));
    }
    Ok(())
}

/// The number of rows of each form.
fn sizes(tables: &Tables) -> [(Form, usize); 11] {
    [
        (Form::Regions, tables.regions.len()),
        (Form::ItemClasses, tables.item_classes.len()),
        (Form::Items, tables.items.len()),
        (Form::Dictionary, tables.dictionary.len()),
        (Form::Organizations, tables.organizations.len()),
        (Form::Facts, tables.facts.len()),
        (Form::Depots, tables.depots.len()),
        (Form::Standards, tables.standards.len()),
        (Form::Rules, tables.rules.len()),
        (Form::Adoptions, tables.adoptions.len()),
        (Form::Targets, tables.targets.len()),
    ]
}

/// The codes of the organizations of which something may change.
fn locks(tables: &Tables) -> BTreeSet<String> {
    let organizations = tables.organizations.iter().map(|row| row.value.code.clone());
    let facts = tables.facts.iter().map(|row| row.value.organization.to_string());
    let depots = tables.depots.iter().filter_map(|row| row.value.new.organization.clone());
    let targets = tables.targets.iter().map(|row| row.value.organization.clone());
    organizations.chain(facts).chain(depots).chain(targets).collect()
}
