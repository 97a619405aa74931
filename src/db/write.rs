//! The queue of writes: commits several together, numbers each, and answers only after the commit.
//!
//! Each write runs in a savepoint of a shared transaction, so a bad one does not sink its neighbours. The locks of all
//! come first, in one order. What changed something is numbered by the last statement of the transaction, under one lock
//! that is held to the commit: revisions follow commit order, and every snapshot a reader can take is a revision.

use std::collections::BTreeSet;
use std::iter;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use crossbeam_channel::{Receiver, Sender, TrySendError, bounded};
use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use tokio::sync::oneshot;

use super::connection::AnyConnection;
use super::pool::Connector;
use super::revisions;
use crate::domain::id::{ChangeSetId, OrganizationId};
use crate::domain::revision::Revision;
use crate::error::Error;

/// How many writes may wait. More are told that the service is busy.
const QUEUE_LENGTH: usize = 1_024;

/// How many writes share one commit at most.
const BATCH_LENGTH: usize = 64;

/// How often a write on its own is tried before its error is its caller's.
const TRIES: usize = 5;

type Transactions = <AnyConnection as Connection>::TransactionManager;

/// What a write works with: the connection, inside a transaction, and the change set its rows carry.
pub struct Change<'a> {
    /// The connection; `transaction` on it opens a savepoint.
    pub connection: &'a mut AnyConnection,
    change_set: ChangeSetId,
    used: bool,
}

impl Change<'_> {
    /// The change set that every row of this write carries. Asking for it makes the write a revision.
    pub fn change_set(&mut self) -> ChangeSetId {
        self.used = true;
        self.change_set
    }
}

/// What a write answered, and the revision from which readers see it.
#[derive(Clone, Copy, Debug)]
pub struct Written<T> {
    /// The answer.
    pub value: T,
    /// The revision of the change; of the newest state seen, where nothing changed.
    pub revision: Revision,
}

