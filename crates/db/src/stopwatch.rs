//! A stopwatch for the statements of a thread: it shows how long the thread has been waiting for its database.
//!
//! libpq waits for an answer without a limit of its own. If the server cannot end the wait, because it has stopped or the
//! network is cut, the thread is stuck. Those that wait for the thread see that here and go on without it.

use std::cell::RefCell;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The time between two checks of a thread.
const TICK: Duration = Duration::from_millis(200);

thread_local! {
    /// The stopwatch of the work that runs on this thread.
    static PRESENT: RefCell<Option<Stopwatch>> = const { RefCell::new(None) };
}

/// The start of the statement that a thread is waiting for, if any; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stopwatch {
    since: Arc<Mutex<Option<Instant>>>,
}

impl Stopwatch {
    /// Runs some work of this thread under this stopwatch.
    pub fn during<T>(&self, work: impl FnOnce() -> T) -> T {
        let before = PRESENT.replace(Some(self.clone()));
        let outcome = work();
        self.set(None);
        PRESENT.set(before);
        outcome
    }

    /// True if the thread has been waiting for one statement for longer than a limit.
    pub fn exceeds(&self, limit: Duration) -> bool {
        let since = *self.since.lock().unwrap_or_else(PoisonError::into_inner);
        since.is_some_and(|since| since.elapsed() > limit)
    }

    /// Waits for work under this stopwatch; `None` if one of its statements exceeds a limit. The work then continues
    /// unobserved.
    pub async fn watch<T>(&self, limit: Option<Duration>, work: impl Future<Output = T>) -> Option<T> {
        let Some(limit) = limit else { return Some(work.await) };
        let mut work = std::pin::pin!(work);
        loop {
            match tokio::time::timeout(TICK, &mut work).await {
                Ok(done) => return Some(done),
                Err(_) if self.exceeds(limit) => return None,
                Err(_) => {}
            }
        }
    }

    fn set(&self, since: Option<Instant>) {
        *self.since.lock().unwrap_or_else(PoisonError::into_inner) = since;
    }
}

/// Starts or stops the stopwatch of this thread, if it has one.
pub(super) fn set_of_thread(since: Option<Instant>) {
    PRESENT.with_borrow(|present| {
        if let Some(stopwatch) = present {
            stopwatch.set(since);
        }
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn work_that_waits_too_long_for_one_statement_is_left_alone() {
        let stopwatch = Stopwatch::default();
        let limit = Some(Duration::from_millis(50));
        assert_eq!(stopwatch.watch(limit, async { 1 }).await, Some(1));
        stopwatch.set(Some(Instant::now()));
        assert_eq!(stopwatch.watch(limit, std::future::pending::<()>()).await, None);
        stopwatch.set(None);
        let slow = tokio::time::sleep(3 * TICK);
        assert_eq!(stopwatch.watch(limit, slow).await, Some(()), "it computes, and waits for nothing");
    }
}
