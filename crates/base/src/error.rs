//! Everything that can go wrong, by kind. No HTTP and no SQL: the API gives each kind its status, and [`crate::sql`] says
//! which kind of failure an error of the database is.

use std::error::Error as StdError;

use text::messages::Message;

/// One thing wrong with what a client sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// A JSON pointer into the body, or `/name` of a query parameter.
    pub pointer: String,
    /// The sort of fault, as a stable snake_case word.
    pub code: &'static str,
    /// The fault and its mend, in a sentence.
    pub detail: Message,
}

impl Fault {
    /// A fault at a place.
    pub fn new(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self { pointer: pointer.into(), code, detail }
    }
}

/// A failure that a caller can be told of.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// Readable values that cannot be accepted.
    #[error("validation failed")]
    Invalid(Vec<Fault>),
    /// Nothing of that name exists, or the caller may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// A clash with what is stored.
    #[error("{detail}")]
    Conflict {
        /// The clash, as a stable snake_case word.
        code: &'static str,
        /// The clash, in a sentence.
        detail: Message,
        /// SHA-256 of what is stored and of what was sent, where an id was used for other content.
        hashes: Option<(String, String)>,
    },
    /// The caller is known and may not do this.
    #[error("{detail}")]
    Forbidden {
        /// The reason, as a stable snake_case word.
        code: &'static str,
        /// The reason, in a sentence.
        detail: Message,
    },
    /// The caller is not known.
    #[error("{detail}")]
    Unauthenticated {
        /// The reason, as a stable snake_case word.
        code: &'static str,
        /// The reason, in a sentence.
        detail: Message,
    },
    /// The state that the change was made on is no longer the present one.
    #[error("{0}")]
    Changed(Message),
    /// A change of something that exists must name the state it was made on, and does not.
    #[error("{0}")]
    Unconditional(Message),
    /// The caller has tried too often; the same request may be sent again after a while.
    #[error("{detail}")]
    TooMany {
        /// The reason, as a stable snake_case word.
        code: &'static str,
        /// The reason, in a sentence.
        detail: Message,
        /// Seconds until another try is worth it.
        retry_after: u32,
    },
    /// Too much is under way; the same request may be sent again a little later.
    #[error("the service is busy: {0}")]
    Busy(&'static str),
    /// The storage failed.
    #[error("the database failed")]
    Storage(StorageFailure, #[source] Box<dyn StdError + Send + Sync>),
    /// A failure that no caller can mend.
    #[error("{0}")]
    Internal(&'static str, #[source] Option<Box<dyn StdError + Send + Sync>>),
}

/// The meaning of a failure of the storage: for the write that met it, for its neighbours, and for the caller.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StorageFailure {
    /// The write met another one half way: run again, it sees what the other wrote.
    Collision,
    /// Nothing short of another transaction helps: writes waited for each other.
    Undone,
    /// The connection is gone, and the transaction with it: another try meets a new one.
    Disconnected,
    /// Any other error. It is its write's own, however strange it is: a client can make the database fail with values
    /// that it cannot take, and neither its neighbours nor a second try may pay for that.
    Other,
}

impl Error {
    /// A single value that cannot be accepted.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, detail)])
    }

    /// A failure that no caller can mend, with its cause.
    pub fn internal(what: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(what, Some(source.into()))
    }

    /// True for a write that met another one half way ([`StorageFailure::Collision`]).
    pub fn is_collision(&self) -> bool {
        matches!(self, Self::Storage(StorageFailure::Collision, _))
    }

    /// True where nothing short of another transaction helps.
    pub fn undoes_transaction(&self) -> bool {
        matches!(self, Self::Storage(StorageFailure::Undone | StorageFailure::Disconnected, _))
    }

    /// True where the connection to the database broke.
    pub fn is_lost_connection(&self) -> bool {
        matches!(self, Self::Storage(StorageFailure::Disconnected, _))
    }
}
