//! Writes as their writers see them: jobs with locks and limits, and the steps of their commit.

use std::sync::Arc;
use std::time::Instant;

use super::connection::AnyConnection;
use super::locks::Locks;
use base::error::Error;
use base::id::ChangeSetId;
use domain::actor::{Actor, Subject};
use domain::revision::Revision;

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

/// A write with its locks.
pub(super) type Queued = (Locks, Box<dyn Job>);
