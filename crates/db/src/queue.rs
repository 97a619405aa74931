//! The queue of writes: commits several together, numbers each, and answers only after the commit.
//!
//! Each write runs in a savepoint of a shared transaction, so a bad one does not sink its neighbours. The locks of all
//! come first, in one order, and no two share one: so each write sees all that came before it under its locks with its
//! revisions. What changed something is numbered by the last statement of the transaction, under one lock that is held to
//! the commit: revisions follow commit order, and every snapshot a reader can take is a revision.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::oneshot;

use super::connection::AnyConnection;
use super::job::{Deadline, Job, Kind, Watch};
use super::locks::Locks;
use super::pool::Connector;
use super::reachability::Reachability;
use super::waiting::Refused;
use super::write::Change;
use super::writers::Writers;
use super::{probe, sessions};
use base::error::Error;
use base::id::ChangeSetId;
use domain::actor::{Actor, Subject};
use domain::revision::Revision;

/// The answer of a write, and the revision from which readers see it.
#[derive(Clone, Copy, Debug)]
pub struct Written<T> {
    /// The answer.
    pub value: T,
    /// The revision of the change; of the newest state seen, where nothing changed.
    pub revision: Revision,
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
        let mut change = Change::new(connection, change_set, &self.actor, locks);
        self.value = Some((self.work)(&mut change)?);
        Ok(change.into_subjects())
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
