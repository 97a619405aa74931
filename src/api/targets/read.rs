//! Reading declared targets.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use crate::api::callers::{Caller, Everyone};
use crate::api::changed_since::ChangedSince;
use crate::api::error::ApiError;
use crate::api::labels::OrganizationLabel;
use crate::api::language::AcceptLanguage;
use crate::api::page::Page;
use crate::api::problem::Problems;
use crate::api::query::{NoParameters, Query};
use crate::api::reply::{self, Format};
use crate::api::selection::find_organization;
use crate::api::state::AppState;
use crate::api::versions::{self, Version};
use base::error::Error;
use base::quantity::Quantity;
use db::connection::AnyConnection;
use domain::account::Belongs;
use domain::revision::{Dated, Revision, in_force, last_change};
use service::moment::{Moment, MomentQuery};
use text::language::Language;

/// A declared target of an organization, for a rule that says "as needed".
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"rule": "R301", "quantity": 4, "valid_from": "2026-01-01"}))]
pub struct TargetView {
    /// The rule's code.
    #[schema(max_length = 64)]
    pub rule: String,
    /// The quantity in the rule's unit.
    pub quantity: Quantity,
    /// The first day.
    pub valid_from: NaiveDate,
}

/// The target history of one rule for an organization.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "rule": "R301", "quantity": 4,
    "history": [{"valid_from": "2026-01-01", "revision": 12, "recorded_at": "2026-11-23T02:10:00.000000Z",
        "author": {"id": "0198f5a2-0000-7000-8000-000000000005", "name": "Quartermaster of T3"}, "reason": null,
        "state": {"quantity": 4}}]
}))]
pub struct TargetHistory {
    /// The organization.
    pub organization: OrganizationLabel,
    /// The rule's code.
    #[schema(max_length = 64)]
    pub rule: String,
    /// The quantity needed today; `null` if nothing is declared for today.
    pub quantity: Option<Quantity>,
    /// The declarations, earliest first. On a day, the one with the latest `valid_from` holds; of several with that day,
    /// the last.
    #[schema(max_items = 10_000)]
    pub history: Vec<Version<TargetDeclaration>>,
}

/// One declaration.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
pub struct TargetDeclaration {
    /// The quantity; `null` withdraws the declaration.
    pub quantity: Option<Quantity>,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ListTargets {
    /// The day; the organization's today if left out.
    #[serde(default, deserialize_with = "base::sent::optional")]
    as_of: Option<NaiveDate>,
    /// The revision.
    #[param(minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    revision: Option<Revision>,
    /// Only entries about which something was recorded after this instant, whatever day it holds from. A target
    /// that was withdrawn is no longer listed: its own history tells of it.
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
    #[validate(length(max = 1000), non_control_character)]
    cursor: Option<String>,
}

/// List an organization's targets
///
/// Lists the declared targets of an organization on a day, for rules that say "as needed", ordered by rule code.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ListTargets
    ),
    responses((status = 200, description = "A page of targets.", body = Page<TargetView>), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/targets")]
pub async fn list_targets(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Everyone>,
    key: web::Path<String>,
    Query(query): Query<ListTargets>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let asked = MomentQuery { as_of: query.as_of, revision: query.revision, known_at: None };
        let moment = Moment::resolve(snapshot, asked, now)?;
        let organization = find_organization(snapshot.connection, belongs, &key, moment.revision)?;
        let regions = db::regions::list(snapshot.connection, moment.revision)?;
        let day = moment.day_in(&regions, organization.region_id);
        let targets = db::targets::list(snapshot.connection, &[organization.id], moment.revision)?
            .remove(&organization.id)
            .unwrap_or_default();
        let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
        let asked = targets.into_iter().filter(|target| changed.takes_versions(&target.versions));
        let views = asked.filter_map(|target| {
            let row = in_force(&target.versions, day)?;
            let (quantity, valid_from) = (row.value?, row.valid_from);
            Some((target.rule.clone(), TargetView { rule: target.rule, quantity, valid_from }))
        });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// Find a target
///
/// Returns the target history of one rule for an organization, with the authors. Send its `ETag` as `If-Match` to change
/// it.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64,
            example = "T3"),
        ("rule" = String, Path, description = "The rule's code.", max_length = 64, example = "R301")
    ),
    responses((status = 200, description = "The declarations.", body = TargetHistory), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/targets/{rule}")]
pub async fn find_target(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let (organization, rule) = path.into_inner();
    let found = state.db.read(move |snapshot| find(snapshot.connection, belongs, &organization, &rule, language, now));
    let (view, revision) = found.await?;
    reply::versioned(&request, &view, revision)
}

/// The declarations, and the revision of the last one.
///
/// # Errors
/// `NotFound` if there is none.
pub(super) fn find(
    connection: &mut AnyConnection,
    belongs: Belongs,
    organization: &str,
    rule: &str,
    language: Language,
    now: DateTime<Utc>,
) -> Result<(TargetHistory, Revision), Error> {
    let organization = find_organization(connection, belongs, organization, Revision::LATEST)?;
    let targets = db::targets::list(connection, &[organization.id], Revision::LATEST)?.remove(&organization.id);
    // Compared here, because a key in a path may be a text that the database cannot store.
    let target = targets.unwrap_or_default().into_iter().find(|target| target.rule == rule);
    let target = target.ok_or(Error::NotFound("target"))?;
    let rows = db::targets::history(connection, organization.id, &target.rule, Revision::LATEST)?;
    let declared: Vec<Dated<Option<Quantity>>> = rows.iter().map(|row| row.row.clone()).collect();
    let today = db::organizations::day_of(connection, organization.id, now)?;
    let view = TargetHistory {
        organization: OrganizationLabel::of(&organization, today, language),
        rule: target.rule,
        quantity: in_force(&declared, today).and_then(|row| row.value),
        history: versions::recorded(connection, &rows, |quantity| TargetDeclaration { quantity: *quantity })?,
    };
    Ok((view, last_change(&declared)))
}
