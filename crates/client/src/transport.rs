//! The transport of requests. It is passed in, so that tests can simulate a faulty network.

use std::fmt;

/// A request as it is sent.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The service, such as `https://muster.example`, without a trailing slash.
    pub server: String,
    /// The path with its query, beginning with a slash.
    pub path: String,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as sent over the wire; empty if there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// The value of a header, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// Hides headers and body: they hold tokens and passwords, and logs are read by others.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{} ({} bytes)", self.method, self.server, self.path, self.body.len())
    }
}

/// An answer as received.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Its HTTP status.
    pub status: u16,
    /// Its headers; the case of names does not matter.
    pub headers: Vec<(String, String)>,
    /// The body as received over the wire, compressed if `content-encoding` says so.
    pub body: Vec<u8>,
}

impl Response {
    /// The value of a header; the case of its name does not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// A missing answer. It is unknown whether the request arrived, so the same one is sent again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

/// Sends a request and waits for the whole answer. Any status is an answer; only a missing answer is an error.
pub trait Transport {
    /// Sends a request.
    ///
    /// # Errors
    /// If no complete answer was received.
    fn send(&mut self, request: &Request) -> Result<Response, TransportError>;
}

/// Lets any function that answers requests act as a transport, as in tests.
impl<F: FnMut(&Request) -> Result<Response, TransportError>> Transport for F {
    fn send(&mut self, request: &Request) -> Result<Response, TransportError> {
        self(request)
    }
}
