//! Reading a whole database, and identifying the content of a place: the SQL of backups.

use std::path::Path;

use diesel::connection::{AnsiTransactionManager, SimpleConnection};
use diesel::migration::{Migration, MigrationSource};
use diesel::pg::{Pg, PgConnection};
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::{BigInt, Text};
use diesel::sqlite::{Sqlite, SqliteConnection};

use super::connection::AnyConnection;
use super::digest::{self, DatabaseDigest};
use super::limits::Limits;
use super::migrations;
use super::open_error::OpenError;
use super::pool::Connector;
use super::schema::revisions;
use super::sql_types::Instant;
use super::sqlite_file;
use super::url::DatabaseUrl;
use base::error::Error;
use base::id::ChangeSetId;
use domain::revision::{Learnt, Revision};

/// The content of a database, read from one consistent state.
#[derive(Clone, Debug)]
pub struct Contents {
    /// The name of the last migration applied, which identifies the schema.
    pub schema: String,
    /// The newest revision and its change set; `None` if nothing was ever stored.
    pub newest: Option<(Learnt, ChangeSetId)>,
    /// The hashes of the content.
    pub digest: DatabaseDigest,
}

/// Reads a whole database. The caller's transaction makes it one consistent state.
///
/// # Errors
/// If the database fails, or is not Muster's.
pub fn contents(connection: &mut AnyConnection) -> Result<Contents, OpenError> {
    let schema = schema_version(connection)?;
    let newest = revisions::table
        .order(revisions::revision.desc())
        .select((revisions::revision, revisions::at, revisions::change_set))
        .first::<(Revision, Instant, ChangeSetId)>(connection)
        .optional()?
        .map(|(revision, Instant(at), change_set)| (Learnt { revision, at }, change_set));
    Ok(Contents { schema, newest, digest: digest::of_database(connection).map_err(Error::from)? })
}

#[derive(QueryableByName)]
struct Name {
    #[diesel(sql_type = Text)]
    name: String,
}

/// The name of the last migration applied.
fn schema_version(connection: &mut AnyConnection) -> Result<String, OpenError> {
    const NEWEST: &str = "SELECT version AS name FROM __diesel_schema_migrations ORDER BY version DESC LIMIT 1";
    let found = match connection {
        AnyConnection::Sqlite(connection) => diesel::sql_query(NEWEST).get_result::<Name>(connection),
        AnyConnection::Postgres(connection) => diesel::sql_query(NEWEST).get_result::<Name>(connection),
    };
    found.map(|row| row.name).map_err(|error| match error {
        diesel::result::Error::NotFound => OpenError::NotMuster,
        error if is_missing_table(&error) => OpenError::NotMuster,
        error => error.into(),
    })
}

/// True for the failure of a query about a table that is not there.
fn is_missing_table(error: &diesel::result::Error) -> bool {
    let diesel::result::Error::DatabaseError(_, about) = error else { return false };
    let said = about.message();
    said.contains("no such table") || said.contains("does not exist") || said.contains("不存在")
}

/// The names of the migrations that this program knows for a database, in order.
///
/// # Errors
/// None in practice: the migrations are part of the program.
pub fn known_schemas(url: &DatabaseUrl) -> Result<Vec<String>, Error> {
    fn names<DB: diesel::backend::Backend>(
        found: diesel::migration::Result<Vec<Box<dyn Migration<DB>>>>,
    ) -> Result<Vec<String>, Error> {
        let found = found.map_err(|error| Error::internal("the migrations cannot be read", error))?;
        let mut names: Vec<String> = found.iter().map(|migration| migration.name().version().to_string()).collect();
        names.sort();
        Ok(names)
    }
    match url {
        DatabaseUrl::Sqlite(_) => names(MigrationSource::<Sqlite>::migrations(&migrations::SQLITE)),
        DatabaseUrl::Postgres(_) => names(MigrationSource::<Pg>::migrations(&migrations::POSTGRES)),
    }
}

/// Opens an SQLite file without changing its mode or content; no file is created.
///
/// # Errors
/// If there is no such file, or it cannot be opened.
pub fn open_sqlite(path: &Path) -> Result<SqliteConnection, OpenError> {
    sqlite_file::require(path)?;
    let open = || {
        let mut connection = SqliteConnection::establish(&path.to_string_lossy())?;
        connection.batch_execute("PRAGMA busy_timeout=10000").map_err(ConnectionError::CouldntSetupConfiguration)?;
        Ok::<_, ConnectionError>(connection)
    };
    open().map_err(|error| Error::internal("the SQLite file cannot be opened", error).into())
}

