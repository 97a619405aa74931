//! The probes of reading and writing. Their outcome is remembered for a moment, so that nobody can load the database by asking.

use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::sql_types::Bool;

use super::connection::AnyConnection;
use super::migrations;
use super::open_error::OpenError;
use super::read::Snapshot;
use base::error::{Error, StorageFailure};
use base::remembered::Remembered;
use domain::revision::Learnt;

/// The time for which an outcome is remembered.
pub(super) const REMEMBERED: Duration = Duration::from_secs(2);

/// The time limit of a probe.
pub(super) const LIMIT: Duration = Duration::from_secs(2);

/// The time for which a failure of the disk is believed after a write met it: a probe is small, and may find room where a
/// count does not.
const BELIEVED: Duration = Duration::from_secs(30);

/// The state of writing, as far as it is known; clones share it.
#[derive(Clone, Debug)]
pub struct Writing {
    last_probe: Remembered<Option<StorageFailure>>,
    last_failure: Arc<Mutex<Option<(Instant, StorageFailure)>>>,
}

impl Default for Writing {
    fn default() -> Self {
        Self { last_probe: Remembered::new(REMEMBERED), last_failure: Arc::default() }
    }
}

impl Writing {
    /// Takes note that a write was committed, or that the storage failed it.
    pub(super) fn note(&self, outcome: Result<(), StorageFailure>) {
        use StorageFailure::{Failing, Full, ReadOnly};
        let mut last = self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        match outcome {
            Ok(()) => *last = None,
            Err(failure @ (Failing | Full | ReadOnly)) => *last = Some((Instant::now(), failure)),
            Err(_) => {}
        }
    }

    fn believed_failure(&self) -> Option<StorageFailure> {
        let last = *self.last_failure.lock().unwrap_or_else(PoisonError::into_inner);
        last.filter(|(at, _)| at.elapsed() < BELIEVED).map(|(_, failure)| failure)
    }

    /// The answer of a probe, a remembered one where it is young. Those who ask at once wait for one probe.
    ///
    /// # Errors
    /// The failure of the storage.
    pub(super) async fn check(&self, probe: impl Future<Output = Result<(), Error>>) -> Result<(), Error> {
        let probe = async {
            match probe.await {
                Ok(()) => Ok(None),
                Err(error @ Error::Storage(failure, _)) => {
                    tracing::warn!(error = %error.with_causes(), "writing does not work");
                    Ok(Some(failure))
                }
                Err(error) => Err(error),
            }
        };
        let found = self.last_probe.get(probe).await?;
        match found.or_else(|| self.believed_failure()) {
            Some(failure) => Err(Error::Storage(failure, "writing does not work".into())),
            None => Ok(()),
        }
    }
}

/// The outcome of reading from a database that answers.
#[derive(Clone, Debug)]
pub enum Reading {
    /// The schema is the one this program knows; with the newest revision.
    Works(Option<Learnt>),
    /// The schema is another; with the reason.
    OtherSchema(String),
}

/// Compares the schema with the one this program knows, and looks up the newest revision.
pub(super) fn read_newest(snapshot: &mut Snapshot<'_>) -> Result<Reading, Error> {
    match migrations::schema_state(snapshot.connection) {
        Ok(schema) if schema.pending.is_empty() => Ok(Reading::Works(snapshot.newest)),
        Ok(schema) => Ok(Reading::OtherSchema(format!("it lacks {} migrations", schema.pending.len()))),
        Err(OpenError::Failed(error)) => Err(error),
        Err(error) => Ok(Reading::OtherSchema(error.to_string())),
    }
}

#[derive(QueryableByName)]
struct ServerMode {
    #[diesel(sql_type = Bool)]
    is_read_only: bool,
}

/// Writes, and changes nothing: on SQLite the number that Muster leaves at 0, on PostgreSQL the id of the transaction.
pub(super) fn write_nothing(connection: &mut AnyConnection) -> Result<(), Error> {
    match connection {
        AnyConnection::Sqlite(connection) => Ok(connection.batch_execute("PRAGMA user_version=0")?),
        AnyConnection::Postgres(connection) => {
            let look = "SELECT current_setting('transaction_read_only')::bool AS is_read_only";
            let ServerMode { is_read_only } = diesel::sql_query(look).get_result(connection)?;
            if is_read_only {
                return Err(Error::Storage(StorageFailure::ReadOnly, "the server only reads".into()));
            }
            Ok(connection.batch_execute("SELECT txid_current()")?)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn failing(failure: StorageFailure) -> Result<(), Error> {
        Err(Error::Storage(failure, "a test".into()))
    }

    #[tokio::test]
    async fn an_answer_is_remembered_for_a_moment() {
        let writing = Writing::default();
        assert!(writing.check(async { Ok(()) }).await.is_ok());
        assert!(writing.check(async { panic!("the first answer is young") }).await.is_ok());
        let other = Writing::default();
        for _ in 0..2 {
            let found = other.check(async { failing(StorageFailure::ReadOnly) }).await;
            assert_eq!(found.unwrap_err().storage_failure(), Some(StorageFailure::ReadOnly));
        }
    }

    #[tokio::test]
    async fn a_disk_that_failed_a_write_is_not_trusted_for_a_probe() {
        let writing = Writing::default();
        writing.note(Err(StorageFailure::Full));
        let found = writing.check(async { Ok(()) }).await;
        assert_eq!(found.unwrap_err().storage_failure(), Some(StorageFailure::Full));
        writing.note(Err(StorageFailure::Collision));
        assert!(writing.check(async { Ok(()) }).await.is_err());
        writing.note(Ok(()));
        assert!(writing.check(async { Ok(()) }).await.is_ok());
    }
}
