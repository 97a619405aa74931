//! The manifest of a backup.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use base::id::ChangeSetId;
use db::digest::DatabaseDigest;
use db::dump::Contents;
use db::url::DatabaseUrl;
use domain::revision::Revision;

/// The format of backups that this program writes, and the newest it reads.
pub const FORMAT: u32 = 1;

/// The kind of database that a backup was taken from; it can only be restored to the same kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, strum::Display)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// An SQLite file.
    #[strum(to_string = "SQLite")]
    Sqlite,
    /// A PostgreSQL database.
    #[strum(to_string = "PostgreSQL")]
    Postgresql,
}

impl Kind {
    /// The kind of database that a URL names.
    pub fn of(url: &DatabaseUrl) -> Self {
        match url {
            DatabaseUrl::Sqlite(_) => Self::Sqlite,
            DatabaseUrl::Postgres(_) => Self::Postgresql,
        }
    }

    /// The name of the part that holds the database.
    pub fn data_name(self) -> &'static str {
        match self {
            Self::Sqlite => "database.sqlite",
            Self::Postgresql => "database.pgdump",
        }
    }
}

/// The revision that a backup holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedRevision {
    /// Its number: all revisions up to it are in the backup, and none after it.
    pub revision: Revision,
    /// Its change set.
    pub change_set: ChangeSetId,
    /// The time of its commit.
    pub at: DateTime<Utc>,
}

/// The content of a backup: its first part, as JSON.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The format of the backup, see [`FORMAT`].
    pub format: u32,
    /// The version of the program that wrote it.
    pub muster: String,
    /// The kind of database.
    pub database: Kind,
    /// The major version of the `pg_dump` that wrote the database; no older `pg_restore` can read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pg_dump: Option<u32>,
    /// The name of the last migration applied.
    pub schema: String,
    /// The newest revision; `None` if nothing has been stored.
    pub newest: Option<SavedRevision>,
    /// The time it was taken, by the clock of that machine.
    pub saved_at: DateTime<Utc>,
    /// The content of every table.
    pub content: DatabaseDigest,
}

impl Manifest {
    /// The manifest of a backup taken now.
    pub(super) fn new(database: Kind, pg_dump: Option<u32>, contents: Contents) -> Self {
        let newest = contents.newest.map(|(learnt, change_set)| SavedRevision {
            revision: learnt.revision,
            change_set,
            at: learnt.at,
        });
        Self {
            format: FORMAT,
            muster: env!("CARGO_PKG_VERSION").to_owned(),
            database,
            pg_dump,
            schema: contents.schema,
            newest,
            saved_at: Utc::now(),
            content: contents.digest,
        }
    }

    /// The content in a phrase.
    pub fn summary(&self) -> String {
        let revision = match &self.newest {
            Some(newest) => format!("revision {} of {}", newest.revision.0, newest.at.format("%Y-%m-%dT%H:%M:%SZ")),
            None => "an empty database".to_owned(),
        };
        let (tables, rows) = (self.content.tables.len(), self.content.rows());
        format!("{revision} ({}, schema {}, {tables} tables, {rows} rows)", self.database, self.schema)
    }
}
