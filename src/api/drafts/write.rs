//! Writing and discarding drafts.

use actix_web::{HttpResponse, delete, put, web};

use super::read::{DraftView, find_last};
use crate::api::body::Body;
use crate::api::callers::{Caller, Officers};
use crate::api::changed::{self, ChangeProblems, Changed};
use crate::api::condition::IfMatch;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use base::error::Error;
use db::locks::Locks;
use db::write::Change;
use domain::change::PutOutcome;
use domain::draft::StandardText;
use service::standards::{discard_draft, write_draft};
use text::language::Language;
use text::messages::message;

/// Write a draft
///
/// Stores a whole standard with its rules as a draft, of a new edition or of an existing one, replacing an earlier draft.
/// The answer lists what must be corrected before publication; a draft with faults is stored nevertheless. Standards are
/// the same for all regions, so only officers and admins of the topmost bureau write them.
#[utoipa::path(
    tag = "standards",
    params(
        ("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft, where one waits.",
            example = "W/\"r12.5c6c8e73\"")
    ),
    request_body = StandardText,
    responses(
        (status = 200, description = "The draft was changed, or was already as sent.", body = Changed<DraftView>),
        (status = 201, description = "It was begun.", body = Changed<DraftView>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/standards/{standard}/draft")]
pub async fn put_draft(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    code: web::Path<String>,
    body: Body<StandardText>,
) -> Result<HttpResponse, ApiError> {
    let text = body.value;
    if text.code != *code {
        let detail = message!("draft-code-differs", code = code.as_str());
        return Err(Error::invalid("/code", "code_differs", detail).into());
    }
    let editor = caller.editor(&state);
    let work = move |change: &mut Change<'_>| write_draft(change, &editor, &text, |last| if_match.require(last));
    let outcome = state.db.write(caller.actor.clone(), Locks::none().reference(), work).await?.value;
    answer(&state, language, caller, code.into_inner(), outcome).await
}

/// Discard a draft
///
/// Discards a draft: nothing of it is published, and its content stays on record. A repeat answers 200 and changes nothing.
#[utoipa::path(
    tag = "standards",
    params(
        ("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft.", example = "W/\"r12.5c6c8e73\"")
    ),
    responses(
        (status = 200, description = "It was discarded, now or before.", body = Changed<DraftView>),
        ChangeProblems,
        Problems
    ),
    security(("bearer" = []))
)]
#[delete("/standards/{standard}/draft")]
pub async fn delete_draft(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let code = code.into_inner();
    let named = code.clone();
    // Looked up first, because a key in a path may be a text that the database cannot store.
    state.db.read(move |snapshot| find_last(snapshot, belongs, &named, language, now).map(drop)).await?;
    let named = code.clone();
    let editor = caller.editor(&state);
    let work = move |change: &mut Change<'_>| discard_draft(change, &editor, &named, |last| if_match.require(last));
    let outcome = state.db.write(caller.actor.clone(), Locks::none().reference(), work).await?.value;
    answer(&state, language, caller, code, outcome).await
}

/// The answer about the draft.
pub(super) async fn answer(
    state: &AppState,
    language: Language,
    caller: Caller<Officers>,
    code: String,
    outcome: PutOutcome,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let found = state.db.read(move |snapshot| find_last(snapshot, belongs, &code, language, now));
    let (view, valid_from) = found.await?;
    let revision = view.revision;
    Ok(changed::answer(view, valid_from, outcome, revision))
}
