//! `muster export`: writes the data as tables that can be imported again, or a ledger in the columns that people keep.

use std::error::Error;
use std::path::{Path, PathBuf};

use chrono::Utc;
use db::read::Snapshot;
use db::url::DatabaseUrl;
use domain::change::Editor;
use service::export;
use tables::form::Form;
use tables::{self, Encoding, Sheet};
use text::language::Language;

use super::ledgers::{self, NewLedger};
use super::output_files::{folder_of, write_files};

/// The options of an export.
#[derive(clap::Args)]
pub struct Options {
    /// The tables to write: a form, such as items, or all.
    #[arg(long, value_name = "FORM", default_value = "all")]
    form: String,
    /// Writes a ledger instead: stock, counts, shortages or expiring.
    #[arg(long, value_name = "TABLE", conflicts_with_all = ["form", "template", "encoding"])]
    table: Option<LedgerTable>,
    /// The columns of the ledger: a column map of the region or one above it, or hazchem-enterprise.
    #[arg(long, value_name = "NAME", requires = "table")]
    profile: Option<String>,
    /// The region of the ledger, by its code, with all below it; the topmost if left out.
    #[arg(long, value_name = "CODE", requires = "table")]
    region: Option<String>,
    /// The number of days in which what the table expiring lists expires [default: 30].
    #[arg(long, value_name = "DAYS", requires = "table", value_parser = clap::value_parser!(u32).range(1..=3650))]
    within_days: Option<u32>,
    /// The file format.
    #[arg(long, value_enum, default_value = "xlsx")]
    format: Format,
    /// The encoding of CSV.
    #[arg(long, value_enum, default_value = "utf8")]
    encoding: Coding,
    /// The file to write; for several CSV tables, the folder for their files.
    #[arg(long, visible_alias = "out", value_name = "PATH")]
    to: PathBuf,
    /// The language of headers, words and sheet names: en or zh-CN.
    #[arg(long, value_name = "LANGUAGE", default_value = "en", value_parser = super::arguments::language)]
    language: Language,
    /// Writes empty tables to fill in; this needs no database.
    #[arg(long)]
    pub template: bool,
    /// Replaces existing files.
    #[arg(long)]
    overwrite: bool,
}

/// A ledger that can be written.
#[derive(Clone, Copy, clap::ValueEnum)]
enum LedgerTable {
    Stock,
    Counts,
    Shortages,
    Expiring,
}

impl From<LedgerTable> for domain::ledger_table::LedgerTable {
    fn from(table: LedgerTable) -> Self {
        match table {
            LedgerTable::Stock => Self::Stock,
            LedgerTable::Counts => Self::Counts,
            LedgerTable::Shortages => Self::Shortages,
            LedgerTable::Expiring => Self::Expiring,
        }
    }
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Format {
    Csv,
    Xlsx,
}

#[derive(Clone, Copy, clap::ValueEnum)]
enum Coding {
    Utf8,
    Gb18030,
}

fn forms(options: &Options) -> Result<Vec<Form>, String> {
    match options.form.as_str() {
        "all" if options.template => Ok(Form::all().collect()),
        "all" => Ok(Form::exported().collect()),
        name => Ok(vec![super::arguments::form(name)?]),
    }
}

/// Writes empty tables.
///
/// # Errors
/// If a file cannot be written.
pub fn write_templates(options: &Options) -> Result<(), Box<dyn Error>> {
    write_all(options, &export::templates(&forms(options)?, options.language == Language::Chinese))
}

/// Writes the data.
///
/// # Errors
/// If the database cannot be used, or a file cannot be written.
pub async fn run(database: DatabaseUrl, options: Options) -> Result<(), Box<dyn Error>> {
    let (forms, chinese) = (forms(&options)?, options.language == Language::Chinese);
    let db = super::open(&database)?;
    if let DatabaseUrl::Sqlite(database) = &database
        && is_of_database(&options.to, database)
    {
        return Err(format!("{} belongs to the database: name another file", options.to.display()).into());
    }
    if let Some(table) = options.table {
        let Options { profile, region, within_days, language, format, to, overwrite, .. } = options;
        if within_days.is_some() && !matches!(table, LedgerTable::Expiring) {
            return Err("--within-days is for --table expiring: leave it out".into());
        }
        let (table, is_csv) = (table.into(), matches!(format, Format::Csv));
        let new = NewLedger { table, profile, region, within_days, language, is_csv, to, overwrite };
        let written = ledgers::write(&db, new).await;
        db.close().await?;
        return written;
    }
    let now = Utc::now();
    let read = move |snapshot: &mut Snapshot<'_>| {
        export::sheets(snapshot.connection, &forms, chinese, &Editor::operator(now), true)
    };
    let sheets = db.read(read).await;
    db.close().await?;
    write_all(&options, &sheets?.sheets)
}

fn write_all(options: &Options, sheets: &[Sheet]) -> Result<(), Box<dyn Error>> {
    let encoding = match options.encoding {
        Coding::Utf8 => Encoding::Utf8,
        Coding::Gb18030 => Encoding::Gb18030,
    };
    let files = match (options.format, sheets) {
        (Format::Xlsx, sheets) => vec![(options.to.clone(), tables::write_xlsx(sheets)?)],
        (Format::Csv, [sheet]) if options.form != "all" => {
            vec![(options.to.clone(), tables::write_csv(sheet, encoding)?)]
        }
        (Format::Csv, sheets) => {
            let file = |sheet: &Sheet| {
                let path = options.to.join(format!("{}.csv", sheet.name()));
                Ok::<_, Box<dyn Error>>((path, tables::write_csv(sheet, encoding)?))
            };
            sheets.iter().map(file).collect::<Result<_, _>>()?
        }
    };
    write_files(&files, options.overwrite)
}

/// True for the file of an SQLite database, and for those beside it that begin with its name: its log and its locks.
fn is_of_database(path: &Path, database: &Path) -> bool {
    let (Ok(database), Some(name)) = (database.canonicalize(), path.file_name()) else { return false };
    let folder = folder_of(path);
    let is_beside = folder.canonicalize().is_ok_and(|folder| database.parent() == Some(&folder));
    let begins_alike =
        database.file_name().is_some_and(|own| name.as_encoded_bytes().starts_with(own.as_encoded_bytes()));
    is_beside && begins_alike || path.canonicalize().is_ok_and(|path| path == database)
}
