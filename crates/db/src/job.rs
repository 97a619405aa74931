//! Writes from the point of view of their writers: jobs with locks and limits, and the steps of their commit.

use std::sync::Arc;
use std::time::Instant;

use tokio::sync::Notify;

use super::audit::AuditRecord;
use super::connection::AnyConnection;
use super::locks::Locks;
use super::metrics::WriteMetrics;
use super::revisions::Place;
use base::error::Error;
use base::id::ChangeSetId;
use domain::actor::Actor;

/// A step of a commit after which the process may end, in the order of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// One write of the batch has run; others may follow.
    Ran,
    /// All have run; none has a number.
    Recorded,
    /// All are numbered; nothing is committed yet.
    Numbered,
    /// All are committed; no caller has been told.
    Committed,
}

/// A function that is called for every step on the writer's thread. With it tests end a process, or make a writer panic,
/// at the worst moments; the service has none.
pub type Watch = Arc<dyn Fn(Step) + Send + Sync>;

/// Those who are told of writes; by default nobody.
#[derive(Clone, Default)]
pub struct Observers {
    /// A watcher of every step of a commit.
    pub watch: Option<Watch>,
    /// The metrics of an operator.
    pub metrics: Option<WriteMetrics>,
    /// Wakes one who waits for the next commit of this process.
    pub commits: Arc<Notify>,
}

/// The limits of a write.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Deadline {
    /// The time after which the write is no longer begun.
    pub(super) at: Instant,
    /// The kind of the write.
    pub(super) kind: Kind,
}

/// The kinds of writes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// A write that shares its transaction with others.
    Short,
    /// A write that runs in a transaction of its own, and may take longer.
    Long,
    /// A write that changes nothing. It takes the lock of the numbering, to see that it can be had.
    Probe,
}

/// A write that waits for its turn.
pub(super) trait Job: Send {
    /// The actor.
    fn actor(&self) -> &Actor;
    /// Its limits.
    fn deadline(&self) -> Deadline;
    /// Runs it under its locks, and returns what it changed; may be called again after a rollback.
    fn run(
        &mut self,
        connection: &mut AnyConnection,
        locks: &Locks,
        change_set: ChangeSetId,
    ) -> Result<AuditRecord, Error>;
    /// Tells the caller how it ended.
    fn answer(self: Box<Self>, outcome: Result<Place, Error>);
}

/// A write with its locks.
pub(super) type Queued = (Locks, Box<dyn Job>);
