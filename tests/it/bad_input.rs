//! Bad input to every operation: each is answered by a problem that says what is wrong and where.

use actix_web::http::Method;
use serde_json::Value;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::document::{Operation, RFC_6749, example_of, operations, resolve};

cases![
    an_unknown_query_parameter_is_refused,
    a_query_parameter_that_appears_twice_is_refused,
    a_path_that_names_nothing_is_no_failure_of_the_service,
    another_method_is_answered_with_those_there_are,
    another_media_type_is_refused,
    a_body_that_is_too_large_is_refused,
    a_body_with_a_password_is_small,
    a_body_that_is_no_json_is_refused,
    a_field_that_is_not_known_is_refused,
];

/// The versioned operations, which refuse unknown parameters; health and keys are called by other programs.
fn operations_of_the_api() -> Vec<Operation> {
    operations().into_iter().filter(|operation| operation.path.starts_with("/api/v1/")).collect()
}

fn operations_with_bodies() -> Vec<(Operation, Value)> {
    let with_body: Vec<_> = operations()
        .into_iter()
        .filter_map(|operation| {
            let schema = operation.body()?;
            let example = example_of(schema).unwrap_or_else(|| panic!("{} has no example of its body", operation.id));
            Some((operation, example))
        })
        .collect();
    assert!(with_body.len() >= 30, "only {} operations read a body", with_body.len());
    with_body
}

/// Checks that an answer is a problem that names the request, and returns its code and the places of its faults.
fn faults(answer: &Answer, status: u16, case: &str) -> (String, Vec<String>) {
    assert_eq!(answer.status, status, "{case}: {answer:?}");
    let code = answer.problem(status);
    let problem = answer.json();
    assert_eq!(problem["request_id"], answer.header("x-request-id"), "{case}");
    assert!(!answer.header("x-request-id").is_empty(), "{case}");
    assert_eq!(problem["type"], format!("urn:muster:problem:{code}"), "{case}");
    let faults = problem["errors"].as_array().into_iter().flatten();
    (code, faults.map(|fault| fault["pointer"].as_str().unwrap().to_owned()).collect())
}

async fn an_unknown_query_parameter_is_refused(app: TestApp) {
    for operation in operations_of_the_api().into_iter().filter(|operation| operation.id != RFC_6749) {
        let uri = operation.uri_with(None, Some(("no_such_parameter", "1")));
        let answer = operation.request_to(&app, &uri).as_("admin").send().await;
        let (code, places) = faults(&answer, 400, operation.id);
        assert_eq!((code.as_str(), &places[..]), ("malformed", &["/no_such_parameter".to_owned()][..]), "{uri}");
    }
}

async fn a_query_parameter_that_appears_twice_is_refused(app: TestApp) {
    for operation in operations_of_the_api() {
        // A filter may have several values.
        for parameter in operation.parameters("query").filter(|parameter| parameter["schema"]["type"] != "array") {
            let name = parameter["name"].as_str().unwrap();
            let value = if parameter["schema"]["type"] == "boolean" { "true" } else { "1" };
            let uri = format!("{}&{name}={value}", operation.uri_with(None, Some((name, value))));
            let answer = operation.request_to(&app, &uri).as_("admin").send().await;
            let (code, places) = faults(&answer, 400, &uri);
            assert_eq!((code.as_str(), &places[..]), ("malformed", &[format!("/{name}")][..]), "{uri}");
            assert_eq!(answer.json()["errors"][0]["code"], "duplicate_field", "{uri}");
        }
    }
}

async fn a_path_that_names_nothing_is_no_failure_of_the_service(app: TestApp) {
    let long = "x".repeat(3000);
    // A thing that is put under a key exists afterwards.
    let mut all = operations();
    all.sort_by_key(|operation| operation.method == Method::PUT);
    for operation in all {
        // The code of a draft names a thing that may not exist yet.
        if operation.parameters("path").next().is_none() || operation.id == "put_draft" {
            continue;
        }
        for key in ["nothing", "%00", "%FF", "a%20b", "..%2F..%2Fetc", "'%20OR%201=1", "%E5%BA%93", "-1", &long] {
            let answer = operation.request_to(&app, &operation.uri(Some(key))).as_("admin").send().await;
            let status = answer.status.as_u16();
            if operation.method == Method::PUT && [200, 201].contains(&status) {
                // A thing with a code chosen by the client is put under it.
                assert!(["nothing", "%E5%BA%93"].contains(&key), "{} {key}: {answer:?}", operation.id);
                continue;
            }
            // If something was put under the key before, the request must name its state.
            let refusals: &[u16] = if operation.method == Method::PUT { &[400, 404, 422] } else { &[400, 404] };
            assert!(refusals.contains(&status), "{} {key}: {answer:?}", operation.id);
            faults(&answer, status, operation.id);
        }
    }
}

