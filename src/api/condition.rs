//! Changes that say which state they were made on, so that of two officers who change one thing at once the second is told.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use super::problem::Problem;
use base::error::Error;
use domain::revision::Revision;
use text::messages::message;

/// The content of `If-Match`: the state that a change is based on, by the `ETag` of
/// [`reply::versioned`](super::reply::versioned).
///
/// Only the revision in the tag is compared, weakly: the rest distinguishes languages and days, which do not matter for
/// a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum IfMatch {
    /// The header is missing.
    Missing,
    /// `*`: whatever the state is, as long as the thing is there.
    Any,
    /// Any of these revisions.
    Revisions(Vec<Revision>),
}

impl IfMatch {
    /// Checks the state that a change of a thing was made on, inside the transaction that makes it.
    ///
    /// # Errors
    /// `Unconditional` if the header is missing; `Changed` if it names another revision than the last.
    pub fn require(&self, last: Revision) -> Result<(), Error> {
        match self {
            Self::Any => Ok(()),
            Self::Revisions(revisions) if revisions.contains(&last) => Ok(()),
            Self::Revisions(_) => Err(Error::Changed(message!("changed-meanwhile"))),
            Self::Missing => Err(Error::Unconditional(message!("if-match-missing"))),
        }
    }

    fn of(header: &str) -> Self {
        if header.trim() == "*" {
            return Self::Any;
        }
        let revision = |tag: &str| {
            let tag = tag.trim();
            let tag = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix("\"r")?.strip_suffix('"')?;
            tag.split('.').next()?.parse().ok().map(Revision)
        };
        Self::Revisions(header.split(',').filter_map(revision).collect())
    }
}

impl IfMatch {
    fn from_headers(request: &HttpRequest) -> Self {
        let header = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        header.map_or(Self::Missing, Self::of)
    }
}

impl FromRequest for IfMatch {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::from_headers(request)))
    }
}

/// The state that the headers of a `PUT` require: `If-Match` for a change, and `If-None-Match: *` to create a new thing
/// or nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Precondition {
    if_match: IfMatch,
    only_new: bool,
}

impl Precondition {
    /// Checks the state of a thing that is put, inside the transaction: the revision of its last change, or `None` where
    /// there is no such thing yet.
    ///
    /// # Errors
    /// `Unconditional` for a change without `If-Match`; `Changed` if the state has changed.
    pub fn check(&self, last: Option<Revision>) -> Result<(), Error> {
        match (last, &self.if_match) {
            (Some(_), _) if self.only_new => Err(Error::Changed(message!("version-there-already"))),
            (Some(last), if_match) => if_match.require(last),
            (None, IfMatch::Missing) => Ok(()),
            (None, _) => Err(Error::Changed(message!("version-not-there"))),
        }
    }
}

impl FromRequest for Precondition {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let only_new = request.headers().get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == b"*");
        ready(Ok(Self { if_match: IfMatch::from_headers(request), only_new }))
    }
}

/// The problems that a change of a thing which others may change too may answer with besides.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum ConditionProblems {
    /// It was changed since the state that `If-Match` names, or is not there; with `If-None-Match: *`, it is there.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(Problem),
    /// It is there and would be changed: `If-Match` is needed.
    #[response(status = 428, content_type = "application/problem+json")]
    Unconditional(Problem),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_revision_is_read_out_of_each_tag() {
        let cases = [
            ("*", IfMatch::Any),
            ("W/\"r7.abc\"", IfMatch::Revisions(vec![Revision(7)])),
            ("\"r7\", W/\"r12.0\"", IfMatch::Revisions(vec![Revision(7), Revision(12)])),
            ("\"abc\", nonsense, \"rx\"", IfMatch::Revisions(vec![])),
        ];
        for (header, expected) in cases {
            assert_eq!(IfMatch::of(header), expected, "{header}");
        }
    }

    #[test]
    fn a_new_thing_needs_no_state_and_cannot_be_had_on_one() {
        let put = |if_match: Option<&str>, only_new| Precondition {
            if_match: if_match.map_or(IfMatch::Missing, IfMatch::of),
            only_new,
        };
        let there = Some(Revision(7));
        assert!(put(None, false).check(None).is_ok());
        assert!(put(None, true).check(None).is_ok());
        assert!(matches!(put(Some("\"r7\""), false).check(None), Err(Error::Changed(_))));
        assert!(matches!(put(Some("*"), false).check(None), Err(Error::Changed(_))));
        assert!(matches!(put(None, false).check(there), Err(Error::Unconditional(_))));
        assert!(matches!(put(None, true).check(there), Err(Error::Changed(_))));
        assert!(put(Some("\"r7\""), false).check(there).is_ok());
        assert!(matches!(put(Some("\"r6\""), false).check(there), Err(Error::Changed(_))));
    }

    #[test]
    fn a_change_on_another_state_or_on_none_is_refused() {
        let last = Revision(7);
        assert!(IfMatch::of("*").require(last).is_ok());
        assert!(IfMatch::of("\"r7.abc\"").require(last).is_ok());
        assert!(matches!(IfMatch::of("\"r6.abc\"").require(last), Err(Error::Changed(_))));
        assert!(matches!(IfMatch::Missing.require(last), Err(Error::Unconditional(_))));
    }
}
