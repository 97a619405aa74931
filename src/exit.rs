//! What the process ends with: a line for people and a code for programs.

use std::error::Error;

use client::error::PhoneError;
use db::unusable::Unusable;
use db::url::DatabaseUrlError;

use crate::config::ConfigError;

/// What the codes mean, for the help.
pub const CODES: &str = "Exit codes:
   0  it did what was asked, or was told to stop and ended in order
   1  something failed that has no code of its own
   2  the command line or a setting is wrong
  65  the database is not one that this program can use: a newer schema, another program's, no SQLite file, or a schema
      that lacks migrations where they are not run at start; or not the file of a phone
  66  there is no such SQLite file, or no folder for it
  69  the database server, or a phone's service, cannot be reached: another try may succeed
  75  another process uses the SQLite file
  77  the database refused: a wrong password, no such database or user, a file that may not be opened; or a phone has to
      sign in";

/// The outcome of a phone's round in which not everything was settled. Everything that waits is kept.
#[derive(Debug, thiserror::Error)]
pub enum Unsettled {
    /// Another try may succeed.
    #[error("not everything was settled, and all is kept: {0}; try again in {1} s")]
    Again(String, u64),
    /// Somebody has to sign in.
    #[error("the session has ended ({0}), and all is kept: muster phone sign-in")]
    SignInAgain(String),
    /// The service refuses, and would again.
    #[error("the service refuses, and all is kept: {0}")]
    Refused(String),
}

/// The code of a failure.
pub fn code_of(error: &(dyn Error + 'static)) -> u8 {
    if error.is::<ConfigError>() || error.is::<DatabaseUrlError>() {
        return 2;
    }
    if let Some(error) = error.downcast_ref::<PhoneError>() {
        return of_phone(error);
    }
    if let Some(unsettled) = error.downcast_ref::<Unsettled>() {
        return match unsettled {
            Unsettled::Again(..) => 69,
            Unsettled::SignInAgain(_) => 77,
            Unsettled::Refused(_) => 1,
        };
    }
    match error.downcast_ref::<Unusable>() {
        Some(Unusable::WrongSetting(..)) => 2,
        Some(Unusable::NotSqlite(_) | Unusable::AnotherProgram | Unusable::Newer(_) | Unusable::Behind(_)) => 65,
        Some(Unusable::NoFile(_) | Unusable::NoFolder(_)) => 66,
        Some(Unusable::Unreachable(..)) => 69,
        Some(Unusable::InUse(..)) => 75,
        Some(Unusable::Refused(..)) => 77,
        Some(Unusable::Failed(_)) | None => 1,
    }
}

fn of_phone(error: &PhoneError) -> u8 {
    match error {
        PhoneError::Invalid(_) => 2,
        PhoneError::NotAPhone(..) | PhoneError::Newer(_) => 65,
        PhoneError::NoFolder(..) => 66,
        PhoneError::Unreachable(..) | PhoneError::NotMuster(..) => 69,
        PhoneError::InUse => 75,
        PhoneError::NotSignedIn | PhoneError::OtherAccount { .. } | PhoneError::Refused(_) => 77,
        PhoneError::Storage(_) | PhoneError::IdReused(_) => 1,
    }
}

/// A failure with its causes, without the line ends that database servers put into theirs.
pub fn in_one_line(error: &dyn Error) -> String {
    let mut causes = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // A wrapper that says no more than what it wraps is not repeated.
        if causes.last().is_none_or(|last| !last.ends_with(&text)) {
            causes.push(text);
        }
        next = cause.source();
    }
    causes.join(": ").split_whitespace().collect::<Vec<_>>().join(" ")
}
