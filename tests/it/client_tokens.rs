//! The tokens of clients: requests for them, and the operations that their scopes open.

use std::collections::BTreeSet;

use actix_web::http::Method;
use chrono::TimeDelta;
use muster::api::scopes;
use serde_json::json;
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::{NoDatabase, cases};
use crate::clients::{ALL, FORM, Made, TOKEN, claims, of_t1, of_the_banner, refusal};
use crate::document::{Operation, document, operations};
use crate::rules;
use crate::seed;

cases![
    a_token_is_given_as_the_standard_says,
    a_token_is_good_for_what_was_asked_for,
    a_request_that_is_wrong_is_refused_as_the_standard_says,
    credentials_that_are_wrong_are_refused_alike,
    failures_slow_a_client_down,
    the_document_names_the_scopes_of_the_table,
    only_counts_are_written_by_clients,
    each_operation_is_open_to_the_scopes_that_the_document_names,
];

async fn a_token_is_given_as_the_standard_says(app: TestApp) {
    let client = app.make_client(&of_t1(&ALL)).await;
    let in_body = format!("grant_type=client_credentials&client_id={}&client_secret={}", client.id, client.secret);
    let with_id = format!("grant_type=client_credentials&client_id={}&audience=muster&audience=more", client.id);
    for (caller, form) in
        [(None, in_body.as_str()), (Some(&client), "grant_type=client_credentials"), (Some(&client), &with_id)]
    {
        let answer = app.ask(caller, form).await;
        let token = answer.expect(200);
        assert_eq!((answer.header("cache-control"), answer.header("pragma")), ("no-store", "no-cache"));
        assert_eq!(answer.header("content-type"), "application/json");
        let members: Vec<&String> = token.as_object().unwrap().keys().collect();
        assert_eq!(members, ["access_token", "expires_in", "scope", "token_type"]);
        assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(900)));
        assert_eq!(token["scope"], ALL.join(" "));
        assert_eq!(claims(&token["access_token"])["scope"], ALL.join(" "));
        let items = app.get("/api/v1/items").bearing(&token["access_token"]).send().await.expect(200);
        assert_eq!(items["items"].as_array().unwrap().len(), 3);
    }
    let token = app.token_for(&client, "").await;
    app.clock.set(seed::now() + TimeDelta::minutes(16));
    assert_eq!(app.get("/api/v1/items").bearing(&token).send().await.problem(401), "token_expired");
    let found = app.get(&format!("/api/v1/clients/{}", client.id)).as_("admin").send().await.expect(200);
    assert_eq!(found["last_used_at"], found["created_at"]);
}

async fn a_token_is_good_for_what_was_asked_for(app: TestApp) {
    let client = app.make_client(&of_t1(&["catalogue:read", "stock:read"])).await;
    let asked =
        async |scope: &str| app.ask(Some(&client), &format!("grant_type=client_credentials&scope={scope}")).await;
    for (scope, given) in [
        ("", "catalogue:read stock:read"),
        ("stock:read", "stock:read"),
        ("stock%3Aread", "stock:read"),
        ("stock:read+catalogue:read", "catalogue:read stock:read"),
    ] {
        assert_eq!(asked(scope).await.expect(200)["scope"], given, "{scope}");
    }
    for scope in
        ["counts:write", "stock:read+counts:write", "everything", "stock:read,catalogue:read", "+", "STOCK:READ"]
    {
        assert_eq!(refusal(&asked(scope).await, 400), "invalid_scope", "{scope}");
    }
    let token = app.token_for(&client, "stock:read").await;
    app.get("/api/v1/stock").bearing(&token).send().await.expect(200);
    let refused = app.get("/api/v1/items").bearing(&token).send().await;
    assert_eq!(refused.problem(403), "scope_missing");
    assert!(refused.json()["detail"].as_str().unwrap().contains("catalogue:read"), "{refused:?}");
}

