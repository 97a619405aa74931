//! Calls from pages of other origins: which origins may call, what their pages may send and read, and what `OPTIONS` and
//! `HEAD` answer to everybody.

use actix_web::http::Method;
use diesel::connection::SimpleConnection as _;
use domain::quota::Quotas;
use muster::api::settings::Settings;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::app::{Answer, TestApp};
use crate::browser::{InBrowser, Page};
use crate::cases::{NoDatabase, cases};
use crate::database::TestDatabase;
use crate::document::operations;
use crate::process::{Service, outcome};
use crate::rights::caller_of;

cases![
    no_other_origin_may_call_by_default,
    every_answer_to_a_listed_origin_can_be_read,
    an_origin_that_is_not_listed_gets_no_permission,
    a_preflight_needs_no_token_and_takes_nothing_of_a_quota,
    a_preflight_that_is_refused_is_a_problem,
    a_path_is_asked_for_its_methods,
    what_can_be_got_has_a_head,
    a_list_with_something_else_than_origins_is_refused_at_start,
    a_browser_lets_listed_pages_call_and_no_others,
];

const ORIGIN: &str = "https://app.example.org";

async fn listing(database: TestDatabase, quotas: Quotas) -> TestApp {
    let cors_origins = vec!["https://other.example:8443".parse().unwrap(), ORIGIN.parse().unwrap()];
    TestApp::with_settings(database, Settings { cors_origins, quotas, ..Settings::default() }).await
}

/// The headers of permissions for other origins.
fn permissions(answer: &Answer) -> Vec<String> {
    let names = answer.headers.keys().map(|name| name.as_str().to_owned());
    names.filter(|name| name.starts_with("access-control-")).collect()
}

fn require_permission(answer: &Answer, place: &str) {
    assert_eq!(answer.header("access-control-allow-origin"), ORIGIN, "{place}: {answer:?}");
    let read = answer.header("access-control-expose-headers").to_lowercase();
    for name in [
        "etag",
        "link",
        "retry-after",
        "ratelimit",
        "ratelimit-policy",
        "x-request-id",
        "content-disposition",
        "www-authenticate",
    ] {
        assert!(read.split(", ").any(|one| one == name), "{place}: {name} in {read}");
    }
    assert!(!answer.headers.contains_key("access-control-allow-credentials"), "{place}");
    let varies = answer.headers.get_all("vary").any(|value| value.to_str().unwrap().contains("Origin"));
    assert!(varies, "{place}: {answer:?}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{place}");
}

async fn no_other_origin_may_call_by_default(app: TestApp) {
    let answer = app.get("/api/v1/items").as_("t1").header("origin", ORIGIN).send().await;
    answer.expect(200);
    assert_eq!(permissions(&answer), [""; 0]);
    assert_eq!(answer.header("vary"), "Accept, Accept-Language, Authorization");
    let preflight = app.request(Method::OPTIONS, "/api/v1/items").header("origin", ORIGIN);
    let preflight = preflight.header("access-control-request-method", "GET").send().await;
    assert_eq!((preflight.status.as_u16(), permissions(&preflight)), (204, Vec::new()));
}

async fn every_answer_to_a_listed_origin_can_be_read(database: TestDatabase) {
    let app = listing(database, Quotas::default()).await;
    for operation in operations() {
        let caller = caller_of(operation.id);
        let allowed = operation.request(&app).as_(caller).header("origin", ORIGIN).send().await;
        require_permission(&allowed, operation.id);
        let nobody = operation.request(&app).header("origin", ORIGIN).send().await;
        require_permission(&nobody, operation.id);
    }
    for (path, status) in [
        ("/nowhere", 404),
        ("/api/docs/", 200),
        ("/api/openapi.json", 200),
        ("/api/v1/items/%ff", 401),
        ("/api/docs", 307),
    ] {
        let answer = app.get(path).header("origin", ORIGIN).send().await;
        assert_eq!(answer.status.as_u16(), status, "{path}");
        require_permission(&answer, path);
    }
    // Failures of the steps before the handler.
    let form = app.get("/api/v1/items").as_("t1").header("accept", "image/png").header("origin", ORIGIN).send().await;
    assert_eq!(form.problem(406), "not_acceptable");
    require_permission(&form, "a form that is not offered");
    let host = app.get("/api/v1/items").header("host", "a b").header("origin", ORIGIN).send().await;
    assert_eq!(host.problem(400), "malformed");
    require_permission(&host, "a host that is none");
    let method = app.request(Method::DELETE, "/health/live").header("origin", ORIGIN).send().await;
    assert_eq!(method.problem(405), "method_not_allowed");
    require_permission(&method, "a wrong method");
    let token = app.token_of("t1").await;
    app.database().connect().batch_execute("ALTER TABLE sessions RENAME TO sessions_gone").unwrap();
    let failure = app.get("/api/v1/items").bearing(&json!(token)).header("origin", ORIGIN).send().await;
    assert_eq!(failure.problem(500), "internal");
    require_permission(&failure, "an internal error");
}