/// A write that waits for its turn.
trait Job: Send {
    /// The organizations whose rows it locks before it starts.
    fn locks(&self) -> &[OrganizationId];
    /// Runs it; may be called again after a rollback.
    fn run(&mut self, change: &mut Change<'_>) -> Result<(), Error>;
    /// Tells the caller how it ended.
    fn answer(self: Box<Self>, outcome: Result<Revision, Error>);
}

struct Waiting<T, F> {
    locks: Vec<OrganizationId>,
    work: F,
    value: Option<T>,
    reply: oneshot::Sender<Result<Written<T>, Error>>,
}

impl<T, F> Job for Waiting<T, F>
where
    T: Send,
    F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send,
{
    fn locks(&self) -> &[OrganizationId] {
        &self.locks
    }

    fn run(&mut self, change: &mut Change<'_>) -> Result<(), Error> {
        self.value = Some((self.work)(change)?);
        Ok(())
    }

    fn answer(self: Box<Self>, outcome: Result<Revision, Error>) {
        let Self { value, reply, .. } = *self;
        let answer = outcome.and_then(|revision| match value {
            Some(value) => Ok(Written { value, revision }),
            None => Err(Error::Internal("a write ended without an answer", None)),
        });
        // A caller that has gone away wants no answer; the commit stands.
        let _ = reply.send(answer);
    }
}

/// The way into the queue; clones share it. The writers stop after [`WriteQueue::close`], or when the last one is dropped.
#[derive(Clone)]
pub struct WriteQueue {
    shared: Arc<Mutex<Open>>,
}

struct Open {
    /// `None` once the queue is closed.
    jobs: Option<Sender<Box<dyn Job>>>,
    writers: Vec<JoinHandle<()>>,
}

impl WriteQueue {
    /// Starts the writers: one on SQLite, a few on PostgreSQL.
    pub fn start(connector: &Connector, writers: usize) -> Result<Self, Error> {
        let (jobs, waiting) = bounded(QUEUE_LENGTH);
        let writers = (0..writers)
            .map(|number| {
                let (connector, waiting) = (connector.clone(), waiting.clone());
                thread::Builder::new()
                    .name(format!("writer-{number}"))
                    .spawn(move || write_batches(connector, &waiting))
                    .map_err(|error| Error::internal("a writer could not be started", error))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { shared: Arc::new(Mutex::new(Open { jobs: Some(jobs), writers })) })
    }

    /// Takes no more writes, and waits until all that were taken are committed and answered.
    pub fn close(&self) {
        let writers = {
            let mut open = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
            open.jobs = None;
            std::mem::take(&mut open.writers)
        };
        for writer in writers {
            if writer.join().is_err() {
                tracing::error!("a writer panicked");
            }
        }
    }

    fn take(&self, job: Box<dyn Job>) -> Result<(), Error> {
        let open = self.shared.lock().unwrap_or_else(PoisonError::into_inner);
        let jobs = open.jobs.as_ref().ok_or(Error::Busy("the service is stopping"))?;
        jobs.try_send(job).map_err(|refused| match refused {
            TrySendError::Full(_) => Error::Busy("too many writes are waiting"),
            TrySendError::Disconnected(_) => Error::Internal("the writers have stopped", None),
        })
    }

    /// Runs a write in its turn and answers after its commit. `locks` are the organizations whose counts, facts or
    /// depots it changes. `work` may run more than once: it must not keep anything from
    /// an earlier run.
    pub async fn write<T, F>(&self, locks: Vec<OrganizationId>, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        self.take(Box::new(Waiting { locks, work, value: None, reply }))?;
        answer.await.map_err(|_| Error::Internal("a writer stopped before it answered", None))?
    }
}

/// Takes what is waiting, commits it together, and starts over, until the queue is closed and empty. No write waits for
/// company: batches form by themselves while the one before is committed.
fn write_batches(connector: Connector, waiting: &Receiver<Box<dyn Job>>) {
    let mut writer = Writer { connector, connection: None };
    while let Ok(first) = waiting.recv() {
        let mut batch = vec![first];
        batch.extend(waiting.try_iter().take(BATCH_LENGTH - 1));
        writer.commit_together(batch);
    }
}

/// Commits batches, over a connection that is opened anew when it breaks.
struct Writer {
    connector: Connector,
    /// Never inside a transaction.
    connection: Option<AnyConnection>,
}

/// Why a transaction was not committed.
enum Setback {
    /// It could not begin; nothing was tried.
    NotBegun,
    /// Nothing of it was committed; it may be tried again.
    RolledBack(Error),
    /// The connection was lost during the commit, so nobody knows whether it was made; it must not be tried again here.
    Unknown(Error),
}

impl Writer {
    /// Commits a batch in one transaction. Where that is rolled back as a whole (two batches that waited for each other,
    /// a connection that was cut), each write is tried again in a transaction of its own.
    fn commit_together(&mut self, mut batch: Vec<Box<dyn Job>>) {
        if batch.len() > 1 {
            match self.commit(&mut batch) {
                Err(Setback::RolledBack(error)) => {
                    tracing::warn!(%error, writes = batch.len(), "a batch failed; its writes are tried singly");
                }
                outcome => return answer(batch, outcome),
            }
        }
        for job in batch {
            let mut alone = vec![job];
            let mut outcome = self.commit(&mut alone);
            for _ in 1..TRIES {
                match outcome {
                    Err(Setback::RolledBack(error)) if error.undoes_transaction() => outcome = self.commit(&mut alone),
                    _ => break,
                }
            }
            answer(alone, outcome);
        }
    }

    /// One transaction.
    fn commit(&mut self, batch: &mut [Box<dyn Job>]) -> Result<Vec<Result<Revision, Error>>, Setback> {
        let mut connection = self.begin()?;
        let outcome = match run_all(&mut connection, batch) {
            Ok(outcomes) => match Transactions::commit_transaction(&mut connection) {
                Ok(()) => Ok(outcomes),
                Err(error) if connection.is_broken() => Err(Setback::Unknown(error.into())),
                Err(error) => Err(Setback::RolledBack(error.into())),
            },
            Err(error) => {
                if let Err(failed) = roll_back_to(&mut connection, 0) {
                    tracing::warn!(error = %failed, "a rollback failed; the connection is closed");
                }
                Err(Setback::RolledBack(error))
            }
        };
        // One that is broken or still in a transaction is closed instead, which ends the transaction.
        if !connection.is_broken() {
            self.connection = Some(connection);
        }
        outcome
    }

    /// A connection inside a new transaction. One that was cut while it was idle is replaced.
    fn begin(&mut self) -> Result<AnyConnection, Setback> {
        let not_begun = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "the writer cannot begin a transaction");
            Setback::NotBegun
        };
        if let Some(mut connection) = self.connection.take() {
            match begin(&mut connection) {
                Ok(()) => return Ok(connection),
                Err(_) if connection.is_broken() => {}
                Err(error) => {
                    self.connection = Some(connection);
                    return Err(not_begun(&error));
                }
            }
        }
        let mut connection = self.connector.connect().map_err(|error| not_begun(&error))?;
        begin(&mut connection).map_err(|error| not_begun(&error))?;
        Ok(connection)
    }
}