async fn a_request_that_is_wrong_is_refused_as_the_standard_says(app: TestApp) {
    let client = app.make_client(&of_t1(&ALL)).await;
    let own = format!("client_id={}&client_secret={}", client.id, client.secret);
    let cases = [
        (String::new(), "invalid_request"),
        (own.clone(), "invalid_request"),
        (format!("grant_type=&{own}"), "invalid_request"),
        (format!("grant_type=client_credentials&grant_type=client_credentials&{own}"), "invalid_request"),
        (format!("grant_type=client_credentials&scope=stock:read&scope=stock:read&{own}"), "invalid_request"),
        (format!("grant_type=client_credentials&{own}&{own}"), "invalid_request"),
        (format!("grant_type=client_credentials&{own}&x={}", "x".repeat(20_000)), "invalid_request"),
        (format!("grant_type=password&username=t1&password=x&{own}"), "unsupported_grant_type"),
        (format!("grant_type=CLIENT_CREDENTIALS&{own}"), "unsupported_grant_type"),
    ];
    for (form, word) in cases {
        assert_eq!(refusal(&app.ask(None, &form).await, 400), word, "{form}");
    }
    let form = format!("grant_type=client_credentials&{own}");
    // Two ways at once, and two clients at once.
    assert_eq!(refusal(&app.ask(Some(&client), &form).await, 400), "invalid_request");
    let another = format!("grant_type=client_credentials&client_id={}", Uuid::new_v4());
    assert_eq!(refusal(&app.ask(Some(&client), &another).await, 400), "invalid_request");
    for media_type in ["application/json", "text/plain", "multipart/form-data"] {
        let answer = app.post(TOKEN).body(media_type, form.clone()).send().await;
        assert_eq!(refusal(&answer, 400), "invalid_request", "{media_type}");
    }
    assert_eq!(refusal(&app.post(TOKEN).send().await, 400), "invalid_request");
    let in_address = app.post(&format!("{TOKEN}?{form}")).body(FORM, "").send().await;
    assert_eq!(refusal(&in_address, 400), "invalid_request");
    let charset = app.post(TOKEN).body("Application/X-WWW-Form-Urlencoded; charset=UTF-8", form.clone());
    charset.send().await.expect(200);
    // A request that is not a token request is a problem, as everywhere.
    assert_eq!(app.get(TOKEN).send().await.problem(405), "method_not_allowed");
}

async fn credentials_that_are_wrong_are_refused_alike(app: TestApp) {
    let (client, closed) = (app.make_client(&of_t1(&ALL)).await, app.make_client(&of_t1(&ALL)).await);
    app.close_client("admin", &closed).await.expect(200);
    let other = |id: &str, secret: &str| Made { id: id.to_owned(), secret: secret.to_owned() };
    let wrong = [
        other(&client.id, &closed.secret),
        other(&client.id, "wrong"),
        other(&client.id, ""),
        other(&Uuid::new_v4().to_string(), &client.secret),
        other("t1", seed::PASSWORD),
        other("", ""),
        closed,
    ];
    let mut answers = Vec::new();
    for one in &wrong {
        let in_header = app.ask(Some(one), "grant_type=client_credentials").await;
        let form = format!("grant_type=client_credentials&client_id={}&client_secret={}", one.id, one.secret);
        let in_body = app.ask(None, &form).await;
        for answer in [in_header, in_body] {
            assert_eq!(refusal(&answer, 401), "invalid_client", "{}", one.id);
            answers.push(answer.json());
        }
        // So that no attempt waits for earlier ones.
        app.clock.set(app.clock.now() + TimeDelta::hours(25));
    }
    assert!(answers.iter().all(|answer| *answer == answers[0]), "{answers:#?}");
    assert_eq!(refusal(&app.ask(None, "grant_type=client_credentials").await, 401), "invalid_client");
    for header in ["Bearer abc", "Basic", "Basic ###", "Digest x=y"] {
        let request = app.post(TOKEN).header("authorization", header).body(FORM, "grant_type=client_credentials");
        assert_eq!(refusal(&request.send().await, 401), "invalid_client", "{header}");
    }
    app.ask(Some(&client), "grant_type=client_credentials").await.expect(200);
}

