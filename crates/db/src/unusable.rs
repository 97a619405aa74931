//! Why a database cannot be used, said once to whoever starts the program.

use std::path::PathBuf;

use diesel::r2d2;

use super::url::{DatabaseUrl, WITHOUT_TLS};
use base::error::Error;

/// Why a database cannot be used. None of the messages holds a password.
#[derive(Debug, thiserror::Error)]
pub enum Unusable {
    /// No server answered in time, or it is starting, stopping or full: another try may meet it ready.
    #[error("the database {0} cannot be reached: {1}")]
    Unreachable(DatabaseUrl, String),
    /// It answered and lets nobody in: a wrong password, no such database, a file that may not be read.
    #[error("the database {0} refused the connection: {1}")]
    Refused(DatabaseUrl, String),
    /// The connection is asked for in a way that cannot be had.
    #[error("the database {0} cannot be connected to as the URL asks: {1}")]
    WrongSetting(DatabaseUrl, String),
    /// There is no such SQLite file, and nobody asked for one to be made.
    #[error("there is no SQLite database at {}: make it with `muster migrate`, or mend the path", .0.display())]
    NoFile(PathBuf),
    /// The folder of an SQLite file is not there.
    #[error("the SQLite database {} has no folder to be in: make the folder, or mend the path", .0.display())]
    NoFolder(PathBuf),
    /// It is something other than an SQLite file.
    #[error("{} is not an SQLite database: nothing was changed in it", .0.display())]
    NotSqlite(PathBuf),
    /// Another process has the SQLite file.
    #[error("the SQLite database {} is in use by another muster process{}", .0.display(), .1)]
    InUse(PathBuf, String),
    /// It holds the tables of another program.
    #[error("the database holds the tables of another program: nothing was added to it")]
    AnotherProgram,
    /// A newer program has been at work in it.
    #[error(
        "the database has a newer schema (migration {0}) than this muster knows: start a newer muster, or name \
             another database"
    )]
    Newer(String),
    /// It lacks migrations, and nobody asked for them to be run.
    #[error("the schema of the database lacks {0} migrations: run `muster migrate`")]
    Behind(usize),
    /// Something else failed.
    #[error(transparent)]
    Failed(#[from] Error),
}

impl From<diesel::result::Error> for Unusable {
    fn from(error: diesel::result::Error) -> Self {
        Self::Failed(error.into())
    }
}

impl Unusable {
    /// What a connection that could not be opened means.
    pub(super) fn of_connection(url: &DatabaseUrl, error: &r2d2::Error) -> Self {
        let said = error.to_string();
        // libpq and servers break lines as they like.
        let said = said.split_whitespace().collect::<Vec<_>>().join(" ");
        if let DatabaseUrl::Sqlite(path) = url {
            return if said.contains("not a database") {
                Self::NotSqlite(path.clone())
            } else {
                Self::Refused(url.clone(), said)
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

/// What a server answers that will take connections again by itself. In another language than English such an answer
/// counts as a refusal, which costs no more than the choice of an exit code.
const PASSING: [&str; 5] =
    ["starting up", "shutting down", "in recovery mode", "too many clients", "remaining connection slots"];
