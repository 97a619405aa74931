//! Answers to changes: the thing as it is now, and whether it was so before.

use actix_web::http::StatusCode;
use actix_web::{HttpRequest, HttpResponse};
use serde::Serialize;

use super::problem::Problem;
use super::reply;
use crate::api::error::ApiError;
use domain::revision::Revision;
use service::keeping::Fate;

/// A thing as it is after a change.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct Changed<T> {
    /// The thing.
    #[serde(flatten)]
    pub thing: T,
    /// True where it was so before, and nothing was stored.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Answers a change: 201 where it made the thing. The `ETag` is that of the thing as it is now.
pub fn answer<T: Serialize>(
    request: &HttpRequest,
    thing: T,
    revision: Revision,
    outcome: Fate,
) -> Result<HttpResponse, ApiError> {
    let changed = Changed { thing, repeated: outcome == Fate::Repeated };
    let mut response = reply::versioned(request, &changed, revision)?;
    if outcome == Fate::Created {
        *response.status_mut() = StatusCode::CREATED;
    }
    Ok(response)
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
