//! The preferences of a client for an answer: its language (`Accept-Language`) and its size (`Prefer`, RFC 7240).

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header::HeaderMap;
use actix_web::{FromRequest, HttpRequest};
use text::language::Language;

use super::language;

/// The preference for an answer with what only the service knows, as a header writes it.
pub const MINIMAL: &str = "return=minimal";

/// The preferences of a request. Those that are not known are passed over, as the RFC has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferred {
    /// The language of the answer.
    pub language: Language,
    /// True for an answer with what only the service knows.
    pub is_minimal: bool,
}

impl FromRequest for Preferred {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self { language: language::of(request), is_minimal: prefers_minimal(request.headers()) }))
    }
}

/// The first of several values of one preference counts.
fn prefers_minimal(headers: &HeaderMap) -> bool {
    let values = headers.get_all("prefer").filter_map(|value| value.to_str().ok());
    let preferences = values.flat_map(|value| value.split(','));
    preferences
        .filter_map(|preference| preference.split(';').next()?.split_once('='))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("return"))
        .is_some_and(|(_, value)| value.trim().trim_matches('"') == "minimal")
}

#[cfg(test)]
mod tests {
    use actix_web::test::TestRequest;

    use super::*;

    #[test]
    fn only_a_first_preference_for_the_minimum_counts() {
        for (header, expected) in [
            ("return=minimal", true),
            ("respond-async, Return = \"minimal\"; foo=bar", true),
            ("return=representation, return=minimal", false),
            ("return", false),
            ("wait=10;return=minimal", false),
            ("", false),
        ] {
            let request = TestRequest::default().insert_header(("Prefer", header)).to_http_request();
            assert_eq!(prefers_minimal(request.headers()), expected, "{header}");
        }
        let request = TestRequest::default()
            .append_header(("Prefer", "wait=5"))
            .append_header(("Prefer", MINIMAL))
            .to_http_request();
        assert!(prefers_minimal(request.headers()));
    }
}
