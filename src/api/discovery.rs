//! Descriptions of the service at well-known paths, from which programs find the rest.

use actix_web::http::header::{self, HeaderValue};
use actix_web::{HttpRequest, HttpResponse, get, web};
use domain::scope::Scope;
use serde::Serialize;

use super::callers::PublicReader;
use super::problem::TokenProblem;
use super::reply;
use super::scopes;
use super::server_address;
use crate::api::error::ApiError;
use crate::api::state::AppState;

/// The media type of a set of links (RFC 9264), with the profile of API catalogues (RFC 9727).
const LINKSET: &str = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";

/// A set of links (RFC 9264).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({"linkset": [{
    "anchor": "https://muster.example.org/api/v1",
    "service-desc": [{"href": "https://muster.example.org/api/openapi.json", "type": "application/json"}],
    "service-doc": [{"href": "https://muster.example.org/api/docs/", "type": "text/html"}],
    "service-meta": [{
        "href": "https://muster.example.org/.well-known/oauth-authorization-server", "type": "application/json"
    }],
    "status": [{"href": "https://muster.example.org/health/ready", "type": "application/json"}]
}]}))]
struct ApiCatalog {
    /// The APIs of the service.
    #[schema(max_items = 10)]
    linkset: Vec<ApiLinks>,
}

/// The links of an API (RFC 8631).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
struct ApiLinks {
    /// The address of the API.
    #[schema(max_length = 500, format = "uri")]
    anchor: String,
    /// Its document.
    #[schema(max_items = 10)]
    service_desc: Vec<TypedLink>,
    /// The page that shows the document; left out if it is switched off.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(max_items = 10)]
    service_doc: Vec<TypedLink>,
    /// The description of its sign-in for programs.
    #[schema(max_items = 10)]
    service_meta: Vec<TypedLink>,
    /// The check of its readiness.
    #[schema(max_items = 10)]
    status: Vec<TypedLink>,
}

/// A link with the media type of its target.
#[derive(Debug, Serialize, utoipa::ToSchema)]
struct TypedLink {
    /// The address.
    #[schema(max_length = 500, format = "uri")]
    href: String,
    /// The media type.
    #[serde(rename = "type")]
    #[schema(max_length = 100)]
    media_type: &'static str,
}

/// The metadata of the sign-in for programs (RFC 8414).
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[schema(example = json!({
    "issuer": "https://muster.example.org",
    "token_endpoint": "https://muster.example.org/api/v1/oauth/token",
    "jwks_uri": "https://muster.example.org/.well-known/jwks.json",
    "grant_types_supported": ["client_credentials"],
    "response_types_supported": [],
    "scopes_supported": ["catalogue:read", "stock:read", "shortages:read", "counts:write"],
    "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
    "service_documentation": "https://muster.example.org/api/openapi.json"
}))]
struct AuthorizationServer {
    /// The address of the service.
    #[schema(max_length = 500, format = "uri")]
    issuer: String,
    /// The operation that issues tokens.
    #[schema(max_length = 500, format = "uri")]
    token_endpoint: String,
    /// The public keys of tokens.
    #[schema(max_length = 500, format = "uri")]
    jwks_uri: String,
    /// Always `client_credentials`.
    #[schema(max_items = 10)]
    grant_types_supported: Vec<&'static str>,
    /// Always empty: there is no page at which people give programs their rights.
    #[schema(max_items = 10)]
    response_types_supported: Vec<&'static str>,
    /// The scopes that a client may have.
    #[schema(max_items = 100)]
    scopes_supported: Vec<Scope>,
    /// The places for a client's id and secret.
    #[schema(max_items = 10)]
    token_endpoint_auth_methods_supported: Vec<&'static str>,
    /// The document of the API.
    #[schema(max_length = 500, format = "uri")]
    service_documentation: String,
}

/// Find the APIs of the service
///
/// A catalogue of one API with links to its document, its page, the description of its sign-in, and its status (RFC 9727).
/// The header `Link` names the catalogue itself, so `HEAD` is enough to find it.
#[utoipa::path(
    tag = "discovery",
    responses(
        (status = 200, description = "The catalogue.", body = ApiCatalog, content_type = "application/linkset+json"),
        TokenProblem
    ),
    security(())
)]
#[get("/.well-known/api-catalog")]
pub async fn find_api_catalog(
    request: HttpRequest,
    state: web::Data<AppState>,
    _: PublicReader,
) -> Result<HttpResponse, ApiError> {
    let base = server_address::of(&request, &state.settings);
    let link = |path: &str, media_type| vec![TypedLink { href: format!("{base}{path}"), media_type }];
    let links = ApiLinks {
        anchor: format!("{base}/api/v1"),
        service_desc: link("/api/openapi.json", "application/json"),
        service_doc: if state.settings.docs { link("/api/docs/", "text/html") } else { Vec::new() },
        service_meta: link("/.well-known/oauth-authorization-server", "application/json"),
        status: link("/health/ready", "application/json"),
    };
    let mut answer = reply::public(&request, LINKSET, &ApiCatalog { linkset: vec![links] })?;
    if let Ok(link) = HeaderValue::from_str(&format!("<{base}/.well-known/api-catalog>; rel=\"api-catalog\"")) {
        answer.headers_mut().insert(header::LINK, link);
    }
    Ok(answer)
}

/// Find where programs request tokens
///
/// The metadata of the authorization server for third-party programs (RFC 8414), with which OAuth libraries configure
/// themselves. Tokens come from the client credentials grant alone.
#[utoipa::path(
    tag = "discovery",
    responses((status = 200, description = "The metadata.", body = AuthorizationServer), TokenProblem),
    security(())
)]
#[get("/.well-known/oauth-authorization-server")]
pub async fn find_authorization_server(
    request: HttpRequest,
    state: web::Data<AppState>,
    _: PublicReader,
) -> Result<HttpResponse, ApiError> {
    let base = server_address::of(&request, &state.settings);
    let metadata = AuthorizationServer {
        token_endpoint: format!("{base}/api/v1/oauth/token"),
        jwks_uri: format!("{base}/.well-known/jwks.json"),
        grant_types_supported: vec!["client_credentials"],
        response_types_supported: Vec::new(),
        scopes_supported: scopes::all(),
        token_endpoint_auth_methods_supported: vec!["client_secret_basic", "client_secret_post"],
        service_documentation: format!("{base}/api/openapi.json"),
        issuer: base,
    };
    reply::public(&request, super::negotiation::JSON, &metadata)
}
