//! The classes of the catalogue.

use actix_web::{HttpRequest, HttpResponse, get, put, web};
use chrono::{DateTime, NaiveDate, Utc};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::body::Body;
use super::callers::{Caller, Everyone, Officers};
use super::changed::{self, Changed};
use super::changed_since::ChangedSince;
use super::condition::{Condition, ConditionProblems};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::{BodyProblems, Problems};
use super::query::{NoParameters, Query};
use super::reply::{self, Format};
use super::versions::{self, ConditionHeaders, ListVersions, Version};
use crate::api::error::ApiError;
use crate::api::state::AppState;
use base::error::Error;
use db::connection::AnyConnection;
use db::locks::Locks;
use db::read::Snapshot;
use db::write::Change;
use domain::account::Belongs;
use domain::item::{ItemClass, NewItemClass};
use domain::revision::{Dated, Revision, in_force_or_first, last_change};
use service::reference;
use text::language::Language;

/// An item class.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "code": "personal_protection", "name": "Personal protection", "name_en": "Personal protection",
    "name_zh": "个体防护"
}))]
pub(super) struct ItemClassView {
    /// Its code.
    #[schema(max_length = 64)]
    code: String,
    /// Its name in the caller's language.
    #[schema(max_length = 200)]
    name: String,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub(super) struct ListItemClasses {
    /// Only entries about which something was recorded after this instant, whatever day it holds from. Nothing is deleted:
    /// an entry that ends stays in the list as it then is.
    #[serde(default, deserialize_with = "base::sent::optional")]
    changed_since: Option<DateTime<Utc>>,
    /// The format of the answer; overrides `Accept`.
    pub(super) format: Option<Format>,
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List the classes of items
///
/// Lists the item classes of the catalogue, ordered by code.
#[utoipa::path(
    tag = "catalogue",
    params(ListItemClasses),
    responses((status = 200, description = "A page of classes.", body = Page<ItemClassView>), Problems),
    security(("bearer" = []))
)]
#[get("/item-classes")]
pub async fn list_item_classes(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListItemClasses>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let (belongs, now) = (caller.belongs, state.clock.now());
    let read = move |snapshot: &mut Snapshot<'_>| read_page(snapshot, belongs, &query, format, language, now);
    reply::list(&request, format, state.db.read(read).await?).await
}

/// The page that a request asks for.
pub(super) fn read_page(
    snapshot: &mut Snapshot<'_>,
    belongs: Belongs,
    query: &ListItemClasses,
    format: Format,
    language: Language,
    now: DateTime<Utc>,
) -> Result<Page<ItemClassView>, Error> {
    let today = db::accounts::today(snapshot.connection, belongs, now)?;
    let classes = db::items::list_classes(snapshot.connection, Revision::LATEST)?;
    let changed = ChangedSince::read(snapshot.connection, query.changed_since)?;
    let asked = classes.into_iter().filter(|(_, versions)| changed.takes_versions(versions));
    let views = asked.filter_map(|(code, versions)| {
        let view = view(&code, &in_force_or_first(&versions, today)?.value, language);
        Some((code, view))
    });
    Page::of(views, format.limit(query.limit), query.cursor.as_deref())
}

/// Find an item class
///
/// Returns one class by its code, with today's names.
#[utoipa::path(
    tag = "catalogue",
    params(("item_class" = String, Path, description = "The class's code.", max_length = 64, example = "personal_protection")),
    responses((status = 200, description = "The class.", body = ItemClassView), Problems),
    security(("bearer" = []))
)]
#[get("/item-classes/{item_class}")]
pub async fn find_item_class(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let class = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let versions = find(snapshot.connection, &code, Revision::LATEST)?;
        Ok((on(&code, &versions, today, language)?, last_change(&versions)))
    });
    let (view, last) = class.await?;
    reply::versioned(&request, &view, last)
}

/// Put an item class
///
/// Adds a class to the catalogue, or changes its names. The catalogue is the same for all regions: officers and admins of
/// the topmost bureau maintain it.
///
/// The new version holds from `valid_from` until the first day of the next version; versions of other days stay as they
/// are, and nothing is overwritten: an earlier `valid_from` corrects the past. A repeat answers 200 with `repeated` and
/// changes nothing. A change needs `If-Match` with the `ETag` that was read.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("item_class" = String, Path,
            description = "The class's code; a new one is made of letters, digits, `-`, `_` and `.`.", max_length = 64,
            example = "water_rescue"),
        ConditionHeaders
    ),
    request_body = NewItemClass,
    responses(
        (status = 200, description = "The class was changed, or was already as sent.", body = Changed<ItemClassView>),
        (status = 201, description = "The class was added.", body = Changed<ItemClassView>),
        Problems,
        BodyProblems,
        ConditionProblems
    ),
    security(("bearer" = []))
)]
#[put("/item-classes/{item_class}")]
pub async fn put_item_class(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    key: web::Path<String>,
    body: Body<NewItemClass>,
) -> Result<HttpResponse, ApiError> {
    let editor = caller.editor(&state);
    let (key, put_key) = (key.clone(), key.into_inner());
    let work = move |change: &mut Change<'_>| reference::put(change, &editor, &put_key, &body.value, &condition.0);
    let written = state.db.write(caller.actor, Locks::none().reference(), work).await?;
    let (put, revision) = (written.value, written.value.revision(written.revision));
    let view = state.db.read(move |snapshot| {
        let versions = find(snapshot.connection, &key, revision)?;
        on(&key, &versions, put.valid_from, language)
    });
    Ok(changed::answer_put(put, written.revision, view.await?))
}

/// List the history of an item class
///
/// Lists every version of a class with its author, latest revision first.
#[utoipa::path(
    tag = "catalogue",
    params(
        ("item_class" = String, Path, description = "The class's code.", max_length = 64, example = "personal_protection"),
        ListVersions
    ),
    responses((status = 200, description = "A page of versions.", body = Page<Version<ItemClassView>>), Problems),
    security(("bearer" = []))
)]
#[get("/item-classes/{item_class}/history")]
pub async fn list_item_class_history(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    _: Caller<Everyone>,
    Query(mut query): Query<ListVersions>,
    code: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    query.format = Some(format);
    let page = state.db.read(move |snapshot| {
        let versions = find(snapshot.connection, &code, Revision::LATEST)?;
        let view = |row: &Dated<ItemClass>| view(&code, &row.value, language);
        versions::history_of_one(snapshot.connection, &versions, &query, view)
    });
    reply::list(&request, format, page.await?).await
}

fn find(connection: &mut AnyConnection, code: &str, revision: Revision) -> Result<Vec<Dated<ItemClass>>, Error> {
    db::items::list_classes(connection, revision)?.remove(code).ok_or(Error::NotFound("class of items"))
}

fn on(code: &str, versions: &[Dated<ItemClass>], day: NaiveDate, language: Language) -> Result<ItemClassView, Error> {
    let version = in_force_or_first(versions, day).ok_or(Error::NotFound("class of items"))?;
    Ok(view(code, &version.value, language))
}

fn view(code: &str, class: &ItemClass, language: Language) -> ItemClassView {
    ItemClassView {
        code: code.to_owned(),
        name: language.choose(&class.name_en, &class.name_zh).to_owned(),
        name_en: class.name_en.clone(),
        name_zh: class.name_zh.clone(),
    }
}
