//! Reading the catalogue.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::language::Language;
use super::page::Page;
use super::problem::Problems;
use super::query::{NoParameters, Query};
use super::reply;
use super::selection::has_words;
use crate::app::State;
use crate::db;
use crate::domain::item::{Item, ItemKind, Pack};
use crate::domain::revision::{Revision, in_force_or_first};
use crate::domain::text::is_short_text;
use crate::error::Error;

/// A line of the catalogue.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "code": "L2010101", "name": "SCBA, positive-pressure", "name_en": "SCBA, positive-pressure",
    "name_zh": "正压式空气呼吸器", "class": "personal_protection", "unit": "set", "measured": false,
    "kind": "equipment", "perishable": false, "shelf_life_months": null, "packs": [], "retired": false
}))]
struct ItemView {
    /// Its code.
    #[schema(max_length = 32)]
    code: String,
    /// What it is called in the caller's language.
    #[schema(max_length = 200)]
    name: String,
    /// Name in English.
    #[schema(max_length = 200)]
    name_en: String,
    /// Name in Chinese.
    #[schema(max_length = 200)]
    name_zh: String,
    /// The code of its class.
    #[schema(max_length = 64)]
    class: String,
    /// The unit it is counted in.
    #[schema(max_length = 16)]
    unit: String,
    /// True for a measured unit such as kg; false for whole pieces.
    measured: bool,
    /// Equipment or material.
    kind: ItemKind,
    /// True when each lot has a last usable day.
    perishable: bool,
    /// Months from making to expiry, where a maker states none.
    #[schema(minimum = 1, maximum = 1200)]
    shelf_life_months: Option<u32>,
    /// The packs it comes in.
    #[schema(max_items = 50)]
    packs: Vec<Pack>,
    /// True once it left the catalogue.
    retired: bool,
}

/// What to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListItems {
    /// Words of the code or of the name in either language; all must be found.
    #[param(max_length = 100, example = "SCBA")]
    #[validate(length(max = 100), custom(function = is_short_text))]
    q: Option<String>,
    /// The code of a class.
    #[param(max_length = 64, example = "personal_protection")]
    #[validate(length(max = 64), custom(function = is_short_text))]
    class: Option<String>,
    /// How many to list at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List items
///
/// The catalogue in the order of the codes, retired items included.
#[utoipa::path(
    tag = "catalogue",
    params(ListItems),
    responses((status = 200, description = "A page of items.", body = Page<ItemView>), Problems),
    security(("bearer" = []))
)]
#[get("/items")]
pub async fn list_items(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    Query(query): Query<ListItems>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let views = db::items::list(snapshot.connection, Revision::LATEST)?
            .into_values()
            .filter_map(|item| Some((item.code.clone(), view(&item, today, language)?)))
            .filter(|(_, item)| query.class.as_ref().is_none_or(|class| item.class == *class))
            .filter(|(code, item)| {
                let texts = [code.as_str(), &item.name_en, &item.name_zh];
                query.q.as_ref().is_none_or(|words| has_words(&texts, words))
            });
        Page::of(views, (query.limit, query.cursor.as_deref()))
    });
    reply::json(&request, &page.await?)
}

/// Find an item
///
/// One line of the catalogue by its code.
#[utoipa::path(
    tag = "catalogue",
    params(("code" = String, Path, description = "The item's code.", max_length = 32, example = "L2010101")),
    responses((status = 200, description = "The item.", body = ItemView), Problems),
    security(("bearer" = []))
)]
#[get("/items/{code}")]
pub async fn find_item(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let item = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let items = db::items::list(snapshot.connection, Revision::LATEST)?;
        items.get(code.as_str()).and_then(|item| view(item, today, language)).ok_or(Error::NotFound("item"))
    });
    reply::json(&request, &item.await?)
}

fn view(item: &Item, day: NaiveDate, language: Language) -> Option<ItemView> {
    let version = &in_force_or_first(&item.versions, day)?.value;
    Some(ItemView {
        code: item.code.clone(),
        name: language.choose(&version.name_en, &version.name_zh).to_owned(),
        name_en: version.name_en.clone(),
        name_zh: version.name_zh.clone(),
        class: version.class.clone(),
        unit: item.unit.clone(),
        measured: item.measured,
        kind: version.kind,
        perishable: version.perishable,
        shelf_life_months: version.shelf_life_months,
        packs: version.packs.clone(),
        retired: version.retired,
    })
}
