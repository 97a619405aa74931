//! Reading exemptions.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::api::any_of::{AnyOf, Code, are_codes};
use crate::api::callers::{Caller, Everyone};
use crate::api::changed_since::ChangedSince;
use crate::api::error::ApiError;
use crate::api::labels::OrganizationLabel;
use crate::api::language::AcceptLanguage;
use crate::api::page::Page;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format};
use crate::api::selection::{find_organization, list_organizations};
use crate::api::state::AppState;
use base::error::Error;
use base::id::{ExemptionId, OrganizationId};
use base::time::serialize_instant;
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::exemption::{Exemption, ExemptionEnd};
use domain::organization::Organization;
use domain::revision::Revision;
use service::moment::{Moment, MomentQuery};
use text::language::Language;

/// An exemption of one organization from a rule.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11",
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "rule": "R026", "reason": "the store is being rebuilt", "valid_from": "2026-11-23", "ends_on": "2027-03-31",
    "today": true, "granted_by": "Officer Wang", "granted_at": "2026-11-23T02:10:00.000000Z", "revision": 12, "ends": []
}))]
pub struct ExemptionView {
    /// Its id.
    pub id: ExemptionId,
    /// The organization it is for.
    pub organization: OrganizationLabel,
    /// The code of the rule that is suspended.
    #[schema(max_length = 64)]
    pub rule: String,
    /// The reason.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The first day.
    pub valid_from: NaiveDate,
    /// The last day, inclusive; the day before the early end if there is one, which may lie before the first day.
    pub ends_on: NaiveDate,
    /// True if the organization's today lies within it.
    pub today: bool,
    /// The name of the officer who granted it.
    #[schema(max_length = 200)]
    pub granted_by: String,
    /// The time it was granted.
    #[serde(serialize_with = "serialize_instant")]
    pub granted_at: DateTime<Utc>,
    /// The revision that recorded it.
    pub revision: Revision,
    /// The decisions to end it early, the earliest first; the last one holds.
    #[schema(max_items = 1000)]
    pub ends: Vec<ExemptionEndView>,
}

/// A decision to end an exemption early.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct ExemptionEndView {
    /// The first day on which the rule applies again.
    pub valid_from: NaiveDate,
    /// The reason.
    #[schema(max_length = 1000)]
    pub reason: String,
    /// The name of the officer who ended it.
    #[schema(max_length = 200)]
    pub ended_by: String,
    /// The time of the decision.
    #[serde(serialize_with = "serialize_instant")]
    pub ended_at: DateTime<Utc>,
    /// The revision that recorded it.
    pub revision: Revision,
}

impl ExemptionView {
    fn of(exemption: &Exemption, organization: &Organization, today: NaiveDate, language: Language) -> Self {
        let end = |end: &ExemptionEnd| ExemptionEndView {
            valid_from: end.valid_from,
            reason: end.reason.clone(),
            ended_by: end.ended_by.clone(),
            ended_at: end.learnt.at,
            revision: end.learnt.revision,
        };
        Self {
            id: exemption.id,
            organization: OrganizationLabel::of(organization, today, language),
            rule: exemption.rule.clone(),
            reason: exemption.reason.clone(),
            valid_from: exemption.valid_from,
            ends_on: exemption.last_day(),
            today: exemption.holds_on(today),
            granted_by: exemption.granted_by.clone(),
            granted_at: exemption.learnt.at,
            revision: exemption.learnt.revision,
            ends: exemption.ends.iter().map(end).collect(),
        }
    }
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListExemptions {
    /// Only exemptions of these organizations, by id or code.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["T3"]))]
    #[validate(custom(function = are_codes))]
    organization: AnyOf<Code>,
    /// The codes of rules.
    #[serde(default)]
    #[param(inline, style = Form, explode, example = json!(["R026"]))]
    #[validate(custom(function = are_codes))]
    rule: AnyOf<Code>,
    /// Only exemptions that hold on this day.
    #[serde(default, deserialize_with = "base::sent::optional")]
    active_on: Option<NaiveDate>,
    /// The state as of this revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// Only entries about which something was recorded after this instant, whatever day it holds from. Nothing is deleted:
    /// an entry that ends stays in the list as it then is.
    #[serde(default, deserialize_with = "base::sent::optional")]
    changed_since: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List exemptions
///
/// Lists exemptions of the organizations that the caller sees, by the organization's code, then by first day.
#[utoipa::path(
    tag = "standards",
    params(ListExemptions),
    responses((status = 200, description = "A page of exemptions.", body = Page<ExemptionView>), Problems),
    security(("bearer" = []))
)]
#[get("/exemptions")]
pub async fn list_exemptions(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListExemptions>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let asked = MomentQuery { as_of: query.active_on, revision: query.revision, known_at: None };
        let moment = Moment::resolve(snapshot, asked, now)?;
        let organizations = list_organizations(snapshot.connection, belongs, &query.organization, moment.revision)?;
        let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
        let regions = db::regions::list(snapshot.connection, moment.revision)?;
        let ids: Vec<OrganizationId> = organizations.iter().map(|organization| organization.id).collect();
        let mut exemptions = db::exemptions::list(snapshot.connection, &ids, moment.revision)?;
        let mut views = BTreeMap::new();
        for organization in &organizations {
            let today = moment.day_in(&regions, organization.region_id);
            for exemption in exemptions.remove(&organization.id).unwrap_or_default() {
                let asked_for = query.rule.takes_code(&exemption.rule)
                    && changed.takes(exemption.last_change())
                    && query.active_on.is_none_or(|day| exemption.holds_on(day));
                if asked_for {
                    let key = (organization.code.clone(), exemption.valid_from, exemption.id);
                    views.insert(key, ExemptionView::of(&exemption, organization, today, language));
                }
            }
        }
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// Find an exemption
///
/// Returns one exemption by its id. Send its `ETag` as `If-Match` to change it.
#[utoipa::path(
    tag = "standards",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ("id" = ExemptionId, Path, description = "The exemption.")
    ),
    responses((status = 200, description = "The exemption.", body = ExemptionView), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/exemptions/{id}")]
pub async fn find_exemption(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    path: web::Path<(String, ExemptionId)>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let (organization, id) = path.into_inner();
    let found = state.db.read(move |snapshot| find(snapshot.connection, belongs, &organization, id, language, now));
    let (view, revision) = found.await?;
    reply::versioned(&request, &view, revision)
}

/// An exemption, and the revision of the last decision about it.
///
/// # Errors
/// `NotFound` if the organization has none with that id.
pub(super) fn find(
    connection: &mut AnyConnection,
    belongs: Belongs,
    organization: &str,
    id: ExemptionId,
    language: Language,
    now: DateTime<Utc>,
) -> Result<(ExemptionView, Revision), Error> {
    let organization = find_organization(connection, belongs, organization, Revision::LATEST)?;
    let today = db::organizations::day_of(connection, organization.id, now)?;
    let exemptions = db::exemptions::list(connection, &[organization.id], Revision::LATEST)?.remove(&organization.id);
    let exemption = exemptions.unwrap_or_default().into_iter().find(|exemption| exemption.id == id);
    let exemption = exemption.ok_or(Error::NotFound("exemption"))?;
    Ok((ExemptionView::of(&exemption, &organization, today, language), exemption.last_change()))
}
