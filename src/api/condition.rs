//! Conditions of changes: each names the state on which it is based, so that if two officers change one thing at once,
//! the second is told.

use std::future::{Ready, ready};

use actix_web::dev::Payload;
use actix_web::http::header;
use actix_web::{FromRequest, HttpRequest};

use super::problem::Problem;
use base::error::Error;
use domain::change;
use domain::revision::Revision;

/// The content of `If-Match`: the state that a change is based on, by the `ETag` of
/// [`reply::versioned`](super::reply::versioned).
///
/// Only the revision in the tag is compared, weakly: the rest of the tag distinguishes languages and days, which do not
/// matter for a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IfMatch(change::IfMatch);

impl IfMatch {
    /// Checks the state on which a change is based, within its transaction.
    ///
    /// # Errors
    /// `Unconditional` if the header is missing; `Changed` if it names another revision than the last.
    pub fn require(&self, last: Revision) -> Result<(), Error> {
        Ok(self.0.require(last)?)
    }

    /// The state that the header names.
    pub fn stated(&self) -> &change::IfMatch {
        &self.0
    }

    /// The state of the previous decision that a decision names.
    pub fn into_precondition(self) -> change::Precondition {
        change::Precondition::Decided(self.0)
    }

    fn from_headers(request: &HttpRequest) -> Self {
        let header = request.headers().get(header::IF_MATCH).and_then(|value| value.to_str().ok());
        Self(header.map_or(change::IfMatch::Missing, revisions))
    }
}

/// The states that the value of the header names.
fn revisions(header: &str) -> change::IfMatch {
    if header.trim() == "*" {
        return change::IfMatch::Any;
    }
    let revision = |tag: &str| {
        let tag = tag.trim();
        let tag = tag.strip_prefix("W/").unwrap_or(tag).strip_prefix("\"r")?.strip_suffix('"')?;
        tag.split('.').next()?.parse().ok().map(Revision)
    };
    change::IfMatch::Revisions(header.split(',').filter_map(revision).collect())
}

impl FromRequest for IfMatch {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::from_headers(request)))
    }
}

/// The headers of a `PUT` that name the state on which it is based: `If-Match` for a change, and `If-None-Match: *` to
/// create a new thing or do nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Condition(pub change::Precondition);

impl Condition {
    /// The condition of a change of one fact of a sheet. `If-Match` names the state of the sheet, and `If-None-Match: *` is
    /// about the fact, which may be new on a sheet that is not.
    ///
    /// # Errors
    /// Those of the search for the fact.
    pub fn of_fact(&self, is_recorded: impl FnOnce() -> Result<bool, Error>) -> Result<change::Precondition, Error> {
        let is_for_new =
            matches!(self.0, change::Precondition::Stated { if_match: change::IfMatch::Missing, only_new: true });
        Ok(if is_for_new && !is_recorded()? { change::Precondition::Unstated } else { self.0.clone() })
    }
}

impl FromRequest for Condition {
    type Error = std::convert::Infallible;
    type Future = Ready<Result<Self, Self::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let only_new = request.headers().get(header::IF_NONE_MATCH).is_some_and(|value| value.as_bytes() == b"*");
        let IfMatch(if_match) = IfMatch::from_headers(request);
        ready(Ok(Self(change::Precondition::Stated { if_match, only_new })))
    }
}

/// Further problems that a change of shared data may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum ConditionProblems {
    /// It was changed after the state that `If-Match` names, or does not exist; with `If-None-Match: *`, it exists
    /// already.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(Problem),
    /// It exists and would be changed, so `If-Match` is needed.
    #[response(status = 428, content_type = "application/problem+json")]
    Unconditional(Problem),
}

/// Further problems that a request for a new code may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum UnavailableProblems {
    /// The code is not available, or another clash with what is stored.
    #[response(status = 409, content_type = "application/problem+json")]
    Unavailable(Problem),
    /// Too many codes were not available: wait as long as `Retry-After` says.
    #[response(status = 429, content_type = "application/problem+json")]
    TooMany(Problem),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_revision_is_read_out_of_each_tag() {
        let cases = [
            ("*", change::IfMatch::Any),
            ("W/\"r7.abc\"", change::IfMatch::Revisions(vec![Revision(7)])),
            ("\"r7\", W/\"r12.0\"", change::IfMatch::Revisions(vec![Revision(7), Revision(12)])),
            ("\"abc\", nonsense, \"rx\"", change::IfMatch::Revisions(vec![])),
        ];
        for (header, expected) in cases {
            assert_eq!(revisions(header), expected, "{header}");
        }
    }
}