/// Copies the state of an SQLite database at one moment to an empty file; writers do not wait.
///
/// `VACUUM INTO` reads in one transaction. The online interface for backups, which starts over whenever somebody writes, is
/// nothing that can be called without `unsafe`.
///
/// # Errors
/// If the database cannot be read or the file cannot be written.
pub fn copy_sqlite(source: &Path, to: &Path) -> Result<(), OpenError> {
    let mut source = open_sqlite(source)?;
    diesel::sql_query("VACUUM INTO ?").bind::<Text, _>(to.to_string_lossy().into_owned()).execute(&mut source)?;
    Ok(())
}

/// Opens a copy for reading, and checks that it is intact: every index agrees with its table, and every reference has
/// its target.
///
/// # Errors
/// If it is damaged, or cannot be read.
pub fn open_sqlite_copy(path: &Path) -> Result<AnyConnection, OpenError> {
    let mut connection = open_sqlite(path)?;
    connection.batch_execute("PRAGMA query_only=ON")?;
    let checks = "SELECT integrity_check AS name FROM pragma_integrity_check WHERE integrity_check <> 'ok' \
         UNION ALL SELECT 'a row of ' || \"table\" || ' refers to none of ' || parent FROM pragma_foreign_key_check LIMIT 1";
    if let Some(Name { name }) = diesel::sql_query(checks).get_result(&mut connection).optional()? {
        return Err(Error::internal("the SQLite database is damaged", name).into());
    }
    Ok(AnyConnection::Sqlite(connection))
}

/// A PostgreSQL database held at one moment, while others go on writing.
pub struct HeldPostgres {
    connection: AnyConnection,
    /// The name by which other connections can read the same moment, as long as this value lives.
    pub snapshot: String,
    /// The major version of the server.
    pub server_version: u32,
}

impl HeldPostgres {
    /// Connects and holds the present moment.
    ///
    /// # Errors
    /// If the server cannot be reached.
    pub fn hold(url: &str) -> Result<Self, OpenError> {
        let mut connection = connect_postgres(url)?;
        AnsiTransactionManager::begin_transaction_sql(
            &mut connection,
            "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        )?;
        let snapshot = diesel::sql_query("SELECT pg_export_snapshot() AS name").get_result::<Name>(&mut connection)?;
        let server_version = postgres_version(&mut connection)?;
        Ok(Self { connection: AnyConnection::Postgres(connection), snapshot: snapshot.name, server_version })
    }

    /// The content of the database at that moment.
    ///
    /// # Errors
    /// Same as [`contents`].
    pub fn contents(&mut self) -> Result<Contents, OpenError> {
        contents(&mut self.connection)
    }
}

/// The major version of a PostgreSQL server.
fn postgres_version(connection: &mut PgConnection) -> QueryResult<u32> {
    #[derive(QueryableByName)]
    struct Version {
        #[diesel(sql_type = BigInt)]
        major: i64,
    }
    let query = "SELECT current_setting('server_version_num')::bigint / 10000 AS major";
    let Version { major } = diesel::sql_query(query).get_result(connection)?;
    Ok(u32::try_from(major).unwrap_or(0))
}

/// Something in a PostgreSQL database that a new one does not have: a table, a view, a type or a function. `None` if it
/// is empty.
///
/// # Errors
/// If the server cannot be reached.
pub fn found_in_postgres(url: &str) -> Result<Option<String>, OpenError> {
    let query = "WITH ours AS (SELECT oid FROM pg_namespace WHERE nspname <> 'information_schema' AND nspname !~ '^pg_'), \
             extensions AS (SELECT objid FROM pg_depend WHERE deptype = 'e') \
         SELECT relname::text AS name FROM pg_class \
             WHERE relnamespace IN (SELECT oid FROM ours) AND oid NOT IN (SELECT objid FROM extensions) \
         UNION ALL SELECT typname::text FROM pg_type \
             WHERE typnamespace IN (SELECT oid FROM ours) AND oid NOT IN (SELECT objid FROM extensions) \
         UNION ALL SELECT proname::text FROM pg_proc \
             WHERE pronamespace IN (SELECT oid FROM ours) AND oid NOT IN (SELECT objid FROM extensions) LIMIT 1";
    Ok(diesel::sql_query(query).get_result::<Name>(&mut connect_postgres(url)?).optional()?.map(|found| found.name))
}

/// Reads the present content of a PostgreSQL database.
///
/// # Errors
/// Same as [`contents`].
pub fn contents_of_postgres(url: &str) -> Result<Contents, OpenError> {
    HeldPostgres::hold(url)?.contents()
}

fn connect_postgres(url: &str) -> Result<PgConnection, OpenError> {
    let url = DatabaseUrl::Postgres(url.to_owned());
    let connector = Connector { url: url.clone(), limits: Limits::BACKUP };
    match connector.connect().map_err(|error| OpenError::of_connection(&url, &error))? {
        AnyConnection::Postgres(connection) => Ok(connection),
        AnyConnection::Sqlite(_) => Err(Error::Internal("the database is not PostgreSQL", None).into()),
    }
}
