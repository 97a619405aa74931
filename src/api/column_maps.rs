//! Column maps of regions: the columns in which a bureau or a platform wants tables.

use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};
use chrono::{DateTime, Utc};
use serde::Serialize;

use super::body::Body;
use super::callers::{Caller, Everyone, Officers};
use super::changed::{self, ChangeProblems, Changed};
use super::condition::IfMatch;
use super::labels::RegionLabel;
use super::language::AcceptLanguage;
use super::list_all::ListAll;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::selection::{concerns, find_own_region};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::id::RegionId;
use base::time::serialize_instant;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::account::Belongs;
use domain::change::{IfMatch as Stated, PutOutcome};
use domain::column_map::{ColumnMap, ColumnMapText, MappedColumn};
use domain::ledger_table::LedgerTable;
use domain::naming;
use domain::region::{Region, chain};
use domain::revision::Revision;
use service::column_maps;
use text::language::Language;
use text::messages::message;

/// A column map of a region.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "name": "monthly-return", "title": "Monthly return", "title_en": "Monthly return", "title_zh": "月报",
    "region": {"id": "0198f5a2-0000-7000-8000-000000000002", "code": "159900", "name": "Demo Banner"},
    "tables": ["stock"], "withdrawn": false,
    "columns": [{"head": "物资名称", "column": "name"}, {"head": "上报单位", "constant": "示例旗应急管理局"}],
    "revision": 12, "recorded_at": "2026-11-23T02:10:00.000000Z"
}))]
struct ColumnMapView {
    /// Its name, by which `profile` asks for it.
    #[schema(max_length = 64)]
    name: String,
    /// Its title in the caller's language.
    #[schema(max_length = 200)]
    title: String,
    /// Title in English.
    #[schema(max_length = 200)]
    title_en: String,
    /// Title in Chinese.
    #[schema(max_length = 200)]
    title_zh: String,
    /// The region that it belongs to; it holds for all below it that have no map of that name.
    region: RegionLabel,
    /// The tables that can be had in these columns.
    #[schema(max_items = 5)]
    tables: Vec<LedgerTable>,
    /// The columns, in their order.
    #[schema(max_items = 60)]
    columns: Vec<MappedColumn>,
    /// True once it was withdrawn.
    withdrawn: bool,
    /// The revision that recorded it.
    revision: Revision,
    /// The time of that commit.
    #[serde(serialize_with = "serialize_instant")]
    recorded_at: DateTime<Utc>,
}

/// List column maps
///
/// Lists the column maps that hold in a region: its own, and those of the regions above it, by name; of several of one name
/// the nearest. `profile` takes them, and the two that come with the program: `ledger` and `hazchem-enterprise`.
#[utoipa::path(
    tag = "tables",
    params(
        ("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"),
        ListAll
    ),
    responses((status = 200, description = "A page of column maps.", body = Page<ColumnMapView>), Problems),
    security(("bearer" = []))
)]
#[get("/regions/{region}/column-maps")]
pub async fn list_column_maps(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListAll>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let (regions, region) = find_region(snapshot, belongs, &key)?;
        let above: Vec<RegionId> = chain(&regions, region.id).iter().map(|region| region.id).collect();
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let rank = |map: &ColumnMap| above.iter().position(|region| *region == map.region_id);
        let mut maps = db::column_maps::list(snapshot.connection, &above, Revision::LATEST)?;
        maps.sort_by(|one, other| (&one.name, rank(one)).cmp(&(&other.name, rank(other))));
        maps.dedup_by(|farther, nearest| farther.name == nearest.name);
        let views = maps.into_iter().filter_map(|map| {
            let owner = regions.iter().find(|region| region.id == map.region_id)?;
            Some((map.name.clone(), view(map, RegionLabel::of(owner, today, language), language)))
        });
        Page::of(views, format.limit(query.limit), query.cursor.as_deref())
    });
    reply::list(&request, format, page.await?).await
}

/// Find a column map
///
/// Returns a column map of a region itself. Send its `ETag` as `If-Match` to change it.
#[utoipa::path(
    tag = "tables",
    params(
        ("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"),
        ("name" = String, Path, description = "The name of the map.", max_length = 64, example = "monthly-return")
    ),
    responses((status = 200, description = "The column map.", body = ColumnMapView), Problems),
    security(("bearer" = []))
)]
#[get("/regions/{region}/column-maps/{name}")]
pub async fn find_column_map(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let (key, name) = path.into_inner();
    let found = state.db.read(move |snapshot| {
        let view = find(snapshot, belongs, &key, &name, language, now)?;
        if view.withdrawn { Err(Error::NotFound("column map")) } else { Ok(view) }
    });
    let view = found.await?;
    reply::versioned(&request, &view, view.revision)
}

