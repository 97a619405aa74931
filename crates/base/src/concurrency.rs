//! A limit on blocking work: how many tasks run at once, how many may wait, and for how long.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Limits concurrent work; clones share the limit.
#[derive(Clone)]
pub struct ConcurrencyLimit {
    working: Arc<Semaphore>,
    /// Places for running and waiting tasks together.
    places: Arc<Semaphore>,
    patience: Duration,
    busy: &'static str,
}

/// A permit to run, returned when dropped. The thread that does the work must hold it, because the caller may go away
/// first.
pub struct Permit {
    _working: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl ConcurrencyLimit {
    /// Allows `at_once` tasks to run and `may_wait` to wait for at most `patience`; `busy` is the message for the rest.
    pub fn new(at_once: usize, may_wait: usize, patience: Duration, busy: &'static str) -> Self {
        let places = Arc::new(Semaphore::new(at_once.saturating_add(may_wait)));
        Self { working: Arc::new(Semaphore::new(at_once)), places, patience, busy }
    }

    /// Waits for a permit, first come, first served.
    ///
    /// # Errors
    /// `Busy` if too many tasks wait already, or if no permit was free in time.
    pub async fn take(&self) -> Result<Permit, Error> {
        let busy = || Error::Busy(self.busy);
        let place = self.places.clone().try_acquire_owned().map_err(|_| busy())?;
        let turn = tokio::time::timeout(self.patience, self.working.clone().acquire_owned())
            .await
            .map_err(|_| busy())?
            .map_err(|error| Error::internal("turns are no longer given", error))?;
        Ok(Permit { _working: turn, _place: place })
    }
}

#[cfg(test)]
mod tests {
    use futures_util::poll;

    use super::*;

    #[tokio::test]
    async fn so_many_work_and_so_many_wait() {
        let turns = ConcurrencyLimit::new(1, 1, Duration::from_secs(60), "too many");
        let first = turns.take().await.unwrap();
        let mut second = Box::pin(turns.take());
        assert!(poll!(&mut second).is_pending());
        assert!(matches!(turns.take().await, Err(Error::Busy("too many"))));
        drop(first);
        assert!(second.await.is_ok());
        assert!(turns.take().await.is_ok());
    }

    #[tokio::test]
    async fn nobody_waits_for_ever() {
        let turns = ConcurrencyLimit::new(1, 1, Duration::from_millis(10), "too many");
        let first = turns.take().await.unwrap();
        assert!(matches!(turns.take().await, Err(Error::Busy("too many"))));
        drop(first);
        assert!(turns.take().await.is_ok());
    }
}
