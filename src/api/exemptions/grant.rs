//! Granting exemptions and ending them early.

use actix_web::{HttpResponse, post, put, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::read::{ExemptionView, find};
use crate::api::adoptions::NewEnd;
use crate::api::body::Body;
use crate::api::callers::{Caller, Officers};
use crate::api::changed::{self, ChangeProblems, Changed};
use crate::api::condition::IfMatch;
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::selection::find_organization;
use crate::api::state::AppState;
use base::error::Error;
use base::id::ExemptionId;
use db::locks::{LockedOrganization, Locks};
use db::write::Change;
use domain::change::PutOutcome;
use domain::revision::Revision;
use domain::text::is_text;
use service::exemptions::{NewGrant, end, grant};
use text::language::Language;

/// An exemption from a rule.
#[derive(Clone, Debug, Deserialize, Serialize, Validate, utoipa::ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(example = json!({"rule": "R026", "reason": "the store is being rebuilt", "ends_on": "2999-03-31"}))]
pub struct NewExemption {
    /// The code of the rule that is suspended.
    #[schema(min_length = 1, max_length = 64)]
    #[validate(length(min = 1, max = 64), non_control_character)]
    pub rule: String,
    /// The reason, in words.
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub reason: String,
    /// The first day; the organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    pub valid_from: Option<NaiveDate>,
    /// The last day, inclusive.
    #[serde(deserialize_with = "base::sent::value")]
    pub ends_on: NaiveDate,
    /// The reason for a first day in the past, which corrects the record.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 1000)]
    #[validate(length(min = 1, max = 1000), custom(function = is_text))]
    pub correction_reason: Option<String>,
}

/// Grant an exemption
///
/// Exempts the organization from a rule, from the first day to the last: a line without any other requirement becomes
/// `not_required`, and its explanation names the officer. Stored exactly once by id: a repeat answers 200; other content
/// under the same id is 409 `id_reused`. An organization cannot exempt itself.
#[utoipa::path(
    tag = "standards",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ("id" = ExemptionId, Path, description = "The exemption's id, a UUID made by the client.")
    ),
    request_body = NewExemption,
    responses(
        (status = 200, description = "The exemption was already granted.", body = Changed<ExemptionView>),
        (status = 201, description = "It was granted.", body = Changed<ExemptionView>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/organizations/{organization}/exemptions/{id}")]
pub async fn put_exemption(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    path: web::Path<(String, ExemptionId)>,
    body: Body<NewExemption>,
) -> Result<HttpResponse, ApiError> {
    let (key, id) = path.into_inner();
    let Body { value, content } = body;
    let work = move |change: &mut Change<'_>, organization: LockedOrganization<'_>, today| {
        let NewExemption { rule, reason, valid_from, ends_on, correction_reason } = value.clone();
        let body_sha256 = content.sha256.clone();
        let asked = NewGrant { id, rule, valid_from, ends_on, reason, correction_reason, body_sha256 };
        grant(change, organization, &asked, today)
    };
    write(&state, language, caller, key, id, work).await
}

/// End an exemption early
///
/// Ends an exemption: the rule applies again from a day, by default today. A repeat with the same reason answers 200 and
/// changes nothing. An exemption cannot be extended: grant another.
#[utoipa::path(
    tag = "standards",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ("id" = ExemptionId, Path, description = "The exemption."),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the exemption.", example = "W/\"r12.5c6c8e73\"")
    ),
    request_body = NewEnd,
    responses(
        (status = 200, description = "The exemption ends, or had already ended.", body = Changed<ExemptionView>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[post("/organizations/{organization}/exemptions/{id}/end")]
pub async fn end_exemption(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    path: web::Path<(String, ExemptionId)>,
    body: Body<NewEnd>,
) -> Result<HttpResponse, ApiError> {
    let (key, id) = path.into_inner();
    let NewEnd { valid_from, reason } = body.value;
    let work = move |change: &mut Change<'_>, organization: LockedOrganization<'_>, today| {
        end(change, organization, id, valid_from, &reason, today, |last| if_match.require(last))
    };
    write(&state, language, caller, key, id, work).await
}

async fn write(
    state: &AppState,
    language: Language,
    caller: Caller<Officers>,
    key: String,
    id: ExemptionId,
    mut work: impl FnMut(&mut Change<'_>, LockedOrganization<'_>, NaiveDate) -> Result<PutOutcome, Error> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let named = key.clone();
    let owner = state
        .db
        .read(move |snapshot| find_organization(snapshot.connection, belongs, &named, Revision::LATEST))
        .await?
        .id;
    let work = move |change: &mut Change<'_>| {
        let today = db::organizations::day_of(change.connection, owner, now)?;
        let organization = change.for_organization(owner)?;
        work(change, organization, today)
    };
    let outcome = state.db.write(caller.actor, Locks::organization(owner), work).await?.value;
    let found = state.db.read(move |snapshot| find(snapshot.connection, belongs, &key, id, language, now));
    let (view, revision) = found.await?;
    let valid_from = view.ends.last().map_or(view.valid_from, |end| end.valid_from);
    Ok(changed::answer(view, Some(valid_from), outcome, revision))
}
