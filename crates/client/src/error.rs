//! What can go wrong on a phone itself. What goes wrong between it and the service is told by a round of
//! [`sync`](super::Phone::sync), as it is no failure of the phone.

use std::path::PathBuf;

use super::transport::TransportError;
use super::wire::Problem;

/// A failure, in one line that says what to do.
#[derive(Debug, thiserror::Error)]
pub enum PhoneError {
    /// There is no folder to make the phone's own in.
    #[error("the folder {0} cannot be made: {1}")]
    NoFolder(PathBuf, #[source] std::io::Error),
    /// The file is none of a phone.
    #[error("{0} is not the file of a phone: {1}")]
    NotAPhone(PathBuf, String),
    /// A newer program made the file.
    #[error("{0} was made by a newer muster: use that one")]
    Newer(PathBuf),
    /// Another process writes to the file and does not end.
    #[error("another process uses this phone: try again")]
    InUse,
    /// The file could not be read or written.
    #[error("the phone's file cannot be used: {0}")]
    Storage(String),
    /// Nobody signed in on this phone yet.
    #[error("nobody is signed in: use `muster phone sign-in` or `muster phone enrol` first")]
    NotSignedIn,
    /// The phone is another account's.
    #[error("this phone is {present}'s, and what waits on it is theirs: use another folder for {other}")]
    OtherAccount {
        /// Whose it is.
        present: String,
        /// Who wanted to sign in.
        other: String,
    },
    /// No answer came to a sign-in.
    #[error("the service {0} cannot be reached: {1}")]
    Unreachable(String, #[source] TransportError),
    /// The service answered a sign-in with a problem.
    #[error("the service refused: {0}")]
    Refused(Box<Problem>),
    /// What came back is not what Muster answers.
    #[error("what answered at {0} is not Muster: {1}")]
    NotMuster(String, String),
    /// A value that the user gave cannot be taken.
    #[error("{0}")]
    Invalid(String),
    /// The id is taken by another command.
    #[error("the id {0} is taken by a command of other content")]
    IdReused(uuid::Uuid),
}

impl From<diesel::result::Error> for PhoneError {
    fn from(error: diesel::result::Error) -> Self {
        let text = error.to_string();
        if text.contains("database is locked") { Self::InUse } else { Self::Storage(text) }
    }
}
