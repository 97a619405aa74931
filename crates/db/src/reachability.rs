//! The reachability of the database, by the last attempt. While it does not answer, one attempt a second is made, and all
//! other requests are refused at once: in a queue they would wait longer than their limit.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use base::error::Error;

/// The time between two attempts to reach a database that was lost.
const AGAIN: Duration = Duration::from_secs(1);

/// The reachability of the database; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Reachability {
    /// The time of the next attempt, while the database is lost.
    next_attempt: Arc<Mutex<Option<Instant>>>,
    /// The number of connections found stuck.
    stuck: Arc<AtomicU64>,
}

impl Reachability {
    /// Allows an attempt.
    ///
    /// # Errors
    /// If the database is lost and the next attempt is not due.
    pub fn admit(&self) -> Result<(), Error> {
        let mut next = self.next_attempt.lock().unwrap_or_else(PoisonError::into_inner);
        match *next {
            Some(at) if Instant::now() < at => Err(Error::unreachable("the database was lost, and is looked for")),
            Some(_) => {
                *next = Some(Instant::now() + AGAIN);
                Ok(())
            }
            None => Ok(()),
        }
    }

    /// Notes that the database answered.
    pub fn found(&self) {
        let mut next = self.next_attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if next.take().is_some() {
            tracing::info!("the database answers again");
        }
    }

    /// Notes that a connection is stuck. Others opened before it may be stuck too, which shows only in use, so all of them are
    /// replaced.
    pub fn stuck(&self) {
        self.stuck.fetch_add(1, Ordering::SeqCst);
        self.lost();
    }

    /// The number of connections found stuck; a connection opened at a lower number is not used any more.
    pub fn generation(&self) -> u64 {
        self.stuck.load(Ordering::SeqCst)
    }

    /// True unless the database did not answer the last attempt.
    pub fn is_reachable(&self) -> bool {
        self.next_attempt.lock().unwrap_or_else(PoisonError::into_inner).is_none()
    }

    /// Notes that the database did not answer.
    pub fn lost(&self) {
        let mut next = self.next_attempt.lock().unwrap_or_else(PoisonError::into_inner);
        if next.replace(Instant::now() + AGAIN).is_none() {
            tracing::error!("the database does not answer");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lost_database_is_looked_for_by_one_at_a_time() {
        let reachability = Reachability::default();
        assert!(reachability.admit().is_ok() && reachability.admit().is_ok());
        reachability.lost();
        assert!(reachability.admit().is_err());
        std::thread::sleep(AGAIN);
        assert!(reachability.admit().is_ok());
        assert!(reachability.admit().is_err());
        reachability.found();
        assert!(reachability.admit().is_ok() && reachability.admit().is_ok());
    }
}
