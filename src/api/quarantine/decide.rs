//! Deciding on commands in quarantine.

use actix_web::{HttpResponse, post, web};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use validator::Validate;

use super::view::{Names, QuarantineView};
use crate::api::body::Body;
use crate::api::callers::{Caller, Officers};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problem, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use base::content::Content;
use base::error::{Error, Fault};
use base::id::QuarantineId;
use db::write::Change;
use domain::change::PutOutcome;
use domain::new_count::NewCount;
use domain::text::is_text;
use service::quarantine::{Verdict, decide, locks_of};
use text::language::Language;

/// The reason for applying a command, and the content that replaces the one sent.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "reason": "meant the depot of their own",
    "data": {
        "depot_id": "0198f5a2-0000-7000-8000-000000000003", "scope": "listed", "counted_at": "2026-11-23T02:10:00Z",
        "lines": [{ "item": "L2010101", "quantity": 12 }]
    }
}))]
struct NewApplication {
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    reason: String,
    /// The count intended, as in `PUT /counts/{id}`; the content sent if left out.
    #[serde(default)]
    #[validate(nested)]
    data: Option<NewCount>,
}

/// The decision with the count as it was sent: its bytes are stored and hashed.
#[derive(Deserialize)]
struct AsSent<'a> {
    #[serde(borrow, default)]
    data: Option<&'a RawValue>,
}

/// The reason for setting a command aside.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "counted again on the day after"}))]
struct NewSettingAside {
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    reason: String,
}

/// The outcome for a quarantined command.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct DecidedCommand {
    /// The command with the decision.
    quarantined: QuarantineView,
    /// True if it was already decided so; nothing was changed.
    #[schema(example = false)]
    repeated: bool,
}

/// Apply a quarantined command
///
/// Stores the content sent, or the `data` given here, as a count. The count keeps its sender, the time of its receipt and
/// its effective time, and its id unless the id was used for other content. The sender learns of it at the next pull.
/// Content that still cannot be stored is 422; a repeat answers 200; a different earlier decision is 409
/// `decided_before`.
#[utoipa::path(
    tag = "sync",
    params(("id" = QuarantineId, Path, description = "The command, by its id in quarantine.")),
    request_body = NewApplication,
    responses(
        (status = 200, description = "It is a count.", body = DecidedCommand),
        (status = 409, description = "Something else was decided before.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/quarantine/{id}/apply")]
pub async fn apply_quarantined(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<QuarantineId>,
    body: Body<NewApplication>,
) -> Result<HttpResponse, ApiError> {
    let other = serde_json::from_slice::<AsSent<'_>>(&body.content.bytes)
        .and_then(|sent| sent.data.map(|data| Content::of_json(data.get().as_bytes().to_vec())).transpose())
        .map_err(|error| Error::internal("a body was read and cannot be", error))?;
    carry_out(state, language, caller, *id, body.value.reason, Some(other), body.content).await.map_err(in_data)
}

/// Set a quarantined command aside
///
/// The command is not applied and stays on record. The sender learns of it at the next pull. A repeat answers 200; a
/// different earlier decision is 409 `decided_before`.
#[utoipa::path(
    tag = "sync",
    params(("id" = QuarantineId, Path, description = "The command, by its id in quarantine.")),
    request_body = NewSettingAside,
    responses(
        (status = 200, description = "It is set aside.", body = DecidedCommand),
        (status = 409, description = "Something else was decided before.", body = Problem,
            content_type = "application/problem+json"),
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/quarantine/{id}/set-aside")]
pub async fn set_aside_quarantined(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    id: web::Path<QuarantineId>,
    body: Body<NewSettingAside>,
) -> Result<HttpResponse, ApiError> {
    carry_out(state, language, caller, *id, body.value.reason, None, body.content).await
}

/// Moves the faults of a count to their place in the body: the count is its `data`, even if that was sent earlier.
fn in_data(error: ApiError) -> ApiError {
    let inside = |fault: Fault| Fault { pointer: format!("/data{}", fault.pointer), ..fault };
    match error {
        ApiError::Service(Error::Invalid(faults)) => Error::Invalid(faults.into_iter().map(inside).collect()).into(),
        other => other,
    }
}

async fn carry_out(
    state: web::Data<AppState>,
    language: Language,
    caller: Caller<Officers>,
    id: QuarantineId,
    reason: String,
    applied: Option<Option<Content>>,
    content: Content,
) -> Result<HttpResponse, ApiError> {
    let (now, belongs) = (state.clock.now(), caller.belongs);
    let verdict = Verdict { id, officer: caller.account.id, belongs, reason, applied, content, at: now };
    let named = verdict.applied.clone();
    let locks = state.db.read(move |snapshot| locks_of(snapshot.connection, belongs, id, &named)).await?;
    let keys = state.receipts.clone();
    let work = move |change: &mut Change<'_>| decide(change, &keys, &verdict);
    let outcome = state.db.write(caller.actor, locks, work).await?.value;
    let view = state.db.read(move |snapshot| {
        let found = db::quarantine::find(snapshot.connection, id)?.ok_or(Error::NotFound("quarantined command"))?;
        Names::load(snapshot.connection, belongs, now)?.view(snapshot.connection, found, language)
    });
    let quarantined = view.await?;
    Ok(HttpResponse::Ok().json(DecidedCommand { quarantined, repeated: outcome == PutOutcome::Repeated }))
}
