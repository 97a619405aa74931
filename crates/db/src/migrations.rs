//! Bringing a database's schema up to date.

use std::error::Error as StdError;

use diesel::connection::{LoadConnection, SimpleConnection};
use diesel::migration::MigrationSource;
use diesel::prelude::*;
use diesel::query_dsl::LoadQuery;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::AnyConnection;
use super::limits::Limits;
use super::open_error::OpenError;
use super::pool::Connector;
use super::sqlite_file;
use super::url::DatabaseUrl;
use base::error::{Error, StorageFailure};
use base::storage_failure::failure_told;

/// The migrations of SQLite.
pub const SQLITE: EmbeddedMigrations = embed_migrations!("../../migrations/sqlite");
/// The migrations of PostgreSQL; the same names as SQLite's.
pub const POSTGRES: EmbeddedMigrations = embed_migrations!("../../migrations/postgres");

/// The table that records the migrations applied.
const RECORD: &str = "__diesel_schema_migrations";

/// A table that exists as soon as the first migration was applied.
const FIRST_TABLE: &str = "revisions";

/// The advisory lock for migrating PostgreSQL's schema. An arbitrary constant.
const SCHEMA_LOCK: i64 = 0x6d75_7374_6573;

/// The names of the tables of an SQLite database.
const SQLITE_TABLES: &str =
    r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'";

/// The names of the tables in the schema that new tables go to.
const POSTGRES_TABLES: &str = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()";

/// The state of a database's schema, compared with the migrations of this program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaState {
    /// The names of the missing migrations, in order.
    pub pending: Vec<String>,
}

/// Applies the missing migrations and returns their names. An SQLite file is created if there is none. If several
/// processes start at once, one does the work and the others wait.
///
/// # Errors
/// If the database cannot be reached, or holds the tables of another or a newer program: nothing is added to those.
pub fn run(url: &DatabaseUrl) -> Result<Vec<String>, OpenError> {
    if let DatabaseUrl::Sqlite(path) = url {
        sqlite_file::create(path)?;
    }
    apply_missing(&mut connect(url)?).map_err(|error| error.at(url))
}

fn apply_missing(connection: &mut AnyConnection) -> Result<Vec<String>, OpenError> {
    match connection {
        // SQLite can only lock the whole file, so all migrations are one transaction here.
        AnyConnection::Sqlite(connection) => connection.immediate_transaction(|connection| {
            let schema = compare(diesel::sql_query(SQLITE_TABLES).load(connection)?, connection, &SQLITE)?;
            connection.run_pending_migrations(SQLITE).map(drop).map_err(failed)?;
            Ok(schema.pending)
        }),
        AnyConnection::Postgres(connection) => {
            // The lock belongs to the session and ends with it, at the end of this function.
            connection.batch_execute(&format!("SELECT pg_advisory_lock({SCHEMA_LOCK})"))?;
            let schema = compare(diesel::sql_query(POSTGRES_TABLES).load(connection)?, connection, &POSTGRES)?;
            connection.run_pending_migrations(POSTGRES).map(drop).map_err(failed)?;
            Ok(schema.pending)
        }
    }
}

/// Compares the schema with the migrations, and changes nothing.
///
/// # Errors
/// Same as [`run`], and if there is no SQLite file.
pub fn look(url: &DatabaseUrl) -> Result<SchemaState, OpenError> {
    match url {
        DatabaseUrl::Sqlite(path) if !path.exists() => return Err(OpenError::NoFile(path.clone())),
        _ => {}
    }
    schema_state(&mut connect(url)?).map_err(|error| error.at(url))
}

/// Compares the schema with the migrations over a connection.
///
/// # Errors
/// If it holds the tables of another or a newer program, or cannot be read.
pub fn schema_state(connection: &mut AnyConnection) -> Result<SchemaState, OpenError> {
    match connection {
        AnyConnection::Sqlite(connection) => {
            compare(diesel::sql_query(SQLITE_TABLES).load(connection)?, connection, &SQLITE)
        }
        AnyConnection::Postgres(connection) => {
            compare(diesel::sql_query(POSTGRES_TABLES).load(connection)?, connection, &POSTGRES)
        }
    }
}

