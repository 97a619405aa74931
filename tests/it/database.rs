//! A database of its own for each test: migrated once, then copied.

use std::fmt;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use db::connection::AnyConnection;
use db::pool::Connector;
use db::url::DatabaseUrl;
use db::{Db, migrations};
use diesel::connection::SimpleConnection;
use diesel::dsl::sql;
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::Integer;
use tempfile::TempDir;

use crate::cases::Fixture;
use crate::cluster::cluster;

/// The name of the database that PostgreSQL's are copied from.
const TEMPLATE: &str = "template_of_tests";

/// The kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Backend {
    /// SQLite.
    Sqlite,
    /// PostgreSQL.
    Postgres,
}

impl fmt::Display for Backend {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sqlite => "sqlite",
            Self::Postgres => "postgres",
        })
    }
}

/// A migrated, empty database that nobody else knows of; it goes when this goes.
pub struct TestDatabase {
    /// Its kind.
    pub backend: Backend,
    /// Its URL.
    pub url: DatabaseUrl,
    /// The resources removed with it.
    _remains: Remains,
}

#[expect(dead_code, reason = "held for their destructors")]
enum Remains {
    Folder(TempDir),
    Database(PostgresDatabase),
}

impl TestDatabase {
    /// Makes one.
    pub fn create(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = scratch_folder("muster-sqlite-");
                let file = folder.path().join("muster.sqlite");
                fs::write(&file, sqlite_template()).unwrap();
                Self { backend, url: DatabaseUrl::Sqlite(file), _remains: Remains::Folder(folder) }
            }
            Backend::Postgres => {
                let database = PostgresDatabase::copy_template();
                let url = DatabaseUrl::Postgres(cluster().url(&database.0));
                Self { backend, url, _remains: Remains::Database(database) }
            }
        }
    }

    /// Makes one without a schema.
    pub fn create_empty(backend: Backend) -> Self {
        match backend {
            Backend::Sqlite => {
                let folder = scratch_folder("muster-sqlite-");
                let url = DatabaseUrl::Sqlite(folder.path().join("muster.sqlite"));
                Self { backend, url, _remains: Remains::Folder(folder) }
            }
            Backend::Postgres => {
                let database = PostgresDatabase::create("");
                let url = DatabaseUrl::Postgres(cluster().url(&database.0));
                Self { backend, url, _remains: Remains::Database(database) }
            }
        }
    }

    /// Opens it as the service does.
    pub fn open(&self) -> Db {
        Db::open(&self.url).unwrap()
    }

    /// A connection to drive by hand, with the service's settings.
    pub fn connect(&self) -> AnyConnection {
        Connector::new(self.url.clone()).connect().unwrap()
    }
}

impl Fixture for TestDatabase {
    const BACKENDS: &'static [Option<Backend>] = &[Some(Backend::Sqlite), Some(Backend::Postgres)];

    async fn make(backend: Option<Backend>) -> Self {
        Self::create(backend.expect("a case with a database names it"))
    }
}

/// A [`TestDatabase`] for a body about something that only PostgreSQL has.
pub struct OnPostgres(pub TestDatabase);

impl Fixture for OnPostgres {
    const BACKENDS: &'static [Option<Backend>] = &[Some(Backend::Postgres)];

    async fn make(_: Option<Backend>) -> Self {
        Self(TestDatabase::create(Backend::Postgres))
    }
}

/// A new folder for databases: in memory where there is room, as a run is several times as fast there; otherwise, and
/// wherever `TMPDIR` says so, among the temporary files.
pub fn scratch_folder(prefix: &str) -> TempDir {
    static ROOT: OnceLock<PathBuf> = OnceLock::new();
    let root = ROOT.get_or_init(|| {
        let memory = PathBuf::from("/dev/shm");
        let free = || {
            let output = Command::new("df").arg("-Pk").arg(&memory).output().ok()?;
            let table = String::from_utf8(output.stdout).ok()?;
            table.lines().nth(1)?.split_whitespace().nth(3)?.parse::<u64>().ok()
        };
        let roomy = std::env::var_os("TMPDIR").is_none() && free().is_some_and(|kilobytes| kilobytes > 2_000_000);
        if roomy { memory } else { std::env::temp_dir() }
    });
    tempfile::Builder::new().prefix(prefix).tempdir_in(root).unwrap()
}

/// The bytes of a migrated SQLite file.
fn sqlite_template() -> &'static [u8] {
    static TEMPLATE: OnceLock<Vec<u8>> = OnceLock::new();
    TEMPLATE.get_or_init(|| {
        let folder = scratch_folder("muster-sqlite-");
        let file = folder.path().join("template.sqlite");
        migrations::run(&DatabaseUrl::Sqlite(file.clone())).unwrap();
        fs::read(file).unwrap()
    })
}

/// The name of a database on the run's server.
struct PostgresDatabase(String);

impl PostgresDatabase {
    fn copy_template() -> Self {
        static STRATEGY: OnceLock<&str> = OnceLock::new();
        let strategy = STRATEGY.get_or_init(|| {
            let mut server = server();
            server.batch_execute(&format!("CREATE DATABASE {TEMPLATE}")).unwrap();
            migrations::run(&DatabaseUrl::Postgres(cluster().url(TEMPLATE))).unwrap();
            let version: i32 = diesel::select(sql::<Integer>("current_setting('server_version_num')::integer"))
                .get_result(&mut server)
                .unwrap();
            // Twice as fast as the way through the log, which is the only one before version 15.
            if version >= 150_000 { "STRATEGY file_copy" } else { "" }
        });
        Self::create(&format!("TEMPLATE {TEMPLATE} {strategy}"))
    }

    fn create(options: &str) -> Self {
        static COUNTER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", COUNTER.fetch_add(1, Ordering::Relaxed));
        server().batch_execute(&format!("CREATE DATABASE {name} {options}")).unwrap();
        Self(name)
    }
}

impl Drop for PostgresDatabase {
    /// Gives the space back early; what fails here goes with the server.
    fn drop(&mut self) {
        if let Ok(mut server) = PgConnection::establish(&cluster().url("postgres")) {
            let _ = server.batch_execute(&format!("DROP DATABASE {} WITH (FORCE)", self.0));
        }
    }
}

fn server() -> PgConnection {
    PgConnection::establish(&cluster().url("postgres")).unwrap()
}
