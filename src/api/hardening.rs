//! Headers on every answer that protect callers and their browsers, and the check of the header `Host`.

use std::sync::Arc;

use actix_web::Error as ActixError;
use actix_web::HttpRequest;
use actix_web::body::MessageBody;
use actix_web::dev::{ServiceRequest, ServiceResponse};
use actix_web::http::header::{self, HeaderMap, HeaderName, HeaderValue};
use actix_web::middleware::Next;

use super::connections::Connection;
use super::document::parameters::LONGEST_HEADER;
use super::quotas::RATE_LIMIT_POLICY;
use super::server_address::{is_domain, is_host};
use crate::api::error::ApiError;
use base::error::Fault;
use text::messages::message;

/// The content policy of answers that are not pages: a browser runs and loads nothing in them.
const NOTHING: &str = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The content policy of the page that shows the API document. Some of its styles are inline.
const DOCS: &str = "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; \
     font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// The path of pulls and pushes.
pub(super) const SYNC: &str = "/api/v1/sync";

/// The first part of paths whose answers hold nothing personal: caches may keep them and revalidate by `ETag`.
const REFERENCE: [&str; 6] = ["item-classes", "items", "labels", "open", "regions", "standards"];

/// Adds the headers that protect callers and their browsers. A content policy that the handler set stays.
///
/// Phones pay for every byte of a pull, so the answers of sync leave out the headers that matter only to pages: with
/// `nosniff` no browser treats JSON as a page.
///
/// With `is_strict`, browsers use TLS alone from then on.
pub fn harden(headers: &mut HeaderMap, path: &str, is_strict: bool) {
    put(headers, header::X_CONTENT_TYPE_OPTIONS, "nosniff");
    if path == SYNC {
        put(headers, header::CACHE_CONTROL, "no-store");
        // An answer that is not stored never reaches another caller, so it need not say by what it varies.
        headers.remove(header::VARY);
        // The policy is the same in every answer: a phone finds it in all others.
        headers.remove(RATE_LIMIT_POLICY);
        return;
    }
    let policy = if path.starts_with("/api/docs/") { DOCS } else { NOTHING };
    if !headers.contains_key(header::CONTENT_SECURITY_POLICY) {
        put(headers, header::CONTENT_SECURITY_POLICY, policy);
    }
    if is_strict {
        put(headers, header::STRICT_TRANSPORT_SECURITY, "max-age=31536000");
    }
    put(headers, header::X_FRAME_OPTIONS, "DENY");
    put(headers, header::REFERRER_POLICY, "no-referrer");
    let is_kept = |path| is_reference(path) && headers.contains_key(header::CACHE_CONTROL);
    if path.strip_prefix("/api/v1/").is_some_and(|path| !is_kept(path)) {
        put(headers, header::CACHE_CONTROL, "no-store");
    }
}

fn put(headers: &mut HeaderMap, name: HeaderName, value: &'static str) {
    headers.insert(name, HeaderValue::from_static(value));
}

/// True for the path of reference data, except for histories, which name authors.
fn is_reference(path: &str) -> bool {
    let mut parts = path.split('/');
    parts.next().is_some_and(|first| REFERENCE.contains(&first)) && !parts.any(|part| part == "history")
}

/// The headers that may be of any content, but not of any length: languages, and names of states. Each with its name in the
/// document.
const FREE: [(HeaderName, &str); 4] = [
    (header::ACCEPT_LANGUAGE, "Accept-Language"),
    (header::IF_MATCH, "If-Match"),
    (header::IF_NONE_MATCH, "If-None-Match"),
    (HeaderName::from_static("prefer"), "Prefer"),
];

/// True where browsers may be told to use TLS alone: this service encrypts by itself, and was called by a domain. An address has
/// no such promise (RFC 6797, 8.1.1), and names of one machine or network may be others' elsewhere.
pub fn is_strict(request: &HttpRequest) -> bool {
    let is_tls = request.conn_data::<Arc<Connection>>().is_some_and(|connection| connection.is_tls);
    let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
    is_tls && host.is_some_and(is_domain)
}

/// Refuses a request whose `Host` is not valid (RFC 9110, 7.2), or with a header beyond its limits.
pub async fn check_headers(
    request: ServiceRequest,
    next: Next<impl MessageBody + 'static>,
) -> Result<ServiceResponse<impl MessageBody>, ActixError> {
    let mut hosts = request.headers().get_all(header::HOST);
    let is_good = hosts.next().is_none_or(|host| host.to_str().is_ok_and(|host| host.is_empty() || is_host(host)));
    if !is_good || hosts.next().is_some() {
        return Err(ApiError::Malformed(vec![Fault::new("/host", "wrong_header", message!("host-not-valid"))]).into());
    }
    let is_beyond = |(name, _): &&(HeaderName, &str)| {
        let mut values = request.headers().get_all(name);
        values.any(|value| value.len() > LONGEST_HEADER || value.to_str().is_err())
    };
    if let Some((_, name)) = FREE.iter().find(is_beyond) {
        let detail = message!("header-beyond-limits", most = LONGEST_HEADER);
        return Err(ApiError::Malformed(vec![Fault::new(format!("/{name}"), "wrong_header", detail)]).into());
    }
    next.call(request).await
}
