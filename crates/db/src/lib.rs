//! All SQL, on both databases. `Db` is the way in: [`Db::read`] and [`Db::write`].

pub mod acceptances;
pub mod accounts;
pub mod attempts;
pub mod audit;
pub mod audit_content;
pub mod bearing_counts;
pub mod clients;
pub mod column_maps;
mod commit;
pub mod connection;
pub mod contacts;
pub mod count_drafts;
pub mod count_flags;
pub mod counts;
pub mod depots;
pub mod device_reports;
pub mod device_tokens;
pub mod devices;
pub mod digest;
pub mod draft_checks;
pub mod drafts;
pub mod dump;
pub mod enrolments;
pub mod exemptions;
pub mod facts;
pub mod flag_words;
pub mod history;
pub mod item_answers;
pub mod items;
pub mod job;
pub mod ledger_rows;
pub mod limits;
pub mod locks;
pub mod metrics;
pub mod migrations;
pub mod open_error;
pub mod organization_changes;
pub mod organizations;
pub mod pool;
pub mod probe;
mod progress;
pub mod quarantine;
pub mod queue;
pub mod quotas;
pub mod reachability;
pub mod read;
mod readers;
pub mod receipts;
pub mod reference_cache;
pub mod reference_data;
pub mod regions;
pub mod resolutions;
pub mod revisions;
pub mod schema;
pub mod second_factors;
pub mod session;
pub mod sessions;
pub mod setup_codes;
pub mod sql_types;
pub mod sqlite_file;
pub mod standards;
mod statements;
pub mod stock_counts;
pub mod stopwatch;
pub mod targets;
pub mod unavailable;
pub mod url;
mod waiting;
pub mod write;
mod writers;

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::Notify;
use tokio_util::sync::CancellationToken;

use self::job::{Observers, Watch};
use self::limits::{GRACE, Limits};
use self::locks::Locks;
use self::metrics::WriteMetrics;
use self::pool::{Connector, PATIENCE};
use self::probe::Reading;
use self::queue::{WriteQueue, Written};
use self::reachability::Reachability;
use self::read::Snapshot;
use self::readers::{READERS, Readers};
use self::reference_cache::ReferenceCache;
use self::stopwatch::Stopwatch;
use self::url::DatabaseUrl;
use self::write::Change;
use base::error::Error;
use base::fair_limit::{FairLimit, FairLoad};
use base::holding::Holding;
use base::remembered::Remembered;
use domain::actor::Actor;

/// The number of readers that may wait for one of them. Further ones are refused as busy.
const WAITING_READERS: usize = 512;

/// The number of connections that write on PostgreSQL; SQLite allows only one.
const POSTGRES_WRITERS: usize = 3;

/// A database, with separate connections for readers and writers.
#[derive(Clone)]
pub struct Db {
    readers: Readers,
    /// The limit is taken before a thread, so that waiting readers occupy no thread.
    limit: FairLimit<()>,
    /// The time limit of a reader's statement, after which its connection is closed.
    answer_limit: Option<Duration>,
    reachability: Reachability,
    reference_data: ReferenceCache,
    reading: Remembered<Reading>,
    commits: Arc<Notify>,
    queue: WriteQueue,
}

impl Db {
    /// Opens a database that [`migrations::run`] has brought up to date, with the limits of commands.
    pub fn open(url: &DatabaseUrl) -> Result<Self, Error> {
        Self::open_observed(url, Limits::COMMAND, Observers::default())
    }

    /// Opens a database with other limits, and perhaps with metrics of its writes.
    pub fn open_with(url: &DatabaseUrl, limits: Limits, metrics: Option<WriteMetrics>) -> Result<Self, Error> {
        Self::open_observed(url, limits, Observers { metrics, ..Observers::default() })
    }

    /// Opens a database with a watcher that is told of every step of a commit.
    pub fn open_watched(url: &DatabaseUrl, limits: Limits, watch: Option<Watch>) -> Result<Self, Error> {
        Self::open_observed(url, limits, Observers { watch, ..Observers::default() })
    }

    fn open_observed(url: &DatabaseUrl, limits: Limits, observers: Observers) -> Result<Self, Error> {
        let writers = match url {
            DatabaseUrl::Sqlite(_) => 1,
            DatabaseUrl::Postgres(_) => POSTGRES_WRITERS,
        };
        let connector = |limits| Connector { url: url.clone(), limits };
        let (reachability, kept) = (Reachability::default(), ReferenceCache::default());
        Ok(Self {
            readers: Readers::open(connector(limits.of_readers()), reachability.clone()),
            limit: FairLimit::of_all(READERS as usize, WAITING_READERS, PATIENCE, "too many reads are waiting"),
            answer_limit: limits.statement.map(|limit| limit.saturating_add(GRACE)),
            reachability: reachability.clone(),
            reference_data: kept.clone(),
            reading: Remembered::new(probe::REMEMBERED),
            commits: Arc::clone(&observers.commits),
            queue: WriteQueue::start_observed(&connector(limits), writers, reachability, observers, kept)?,
        })
    }

