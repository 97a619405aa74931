//! The general parts of the document.

use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::security::{ClientCredentials, Flow, HttpAuthScheme, HttpBuilder, OAuth2, SecurityScheme};
use utoipa::openapi::{OpenApi, Server};
use utoipa::{Modify, OpenApi as _};

use crate::api::any_of::Code;
use crate::api::problem::{FieldProblem, Problem};
use crate::api::reply::Format;
use crate::api::scopes;
use crate::api::tables::{FileEncoding, FileFormat};
use domain::condition::{ClassFound, ClassRowFound, Comparison, EvaluatedTest};
use domain::count::StoredFlag;
use service::sync::documents::{
    AssessmentsDocument, DepotData, ItemClassData, ItemData, OrganizationData, QuarantineData, RequirementsDocument,
    StockDocument,
};

#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Muster",
        description = "Takes counts of emergency reserves, and returns shortages against reserve standards. Errors are RFC \
            9457 problems, except at the token endpoint of clients, which follows RFC 6749. Lists come in pages. Writes can \
            be repeated safely.",
        version = "1.1.0",
        contact(
            name = "The authority that runs this service",
            url = "https://muster.example/contact",
            email = "contact@muster.example"
        ),
        license(name = "Apache-2.0", url = "https://www.apache.org/licenses/LICENSE-2.0")
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
        (name = "accounts", description = "Accounts and roles, devices, and enrolment codes."),
        (name = "audit", description = "The audit of changes."),
        (name = "catalogue", description = "The items that are counted."),
        (name = "clients", description = "Third-party programs with their own credentials and scopes."),
        (name = "counts", description = "Counts."),
        (name = "discovery", description = "Descriptions of the service at well-known paths."),
        (name = "health", description = "Health checks."),
        (name = "open-data", description = "Standards and the catalogue without a sign-in, where the operator offers them."),
        (name = "organizations", description = "Regions, organizations, their facts and their depots."),
        (name = "shortages", description = "Requirement lines against usable stock, with the proof."),
        (name = "sign-in", description = "Sign-in and sessions."),
        (name = "standards", description = "Reserve standards, their rules and their adoption."),
        (name = "stock", description = "Stock from current counts."),
        (name = "sync", description = "Exchange with devices that were offline."),
        (name = "tables", description = "Import and export of files.")
    ),
    modifiers(&General)
)]
struct Base;

struct General;

impl Modify for General {
    fn modify(&self, document: &mut OpenApi) {
        let scheme = HttpBuilder::new()
            .scheme(HttpAuthScheme::Bearer)
            .bearer_format("JWT")
            .description(Some("The access_token of POST /api/v1/auth/login: a JWT, made and checked as RFC8725 asks."))
            .build();
        let mut server = Server::new("/");
        server.description = Some("This service, in production.".to_owned());
        server.extensions = Some(Extensions::builder().add("x-internal", false).build());
        document.servers = Some(vec![server]);
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
            "For third-party programs. An operation that does not name this is closed to them. Tokens are JWTs, made and \
             checked as RFC8725 asks.",
        );
        components.add_security_scheme(scopes::SCHEME, SecurityScheme::OAuth2(clients));
    }
}

/// The document without the operations.
pub fn base() -> OpenApi {
    Base::openapi()
}
