//! Open data: published standards with their rules, and the catalogue, for anybody without a sign-in. An operator decides
//! whether a service offers it; otherwise its paths are not there.
//!
//! The lists are those that callers who are signed in read, of the topmost region's day. Neither they nor their histories name
//! people: drafts, adoptions, histories and everything of organizations have no open path.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, web};
use uuid::Uuid;

use super::callers::PublicReader;
use super::item_classes::{self, ItemClassView, ListItemClasses};
use super::items::{self, ItemView, ListItems};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::PublicProblems;
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::rules::{self, ListRules, RuleView};
use super::standards::{self, ListStandards, StandardView};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use base::id::RegionId;
use db::read::Snapshot;
use domain::account::Belongs;
use domain::revision::Revision;

/// The header by which caches may keep an answer for an hour and share it.
const SHARED: HeaderValue = HeaderValue::from_static("public, max-age=3600");

/// An answer that is the same for everybody.
fn shared(mut answer: HttpResponse) -> HttpResponse {
    let headers = answer.headers_mut();
    headers.insert(header::CACHE_CONTROL, SHARED);
    headers.insert(header::VARY, HeaderValue::from_static("Accept, Accept-Language"));
    answer
}

/// The topmost region, whose day is "today".
fn of_topmost(snapshot: &mut Snapshot<'_>) -> Result<Belongs, Error> {
    let regions = db::regions::list(snapshot.connection, Revision::LATEST)?;
    let topmost = regions.iter().find(|region| region.parent_id.is_none()).map(|region| region.id);
    Ok(Belongs::Region(topmost.unwrap_or(RegionId(Uuid::nil()))))
}

/// List standards as open data
///
/// Lists every published edition, adopted or not, ordered by code, without a sign-in. Only where the operator offers open data;
/// otherwise the path is not there (404).
#[utoipa::path(
    tag = "open-data",
    params(ListStandards),
    responses((status = 200, description = "A page of standards.", body = Page<StandardView>), PublicProblems),
    security(())
)]
#[get("/open/standards")]
pub async fn list_open_standards(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: PublicReader,
    Query(query): Query<ListStandards>,
) -> Result<HttpResponse, ApiError> {
    let (format, now) = (Format::of(query.format, &request), state.clock.now());
    let page = state.db.read(move |snapshot| {
        let belongs = of_topmost(snapshot)?;
        standards::read_page(snapshot, belongs, &query, format, language, now)
    });
    reply::list(&request, format, page.await?).await.map(shared)
}

/// Find a standard as open data
///
/// Returns one published edition by its code, without a sign-in. Its rules are in the list of rules.
#[utoipa::path(
    tag = "open-data",
    params(("standard" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013")),
    responses((status = 200, description = "The standard.", body = StandardView), PublicProblems),
    security(())
)]
#[get("/open/standards/{standard}")]
pub async fn find_open_standard(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: PublicReader,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let now = state.clock.now();
    let standard = state.db.read(move |snapshot| {
        let belongs = of_topmost(snapshot)?;
        standards::find(snapshot, belongs, &code, language, now)
    });
    reply::json(&request, &standard.await?).map(shared)
}

/// List rules as open data
///
/// Lists the rules in force on a day, of every published standard, without a sign-in; ordered by the standard's code, then in the
/// order of the standard. Each says its clause, the source and the confidence of its text, and the basis of figures that rest on
/// it: only `established` ones are verified.
#[utoipa::path(
    tag = "open-data",
    params(ListRules),
    responses((status = 200, description = "A page of rules.", body = Page<RuleView>), PublicProblems),
    security(())
)]
#[get("/open/rules")]
pub async fn list_open_rules(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: PublicReader,
    Query(query): Query<ListRules>,
) -> Result<HttpResponse, ApiError> {
    let (format, now) = (Format::of(query.format, &request), state.clock.now());
    let page = state.db.read(move |snapshot| {
        let belongs = of_topmost(snapshot)?;
        rules::read_page(snapshot, belongs, &query, format, language, now)
    });
    reply::list(&request, format, page.await?).await.map(shared)
}

/// List items as open data
///
/// Lists the catalogue in the order of the codes, retired items included, without a sign-in.
#[utoipa::path(
    tag = "open-data",
    params(ListItems),
    responses((status = 200, description = "A page of items.", body = Page<ItemView>), PublicProblems),
    security(())
)]
#[get("/open/items")]
pub async fn list_open_items(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: PublicReader,
    Query(query): Query<ListItems>,
) -> Result<HttpResponse, ApiError> {
    let (format, now) = (Format::of(query.format, &request), state.clock.now());
    let page = state.db.read(move |snapshot| {
        let belongs = of_topmost(snapshot)?;
        items::read_page(snapshot, belongs, &query, format, language, now)
    });
    reply::list(&request, format, page.await?).await.map(shared)
}

/// List the classes of items as open data
///
/// Lists the item classes of the catalogue, ordered by code, without a sign-in.
#[utoipa::path(
    tag = "open-data",
    params(ListItemClasses),
    responses((status = 200, description = "A page of classes.", body = Page<ItemClassView>), PublicProblems),
    security(())
)]
#[get("/open/item-classes")]
pub async fn list_open_item_classes(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: PublicReader,
    Query(query): Query<ListItemClasses>,
) -> Result<HttpResponse, ApiError> {
    let (format, now) = (Format::of(query.format, &request), state.clock.now());
    let page = state.db.read(move |snapshot| {
        let belongs = of_topmost(snapshot)?;
        item_classes::read_page(snapshot, belongs, &query, format, language, now)
    });
    reply::list(&request, format, page.await?).await.map(shared)
}
