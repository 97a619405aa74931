//! Regions: reading them and their settings, and changing them.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::body::Body;
use super::callers::{Admins, Caller, Everyone};
use super::changed::{self, Changed};
use super::changed_since::ChangedSince;
use super::condition::{Condition, ConditionProblems};
use super::labels::RegionLabel;
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::selection::concerns;
use super::versions::{self, ConditionHeaders, ListVersions, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::write::Change;
use domain::naming::names;
use domain::region::{NewRegion, Region, RegionVersion};
use domain::revision::{Dated, Revision, in_force_or_first, last_change};
use domain::search::Search;
use service::reference;
use text::language::Language;

/// An administrative division and its settings for all below it.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner", "name_en": "Demo Banner",
    "name_zh": "示例旗", "parent": "150000", "time_zone": null, "validity_days": null, "inspection_stands_days": null
}))]
struct RegionView {
    /// The region.
    #[serde(flatten)]
    region: RegionLabel,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
    /// The code of the region above it.
    #[schema(max_length = 64)]
    parent: Option<String>,
    /// The time zone of its organizations' days, if it sets one.
    #[schema(max_length = 64)]
    time_zone: Option<String>,
    /// The number of days for which a count is valid if no rule sets it; `null` if the region does not set it.
    #[schema(minimum = 1, maximum = 3650)]
    validity_days: Option<u32>,
    /// The number of days for which an inspection stands against own counts that found more; `null` if the region does
    /// not set it.
    #[schema(minimum = 1, maximum = 3650)]
    inspection_stands_days: Option<u32>,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListRegions {
    /// The search text: a code, words of the name in either language, its pinyin or pinyin initials, as for items.
    #[param(max_length = 100, example = "demo")]
    #[validate(length(max = 100), non_control_character)]
    q: Option<String>,
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

/// List regions
///
/// Lists all regions with today's names and settings, ordered by code.
#[utoipa::path(
    tag = "organizations",
    params(ListRegions),
    responses((status = 200, description = "A page of regions.", body = Page<RegionView>), Problems),
    security(("bearer" = []))
)]
#[get("/regions")]
pub async fn list_regions(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListRegions>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let regions = db::regions::list(snapshot.connection, Revision::LATEST)?;
        let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
        let search = query.q.as_deref().map(Search::new);
        let asked = regions.iter().filter(|region| changed.takes_versions(&region.versions));
        let views = asked.filter_map(|region| {
            let version = &in_force_or_first(&region.versions, today)?.value;
            if let Some(search) = &search {
                search.fit(&region.code, &[&version.name_en, &version.name_zh])?;
            }
            Some((region.code.clone(), view(&regions, region, version, language)))
        });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// Find a region
///
/// Returns one region with today's names and settings.
#[utoipa::path(
    tag = "organizations",
    params(("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900")),
    responses((status = 200, description = "The region.", body = RegionView), Problems),
    security(("bearer" = []))
)]
#[get("/regions/{region}")]
pub async fn find_region(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let found = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let (regions, region) = find(snapshot.connection, &key, Revision::LATEST)?;
        Ok((on(&regions, &region, today, language)?, last_change(&region.versions)))
    });
    let (view, last) = found.await?;
    reply::versioned(&request, &view, last)
}

/// Put a region
///
/// Adds a region below another, or changes its names and its settings for organizations: the time zone of their days, and
/// the number of days for which a count is valid. Its parent never changes. Admins may change the regions below their
/// own, and their own if no bureau is above it.
///
/// The new version holds from `valid_from` until the first day of the next version; versions of other days stay as they
/// are, and nothing is overwritten: an earlier `valid_from` corrects the past. A repeat answers 200 with `repeated` and
/// changes nothing. A change needs `If-Match` with the `ETag` that was read.
#[utoipa::path(
    tag = "organizations",
    params(
        ("region" = String, Path,
            description = "The region, by id or code; a new one by its code: letters, digits, `-`, `_` and `.`.",
            max_length = 64, example = "159901"),
        ConditionHeaders
    ),
    request_body = NewRegion,
    responses(
        (status = 200, description = "The region was changed, or was already as sent.", body = Changed<RegionView>),
        (status = 201, description = "The region was added.", body = Changed<RegionView>),
        Problems,
        BodyProblems,
        ConditionProblems
    ),
    security(("bearer" = []))
)]
#[put("/regions/{region}")]
pub async fn put_region(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Admins>,
    _: Query<NoParameters>,
    condition: Condition,
    key: web::Path<String>,
    body: Body<NewRegion>,
) -> Result<HttpResponse, ApiError> {
    let editor = caller.editor(&state);
    let (key, put_key) = (key.clone(), key.into_inner());
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &put_key, &body.value, &condition.0);
    let written = state.db.write(caller.actor, Locks::none().reference(), work).await?;
    let (put, revision) = (written.value, written.value.revision(written.revision));
    let view = state.db.read(move |snapshot| {
        let (regions, region) = find(snapshot.connection, &key, revision)?;
        on(&regions, &region, put.valid_from, language)
    });
    Ok(changed::answer_put(put, written.revision, view.await?))
}

/// List the history of a region
///
/// Lists every version of a region with its author, latest revision first.
#[utoipa::path(
    tag = "organizations",
    params(("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"), ListVersions),
    responses((status = 200, description = "A page of versions.", body = Page<Version<RegionView>>), Problems),
    security(("bearer" = []))
)]
#[get("/regions/{region}/history")]
pub async fn list_region_history(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(mut query): Query<ListVersions>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    query.format = Some(format);
    let belongs = caller.belongs;
    let page = state.db.read(move |snapshot| {
        let (regions, region) = find(snapshot.connection, &key, Revision::LATEST)?;
        let view = |row: &Dated<RegionVersion>| view(&regions, &region, &row.value, language);
        let mut page = versions::history_of_one(snapshot.connection, &region.versions, &query, view)?;
        if !concerns(snapshot.connection, belongs, region.id)? {
            page.items = page.items.into_iter().map(Version::without_people).collect();
        }
        Ok(page)
    });
    reply::list(&request, format, page.await?).await
}

/// The region with an id or a code, and all regions.
fn find(connection: &mut AnyConnection, key: &str, revision: Revision) -> Result<(Vec<Region>, Region), Error> {
    let regions = db::regions::list(connection, revision)?;
    let found = regions.iter().find(|region| names(key, region.id, &region.code)).cloned();
    found.map(|region| (regions, region)).ok_or(Error::NotFound("region"))
}

fn on(regions: &[Region], region: &Region, day: NaiveDate, language: Language) -> Result<RegionView, Error> {
    let version = in_force_or_first(&region.versions, day).ok_or(Error::NotFound("region"))?;
    Ok(view(regions, region, &version.value, language))
}

fn view(regions: &[Region], region: &Region, version: &RegionVersion, language: Language) -> RegionView {
    let name = language.choose(&version.name_en, &version.name_zh).to_owned();
    RegionView {
        region: RegionLabel { id: region.id, code: region.code.clone(), name },
        name_en: version.name_en.clone(),
        name_zh: version.name_zh.clone(),
        parent: regions.iter().find(|above| Some(above.id) == region.parent_id).map(|above| above.code.clone()),
        time_zone: version.time_zone.map(|zone| zone.name().to_owned()),
        validity_days: version.validity_days,
        inspection_stands_days: version.inspection_stands_days,
    }
}
