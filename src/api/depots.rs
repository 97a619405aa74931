//! Reading depots.

use std::collections::BTreeMap;

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::labels::{DepotLabel, OrganizationLabel};
use super::language::Language;
use super::page::Page;
use super::problem::Problems;
use super::query::{NoParameters, Query};
use super::reply;
use super::selection::{find_organization, find_region};
use crate::app::State;
use crate::db;
use crate::domain::depot::{Depot, Holding};
use crate::domain::id::OrganizationId;
use crate::domain::organization::Organization;
use crate::domain::revision::{Revision, in_force_or_first};
use crate::domain::text::is_short_text;
use crate::error::Error;

/// A place where an organization keeps stock.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000003", "code": "T3-D1", "name": "Main store", "name_en": "Main store",
    "name_zh": "主库",
    "organization": {"id": "0198f5a2-0000-7000-8000-000000000001", "code": "T3", "name": "Chemicals brigade"},
    "position": {"lat": 41.05, "lon": 113.1}, "keeper": "Storekeeper of T3", "holding": "physical", "open": true
}))]
struct DepotView {
    /// Which depot.
    #[serde(flatten)]
    depot: DepotLabel,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
    /// Whose stock it holds.
    organization: OrganizationLabel,
    /// Where it is, where that is known.
    position: Option<Position>,
    /// Who keeps it.
    #[schema(max_length = 200)]
    keeper: Option<String>,
    /// How its stock is held.
    holding: Holding,
    /// False once it was closed.
    open: bool,
}

/// A position in WGS 84.
#[derive(Clone, Copy, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"lat": 41.05, "lon": 113.1}))]
struct Position {
    /// Degrees north.
    #[schema(minimum = -90, maximum = 90)]
    lat: f64,
    /// Degrees east.
    #[schema(minimum = -180, maximum = 180)]
    lon: f64,
}

/// What to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListDepots {
    /// An organization, by id or code.
    #[param(max_length = 64, example = "T3")]
    #[validate(length(max = 64), custom(function = is_short_text))]
    organization: Option<String>,
    /// A region, by id or code: it and all below it.
    #[param(max_length = 64, example = "159900")]
    #[validate(length(max = 64), custom(function = is_short_text))]
    region: Option<String>,
    /// Only open ones, or only closed ones.
    open: Option<bool>,
    /// How many to list at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List depots
///
/// Those of the organizations the caller sees, in the order of their codes, as they are today; closed ones included.
#[utoipa::path(
    tag = "organizations",
    params(ListDepots),
    responses((status = 200, description = "A page of depots.", body = Page<DepotView>), Problems),
    security(("bearer" = []))
)]
#[get("/depots")]
pub async fn list_depots(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    Query(query): Query<ListDepots>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let mut owners = match query.organization.as_deref() {
            Some(key) => vec![find_organization(snapshot.connection, belongs, key, Revision::LATEST)?],
            None => db::organizations::list_visible(snapshot.connection, belongs, Revision::LATEST)?,
        };
        if let Some(key) = query.region.as_deref() {
            let regions = find_region(snapshot.connection, key, Revision::LATEST)?;
            owners.retain(|owner| regions.contains(&owner.region_id));
        }
        let ids: Vec<OrganizationId> = owners.iter().map(|owner| owner.id).collect();
        let owners: BTreeMap<OrganizationId, Organization> =
            owners.into_iter().map(|owner| (owner.id, owner)).collect();
        let views = db::depots::list(snapshot.connection, &ids, Revision::LATEST)?
            .into_iter()
            .filter_map(|depot| {
                let owner = owners.get(&depot.organization_id)?;
                Some((depot.code.clone(), view(&depot, owner, today, language)?))
            })
            .filter(|(_, view)| query.open.is_none_or(|open| view.open == open));
        Page::of(views, (query.limit, query.cursor.as_deref()))
    });
    reply::json(&request, &page.await?)
}

/// Find a depot
///
/// One of an organization the caller sees, as it is today.
#[utoipa::path(
    tag = "organizations",
    params(("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1")),
    responses((status = 200, description = "The depot.", body = DepotView), Problems),
    security(("bearer" = []))
)]
#[get("/depots/{depot}")]
pub async fn find_depot(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    key: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let view = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let (depot, owner) = super::selection::find_depot(snapshot.connection, belongs, &key, Revision::LATEST)?;
        view(&depot, &owner, today, language).ok_or(Error::NotFound("depot"))
    });
    reply::json(&request, &view.await?)
}

fn view(depot: &Depot, owner: &Organization, day: NaiveDate, language: Language) -> Option<DepotView> {
    let version = &in_force_or_first(&depot.versions, day)?.value;
    Some(DepotView {
        depot: DepotLabel::of(depot, day, language),
        name_en: version.name_en.clone(),
        name_zh: version.name_zh.clone(),
        organization: OrganizationLabel::of(owner, day, language),
        position: version.latitude.zip(version.longitude).map(|(lat, lon)| Position { lat, lon }),
        keeper: version.keeper.clone(),
        holding: version.holding,
        open: version.open,
    })
}
