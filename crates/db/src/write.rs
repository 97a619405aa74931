//! The queue of writes: commits several together, numbers each, and answers only after the commit.
//!
//! Each write runs in a savepoint of a shared transaction, so a bad one does not sink its neighbours. The locks of all
//! come first, in one order, and no two share one: so each write sees all that came before it under its locks with its
//! revisions. What changed something is numbered by the last statement of the transaction, under one lock that is held to
//! the commit: revisions follow commit order, and every snapshot a reader can take is a revision.

use std::collections::HashSet;
use std::iter;
use std::num::NonZeroU32;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};

use diesel::connection::{AnsiTransactionManager, TransactionManager};
use diesel::prelude::*;
use diesel::r2d2::{ManageConnection, R2D2Connection};
use tokio::sync::oneshot;

use super::audit::Audited;
use super::connection::AnyConnection;
use super::locks::{Key, LockedAccounts, LockedKey, LockedOrganization, LockedReference, Locks, SteadyAccounts};
use super::pool::Connector;
use super::waiting::{Refused, Taker, WaitingList};
use super::{audit, revisions, sessions};
use base::error::Error;
use base::id::{AccountId, ChangeSetId, OrganizationId};
use domain::actor::{Actor, Subject};
use domain::revision::Revision;

/// The number of attempts at a single write before its error goes to the caller.
const TRIES: usize = 5;

type Transactions = <AnyConnection as Connection>::TransactionManager;

/// A running write: the connection, inside a transaction, and the change set of its rows.
pub struct Change<'a> {
    /// The connection; `transaction` on it opens a savepoint.
    pub connection: &'a mut AnyConnection,
    change_set: ChangeSetId,
    actor: &'a Actor,
    locks: &'a Locks,
    /// Organizations that this write added: nobody else knows of them before its commit.
    added: HashSet<OrganizationId>,
    subjects: Vec<Subject>,
    mentioned: HashSet<Subject>,
}

/// The data that every row of a change carries beside its content.
#[derive(Clone, Copy, Debug)]
pub struct Origin {
    /// The change set.
    pub change_set: ChangeSetId,
    /// The account that makes it; `None` for a command.
    pub author: Option<AccountId>,
}

impl<'w> Change<'w> {
    /// Returns the origin for the rows about a subject. The call makes the write a revision and puts the subject into the
    /// audit; there is no other way to get a change set.
    pub fn record(&mut self, subject: Subject) -> Origin {
        if self.mentioned.insert(subject.clone()) {
            self.subjects.push(subject);
        }
        Origin { change_set: self.change_set, author: self.actor.account() }
    }

