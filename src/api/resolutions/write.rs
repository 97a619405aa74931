//! Resolving a conflict by name, and voiding a resolution.

use actix_web::{HttpResponse, post, put, web};
use serde::Serialize;

use super::read;
use super::view::ResolutionView;
use crate::api::body::{Body, RawBody};
use crate::api::callers::{Caller, Officers};
use crate::api::counts::{NewVoid, receipt_of};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use base::id::ResolutionId;
use db::locks::Locks;
use db::write::Change;
use domain::receipt::LinkKind;
use domain::resolution::NewResolution;
use service::chain::Signer;
use service::counts::{SubmitOutcome, VoidRequest};
use service::resolutions::Submission;

/// The outcome for a resolution, or for its void.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SubmittedResolution {
    /// The resolution as it is stored.
    pub resolution: ResolutionView,
    /// The receipt: a JWS that states that this was accepted, when, and at which position of the organization's chain. It
    /// is always the same, byte for byte.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    pub receipt: String,
    /// True if it was already stored; nothing was changed.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Resolve a conflict by name
///
/// Excludes counts: they no longer affect the figures of the item in that depot, on any day; for other items they stay in
/// force. Stock and explanations still show them, with the officer and the reason. Stored exactly once by id: a repeat
/// answers 200 and changes nothing; the same id with other content is 409 `id_reused`.
#[utoipa::path(
    tag = "counts",
    params(("id" = ResolutionId, Path, description = "The resolution's id, a UUID made by the client.")),
    request_body = NewResolution,
    responses(
        (status = 200, description = "The resolution was already stored.", body = SubmittedResolution),
        (status = 201, description = "It was stored.", body = SubmittedResolution),
        (status = 409, description = "The id was used for other content.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/resolutions/{id}")]
pub async fn submit_resolution(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<ResolutionId>,
    body: RawBody,
) -> Result<HttpResponse, ApiError> {
    let (id, belongs, received_at) = (id.into_inner(), caller.belongs, state.clock.now());
    let unwritten = state.db.read(move |snapshot| {
        let RawBody(content) = &body;
        if service::resolutions::look_up(snapshot.connection, belongs, id, content)?.is_some() {
            return Ok(None);
        }
        let resolution = body.read::<NewResolution>()?;
        let owner = service::counts::owner_of(snapshot.connection, belongs, resolution.depot_id)?;
        Ok(Some((owner, Submission { id, resolution, content: body.0, received_at })))
    });
    let outcome = match unwritten.await? {
        None => SubmitOutcome::Repeated,
        Some((owner, submission)) => {
            let (author, receipts) = (caller.author(), state.receipts.clone());
            let work = move |change: &mut Change<'_>| {
                let organization = change.for_organization(owner)?;
                let signer = Signer { author: &author, keys: &receipts };
                service::resolutions::resolve(change, signer, organization, &submission)
            };
            state.db.write(caller.actor, Locks::organization(owner), work).await?.value
        }
    };
    let answer = state.db.read(move |snapshot| {
        Ok(SubmittedResolution {
            resolution: read::find(snapshot.connection, belongs, id, language, received_at)?,
            receipt: receipt_of(snapshot.connection, LinkKind::Resolution, id)?,
            repeated: outcome == SubmitOutcome::Repeated,
        })
    });
    Ok(respond(outcome, &answer.await?))
}

/// Void a resolution
///
/// Voids a resolution, which stays on record: the counts that it named affect figures again. A repeat with the
/// same reason answers 200 and changes nothing; with another reason it is 409 `already_voided`.
#[utoipa::path(
    tag = "counts",
    params(("id" = ResolutionId, Path, description = "The resolution.")),
    request_body = NewVoid,
    responses(
        (status = 200, description = "The resolution was already voided.", body = SubmittedResolution),
        (status = 201, description = "It was voided.", body = SubmittedResolution),
        (status = 409, description = "It was voided before with another reason.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/resolutions/{id}/void")]
pub async fn void_resolution(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<ResolutionId>,
    body: Body<NewVoid>,
) -> Result<HttpResponse, ApiError> {
    let (id, belongs, now) = (id.into_inner(), caller.belongs, state.clock.now());
    let owner = state.db.read(move |snapshot| read::owner_of(snapshot.connection, belongs, id)).await?;
    let (author, receipts) = (caller.author(), state.receipts.clone());
    let Body { value: NewVoid { reason }, content } = body;
    let work = move |change: &mut Change<'_>| {
        let organization = change.for_organization(owner)?;
        let signer = Signer { author: &author, keys: &receipts };
        let request = VoidRequest { reason: &reason, content: &content, at: now };
        service::resolutions::void(change, signer, organization, id, request)
    };
    let outcome = state.db.write(caller.actor, Locks::organization(owner), work).await?.value;
    let answer = state.db.read(move |snapshot| {
        Ok(SubmittedResolution {
            resolution: read::find(snapshot.connection, belongs, id, language, now)?,
            receipt: receipt_of(snapshot.connection, LinkKind::ResolutionVoid, id)?,
            repeated: outcome == SubmitOutcome::Repeated,
        })
    });
    Ok(respond(outcome, &answer.await?))
}

fn respond(outcome: SubmitOutcome, answer: &SubmittedResolution) -> HttpResponse {
    match outcome {
        SubmitOutcome::Stored => HttpResponse::Created().json(answer),
        SubmitOutcome::Repeated => HttpResponse::Ok().json(answer),
    }
}
