//! `muster import`: imports tables into a database.

use std::error::Error;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use auth::revocations::RevocationLog;
use chrono::{NaiveDate, Utc};
use db::{self, Db};
use domain::account::Author;
use domain::actor::{Actor, Holder, Rights};
use domain::change::{COUNTERS, Editor};
use encoding_rs::Encoding;
use service::import::{self, Defaults, Import, Report};
use service::revocations;
use tables::fault::Fault;
use tables::form::Form;
use tables::{EncodingCertainty, Input, MOST_BYTES, Options as Reading};
use text::language::Language;
use text::messages::Message;
use tokio_util::sync::CancellationToken;

use super::keys;
use crate::config::WithKeys;
use crate::exit::FileFailure;

/// The name of the command in the audit.
const COMMAND: &str = "muster import";

/// The options of an import.
#[derive(clap::Args)]
pub struct Options {
    /// The files: CSV (UTF-8, UTF-16, GB18030, Big5 or Shift_JIS; separated by commas, semicolons or tabs), XLSX, or Muster's own JSON.
    #[arg(value_name = "FILE", required = true)]
    files: Vec<PathBuf>,
    /// Checks everything and reports what would be written, but writes nothing.
    #[arg(long)]
    dry_run: bool,
    /// The form of the tables, if neither name nor header shows it: items, organizations, facts ...
    #[arg(long, value_name = "FORM", value_parser = super::arguments::form)]
    form: Option<Form>,
    /// The first day of rows that name none; today by default.
    #[arg(long, value_name = "DAY")]
    valid_from: Option<NaiveDate>,
    /// The reason for rows of a past day that name none. Standards, rules, adoptions and declared targets hold from today
    /// or later unless there is a reason.
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// The organization of rows of ledgers that name none, by code or name.
    #[arg(long, value_name = "CODE")]
    organization: Option<String>,
    /// The depot of rows of ledgers that name none, by code or name.
    #[arg(long, value_name = "CODE")]
    depot: Option<String>,
    /// The day of ledgers that tell none.
    #[arg(long, value_name = "DAY")]
    counted_on: Option<NaiveDate>,
    /// The encoding of the CSV files, such as gb18030 or big5; by default it is detected, and reported if it is not
    /// certain.
    #[arg(long, value_name = "NAME", value_parser = encoding)]
    encoding: Option<&'static Encoding>,
    /// Leaves out columns that no form knows, with a warning.
    #[arg(long)]
    ignore_unknown_columns: bool,
    /// The user name of the account whose name and rights the import uses; by default the program's own name, with all
    /// rights.
    #[arg(long = "as", value_name = "USERNAME")]
    author: Option<String>,
    /// The format of the report.
    #[arg(long, value_enum, default_value = "text")]
    report: Told,
    /// The language of the report.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = super::arguments::language)]
    language: Language,
}

/// The format of a report.
#[derive(Clone, Copy, clap::ValueEnum)]
enum Told {
    /// For people.
    Text,
    /// For programs.
    Json,
}

/// Imports tables and reports the outcome.
///
/// # Errors
/// If the files have faults, after reporting them; or if the database cannot be used.
pub async fn run(config: WithKeys, options: Options) -> Result<(), Box<dyn Error>> {
    let inputs = options.files.iter().map(|path| input(path, options.encoding)).collect::<Result<Vec<_>, _>>()?;
    let db = super::open(&config.database)?;
    // Before the rights of an account are looked at: it may have been closed since the backup that was restored.
    if !options.dry_run {
        revocations::apply(&db, &RevocationLog::beside(&config.keys()), COMMAND).await?;
    }
    // Only somebody who answers for them may bring counts in, and only these need the keys.
    let receipts = match &options.author {
        Some(_) => Some(Arc::new(keys::load(&db, &config.data, false).await?.1)),
        None => None,
    };
    let (actor, editor) = author(&db, options.author).await?;
    let asked = Import {
        inputs,
        options: Reading { form: options.form, ignore_unknown_columns: options.ignore_unknown_columns },
        editor,
        defaults: Defaults {
            valid_from: options.valid_from,
            reason: options.reason,
            organization: options.organization,
            depot: options.depot,
            counted_on: options.counted_on,
        },
        receipts,
        dry_run: options.dry_run,
        stop: CancellationToken::new(),
    };
    let report = import::import(&db, actor, asked).await;
    db.close().await?;
    let report = report?;
    let told = match options.report {
        Told::Text => text(&report, options.dry_run, options.language),
        Told::Json => format!("{:#}\n", report.json(options.language)),
    };
    let mut out = std::io::stdout();
    out.write_all(told.as_bytes())?;
    out.flush()?;
    if report.is_good() {
        return Ok(());
    }
    let faults = Message::new("import-report-bad").with("count", report.findings.fault_count());
    Err(faults.text(options.language).into())
}