    /// Reads one consistent state, whole revisions only.
    ///
    /// # Errors
    /// The error of `work`; `Busy` if too many reads wait; `Storage` if the database does not answer.
    pub async fn read<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: FnOnce(&mut Snapshot<'_>) -> Result<T, Error> + Send + 'static,
    {
        let turn = self.limit.take(()).await?;
        self.reachability.admit()?;
        let thread = self.readers.start_thread()?;
        let (readers, reference_data) = (self.readers.pool(), self.reference_data.clone());
        let (reachability, stopwatch) = (self.reachability.clone(), Stopwatch::default());
        let (span, holding, of_thread) = (tracing::Span::current(), Holding::current(), stopwatch.clone());
        let stop = CancellationToken::new();
        // Work of many parts looks at it between them.
        let _waits = stop.clone().drop_guard();
        let reading = tokio::task::spawn_blocking(move || {
            let _thread = thread;
            let read = || read::in_snapshot(&readers, &reachability, &reference_data, stop, work);
            span.in_scope(|| of_thread.during(read))
        });
        let (limit, reachability) = (self.answer_limit, self.reachability.clone());
        // A caller that goes away leaves the read running, told to stop. The read keeps its turn to the end, or until it is abandoned.
        let watched = tokio::spawn(async move {
            let _kept = (turn, holding);
            let read = stopwatch.watch(limit, reading).await;
            if read.is_none() {
                reachability.stuck();
            }
            read
        });
        match watched.await {
            Ok(Some(Ok(outcome))) => outcome,
            Ok(None) => Err(Error::unreachable("a connection did not answer in time")),
            Ok(Some(Err(error))) | Err(error) => Err(Error::internal("a read panicked", error)),
        }
    }

    /// Makes a change when its turn comes, and answers after the commit. See [`WriteQueue::write`].
    pub async fn write<T, F>(&self, actor: Actor, locks: Locks, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.write_then(actor, locks, work, |_| {}).await
    }

    /// Makes a change, and does `then` once it is committed, whether or not the caller still waits. See
    /// [`WriteQueue::write_then`].
    pub async fn write_then<T, F>(
        &self,
        actor: Actor,
        locks: Locks,
        work: F,
        then: impl FnOnce(&Written<T>) + Send + 'static,
    ) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        let span = tracing::Span::current();
        let then = move |written: &Written<T>| span.in_scope(|| then(written));
        self.queue.write_then(actor, locks, kept_by_caller(work), then).await
    }

    /// Makes a change that may take long, such as an import. See [`WriteQueue::write_long`].
    pub async fn write_long<T, F>(&self, actor: Actor, locks: Locks, work: F) -> Result<Written<T>, Error>
    where
        T: Send + 'static,
        F: FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
    {
        self.queue.write_long(actor, locks, kept_by_caller(work)).await
    }

    /// Waits for a commit of this process since the last call; for one caller. Those of other processes are not told.
    pub async fn wait_for_commit(&self) {
        self.commits.notified().await;
    }

    /// Checks that reading works, at most every few seconds.
    ///
    /// # Errors
    /// Same as [`Db::read`].
    pub async fn check_reading(&self) -> Result<Reading, Error> {
        self.reading.get(self.read(probe::read_newest)).await
    }

    /// Checks that writing works, at most every few seconds, by a write that changes nothing.
    ///
    /// # Errors
    /// The failure of the storage.
    pub async fn check_writing(&self) -> Result<(), Error> {
        self.queue.check().await
    }

    /// The work that is under way and waits.
    pub fn load(&self) -> Load {
        let FairLoad { running, waiting } = self.limit.load();
        Load {
            readers: READERS as usize,
            reading: running,
            waiting_to_read: waiting,
            waiting_to_write: self.queue.waiting(),
            is_reachable: self.reachability.is_reachable(),
        }
    }

    /// Takes no more writes, and waits until all that were taken are committed and answered. Call it last, before the
    /// process ends.
    pub async fn close(&self) -> Result<(), Error> {
        let queue = self.queue.clone();
        tokio::task::spawn_blocking(move || queue.close())
            .await
            .map_err(|error| Error::internal("the queue of writes could not be closed", error))
    }
}

/// The work of a database that is under way and waits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// The number of readers that can work at the same time.
    pub readers: usize,
    /// The number of reads under way.
    pub reading: usize,
    /// The number of reads that wait for a reader.
    pub waiting_to_read: usize,
    /// The number of writes that wait for a writer.
    pub waiting_to_write: usize,
    /// True unless the database did not answer the last attempt.
    pub is_reachable: bool,
}

/// Makes the work log as part of its request, although a writer's thread runs it, and keeps the caller's permits until it
/// ends: the write stays in the queue even if the caller goes away.
fn kept_by_caller<T>(
    mut work: impl FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static,
) -> impl FnMut(&mut Change<'_>) -> Result<T, Error> + Send + 'static {
    let (span, holding) = (tracing::Span::current(), Holding::current());
    move |change| {
        let _kept = &holding;
        span.in_scope(|| work(change))
    }
}
