//! The queue of writes: commits several together, numbers each, and answers only after the commit.
//!
//! Each write runs in a savepoint of a shared transaction, so a bad one does not sink its neighbours. The locks of all
//! come first, in one order, and no two share one: so each write sees all that came before it under its locks with its
//! revisions. What changed something is numbered by the last statement of the transaction, under one lock that is held to
//! the commit: revisions follow commit order, and every snapshot a reader can take is a revision.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Instant;

use diesel::connection::TransactionManager;
use diesel::prelude::*;
use tokio::sync::oneshot;

use super::connection::AnyConnection;
use super::locks::{Key, LockedAccounts, LockedKey, LockedOrganization, LockedReference, Locks, SteadyAccounts};
use super::pool::Connector;
use super::reachability::Reachability;
use super::waiting::Refused;
use super::writers::Writers;
use super::{probe, sessions};
use base::error::Error;
use base::id::{AccountId, ChangeSetId, OrganizationId};
use domain::actor::{Actor, Subject};
use domain::revision::Revision;

pub(super) type Transactions = <AnyConnection as Connection>::TransactionManager;

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

/// The limits of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deadline {
    /// The time after which it is not begun any more.
    pub(super) at: Instant,
    /// The kind of the write.
    pub(super) kind: Kind,
}

/// The kinds of writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// One that shares its transaction with others.
    Short,
    /// One that shares its transaction with no other, and may take longer.
    Long,
    /// One that changes nothing, and takes the lock of the numbers though it needs none.
    Probe,
}

/// A write that waits for its turn.
pub(super) trait Job: Send {
    /// The actor.
    fn actor(&self) -> &Actor;
    /// Its limits.
    fn deadline(&self) -> Deadline;
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
    deadline: Deadline,
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

    fn deadline(&self) -> Deadline {
        self.deadline
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
pub(super) type Queued = (Locks, Box<dyn Job>);

/// The way into the queue; clones share it. The writers stop after [`WriteQueue::close`], or when the last one is dropped.
#[derive(Clone)]
pub struct WriteQueue {
    writers: Arc<Writers>,
}

impl WriteQueue {
    /// Starts the writers: one on SQLite, a few on PostgreSQL.
    pub fn start(connector: &Connector, writers: usize) -> Result<Self, Error> {
        Self::start_watched(connector, writers, Reachability::default(), None)
    }

    /// The same with knowledge of the database shared with others, and with somebody who is told of every step.
    pub fn start_watched(
        connector: &Connector,
        writers: usize,
        reachability: Reachability,
        watch: Option<Watch>,
    ) -> Result<Self, Error> {
        Ok(Self { writers: Arc::new(Writers::start(connector.clone(), writers, reachability, watch)?) })
    }

    /// Takes no more writes, and waits until all that were taken are committed and answered.
    pub fn close(&self) {
        self.writers.close();
    }

    fn put(&self, locks: Locks, job: Box<dyn Job>) -> Result<(), Error> {
        self.writers.replace_stuck();
        let waiting = self.writers.waiting();
        let put =
            if job.deadline().kind == Kind::Long { waiting.put_alone(locks, job) } else { waiting.put(locks, job) };
        put.map_err(|refused| match refused {
            Refused::Full => Error::Busy("too many writes are waiting"),
            Refused::Closed => Error::Busy("the service is stopping"),
            Refused::Deserted => Error::Internal("the writers have stopped", None),
        })
    }

    /// Runs a write in its turn and answers after its commit. `actor` is who makes it; `locks` are all that it decides under.
    /// `work` may run more than once: it must not keep anything from an earlier run.
    ///
    /// # Errors
    /// The error of `work`; `Busy` if too many writes wait; the reason if the actor has lost the right; `Storage` if it is
    /// not stored within its limit, or not known to be.
    pub async fn write<T, F>(&self, actor: Actor, locks: Locks, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        let at = Instant::now() + self.writers.limits().write;
        self.write_until(Deadline { at, kind: Kind::Short }, actor, locks, work).await
    }

    /// The same for a write that may take long, as an import does. It shares its transaction with no other.
    ///
    /// # Errors
    /// Same as [`WriteQueue::write`].
    pub async fn write_long<T, F>(&self, actor: Actor, locks: Locks, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        let at = Instant::now() + self.writers.limits().long_write;
        self.write_until(Deadline { at, kind: Kind::Long }, actor, locks, work).await
    }

    /// Checks that writing works, by a write that changes nothing and waits for its turn as all do.
    ///
    /// # Errors
    /// The failure of the storage.
    pub async fn check(&self) -> Result<(), Error> {
        let writing = self.writers.writing().clone();
        let probe = async {
            let deadline = Deadline { at: Instant::now() + probe::LIMIT, kind: Kind::Probe };
            let actor = Actor::command("muster serve");
            let write = |change: &mut Change<'_>| probe::write_nothing(change.connection);
            self.write_until(deadline, actor, Locks::none(), write).await.map(drop)
        };
        writing.check(probe).await
    }

    async fn write_until<T, F>(
        &self,
        deadline: Deadline,
        actor: Actor,
        locks: Locks,
        work: F,
    ) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.writers.reachability().admit()?;
        let (reply, answer) = oneshot::channel();
        // That the actor still may is looked at in the write, and must hold until its commit.
        let locks = if actor.rights.is_some() { locks.steady_accounts() } else { locks };
        self.put(locks, Box::new(Waiting { actor, deadline, work, value: None, reply }))?;
        match tokio::time::timeout_at(deadline.at.into(), answer).await {
            Ok(answer) => answer.map_err(|_| Error::Internal("a writer stopped before it answered", None))?,
            Err(_) => {
                self.writers.replace_stuck();
                Err(Error::timed_out("a write was not stored in time"))
            }
        }
    }
}
