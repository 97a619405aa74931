//! The queue of writes: commits several together, numbers each, and answers only after the commit.
//!
//! Each write runs in a savepoint of a shared transaction, so a failing one does not affect the others. All locks are
//! taken first, in one order, and no two writes of a transaction share one, so each write sees every earlier write under
//! its locks with its revision. Writes that changed something are numbered by the last statement of the transaction,
//! under one lock that is held until the commit: so revisions follow the order of commits, and every snapshot that a
//! reader can take is exactly one revision.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;

use super::audit::AuditRecord;
use super::connection::AnyConnection;
use super::job::{Deadline, Job, Kind, Observers, Watch};
use super::locks::Locks;
use super::pool::Connector;
use super::reachability::Reachability;
use super::reference_cache::ReferenceCache;
use super::revisions::Place;
use super::waiting::Refused;
use super::write::Change;
use super::writers::Writers;
use super::{probe, sessions};
use base::error::Error;
use base::id::ChangeSetId;
use domain::actor::Actor;
use domain::revision::{Recorded, Revision};

/// The answer of a write, and the revision from which on readers see the change.
#[derive(Clone, Copy, Debug)]
pub struct Written<T> {
    /// The answer.
    pub value: T,
    /// The revision of the change; of the newest state seen if nothing changed.
    pub revision: Revision,
    /// The record of the change; `None` if nothing that is recorded changed.
    pub recorded: Option<Recorded>,
}

struct Waiting<T, F> {
    actor: Actor,
    deadline: Deadline,
    kept: ReferenceCache,
    work: F,
    value: Option<T>,
    /// The work to do once it is committed.
    then: Box<dyn FnOnce(&Written<T>) + Send>,
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
    ) -> Result<AuditRecord, Error> {
        if let Some(rights) = &self.actor.rights {
            sessions::require_rights(connection, rights)?;
        }
        let mut change = Change::new(connection, change_set, &self.actor, locks, &self.kept);
        self.value = Some((self.work)(&mut change)?);
        Ok(change.into_record())
    }

    fn answer(self: Box<Self>, outcome: Result<Place, Error>) {
        let Self { value, then, reply, .. } = *self;
        let answer = outcome.and_then(|Place { revision, recorded }| match value {
            Some(value) => Ok(Written { value, revision, recorded }),
            None => Err(Error::Internal("a write ended without an answer", None)),
        });
        if let Ok(written) = &answer {
            then(written);
        }
        // If the caller has gone away, the answer is dropped; the commit stands.
        let _ = reply.send(answer);
    }
}

/// The entrance to the queue; clones share it. The writers stop after [`WriteQueue::close`], or when the last clone is
/// dropped.
#[derive(Clone)]
pub struct WriteQueue {
    writers: Arc<Writers>,
    kept: ReferenceCache,
}

impl WriteQueue {
    /// Starts the writers: one on SQLite, a few on PostgreSQL.
    pub fn start(connector: &Connector, writers: usize) -> Result<Self, Error> {
        Self::start_watched(connector, writers, Reachability::default(), None)
    }

    /// Starts the writers with shared knowledge of the database's state, and a watcher that is told of every step.
    pub fn start_watched(
        connector: &Connector,
        writers: usize,
        reachability: Reachability,
        watch: Option<Watch>,
    ) -> Result<Self, Error> {
        let observers = Observers { watch, ..Observers::default() };
        Self::start_observed(connector, writers, reachability, observers, ReferenceCache::default())
    }

    /// Starts the writers with those who are told of writes, and with the reference data that is kept in memory.
    pub(super) fn start_observed(
        connector: &Connector,
        writers: usize,
        reachability: Reachability,
        observers: Observers,
        kept: ReferenceCache,
    ) -> Result<Self, Error> {
        Ok(Self { writers: Arc::new(Writers::start(connector.clone(), writers, reachability, observers)?), kept })
    }

    /// The number of writes that wait.
    pub fn waiting(&self) -> usize {
        self.writers.waiting().count()
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
        let put = put.map_err(|refused| match refused {
            Refused::Full => Error::Busy("too many writes are waiting"),
            Refused::Closed => Error::Busy("the service is stopping"),
            Refused::Deserted => Error::Internal("the writers have stopped", None),
        });
        if let (Err(_), Some(metrics)) = (&put, self.writers.metrics()) {
            metrics.ended(&put);
        }
        put
    }

    /// Runs a write in its turn and answers after its commit. `actor` makes the change; `locks` are all locks that its
    /// decisions need. `work` may run more than once: it must not keep anything from an earlier run.
    ///
    /// # Errors
    /// The error of `work`; `Busy` if too many writes wait; the reason if the actor has lost the right; `Storage` if it
    /// was not stored within its time limit, or if that is not known.
    pub async fn write<T, F>(&self, actor: Actor, locks: Locks, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.write_then(actor, locks, work, |_| {}).await
    }

    /// Runs a write like [`WriteQueue::write`], and `then` on the writer's thread once it is committed: before the caller is
    /// told, and even if the caller has gone away.
    ///
    /// # Errors
    /// Same as [`WriteQueue::write`].
    pub async fn write_then<T, F>(
        &self,
        actor: Actor,
        locks: Locks,
        work: F,
        then: impl FnOnce(&Written<T>) + Send + 'static,
    ) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        let at = Instant::now() + self.writers.limits().write;
        self.write_until(Deadline { at, kind: Kind::Short }, actor, locks, work, then).await
    }

    /// Runs a write that may take long, such as an import, in a transaction of its own.
    ///
    /// # Errors
    /// Same as [`WriteQueue::write`].
    pub async fn write_long<T, F>(&self, actor: Actor, locks: Locks, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        let at = Instant::now() + self.writers.limits().long_write;
        self.write_until(Deadline { at, kind: Kind::Long }, actor, locks, work, |_| {}).await
    }

    /// Checks that writing works, by a write that changes nothing and waits for its turn like all others.
    ///
    /// # Errors
    /// The failure of the storage.
    pub async fn check(&self) -> Result<(), Error> {
        let writing = self.writers.writing().clone();
        let probe = async {
            let deadline = Deadline { at: Instant::now() + probe::LIMIT, kind: Kind::Probe };
            let actor = Actor::command("muster serve");
            let write = |change: &mut Change<'_>| probe::write_nothing(change.connection);
            self.write_until(deadline, actor, Locks::none(), write, |_| {}).await.map(drop)
        };
        writing.check(probe).await
    }

    async fn write_until<T, F>(
        &self,
        deadline: Deadline,
        actor: Actor,
        locks: Locks,
        work: F,
        then: impl FnOnce(&Written<T>) + Send + 'static,
    ) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.writers.reachability().admit()?;
        let (reply, answer) = oneshot::channel();
        // The write checks that the actor still has its rights, which must stay so until the commit.
        let locks = if actor.rights.is_some() { locks.steady_accounts() } else { locks };
        let (kept, then) = (self.kept.clone(), Box::new(then));
        self.put(locks, Box::new(Waiting { actor, deadline, kept, work, value: None, then, reply }))?;
        match tokio::time::timeout_at(deadline.at.into(), answer).await {
            Ok(answer) => answer.map_err(|_| Error::Internal("a writer stopped before it answered", None))?,
            Err(_) => {
                self.writers.replace_stuck();
                Err(Error::timed_out("a write was not stored in time"))
            }
        }
    }
}
