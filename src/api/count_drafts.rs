//! Drafts of counts: saved, read and deleted by the account that counts, and seen by nobody else.

use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;
use serde_json::{Map, Value};
use validator::Validate;

use super::body::Body;
use super::callers::{Caller, Counters};
use super::changed::{self, ChangeProblems};
use super::condition::{Condition, IfMatch};
use super::list_all::ListAll;
use super::page::Page;
use super::problem::{BodyProblems, Problem, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::id::{CountId, DepotId};
use base::time::serialize_instant;
use db::write::Change;
use domain::change::PutOutcome;
use domain::count_draft::{CountDraft, CountDraftHeader, MOST_BYTES};
use service::count_drafts::{self, NewDraft};

/// A count that somebody has begun.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({
    "depot_id": "0198f5a2-0000-7000-8000-000000000003", "content": {"lines": {"L2010101": {"quantity": "12"}}}
}))]
struct NewCountDraft {
    /// The depot.
    #[serde(default)]
    depot_id: Option<DepotId>,
    /// The state of the count as the program keeps it: an object of at most 65,536 bytes as JSON without blanks. The service does not
    /// look into it.
    content: Map<String, Value>,
}

/// A draft without its content.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b10", "depot_id": "0198f5a2-0000-7000-8000-000000000003", "bytes": 40,
    "updated_at": "2026-11-23T02:10:00.000000Z", "expires_at": "2026-12-23T02:10:00.000000Z"
}))]
struct CountDraftLabel {
    /// The id that the count will have.
    id: CountId,
    /// The depot.
    depot_id: Option<DepotId>,
    /// The size of its content in bytes.
    #[schema(minimum = 0, maximum = 65_536)]
    bytes: usize,
    /// The time of its last change.
    #[serde(serialize_with = "serialize_instant")]
    updated_at: DateTime<Utc>,
    /// The time from which it is kept no more, unless its count waits in quarantine.
    #[serde(serialize_with = "serialize_instant")]
    expires_at: DateTime<Utc>,
}

/// A draft with its content.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b10", "depot_id": "0198f5a2-0000-7000-8000-000000000003", "bytes": 40,
    "updated_at": "2026-11-23T02:10:00.000000Z", "expires_at": "2026-12-23T02:10:00.000000Z",
    "content": {"lines": {"L2010101": {"quantity": "12"}}}
}))]
struct CountDraftView {
    #[serde(flatten)]
    label: CountDraftLabel,
    /// The content as JSON: the same values, not the same bytes.
    #[schema(value_type = Object)]
    content: Box<RawValue>,
}

/// The outcome for a draft.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct ChangedCountDraft {
    /// The draft as it is stored.
    stored: CountDraftLabel,
    /// True if it was already so; nothing was changed.
    #[schema(example = false)]
    repeated: bool,
}

/// The outcome of the deletion of a draft.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b10", "repeated": false}))]
struct DeletedCountDraft {
    /// Its id.
    id: CountId,
    /// True if there was none.
    repeated: bool,
}

impl CountDraftLabel {
    fn of(draft: &CountDraftHeader) -> Self {
        Self {
            id: draft.id,
            depot_id: draft.depot,
            bytes: draft.bytes,
            updated_at: draft.updated_at,
            expires_at: draft.expires_at(),
        }
    }
}

