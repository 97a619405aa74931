//! Commits of batches: one transaction each, and a savepoint for each write.

use std::fmt;
use std::iter;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::time::{Duration, Instant};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{self, ManageConnection, R2D2Connection};

use super::audit::Audited;
use super::connection::AnyConnection;
use super::job::{Job, Kind, Observers, Queued, Step};
use super::locks::Locks;
use super::pool::Connector;
use super::probe::Writing;
use super::progress::Progress;
use super::reachability::Reachability;
use super::revisions::Place;
use super::session::{self, Lasting};
use super::write::Transactions;
use super::{audit, organization_changes, revisions};
use base::error::Error;
use base::id::ChangeSetId;

/// The number of attempts at a single write before its error goes to the caller.
const TRIES: usize = 5;

/// The time after which a transaction takes no further write of its batch: those that have run are committed and answered before
/// their callers give up.
const LONGEST_RUN: Duration = Duration::from_secs(1);

/// Commits batches, over a connection that is opened anew when it breaks.
pub(super) struct Writer {
    connector: Connector,
    reachability: Reachability,
    writing: Writing,
    observers: Observers,
    /// The connection, never inside a transaction, with its generation.
    connection: Option<(u64, AnyConnection)>,
}

/// The reason why a transaction was not committed.
enum Setback {
    /// It could not begin; nothing was tried.
    NotBegun(Error),
    /// Nothing of it was committed; it may be tried again.
    RolledBack(Error),
    /// The connection was lost during the commit, so its outcome is unknown; it must not be tried again here.
    Unknown(Error),
}

impl Writer {
    /// A writer without a connection yet.
    pub(super) fn new(
        connector: Connector,
        reachability: Reachability,
        writing: Writing,
        observers: Observers,
    ) -> Self {
        Self { connector, reachability, writing, observers, connection: None }
    }

    /// Commits a batch in one transaction. If that is rolled back as a whole (by a deadlock of two batches, or a lost
    /// connection), tries each write again in a transaction of its own.
    pub(super) fn commit_together(&mut self, batch: Vec<Queued>, progress: &Progress) {
        progress.set_long(batch.iter().any(|(_, job)| job.deadline().kind == Kind::Long));
        let mut batch = self.without_late(batch);
        while batch.len() > 1 {
            let _logged = span_of(&batch).entered();
            match self.commit(&mut batch) {
                Err(Setback::RolledBack(error)) => {
                    tracing::warn!(%error, writes = batch.len(), "a batch failed; its writes are tried singly");
                    break;
                }
                outcome => {
                    let left = outcome.as_ref().map_or_else(|_| Vec::new(), |each| batch.split_off(each.len()));
                    self.answer(batch, outcome);
                    batch = self.without_late(left);
                }
            }
        }
        for job in batch {
            let mut alone = self.without_late(vec![job]);
            if alone.is_empty() {
                continue;
            }
            let _logged = span_of(&alone).entered();
            let mut outcome = self.commit(&mut alone);
            for _ in 1..TRIES {
                match outcome {
                    Err(Setback::RolledBack(error)) if error.undoes_transaction() && !is_any_late(&alone) => {
                        outcome = self.commit(&mut alone);
                    }
                    _ => break,
                }
            }
            self.answer(alone, outcome);
        }
    }

    /// Runs one transaction with the first writes of a batch, and notes what its outcome shows about the storage. There is an
    /// outcome for each of those that were run, at least one.
    fn commit(&mut self, batch: &mut [Queued]) -> Result<Vec<Result<Place, Error>>, Setback> {
        let outcome = self.transact(batch);
        match &outcome {
            // A probe is small, so its success does not show that there is room for a count.
            Ok(_) if batch.iter().all(|(_, job)| job.deadline().kind == Kind::Probe) => {}
            Ok(each) => each.iter().for_each(|one| match one {
                Ok(_) => self.writing.note(Ok(())),
                Err(error) => error.storage_failure().into_iter().for_each(|failure| self.writing.note(Err(failure))),
            }),
            Err(Setback::NotBegun(error) | Setback::RolledBack(error) | Setback::Unknown(error)) => {
                error.storage_failure().into_iter().for_each(|failure| self.writing.note(Err(failure)));
            }
        }
        outcome
    }

