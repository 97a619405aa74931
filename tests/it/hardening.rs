//! Headers on every answer that protect callers and their browsers, and requests that name a wrong host.

use std::io::Read as _;

use flate2::read::GzDecoder;
use muster::api::settings::Settings;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::{NoDatabase, cases};
use crate::database::TestDatabase;
use crate::document::operations;
use crate::process::Service;
use crate::rights::caller_of;
use tempfile::TempDir;

cases![
    every_answer_protects_the_browser,
    what_is_personal_is_stored_nowhere_on_the_way,
    the_page_of_the_document_can_be_switched_off,
    the_page_of_the_document_is_carried_packed_and_unpacked_for_those_who_ask,
    a_host_that_is_none_is_refused_and_nothing_is_issued,
    no_header_of_a_stranger_is_in_a_code,
    a_forwarded_header_of_a_stranger_is_warned_of_once,
];

fn require_protection(answer: &Answer, place: &str) {
    // Phones pay for every byte of sync, whose JSON no browser takes for a page.
    if ["pull_changes", "push_commands"].contains(&place) {
        assert_eq!(answer.header("x-content-type-options"), "nosniff", "{place}");
        return;
    }
    for (name, value) in
        [("x-content-type-options", "nosniff"), ("x-frame-options", "DENY"), ("referrer-policy", "no-referrer")]
    {
        assert_eq!(answer.header(name), value, "{place}");
    }
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"), "{place}: {policy}");
}

async fn every_answer_protects_the_browser(app: TestApp) {
    for operation in operations() {
        let allowed = operation.request(&app).as_(caller_of(operation.id)).send().await;
        require_protection(&allowed, operation.id);
        require_protection(&operation.request(&app).send().await, operation.id);
    }
    for path in
        ["/nowhere", "/api/docs", "/api/docs/", "/api/docs/swagger-ui.css", "/api/openapi.json", "/api/v1/items/%ff"]
    {
        require_protection(&app.get(path).send().await, path);
    }
    require_protection(&app.post("/health/live").send().await, "a wrong method");
    let page = app.get("/api/docs/").send().await;
    assert!(page.header("content-security-policy").contains("script-src 'self';"), "{page:?}");
}

async fn what_is_personal_is_stored_nowhere_on_the_way(app: TestApp) {
    let may_be_kept = ["item", "class", "label", "region", "standard", "draft", "open", "column_map"];
    for operation in operations() {
        let answer = operation.request(&app).as_(caller_of(operation.id)).send().await;
        let path = operation.uri(None);
        let is_public = !path.starts_with("/api/v1/");
        let is_reference = may_be_kept.iter().any(|word| operation.id.contains(word));
        if !is_public && !is_reference {
            assert_eq!(answer.header("cache-control"), "no-store", "{}", operation.id);
        }
    }
    for (path, caller) in [("/api/v1/me", "t1"), ("/api/v1/accounts", "admin"), ("/api/v1/audit", "admin")] {
        let answer = app.get(path).as_(caller).send().await;
        answer.expect(200);
        assert_eq!(answer.header("cache-control"), "no-store", "{path}");
    }
    let items = app.get("/api/v1/items").as_("t1").send().await;
    assert_eq!(items.header("cache-control"), "private, no-cache");
    assert!(!items.header("etag").is_empty());
}

async fn the_page_of_the_document_can_be_switched_off(database: TestDatabase) {
    let app = TestApp::with_settings(database, Settings { docs: false, ..Settings::default() }).await;
    for path in ["/api/docs", "/api/docs/", "/api/docs/index.html"] {
        assert_eq!(app.get(path).send().await.problem(404), "no_such_path");
    }
    assert_eq!(app.get("/api/openapi.json").send().await.expect(200)["info"]["title"], "Muster");
}

async fn the_page_of_the_document_is_carried_packed_and_unpacked_for_those_who_ask(app: TestApp) {
    let path = "/api/docs/swagger-ui-bundle.js";
    let packed = app.get(path).header("accept-encoding", "gzip").send().await;
    assert_eq!((packed.header("content-encoding"), packed.header("vary")), ("gzip", "Accept-Encoding"));
    let plain = app.get(path).send().await;
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), ("", "Accept-Encoding"));
    let mut unpacked = Vec::new();
    GzDecoder::new(&*packed.body).read_to_end(&mut unpacked).unwrap();
    assert!(unpacked == plain.body && plain.body.len() > 3 * packed.body.len());
    let settings = app.get("/api/docs/swagger-initializer.js").send().await;
    assert!(String::from_utf8_lossy(&settings.body).contains("/api/openapi.json"), "{settings:?}");
    assert_eq!(app.get("/api/docs/nothing.js").send().await.problem(404), "no_such_path");
}

async fn a_host_that_is_none_is_refused_and_nothing_is_issued(app: TestApp) {
    let long = format!("{}.example", "h".repeat(2_900));
    for host in [&long, "javascript://muster/%0aalert(1)", "muster.example/path", "a b", "u@muster.example"] {
        for path in ["/api/v1/enrolments", "/health/live", "/nowhere"] {
            let request = app.post(path).as_("officer").header("host", host);
            let answer = request.json(&json!({"account": "t1"})).send().await;
            assert_eq!(answer.problem(400), "malformed", "{host}");
            assert_eq!(answer.json()["errors"][0]["pointer"], "/host");
        }
    }
    let open = app.get("/api/v1/enrolments").as_("officer").send().await.expect(200);
    assert_eq!(open["items"], json!([]), "no code was issued");
}

async fn no_header_of_a_stranger_is_in_a_code(app: TestApp) {
    let names = ["host", "x-forwarded-host", "x-forwarded-proto", "forwarded"];
    let values = ["evil.example", "evil.example", "javascript", "host=evil.example;proto=javascript"];
    let mut request = app.post("/api/v1/enrolments").as_("officer").at_address("192.0.2.1");
    for (name, value) in names.into_iter().zip(values) {
        request = request.header(name, value);
    }
    let issued = request.json(&json!({"account": "t1"})).send().await.expect(201);
    let uri = issued["uri"].as_str().unwrap();
    assert!(uri.starts_with("muster://enrol?server=http%3A%2F%2Flocalhost%3A8080&"), "{uri}");
}

/// The warnings of forwarded headers in a log.
fn warnings(service: &Service) -> Vec<Value> {
    let said = |event: &Value| event["message"].as_str().unwrap_or_default().starts_with("a forwarded header");
    service.events().into_iter().filter(said).collect()
}

async fn a_forwarded_header_of_a_stranger_is_warned_of_once(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let create = ("MUSTER_CREATE_DATABASE", "yes");
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[create]);
    for _ in 0..3 {
        service.call("GET", "/health/live", &[("x-forwarded-for", "198.51.100.7")], None);
        service.call("GET", "/health/live", &[("forwarded", "for=198.51.100.7")], None);
    }
    let warned = warnings(&service);
    assert_eq!(warned.len(), 1, "{warned:?}");
    assert_eq!((&warned[0]["level"], &warned[0]["address"]), (&json!("WARN"), &json!("127.0.0.1")));
    drop(service);
    let trusted = Service::start(folder.path(), "sqlite:m.sqlite", &[("MUSTER_TRUSTED_PROXIES", "127.0.0.1")]);
    trusted.call("GET", "/health/live", &[("x-forwarded-for", "198.51.100.7")], None);
    assert_eq!(warnings(&trusted), [json!(null); 0]);
}
