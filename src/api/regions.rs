//! Reading regions.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::labels::RegionLabel;
use super::language::Language;
use super::page::Page;
use super::problem::Problems;
use super::query::Query;
use super::reply;
use crate::app::State;
use crate::db;
use crate::domain::revision::{Revision, in_force_or_first};
use crate::error::Error;

/// An administrative division and what it sets for those below it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner", "parent": "150000",
    "time_zone": null, "validity_days": null
}))]
struct RegionView {
    /// Which region.
    #[serde(flatten)]
    region: RegionLabel,
    /// The code of the region above it.
    #[schema(max_length = 64)]
    parent: Option<String>,
    /// The zone of its organizations' days, where it states one.
    #[schema(max_length = 64)]
    time_zone: Option<String>,
    /// For how many days a count speaks where no rule says so, where it states that.
    #[schema(minimum = 1, maximum = 3650)]
    validity_days: Option<u32>,
}

/// What to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListRegions {
    /// How many to list at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List regions
///
/// All of them, in the order of their codes, with what they set today.
#[utoipa::path(
    tag = "organizations",
    params(ListRegions),
    responses((status = 200, description = "A page of regions.", body = Page<RegionView>), Problems),
    security(("bearer" = []))
)]
#[get("/regions")]
pub async fn list_regions(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    Query(query): Query<ListRegions>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let regions = db::regions::list(snapshot.connection, Revision::LATEST)?;
        let views = regions.iter().map(|region| {
            let version = in_force_or_first(&region.versions, today).map(|row| &row.value);
            let view = RegionView {
                region: RegionLabel::of(region, today, language),
                parent: regions.iter().find(|above| Some(above.id) == region.parent_id).map(|above| above.code.clone()),
                time_zone: version.and_then(|version| version.time_zone).map(|zone| zone.name().to_owned()),
                validity_days: version.and_then(|version| version.validity_days),
            };
            (region.code.clone(), view)
        });
        Page::of(views, (query.limit, query.cursor.as_deref()))
    });
    reply::json(&request, &page.await?)
}