    fn transact(&mut self, batch: &mut [Queued]) -> Result<Vec<Result<Place, Error>>, Setback> {
        let generation = self.reachability.generation();
        let begun = Instant::now();
        let mut connection = self.begin(generation)?;
        if batch.iter().any(|(_, job)| job.deadline().kind == Kind::Long) {
            let limits = self.connector.limits.of_long_write();
            allow_long(&mut connection, &limits).map_err(|error| Setback::NotBegun(error.into()))?;
        }
        let outcome = match run_all(&mut connection, batch, |step| self.reach(step)) {
            Ok(outcomes) => match self.end(&mut connection, begun, batch.get(..outcomes.len()).unwrap_or_default()) {
                Ok(()) => {
                    self.reach(Step::Committed);
                    Ok(outcomes)
                }
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
        // A connection that is broken or still in a transaction is closed, which ends the transaction.
        if !connection.is_broken() {
            self.connection = Some((generation, connection));
        }
        outcome
    }

    /// Commits a transaction, and tells and measures it unless it only probed.
    fn end(&self, connection: &mut AnyConnection, begun: Instant, batch: &[Queued]) -> QueryResult<()> {
        let run = Instant::now();
        Transactions::commit_transaction(connection)?;
        let writes = batch.iter().filter(|(_, job)| job.deadline().kind != Kind::Probe).count();
        if writes > 0 {
            self.observers.commits.notify_one();
        }
        if let (Some(metrics), 1..) = (&self.observers.metrics, writes) {
            metrics.committed(writes, begun.elapsed(), run.elapsed());
        }
        Ok(())
    }

    /// Answers the writes whose time has passed, and returns the others. A late write must not begin: its caller has been told
    /// that it timed out, and may already have sent it again.
    fn without_late(&self, batch: Vec<Queued>) -> Vec<Queued> {
        let now = Instant::now();
        let (late, left): (Vec<_>, Vec<_>) = batch.into_iter().partition(|(_, job)| job.deadline().at <= now);
        for (_, job) in late {
            self.answer_one(job, Err(Error::timed_out("a write waited too long for its turn")));
        }
        left
    }

    /// Tells every caller of a batch the outcome.
    fn answer(&self, batch: Vec<Queued>, outcome: Result<Vec<Result<Place, Error>>, Setback>) {
        let each: Box<dyn Iterator<Item = Result<Place, Error>>> = match outcome {
            Ok(outcomes) => Box::new(outcomes.into_iter()),
            Err(Setback::NotBegun(error)) => {
                tracing::error!(error = %error.with_causes(), "the writer cannot begin a transaction");
                let failure = error.storage_failure();
                let again = move || match failure {
                    Some(failure) => Err(Error::Storage(failure, "the writer cannot begin a transaction".into())),
                    None => Err(Error::Busy("the database cannot be written to")),
                };
                Box::new(iter::repeat_with(again))
            }
            Err(Setback::RolledBack(error)) => Box::new(iter::once(Err(error))),
            Err(Setback::Unknown(error)) => {
                tracing::error!(%error, writes = batch.len(), "the connection was lost during a commit");
                // Every write is safe to repeat, so the caller can find out by sending it again.
                let unknown = "the connection was lost during the commit, which may or may not have been made";
                Box::new(iter::repeat_with(move || Err(Error::timed_out(unknown))))
            }
        };
        batch.into_iter().zip(each).for_each(|((_, job), outcome)| self.answer_one(job, outcome));
    }

    /// Tells a caller the outcome, and counts it.
    fn answer_one(&self, job: Box<dyn Job>, outcome: Result<Place, Error>) {
        if let (Some(metrics), Kind::Short | Kind::Long) = (&self.observers.metrics, job.deadline().kind) {
            metrics.ended(&outcome);
        }
        job.answer(outcome);
    }

    fn reach(&self, step: Step) {
        if let Some(watch) = &self.observers.watch {
            watch(step);
        }
    }

    /// A connection inside a new transaction. One that was cut while it was idle is replaced.
    fn begin(&mut self, generation: u64) -> Result<AnyConnection, Setback> {
        let kept = self.connection.take().filter(|(of_connection, _)| *of_connection == generation);
        if let Some((_, mut connection)) = kept {
            match begin(&mut connection) {
                Ok(()) => {
                    self.reachability.found();
                    return Ok(connection);
                }
                Err(_) if connection.is_broken() => {}
                Err(error) => {
                    self.connection = Some((generation, connection));
                    return Err(Setback::NotBegun(error.into()));
                }
            }
        }
        let mut connection = self.connector.connect().map_err(|error| {
            if matches!(error, r2d2::Error::ConnectionError(_)) {
                self.reachability.lost();
            }
            Setback::NotBegun(of_connecting(error))
        })?;
        begin(&mut connection).map_err(|error| Setback::NotBegun(error.into()))?;
        self.reachability.found();
        Ok(connection)
    }
}

/// The lines of a transaction carry the ids of all requests that it is for.
fn span_of(batch: &[Queued]) -> tracing::Span {
    tracing::error_span!("commit", request_id = %RequestIds(batch))
}

/// The ids of the requests of a batch, in the order of its writes.
struct RequestIds<'a>(&'a [Queued]);

impl fmt::Display for RequestIds<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ids = self.0.iter().filter_map(|(_, job)| job.actor().request_id.as_deref());
        ids.enumerate().try_for_each(|(place, id)| write!(f, "{}{id}", if place == 0 { "" } else { " " }))
    }
}

/// The failure of an attempt to connect.
fn of_connecting(error: r2d2::Error) -> Error {
    match error {
        r2d2::Error::ConnectionError(error) => Error::unreachable(error.to_string()),
        r2d2::Error::QueryError(error) => error.into(),
    }
}