fn connect(url: &DatabaseUrl) -> Result<AnyConnection, OpenError> {
    Connector { url: url.clone(), limits: Limits::MIGRATION }
        .connect()
        .map_err(|error| OpenError::of_connection(url, &error))
}

fn failed(error: Box<dyn StdError + Send + Sync>) -> OpenError {
    // The harness hides the error of the database in one of its own.
    match failure_told(&error.to_string()) {
        StorageFailure::Other => Error::internal("the schema could not be brought up to date", error).into(),
        failure => Error::Storage(failure, error).into(),
    }
}

fn compare<C>(tables: Vec<Table>, connection: &mut C, known: &EmbeddedMigrations) -> Result<SchemaState, OpenError>
where
    C: LoadConnection,
    EmbeddedMigrations: MigrationSource<C::Backend>,
    diesel::query_builder::SqlQuery: for<'q> LoadQuery<'q, C, Applied>,
{
    let is_there = |name: &str| tables.iter().any(|table| table.name == name);
    if tables.iter().any(|table| table.name != RECORD) && !is_there(FIRST_TABLE) {
        return Err(OpenError::AnotherProgram);
    }
    let applied: Vec<Applied> = if is_there(RECORD) {
        diesel::sql_query(format!("SELECT version FROM {RECORD} ORDER BY version")).load(connection)?
    } else {
        Vec::new()
    };
    let mut known: Vec<(String, String)> = MigrationSource::<C::Backend>::migrations(known)
        .map_err(failed)?
        .iter()
        .map(|migration| (migration.name().version().to_string(), migration.name().to_string()))
        .collect();
    known.sort();
    if let Some(stranger) =
        applied.iter().rev().find(|applied| !known.iter().any(|(known, _)| *known == applied.version))
    {
        return Err(OpenError::Newer(stranger.version.clone()));
    }
    let is_pending = |version: &str| !applied.iter().any(|applied| applied.version == version);
    let pending = known.into_iter().filter(|(version, _)| is_pending(version)).map(|(_, name)| name).collect();
    Ok(SchemaState { pending })
}

/// A migration applied.
#[derive(QueryableByName)]
struct Applied {
    #[diesel(sql_type = Text)]
    version: String,
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A new file with a connection to it.
    fn new_file(folder: &std::path::Path) -> (DatabaseUrl, AnyConnection) {
        let path = folder.join("muster.sqlite");
        sqlite_file::create(&path).unwrap();
        let url = DatabaseUrl::Sqlite(path);
        let connection = Connector::new(url.clone()).connect().unwrap();
        (url, connection)
    }

    #[test]
    fn tables_of_another_program_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (url, mut connection) = new_file(folder.path());
        connection.batch_execute("CREATE TABLE invoices (id INTEGER)").unwrap();
        assert!(matches!(look(&url), Err(OpenError::AnotherProgram)));
        assert!(matches!(run(&url), Err(OpenError::AnotherProgram)));
        let tables: Vec<Table> = diesel::sql_query(SQLITE_TABLES).load(&mut connection).unwrap();
        assert_eq!(tables.iter().map(|table| &table.name).collect::<Vec<_>>(), ["invoices"]);
    }

    #[test]
    fn a_second_run_finds_nothing_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let (url, _) = new_file(folder.path());
        let pending = look(&url).unwrap().pending;
        assert!(pending.len() >= 4, "{pending:?}");
        assert_eq!(run(&url).unwrap(), pending);
        assert_eq!(look(&url).unwrap().pending, Vec::<String>::new());
        assert_eq!(run(&url).unwrap(), Vec::<String>::new());
    }

    #[test]
    fn a_newer_schema_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let (url, mut connection) = new_file(folder.path());
        run(&url).unwrap();
        connection.batch_execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('29991231000000')").unwrap();
        for outcome in [run(&url).map(drop), look(&url).map(drop)] {
            assert!(matches!(outcome, Err(OpenError::Newer(version)) if version == "29991231000000"));
        }
    }
}
