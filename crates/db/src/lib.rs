//! All SQL, on both databases. `Db` is the way in: [`Db::read`] and [`Db::write`].

pub mod acceptances;
pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod clients;
pub mod connection;
pub mod count_flags;
pub mod counts;
pub mod depots;
pub mod device_reports;
pub mod devices;
pub mod digest;
pub mod drafts;
pub mod dump;
pub mod enrolments;
pub mod exemptions;
pub mod facts;
pub mod history;
pub mod items;
pub mod locks;
pub mod migrations;
pub mod open_error;
pub mod organizations;
pub mod pool;
pub mod quarantine;
pub mod read;
pub mod receipts;
pub mod reference_cache;
pub mod reference_data;
pub mod regions;
pub mod resolutions;
pub mod revisions;
pub mod schema;
pub mod sessions;
pub mod setup_codes;
pub mod sql_types;
pub mod sqlite_file;
pub mod standards;
pub mod stock_counts;
pub mod targets;
pub mod url;
mod waiting;
pub mod write;

use self::locks::Locks;
use self::pool::{Connector, PATIENCE, Pool};
use self::read::Snapshot;
use self::reference_cache::ReferenceCache;
use self::url::DatabaseUrl;
use self::write::{Change, Watch, WriteQueue, Written};
use base::concurrency::ConcurrencyLimit;
use base::error::Error;
use base::holding::Holding;
use domain::actor::Actor;

/// The number of connections that readers share.
const READERS: u32 = 8;

/// The number of readers that may wait for one of them. Any more are told that the service is busy.
const WAITING_READERS: usize = 512;

/// The number of connections that write on PostgreSQL; SQLite has room for one.
const POSTGRES_WRITERS: usize = 3;

/// A database: readers and writers have ways of their own.
#[derive(Clone)]
pub struct Db {
    readers: Pool,
    /// Taken before a thread is: those that wait hold none.
    limit: ConcurrencyLimit,
    reference_data: ReferenceCache,
    queue: WriteQueue,
}

impl Db {
    /// Opens a database that [`migrations::run`] has brought up to date.
    pub fn open(url: &DatabaseUrl) -> Result<Self, Error> {
        Self::open_watched(url, None)
    }

    /// The same with somebody who is told of every step of a commit.
    pub fn open_watched(url: &DatabaseUrl, watch: Option<Watch>) -> Result<Self, Error> {
        let writers = match url {
            DatabaseUrl::Sqlite(_) => 1,
            DatabaseUrl::Postgres(_) => POSTGRES_WRITERS,
        };
        Ok(Self {
            readers: pool::open(url, READERS),
            limit: ConcurrencyLimit::new(READERS as usize, WAITING_READERS, PATIENCE, "too many reads are waiting"),
            reference_data: ReferenceCache::default(),
            queue: WriteQueue::start_watched(&Connector(url.clone()), writers, watch)?,
        })
    }

    /// Reads one consistent state, whole revisions only.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Snapshot<'_>) -> Result<T, Error> + Send + 'static,
    {
        let turn = self.limit.take().await?;
        let (readers, reference_data) = (self.readers.clone(), self.reference_data.clone());
        let (span, holding) = (tracing::Span::current(), Holding::current());
        tokio::task::spawn_blocking(move || {
            // A caller that goes away leaves the read running, which keeps its turn to the end.
            let _kept = (turn, holding);
            span.in_scope(|| read::in_snapshot(&readers, &reference_data, work))
        })
        .await
        .map_err(|error| Error::internal("a read panicked", error))?
    }

    /// Changes something, in its turn, and answers after the commit. See [`WriteQueue::write`].
    pub async fn write<T, F>(&self, actor: Actor, locks: Locks, mut work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        // What it logs belongs to its request, though a writer runs it.
        let (span, holding) = (tracing::Span::current(), Holding::current());
        let work = move |change: &mut Change<'_>| {
            // A caller that goes away leaves the write in the queue.
            let _kept = &holding;
            span.in_scope(|| work(change))
        };
        self.queue.write(actor, locks, work).await
    }

    /// Takes no more writes, and waits until all that were taken are committed and answered. The last thing before the
    /// process ends.
    pub async fn close(&self) -> Result<(), Error> {
        let queue = self.queue.clone();
        tokio::task::spawn_blocking(move || queue.close())
            .await
            .map_err(|error| Error::internal("the queue of writes could not be closed", error))
    }
}
