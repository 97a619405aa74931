//! Answers to changes of data kept by revisions: the thing after the change, the revision of the change, and whether it
//! was a repeat.

use actix_web::http::header::{ETag, EntityTag};
use actix_web::{HttpResponse, HttpResponseBuilder};
use chrono::NaiveDate;
use serde::Serialize;

use super::problem::Problem;
use domain::change::{Put, PutOutcome};
use domain::revision::Revision;

/// The answer to a change.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct Changed<T> {
    /// The thing after the change, as it is on `valid_from` unless a member names another day.
    pub stored: T,
    /// The first day on which the change holds; `null` for a draft that is not published, which holds on none.
    pub valid_from: Option<NaiveDate>,
    /// The revision that recorded it.
    pub revision: Revision,
    /// True if it was already so; nothing was changed.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Answers a change: 201 if it created the thing. The `ETag` is the state on which the next change is based.
pub fn answer<T: Serialize>(
    stored: T,
    valid_from: Option<NaiveDate>,
    outcome: PutOutcome,
    revision: Revision,
) -> HttpResponse {
    let repeated = outcome == PutOutcome::Repeated;
    begin(outcome, revision).json(Changed { stored, valid_from, revision, repeated })
}

/// Begins the answer to a change: 201 if it created the thing, with its state as the `ETag`.
pub fn begin(outcome: PutOutcome, state: Revision) -> HttpResponseBuilder {
    let mut response = if outcome == PutOutcome::Created { HttpResponse::Created() } else { HttpResponse::Ok() };
    response.insert_header(ETag(EntityTag::new_weak(format!("r{}", state.0))));
    response
}

/// Answers a `PUT` of reference data, given the revision of the write.
pub fn answer_put<T: Serialize>(put: Put, written: Revision, stored: T) -> HttpResponse {
    answer(stored, Some(put.valid_from), put.outcome, put.revision(written))
}

/// Further problems that an operation which changes something may answer with.
#[derive(utoipa::IntoResponses)]
#[expect(dead_code, reason = "only its documentation is used")]
pub enum ChangeProblems {
    /// It clashes with what is stored.
    #[response(status = 409, content_type = "application/problem+json")]
    Conflict(Problem),
    /// It was changed after the caller read it: `If-Match` names another state.
    #[response(status = 412, content_type = "application/problem+json")]
    Changed(Problem),
    /// The thing exists: the `If-Match` header must name the state to change.
    #[response(status = 428, content_type = "application/problem+json")]
    Unconditional(Problem),
}
