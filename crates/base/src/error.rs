//! Errors by kind. This module knows neither HTTP nor SQL: the API maps each kind to a status, and `storage_failure` maps
//! the errors of databases to kinds.

use std::error::Error as StdError;

use text::messages::Message;

/// One thing wrong with what a client sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// A JSON pointer into the body, or `/name` of a query parameter.
    pub pointer: String,
    /// The kind of fault, as a stable snake_case word.
    pub code: &'static str,
    /// One sentence saying what is wrong and how to correct it.
    pub detail: Message,
}

impl Fault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self { pointer: pointer.into(), code, detail }
    }
}

/// A failure that can be reported to a caller.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Readable values that cannot be accepted.
    #[error("validation failed")]
    Invalid(Vec<Fault>),
    /// No such thing exists, or the caller may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A conflict with stored data.
    #[error("{detail}")]
    Conflict {
        /// The kind of conflict, as a stable snake_case word.
        code: &'static str,
        /// The conflict, in a sentence.
        detail: Message,
        /// SHA-256 of the stored and of the sent content, if an id was reused for other content.
        hashes: Option<(String, String)>,
    },
    /// The caller is known but not allowed to do this.
    #[error("{detail}")]
    Forbidden {
        /// The reason, as a stable snake_case word.
        code: &'static str,
        /// The reason, in a sentence.
        detail: Message,
    },
    /// The caller is not authenticated.
    #[error("{detail}")]
    Unauthenticated {
        /// The reason, as a stable snake_case word.
        code: &'static str,
        /// The reason, in a sentence.
        detail: Message,
    },
    /// The thing was changed after the caller read it.
    #[error("{0}")]
    Changed(Message),
    /// The request changes an existing thing without naming the state it is based on.
    #[error("{0}")]
    Unconditional(Message),
    /// The caller has failed too often and must wait before trying again.
    #[error("{detail}")]
    TooMany {
        /// The reason, as a stable snake_case word.
        code: &'static str,
        /// The reason, in a sentence.
        detail: Message,
        /// Seconds to wait before the next attempt.
        retry_after: u32,
    },
    /// Too many requests are in progress; the same request may be sent again shortly.
    #[error("the service is busy: {0}")]
    Busy(&'static str),
    /// The storage failed.
    #[error("the database failed")]
    Storage(StorageFailure, #[source] Box<dyn StdError + Send + Sync>),
    /// An internal failure that no caller can correct.
    #[error("{0}")]
    Internal(&'static str, #[source] Option<Box<dyn StdError + Send + Sync>>),
}

/// The kind of a storage failure, which decides whether the write, or the whole transaction, is tried again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageFailure {
    /// The write collided with another. Run again, it sees the other's result.
    Collision,
    /// A deadlock: only a new transaction can succeed.
    Undone,
    /// The connection is lost, and the transaction with it. Another try uses a new connection.
    Disconnected,
    /// A lock or an answer did not come within its time limit. Whether the write was stored may be unknown.
    TimedOut,
    /// There is no room left on the disk.
    Full,
    /// The database is read-only: its file may not be written, or its server accepts only reads.
    ReadOnly,
    /// The disk is failing.
    Failing,
    /// The newest link of a chain was signed with a key that this instance does not have.
    KeyMissing,
    /// Any other error. It concerns only the write that caused it: a client can make the database fail with values it
    /// cannot store, and neither other writes in the group nor a retry may suffer from that.
    Other,
}

impl Error {
    /// An `Invalid` error for a single value.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, detail)])
    }

    /// A conflict with stored data.
    pub fn conflict(code: &'static str, detail: Message) -> Self {
        Self::Conflict { code, detail, hashes: None }
    }

    /// The error of a time limit of the database; `what` names the limit.
    pub fn timed_out(what: &'static str) -> Self {
        Self::Storage(StorageFailure::TimedOut, what.into())
    }

    /// The error of a database that does not answer; `what` gives the details.
    pub fn unreachable(what: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Storage(StorageFailure::Disconnected, what.into())
    }

    /// An internal failure with its cause.
    pub fn internal(what: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(what, Some(source.into()))
    }

    /// True if the write collided with another ([`StorageFailure::Collision`]).
    pub fn is_collision(&self) -> bool {
        matches!(self, Self::Storage(StorageFailure::Collision, _))
    }

    /// The kind of a storage failure; `None` for any other error.
    pub fn storage_failure(&self) -> Option<StorageFailure> {
        match self {
            Self::Storage(failure, _) => Some(*failure),
            _ => None,
        }
    }

    /// The error with its causes, in one line.
    pub fn with_causes(&self) -> String {
        in_one_line(self)
    }

    /// True if the storage failed rather than this write: the same request may be sent again when the storage works.
    pub fn is_of_storage(&self) -> bool {
        use StorageFailure::{Collision, Disconnected, Failing, Full, KeyMissing, Other, ReadOnly, TimedOut, Undone};
        match self {
            Self::Storage(Disconnected | Failing | Full | KeyMissing | ReadOnly | TimedOut | Undone, _) => true,
            Self::Storage(Collision | Other, _) => false,
            _ => false,
        }
    }

    /// True if only a new transaction can succeed.
    pub fn undoes_transaction(&self) -> bool {
        matches!(self, Self::Storage(StorageFailure::Undone | StorageFailure::Disconnected, _))
    }
}
/// A failure with its causes in one line, without the line ends that database servers add.
pub fn in_one_line(error: &dyn std::error::Error) -> String {
    let mut causes = vec![error.to_string()];
    let mut next = error.source();
    while let Some(cause) = next {
        let text = cause.to_string();
        // A wrapper that adds nothing to its cause is not repeated.
        if causes.last().is_none_or(|last| !last.ends_with(&text)) {
            causes.push(text);
        }
        next = cause.source();
    }
    causes.join(": ").split_whitespace().collect::<Vec<_>>().join(" ")
}
