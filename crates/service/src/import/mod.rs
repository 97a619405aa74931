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

use self::plan::Plan;
use base::error::Error;
use db::locks::Locks;
use db::{self, Db};
use domain::actor::Actor;
use domain::change::Editor;
use domain::revision::Revision;
use tables::fault::{Fault, Findings};
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
        self.findings.fault_count == 0
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
                    "header": fault.place.column.as_ref().map(|column| column.header.as_str()),
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
        json!({
            "revision": self.revision,
            "forms": forms,
            "fault_count": self.findings.fault_count,
            "faults": told(&self.findings.faults),
            "warning_count": self.findings.warning_count,
            "warnings": told(&self.findings.warnings),
        })
    }

    fn writes(&self) -> bool {
        self.forms.iter().any(|(_, tally)| tally.added + tally.changed > 0)
    }
}

/// Brings tables in: all of them or, where anything is wrong, nothing.
///
/// # Errors
/// The database's error. Faults of the files are in the report.
pub async fn import(db: &Db, actor: Actor, asked: Import) -> Result<Report, Error> {
    let Import { inputs, options, editor, defaults, dry_run } = asked;
    let (tables, findings) = tokio::task::spawn_blocking(move || tables::read(&inputs, options))
        .await
        .map_err(|error| Error::internal("a file could not be read", error))?;
    let shared = Arc::new((tables, findings, defaults));
    let read = Arc::clone(&shared);
    let looked = db
        .read(move |snapshot| {
            let (tables, findings, defaults) = &*read;
            let named = locks(tables);
            let organizations = db::organizations::list(snapshot.connection, Revision::LATEST)?;
            let locked = organizations.iter().filter(|one| named.contains(&one.code)).map(|one| one.id);
            let locks = Locks::organizations(locked).reference();
            let plan = Plan::of(snapshot.connection, tables, findings.clone(), &editor, defaults)?;
            Ok((plan.report, locks))
        })
        .await;
    let (report, locks) = looked?;
    if dry_run || !report.is_good() || !report.writes() {
        return Ok(report);
    }
    let written = db
        .write_long(actor, locks, move |change| {
            // Looked at again under the locks: what others wrote meanwhile is compared with as well.
            change.for_reference()?;
            let (tables, findings, defaults) = &*shared;
            let plan = Plan::of(change.connection, tables, findings.clone(), &editor, defaults)?;
            if plan.report.is_good() {
                for step in plan.steps {
                    step(change)?;
                }
            }
            Ok(plan.report)
        })
        .await?;
    let mut report = written.value;
    report.revision = (report.is_good() && report.writes()).then_some(written.revision);
    Ok(report)
}

/// The codes of the organizations of which something may change.
fn locks(tables: &Tables) -> BTreeSet<String> {
    let organizations = tables.organizations.iter().map(|row| row.value.code.clone());
    let facts = tables.facts.iter().map(|row| row.value.organization.clone());
    let depots = tables.depots.iter().filter_map(|row| row.value.new.organization.clone());
    let targets = tables.targets.iter().map(|row| row.value.organization.clone());
    organizations.chain(facts).chain(depots).chain(targets).collect()
}
