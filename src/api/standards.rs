//! Reading standards.

use actix_web::{HttpRequest, HttpResponse, get, web};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::labels::StandardLabel;
use super::language::Language;
use super::page::Page;
use super::problem::Problems;
use super::query::{NoParameters, Query};
use super::reply;
use crate::app::State;
use crate::db;
use crate::domain::revision::{Revision, in_force_or_first};
use crate::domain::standard::{Standard, StandardStatus};
use crate::error::Error;

/// One edition of a reserve standard.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "code": "GB30077-2013", "title": "Allocation of emergency rescue material, chemical units",
    "title_en": "Allocation of emergency rescue material, chemical units",
    "title_zh": "危险化学品单位应急救援物资配备要求", "jurisdiction": "CN", "status": "superseded",
    "valid_from": "2014-11-01", "valid_to": null, "replaced_by": "GB30077-2023", "note": null, "rules": 97
}))]
struct StandardView {
    /// Which standard.
    #[serde(flatten)]
    standard: StandardLabel,
    /// Title in English.
    #[schema(max_length = 200)]
    title_en: String,
    /// Title in Chinese.
    #[schema(max_length = 200)]
    title_zh: String,
    /// Where it was issued for, such as `CN` or `CN-4403`.
    #[schema(max_length = 16)]
    jurisdiction: String,
    /// What is said of it where it was issued.
    status: StandardStatus,
    /// The day it came into force, where known.
    valid_from: Option<NaiveDate>,
    /// The last day of its force, where known.
    valid_to: Option<NaiveDate>,
    /// The code of the edition that took its place.
    #[schema(max_length = 64)]
    replaced_by: Option<String>,
    /// A remark on how it was read.
    #[schema(max_length = 1000)]
    note: Option<String>,
    /// How many rules it has.
    #[schema(minimum = 0, maximum = 100_000)]
    rules: usize,
}

/// What to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListStandards {
    /// How many to list at most.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List standards
///
/// Every edition there is, adopted or not, in the order of the codes.
#[utoipa::path(
    tag = "standards",
    params(ListStandards),
    responses((status = 200, description = "A page of standards.", body = Page<StandardView>), Problems),
    security(("bearer" = []))
)]
#[get("/standards")]
pub async fn list_standards(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    Query(query): Query<ListStandards>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let page = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let standards = db::standards::list(snapshot.connection, Revision::LATEST)?;
        let views = standards.iter().filter_map(|found| Some((found.code.clone(), view(found, today, language)?)));
        Page::of(views, (query.limit, query.cursor.as_deref()))
    });
    reply::json(&request, &page.await?)
}

/// Find a standard
///
/// One edition by its code. Its rules are in the list of rules.
#[utoipa::path(
    tag = "standards",
    params(("code" = String, Path, description = "The standard's code.", max_length = 64, example = "GB30077-2013")),
    responses((status = 200, description = "The standard.", body = StandardView), Problems),
    security(("bearer" = []))
)]
#[get("/standards/{code}")]
pub async fn find_standard(
    request: HttpRequest,
    state: web::Data<State>,
    language: Language,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    code: web::Path<String>,
) -> Result<HttpResponse, Error> {
    let (belongs, now) = (caller.belongs, state.clock.now());
    let standard = state.db.read(move |snapshot| {
        let today = db::accounts::today(snapshot.connection, belongs, now)?;
        let standards = db::standards::list(snapshot.connection, Revision::LATEST)?;
        standards
            .iter()
            .find(|found| found.code == *code)
            .and_then(|found| view(found, today, language))
            .ok_or(Error::NotFound("standard"))
    });
    reply::json(&request, &standard.await?)
}

fn view(standard: &Standard, day: NaiveDate, language: Language) -> Option<StandardView> {
    let document = in_force_or_first(&standard.versions, day)?.value.clone();
    let rules = standard.rules.iter().filter(|rule| rule.on(day).is_some()).count();
    Some(StandardView {
        standard: StandardLabel::of(standard, day, language),
        title_en: document.title_en,
        title_zh: document.title_zh,
        jurisdiction: document.jurisdiction,
        status: document.status,
        valid_from: document.valid_from,
        valid_to: document.valid_to,
        replaced_by: document.replaced_by,
        note: document.note,
        rules,
    })
}
