//! The connections of readers, and the threads that read.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

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
    threads: Arc<Semaphore>,
}

impl Readers {
    /// Connections that are opened on demand.
    pub fn open(connector: Connector, reachability: Reachability) -> Self {
        let pool = pool::open(connector.clone(), READERS);
        let pool = Arc::new(Mutex::new((reachability.generation(), pool)));
        Self { connector, reachability, pool, threads: Arc::new(Semaphore::new(THREADS)) }
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
    pub fn start_thread(&self) -> Result<OwnedSemaphorePermit, Error> {
        let threads = Arc::clone(&self.threads);
        threads.try_acquire_owned().map_err(|_| Error::unreachable("too many connections do not answer"))
    }
}
