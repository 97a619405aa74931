//! Ledgers as files that a command writes: the same tables as the answers, of all that somebody sees.

use chrono::{DateTime, Utc};

use super::ledgers::AskedLedger;
use super::{counts, expiring, shortages, stock};
use base::error::Error;
use db::read::Snapshot;
use domain::ledger_table::LedgerTable;

pub use super::ledgers::{AskedLedger as Asked, RowSink, TableSink};

/// Writes a whole table. What expires is that of the next days, 30 if none are given.
///
/// # Errors
/// `Invalid` for a profile that is not there; `NotFound` for a list to count by, which is that of one depot; the database's error; if
/// it cannot be written.
pub fn write<S: TableSink>(
    snapshot: &mut Snapshot<'_>,
    asked: &AskedLedger,
    within_days: Option<u32>,
    now: DateTime<Utc>,
    sink: S,
) -> Result<S::Rows, Error> {
    match asked.table {
        LedgerTable::Stock => stock::write_all(snapshot, asked, now, sink),
        LedgerTable::Counts => counts::write_all(snapshot, asked, now, sink),
        LedgerTable::Shortages => shortages::write_all(snapshot, asked, now, sink),
        LedgerTable::Expiring => expiring::write_all(snapshot, asked, within_days, now, sink),
        LedgerTable::CountList => Err(Error::NotFound("depot")),
    }
}
