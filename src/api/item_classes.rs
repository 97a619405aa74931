//! Reading the classes of the catalogue.

use actix_web::{HttpRequest, HttpResponse, get, web};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::language::Language;
use super::page::Page;
use super::problem::Problems;
use super::query::Query;
use super::reply;
use crate::app::State;
use crate::db;
use crate::domain::revision::{Revision, in_force_or_first};
use crate::error::Error;

/// A class of items.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "code": "personal_protection", "name": "Personal protection", "name_en": "Personal protection",
    "name_zh": "个体防护"
}))]
struct ItemClassView {
    /// Its code.
    #[schema(max_length = 64)]
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
}

/// What to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListItemClasses {
    /// How many to list at most.
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
/// What the catalogue is ordered into, in the order of the codes.
#[utoipa::path(
    tag = "catalogue",
    params(ListItemClasses),
    responses((status = 200, description = "A page of classes.", body = Page<ItemClassView>), Problems),
    security(("bearer" = []))
)]
#[get("/item-classes")]
pub async fn list_item_classes(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    Query(query): Query<ListItemClasses>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let classes = db::items::list_classes(snapshot.connection, Revision::LATEST)?;
        let views = classes.into_iter().filter_map(|(code, versions)| {
            let class = in_force_or_first(&versions, today)?.value.clone();
            let name = language.choose(&class.name_en, &class.name_zh).to_owned();
            let view = ItemClassView { code: code.clone(), name, name_en: class.name_en, name_zh: class.name_zh };
            Some((code, view))
        });
        Page::of(views, (query.limit, query.cursor.as_deref()))
    });
    reply::json(&request, &page.await?)
}
