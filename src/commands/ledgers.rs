//! Ledgers, written row by row into a file that then gets its name.

use std::error::Error as StdError;
use std::io::BufWriter;
use std::path::PathBuf;

use base::error::Error;
use base::id::RegionId;
use chrono::Utc;
use db::Db;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::column_map::OWN;
use domain::ledger_table::LedgerTable;
use domain::revision::Revision;
use muster::api::ledger_files::{self, Asked, RowSink, TableSink};
use tables::{Output, PlainError, PlainFormat, PlainWriter, Printed};
use tempfile::NamedTempFile;
use text::language::Language;

use super::output_files::{folder_of, name, require_free, unfinished};
use crate::exit::FileFailure;

/// The ledger to write.
#[derive(Debug)]
pub struct NewLedger {
    /// The table.
    pub table: LedgerTable,
    /// The column map; its own columns if absent.
    pub profile: Option<String>,
    /// The code of the region; the topmost if absent.
    pub region: Option<String>,
    /// The number of days in which lots expire.
    pub within_days: Option<u32>,
    /// The language.
    pub language: Language,
    /// True for CSV, false for a workbook.
    pub is_csv: bool,
    /// The file.
    pub to: PathBuf,
    /// True to replace a file.
    pub overwrite: bool,
}

/// A file that a ledger is written into.
struct LedgerFile {
    file: NamedTempFile,
    format: PlainFormat,
}

/// The rows of such a file.
struct LedgerRows(PlainWriter<BufWriter<NamedTempFile>>);

impl TableSink for LedgerFile {
    type Rows = LedgerRows;

    fn begin_printed(self, heads: &[String], printed: &Printed) -> Result<LedgerRows, Error> {
        let writer = PlainWriter::printed(BufWriter::new(self.file), &self.format, heads, printed);
        writer.map(LedgerRows).map_err(unwritten)
    }
}

impl RowSink for LedgerRows {
    fn add_row(&mut self, row: &[Output]) -> Result<(), Error> {
        self.0.write(row).map(drop).map_err(unwritten)
    }
}

fn unwritten(error: PlainError) -> Error {
    Error::internal("the table cannot be written", error)
}

/// Writes a ledger.
///
/// # Errors
/// If the database cannot be read, there is no such region or column map, or the file cannot be written.
pub async fn write(db: &Db, new: NewLedger) -> Result<(), Box<dyn StdError>> {
    let NewLedger { table, profile, region, within_days, language, is_csv, to, overwrite } = new;
    require_free(&to, overwrite)?;
    let folder: PathBuf = folder_of(&to).to_owned();
    let file = unfinished(&folder).map_err(FileFailure::writing(&to))?;
    let format = if is_csv {
        PlainFormat::Csv { is_marked: language == Language::Chinese }
    } else {
        PlainFormat::Xlsx { folder }
    };
    let profile = profile.unwrap_or_else(|| OWN.to_owned());
    let read = move |snapshot: &mut Snapshot<'_>| {
        let belongs = Belongs::Region(top(snapshot, region.as_deref())?);
        let asked = Asked { table, profile, belongs, language };
        ledger_files::write(snapshot, &asked, within_days, Utc::now(), LedgerFile { file, format })
    };
    let LedgerRows(writer) = db.read(read).await.map_err(told)?;
    let file = writer.finish()?.into_inner().map_err(|error| FileFailure::writing(&to)(error.into_error()))?;
    file.as_file().sync_all().map_err(FileFailure::writing(&to))?;
    name(file, &to, overwrite)
}

/// What is wrong with a command line, in words.
fn told(error: Error) -> Box<dyn StdError> {
    match error {
        Error::Invalid(faults) => {
            faults.iter().map(|fault| fault.detail.to_string()).collect::<Vec<_>>().join(" ").into()
        }
        other => other.into(),
    }
}

/// The region with a code, or the topmost one.
fn top(snapshot: &mut Snapshot<'_>, code: Option<&str>) -> Result<RegionId, Error> {
    let regions = db::regions::list(snapshot.connection, Revision::LATEST)?;
    let mut found = regions.iter().filter(|region| match code {
        Some(code) => region.code == code,
        None => region.parent_id.is_none(),
    });
    found.next().map(|region| region.id).ok_or(Error::NotFound("region"))
}