fn encoding(label: &str) -> Result<&'static Encoding, String> {
    Encoding::for_label(label.as_bytes()).ok_or_else(|| "there is no such encoding".to_owned())
}

fn input(path: &Path, charset: Option<&'static Encoding>) -> Result<Input, Box<dyn Error>> {
    let mut bytes = Vec::new();
    let file = File::open(path).map_err(FileFailure::reading(path))?;
    // A pipe has no size before it is read.
    file.take(MOST_BYTES as u64 + 1).read_to_end(&mut bytes).map_err(FileFailure::reading(path))?;
    if bytes.len() > MOST_BYTES {
        return Err(format!("{} is larger than {} MiB: split it", path.display(), MOST_BYTES / 1024 / 1024).into());
    }
    let name = path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned());
    Ok(Input { name, bytes, charset })
}

async fn author(db: &Db, username: Option<String>) -> Result<(Actor, Editor), Box<dyn Error>> {
    let mut actor = Actor::command(COMMAND);
    let now = Utc::now();
    let Some(username) = username else { return Ok((actor, Editor::operator(now))) };
    let name = username.to_lowercase();
    let found = db.read(move |snapshot| db::accounts::find_by_username(snapshot.connection, &name)).await?;
    let account = found.map(|(account, _)| account).filter(|account| !account.closed);
    let account = account.ok_or_else(|| format!("there is no open account {username:?}"))?;
    let (role, belongs) = (account.role, account.belongs);
    if !COUNTERS.contains(&role) {
        return Err(format!("{username} may only read").into());
    }
    // Checked again in the write, which is refused if they have changed.
    let holder = Holder::Account(account.id);
    actor.rights = Some(Rights { holder, allowed: COUNTERS, role, belongs, scopes: None });
    actor.author = Some(Author { account: account.id, name: account.display_name, role });
    Ok((actor, Editor::of(role, belongs, now)))
}

fn text(report: &Report, dry_run: bool, language: Language) -> String {
    let say = |key: &str| Message::new(format!("import-report-{key}"));
    let mut lines = Vec::new();
    for taken in &report.findings.files {
        // A certain encoding need not be reported.
        if let Some((encoding, EncodingCertainty::Likely)) = taken.encoding {
            let told = say("encoding").with("file", &*taken.file).with("encoding", encoding);
            lines.push(told.text(language));
        }
    }
    for fault in report.findings.faults() {
        lines.push(line(fault, language));
    }
    let faults = &report.findings;
    if faults.are_cut_off() {
        lines.push(Message::new("import-more-faults").with("count", faults.fault_count()).text(language));
    }
    if faults.warning_count() > 0 {
        lines.push(say("warnings").with("count", faults.warning_count()).text(language));
        lines.extend(faults.warnings().iter().map(|warning| format!("  {}", line(warning, language))));
    }
    if report.is_good() {
        let head = ["form", "added", "changed", "unchanged"].map(|key| say(key).text(language));
        let [form, added, changed, unchanged] = &head;
        lines.push(format!("{form:<16}{added:>10}{changed:>10}{unchanged:>10}"));
        for (form, tally) in &report.forms {
            let (added, changed, unchanged) = (tally.added, tally.changed, tally.unchanged);
            lines.push(format!("{:<16}{added:>10}{changed:>10}{unchanged:>10}", form.name()));
        }
    }
    let ledger = &report.ledger;
    if report.is_good() && !ledger.is_empty() {
        let told = say("ledger").with("counted", ledger.counted).with("open", ledger.open);
        lines.push(told.with("unlisted", ledger.unlisted).with("counts", ledger.counts).text(language));
    }
    lines.push(match report.revision {
        _ if !report.is_good() => String::new(),
        Some(revision) => say("good").with("revision", revision.0).text(language),
        None if dry_run => say("dry").text(language),
        None => say("nothing").text(language),
    });
    lines.retain(|line| !line.is_empty());
    lines.iter().map(|line| format!("{line}\n")).collect()
}

fn line(fault: &Fault, language: Language) -> String {
    format!("{}: {} [{}]", fault.place.text(language), fault.message().text(language), fault.code)
}
