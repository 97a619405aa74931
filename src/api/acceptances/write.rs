//! Accepting an own count that an inspection contests.

use actix_web::{HttpResponse, put, web};
use serde::Serialize;

use super::read;
use super::view::AcceptanceView;
use crate::api::body::RawBody;
use crate::api::callers::{Caller, Officers};
use crate::api::counts::receipt_of;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use base::id::AcceptanceId;
use db::locks::Locks;
use db::write::Change;
use domain::acceptance::NewAcceptance;
use domain::receipt::LinkKind;
use service::acceptances::Submission;
use service::chain::Signer;
use service::counts::SubmitOutcome;

/// The outcome for an acceptance.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct SubmittedAcceptance {
    /// The acceptance as it is stored.
    pub acceptance: AcceptanceView,
    /// The receipt: a JWS that says that this was accepted, when, and at which place of the organization's chain. The same,
    /// byte for byte, for ever.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    pub receipt: String,
    /// True if it was already stored; nothing was changed.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Accept a contested count
///
/// The named inspection no longer contests the organization's own counts of the item in that depot, from the named count on.
/// Nothing is removed: stock and explanations still show the inspection, with the officer and the reason. Stored exactly once
/// by id: a repeat answers 200 and changes nothing; the same id with other content is 409 `id_reused`.
#[utoipa::path(
    tag = "counts",
    params(("id" = AcceptanceId, Path, description = "The acceptance's id, a UUID made by the client.")),
    request_body = NewAcceptance,
    responses(
        (status = 200, description = "The acceptance was already stored.", body = SubmittedAcceptance),
        (status = 201, description = "It was stored.", body = SubmittedAcceptance),
        (status = 409, description = "The id was used for other content.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/acceptances/{id}")]
pub async fn submit_acceptance(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<AcceptanceId>,
    body: RawBody,
) -> Result<HttpResponse, ApiError> {
    let (id, belongs, received_at) = (id.into_inner(), caller.belongs, state.clock.now());
    let unwritten = state.db.read(move |snapshot| {
        let RawBody(content) = &body;
        if service::acceptances::look_up(snapshot.connection, belongs, id, content)?.is_some() {
            return Ok(None);
        }
        let acceptance = body.read::<NewAcceptance>()?;
        let owner = service::counts::owner_of(snapshot.connection, belongs, acceptance.depot_id)?;
        Ok(Some((owner, Submission { id, acceptance, content: body.0, received_at })))
    });
    let outcome = match unwritten.await? {
        None => SubmitOutcome::Repeated,
        Some((owner, submission)) => {
            let (author, receipts) = (caller.author(), state.receipts.clone());
            let work = move |change: &mut Change<'_>| {
                let organization = change.for_organization(owner)?;
                service::acceptances::accept(
                    change,
                    Signer { author: &author, keys: &receipts },
                    organization,
                    &submission,
                )
            };
            state.db.write(caller.actor, Locks::organization(owner), work).await?.value
        }
    };
    let answer = state.db.read(move |snapshot| {
        Ok(SubmittedAcceptance {
            acceptance: read::find(snapshot.connection, belongs, id, language, received_at)?,
            receipt: receipt_of(snapshot.connection, LinkKind::Acceptance, id)?,
            repeated: outcome == SubmitOutcome::Repeated,
        })
    });
    Ok(respond(outcome, &answer.await?))
}

fn respond(outcome: SubmitOutcome, answer: &SubmittedAcceptance) -> HttpResponse {
    match outcome {
        SubmitOutcome::Stored => HttpResponse::Created().json(answer),
        SubmitOutcome::Repeated => HttpResponse::Ok().json(answer),
    }
}
