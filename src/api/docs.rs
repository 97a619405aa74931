//! The OpenAPI document: its general parts, and its endpoint.

use actix_web::dev::ResourceDef;
use actix_web::guard::Get;
use actix_web::{HttpResponse, web};
use utoipa::openapi::path::PathItem;
use utoipa::openapi::schema::{ArrayItems, Schema, SchemaType, Type};
use utoipa::openapi::security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, SecurityScheme};
use utoipa::openapi::{OpenApi, RefOr};
use utoipa::{Modify, OpenApi as _};
use utoipa_swagger_ui::{Config, SwaggerUi};

use super::any_of::Code;
use super::negotiation::Offers;
use super::offered::{self, ListColumns};
use super::problem::{FieldProblem, Problem};
use super::reply::Format;
use super::scopes;
use super::tables::{FileEncoding, FileFormat};
use domain::condition::{ClassFound, ClassRowFound, Comparison, EvaluatedTest};
use domain::count::StoredFlag;
use service::sync::documents::{
    AssessmentsDocument, DepotData, ItemClassData, ItemData, OrganizationData, QuarantineData, RequirementsDocument,
    StockDocument,
};

/// Paths as in the document, each with the methods it supports.
pub type PathTable = Vec<(ResourceDef, String)>;

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Muster",
        description = "Takes counts of emergency reserves, and returns shortages against reserve standards. Errors are RFC \
            9457 problems, except at the token endpoint of clients, which follows RFC 6749. Lists come in pages. Writes can \
            be repeated safely.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    components(schemas(
        Problem,
        FieldProblem,
        Code,
        Comparison,
        ClassFound,
        ClassRowFound,
        EvaluatedTest,
        Format,
        FileFormat,
        FileEncoding,
        OrganizationData,
        ItemClassData,
        ItemData,
        StoredFlag,
        DepotData,
        RequirementsDocument,
        AssessmentsDocument,
        StockDocument,
        QuarantineData
    )),
    tags(
        (name = "sign-in", description = "Sign-in and sessions."),
        (name = "accounts", description = "Accounts and roles, devices, and enrolment codes."),
        (name = "clients", description = "Third-party programs with their own credentials and scopes."),
        (name = "counts", description = "Counts."),
        (name = "sync", description = "Exchange with devices that were offline."),
        (name = "stock", description = "Stock from current counts."),
        (name = "shortages", description = "Requirement lines against usable stock, with the proof."),
        (name = "organizations", description = "Regions, organizations, their facts and their depots."),
        (name = "catalogue", description = "The items that are counted."),
        (name = "standards", description = "Reserve standards, their rules and their adoption."),
        (name = "open data", description = "Standards and the catalogue without a sign-in, where the operator offers them."),
        (name = "tables", description = "Import and export of files."),
        (name = "audit", description = "The audit of changes."),
        (name = "health", description = "Health checks.")
    ),
    modifiers(&Schemes)
)]
struct Base;

struct Schemes;

impl Modify for Schemes {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The access_token of POST /api/v1/auth/login."))
            .build();
        let components = document.components.get_or_insert_default();
        components.add_security_scheme("bearer", SecurityScheme::Http(scheme));
        let client = HttpBuilder::new()
            .scheme(HttpAuthScheme::Basic)
            .description(Some("A client's id and secret, each written as in a form (RFC 6749, section 2.3.1)."))
            .build();
        components.add_security_scheme("client", SecurityScheme::Http(client));
        let flow = ClientCredentials::new("/api/v1/oauth/token", scopes::described());
        let clients = OAuth2::with_description(
            [Flow::ClientCredentials(flow)],
            "For third-party programs. An operation that does not name this is closed to them.",
        );
        components.add_security_scheme(scopes::SCHEME, SecurityScheme::OAuth2(clients));
    }
}

/// The document without the operations.
pub fn base() -> OpenApi {
    Base::openapi()
}

/// Schemas with texts, numbers or lists in enum variants or in lists, for which utoipa has no way to set limits.
const WITHOUT_LIMITS: [&str; 18] = [
    "LineWords",
    "CauseView",
    "ClassFound",
    "CountedRequirement",
    "Kind",
    "Rule",
    "RuleCondition",
    "EvaluatedTest",
    "Selector",
    "RuleQuantity",
    "Spare",
    "ScopeWorking",
    "Sharing",
    "Validity",
    "RequirementsDocument",
    "AssessmentsDocument",
    "StockDocument",
    "ItemData",
];

/// The longest text in such a place, in characters.
const LONGEST_TEXT: usize = 200;

/// The longest list in such a place.
const LONGEST_LIST: usize = 100;

/// The largest number in such a place: a ratio, a percentage.
const LARGEST_NUMBER: i32 = 1000;

/// The complete document, as served and checked in.
pub fn finish(mut document: OpenApi) -> OpenApi {
    let components = document.components.get_or_insert_default();
    for name in WITHOUT_LIMITS {
        if let Some(schema) = components.schemas.get_mut(name) {
            limit(schema);
        }
    }
    scopes::document(&mut document);
    offered::document(&mut document);
    document
}

/// Sets the missing limits of a schema and of all schemas inside it.
fn limit(schema: &mut RefOr<Schema>) {
    match schema {
        RefOr::T(Schema::Object(object)) => {
            let is = |kind: Type| match &object.schema_type {
                SchemaType::Type(only) => *only == kind,
                SchemaType::Array(kinds) => kinds.contains(&kind),
                SchemaType::AnyValue => false,
            };
            if is(Type::String) && object.enum_values.is_none() {
                object.max_length.get_or_insert(LONGEST_TEXT);
            } else if is(Type::Integer) {
                object.maximum.get_or_insert(LARGEST_NUMBER.into());
            }
            object.properties.values_mut().for_each(limit);
        }
        RefOr::T(Schema::Array(array)) => {
            array.max_items.get_or_insert(LONGEST_LIST);
            if let ArrayItems::RefOrSchema(items) = &mut array.items {
                limit(items);
            }
        }
        RefOr::T(Schema::OneOf(one_of)) => one_of.items.iter_mut().for_each(limit),
        _ => {}
    }
}

/// The path of the document.
const DOCUMENT: &str = "/api/openapi.json";

/// Serves the document, the page that shows it if `with_page` is set, and the data that the fallback needs.
pub fn serve(config: &mut web::ServiceConfig, document: OpenApi, with_page: bool) {
    let document = finish(document);
    config.app_data(web::Data::new(path_table(&document)));
    config.app_data(web::Data::new(Offers::of(&document)));
    config.app_data(web::Data::new(ListColumns::of(&document)));
    let served = web::Data::new(document);
    config.service(web::resource(DOCUMENT).guard(Get()).app_data(served).to(show_document));
    if with_page {
        config
            .service(web::redirect("/api/docs", "/api/docs/"))
            .service(SwaggerUi::new("/api/docs/{_:.*}").config(Config::new([DOCUMENT])));
    }
}

async fn show_document(document: web::Data<OpenApi>) -> HttpResponse {
    HttpResponse::Ok().json(document)
}

fn path_table(document: &OpenApi) -> PathTable {
    document.paths.paths.iter().map(|(path, item)| (ResourceDef::new(path.as_str()), methods(item))).collect()
}

fn methods(item: &PathItem) -> String {
    [
        ("GET, HEAD", &item.get),
        ("PUT", &item.put),
        ("POST", &item.post),
        ("PATCH", &item.patch),
        ("DELETE", &item.delete),
    ]
    .into_iter()
    .filter(|(_, operation)| operation.is_some())
    .map(|(method, _)| method)
    .collect::<Vec<_>>()
    .join(", ")
}
