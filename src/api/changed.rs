//! Answers to changes of what is kept by revisions: the thing after the change, the revision that brought that, and whether
//! it said so before.

use actix_web::HttpResponse;
use actix_web::http::header::{ETag, EntityTag};
use chrono::NaiveDate;
use serde::Serialize;

use super::problem::Problem;
use domain::change::{Put, PutOutcome};
use domain::revision::Revision;

/// The answer to a change.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Changed<T> {
    /// The thing after the change, as it is on `valid_from` where a member does not name another day.
    pub stored: T,
    /// The first day on which the change holds; `null` for a draft that is not published, which holds on none.
    pub valid_from: Option<NaiveDate>,
    /// The revision that recorded it.
    pub revision: Revision,
    /// True if it was already so; nothing was changed.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Answers a change: 201 where it made the thing. The `ETag` is the state that a next change is made on.
pub fn answer<T: Serialize>(
    stored: T,
    valid_from: Option<NaiveDate>,
    outcome: PutOutcome,
    revision: Revision,
) -> HttpResponse {
    let repeated = outcome == PutOutcome::Repeated;
    let mut response = if outcome == PutOutcome::Created { HttpResponse::Created() } else { HttpResponse::Ok() };
    response.insert_header(ETag(EntityTag::new_weak(format!("r{}", revision.0))));
    response.json(Changed { stored, valid_from, revision, repeated })
}

/// Answers a `PUT` of reference data, given the revision of the write.
pub fn answer_put<T: Serialize>(put: Put, written: Revision, stored: T) -> HttpResponse {
    answer(stored, Some(put.valid_from), put.outcome, put.revision(written))
}

/// The problems that an operation which changes something may answer with besides.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum ChangeProblems {
    /// It clashes with what is stored.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// It was changed since the caller read it: the `If-Match` names another state.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(Problem),
    /// The thing is there: the `If-Match` header must say which state of it is changed.
    #[response(status = 428, content_type = "application/problem+json")]
    Unconditional(Problem),
}
