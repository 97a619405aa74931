//! The phone's SQLite file, its schema, and all SQL of the phone.
//!
//! Every change is one transaction that is on disk when it ends (`synchronous = FULL`), so that after a kill or an
//! empty battery the state is that before or after.

pub mod commands;
pub mod mirror;
mod rows;
mod schema;
pub mod settings;
pub mod tokens;

use std::fs;
use std::io;
use std::path::Path;

use diesel::connection::SimpleConnection as _;
use diesel::prelude::*;
use diesel::sql_types::Integer;
use diesel::sqlite::SqliteConnection;

use super::error::PhoneError;

/// The name of the file in the phone's folder.
pub const FILE: &str = "phone.sqlite";

/// The mark of a phone's file: `MusP`, in SQLite's `application_id`.
const APPLICATION: i32 = 0x4d75_7350;

/// The steps that bring a file to each version of the schema. Steps are only ever added.
const STEPS: [&str; 2] = [include_str!("schema.sql"), include_str!("schema_2.sql")];

/// The time to wait for another process that writes.
const PATIENCE: &str = "PRAGMA busy_timeout = 10000;";

/// The open file.
pub struct Store {
    connection: SqliteConnection,
}

impl Store {
    /// Opens the file of a folder, and makes folder and file if there are none.
    pub fn open(folder: &Path) -> Result<Self, PhoneError> {
        make_folder(folder).map_err(|error| PhoneError::NoFolder(folder.to_owned(), error))?;
        let path = folder.join(FILE);
        let not_ours = |error: &dyn std::fmt::Display| PhoneError::NotAPhone(path.clone(), error.to_string());
        make_file(&path).map_err(|error| not_ours(&error))?;
        let name = path.to_str().ok_or_else(|| not_ours(&"its name is not UTF-8"))?;
        let mut connection = SqliteConnection::establish(name).map_err(|error| not_ours(&error))?;
        let prepared = connection
            .batch_execute(PATIENCE)
            .and_then(|()| connection.batch_execute("PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;"));
        prepared.map_err(|error| match PhoneError::from(error) {
            PhoneError::Storage(text) => not_ours(&text),
            other => other,
        })?;
        connection.immediate_transaction(|connection| bring_up_to_date(connection, &path))?;
        Ok(Self { connection })
    }

    /// Runs one writing transaction.
    pub fn change<T>(
        &mut self,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, PhoneError>,
    ) -> Result<T, PhoneError> {
        self.connection.immediate_transaction(work)
    }

    /// Runs one reading transaction, which sees one state throughout.
    pub fn read<T>(
        &mut self,
        work: impl FnOnce(&mut SqliteConnection) -> Result<T, PhoneError>,
    ) -> Result<T, PhoneError> {
        self.connection.transaction(work)
    }
}

fn bring_up_to_date(connection: &mut SqliteConnection, path: &Path) -> Result<(), PhoneError> {
    let (application, version) = (pragma(connection, "application_id")?, pragma(connection, "user_version")?);
    let tables: i32 =
        diesel::select(diesel::dsl::sql::<Integer>("(SELECT COUNT(*) FROM sqlite_master)")).get_result(connection)?;
    if application != APPLICATION && (tables > 0 || version != 0) {
        return Err(PhoneError::NotAPhone(path.to_owned(), "it holds the tables of something else".to_owned()));
    }
    let done = usize::try_from(version).map_err(|_| PhoneError::Newer(path.to_owned()))?;
    let steps = STEPS.get(done..).ok_or_else(|| PhoneError::Newer(path.to_owned()))?;
    for step in steps {
        connection.batch_execute(step)?;
    }
    if !steps.is_empty() {
        let newest = STEPS.len();
        connection.batch_execute(&format!("PRAGMA application_id = {APPLICATION}; PRAGMA user_version = {newest};"))?;
    }
    settings::make_device_id(connection)
}

fn pragma(connection: &mut SqliteConnection, name: &str) -> Result<i32, PhoneError> {
    let value = diesel::dsl::sql::<Integer>(&format!("(SELECT {name} FROM pragma_{name})"));
    Ok(diesel::select(value).get_result(connection)?)
}

/// Makes the folder for its owner only, like the file, because it holds tokens.
fn make_folder(folder: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(folder)
}

/// Makes the file for its owner only; SQLite gives the files beside it the same permissions.
fn make_file(path: &Path) -> io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.append(true).create(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path).map(drop)
}
