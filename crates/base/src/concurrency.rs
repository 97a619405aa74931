//! A limit on work that takes a thread: so many at once, so many that wait, and none longer than is any use.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::error::Error;

/// Gives turns; clones share them.
#[derive(Clone)]
pub struct ConcurrencyLimit {
    working: Arc<Semaphore>,
    /// For those at work and those that wait.
    places: Arc<Semaphore>,
    patience: Duration,
    busy: &'static str,
}

/// A turn, which ends when this goes. It belongs to the work: to be held by the thread that does it, as whoever asked may
/// go away before.
pub struct Permit {
    _working: OwnedSemaphorePermit,
    _place: OwnedSemaphorePermit,
}

impl ConcurrencyLimit {
    /// So many turns at once, with so many waiting for `patience` at most; `busy` is what the others are told.
    pub fn new(at_once: usize, may_wait: usize, patience: Duration, busy: &'static str) -> Self {
        let places = Arc::new(Semaphore::new(at_once.saturating_add(may_wait)));
        Self { working: Arc::new(Semaphore::new(at_once)), places, patience, busy }
    }

    /// Waits for a turn, in the order of asking.
    ///
    /// # Errors
    /// `Busy` where too many wait already, and where the turn did not come in time.
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
