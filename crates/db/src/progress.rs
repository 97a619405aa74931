//! The progress of a writer, by which others see that it is stuck.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use super::limits::{GRACE, Limits};
use super::stopwatch::Stopwatch;

/// The progress of a writer, as others see it.
#[derive(Debug, Default)]
pub struct Progress {
    /// Runs while the writer waits for its database.
    pub stopwatch: Stopwatch,
    /// The number of the group under way, or of the last one.
    pub group: AtomicU64,
    is_long: AtomicBool,
    /// True for one whose place another has taken.
    pub is_left: AtomicBool,
}

impl Progress {
    /// Says whether the group under way may take long.
    pub fn set_long(&self, is_long: bool) {
        self.is_long.store(is_long, Ordering::Relaxed);
    }

    /// True if it has been waiting for its database for longer than it may.
    pub fn is_stuck(&self, limits: &Limits) -> bool {
        let limit = if self.is_long.load(Ordering::Relaxed) { Some(limits.long_write) } else { limits.statement };
        limit.is_some_and(|limit| self.stopwatch.exceeds(limit.saturating_add(GRACE)))
    }
}
