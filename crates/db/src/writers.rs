//! The threads that commit the waiting writes, and the replacement of stuck ones.
//!
//! A thread that waits for a server that does not answer cannot be interrupted. Another thread with its own connection takes
//! its place, and the locks of its group are released here; in the database they are held until the server ends the silent
//! transaction. If the stuck thread returns after all, it ends.

use std::sync::atomic::Ordering;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use super::commit::Writer;
use super::job::{Job, Observers};
use super::limits::Limits;
use super::metrics::WriteMetrics;
use super::pool::Connector;
use super::probe::Writing;
use super::progress::Progress;
use super::reachability::Reachability;
use super::waiting::{Taker, WaitingList};
use base::error::Error;

/// The maximum number of stuck threads that are given up for each writer. Beyond that none is replaced, and writes time out.
const LEFT_PER_WRITER: usize = 2;

/// The writers of a queue.
pub struct Writers {
    waiting: Arc<WaitingList<Box<dyn Job>>>,
    connector: Connector,
    reachability: Reachability,
    writing: Writing,
    observers: Observers,
    wanted: usize,
    threads: Mutex<Vec<(Arc<Progress>, JoinHandle<()>)>>,
}

impl Drop for Writers {
    fn drop(&mut self) {
        self.waiting.close();
    }
}

impl Writers {
    /// Starts the wanted number of writers.
    pub fn start(
        connector: Connector,
        wanted: usize,
        reachability: Reachability,
        observers: Observers,
    ) -> Result<Self, Error> {
        let (waiting, takers) = WaitingList::open(wanted);
        let writers = Self {
            waiting,
            connector,
            reachability,
            writing: Writing::default(),
            observers,
            wanted,
            threads: Mutex::default(),
        };
        for taker in takers {
            writers.spawn(taker)?;
        }
        Ok(writers)
    }

    /// The list from which the writers take.
    pub fn waiting(&self) -> &WaitingList<Box<dyn Job>> {
        &self.waiting
    }

    /// The metrics of writes, if they are measured.
    pub fn metrics(&self) -> Option<&WriteMetrics> {
        self.observers.metrics.as_ref()
    }

    /// The time limits of the writers.
    pub fn limits(&self) -> &Limits {
        &self.connector.limits
    }

    /// The reachability of the database.
    pub fn reachability(&self) -> &Reachability {
        &self.reachability
    }

    /// The state of writing.
    pub fn writing(&self) -> &Writing {
        &self.writing
    }

    fn spawn(&self, taker: Taker<Box<dyn Job>>) -> Result<(), Error> {
        let (connector, reachability) = (self.connector.clone(), self.reachability.clone());
        let writer = Writer::new(connector, reachability, self.writing.clone(), self.observers.clone());
        let progress = Arc::new(Progress::default());
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        let thread = thread::Builder::new()
            .name(format!("writer-{}", threads.len()))
            .spawn({
                let progress = Arc::clone(&progress);
                move || write_groups(writer, &taker, &progress)
            })
            .map_err(|error| Error::internal("a writer could not be started", error))?;
        threads.push((progress, thread));
        Ok(())
    }

    /// Replaces the writers that are stuck.
    pub fn replace_stuck(&self) {
        for group in self.leave_stuck() {
            self.reachability.stuck();
            tracing::error!("a writer is stuck in a statement; another takes its place");
            if let Err(error) = self.spawn(self.waiting.replace(group)) {
                tracing::error!(%error, "a stuck writer could not be replaced");
            }
        }
    }

    /// Marks the writers that are stuck and may be replaced, and returns the numbers of their groups.
    fn leave_stuck(&self) -> Vec<u64> {
        let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
        threads.retain(|(progress, thread)| !(progress.is_left.load(Ordering::Relaxed) && thread.is_finished()));
        let left = threads.iter().filter(|(progress, _)| progress.is_left.load(Ordering::Relaxed)).count();
        let room = (self.wanted * LEFT_PER_WRITER).saturating_sub(left);
        let stuck = threads.iter().filter(|(progress, thread)| {
            !progress.is_left.load(Ordering::Relaxed) && !thread.is_finished() && progress.is_stuck(self.limits())
        });
        let leave = |(progress, _): &(Arc<Progress>, JoinHandle<()>)| {
            progress.is_left.store(true, Ordering::Relaxed);
            progress.group.load(Ordering::Relaxed)
        };
        stuck.take(room).map(leave).collect()
    }

    /// Stops taking writes, and waits until all writes taken are committed and answered. Stuck writers are not waited for.
    pub fn close(&self) {
        self.waiting.close();
        loop {
            self.replace_stuck();
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            threads.retain(|(progress, _)| !progress.is_left.load(Ordering::Relaxed));
            let Some(at) = threads.iter().position(|(_, thread)| thread.is_finished()) else {
                if threads.is_empty() {
                    return;
                }
                drop(threads);
                thread::sleep(Duration::from_millis(5));
                continue;
            };
            if threads.swap_remove(at).1.join().is_err() {
                tracing::error!("a writer panicked");
            }
        }
    }
}

/// Commits what is waiting, one group after the other, until the queue is closed and empty.
fn write_groups(mut writer: Writer, waiting: &Taker<Box<dyn Job>>, progress: &Progress) {
    while let Some(mut group) = waiting.take() {
        let writes = std::mem::take(&mut group.writes);
        progress.group.store(group.number, Ordering::Relaxed);
        progress.stopwatch.during(|| writer.commit_together(writes, progress));
        if progress.is_left.load(Ordering::Relaxed) {
            return;
        }
    }
}
