//! Deciding that a standard binds in a region, or no longer does.

use actix_web::{HttpResponse, post, put, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::history::{AdoptionHistory, find};
use crate::api::body::Body;
use crate::api::callers::{Caller, Officers};
use crate::api::changed::{self, ChangeProblems, Changed};
use crate::api::condition::IfMatch;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use db::locks::Locks;
use db::write::Change;
use domain::change::Put;
use domain::change::adoptions::NewDecision;
use domain::rule::Strength;
use domain::text::is_text;
use service::reference;
use text::language::Language;

/// The strength given to a standard.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"strength": "mandatory", "valid_from": "2999-01-01"}))]
pub struct NewAdoption {
    /// The strength; a rule binds with the weaker of this and its own.
    pub strength: Strength,
    /// The first day; the region's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The reason for a first day in the past, which corrects the record.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub correction_reason: Option<String>,
}

/// The reason for an end.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"reason": "replaced by the edition of 2023"}))]
pub struct NewEnd {
    /// The first day on which it no longer holds; today if left out. A past day corrects the record.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: String,
}

/// Adopt a standard
///
/// Makes the standard bind in the region and all below it from a day, with the strength given, or changes the strength.
/// The day is today or later, unless a `correction_reason` is given. A repeat answers 200 and changes nothing; decisions
/// for later days stay. Only the region's own bureau, or one above it, may decide.
#[utoipa::path(
    tag = "standards",
    params(
        ("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"),
        ("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the adoption, where it was decided about before.",
            example = "W/\"r12.5c6c8e73\"")
    ),
    request_body = NewAdoption,
    responses(
        (status = 200, description = "The strength was changed, or was already as sent.", body = Changed<AdoptionHistory>),
        (status = 201, description = "The standard was adopted for the first time.", body = Changed<AdoptionHistory>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/regions/{region}/adoptions/{standard}")]
pub async fn put_adoption(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    path: web::Path<(String, String)>,
    body: Body<NewAdoption>,
) -> Result<HttpResponse, ApiError> {
    let NewAdoption { strength, valid_from, correction_reason } = body.value;
    let decision = NewDecision { strength: Some(strength), valid_from, reason: correction_reason };
    let (region, standard) = path.into_inner();
    write(&state, language, caller, region, standard, if_match, decision).await
}

/// End an adoption
///
/// Ends the adoption from a day: the standard no longer binds in the region, unless a region above adopted it too. If it has
/// already ended, the answer is 200 and nothing changes.
#[utoipa::path(
    tag = "standards",
    params(
        ("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"),
        ("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the adoption.", example = "W/\"r12.5c6c8e73\"")
    ),
    request_body = NewEnd,
    responses(
        (status = 200, description = "The adoption ends, or had already ended.", body = Changed<AdoptionHistory>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/regions/{region}/adoptions/{standard}/end")]
pub async fn end_adoption(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    path: web::Path<(String, String)>,
    body: Body<NewEnd>,
) -> Result<HttpResponse, ApiError> {
    let NewEnd { valid_from, reason } = body.value;
    let decision = NewDecision { strength: None, valid_from, reason: Some(reason) };
    let (region, standard) = path.into_inner();
    write(&state, language, caller, region, standard, if_match, decision).await
}

async fn write(
    state: &AppState,
    language: Language,
    caller: Caller<Officers>,
    region: String,
    standard: String,
    if_match: IfMatch,
    decision: NewDecision,
) -> Result<HttpResponse, ApiError> {
    let (editor, now) = (caller.editor(state), state.clock.now());
    let key = (region, standard);
    let (put_key, if_match) = (key.clone(), if_match.into_precondition());
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &put_key, &decision, &if_match);
    let Put { outcome, valid_from, .. } = state.db.write(caller.actor, Locks::none().reference(), work).await?.value;
    let found = state.db.read(move |snapshot| find(snapshot.connection, caller.belongs, &key.0, &key.1, language, now));
    let (view, revision) = found.await?;
    Ok(changed::answer(view, Some(valid_from), outcome, revision))
}
