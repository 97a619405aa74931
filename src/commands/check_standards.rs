//! `muster check-standards`: checks standards in files, or those in a database.

use std::error::Error;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::time::{DEFAULT_ZONE, local_day};
use chrono::{NaiveDate, Utc};
use db::url::DatabaseUrl;
use domain::draft::{Severity, StandardFinding, StandardText};
use reference::Reference;
use service::input_errors::read_json;
use service::rule_check::Stored;
use text::language::Language;
use text::messages::message;

use super::input::read_at_most;
use crate::exit::StandardsFaulty;

/// The largest file of a standard, in bytes.
const MOST_BYTES: u64 = 2 * 1024 * 1024;

/// The options of the check.
#[derive(clap::Args)]
pub struct Options {
    /// The files, each one standard with its rules as JSON, in the form of data/standards. They are checked beside each
    /// other and beside Muster's own catalogue and dictionary. Without files, the standards that are adopted in the database.
    #[arg(value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Checks the files beside the catalogue, dictionary, standards and organizations of the database instead.
    #[arg(long)]
    stored: bool,
    /// The day on which they would hold; today by default.
    #[arg(long, value_name = "DAY")]
    as_of: Option<NaiveDate>,
    /// The format of the findings.
    #[arg(long, value_enum, default_value = "text")]
    report: Told,
    /// The language of the findings.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = super::arguments::language)]
    language: Language,
}

/// The format of the findings.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Told {
    /// For people: one line for each finding.
    Text,
    /// For programs.
    Json,
}

impl Options {
    /// True if the check needs no database.
    pub fn is_of_files(&self) -> bool {
        !self.files.is_empty() && !self.stored
    }

    fn day(&self) -> NaiveDate {
        self.as_of.unwrap_or_else(|| local_day(Utc::now(), DEFAULT_ZONE))
    }
}

/// Checks files beside Muster's own catalogue and dictionary.
///
/// # Errors
/// If a file cannot be read, or a standard has faults.
pub fn check_files(options: &Options) -> Result<(), Box<dyn Error>> {
    let texts = read_all(&options.files)?;
    let reference_data = Arc::new(Reference::load()?.reference_data());
    let stored = Stored { reference_data, organizations: Vec::new() };
    tell(options, &stored.check(Some(&texts), options.day()))
}

/// Checks files beside a database, or what is adopted in it.
///
/// # Errors
/// If a file or the database cannot be read, or a standard has faults.
pub async fn run(database: DatabaseUrl, options: Options) -> Result<(), Box<dyn Error>> {
    let texts = read_all(&options.files)?;
    let db = super::open(&database)?;
    let stored = db.read(|snapshot| Stored::load(snapshot, None)).await;
    db.close().await?;
    let texts = (!texts.is_empty()).then_some(texts.as_slice());
    tell(&options, &stored?.check(texts, options.day()))
}

fn read_all(files: &[PathBuf]) -> Result<Vec<StandardText>, Box<dyn Error>> {
    let texts: Vec<StandardText> = files.iter().map(|path| read(path)).collect::<Result<_, _>>()?;
    for (number, text) in texts.iter().enumerate() {
        if texts.iter().take(number).any(|earlier| earlier.code == text.code) {
            return Err(format!("two files hold the standard {}: give one of them", text.code).into());
        }
    }
    Ok(texts)
}

fn read(path: &Path) -> Result<StandardText, Box<dyn Error>> {
    read_json(&read_at_most(path, MOST_BYTES)?).map_err(|error| match error {
        base::error::Error::Invalid(faults) => {
            let first = faults.first().map(|fault| format!("{}: {}", fault.pointer, fault.detail));
            format!("{} is not a standard: {}", path.display(), first.unwrap_or_default()).into()
        }
        error => Box::<dyn Error>::from(error),
    })
}

/// Prints the findings, and fails if there are faults among them.
fn tell(options: &Options, found: &[StandardFinding]) -> Result<(), Box<dyn Error>> {
    let faults = found.iter().filter(|found| found.finding.severity == Severity::Fault).count();
    let told = match options.report {
        Told::Text => {
            let lines = found.iter().map(|found| line(found, options.language));
            let summary = message!("check-summary", faults = faults, warnings = found.len() - faults);
            let lines: Vec<String> = lines.chain([summary.text(options.language)]).collect();
            format!("{}\n", lines.join("\n"))
        }
        Told::Json => {
            let findings: Vec<_> = found.iter().map(|found| json(found, options.language)).collect();
            format!("{:#}\n", serde_json::Value::Array(findings))
        }
    };
    let mut out = std::io::stdout();
    out.write_all(told.as_bytes())?;
    out.flush()?;
    if faults == 0 { Ok(()) } else { Err(StandardsFaulty { faults }.into()) }
}

fn line(found: &StandardFinding, language: Language) -> String {
    let StandardFinding { standard, rule, organization, finding } = found;
    let severity = match finding.severity {
        Severity::Fault => message!("check-fault"),
        Severity::Warning => message!("check-warning"),
    };
    let places = [standard.as_deref(), rule.as_deref(), organization.as_deref(), Some(&finding.fault.pointer)];
    let place: Vec<&str> = places.into_iter().flatten().filter(|part| !part.is_empty()).collect();
    let (code, detail) = (finding.fault.code, finding.fault.detail.text(language));
    format!("{} [{code}] {}: {detail}", severity.text(language), place.join(" "))
}

fn json(found: &StandardFinding, language: Language) -> serde_json::Value {
    let StandardFinding { standard, rule, organization, finding } = found;
    serde_json::json!({
        "standard": standard, "rule": rule, "organization": organization, "severity": finding.severity,
        "pointer": finding.fault.pointer, "code": finding.fault.code, "detail": finding.fault.detail.text(language),
    })
}
