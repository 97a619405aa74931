//! The words for codes, so that every client uses the same words.

use actix_web::{HttpRequest, HttpResponse, get};
use serde::Serialize;

use super::callers::{Caller, Everyone};
use super::language::AcceptLanguage;
use super::list_all::ListAll;
use super::page::Page;
use super::problem::Problems;
use super::query::Query;
use super::reply::{self, Format};
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
    /// The code, as in other answers.
    #[schema(max_length = 64)]
    code: String,
    /// Its name in the caller's language.
    #[schema(max_length = 200)]
    label: String,
}

/// List the words for codes
///
/// Lists the labels of the codes in other answers, in the caller's language: statuses, strengths, roles, conditions of
/// lots and so on, by family and code. Sectors and units come with the data; those that are not listed have no label.
#[utoipa::path(
    tag = "catalogue",
    params(ListAll),
    responses((status = 200, description = "A page of words.", body = Page<LabelView>), Problems),
    security(("bearer" = []))
)]
#[get("/labels")]
pub async fn list_labels(
    request: HttpRequest,
    AcceptLanguage(language): AcceptLanguage,
    _: Caller<Everyone>,
    Query(query): Query<ListAll>,
) -> Result<HttpResponse, ApiError> {
    let format = Format::of(query.format, &request);
    let views = FAMILIES.iter().chain(OPEN_FAMILIES).flat_map(|(family, codes)| {
        let view = move |code: &&str| LabelView {
            family: family.replace('-', "_"),
            code: (*code).to_owned(),
            label: Message::new(format!("{family}-{code}")).text(language),
        };
        codes.iter().map(view).map(|view| ((view.family.clone(), view.code.clone()), view))
    });
    let page = Page::of(views, format.limit(query.limit), query.cursor.as_deref())?;
    reply::list(&request, format, page).await
}
