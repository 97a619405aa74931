//! Bringing a database's schema up to date.

use std::error::Error as StdError;

use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use diesel::r2d2::ManageConnection;
use diesel::sql_types::Text;
use diesel_migrations::{EmbeddedMigrations, MigrationHarness, embed_migrations};

use super::connection::AnyConnection;
use super::pool::Connector;
use super::url::DatabaseUrl;
use crate::error::Error;

/// The migrations of SQLite.
pub const SQLITE: EmbeddedMigrations = embed_migrations!("migrations/sqlite");
/// The migrations of PostgreSQL; the same names as SQLite's.
pub const POSTGRES: EmbeddedMigrations = embed_migrations!("migrations/postgres");

/// Where the migrations that ran are on record.
const RECORD: &str = "__diesel_schema_migrations";

/// A table that is there as soon as the first migration ran.
const FIRST_TABLE: &str = "revisions";

/// The advisory lock under which PostgreSQL's schema is brought up to date. An arbitrary constant.
const SCHEMA_LOCK: i64 = 0x6d75_7374_6573;

/// The names of the tables of an SQLite database.
const SQLITE_TABLES: &str =
    r"SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\_%' ESCAPE '\'";

/// The names of the tables in the schema that new ones go to.
const POSTGRES_TABLES: &str = "SELECT tablename::text AS name FROM pg_tables WHERE schemaname = current_schema()";

/// Runs the migrations that a database lacks. An SQLite file is made where there is none. Of several that start at once
/// one does the work and the others wait for it.
///
/// # Errors
/// Where the database cannot be reached, or holds the tables of another program: nothing is added to those.
pub fn run(url: &DatabaseUrl) -> Result<(), Error> {
    let mut connection =
        Connector(url.clone()).connect().map_err(|error| Error::internal("the database cannot be reached", error))?;
    match &mut connection {
        // SQLite knows no lock but that of the whole file, so here all migrations are one transaction.
        AnyConnection::Sqlite(connection) => connection.immediate_transaction(|connection| {
            refuse_other_programs(diesel::sql_query(SQLITE_TABLES).load(connection)?)?;
            connection.run_pending_migrations(SQLITE).map(drop).map_err(failed)
        }),
        AnyConnection::Postgres(connection) => {
            // The lock is the session's and ends with it, at the end of this function.
            connection.batch_execute(&format!("SELECT pg_advisory_lock({SCHEMA_LOCK})"))?;
            refuse_other_programs(diesel::sql_query(POSTGRES_TABLES).load(connection)?)?;
            connection.run_pending_migrations(POSTGRES).map(drop).map_err(failed)
        }
    }
}

fn failed(error: Box<dyn StdError + Send + Sync>) -> Error {
    Error::internal("the schema could not be brought up to date", error)
}

#[derive(QueryableByName)]
struct Table {
    #[diesel(sql_type = Text)]
    name: String,
}

fn refuse_other_programs(tables: Vec<Table>) -> Result<(), Error> {
    if tables.iter().any(|table| table.name != RECORD) && !tables.iter().any(|table| table.name == FIRST_TABLE) {
        return Err(Error::Internal("the database holds the tables of another program: nothing was added to it", None));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_of_another_program_are_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("other.sqlite"));
        let mut connection = Connector(url.clone()).connect().unwrap();
        connection.batch_execute("CREATE TABLE invoices (id INTEGER)").unwrap();
        assert!(matches!(run(&url), Err(Error::Internal(_, None))));
        let tables: Vec<Table> = diesel::sql_query(SQLITE_TABLES).load(&mut connection).unwrap();
        assert_eq!(tables.iter().map(|table| &table.name).collect::<Vec<_>>(), ["invoices"]);
    }

    #[test]
    fn a_second_run_finds_nothing_to_do() {
        let folder = tempfile::tempdir().unwrap();
        let url = DatabaseUrl::Sqlite(folder.path().join("muster.sqlite"));
        run(&url).unwrap();
        run(&url).unwrap();
    }
}
