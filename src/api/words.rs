//! The words for codes, so that every client calls a thing the same.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::{Deserialize, Serialize};
use validator::Validate;

use super::callers::{Caller, Everyone};
use super::language::AcceptLanguage;
use super::page::Page;
use super::problem::Problems;
use super::query::Query;
use super::reply;
use crate::api::error::ApiError;
use domain::label_families::FAMILIES;
use domain::labels::OPEN_FAMILIES;
use text::messages::Message;

/// The label of a code.
#[derive(Clone, Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"family": "status", "code": "short", "label": "short"}))]
struct LabelView {
    /// The family of the code, such as `status`, `strength` or `left_out`.
    #[schema(max_length = 64)]
    family: String,
    /// The code, as it stands in other answers.
    #[schema(max_length = 64)]
    code: String,
    /// Its name in the caller's language.
    #[schema(max_length = 200)]
    label: String,
}

/// The selection to list.
#[derive(Debug, Deserialize, Serialize, Validate, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
struct ListLabels {
    /// The maximum number to list.
    #[param(minimum = 1, maximum = 500, default = 50)]
    #[validate(range(min = 1, max = 500))]
    limit: Option<usize>,
    /// The `next_cursor` of the page before.
    #[param(max_length = 1000)]
    #[validate(length(max = 1000))]
    cursor: Option<String>,
}

/// List the words for codes
///
/// The labels of codes in other answers, in the caller's language: statuses, strengths, roles, conditions of lots and
/// so on, by family and code. Sectors and units come with the data; one that is not listed has no label.
#[utoipa::path(
    tag = "catalogue",
    params(ListLabels),
    responses((status = 200, description = "A page of words.", body = Page<LabelView>), Problems),
    security(("bearer" = []))
)]
#[get("/labels")]
pub async fn list_labels(
    request: HttpRequest,
    AcceptLanguage(language): AcceptLanguage,
    _: Caller<Everyone>,
    Query(query): Query<ListLabels>,
) -> Result<HttpResponse, ApiError> {
    let views = FAMILIES.iter().chain(OPEN_FAMILIES).flat_map(|(family, codes)| {
        let view = move |code: &&str| LabelView {
            family: family.replace('-', "_"),
            code: (*code).to_owned(),
            label: Message::new(format!("{family}-{code}")).text(language),
        };
        codes.iter().map(view).map(|view| ((view.family.clone(), view.code.clone()), view))
    });
    reply::json(&request, &Page::of(views, query.limit, query.cursor.as_deref())?)
}
