//! How requests leave a phone: whoever carries them is passed in, so that tests bring a network with faults of their own.

use std::fmt;

/// A request as it goes out.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// `GET` or `POST`.
    pub method: &'static str,
    /// The service, such as `https://muster.example`, without a slash at its end.
    pub server: String,
    /// The path with its query, from the slash on.
    pub path: String,
    /// Its headers, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The body as it goes over the wire; empty where there is none.
    pub body: Vec<u8>,
}

impl Request {
    /// A header's value, by its name in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

/// Neither headers nor body: they hold tokens and passwords, and what is written to logs is read by others.
impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}{} ({} bytes)", self.method, self.server, self.path, self.body.len())
    }
}

/// An answer as it came in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Response {
    /// Its HTTP status.
    pub status: u16,
    /// Its headers; capitals in names do not matter.
    pub headers: Vec<(String, String)>,
    /// The body as it came over the wire, packed where `content-encoding` says so.
    pub body: Vec<u8>,
}

impl Response {
    /// A header's value; capitals in its name do not matter.
    pub fn header(&self, name: &str) -> Option<&str> {
        find(&self.headers, name)
    }
}

fn find<'a>(headers: &'a [(String, String)], name: &str) -> Option<&'a str> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
}

/// No answer came. Whether the request arrived is not known, so the same one is sent again.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct TransportError(pub String);

/// What carries a request and waits for the whole answer. Every status is an answer; only where none came it is an error.
pub trait Transport {
    /// Sends a request.
    ///
    /// # Errors
    /// Where no whole answer came.
    fn send(&mut self, request: &Request) -> Result<Response, TransportError>;
}

/// Any function that answers requests carries them: the ones that tests bring.
impl<F: FnMut(&Request) -> Result<Response, TransportError>> Transport for F {
    fn send(&mut self, request: &Request) -> Result<Response, TransportError> {
        self(request)
    }
}