/// List count drafts
///
/// Lists the caller's own drafts without their content, ordered by their ids. Nobody else sees them.
#[utoipa::path(
    tag = "counts",
    params(ListAll),
    responses((status = 200, description = "A page of drafts.", body = Page<CountDraftLabel>), Problems),
    security(("bearer" = []))
)]
#[get("/count-drafts")]
pub async fn list_count_drafts(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Counters>,
    Query(query): Query<ListAll>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (account, now) = (caller.account.id, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let drafts = db::count_drafts::list(snapshot.connection, account, now)?;
        let keyed = drafts.iter().map(|draft| (draft.id, CountDraftLabel::of(draft)));
        Page::of(keyed, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// Find a count draft
///
/// Returns one of the caller's own drafts. Send its `ETag` as `If-Match` to change it.
#[utoipa::path(
    tag = "counts",
    params(("id" = CountId, Path, description = "The id that the count will have.")),
    responses((status = 200, description = "The draft.", body = CountDraftView), Problems),
    security(("bearer" = []))
)]
#[get("/count-drafts/{id}")]
pub async fn find_count_draft(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Counters>,
    _: Query<NoParameters>,
    id: web::Path<CountId>,
) -> Result<HttpResponse, ApiError> {
    let (account, id, now) = (caller.account.id, id.into_inner(), state.clock.now());
    let found = state.db.read(move |snapshot| {
        db::count_drafts::find(snapshot.connection, account, id, now)?.ok_or(Error::NotFound("count draft"))
    });
    let CountDraft { header, content } = found.await?;
    let content =
        serde_json::from_slice(&content).map_err(|error| Error::internal("a stored draft cannot be read", error))?;
    reply::versioned(&request, &CountDraftView { label: CountDraftLabel::of(&header), content }, header.version)
}

/// Save a count draft
///
/// Keeps a count that somebody has begun, so that it outlasts the browser's store, and another phone can go on with it. It is in no
/// figure, and nobody else sees it. It is replaced as a whole: a change needs `If-Match` with the `ETag` that was read. The
/// same content again answers 200 with `repeated` and changes nothing.
///
/// A draft is gone when the count with its id is received, when the account is closed, and 30 days after its last change, unless
/// its count waits in quarantine. An account has at most 20: beyond them the answer is 409 `too_many_count_drafts`; for an id
/// whose count was received it is 409 `count_received`.
#[utoipa::path(
    tag = "counts",
    params(
        ("id" = CountId, Path, description = "The id that the count will have, a UUID made by the client."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft, where there is one.",
            example = "W/\"r1763863800000000.5c6c8e73\""),
        ("If-None-Match" = Option<String>, Header, description = "`*` to save only a new draft.", example = "*")
    ),
    request_body = NewCountDraft,
    responses(
        (status = 200, description = "It was changed, or was already as sent.", body = ChangedCountDraft),
        (status = 201, description = "It is new.", body = ChangedCountDraft),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/count-drafts/{id}")]
pub async fn put_count_draft(
    state: web::Data<AppState>,
    caller: Caller<Counters>,
    _: Query<NoParameters>,
    id: web::Path<CountId>,
    condition: Condition,
    body: Body<NewCountDraft>,
) -> Result<HttpResponse, ApiError> {
    let (account, now) = (caller.account.id, state.clock.now());
    let NewCountDraft { depot_id, content } = body.value;
    let content = serde_json::to_vec(&content).map_err(|error| Error::internal("a draft cannot be written", error))?;
    if content.len() > MOST_BYTES {
        return Err(ApiError::TooLarge(MOST_BYTES));
    }
    let draft = NewDraft { id: id.into_inner(), depot: depot_id, content };
    let work = move |change: &mut Change<'_>| count_drafts::save(change, account, draft.clone(), &condition.0, now);
    let (stored, outcome) = state.db.write(caller.actor, count_drafts::locks_of(account), work).await?.value;
    let repeated = outcome == PutOutcome::Repeated;
    let answer = ChangedCountDraft { stored: CountDraftLabel::of(&stored), repeated };
    Ok(changed::begin(outcome, stored.version).json(answer))
}

/// Delete a count draft
///
/// Deletes one of the caller's own drafts; with `If-Match` only in the state that was read. A repeat answers 200 with `repeated`.
#[utoipa::path(
    tag = "counts",
    params(
        ("id" = CountId, Path, description = "The id that the count would have had."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft, to delete it only in that state.",
            example = "W/\"r1763863800000000.5c6c8e73\"")
    ),
    responses(
        (status = 200, description = "There is no such draft, now or before.", body = DeletedCountDraft),
        (status = 412, description = "It was changed after the caller read it: `If-Match` names another state.",
            body = Problem, content_type = "application/problem+json"),
        Problems
    ),
    security(("bearer" = []))
)]
#[delete("/count-drafts/{id}")]
pub async fn delete_count_draft(
    state: web::Data<AppState>,
    caller: Caller<Counters>,
    _: Query<NoParameters>,
    id: web::Path<CountId>,
    if_match: IfMatch,
) -> Result<HttpResponse, ApiError> {
    let (account, id, now) = (caller.account.id, id.into_inner(), state.clock.now());
    let work = move |change: &mut Change<'_>| count_drafts::discard(change, account, id, if_match.stated(), now);
    let deleted = state.db.write(caller.actor, count_drafts::locks_of(account), work).await?.value;
    Ok(HttpResponse::Ok().json(DeletedCountDraft { id, repeated: !deleted }))
}
