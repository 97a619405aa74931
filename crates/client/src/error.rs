//! Failures of the phone itself. Failures between phone and service are part of the outcome of a round of
//! [`sync`](super::Phone::sync).

use std::path::PathBuf;

use super::transport::TransportError;
use super::wire::Problem;

/// A failure, as one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// The folder for the phone's folder does not exist.
    #[error("the folder {0} cannot be made: {1}")]
    NoFolder(PathBuf, #[source] std::io::Error),
    /// The file is not a phone's.
    #[error("{0} is not the file of a phone: {1}")]
    NotAPhone(PathBuf, String),
    /// The file was made by a newer program.
    #[error("{0} was made by a newer version of muster: use that version")]
    Newer(PathBuf),
    /// Another process has been writing to the file for too long.
    #[error("another process uses this phone: try again")]
    InUse,
    /// The file could not be read or written.
    #[error("the phone's file cannot be used: {0}")]
    Storage(String),
    /// Nobody has signed in on this phone yet.
    #[error("nobody is signed in: use `muster phone sign-in` or `muster phone enrol` first")]
    NotSignedIn,
    /// The phone belongs to another account.
    #[error("this phone belongs to {present}, and so do its waiting commands: use another folder for {other}")]
    OtherAccount {
        /// The account it belongs to.
        present: String,
        /// The account that tried to sign in.
        other: String,
    },
    /// The service did not answer a sign-in.
    #[error("the service {0} cannot be reached: {1}")]
    Unreachable(String, #[source] TransportError),
    /// The service can do nothing now.
    #[error("the service {0} cannot work now ({1}): try again later")]
    Later(String, Box<Problem>),
    /// The service answered a sign-in with a problem.
    #[error("the service refused: {0}")]
    Refused(Box<Problem>),
    /// The answer did not come from Muster.
    #[error("the answer from {0} is not Muster's: {1}")]
    NotMuster(String, String),
    /// A value given by the user is not valid.
    #[error("{0}")]
    Invalid(String),
    /// A file holds no unsent counts, or cannot be read as a whole.
    #[error("this is not a usable file of unsent counts, and nothing was taken in: {0}")]
    NotUnsentCounts(String),
    /// The id already belongs to another command.
    #[error("the id {0} already belongs to a command with other content")]
    IdReused(uuid::Uuid),
}

impl From<diesel::result::Error> for PhoneError {
    fn from(error: diesel::result::Error) -> Self {
        let text = error.to_string();
        if text.contains("database is locked") { Self::InUse } else { Self::Storage(text) }
    }
}