async fn another_method_is_answered_with_those_there_are(app: TestApp) {
    for operation in operations() {
        for method in [Method::DELETE, Method::PATCH] {
            let is_there = |other: &Operation| other.path == operation.path && other.method == method;
            if operations().iter().any(is_there) {
                continue;
            }
            let answer = app.request(method, &operation.uri(None)).as_("admin").send().await;
            let (code, _) = faults(&answer, 405, operation.id);
            assert_eq!(code, "method_not_allowed");
            let allowed: Vec<&str> = answer.header("allow").split(", ").collect();
            assert!(allowed.contains(&operation.method.as_str()), "{}: {allowed:?}", operation.id);
        }
    }
}

async fn another_media_type_is_refused(app: TestApp) {
    for (operation, body) in operations_with_bodies() {
        for media_type in ["text/plain", "application/xml", "application/x-www-form-urlencoded", "json"] {
            let request = app.request(operation.method.clone(), &operation.uri(None)).as_("admin");
            let answer = request.body(media_type, body.to_string()).send().await;
            let (code, _) = faults(&answer, 415, operation.id);
            assert_eq!(code, "unsupported_media_type");
        }
    }
}

async fn a_body_that_is_too_large_is_refused(app: TestApp) {
    for (operation, _) in operations_with_bodies() {
        let request = app.request(operation.method.clone(), &operation.uri(None)).as_("admin");
        let body = format!("\"{}\"", "x".repeat(1_048_576));
        let answer = request.body("application/json", body).send().await;
        assert_eq!(faults(&answer, 413, operation.id).0, "too_large");
    }
}

/// Bodies with passwords count as sign-ins, whose limits are their own.
async fn a_body_with_a_password_is_small(app: TestApp) {
    let mut with_password = Vec::new();
    for (operation, _) in operations_with_bodies() {
        let properties = &resolve(operation.body().unwrap())["properties"];
        if properties.get("password").or_else(|| properties.get("current")).is_none() {
            continue;
        }
        let request = app.request(operation.method.clone(), &operation.uri(None)).as_("admin");
        let answer = request.body("application/json", format!("\"{}\"", "x".repeat(20_000))).send().await;
        assert_eq!(faults(&answer, 413, operation.id).0, "too_large");
        with_password.push(operation.id);
    }
    with_password.sort_unstable();
    assert_eq!(with_password, ["change_password", "put_account", "set_up", "sign_in", "start_second_factor"]);
}

async fn a_body_that_is_no_json_is_refused(app: TestApp) {
    for (operation, body) in operations_with_bodies() {
        let text = body.to_string();
        let cut = text.get(..text.len() - 1).unwrap();
        let twice = format!("{text}{text}");
        let deep = "[".repeat(10_000);
        for bytes in [&b""[..], b"{", b"\xff\xfe", b"nothing", cut.as_bytes(), twice.as_bytes(), deep.as_bytes()] {
            let request = app.request(operation.method.clone(), &operation.uri(None)).as_("admin");
            let answer = request.body("application/json", bytes.to_vec()).send().await;
            assert_eq!(faults(&answer, 400, operation.id).0, "malformed");
        }
        // A check of standards may say nothing: it is then about those that bind.
        let says_nothing = (operation.id != "check_standards").then_some("{}");
        for other_shape in ["null", "[]", "1", "\"text\""].into_iter().chain(says_nothing) {
            let request = app.request(operation.method.clone(), &operation.uri(None)).as_("admin");
            let answer = request.body("application/json", other_shape).send().await;
            // An operation that first looks up the thing may find that there is none.
            let status = answer.status.as_u16();
            assert!([404, 422].contains(&status), "{} {other_shape}: {answer:?}", operation.id);
        }
    }
}

async fn a_field_that_is_not_known_is_refused(app: TestApp) {
    for (operation, mut body) in operations_with_bodies() {
        // An app that pushes may be newer than the service.
        if operation.id == "push_commands" {
            continue;
        }
        body["no_such_field"] = Value::Bool(true);
        let request = app.request(operation.method.clone(), &operation.uri(None)).as_("admin");
        let (code, places) = faults(&request.json(&body).send().await, 422, operation.id);
        assert_eq!((code.as_str(), &places[..]), ("values_not_taken", &["/no_such_field".to_owned()][..]));
    }
}
