//! Publishing drafts.

use actix_web::{HttpResponse, post, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::read::{DraftView, find_last};
use super::write::answer;
use crate::api::body::Body;
use crate::api::callers::{Caller, Officers};
use crate::api::changed::{ChangeProblems, Changed};
use crate::api::condition::IfMatch;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use db::locks::Locks;
use db::write::Change;
use domain::text::is_text;
use service::standards::{Publication, publish_draft as publish};

/// The terms of publication of a draft.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"valid_from": "2999-01-01"}))]
pub struct NewPublication {
    /// The first day on which it holds; today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The reason for a first day in the past, which corrects the record.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub correction_reason: Option<String>,
}

/// Publish a draft
///
/// Publishes a draft in one revision: its changes to the standard and to the rules hold from the day, rules that it
/// leaves out are withdrawn from that day, and unchanged rules stay as they are. The day is today or later, unless a
/// `correction_reason` is given. A draft with faults is refused. The standard binds nobody before it is adopted. A repeat
/// answers 200 and changes nothing.
#[utoipa::path(
    tag = "standards",
    params(
        ("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the draft.", example = "W/\"r12.5c6c8e73\"")
    ),
    request_body = NewPublication,
    responses(
        (status = 200, description = "The standard was changed, or had been so before.", body = Changed<DraftView>),
        (status = 201, description = "The standard is new.", body = Changed<DraftView>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/standards/{standard}/draft/publish")]
pub async fn publish_draft(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    code: web::Path<String>,
    body: Body<NewPublication>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let code = code.into_inner();
    let NewPublication { valid_from, correction_reason } = body.value;
    let publication = Publication { valid_from, reason: correction_reason };
    let named = code.clone();
    // Looked up first, because a key in a path may be a text that the database cannot store.
    state.db.read(move |snapshot| find_last(snapshot, belongs, &named, language, now).map(drop)).await?;
    let named = code.clone();
    let editor = caller.editor(&state);
    let work =
        move |change: &mut Change<'_>| publish(change, &named, &publication, &editor, |last| if_match.require(last));
    let outcome = state.db.write(caller.actor.clone(), Locks::none().reference(), work).await?.value;
    answer(&state, language, caller, code, outcome).await
}
