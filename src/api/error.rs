//! The failures of a request: those of the service, and those that only HTTP knows.

use base::error::{Error, Fault};

/// A failure reported to a client; `problem` gives each its status and code.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Bytes that are not in the form the operation reads: bad JSON, a bad query string.
    #[error("the request could not be read")]
    Malformed(Vec<Fault>),
    /// A media type that the operation does not read.
    #[error("send application/json")]
    UnsupportedMediaType,
    /// More bytes than the operation reads.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// A body that arrives too slowly to be waited for.
    #[error("the body arrives too slowly")]
    TooSlow,
    /// A path that is not served.
    #[error("there is no such path")]
    NoRoute,
    /// A path that is served, but not for this method.
    #[error("the path is there, but not for this method")]
    MethodNotAllowed {
        /// The methods it is served for, as the `Allow` header lists them.
        allow: String,
    },
    /// A state in which no request should be sent to this instance.
    #[error("not ready: {0}")]
    NotReady(NotReady),
    /// A failure of the service.
    #[error(transparent)]
    Service(#[from] Error),
}

/// The reasons why an instance is not ready though its database works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// The schema of the database is not the one this program knows.
    #[error("the schema is not the one this program knows")]
    Schema,
    /// The clock is far behind the newest revision.
    #[error("the clock of this server is far behind the newest revision")]
    Clock,
}
