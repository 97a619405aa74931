//! The failures of a request: those of the service, and those of HTTP.

use base::error::{Error, Fault};

/// A failure reported to a client; `problem` gives each its status and code.
#[derive(Debug, thiserror::Error)]
pub enum ApiError {
    /// Bytes that are not in the form that the operation reads: bad JSON, a bad query string.
    #[error("the request could not be read")]
    Malformed(Vec<Fault>),
    /// A media type, or a coding, that the operation does not read.
    #[error("send {}", .0.join(" or "))]
    UnsupportedMediaType(&'static [&'static str]),
    /// A form that the operation does not answer in; with those that it does.
    #[error("the answer cannot be had in the form asked for, but as {}", .0.join(" or "))]
    NotAcceptable(Vec<String>),
    /// More bytes than the operation reads.
    #[error("the body is larger than {0} bytes")]
    TooLarge(usize),
    /// A body that arrives too slowly.
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
    /// A request that a page of another origin may not make.
    #[error("not shared with this page: {0}")]
    NotShared(NotShared),
    /// A state in which this instance should get no requests.
    #[error("not ready: {0}")]
    NotReady(NotReady),
    /// A failure of the service.
    #[error(transparent)]
    Service(#[from] Error),
}

/// The reasons why an instance is not ready although its database works.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotReady {
    /// The schema of the database is not the one this program knows.
    #[error("the schema is not the one this program knows")]
    Schema,
    /// The clock is far behind the newest revision.
    #[error("the clock of this server is far behind the newest revision")]
    Clock,
}

/// The reasons why a page of another origin may not make a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotShared {
    /// The origin is not among those of the operator.
    #[error("its origin is not in the list")]
    Origin,
    /// The method, or a header, is not one of those that pages may use.
    #[error("its method or a header is not in the list")]
    Request,
}
