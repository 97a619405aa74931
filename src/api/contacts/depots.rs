//! The contacts of depots.

use actix_web::{HttpRequest, HttpResponse, delete, get, put, web};

use super::shared::{ListContacts, Owner, erase, find, list, put, reads};
use super::view::{ContactReadView, ContactView};
use crate::api::body::Body;
use crate::api::callers::{Caller, Everyone, Officers};
use crate::api::changed::Changed;
use crate::api::condition::{Condition, ConditionProblems};
use crate::api::error::ApiError;
use crate::api::language::AcceptLanguage;
use crate::api::page::Page;
use crate::api::problem::{BodyProblems, Problems};
use crate::api::query::{NoParameters, Query};
use crate::api::state::AppState;
use crate::api::versions::ConditionHeaders;
use domain::contact::NewContact;

/// List the contacts of a depot
///
/// Lists the people of a depot that the caller sees, and their telephones, in the order in which they were added: those of the past
/// too, until they are erased, and then without the person. They are `keeper` and `second_keeper`. The read is logged.
#[utoipa::path(
    tag = "organizations",
    params(
        ("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1"),
        ListContacts
    ),
    responses((status = 200, description = "A page of contacts.", body = Page<ContactView>), Problems),
    security(("bearer" = []))
)]
#[get("/depots/{depot}/contacts")]
pub async fn list_depot_contacts(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListContacts>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    list(&request, &state, language, &caller, Owner::Depot(key.into_inner()), query).await
}

/// Find a contact of a depot
///
/// Returns a contact, by its id or by the role that it has today. The read is logged.
#[utoipa::path(
    tag = "organizations",
    params(
        ("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1"),
        ("contact" = String, Path, description = "The contact's id, or its role.", max_length = 64, example = "keeper")
    ),
    responses((status = 200, description = "The contact.", body = ContactView), Problems),
    security(("bearer" = []))
)]
#[get("/depots/{depot}/contacts/{contact}")]
pub async fn find_depot_contact(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (key, contact) = path.into_inner();
    find(&request, &state, language, &caller, Owner::Depot(key), contact).await
}

/// Put a contact of a depot
///
/// Sets the person or the telephone of a role from today on. The same name is the same person, whose telephone, certificate,
/// purpose and end become those sent; no earlier ones are kept. Another name is another person: the one before ends today, and is
/// erased automatically some days later. Officers and admins do this in their region and below. A repeat answers 200 with `repeated`
/// and changes nothing. A change needs `If-Match` with the `ETag` that was read.
#[utoipa::path(
    tag = "organizations",
    params(
        ("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1"),
        ("contact" = String, Path, description = "The role: `keeper` or `second_keeper`.", max_length = 64, example = "keeper"),
        ConditionHeaders
    ),
    request_body = NewContact,
    responses(
        (status = 200, description = "The contact was changed, or was already as sent.", body = Changed<ContactView>),
        (status = 201, description = "The contact was added.", body = Changed<ContactView>),
        Problems,
        BodyProblems,
        ConditionProblems
    ),
    security(("bearer" = []))
)]
#[put("/depots/{depot}/contacts/{contact}")]
pub async fn put_depot_contact(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    path: web::Path<(String, String)>,
    body: Body<NewContact>,
) -> Result<HttpResponse, ApiError> {
    let (key, role) = path.into_inner();
    put(&state, language, caller, condition, Owner::Depot(key), role, body.value).await
}

/// Erase a contact of a depot
///
/// Erases the name, the telephone and the certificate for good; the id stays, and reports show the word `erased` in the place of
/// the name. No figure, receipt, hash or entry of the audit changes by it. A repeat answers the same. Officers and admins do this
/// in their region and below, when a person asks for it or the purpose has ended.
#[utoipa::path(
    tag = "organizations",
    params(
        ("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1"),
        ("contact" = String, Path, description = "The contact's id, or its role.", max_length = 64, example = "keeper")
    ),
    responses((status = 200, description = "The contact, erased.", body = ContactView), Problems),
    security(("bearer" = []))
)]
#[delete("/depots/{depot}/contacts/{contact}")]
pub async fn erase_depot_contact(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (key, contact) = path.into_inner();
    erase(&state, language, caller, Owner::Depot(key), contact).await
}

/// List the reads of a contact of a depot
///
/// Lists who read a contact, on which day, and by which operation first, the latest first: one entry for an account and a day,
/// for three years, the last 2,000.
#[utoipa::path(
    tag = "organizations",
    params(
        ("depot" = String, Path, description = "The depot, by id or code.", max_length = 64, example = "T3-D1"),
        ("contact" = String, Path, description = "The contact's id, or its role.", max_length = 64, example = "keeper"),
        ListContacts
    ),
    responses((status = 200, description = "A page of reads.", body = Page<ContactReadView>), Problems),
    security(("bearer" = []))
)]
#[get("/depots/{depot}/contacts/{contact}/reads")]
pub async fn list_depot_contact_reads(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Officers>,
    Query(query): Query<ListContacts>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (key, contact) = path.into_inner();
    reads(&request, &state, &caller, Owner::Depot(key), contact, query).await
}
