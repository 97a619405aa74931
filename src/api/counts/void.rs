//! Taking a count back.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::view::CountView;
use super::{read, receipt};
use crate::api::body::Body;
use crate::api::callers::{Caller, Counters};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use base::id::CountId;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::receipt::LinkKind;
use domain::text::is_text;
use service::chain::Signer;
use service::counts::{SubmitOutcome, VoidRequest};

/// The reason for voiding a count.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "counted the neighbour's shelf"}))]
pub struct NewVoid {
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: String,
}

/// The outcome for a void.
#[derive(Debug, Serialize, utoipa::ToSchema)]
pub struct VoidedCount {
    /// The count as it is stored.
    pub count: CountView,
    /// The receipt: a JWS that says that the void was accepted, when, and at which place of the organization's chain.
    #[schema(max_length = 4096, example = "eyJhbGciOiJFZERTQSJ9.eyJpZCI6Ii4uLiJ9.c2lnbmF0dXJl")]
    pub receipt: String,
    /// True if it was already voided with the same reason.
    #[schema(example = false)]
    pub repeated: bool,
}

/// Void a count
///
/// The count stays on record and no longer affects figures. A repeat with the same reason answers 200 and changes nothing;
/// with another reason it is 409 `already_voided`.
#[utoipa::path(
    tag = "counts",
    params(("id" = CountId, Path, description = "The count.")),
    request_body = NewVoid,
    responses(
        (status = 200, description = "The count was already voided.", body = VoidedCount),
        (status = 201, description = "It was voided.", body = VoidedCount),
        (status = 409, description = "It was voided before with another reason.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/counts/{id}/void")]
pub async fn void_count(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Counters>,
    _: Query<NoParameters>,
    id: web::Path<CountId>,
    body: Body<NewVoid>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let (id, belongs) = (id.into_inner(), caller.belongs);
    let find = move |snapshot: &mut Snapshot<'_>| read::find(snapshot, belongs, id, language, now);
    let count = state.db.read(find).await?;
    let (author, receipts, kind, owner) = (caller.author(), state.receipts.clone(), count.kind, count.organization.id);
    let Body { value: NewVoid { reason }, content } = body;
    let work = move |change: &mut Change<'_>| {
        let organization = change.for_organization(owner)?;
        let signer = Signer { author: &author, keys: &receipts };
        let request = VoidRequest { reason: &reason, content: &content, at: now };
        service::counts::void(change, signer, organization, id, kind, request)
    };
    let outcome = state.db.write(caller.actor, Locks::organization(owner), work).await?.value;
    let (count, receipt) = state
        .db
        .read(move |snapshot| Ok((find(snapshot)?, receipt::find(snapshot.connection, LinkKind::Void, id)?)))
        .await?;
    let answer = VoidedCount { count, receipt, repeated: outcome == SubmitOutcome::Repeated };
    Ok(match outcome {
        SubmitOutcome::Stored => HttpResponse::Created().json(answer),
        SubmitOutcome::Repeated => HttpResponse::Ok().json(answer),
    })
}
