//! Browser apps of other origins: which may call the service (CORS, the Fetch standard).
//!
//! Nobody by default. An origin of the operator's list is named in the answer; there is no wildcard, and no cookie or other
//! credential of the browser is ever allowed, as callers send their tokens themselves.

use std::str::FromStr;

use actix_cors::{Cors, CorsError};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Condition;
use url::Url;

use super::quotas::{RATE_LIMIT, RATE_LIMIT_POLICY};
use super::request_id::REQUEST_ID;
use crate::api::error::{ApiError, NotShared};

/// An origin as browsers send it: scheme, host, and port unless it is the scheme's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Origin(String);

impl FromStr for Origin {
    type Err = ();

    /// Reads an origin; there may be no path, query, fragment or user.
    fn from_str(text: &str) -> Result<Self, ()> {
        let (scheme, place) = text.split_once("://").ok_or(())?;
        // The parser for addresses is lenient: it drops line breaks and takes backslashes for slashes.
        let is_strange = |sign: char| sign.is_whitespace() || sign.is_control() || "/\\?#@*".contains(sign);
        if !matches!(scheme.to_ascii_lowercase().as_str(), "http" | "https") || place.contains(is_strange) {
            return Err(());
        }
        let url = Url::parse(text).map_err(|_| ())?;
        Ok(Self(url.origin().ascii_serialization()))
    }
}

impl Origin {
    /// The origin as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The seconds for which a browser may remember the answer to a preflight. Browsers take two hours at most.
const MAX_AGE: usize = 7_200;

/// The headers that a page may send, beside those that every page may.
const SENT: [HeaderName; 11] = [
    header::AUTHORIZATION,
    header::ACCEPT,
    header::CONTENT_TYPE,
    header::CONTENT_ENCODING,
    header::IF_MATCH,
    header::IF_NONE_MATCH,
    HeaderName::from_static("idempotency-key"),
    HeaderName::from_static("muster-device"),
    HeaderName::from_static("muster-seq"),
    HeaderName::from_static("muster-sent-at"),
    REQUEST_ID,
];

/// The headers that a page may read, beside those that every page may.
const READ: [HeaderName; 11] = [
    header::ETAG,
    header::LINK,
    header::LOCATION,
    header::ALLOW,
    header::RETRY_AFTER,
    header::WWW_AUTHENTICATE,
    header::CONTENT_DISPOSITION,
    RATE_LIMIT,
    RATE_LIMIT_POLICY,
    REQUEST_ID,
    HeaderName::from_static("muster-engine"),
];

/// The step that answers preflights and marks answers for pages of these origins; it does nothing if there are none.
pub fn of(origins: &[Origin]) -> Condition<Cors> {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::PATCH, Method::DELETE])
        .allowed_headers(SENT)
        .expose_headers(READ)
        .max_age(MAX_AGE)
        // It would replace what the answer varies by already, see `vary`.
        .disable_vary_header();
    let cors = origins.iter().fold(cors, |cors, origin| cors.allowed_origin(origin.as_str()));
    Condition::new(!origins.is_empty(), cors)
}

/// Adds that an answer depends on the origin of the page.
pub fn vary(headers: &mut HeaderMap) {
    headers.append(header::VARY, HeaderValue::from_static("Origin"));
}

/// The failure of a preflight, for a problem that names what is wrong.
pub fn problem(error: &CorsError) -> ApiError {
    ApiError::NotShared(match error {
        CorsError::OriginNotAllowed | CorsError::MissingOrigin | CorsError::WildcardOrigin => NotShared::Origin,
        _ => NotShared::Request,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_origin_is_a_scheme_a_host_and_a_port_and_nothing_else() {
        for (text, expected) in [
            ("https://app.example.org", "https://app.example.org"),
            ("HTTPS://App.Example.org:443", "https://app.example.org"),
            ("http://localhost:5173", "http://localhost:5173"),
            ("http://127.0.0.1:80", "http://127.0.0.1"),
            ("https://[2001:db8::1]:8443", "https://[2001:db8::1]:8443"),
            ("https://旗.cn", "https://xn--4o8a.cn"),
        ] {
            assert_eq!(text.parse::<Origin>().unwrap().as_str(), expected, "{text}");
        }
        for text in [
            "",
            "*",
            "null",
            "app.example.org",
            "https://",
            "https://*",
            "https://*.example.org",
            "https://app.example.org/",
            "https://app.example.org/path",
            "https://app.example.org?q",
            "https://app.example.org#f",
            "https://user@app.example.org",
            "https://app.example.org:99999",
            "https://app.exa mple.org",
            "https:\\\\app.example.org",
            "ftp://app.example.org",
            "file:///etc",
            "chrome-extension://abc",
        ] {
            assert_eq!(text.parse::<Origin>(), Err(()), "{text}");
        }
    }
}