async fn an_origin_that_is_not_listed_gets_no_permission(database: TestDatabase) {
    let app = listing(database, Quotas::default()).await;
    for origin in [
        "https://evil.example",
        "null",
        "*",
        "https://app.example.org.evil.example",
        "https://app.example.org:444",
        "http://app.example.org",
        "https://APP.example.org",
        "https://sub.app.example.org",
        "https://app.example.org, https://evil.example",
    ] {
        let answer = app.get("/api/v1/items").as_("t1").header("origin", origin).send().await;
        answer.expect(200);
        assert!(!answer.headers.contains_key("access-control-allow-origin"), "{origin}: {answer:?}");
        let preflight = app.request(Method::OPTIONS, "/api/v1/items").header("origin", origin);
        let preflight = preflight.header("access-control-request-method", "GET").send().await;
        assert!(preflight.status.is_client_error(), "{origin}");
        assert!(!preflight.headers.contains_key("access-control-allow-origin"), "{origin}: {preflight:?}");
    }
}

async fn a_preflight_needs_no_token_and_takes_nothing_of_a_quota(database: TestDatabase) {
    let app = listing(database, Quotas { address: 1, window_seconds: 60, ..Quotas::default() }).await;
    for operation in operations() {
        let preflight = app.request(Method::OPTIONS, &operation.uri(None)).header("origin", ORIGIN);
        let preflight = preflight
            .header("access-control-request-method", operation.method.as_str())
            .header("access-control-request-headers", "authorization, content-type, if-match, idempotency-key");
        let answer = preflight.send().await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (200, 0), "{}", operation.id);
        assert_eq!(answer.header("access-control-allow-origin"), ORIGIN);
        let listed = |name: &str| answer.header(name).to_lowercase();
        assert!(listed("access-control-allow-methods").contains(&operation.method.as_str().to_lowercase()));
        for name in [
            "authorization",
            "content-type",
            "content-encoding",
            "if-match",
            "if-none-match",
            "idempotency-key",
            "muster-device",
            "muster-seq",
            "muster-sent-at",
            "x-request-id",
        ] {
            assert!(listed("access-control-allow-headers").contains(name), "{name}");
        }
        assert_eq!(answer.header("access-control-max-age"), "7200");
        assert!(!answer.headers.contains_key("access-control-allow-credentials"));
        assert!(!answer.headers.contains_key("ratelimit"));
    }
    app.get("/.well-known/jwks.json").header("origin", ORIGIN).send().await.expect(200);
    let refused = app.get("/.well-known/jwks.json").header("origin", ORIGIN).send().await;
    assert_eq!(refused.problem(429), "too_many_requests");
    require_permission(&refused, "a quota that is used up");
}

async fn a_preflight_that_is_refused_is_a_problem(database: TestDatabase) {
    let app = listing(database, Quotas::default()).await;
    for (origin, method, headers, code) in [
        ("https://evil.example", "GET", "authorization", "origin_not_allowed"),
        (ORIGIN, "TRACE", "authorization", "preflight_not_allowed"),
        (ORIGIN, "GET", "x-other", "preflight_not_allowed"),
    ] {
        let preflight = app.request(Method::OPTIONS, "/api/v1/items").header("origin", origin);
        let preflight = preflight.header("access-control-request-method", method);
        let answer = preflight.header("access-control-request-headers", headers).send().await;
        assert_eq!(answer.problem(403), code, "{origin} {method} {headers}");
    }
}

async fn a_path_is_asked_for_its_methods(app: TestApp) {
    for operation in operations() {
        let answer = app.request(Method::OPTIONS, &operation.uri(None)).send().await;
        assert_eq!((answer.status.as_u16(), answer.body.len()), (204, 0), "{}", operation.id);
        let allowed: Vec<&str> = answer.header("allow").split(", ").collect();
        assert!(allowed.contains(&operation.method.as_str()) && allowed.contains(&"OPTIONS"), "{allowed:?}");
        assert_eq!(allowed.contains(&"GET"), allowed.contains(&"HEAD"), "{allowed:?}");
    }
    let document = app.request(Method::OPTIONS, "/api/openapi.json").send().await;
    assert_eq!((document.status.as_u16(), document.header("allow")), (204, "GET, HEAD, OPTIONS"));
    assert_eq!(app.request(Method::OPTIONS, "/nowhere").send().await.problem(404), "no_such_path");
}

