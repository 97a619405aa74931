//! What can go wrong, by kind. No HTTP and no SQL: `crate::api::problem` gives each kind its status, and
//! `crate::db::failure` says what an error of the database means.

use std::error::Error as StdError;

use crate::messages::Message;

/// One thing wrong with what a client sent.
#[derive(Clone, Debug, PartialEq)]
pub struct Fault {
    /// A JSON pointer into the body, or `/name` of a query parameter.
    pub pointer: String,
    /// What is wrong, as a stable snake_case word.
    pub code: &'static str,
    /// What is wrong and how to mend it, in a sentence.
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
    /// The bytes are not what the operation reads: bad JSON, a bad query string.
    #[error("the request could not be read")]
    Malformed(Vec<Fault>),
    /// Readable, but the values cannot be taken.
    #[error("the request has values that cannot be taken")]
    Invalid(Vec<Fault>),
    /// The media type is none that the operation reads.
    #[error("send application/json")]
    UnsupportedMediaType,
    /// More bytes than the operation reads.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// There is no such path.
    #[error("there is no such path")]
    NoRoute,
    /// The path is there, but not for this method.
    #[error("the path is there, but not for this method")]
    MethodNotAllowed {
        /// The methods it is there for, as the `Allow` header lists them.
        allow: String,
    },
    /// There is no such thing, or the caller may not know of it.
    #[error("there is no such {0}")]
    NotFound(&'static str),
    /// It clashes with what is stored.
    #[error("{detail}")]
    Conflict {
        /// What clashes, as a stable snake_case word.
        code: &'static str,
        /// What clashes, in a sentence.
        detail: Message,
        /// SHA-256 of what is stored and of what was sent, where an id was used for other content.
        hashes: Option<(String, String)>,
    },
    /// The caller is known and may not do this.
    #[error("{detail}")]
    Forbidden {
        /// Why, as a stable snake_case word.
        code: &'static str,
        /// Why, in a sentence.
        detail: Message,
    },
    /// The caller is not known.
    #[error("{detail}")]
    Unauthenticated {
        /// Why, as a stable snake_case word.
        code: &'static str,
        /// Why, in a sentence.
        detail: Message,
    },
    /// It was changed since the caller read it (`If-Match`).
    #[error("{0}")]
    Changed(Message),
    /// A change that must say which state it was made on (`If-Match`) does not.
    #[error("{0}")]
    Unconditional(Message),
    /// The caller has tried too often; the same request may be sent again after a while.
    #[error("{detail}")]
    TooMany {
        /// Why, as a stable snake_case word.
        code: &'static str,
        /// Why, in a sentence.
        detail: Message,
        /// After how many seconds.
        retry_after: u32,
    },
    /// Too much is under way; the same request may be sent again a little later.
    #[error("the service is busy: {0}")]
    Busy(&'static str),
    /// The database answered with an error.
    #[error("the database failed")]
    Database(#[from] diesel::result::Error),
    /// Something failed that no caller can mend.
    #[error("{0}")]
    Internal(&'static str, #[source] Option<Box<dyn StdError + Send + Sync>>),
}

impl Error {
    /// A single value that cannot be taken.
    pub fn invalid(pointer: impl Into<String>, code: &'static str, detail: Message) -> Self {
        Self::Invalid(vec![Fault::new(pointer, code, detail)])
    }

    /// A failure that no caller can mend, with its cause.
    pub fn internal(what: &'static str, source: impl Into<Box<dyn StdError + Send + Sync>>) -> Self {
        Self::Internal(what, Some(source.into()))
    }
}
