//! Importing tables: every row is checked by the rules of [`domain::change`], like a request, and all rows are written as
//! one change, or none.
//!
//! The import itself reads tables, fills missing columns with the values in force, sorts rows so that each thing exists
//! before another names it, and reports faults by sheet, row and column.

mod answers;
mod columns;
mod contacts;
mod counts;
mod facts;
mod fill;
mod ledger;
mod organizations;
mod plan;
mod rows;
mod standards;
pub(crate) mod statements;

pub use ledger::{LedgerReport, Question};

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;
use tokio_util::sync::CancellationToken;

use self::plan::{Asked, Plan, Signing};

use crate::unavailable;
use auth::receipts::ReceiptKeys;
use base::error::Error;
use base::holding::run_blocking;
use base::id::{AccountId, OrganizationId};
use db::connection::AnyConnection;
use db::locks::{Key, Locks};
use db::write::Change;
use db::{self, Db};
use domain::actor::{Actor, Subject, SubjectKind};
use domain::change::Editor;
use domain::organization::Organization;
use domain::revision::Revision;
use tables::fault::{Fault, FileTaken, Findings};
use tables::form::Form;
use tables::{self, Input, Options, Tables};
use text::language::Language;

/// A requested import.
#[derive(Clone)]
pub struct Import {
    /// The files.
    pub inputs: Vec<Input>,
    /// The way they are read.
    pub options: Options,
    /// The editor who requests it.
    pub editor: Editor,
    /// The defaults for rows that leave these values out.
    pub defaults: Defaults,
    /// The keys that sign the receipts of imported counts; without them none is imported.
    pub receipts: Option<Arc<ReceiptKeys>>,
    /// True to check everything and write nothing.
    pub dry_run: bool,
    /// Set when nobody waits for the outcome any more.
    pub stop: CancellationToken,
}

/// The defaults for rows that leave these values out.
#[derive(Clone, Debug, Default)]
pub struct Defaults {
    /// The first day on which the rows hold. Without it, a row that repeats the values of today changes nothing, and any
    /// other row holds from today.
    pub valid_from: Option<NaiveDate>,
    /// The reason, if the day is in the past.
    pub reason: Option<String>,
    /// The organization of rows of ledgers that name none, by code or name.
    pub organization: Option<String>,
    /// The depot of rows of ledgers that name none, by code or name.
    pub depot: Option<String>,
    /// The day of ledgers that tell none.
    pub counted_on: Option<NaiveDate>,
}

/// The outcome of an import.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// The tally of each form, in the order of the forms.
    pub forms: Vec<(Form, Tally)>,
    /// Faults and warnings.
    pub findings: Findings,
    /// The revision that it made; `None` if nothing was written.
    pub revision: Option<Revision>,
    /// The rows of ledgers.
    pub ledger: LedgerReport,
    /// True if answers that are stored already bear on rows that have waited for them.
    pub settles: bool,
    /// The number of faults that say that a code is not available.
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
    /// True if the files can be imported, or were.
    pub fn is_good(&self) -> bool {
        self.findings.fault_count() == 0
    }

    /// The report as JSON, with its words in a language.
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
            "ledger": self.ledger,
            "forms": forms,
            "files": files,
            "fault_count": self.findings.fault_count(),
            "faults": told(self.findings.faults()),
            "warning_count": self.findings.warning_count(),
            "warnings": told(self.findings.warnings()),
        })
    }

    fn writes(&self) -> bool {
        self.settles || self.forms.iter().any(|(_, tally)| tally.added + tally.changed > 0)
    }
}

/// Checks that somebody still waits for the import.
///
/// # Errors
/// `Busy` once it is cancelled; nobody is left to read it.
fn require_wanted(stop: &CancellationToken) -> Result<(), Error> {
    if stop.is_cancelled() { Err(Error::Busy("the work was given up")) } else { Ok(()) }
}