/// Put a column map
///
/// Stores the columns in which the region wants tables: which of a table's columns, in which order, under which heads, with
/// columns that have one text in every row, and other words for some values. A region has at most 50. Everybody in the region
/// and below it can then have these tables by `profile`. Officers and admins do this in their region and below it. A change
/// needs `If-Match` with the `ETag` that was read; a repeat answers 200 with `repeated` and changes nothing.
#[utoipa::path(
    tag = "tables",
    params(
        ("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"),
        ("name" = String, Path,
            description = "The name: small letters, digits, `-`, `_` and `.`, beginning with a letter or a digit.",
            max_length = 64, example = "monthly-return"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the map, where there is one.",
            example = "W/\"r12.5c6c8e73\"")
    ),
    request_body = ColumnMapText,
    responses(
        (status = 200, description = "The map was changed, or was already as sent.", body = Changed<ColumnMapView>),
        (status = 201, description = "It was added.", body = Changed<ColumnMapView>),
        ChangeProblems,
        Problems,
        BodyProblems
    ),
    security(("bearer" = []))
)]
#[put("/regions/{region}/column-maps/{name}")]
pub async fn put_column_map(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    path: web::Path<(String, String)>,
    body: Body<ColumnMapText>,
) -> Result<HttpResponse, ApiError> {
    let text = body.value;
    write(&state, language, caller, path.into_inner(), move |change, region, name| {
        column_maps::put(change, region, name, &text, |last| match last {
            Some(last) => if_match.require(last),
            // Whoever names a state has read a map that is no longer there.
            None if *if_match.stated() != Stated::Missing => Err(Error::Changed(message!("version-not-there"))),
            None => Ok(()),
        })
    })
    .await
}

/// Withdraw a column map
///
/// Withdraws a column map of the region; one of a region above holds again. As of an earlier revision, tables can still be had
/// by it. A repeat answers 200 and changes nothing.
#[utoipa::path(
    tag = "tables",
    params(
        ("region" = String, Path, description = "The region, by id or code.", max_length = 64, example = "159900"),
        ("name" = String, Path, description = "The name of the map.", max_length = 64, example = "monthly-return"),
        ("If-Match" = Option<String>, Header, description = "The `ETag` of the map.", example = "W/\"r12.5c6c8e73\"")
    ),
    responses(
        (status = 200, description = "It is withdrawn, now or before.", body = Changed<ColumnMapView>),
        ChangeProblems,
        Problems
    ),
    security(("bearer" = []))
)]
#[delete("/regions/{region}/column-maps/{name}")]
pub async fn withdraw_column_map(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    if_match: IfMatch,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    write(&state, language, caller, path.into_inner(), move |change, region, name| {
        column_maps::withdraw(change, region, name, |last| if_match.require(last))
    })
    .await
}

async fn write(
    state: &AppState,
    language: Language,
    caller: Caller<Officers>,
    (key, name): (String, String),
    work: impl Fn(&mut Change<'_>, &Region, &str) -> Result<PutOutcome, Error> + Send + 'static,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let (region, map) = (key.clone(), name.clone());
    let work = move |change: &mut Change<'_>| {
        let region = find_own_region(change.connection, belongs, &region)?;
        work(change, &region, &map)
    };
    let outcome = state.db.write(caller.actor, Locks::none().reference(), work).await?.value;
    let found = state.db.read(move |snapshot| find(snapshot, belongs, &key, &name, language, now));
    let view = found.await?;
    let revision = view.revision;
    Ok(changed::answer(view, None, outcome, revision))
}

/// The last state of a region's own map.
fn find(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    key: &str,
    name: &str,
    language: Language,
    now: DateTime<Utc>,
) -> Result<ColumnMapView, Error> {
    let (_, region) = find_region(snapshot, belongs, key)?;
    let today = db::accounts::today(snapshot.connection, belongs, now)?;
    // A name that no map can have may be a text that a database cannot store.
    let is_name = domain::column_map::name_faults(name).is_empty();
    let map =
        if is_name { db::column_maps::find(snapshot.connection, region.id, name, Revision::LATEST)? } else { None };
    let map = map.ok_or(Error::NotFound("column map"))?;
    Ok(view(map, RegionLabel::of(&region, today, language), language))
}

/// A region that the caller has to do with, and all regions.
fn find_region(snapshot: &mut Snapshot<'_>, belongs: Belongs, key: &str) -> Result<(Vec<Region>, Region), Error> {
    let regions = db::regions::list(snapshot.connection, Revision::LATEST)?;
    let found = regions.iter().find(|region| naming::names(key, region.id, &region.code)).cloned();
    match found {
        Some(region) if concerns(snapshot.connection, belongs, region.id)? => Ok((regions, region)),
        _ => Err(Error::NotFound("region")),
    }
}

fn view(map: ColumnMap, region: RegionLabel, language: Language) -> ColumnMapView {
    let ColumnMap { name, text, withdrawn, learnt, .. } = map;
    let ColumnMapText { title_en, title_zh, tables, columns } = text;
    let title = language.choose(&title_en, &title_zh).to_owned();
    let (revision, recorded_at) = (learnt.revision, learnt.at);
    ColumnMapView { name, title, title_en, title_zh, region, tables, columns, withdrawn, revision, recorded_at }
}
