//! The connections of readers, and the threads that read.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::pool::{self, Connector, Pool};
use super::reachability::Reachability;
use base::error::Error;

/// The number of readers at work.
pub const READERS: u32 = 8;

/// The maximum number of threads that read: those at work, and those that are stuck and left alone.
const THREADS: usize = 5 * READERS as usize;

/// The connections of readers; clones share them.
#[derive(Clone)]
pub struct Readers {
    connector: Connector,
    reachability: Reachability,
    /// The pool, with the generation of its connections.
    pool: Arc<Mutex<(u64, Pool)>>,
    threads: Arc<AtomicUsize>,
}

/// A thread that reads.
pub struct Thread(Arc<AtomicUsize>);

impl Drop for Thread {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::SeqCst);
    }
}

impl Readers {
    /// Connections that are opened on demand.
    pub fn open(connector: Connector, reachability: Reachability) -> Self {
        let pool = pool::open(connector.clone(), READERS);
        let pool = Arc::new(Mutex::new((reachability.generation(), pool)));
        Self { connector, reachability, pool, threads: Arc::default() }
    }

    /// The pool. Where a connection was found stuck it is a new one: the stuck ones never come back to theirs.
    pub fn pool(&self) -> Pool {
        let generation = self.reachability.generation();
        let mut present = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        if present.0 != generation {
            *present = (generation, pool::open(self.connector.clone(), READERS));
        }
        present.1.clone()
    }

    /// Counts a thread until it ends.
    ///
    /// # Errors
    /// If too many are stuck.
    pub fn start_thread(&self) -> Result<Thread, Error> {
        let thread = Thread(Arc::clone(&self.threads));
        if self.threads.fetch_add(1, Ordering::SeqCst) < THREADS {
            Ok(thread)
        } else {
            Err(Error::unreachable("too many connections do not answer"))
        }
    }
}