    /// The proof that this write holds an organization's lock.
    ///
    /// # Errors
    /// `Busy` where it does not: what the write is about came to be after its locks were chosen, and the same again finds it.
    pub fn for_organization(&self, id: OrganizationId) -> Result<LockedOrganization<'w>, Error> {
        if self.locks.has_organization(id) || self.added.contains(&id) {
            return Ok(LockedOrganization::new(id));
        }
        Err(Error::Busy("what this changes was added while the request waited"))
    }

    /// Holds an organization that this write adds.
    pub(super) fn hold_added(&mut self, id: OrganizationId) {
        self.added.insert(id);
    }

    /// The proof that nobody changes who may do what until the commit of this write.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_steady_accounts(&self) -> Result<SteadyAccounts<'w>, Error> {
        if self.locks.has_steady_accounts() { Ok(SteadyAccounts::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write changes the reference data alone.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_reference(&self) -> Result<LockedReference<'w>, Error> {
        if self.locks.has_reference() { Ok(LockedReference::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write changes alone who may do what.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_accounts(&self) -> Result<LockedAccounts<'w>, Error> {
        if self.locks.has_accounts() { Ok(LockedAccounts::new()) } else { Err(not_declared()) }
    }

    /// The proof that this write holds the lock of a key.
    ///
    /// # Errors
    /// `Internal` where it was not declared.
    pub fn for_key(&self, key: Key) -> Result<LockedKey<'w>, Error> {
        if self.locks.has_key(key) { Ok(LockedKey::new()) } else { Err(not_declared()) }
    }

    /// Runs a part of the change in a savepoint of its own: where it fails nothing is left of it, and the rest goes on.
    ///
    /// # Errors
    /// That of the part. After one that [undoes the transaction](Error::undoes_transaction) the whole change must fail.
    pub fn attempt<T>(&mut self, part: impl FnOnce(&mut Change<'_>) -> Result<T, Error>) -> Result<T, Error> {
        Transactions::begin_transaction(self.connection)?;
        let mentioned = self.subjects.len();
        let outcome = part(self);
        match outcome {
            Ok(value) => {
                Transactions::commit_transaction(self.connection)?;
                Ok(value)
            }
            Err(error) if error.undoes_transaction() => Err(error),
            Err(error) => {
                Transactions::rollback_transaction(self.connection)?;
                for subject in self.subjects.drain(mentioned..) {
                    self.mentioned.remove(&subject);
                }
                Err(error)
            }
        }
    }

    /// The actor of the change.
    pub fn actor(&self) -> &Actor {
        self.actor
    }
}

fn not_declared() -> Error {
    Error::Internal("a write needs a lock that it did not declare", None)
}

/// A step of a commit behind which the process may end, in the order in which they come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One write of the batch has run; others may follow.
    Ran,
    /// All have run; none has a number.
    Recorded,
    /// All are numbered; nothing is committed.
    Numbered,
    /// All are committed; nobody has been told.
    Committed,
}

/// Is told of every step on the thread of the writer. It is how tests end a process, or a writer by a panic, where it would
/// hurt most; the service has none.
pub type Watch = Arc<dyn Fn(Step) + Send + Sync>;

/// The answer of a write, and the revision from which readers see it.
#[derive(Clone, Copy, Debug)]
pub struct Written<T> {
    /// The answer.
    pub value: T,
    /// The revision of the change; of the newest state seen, where nothing changed.
    pub revision: Revision,
}

/// A write that waits for its turn.
trait Job: Send {
    /// The actor.
    fn actor(&self) -> &Actor;
    /// Runs it under its locks, and answers what it changed; may be called again after a rollback.
    fn run(
        &mut self,
        connection: &mut AnyConnection,
        locks: &Locks,
        change_set: ChangeSetId,
    ) -> Result<Vec<Subject>, Error>;
    /// Tells the caller how it ended.
    fn answer(self: Box<Self>, outcome: Result<Revision, Error>);
}

struct Waiting<T, F> {
    actor: Actor,
    work: F,
    value: Option<T>,
    reply: oneshot::Sender<Result<Written<T>, Error>>,
}

impl<T, F> Job for Waiting<T, F>
where
    T: Send,
    F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send,
{
    fn actor(&self) -> &Actor {
        &self.actor
    }

    fn run(
        &mut self,
        connection: &mut AnyConnection,
        locks: &Locks,
        change_set: ChangeSetId,
    ) -> Result<Vec<Subject>, Error> {
        if let Some(rights) = &self.actor.rights {
            sessions::require_rights(connection, rights)?;
        }
        let (actor, added, subjects, mentioned) = (&self.actor, HashSet::new(), Vec::new(), HashSet::new());
        let mut change = Change { connection, change_set, actor, locks, added, subjects, mentioned };
        self.value = Some((self.work)(&mut change)?);
        Ok(change.subjects)
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

/// A write with its locks.
type Queued = (Locks, Box<dyn Job>);

/// The way into the queue; clones share it. The writers stop after [`WriteQueue::close`], or when the last one is dropped.
#[derive(Clone)]
pub struct WriteQueue {
    entrance: Arc<Entrance>,
}

struct Entrance {
    waiting: Arc<WaitingList<Box<dyn Job>>>,
    writers: Mutex<Vec<JoinHandle<()>>>,
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.waiting.close();
    }
}

impl WriteQueue {
    /// Starts the writers: one on SQLite, a few on PostgreSQL.
    pub fn start(connector: &Connector, writers: usize) -> Result<Self, Error> {
        Self::start_watched(connector, writers, None)
    }

    /// The same with somebody who is told of every step.
    pub fn start_watched(connector: &Connector, writers: usize, watch: Option<Watch>) -> Result<Self, Error> {
        let (waiting, takers) = WaitingList::open(writers);
        let writers = (0..)
            .zip(takers)
            .map(|(number, taker): (usize, _)| {
                let (connector, watch) = (connector.clone(), watch.clone());
                thread::Builder::new()
                    .name(format!("writer-{number}"))
                    .spawn(move || write_groups(Writer { connector, watch, connection: None }, &taker))
                    .map_err(|error| Error::internal("a writer could not be started", error))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self { entrance: Arc::new(Entrance { waiting, writers: Mutex::new(writers) }) })
    }

    /// Takes no more writes, and waits until all that were taken are committed and answered.
    pub fn close(&self) {
        self.entrance.waiting.close();
        let writers = std::mem::take(&mut *self.entrance.writers.lock().unwrap_or_else(PoisonError::into_inner));
        for writer in writers {
            if writer.join().is_err() {
                tracing::error!("a writer panicked");
            }
        }
    }

    fn put(&self, locks: Locks, job: Box<dyn Job>) -> Result<(), Error> {
        self.entrance.waiting.put(locks, job).map_err(|refused| match refused {
            Refused::Full => Error::Busy("too many writes are waiting"),
            Refused::Closed => Error::Busy("the service is stopping"),
            Refused::Deserted => Error::Internal("the writers have stopped", None),
        })
    }

    /// Runs a write in its turn and answers after its commit. `actor` is who makes it; `locks` are all that it decides under.
    /// `work` may run more than once: it must not keep anything from an earlier run.
    ///
    /// # Errors
    /// The error of `work`; `Busy` if too many writes wait; the reason if the actor has lost the right.
    pub async fn write<T, F>(&self, actor: Actor, locks: Locks, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        // That the actor still may is looked at in the write, and must hold until its commit.
        let locks = if actor.rights.is_some() { locks.steady_accounts() } else { locks };
        self.put(locks, Box::new(Waiting { actor, work, value: None, reply }))?;
        answer.await.map_err(|_| Error::Internal("a writer stopped before it answered", None))?
    }
}

/// Commits what is waiting, one group after the other, until the queue is closed and empty.
fn write_groups(mut writer: Writer, waiting: &Taker<Box<dyn Job>>) {
    while let Some(mut group) = waiting.take() {
        let writes = std::mem::take(&mut group.writes);
        writer.commit_together(writes);
    }
}

/// Commits batches, over a connection that is opened anew when it breaks.
struct Writer {
    connector: Connector,
    watch: Option<Watch>,
    /// Never inside a transaction.
    connection: Option<AnyConnection>,
}

/// The reason why a transaction was not committed.
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
    fn commit_together(&mut self, mut batch: Vec<Queued>) {
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
    fn commit(&mut self, batch: &mut [Queued]) -> Result<Vec<Result<Revision, Error>>, Setback> {
        let mut connection = self.begin()?;
        let outcome = match run_all(&mut connection, batch, |step| self.reach(step)) {
            Ok(outcomes) => match Transactions::commit_transaction(&mut connection) {
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
        // One that is broken or still in a transaction is closed instead, which ends the transaction.
        if !connection.is_broken() {
            self.connection = Some(connection);
        }
        outcome
    }

    fn reach(&self, step: Step) {
        if let Some(watch) = &self.watch {
            watch(step);
        }
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
fn answer(batch: Vec<Queued>, outcome: Result<Vec<Result<Revision, Error>>, Setback>) {
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
    batch.into_iter().zip(each).for_each(|((_, job), outcome)| job.answer(outcome));
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
) -> Result<Vec<Result<Revision, Error>>, Error> {
    let mut locks = Locks::none();
    batch.iter().for_each(|(of_one, _)| locks.add(of_one));
    locks.take(connection)?;
    let mut results = Vec::with_capacity(batch.len());
    for (locks, job) in batch {
        results.push(run_one(connection, locks, job.as_mut())?);
        reach(Step::Ran);
    }
    let (results, audited) = take_audited(results);
    if !audited.is_empty() {
        audit::insert(connection, &audited)?;
    }
    let in_books = |one: &Audited| one.subjects.iter().any(|subject| subject.kind.is_reference_data());
    let changed: Vec<_> = audited.iter().map(|one| (one.change_set, in_books(one))).collect();
    reach(Step::Recorded);
    let numbered = revisions::number(connection, &changed)?;
    reach(Step::Numbered);
    Ok(results.into_iter().map(|result| Ok(numbered.revision_of(result?))).collect())
}

/// The result of a write: its audit entry if it changed something, or its error.
type Ran = Result<Option<Audited>, Error>;

/// The change set of each write, and what the audit tells of those that changed something.
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

/// Runs one write in a savepoint; once more where it met another write half way. The outer error is one of the whole
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
        ran.and_then(|subjects| Transactions::commit_transaction(connection).map(|()| subjects).map_err(Error::from));
    match committed {
        Ok(subjects) if open_transactions(connection)? == before => {
            let audited = Audited { change_set, actor: job.actor().clone(), subjects };
            Ok(Ok(Some(audited).filter(|audited| !audited.subjects.is_empty())))
        }
        Ok(_) => Err(Error::Internal("a write left a transaction open", None)),
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

/// The number of nested open transactions and savepoints.
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