async fn failures_slow_a_client_down(app: TestApp) {
    let client = app.make_client(&of_t1(&ALL)).await;
    let guess = Made { id: client.id.clone(), secret: "wrong".to_owned() };
    let tried = async |client: &Made, address: &str| {
        let request = app.post(TOKEN).at_address(address).header("authorization", &client.basic());
        request.body(FORM, "grant_type=client_credentials").send().await
    };
    for number in 0..5 {
        assert_eq!(refusal(&tried(&guess, &format!("192.0.2.{number}")).await, 401), "invalid_client");
    }
    let slowed = tried(&client, "192.0.2.9").await;
    assert_eq!(refusal(&slowed, 429), "too_many_attempts");
    assert_eq!(slowed.header("retry-after"), "5");
    app.clock.set(seed::now() + TimeDelta::seconds(6));
    // The right secret clears the failures of the client.
    tried(&client, "192.0.2.9").await.expect(200);
    tried(&guess, "192.0.2.9").await.expect(401);
    tried(&client, "192.0.2.9").await.expect(200);
    for number in 0..20 {
        let unknown = Made { id: Uuid::new_v4().to_string(), secret: format!("guess-{number}") };
        tried(&unknown, "192.0.2.77").await;
    }
    assert_eq!(tried(&client, "192.0.2.77").await.status, 429, "an address is slowed down at every client");
    tried(&client, "192.0.2.78").await.expect(200);
}

/// The scopes that each open an operation by itself, according to the document.
fn documented(operation: &Operation) -> Vec<&'static str> {
    let alternatives = operation.says["security"].as_array().unwrap();
    alternatives
        .iter()
        .filter_map(|one| one[scopes::SCHEME].as_array())
        .map(|scopes| scopes[0].as_str().unwrap())
        .collect()
}

async fn the_document_names_the_scopes_of_the_table(_: NoDatabase) {
    let flow = &document()["components"]["securitySchemes"][scopes::SCHEME]["flows"]["clientCredentials"];
    assert_eq!(flow["tokenUrl"], TOKEN);
    let named: BTreeSet<&str> = flow["scopes"].as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(named, BTreeSet::from(ALL));
    let mut seen = BTreeSet::new();
    for (id, opening) in scopes::OPERATIONS {
        assert!(seen.insert(id), "{id} is there twice");
        let operation = operations().into_iter().find(|operation| operation.id == *id);
        let operation = operation.unwrap_or_else(|| panic!("there is no operation {id}"));
        let words: Vec<&str> = opening.iter().map(|scope| scope.word()).collect();
        assert_eq!(documented(&operation), words, "{id}");
    }
}

/// Repeated here, so that the table alone cannot open an operation that changes something.
async fn only_counts_are_written_by_clients(_: NoDatabase) {
    let writing = ["submit_count", "void_count", "push_commands"];
    // The outcome of the counts that they wrote.
    let telling = ["list_quarantine", "find_quarantined"];
    for operation in operations() {
        if operation.method != Method::GET && !documented(&operation).is_empty() {
            assert!(writing.contains(&operation.id), "{} is open to clients", operation.id);
        }
    }
    for (id, opening) in scopes::OPERATIONS {
        let writes = opening.iter().any(|scope| scope.word().ends_with(":write"));
        assert_eq!(writes, writing.contains(id) || telling.contains(id), "{id}");
    }
}

async fn each_operation_is_open_to_the_scopes_that_the_document_names(app: TestApp) {
    rules::adopt(&app).await;
    let of_organization = app.make_client(&of_t1(&ALL)).await;
    let of_region = app.make_client(&of_the_banner(&ALL[..3])).await;
    let mut tokens = Vec::new();
    for scope in ALL {
        tokens.push((scope, app.token_for(&of_organization, scope).await));
    }
    for scope in &ALL[..3] {
        tokens.push((scope, app.token_for(&of_region, scope).await));
    }
    let (mut open, mut closed) = (0, 0);
    for operation in operations().into_iter().filter(|operation| !operation.is_public()) {
        let opening = documented(&operation);
        for (scope, token) in &tokens {
            let answer = operation.request(&app).bearing(token).send().await;
            let case = format!("{} with {scope}: {answer:?}", operation.id);
            assert!(!answer.status.is_server_error() && answer.status != 401, "{case}");
            if opening.contains(scope) {
                assert_ne!(answer.status, 403, "{case}");
                open += 1;
            } else {
                assert_eq!(answer.problem(403), "scope_missing", "{case}");
                closed += 1;
            }
        }
    }
    assert!(open > 50 && closed > 300, "{open} tries were open and {closed} closed");
}
