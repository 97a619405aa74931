//! What programs find at well-known paths, and what they need not load again.

use actix_web::http::Method;
use muster::api::settings::Settings;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::clients::{ALL, of_t1};
use crate::database::TestDatabase;

cases![
    the_catalogue_leads_to_everything_else,
    a_page_that_is_switched_off_is_not_in_the_catalogue,
    the_metadata_lead_to_a_token,
    what_anybody_may_see_is_not_sent_twice,
];

const CATALOG: &str = "/.well-known/api-catalog";
const METADATA: &str = "/.well-known/oauth-authorization-server";
const BASE: &str = "https://muster.example.org";

async fn public(database: TestDatabase, docs: bool) -> TestApp {
    let settings = Settings { public_url: Some(BASE.to_owned()), docs, ..Settings::default() };
    TestApp::with_settings(database, settings).await
}

/// The path of an address of the service.
fn path(address: &Value) -> &str {
    address.as_str().unwrap().strip_prefix(BASE).unwrap()
}

async fn the_catalogue_leads_to_everything_else(database: TestDatabase) {
    let app = public(database, true).await;
    let answer = app.get(CATALOG).header("accept", "application/linkset+json").send().await;
    let catalog = answer.expect(200);
    let profile = "application/linkset+json; profile=\"https://www.rfc-editor.org/info/rfc9727\"";
    assert_eq!(answer.header("content-type"), profile);
    let api = &catalog["linkset"][0];
    assert_eq!(api["anchor"], format!("{BASE}/api/v1"));
    for relation in ["service-desc", "service-doc", "service-meta", "status"] {
        let link = &api[relation][0];
        let target = app.get(path(&link["href"])).send().await;
        assert_eq!(target.status, 200, "{relation}");
        let media_type = target.header("content-type").split(';').next().unwrap();
        assert_eq!(link["type"], media_type, "{relation}");
    }
    let head = app.request(Method::HEAD, CATALOG).send().await;
    assert_eq!(head.header("link"), format!("<{BASE}{CATALOG}>; rel=\"api-catalog\""));
    assert_eq!(app.get(CATALOG).header("accept", "text/html").send().await.problem(406), "not_acceptable");
}

async fn a_page_that_is_switched_off_is_not_in_the_catalogue(database: TestDatabase) {
    let app = public(database, false).await;
    let catalog = app.get(CATALOG).send().await.expect(200);
    assert_eq!(catalog["linkset"][0].get("service-doc"), None);
}

async fn the_metadata_lead_to_a_token(database: TestDatabase) {
    let app = public(database, true).await;
    let metadata = app.get(METADATA).send().await.expect(200);
    assert_eq!(
        metadata,
        json!({
            "issuer": BASE,
            "token_endpoint": format!("{BASE}/api/v1/oauth/token"),
            "jwks_uri": format!("{BASE}/.well-known/jwks.json"),
            "grant_types_supported": ["client_credentials"],
            "response_types_supported": [],
            "scopes_supported": ALL,
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "service_documentation": format!("{BASE}/api/openapi.json"),
        })
    );
    let client = app.make_client(&of_t1(&ALL)).await;
    let scopes: Vec<&str> =
        metadata["scopes_supported"].as_array().unwrap().iter().map(|one| one.as_str().unwrap()).collect();
    let form = format!("grant_type=client_credentials&scope={}", scopes.join("+"));
    let secret = format!("{form}&client_id={}&client_secret={}", client.id, client.secret);
    for (authorization, form) in [(Some(client.basic()), form), (None, secret)] {
        let request = app.post(path(&metadata["token_endpoint"])).body("application/x-www-form-urlencoded", form);
        let request = match &authorization {
            Some(basic) => request.header("authorization", basic),
            None => request,
        };
        let token = request.send().await.expect(200)["access_token"].clone();
        app.get("/api/v1/items").bearing(&token).send().await.expect(200);
    }
    let keys = app.get(path(&metadata["jwks_uri"])).send().await.expect(200);
    assert!(!keys["keys"].as_array().unwrap().is_empty());
}

async fn what_anybody_may_see_is_not_sent_twice(app: TestApp) {
    for path in [CATALOG, METADATA, "/.well-known/jwks.json", "/api/openapi.json"] {
        let first = app.get(path).send().await;
        first.expect(200);
        assert_eq!(first.header("cache-control"), "public, max-age=300", "{path}");
        let tag = first.header("etag");
        assert!(tag.starts_with("W/\""), "{path}: {tag}");
        for known in [tag.to_owned(), tag.trim_start_matches("W/").to_owned(), format!("\"other\", {tag}")] {
            let again = app.get(path).header("if-none-match", &known).send().await;
            assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path} {known}");
            assert_eq!((again.header("etag"), again.header("cache-control")), (tag, first.header("cache-control")));
        }
        app.get(path).header("if-none-match", "W/\"other\"").send().await.expect(200);
    }
}