async fn what_can_be_got_has_a_head(app: TestApp) {
    let tried = operations().into_iter().filter(|operation| operation.method == Method::GET);
    for operation in tried {
        let (uri, caller) = (operation.uri(None), caller_of(operation.id));
        let whole = app.get(&uri).as_(caller).send().await;
        let head = app.request(Method::HEAD, &uri).as_(caller).send().await;
        assert_eq!(head.status, whole.status, "{}", operation.id);
        for name in ["content-type", "etag", "cache-control", "vary"] {
            assert_eq!(head.header(name), whole.header(name), "{}: {name}", operation.id);
        }
    }
}

async fn a_list_with_something_else_than_origins_is_refused_at_start(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    for (list, wrong) in [
        ("*", "*"),
        ("null", "null"),
        ("https://app.example.org/", "https://app.example.org/"),
        ("https://app.example.org, https://*.example.org", "https://*.example.org"),
    ] {
        let settings = [("DATABASE_URL", "sqlite:m.sqlite"), ("MUSTER_CORS_ORIGINS", list)];
        let (code, log) = outcome(folder.path(), &["serve"], &settings);
        assert_eq!(code, 2, "{log}");
        assert!(log.contains("the setting cors_origins from the variable MUSTER_CORS_ORIGINS"), "{log}");
        assert!(log.contains(&format!("{wrong:?} is not an origin")), "{log}");
    }
}

/// The script of a page that calls a service in every way, and tells what came of each.
fn script(base: &str, token: &str) -> String {
    let script = r#"
        const call = async (path, options) => {
            try {
                const answer = await fetch(BASE + path, options);
                const headers = ["etag", "link", "ratelimit", "ratelimit-policy", "x-request-id"];
                const read = headers.filter(name => answer.headers.get(name) !== null);
                const body = await answer.text();
                return {status: answer.status, read, code: body.startsWith("{") ? JSON.parse(body).code ?? null : null};
            } catch (error) {
                return error.name;
            }
        };
        const bearer = {Authorization: "Bearer " + TOKEN};
        return {
            simple: await call("/.well-known/api-catalog"),
            signed_in: await call("/api/v1/items", {headers: bearer}),
            wrong_token: await call("/api/v1/items", {headers: {Authorization: "Bearer x"}}),
            change: await call("/api/v1/items/NEW", {method: "PUT", headers: {...bearer, "Content-Type": "application/json", "If-None-Match": "*"}, body: "{}"}),
            sign_in: await call("/api/v1/auth/login", {method: "POST", headers: {"Content-Type": "application/json"}, body: JSON.stringify({username: "nobody", password: "a long password"})}),
            other_header: await call("/api/v1/items", {headers: {...bearer, "X-Other": "1"}}),
            credentials: await call("/.well-known/api-catalog", {credentials: "include"}),
        };
    "#;
    script.replace("BASE", &format!("{base:?}")).replace("TOKEN", &format!("{token:?}"))
}

async fn a_browser_lets_listed_pages_call_and_no_others(_: InBrowser) {
    let (listed, other, folder) = (Page::new(), Page::new(), TempDir::new().unwrap());
    let settings = [("MUSTER_CREATE_DATABASE", "yes"), ("MUSTER_CORS_ORIGINS", listed.origin.as_str())];
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &settings);
    let admin = json!({
        "code": service.code(), "username": "chief", "password": "twelve letters", "display_name": "Chief",
        "region": {"code": "152900", "name_en": "League", "name_zh": "盟"}
    });
    assert_eq!(service.call("POST", "/api/v1/setup", &[], Some(&admin)).status, 201);
    let credentials = json!({"username": "chief", "password": "twelve letters"});
    let signed_in = service.call("POST", "/api/v1/auth/login", &[], Some(&credentials)).body;
    let script = script(&service.base, signed_in["access_token"].as_str().unwrap());

    let found = listed.run(&script);
    let limits = ["ratelimit", "ratelimit-policy", "x-request-id"];
    let read = |more: &[&str]| json!([more, &limits].concat());
    let expected = json!({
        "simple": {"status": 200, "read": read(&["etag", "link"]), "code": null},
        "signed_in": {"status": 200, "read": read(&["etag"]), "code": null},
        "wrong_token": {"status": 401, "read": read(&[]), "code": "token_invalid"},
        "change": {"status": 422, "read": read(&[]), "code": "values_not_taken"},
        "sign_in": {"status": 401, "read": read(&[]), "code": "credentials_wrong"},
        "other_header": "TypeError",
        "credentials": "TypeError",
    });
    assert_eq!(found, expected, "{found:#}");

    let found = other.run(&script);
    for (call, outcome) in found.as_object().unwrap() {
        assert_eq!(outcome, &Value::from("TypeError"), "{call}");
    }
}
