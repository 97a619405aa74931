//! The contacts of organizations.

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

/// List the contacts of an organization
///
/// Lists the people of an organization that the caller sees, and their telephones, in the order in which they were added: those of
/// the past too, until they are erased, and then without the person. They are `legal_representative`, `safety_head`, and `duty`,
/// the telephone that is answered day and night. The read is logged.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64, example = "T3"),
        ListContacts
    ),
    responses((status = 200, description = "A page of contacts.", body = Page<ContactView>), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/contacts")]
pub async fn list_organization_contacts(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    Query(query): Query<ListContacts>,
    key: web::Path<String>,
) -> Result<HttpResponse, ApiError> {
    list(&request, &state, language, &caller, Owner::Organization(key.into_inner()), query).await
}

/// Find a contact of an organization
///
/// Returns a contact, by its id or by the role that it has today. The read is logged.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64, example = "T3"),
        ("contact" = String, Path, description = "The contact's id, or its role.", max_length = 64, example = "safety_head")
    ),
    responses((status = 200, description = "The contact.", body = ContactView), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/contacts/{contact}")]
pub async fn find_organization_contact(
    request: HttpRequest,
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Everyone>,
    _: Query<NoParameters>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (key, contact) = path.into_inner();
    find(&request, &state, language, &caller, Owner::Organization(key), contact).await
}

/// Put a contact of an organization
///
/// Sets the person or the telephone of a role from today on. The same name is the same person, whose telephone, certificate,
/// purpose and end become those sent; no earlier ones are kept. Another name is another person: the one before ends today, and is
/// erased automatically some days later. Officers and admins do this in their region and below. A repeat answers 200 with `repeated`
/// and changes nothing. A change needs `If-Match` with the `ETag` that was read.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64, example = "T3"),
        ("contact" = String, Path, description = "The role: `legal_representative`, `safety_head` or `duty`.", max_length = 64, example = "safety_head"),
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
#[put("/organizations/{organization}/contacts/{contact}")]
pub async fn put_organization_contact(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    condition: Condition,
    path: web::Path<(String, String)>,
    body: Body<NewContact>,
) -> Result<HttpResponse, ApiError> {
    let (key, role) = path.into_inner();
    put(&state, language, caller, condition, Owner::Organization(key), role, body.value).await
}

/// Erase a contact of an organization
///
/// Erases the name, the telephone and the certificate for good; the id stays, and reports show the word `erased` in the place of
/// the name. No figure, receipt, hash or entry of the audit changes by it. A repeat answers the same. Officers and admins do this
/// in their region and below, when a person asks for it or the purpose has ended.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64, example = "T3"),
        ("contact" = String, Path, description = "The contact's id, or its role.", max_length = 64, example = "safety_head")
    ),
    responses((status = 200, description = "The contact, erased.", body = ContactView), Problems),
    security(("bearer" = []))
)]
#[delete("/organizations/{organization}/contacts/{contact}")]
pub async fn erase_organization_contact(
    state: web::Data<AppState>,
    AcceptLanguage(language): AcceptLanguage,
    caller: Caller<Officers>,
    _: Query<NoParameters>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (key, contact) = path.into_inner();
    erase(&state, language, caller, Owner::Organization(key), contact).await
}

/// List the reads of a contact of an organization
///
/// Lists who read a contact, on which day, and by which operation first, the latest first: one entry for an account and a day,
/// for three years, the last 2,000.
#[utoipa::path(
    tag = "organizations",
    params(
        ("organization" = String, Path, description = "The organization, by id or code.", max_length = 64, example = "T3"),
        ("contact" = String, Path, description = "The contact's id, or its role.", max_length = 64, example = "safety_head"),
        ListContacts
    ),
    responses((status = 200, description = "A page of reads.", body = Page<ContactReadView>), Problems),
    security(("bearer" = []))
)]
#[get("/organizations/{organization}/contacts/{contact}/reads")]
pub async fn list_organization_contact_reads(
    request: HttpRequest,
    state: web::Data<AppState>,
    caller: Caller<Officers>,
    Query(query): Query<ListContacts>,
    path: web::Path<(String, String)>,
) -> Result<HttpResponse, ApiError> {
    let (key, contact) = path.into_inner();
    reads(&request, &state, &caller, Owner::Organization(key), contact, query).await
}
