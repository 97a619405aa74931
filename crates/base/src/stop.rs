//! A request to stop, which work checks between its steps: the client that asked for the work may leave before it is done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::Error;

/// A request to stop; clones share it.
#[derive(Clone, Debug, Default)]
pub struct Stop(Arc<AtomicBool>);

/// Sets a request to stop when it is dropped.
#[derive(Debug)]
pub struct StopOnDrop(Stop);

impl Stop {
    /// Asks the work to stop.
    pub fn set(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// True once the work was asked to stop.
    pub fn is_set(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }

    /// Checks, between two steps, that the work may go on.
    ///
    /// # Errors
    /// `Busy` once the work was asked to stop; nobody is left to read it.
    pub fn check(&self) -> Result<(), Error> {
        if self.is_set() { Err(Error::Busy("the work was given up")) } else { Ok(()) }
    }

    /// Returns a guard that asks the work to stop when it is dropped, as the future of a request is when its client leaves.
    pub fn on_drop(&self) -> StopOnDrop {
        StopOnDrop(self.clone())
    }
}

impl Drop for StopOnDrop {
    fn drop(&mut self) {
        self.0.set();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn work_stops_when_its_guard_is_dropped() {
        let stop = Stop::default();
        let guard = stop.on_drop();
        assert!(stop.clone().check().is_ok());
        drop(guard);
        assert!(matches!(stop.check(), Err(Error::Busy(_))));
    }
}
