//! Reading one consistent state.

use std::sync::Arc;

use chrono::NaiveDate;
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use tokio_util::sync::CancellationToken;

use super::connection::AnyConnection;
use super::pool::Pool;
use super::reachability::Reachability;
use super::reference_cache::ReferenceCache;
use super::revisions;
use base::error::Error;
use domain::draft::{Draft, Finding};
use domain::reference_data::ReferenceData;
use domain::revision::{Learnt, Revision};

/// One consistent state of the database: whole revisions only, the newest of which is known.
pub struct Snapshot<'a> {
    /// The connection, inside a read transaction.
    pub connection: &'a mut AnyConnection,
    /// The newest revision in it; `None` in an empty database.
    pub newest: Option<Learnt>,
    /// Set when nobody waits for the outcome any more.
    pub stop: CancellationToken,
    kept: &'a ReferenceCache,
}

impl Snapshot<'_> {
    /// The number of the newest revision; 0 in an empty database.
    pub fn newest_revision(&self) -> Revision {
        self.newest.map_or(Revision(0), |newest| newest.revision)
    }

    /// The reference data as of a revision, from memory if unchanged since.
    pub fn reference_data(&mut self, revision: Revision) -> Result<Arc<ReferenceData>, Error> {
        self.kept.at(self.connection, revision)
    }

    /// The findings about a draft as it would hold from a day, from memory if neither it nor the reference data changed.
    pub fn draft_findings(&mut self, draft: &Draft, day: NaiveDate) -> Result<Arc<[Finding]>, Error> {
        self.kept.findings(self.connection, draft, day)
    }
}

/// Runs a read in a snapshot; every statement of it sees the same state.
pub(super) fn in_snapshot<T>(
    readers: &Pool,
    reachability: &Reachability,
    kept: &ReferenceCache,
    stop: CancellationToken,
    work: impl FnOnce(&mut Snapshot<'_>) -> Result<T, Error>,
) -> Result<T, Error> {
    let mut connection = readers.get().map_err(|error| {
        reachability.lost();
        Error::unreachable(error)
    })?;
    let connection = &mut *connection;
    begin(connection)?;
    reachability.found();
    // The first statement fixes the snapshot on both databases.
    let outcome = revisions::newest(connection)
        .map_err(Error::from)
        .and_then(|newest| work(&mut Snapshot { connection: &mut *connection, newest, stop, kept }));
    <AnyConnection as Connection>::TransactionManager::rollback_transaction(connection)?;
    outcome
}

fn begin(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(connection) => AnsiTransactionManager::begin_transaction(connection),
        AnyConnection::Postgres(connection) => AnsiTransactionManager::begin_transaction_sql(
            connection,
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        ),
    }
}
