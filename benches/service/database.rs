//! New databases, and their size on disk.

use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use diesel::Connection as _;
use diesel::connection::SimpleConnection as _;
use diesel::pg::PgConnection;
use diesel::prelude::*;
use diesel::sql_types::BigInt;
use diesel::sqlite::SqliteConnection;
use tempfile::TempDir;

use crate::cluster::Cluster;

/// The two databases.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Sqlite,
    Postgres,
}

impl fmt::Display for Kind {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str(match self {
            Self::Sqlite => "SQLite",
            Self::Postgres => "PostgreSQL",
        })
    }
}

/// Durable, unlike the server of the tests, and otherwise as it is installed.
const DURABLE: &str =
    "-c fsync=on -c synchronous_commit=on -c full_page_writes=on -c autovacuum=on -c shared_buffers=128MB";

/// The folder in which all others are made.
static ROOT: OnceLock<PathBuf> = OnceLock::new();

/// Chooses the folder in which all others are made.
pub fn choose_root(dir: Option<&Path>) {
    let _ = ROOT.set(dir.map_or_else(std::env::temp_dir, Path::to_path_buf));
}

/// A folder that is removed at the end.
pub fn scratch_folder(prefix: &str) -> TempDir {
    tempfile::Builder::new().prefix(prefix).tempdir_in(ROOT.get_or_init(std::env::temp_dir)).unwrap()
}

/// The place of new databases of a kind.
pub enum Place {
    Sqlite,
    Postgres(Box<Cluster>),
}

impl Place {
    pub fn of(kind: Kind) -> Self {
        match kind {
            Kind::Sqlite => Self::Sqlite,
            Kind::Postgres => Self::Postgres(Box::new(Cluster::start_with("", DURABLE))),
        }
    }

    /// The URL of a database that does not exist yet on SQLite, and is empty on PostgreSQL.
    pub fn url(&self, folder: &Path) -> String {
        match self {
            Self::Sqlite => format!("sqlite:{}", folder.join("bench.sqlite").display()),
            Self::Postgres(cluster) => {
                let name = folder.file_name().unwrap().to_str().unwrap().to_lowercase().replace(['-', '.'], "_");
                let mut connection = PgConnection::establish(&cluster.url("postgres")).unwrap();
                connection.batch_execute(&format!("CREATE DATABASE \"{name}\"")).unwrap();
                cluster.url(&name)
            }
        }
    }

    /// The number of the server's process, on PostgreSQL.
    pub fn postmaster(&self) -> Option<u32> {
        match self {
            Self::Sqlite => None,
            Self::Postgres(cluster) => {
                let file = fs::read_to_string(cluster.folder().join("data/postmaster.pid")).unwrap();
                Some(file.lines().next().unwrap().trim().parse().unwrap())
            }
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        if let Self::Postgres(cluster) = self {
            cluster.stop();
        }
    }
}

/// A connection to one of the databases, for what the service does not tell.
pub enum Connection {
    Sqlite(SqliteConnection),
    Postgres(PgConnection),
}

#[derive(QueryableByName)]
struct Number {
    #[diesel(sql_type = BigInt)]
    number: i64,
}

#[derive(QueryableByName)]
struct Text {
    #[diesel(sql_type = diesel::sql_types::Text)]
    text: String,
}

impl Connection {
    pub fn open(url: &str) -> Self {
        if let Some(path) = url.strip_prefix("sqlite:") {
            let mut connection = SqliteConnection::establish(path).unwrap();
            connection.batch_execute("PRAGMA busy_timeout=60000; PRAGMA foreign_keys=ON;").unwrap();
            Self::Sqlite(connection)
        } else {
            Self::Postgres(PgConnection::establish(url).unwrap())
        }
    }

    pub fn run(&mut self, sql: &str) {
        match self {
            Self::Sqlite(connection) => connection.batch_execute(sql),
            Self::Postgres(connection) => connection.batch_execute(sql),
        }
        .unwrap_or_else(|error| panic!("{error}: {}", sql.chars().take(2_000).collect::<String>()));
    }

    /// The column `number` of the only row.
    pub fn number(&mut self, sql: &str) -> i64 {
        let rows: Vec<Number> = match self {
            Self::Sqlite(connection) => diesel::sql_query(sql).load(connection),
            Self::Postgres(connection) => diesel::sql_query(sql).load(connection),
        }
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
        rows[0].number
    }

    /// The column `text` of all rows.
    pub fn texts(&mut self, sql: &str) -> Vec<String> {
        let rows: Vec<Text> = match self {
            Self::Sqlite(connection) => diesel::sql_query(sql).load(connection),
            Self::Postgres(connection) => diesel::sql_query(sql).load(connection),
        }
        .unwrap_or_else(|error| panic!("{error}: {sql}"));
        rows.into_iter().map(|row| row.text).collect()
    }

    /// The bytes on disk.
    pub fn size(&mut self) -> u64 {
        let sql = match self {
            Self::Sqlite(_) => "SELECT page_count * page_size AS number FROM pragma_page_count(), pragma_page_size()",
            Self::Postgres(_) => "SELECT pg_database_size(current_database()) AS number",
        };
        u64::try_from(self.number(sql)).unwrap()
    }
}
