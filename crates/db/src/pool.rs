//! Opening connections, and a pool of them for readers.

use std::time::{Duration, Instant};

use diesel::connection::SimpleConnection;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::r2d2::{self, ManageConnection, R2D2Connection};
use diesel::sqlite::SqliteConnection;

use super::connection::AnyConnection;
use super::limits::Limits;
use super::session::{self, Lasting};
use super::sqlite_file;
use super::statements::Statements;
use super::url::{self, DatabaseUrl};

/// The time a reader waits for its turn before the service reports that it is busy: as long as a phone waits for an
/// answer, so that a burst is served late rather than refused.
pub(super) const PATIENCE: Duration = Duration::from_secs(20);

/// The time an SQLite connection tries to bring a new file into WAL mode while others do the same.
const WAL_PATIENCE: Duration = Duration::from_secs(10);

/// Settings of every SQLite connection. `synchronous=FULL`: an acknowledged count survives a power cut.
/// `recursive_triggers`: `INSERT OR REPLACE` fires the append-only triggers too. `cache_size`: 4 MB for each of nine
/// connections; beyond that the file cache of the system, which they share, suffices. `secure_delete`: what is erased is
/// overwritten in its page, where that costs no further write.
const SQLITE_SETTINGS: &str = "PRAGMA synchronous=FULL; PRAGMA foreign_keys=ON; PRAGMA recursive_triggers=ON; \
     PRAGMA cache_size=-4000; PRAGMA temp_store=MEMORY; PRAGMA secure_delete=FAST;";

/// Opens connections for a pool. An SQLite file must exist: none is created.
#[derive(Clone, Debug)]
pub struct Connector {
    /// The database.
    pub url: DatabaseUrl,
    /// The time limits of the connections.
    pub limits: Limits,
}

impl Connector {
    /// A connector with the limits of commands.
    pub fn new(url: DatabaseUrl) -> Self {
        Self { url, limits: Limits::COMMAND }
    }
}

/// A pool of connections to either database.
pub type Pool = r2d2::Pool<Connector>;

impl ManageConnection for Connector {
    type Connection = AnyConnection;
    type Error = r2d2::Error;

    fn connect(&self) -> Result<AnyConnection, r2d2::Error> {
        match &self.url {
            DatabaseUrl::Sqlite(path) => {
                let uri = sqlite_file::uri(path);
                let mut connection = SqliteConnection::establish(&uri).map_err(r2d2::Error::ConnectionError)?;
                enter_wal(&mut connection).map_err(r2d2::Error::QueryError)?;
                let patience = format!("PRAGMA busy_timeout={};", self.limits.lock.as_millis());
                let settings = format!("{SQLITE_SETTINGS} {patience}");
                connection.batch_execute(&settings).map_err(r2d2::Error::QueryError)?;
                if self.limits.slow.is_some() {
                    connection.set_instrumentation(Statements::logged(self.limits.slow));
                }
                Ok(AnyConnection::Sqlite(connection))
            }
            DatabaseUrl::Postgres(text) => {
                let parameters = url::for_libpq(text, &self.limits).map_err(|error| {
                    r2d2::Error::ConnectionError(ConnectionError::InvalidConnectionUrl(error.into()))
                })?;
                let mut connection = PgConnection::establish(&parameters).map_err(r2d2::Error::ConnectionError)?;
                connection.set_instrumentation(Statements::watched(self.limits.slow));
                connection.batch_execute("SET TIME ZONE 'UTC'").map_err(r2d2::Error::QueryError)?;
                let parameters = self.limits.of_session();
                session::set(&mut connection, &parameters, Lasting::Session).map_err(r2d2::Error::QueryError)?;
                Ok(AnyConnection::Postgres(connection))
            }
        }
    }

    fn is_valid(&self, connection: &mut AnyConnection) -> Result<(), r2d2::Error> {
        connection.ping().map_err(r2d2::Error::QueryError)
    }

    fn has_broken(&self, connection: &mut AnyConnection) -> bool {
        std::thread::panicking() || connection.is_broken()
    }
}

/// Brings the file into WAL mode, in which readers and the writer do not wait for each other. For this change of mode
/// alone SQLite ignores `busy_timeout`: if several connections open a new file at the same time, all but one fail at once
/// because the file is locked.
fn enter_wal(connection: &mut SqliteConnection) -> QueryResult<()> {
    connection.batch_execute("PRAGMA busy_timeout=10000")?;
    let start = Instant::now();
    loop {
        match connection.batch_execute("PRAGMA journal_mode=WAL") {
            Err(error) if error.to_string().contains("locked") && start.elapsed() < WAL_PATIENCE => {
                std::thread::sleep(Duration::from_millis(10));
            }
            outcome => return outcome,
        }
    }
}

/// Opens a pool of `size` connections, which are opened on demand.
pub fn open(connector: Connector, size: u32) -> Pool {
    r2d2::Pool::builder()
        .max_size(size)
        .min_idle(Some(0))
        // Every reader here has its turn already, so it never waits for another reader: only for a new connection.
        .connection_timeout(connector.limits.connect)
        .error_handler(Box::new(LogErrors))
        .build_unchecked(connector)
}

/// Logs errors of the pool itself.
#[derive(Debug)]
struct LogErrors;

impl r2d2::HandleError<r2d2::Error> for LogErrors {
    fn handle_error(&self, error: r2d2::Error) {
        tracing::error!(%error, "a database connection failed");
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Barrier;

    use super::*;

    /// In each round the file is new, and nobody has brought it into WAL mode.
    #[test]
    fn connections_to_a_new_file_wait_for_each_other() {
        let folder = tempfile::tempdir().unwrap();
        for round in 0..100 {
            let path = folder.path().join(format!("{round}.sqlite"));
            sqlite_file::create(&path).unwrap();
            let url = DatabaseUrl::Sqlite(path);
            let start = Barrier::new(6);
            std::thread::scope(|scope| {
                let opened = [(); 6].map(|()| {
                    scope.spawn(|| {
                        start.wait();
                        Connector::new(url.clone()).connect().map(drop)
                    })
                });
                for opened in opened {
                    opened.join().unwrap().unwrap();
                }
            });
        }
    }
}