fn is_any_late(batch: &[Queued]) -> bool {
    let now = Instant::now();
    batch.iter().any(|(_, job)| job.deadline().at <= now)
}

/// Gives the transaction of a connection the limits of a long write.
fn allow_long(connection: &mut AnyConnection, limits: &[(&str, String)]) -> QueryResult<()> {
    match connection {
        AnyConnection::Postgres(connection) => session::set(connection, limits, Lasting::Transaction),
        AnyConnection::Sqlite(_) => Ok(()),
    }
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

fn run_all(
    connection: &mut AnyConnection,
    batch: &mut [Queued],
    reach: impl Fn(Step),
) -> Result<Vec<Result<Place, Error>>, Error> {
    let mut locks = Locks::none();
    batch.iter().for_each(|(of_one, _)| locks.add(of_one));
    locks.take(connection)?;
    let (mut results, begun) = (Vec::with_capacity(batch.len()), Instant::now());
    for (locks, job) in batch.iter_mut() {
        results.push(run_one(connection, locks, job.as_mut())?);
        reach(Step::Ran);
        if begun.elapsed() > LONGEST_RUN {
            break;
        }
    }
    let (results, audited) = take_audited(results);
    if !audited.is_empty() {
        audit::insert(connection, &audited)?;
        organization_changes::note(connection, &audited)?;
    }
    let is_reference_data =
        |one: &Audited| one.recorded.subjects.iter().any(|subject| subject.kind.is_reference_data());
    let changed: Vec<_> = audited.iter().map(|one| (one.change_set, is_reference_data(one))).collect();
    reach(Step::Recorded);
    if batch.iter().any(|(_, job)| job.deadline().kind == Kind::Probe) {
        revisions::take_numbering_lock(connection)?;
    }
    let numbered = revisions::number(connection, &changed)?;
    reach(Step::Numbered);
    Ok(results.into_iter().map(|result| Ok(numbered.place_of(result?))).collect())
}

/// The result of a write: its audit entry if it changed something, or its error.
type Ran = Result<Option<Audited>, Error>;

/// The change set of each write, and the audit entries of the writes that changed something.
fn take_audited(results: Vec<Ran>) -> (Vec<Result<Option<ChangeSetId>, Error>>, Vec<Audited>) {
    let mut all = Vec::new();
    let change_sets = results
        .into_iter()
        .map(|result| {
            let audited = result?;
            let change_set = audited.as_ref().map(|one| one.change_set);
            all.extend(audited);
            Ok(change_set)
        })
        .collect();
    (change_sets, all)
}

/// Runs one write in a savepoint, a second time if it collided with another write. The outer error concerns the whole
/// transaction, which must be rolled back.
fn run_one(connection: &mut AnyConnection, locks: &Locks, job: &mut dyn Job) -> Result<Ran, Error> {
    match attempt(connection, locks, job)? {
        Err(error) if error.is_collision() => attempt(connection, locks, job),
        ran => Ok(ran),
    }
}

fn attempt(connection: &mut AnyConnection, locks: &Locks, job: &mut dyn Job) -> Result<Ran, Error> {
    let before = open_transactions(connection)?;
    Transactions::begin_transaction(connection)?;
    let change_set = ChangeSetId::new();
    let ran = catch_unwind(AssertUnwindSafe(|| job.run(&mut *connection, locks, change_set)))
        .unwrap_or(Err(Error::Internal("a write panicked", None)));
    let committed =
        ran.and_then(|recorded| Transactions::commit_transaction(connection).map(|()| recorded).map_err(Error::from));
    match committed {
        Ok(recorded) if open_transactions(connection)? == before => {
            let audited = Audited { change_set, actor: job.actor().clone(), recorded };
            Ok(Ok(Some(audited).filter(|audited| !audited.recorded.subjects.is_empty())))
        }
        Ok(_) => Err(Error::Internal("a write left a transaction open", None)),
        Err(error) if error.undoes_transaction() => Err(error),
        // A write that panicked may have left savepoints of its own open.
        Err(error) => match roll_back_to(connection, before) {
            Ok(()) => Ok(Err(error)),
            Err(failed) => {
                // The database rolled back more than this write: a lost connection, on SQLite a full disk.
                tracing::warn!(%error, "a write failed and took its transaction with it");
                Err(if error.is_of_storage() { error } else { failed.into() })
            }
        },
    }
}

/// The number of nested open transactions and savepoints.
fn open_transactions(connection: &mut AnyConnection) -> QueryResult<u32> {
    let depth = Transactions::transaction_manager_status_mut(connection).transaction_depth()?;
    Ok(depth.map_or(0, NonZeroU32::get))
}

/// Rolls back the innermost savepoints, and at last the transaction, until only `open` of them are left.
fn roll_back_to(connection: &mut AnyConnection, open: u32) -> QueryResult<()> {
    while open_transactions(connection)? > open {
        Transactions::rollback_transaction(connection)?;
    }
    Ok(())
}