/// Imports tables: all of them or, if anything is wrong, none.
///
/// # Errors
/// The database's error. Faults of the files are in the report.
pub async fn import(db: &Db, actor: Actor, asked: Import) -> Result<Report, Error> {
    let Import { inputs, options, editor, defaults, receipts, dry_run, stop } = asked;
    let signing = actor.author.clone().zip(receipts).map(|(author, keys)| Signing { author, keys });
    let reading = stop.clone();
    let (tables, findings) = run_blocking(move || tables::read(inputs, options, reading))
        .await
        .map_err(|error| Error::internal("a file could not be read", error))?;
    require_wanted(&stop)?;
    let shared = Arc::new((tables, findings, defaults, stop, signing));
    let read = Arc::clone(&shared);
    let author = actor.account();
    let looked = db
        .read(move |snapshot| {
            let (tables, findings, defaults, stop, signing) = &*read;
            let named = locks(tables);
            let organizations = db::organizations::list(snapshot.connection, Revision::LATEST)?;
            let mut locked: BTreeSet<OrganizationId> =
                organizations.iter().filter(|one| named.contains(&one.code)).map(|one| one.id).collect();
            locked.extend(former_owners(snapshot.connection, tables, &organizations)?);
            let left = answers_left(snapshot.connection, author, &editor)?;
            let plan = Plan::of(
                snapshot.connection,
                tables,
                findings.clone(),
                Asked { editor: &editor, defaults, stop, left, signing: signing.clone() },
            )?;
            locked.extend(&plan.organizations);
            let senders = signing.iter().filter(|_| !plan.organizations.is_empty());
            let senders = senders.map(|signing| Key::sender(signing.author.account));
            let locks = Locks::organizations(locked).reference().keys(senders);
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
            // Checked again under the locks, because others may have written in the meantime.
            change.for_reference()?;
            let (tables, findings, defaults, stop, signing) = &*shared;
            let left = answers_left(change.connection, author, &editor)?;
            let plan = Plan::of(
                change.connection,
                tables,
                findings.clone(),
                Asked { editor: &editor, defaults, stop, left, signing: signing.clone() },
            )?;
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

/// The number of unavailable codes that may still be reported to the author.
///
/// # Errors
/// `TooMany` if there are none left.
fn answers_left(connection: &mut AnyConnection, author: Option<AccountId>, editor: &Editor) -> Result<usize, Error> {
    let left = unavailable::require_left(connection, author, editor.now)?;
    Ok(usize::try_from(left).unwrap_or(usize::MAX))
}

/// Records in the audit that tables were checked and nothing of them was written: their forms, and the number of rows of each.
/// Nobody can probe for codes unseen. The operator is not recorded, who can read the database anyway.
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
fn sizes(tables: &Tables) -> [(Form, usize); 14] {
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
        (Form::ItemAnswers, tables.item_answers.len()),
        (Form::Ledger, tables.ledger.len()),
        (Form::Counts, tables.counts.len()),
    ]
}

/// The organizations that have the depots of some tables: a depot may go to another while nothing was counted in it.
fn former_owners(
    connection: &mut AnyConnection,
    tables: &Tables,
    organizations: &[Organization],
) -> Result<BTreeSet<OrganizationId>, Error> {
    if tables.depots.is_empty() {
        return Ok(BTreeSet::new());
    }
    let codes: BTreeSet<&str> = tables.depots.iter().map(|row| row.value.code.as_str()).collect();
    let ids: Vec<OrganizationId> = organizations.iter().map(|one| one.id).collect();
    let all = db::depots::list(connection, &ids, Revision::LATEST)?;
    Ok(all.iter().filter(|depot| codes.contains(depot.code.as_str())).map(|depot| depot.organization_id).collect())
}

/// The codes of the organizations that may change.
fn locks(tables: &Tables) -> BTreeSet<String> {
    let organizations = tables.organizations.iter().map(|row| row.value.code.clone());
    let facts = tables.facts.iter().map(|row| row.value.organization.to_string());
    let depots = tables.depots.iter().filter_map(|row| row.value.new.organization.clone());
    let targets = tables.targets.iter().map(|row| row.value.organization.clone());
    organizations.chain(facts).chain(depots).chain(targets).collect()
}
