//! The reasons why a database cannot be used, for the operator who starts the program.

use std::path::PathBuf;

use diesel::r2d2;

use super::url::{DatabaseUrl, WITHOUT_TLS};
use base::error::{Error, StorageFailure};
use base::storage_failure::failure_told;

/// The reason why a database cannot be used. None of the messages holds a password.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// No server answered in time, or it is starting, stopping or full: another attempt may succeed.
    #[error("the database {0} cannot be reached (check the host, and that the server runs): {1}")]
    Unreachable(DatabaseUrl, String),
    /// It refused the connection: wrong password, no such database, or no permission for the file.
    #[error(
        "the database {0} refused the connection (check user, password and database name; for a file, its \
             permissions): {1}"
    )]
    Refused(DatabaseUrl, String),
    /// The connection settings cannot be met.
    #[error("the connection settings of the database {0} cannot be met (correct them): {1}")]
    WrongSetting(DatabaseUrl, String),
    /// The SQLite file does not exist, and must not be created.
    #[error("there is no SQLite database at {}: create it with `muster migrate`, or correct the path", .0.display())]
    NoFile(PathBuf),
    /// The folder of the SQLite file does not exist.
    #[error(
        "the SQLite database {} lies in a folder that does not exist: create the folder, or correct the path",
        .0.display()
    )]
    NoFolder(PathBuf),
    /// The file is not an SQLite file.
    #[error("{} is not an SQLite database: nothing was changed in it; name another file", .0.display())]
    NotSqlite(PathBuf),
    /// Another process uses the SQLite file.
    #[error("the SQLite database {} is in use by another muster process{}: stop that process first", .0.display(), .1)]
    InUse(PathBuf, String),
    /// It holds the tables of another program.
    #[error("the database holds the tables of another program: nothing was added to it; name an empty database")]
    AnotherProgram,
    /// It holds nothing of Muster's.
    #[error("the database holds nothing of Muster's: name another, or make it one with `muster migrate`")]
    NotMuster,
    /// A newer program has changed its schema.
    #[error(
        "the database has a newer schema (migration {0}) than this muster knows: start a newer muster, or name \
             another database"
    )]
    Newer(String),
    /// It lacks migrations, which must not be applied.
    #[error("the schema of the database lacks {0} migrations: run `muster migrate`")]
    Behind(usize),
    /// Its disk has no room.
    #[error("the disk of the database {0} is full: make room, then start again")]
    Full(DatabaseUrl),
    /// Its disk fails.
    #[error("the disk of the database {0} fails: see the log of the system")]
    Failing(DatabaseUrl),
    /// It takes no changes.
    #[error(
        "the database {0} takes no changes (check the permissions of the file and of its folder; for a server, whether \
             it is a standby or set to read only)"
    )]
    ReadOnly(DatabaseUrl),
    /// Another process holds a lock of it.
    #[error("the database {0} did not take a change in time, as another process holds its lock: try again later")]
    Locked(DatabaseUrl),
    /// The newest receipt was signed with a key that is not in the folder of keys.
    #[error(
        "the newest receipt of the database was signed with the key {key_id}, which is not in {}: name the folder of keys \
             that belongs to this database, or, if that key is lost, start once with --accept-new-keys",
        .folder.display()
    )]
    OtherKeys {
        /// The id of the key.
        key_id: String,
        /// The folder of the keys of receipts.
        folder: PathBuf,
    },
    /// Something else failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<diesel::result::Error> for OpenError {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl OpenError {
    /// Names the database in a failure of its storage.
    pub fn of_failure(url: &DatabaseUrl, error: Error) -> Self {
        match error.storage_failure() {
            Some(StorageFailure::Full) => Self::Full(url.clone()),
            Some(StorageFailure::Failing) => Self::Failing(url.clone()),
            Some(StorageFailure::ReadOnly) => Self::ReadOnly(url.clone()),
            Some(StorageFailure::TimedOut) => Self::Locked(url.clone()),
            Some(StorageFailure::Disconnected) => Self::Unreachable(url.clone(), error.with_causes()),
            _ => Self::Failed(error),
        }
    }

    /// The same for a failure that may have been classified already.
    pub(super) fn at(self, url: &DatabaseUrl) -> Self {
        match self {
            Self::Failed(error) => Self::of_failure(url, error),
            other => other,
        }
    }

    /// Classifies the failure to open a connection.
    pub(super) fn of_connection(url: &DatabaseUrl, error: &r2d2::Error) -> Self {
        let said = error.to_string();
        // libpq and servers break lines as they like.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if let DatabaseUrl::Sqlite(path) = url {
            if said.contains("not a database") {
                return Self::NotSqlite(path.clone());
            }
            return match failure_told(&said) {
                StorageFailure::Full => Self::Full(url.clone()),
                StorageFailure::Failing => Self::Failing(url.clone()),
                StorageFailure::ReadOnly => Self::ReadOnly(url.clone()),
                StorageFailure::TimedOut => Self::Locked(url.clone()),
                _ => Self::Refused(url.clone(), said),
            };
        }
        if said.contains("SSL support is not compiled in") {
            return Self::WrongSetting(url.clone(), format!("TLS is asked for, {WITHOUT_TLS}"));
        }
        if said.contains("connection option") || said.contains("sslmode") || said.contains("root certificate file") {
            return Self::WrongSetting(url.clone(), said);
        }
        let answered = ["FATAL", "致命错误"].iter().any(|word| said.contains(word));
        let refused = answered && !PASSING.iter().any(|word| said.contains(word))
            || said.contains("no password supplied")
            || said.contains("certificate verify failed")
            || said.contains("does not match host name");
        if refused { Self::Refused(url.clone(), said) } else { Self::Unreachable(url.clone(), said) }
    }
}

/// Messages of a server that will accept connections again by itself. In a language other than English such a message
/// counts as a refusal, which only affects the exit code.
const PASSING: [&str; 5] =
    ["starting up", "shutting down", "in recovery mode", "too many clients", "remaining connection slots"];
