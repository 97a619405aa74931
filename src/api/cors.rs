//! Browser apps of other origins: which may call the service (CORS, the Fetch standard).
//!
//! Nobody by default. An origin of the operator's list is named in the answer; there is no wildcard, and no cookie or other
//! credential of the browser is ever allowed, as callers send their tokens themselves.

use actix_cors::{Cors, CorsError};
use actix_web::http::Method;
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Condition;

use super::origin::Origin;
use super::quotas::{RATE_LIMIT, RATE_LIMIT_POLICY};
use super::request_id::REQUEST_ID;
use crate::api::error::{ApiError, NotShared};

/// The seconds for which a browser may remember the answer to a preflight. Browsers take two hours at most.
const MAX_AGE: usize = 7_200;

/// The headers that a page may send, beside those that every page may.
const SENT: [HeaderName; 12] = [
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
    HeaderName::from_static("prefer"),
    REQUEST_ID,
];

/// The headers that a page may read, beside those that every page may.
const READ: [HeaderName; 14] = [
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
    HeaderName::from_static("preference-applied"),
    // RFC 9745 and RFC 8594.
    HeaderName::from_static("deprecation"),
    HeaderName::from_static("sunset"),
];

/// The step that answers preflights and marks answers for pages of these origins; it does nothing if there are none.
pub fn of(origins: &[Origin]) -> Condition<Cors> {
    let cors = Cors::default()
        .allowed_methods([Method::GET, Method::HEAD, Method::PUT, Method::POST, Method::DELETE])
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
