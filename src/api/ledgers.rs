//! Ledgers as answers: lists in the columns that people keep, or in those of a column map ([`service::ledgers`]).

use super::fields::Fields;
use super::format::Format;
use super::table_file::{NewTable, TableRows};
use base::error::Error;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::column_map::OWN;
use domain::ledger_table::LedgerTable;
use domain::revision::Revision;
use serde::de::DeserializeOwned;
use service::column_maps;
use service::ledgers::cells::Row;
use service::ledgers::columns::Ledger;
use service::ledgers::names::Names;
use service::moment::Moment;
use tables::{Output, Printed};
use text::language::Language;
use text::messages::message;

/// A table to write rows into, once its columns are known.
pub trait TableSink {
    /// Its rows.
    type Rows: RowSink;

    /// Begins it.
    ///
    /// # Errors
    /// If it cannot be written.
    fn begin_printed(self, heads: &[String], printed: &Printed) -> Result<Self::Rows, Error>;
}

/// The rows of a table.
pub trait RowSink {
    /// Adds a row.
    ///
    /// # Errors
    /// If it cannot be written.
    fn add_row(&mut self, row: &[Output]) -> Result<(), Error>;
}

impl TableSink for NewTable {
    type Rows = TableRows;

    fn begin_printed(self, heads: &[String], printed: &Printed) -> Result<TableRows, Error> {
        self.begin_as(heads, Some(printed))
    }
}

impl RowSink for TableRows {
    fn add_row(&mut self, row: &[Output]) -> Result<(), Error> {
        self.add(row)
    }
}

/// The ledger that a request asks for.
#[derive(Clone, Debug)]
pub struct AskedLedger {
    /// The table.
    pub table: LedgerTable,
    /// The name of the column map, or of its own columns.
    pub profile: String,
    /// The caller, whose region has the column maps.
    pub belongs: Belongs,
    /// The language.
    pub language: Language,
}

impl AskedLedger {
    /// The ledger that a request for a list asks for; `None` for the columns of its members.
    ///
    /// Without a profile, a table in Chinese has the ledger's own columns, since it is for people, unless it names members.
    ///
    /// # Errors
    /// `Invalid` for a profile of an answer that is no table, and beside the names of members.
    pub fn of(
        table: LedgerTable,
        profile: Option<&str>,
        format: Format,
        fields: &Fields,
        belongs: Belongs,
        language: Language,
    ) -> Result<Option<Self>, Error> {
        let named = |profile: &str| Self { table, profile: profile.to_owned(), belongs, language };
        match profile {
            Some(_) if format == Format::Json => {
                Err(Error::invalid("/profile", "profile_without_table", message!("profile-without-table")))
            }
            Some(_) if !fields.is_all() => {
                Err(Error::invalid("/profile", "profile_and_fields", message!("profile-and-fields")))
            }
            Some(profile) => Ok(Some(named(profile))),
            None if format == Format::Json || !fields.is_all() || table == LedgerTable::Shortages => Ok(None),
            None => Ok((language == Language::Chinese).then(|| named(OWN))),
        }
    }

    /// Its columns as of a revision.
    ///
    /// # Errors
    /// `Invalid` for a profile that is not there, or is for other tables.
    pub fn columns(&self, snapshot: &mut Snapshot<'_>, revision: Revision) -> Result<Ledger, Error> {
        let Self { table, profile, belongs, language } = self;
        column_maps::ledger(snapshot.connection, *belongs, *table, profile, revision, *language)
    }

    /// Begins it for a moment.
    ///
    /// # Errors
    /// As [`AskedLedger::columns`]; if it cannot be written.
    pub fn begin<S: TableSink>(
        &self,
        snapshot: &mut Snapshot<'_>,
        moment: &Moment,
        sink: S,
    ) -> Result<LedgerRows<S::Rows>, Error> {
        let ledger = self.columns(snapshot, moment.revision)?;
        let names = Names::load(snapshot.connection, moment.revision, &ledger)?;
        let rows = sink.begin_printed(&ledger.heads(), &ledger.printed(moment.revision, moment.known_at))?;
        Ok(LedgerRows { ledger, names, rows, number: 0 })
    }
}

/// A request for the whole of a list.
///
/// # Errors
/// None that happens: every parameter of a list may be left out.
pub fn whole<Q: DeserializeOwned>() -> Result<Q, Error> {
    serde_html_form::from_str("").map_err(|error| Error::internal("a list cannot be asked for as a whole", error))
}

/// A ledger that is being written.
pub struct LedgerRows<R> {
    ledger: Ledger,
    /// The names that its rows have.
    pub names: Names,
    rows: R,
    number: u32,
}

impl<R: RowSink> LedgerRows<R> {
    /// A ledger that is begun.
    pub fn new(ledger: Ledger, names: Names, rows: R) -> Self {
        Self { ledger, names, rows, number: 0 }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// If they cannot be written.
    pub fn add(&mut self, rows: &[Row]) -> Result<(), Error> {
        rows.iter().try_for_each(|row| {
            self.number = self.number.saturating_add(1);
            self.rows.add_row(&self.ledger.cells(self.number, row))
        })
    }

    /// Its rows, all of which are written.
    pub fn end(self) -> R {
        self.rows
    }
}