/// Tells every caller of a batch how it ended.
fn answer(batch: Vec<Box<dyn Job>>, outcome: Result<Vec<Result<Revision, Error>>, Setback>) {
    let each: Box<dyn Iterator<Item = Result<Revision, Error>>> = match outcome {
        Ok(outcomes) => Box::new(outcomes.into_iter()),
        Err(Setback::NotBegun) => Box::new(iter::repeat_with(|| Err(Error::Busy("the database cannot be written to")))),
        Err(Setback::RolledBack(error)) => Box::new(iter::once(Err(error))),
        Err(Setback::Unknown(error)) => {
            tracing::error!(%error, writes = batch.len(), "the connection was lost during a commit");
            // Every write may be repeated without harm, which is the only way to find out.
            let unknown = "the connection was lost while this was stored, which may or may not have been done; send the \
                           same request again";
            Box::new(iter::repeat_with(move || Err(Error::Busy(unknown))))
        }
    };
    batch.into_iter().zip(each).for_each(|(job, outcome)| job.answer(outcome));
}

/// Takes the write lock at once on SQLite: a transaction that reads first and writes later could not be repeated. On
/// PostgreSQL each statement sees what is committed before it, whatever the server's default is.
fn begin(connection: &mut AnyConnection) -> QueryResult<()> {
    match connection {
        AnyConnection::Sqlite(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN IMMEDIATE")
        }
        AnyConnection::Postgres(connection) => {
            AnsiTransactionManager::begin_transaction_sql(connection, "BEGIN ISOLATION LEVEL READ COMMITTED")
        }
    }
}

fn run_all(connection: &mut AnyConnection, batch: &mut [Box<dyn Job>]) -> Result<Vec<Result<Revision, Error>>, Error> {
    let locks: BTreeSet<OrganizationId> = batch.iter().flat_map(|job| job.locks().iter().copied()).collect();
    super::organizations::lock(connection, &locks)?;
    let results: Vec<_> = batch.iter_mut().map(|job| run_one(connection, job.as_mut())).collect::<Result<_, _>>()?;
    let changed: Vec<ChangeSetId> = results.iter().filter_map(|result| *result.as_ref().ok()?).collect();
    let numbered = revisions::number(connection, &changed)?;
    Ok(results.into_iter().map(|result| Ok(numbered.revision_of(result?))).collect())
}

/// What a write answered: the change set it used, or its own error.
type Ran = Result<Option<ChangeSetId>, Error>;

/// Runs one write in a savepoint; once more where it met another write half way. The outer error is one of the whole
/// transaction, which must be rolled back.
fn run_one(connection: &mut AnyConnection, job: &mut dyn Job) -> Result<Ran, Error> {
    match attempt(connection, job)? {
        Err(error) if error.is_collision() => attempt(connection, job),
        ran => Ok(ran),
    }
}

fn attempt(connection: &mut AnyConnection, job: &mut dyn Job) -> Result<Ran, Error> {
    let before = open_transactions(connection)?;
    Transactions::begin_transaction(connection)?;
    let mut change = Change { connection: &mut *connection, change_set: ChangeSetId::new(), used: false };
    let ran = catch_unwind(AssertUnwindSafe(|| job.run(&mut change)))
        .unwrap_or(Err(Error::Internal("a write panicked", None)));
    let change_set = change.used.then_some(change.change_set);
    match ran.and_then(|()| Ok(Transactions::commit_transaction(connection)?)) {
        Ok(()) if open_transactions(connection)? == before => Ok(Ok(change_set)),
        Ok(()) => Err(Error::Internal("a write left a transaction open", None)),
        Err(error) if error.undoes_transaction() => Err(error),
        // A write that panicked may have left savepoints of its own open.
        Err(error) => match roll_back_to(connection, before) {
            Ok(()) => Ok(Err(error)),
            Err(failed) => {
                // The database gave up more than this write: a lost connection, on SQLite a full disk.
                tracing::warn!(%error, "a write failed and took its transaction with it");
                Err(failed.into())
            }
        },
    }
}

/// How many transactions and savepoints are open, one inside the other.
fn open_transactions(connection: &mut AnyConnection) -> QueryResult<u32> {
    let depth = Transactions::transaction_manager_status_mut(connection).transaction_depth()?;
    Ok(depth.map_or(0, NonZeroU32::get))
}

/// Rolls back the innermost savepoints, and at last the transaction, until so many are open.
fn roll_back_to(connection: &mut AnyConnection, open: u32) -> QueryResult<()> {
    while open_transactions(connection)? > open {
        Transactions::rollback_transaction(connection)?;
    }
    Ok(())
}
