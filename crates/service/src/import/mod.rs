//! Bringing tables in: every row is compared with what is stored, every meaning is checked, and all of it is written as
//! one change, or nothing is.

mod catalogue;
pub(crate) mod ledger;
mod organizations;
mod plan;
mod regions;
mod standards;
pub(crate) mod state;
mod steps;

use std::collections::BTreeSet;
use std::sync::Arc;

use chrono::NaiveDate;
use serde_json::json;

use self::plan::Plan;
use base::error::Error;
use db::locks::Locks;
use db::{self, Db};
use domain::account::Belongs;
use domain::actor::Actor;
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
    /// How they are read.
    pub options: Options,
    /// From when a row holds that does not say so itself.
    pub valid_from: NaiveDate,
    /// What may be changed.
    pub reach: Reach,
    /// True to check everything and write nothing.
    pub dry_run: bool,
}

/// What an import may change.
#[derive(Clone, Copy, Debug)]
pub enum Reach {
    /// Everything: whoever runs the program has the database in hand.
    Everything,
    /// What an account may: its region and all below it, and what all regions share where it is at the top.
    Of(Belongs),
}

/// How an import went.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// What each form brought, in the order of the forms.
    pub forms: Vec<(Form, Tally)>,
    /// What is wrong, and what is worth a look.
    pub findings: Findings,
    /// The revision that it made; `None` where nothing was written.
    pub revision: Option<Revision>,
}

/// How many rows of a form brought what.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// New things.
    pub added: usize,
    /// What is said otherwise than before.
    pub changed: usize,
    /// What was there already.
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
/// `Forbidden` for whoever has no region; what the database answers. What is wrong in the files is in the report.
pub async fn import(db: &Db, actor: Actor, asked: Import) -> Result<Report, Error> {
    let Import { inputs, options, valid_from, reach, dry_run } = asked;
    let (tables, findings) = tokio::task::spawn_blocking(move || tables::read(&inputs, options))
        .await
        .map_err(|error| Error::internal("a file could not be read", error))?;
    let shared = Arc::new((tables, findings));
    let read = Arc::clone(&shared);
    let looked = db
        .read(move |snapshot| {
            let (tables, findings) = &*read;
            let named = locks(tables);
            let organizations = db::organizations::list(snapshot.connection, Revision::LATEST)?;
            let locked = organizations.iter().filter(|one| named.contains(&one.code)).map(|one| one.id);
            let locks = Locks::organizations(locked).reference();
            let plan = Plan::of(snapshot.connection, tables, findings.clone(), (valid_from, reach))?;
            Ok((plan.report, locks))
        })
        .await;
    let (report, locks) = looked?;
    if dry_run || !report.is_good() || !report.writes() {
        return Ok(report);
    }
    let written = db
        .write(actor, locks, move |change| {
            // Looked at again under the locks: what others wrote meanwhile is compared with as well.
            change.for_reference()?;
            let (tables, findings) = &*shared;
            let plan = Plan::of(change.connection, tables, findings.clone(), (valid_from, reach))?;
            if plan.report.is_good() {
                steps::write(change, &plan)?;
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
    let organizations = tables.organizations.iter().map(|row| &row.value.code);
    let facts = tables.facts.iter().map(|row| &row.value.organization);
    let depots = tables.depots.iter().map(|row| &row.value.organization);
    let targets = tables.targets.iter().map(|row| &row.value.organization);
    organizations.chain(facts).chain(depots).chain(targets).cloned().collect()
}
