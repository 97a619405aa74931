//! Backups: a database saved completely while it is in use, and restored to an empty place.
//!
//! A backup is one tar file: a manifest that says what was saved with a hash for each table, the sums of the parts, and the
//! database as its own tools write it. See [`archive`] for the file, [`save()`] and [`restore()`] for the two ways.

pub mod archive;
pub mod manifest;
mod programs;
mod restore;
mod save;

use std::io;
use std::path::PathBuf;

pub use programs::Programs;
pub use restore::{Restored, restorable, restore};
pub use save::save;

use base::error::Error;
use db::open_error::OpenError;

/// The reason why a database could not be saved or restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The request cannot be carried out as things are; nothing was changed.
    #[error("{0}: nothing was changed")]
    Refused(String),
    /// The file is no backup that this program can restore; nothing was changed.
    #[error("{0}: nothing was changed")]
    NoBackup(String),
    /// The database cannot be used.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The backup is not as it was written; nothing was changed.
    #[error("the backup {} is damaged: {what}: nothing was changed", path.display())]
    Damaged {
        /// The backup.
        path: PathBuf,
        /// The damaged part.
        what: String,
    },
    /// The restored content differs from the saved content.
    #[error("{what} is not as it was saved: {mend}")]
    Differs {
        /// The first table that differs.
        what: String,
        /// The fate of the restored database.
        mend: &'static str,
    },
    /// A file could not be read or written.
    #[error("{} cannot be {what}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// The operation.
        what: &'static str,
        /// The cause.
        #[source]
        source: io::Error,
    },
    /// A PostgreSQL program failed.
    #[error("{program} failed: {said}")]
    Program {
        /// Its name.
        program: &'static str,
        /// Its output.
        said: String,
    },
    /// The database failed.
    #[error(transparent)]
    Database(#[from] Error),
}

impl BackupError {
    /// For `map_err`: a file could not be read or written.
    fn file(path: impl Into<PathBuf>, what: &'static str) -> impl FnOnce(io::Error) -> Self {
        let path = path.into();
        move |source| Self::File { path, what, source }
    }
}
