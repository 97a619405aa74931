//! Clients: programs of others, their tokens, and what their scopes open.

use std::collections::BTreeSet;

use actix_web::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use muster::api::scopes;
use muster::db::accounts;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Request, TestApp};
use crate::cases::{NoDatabase, cases};
use crate::document::{Operation, document, operations};
use crate::rows::tester;
use crate::rules;
use crate::seed::{self, plant_below};

cases![
    a_client_is_made_once_and_told_its_secret_once,
    what_a_client_cannot_be_is_refused,
    a_token_is_given_as_the_standard_says,
    a_token_is_good_for_what_was_asked_for,
    a_request_that_is_wrong_is_refused_as_the_standard_says,
    credentials_that_are_wrong_are_refused_alike,
    failures_slow_a_client_down,
    the_document_names_the_scopes_of_the_table,
    only_counts_are_written_by_clients,
    each_operation_is_open_to_the_scopes_that_the_document_names,
    a_client_sees_the_things_of_its_place,
    a_count_of_a_client_is_stored_in_its_name,
    a_new_secret_ends_the_one_before_and_its_tokens,
    what_is_closed_is_out_at_once_and_for_good,
    a_client_is_no_account_to_sign_in_with,
    admins_manage_the_clients_within_their_reach,
    clients_are_listed_by_what_is_asked_for,
    every_change_of_a_client_is_audited,
    no_secret_is_stored,
];

const TOKEN: &str = "/api/v1/oauth/token";
const FORM: &str = "application/x-www-form-urlencoded";

/// All scopes, as a client of one organization may have them.
const ALL: [&str; 4] = ["catalogue:read", "stock:read", "shortages:read", "counts:write"];

/// A client with the secret that it was told.
struct Made {
    id: String,
    secret: String,
}

impl Made {
    fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.secret)))
    }
}

fn of_t1(scopes: &[&str]) -> Value {
    json!({"name": "Stock system", "scopes": scopes, "organization": "T1"})
}

fn of_the_banner(scopes: &[&str]) -> Value {
    json!({"name": "Dashboard", "scopes": scopes, "region": "159900"})
}

impl TestApp {
    fn save_client(&self, caller: &str, id: &str, body: &Value) -> Request<'_> {
        self.put(&format!("/api/v1/clients/{id}")).as_(caller).json(body)
    }

    async fn make_client(&self, body: &Value) -> Made {
        let id = Uuid::new_v4().to_string();
        let made = self.save_client("admin", &id, body).send().await.expect(201);
        Made { id, secret: made["secret"].as_str().unwrap().to_owned() }
    }

    /// Asks for a token with a form, in the name of a client where one is given.
    async fn ask(&self, client: Option<&Made>, form: &str) -> Answer {
        let request = self.post(TOKEN).body(FORM, form.to_owned());
        match client {
            Some(client) => request.header("authorization", &client.basic()).send().await,
            None => request.send().await,
        }
    }

    /// A token of a client for some of its scopes; for all where none are given.
    async fn token_for(&self, client: &Made, scopes: &str) -> Value {
        let form = format!("grant_type=client_credentials&scope={scopes}");
        self.ask(Some(client), &form).await.expect(200)["access_token"].clone()
    }

    async fn close_client(&self, caller: &str, client: &Made) -> Answer {
        let path = format!("/api/v1/clients/{}/close", client.id);
        self.post(&path).as_(caller).json(&json!({"reason": "the contract has ended"})).send().await
    }
}

/// Looks that an answer is a refusal of RFC 6749, section 5.2, and gives its word.
fn refusal(answer: &Answer, status: u16) -> String {
    let refusal = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!((answer.header("cache-control"), answer.header("content-language")), ("no-store", "en"));
    assert!(!answer.header("x-request-id").is_empty());
    let members: Vec<&String> = refusal.as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "error_description"]);
    assert_eq!(answer.header("www-authenticate").starts_with("Basic "), status == 401);
    refusal["error"].as_str().unwrap().to_owned()
}

/// What a token says, by whoever it was signed.
fn claims(token: &Value) -> Value {
    let body = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

async fn a_client_is_made_once_and_told_its_secret_once(app: TestApp) {
    let (id, body) = (Uuid::new_v4().to_string(), of_t1(&["stock:read", "catalogue:read", "stock:read"]));
    let answer = app.save_client("admin", &id, &body).send().await;
    let made = answer.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!((&made["client"]["id"], &made["repeated"]), (&json!(id), &json!(false)));
    assert_eq!(made["client"]["scopes"], json!(["catalogue:read", "stock:read"]));
    assert_eq!((&made["client"]["organization"]["code"], &made["client"]["region"]), (&json!("T1"), &Value::Null));
    assert_eq!(made["secret"].as_str().unwrap().len(), 43);
    let again = app.save_client("admin", &id, &body).send().await.expect(200);
    assert_eq!((&again["client"], &again["secret"], &again["repeated"]), (&made["client"], &Value::Null, &json!(true)));
    let other = app.save_client("admin", &id, &of_t1(&["stock:read"])).send().await;
    assert_eq!(other.problem(409), "id_reused");
    assert_ne!(other.json()["stored_sha256"], other.json()["sent_sha256"]);
    let found = app.get(&format!("/api/v1/clients/{id}")).as_("admin").send().await.expect(200);
    assert_eq!(found, made["client"]);
}

async fn what_a_client_cannot_be_is_refused(app: TestApp) {
    let cases = [
        (of_the_banner(&["counts:write"]), "/scopes", "organization_needed"),
        (json!({"name": "x", "scopes": ["stock:read"]}), "/organization", "place_needed"),
        (
            json!({"name": "x", "scopes": ["stock:read"], "organization": "T1", "region": "159900"}),
            "/region",
            "place_needed",
        ),
        (json!({"name": "x", "scopes": ["stock:read"], "organization": "T9"}), "/organization", "organization_unknown"),
        (json!({"name": "x", "scopes": ["stock:read"], "region": "999999"}), "/region", "region_unknown"),
        (of_t1(&[]), "/scopes", "length_out_of_bounds"),
        (of_t1(&["stock:write"]), "/scopes/0", "unknown_value"),
    ];
    for (body, pointer, code) in cases {
        let id = Uuid::new_v4().to_string();
        let problem = app.save_client("admin", &id, &body).send().await.expect(422);
        let fault = &problem["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)), "{body}");
        assert_eq!(app.get(&format!("/api/v1/clients/{id}")).as_("admin").send().await.problem(404), "not_found");
    }
}

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
    // What is no request for a token at all is a problem as everywhere.
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
        // So that no try waits for the ones before.
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
    // The right secret forgets the failures of the client.
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

/// The scopes of which any opens an operation, as the document says.
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
        assert!(!opening.is_empty(), "{id} is open to nobody: leave it out");
        let Some(operation) = operations().into_iter().find(|operation| operation.id == *id) else {
            assert!(["pull_changes", "push_commands"].contains(id), "there is no operation {id}");
            continue;
        };
        let words: Vec<&str> = opening.iter().map(|scope| scope.word()).collect();
        assert_eq!(documented(&operation), words, "{id}");
    }
}

/// Said here once more, as the table alone must not be able to open what changes something.
async fn only_counts_are_written_by_clients(_: NoDatabase) {
    let writing = ["submit_count", "void_count", "push_commands"];
    for operation in operations() {
        if operation.method != Method::GET && !documented(&operation).is_empty() {
            assert!(writing.contains(&operation.id), "{} is open to clients", operation.id);
        }
    }
    for (id, opening) in scopes::OPERATIONS {
        let writes = opening.iter().any(|scope| scope.word().ends_with(":write"));
        assert_eq!(writes, writing.contains(id), "{id}");
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

async fn a_client_sees_the_things_of_its_place(app: TestApp) {
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 3}])).await;
    let of_organization = app.token_for(&app.make_client(&of_t1(&ALL)).await, "").await;
    let of_region = app.token_for(&app.make_client(&of_the_banner(&ALL[..3])).await, "").await;
    for (token, depots, counts, status) in
        [(&of_organization, vec!["T1-A"], 0, 404), (&of_region, vec!["E1-A", "T1-A", "T2-A"], 1, 200)]
    {
        let list = app.get("/api/v1/depots").bearing(token).send().await.expect(200);
        let codes: BTreeSet<&str> =
            list["items"].as_array().unwrap().iter().map(|depot| depot["code"].as_str().unwrap()).collect();
        assert_eq!(codes.into_iter().collect::<Vec<_>>(), depots);
        let list = app.get("/api/v1/counts").bearing(token).send().await.expect(200);
        assert_eq!(list["items"].as_array().unwrap().len(), counts);
        for path in ["/api/v1/organizations/T2", "/api/v1/depots/T2-A", "/api/v1/shortages?organization=T2"] {
            assert_eq!(app.get(path).bearing(token).send().await.status, status, "{path}");
        }
    }
}

async fn a_count_of_a_client_is_stored_in_its_name(app: TestApp) {
    rules::adopt(&app).await;
    let client = app.make_client(&of_t1(&["counts:write", "shortages:read"])).await;
    let (writes, all) = (app.token_for(&client, "counts:write").await, app.token_for(&client, "").await);
    let body = rules::count(&app.depot("T1-A").await, seed::now(), json!([{"item": "BOOTS", "quantity": 3}]));
    let path = format!("/api/v1/counts/{}", Uuid::now_v7());
    let stored = app.put(&path).bearing(&writes).json(&body).send().await.expect(201);
    assert_eq!(stored["assessments"], json!([]), "shortages are for those who may read them");
    let again = app.put(&path).bearing(&all).json(&body).send().await.expect(200);
    assert_eq!(again["repeated"], true);
    assert!(!again["assessments"].as_array().unwrap().is_empty());
    let entry = app.get("/api/v1/audit?limit=1").as_("admin").send().await.expect(200)["items"][0].clone();
    assert_eq!((&entry["action"], &entry["account"]["name"]), (&json!("submit_count"), &json!("Stock system")));
    assert_eq!(entry["account"]["username"], format!("client:{}", client.id));
    let voided = app.post(&format!("{path}/void")).bearing(&writes).json(&json!({"reason": "sent twice"}));
    voided.send().await.expect(201);
    let elsewhere = rules::count(&app.depot("T2-A").await, seed::now(), json!([{"item": "BOOTS", "quantity": 3}]));
    let refused = app.put(&format!("/api/v1/counts/{}", Uuid::now_v7())).bearing(&writes).json(&elsewhere);
    assert_eq!(refused.send().await.expect(422)["errors"][0]["pointer"], "/depot_id");
}

async fn a_new_secret_ends_the_one_before_and_its_tokens(app: TestApp) {
    let client = app.make_client(&of_t1(&ALL)).await;
    let token = app.token_for(&client, "").await;
    app.clock.set(seed::now() + TimeDelta::minutes(1));
    let path = format!("/api/v1/clients/{}/secret", client.id);
    let answer = app.post(&path).as_("admin").send().await;
    let reset = answer.expect(200);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_ne!(reset["client"]["secret_since"], reset["client"]["created_at"]);
    assert_eq!(app.get("/api/v1/items").bearing(&token).send().await.problem(401), "session_ended");
    assert_eq!(refusal(&app.ask(Some(&client), "grant_type=client_credentials").await, 401), "invalid_client");
    let renewed = Made { id: client.id.clone(), secret: reset["secret"].as_str().unwrap().to_owned() };
    let token = app.token_for(&renewed, "").await;
    app.get("/api/v1/items").bearing(&token).send().await.expect(200);
    // What made it is still known by its content.
    let again = app.save_client("admin", &client.id, &of_t1(&ALL)).send().await.expect(200);
    assert_eq!((&again["repeated"], &again["secret"]), (&json!(true), &Value::Null));
    app.get("/api/v1/items").bearing(&token).send().await.expect(200);
}

async fn what_is_closed_is_out_at_once_and_for_good(app: TestApp) {
    let client = app.make_client(&of_t1(&ALL)).await;
    let token = app.token_for(&client, "").await;
    let closed = app.close_client("admin", &client).await.expect(200);
    assert_eq!((&closed["repeated"], &closed["client"]["open"]), (&json!(false), &json!(false)));
    assert_eq!(closed["client"]["closed_reason"], "the contract has ended");
    assert_eq!(app.close_client("admin", &client).await.expect(200)["repeated"], true);
    assert_eq!(app.get("/api/v1/items").bearing(&token).send().await.problem(401), "account_closed");
    let reset = app.post(&format!("/api/v1/clients/{}/secret", client.id)).as_("admin").send().await;
    assert_eq!(reset.problem(409), "client_is_closed");
}

async fn a_client_is_no_account_to_sign_in_with(app: TestApp) {
    let client = app.make_client(&of_t1(&ALL)).await;
    let token = app.token_for(&client, "").await;
    let account = claims(&token)["sub"].as_str().unwrap().to_owned();
    let username = format!("client:{}", client.id);
    let list = app.get("/api/v1/accounts?limit=500").as_("admin").send().await.expect(200);
    let names = list["items"].as_array().unwrap().iter().map(|one| one["username"].as_str().unwrap());
    assert_eq!(names.collect::<Vec<_>>(), ["admin", "e1", "officer", "t1", "t2", "viewer"]);
    let path = format!("/api/v1/accounts/{account}");
    assert_eq!(app.get(&path).as_("admin").send().await.problem(404), "not_found");
    let body = json!({"username": "t1-store", "display_name": "x", "role": "quartermaster", "organization": "T1"});
    for uri in [path.clone(), format!("/api/v1/accounts/{}", client.id)] {
        let saved = app.put(&uri).as_("admin").header("if-match", "*").json(&body).send().await;
        assert_eq!(saved.status, if uri == path { 404 } else { 201 }, "{saved:?}");
    }
    for what in ["close", "reopen", "password"] {
        let request = app.post(&format!("{path}/{what}")).as_("admin");
        let request = if what == "close" { request.json(&json!({"reason": "x"})) } else { request };
        assert_eq!(request.send().await.problem(404), "not_found", "{what}");
    }
    for key in [&account, &username] {
        let issued = app.post("/api/v1/enrolments").as_("admin").json(&json!({"account": key})).send().await;
        assert_eq!(issued.expect(422)["errors"][0]["code"], "account_unknown");
    }
    // Not even where everybody is given the same password, as the demo does at each start.
    let hash = muster::auth::passwords::hash(seed::PASSWORD).unwrap();
    app.db
        .write(tester(), vec![], move |change| Ok(accounts::set_all_passwords(change.connection, &hash)?))
        .await
        .unwrap();
    let login = app.post("/api/v1/auth/login").json(&json!({"username": username, "password": seed::PASSWORD}));
    assert_eq!(login.send().await.problem(401), "credentials_wrong");
    app.get("/api/v1/items").bearing(&token).send().await.expect(200);
}

async fn admins_manage_the_clients_within_their_reach(app: TestApp) {
    app.db.write(tester(), vec![], plant_below).await.unwrap();
    let client = app.make_client(&of_the_banner(&["stock:read"])).await;
    let path = format!("/api/v1/clients/{}", client.id);
    assert_eq!(app.get(&path).as_("admin-below").send().await.problem(404), "not_found");
    assert_eq!(app.post(&format!("{path}/secret")).as_("admin-below").send().await.problem(404), "not_found");
    assert_eq!(app.close_client("admin-below", &client).await.problem(404), "not_found");
    let taken = app.save_client("admin-below", &client.id, &of_the_banner(&["stock:read"])).send().await;
    assert_eq!(taken.problem(409), "id_reused");
    assert!(taken.json()["stored_sha256"].is_null());
    let id = Uuid::new_v4().to_string();
    let above = app.save_client("admin-below", &id, &of_the_banner(&["stock:read"])).send().await;
    assert_eq!(above.problem(403), "outside_own_region");
    let theirs = app.save_client("admin-below", &id, &of_t1(&["stock:read"])).send().await.expect(422);
    assert_eq!(theirs["errors"][0]["code"], "organization_unknown");
    let below = json!({"name": "Below", "scopes": ["stock:read"], "region": "159901"});
    app.save_client("admin-below", &id, &below).send().await.expect(201);
    let names = async |caller: &str| -> Vec<String> {
        let list = app.get("/api/v1/clients").as_(caller).send().await.expect(200);
        list["items"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names("admin-below").await, ["Below"]);
    assert_eq!(names("admin").await.len(), 2);
    app.token_for(&client, "").await;
}

async fn clients_are_listed_by_what_is_asked_for(app: TestApp) {
    let mut made = Vec::new();
    for minute in 0..3 {
        app.clock.set(seed::now() + TimeDelta::minutes(minute));
        made.push(app.make_client(&of_t1(&["stock:read"])).await);
    }
    app.close_client("admin", &made[1]).await.expect(200);
    let listed = async |query: &str| app.get(&format!("/api/v1/clients{query}")).as_("admin").send().await.expect(200);
    let ids = |list: &Value| -> Vec<String> {
        list["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect()
    };
    let [first, second, third] = &made[..] else { unreachable!() };
    assert_eq!(ids(&listed("").await), [&*first.id, &second.id, &third.id]);
    assert_eq!(ids(&listed("?open=true").await), [&*first.id, &third.id]);
    assert_eq!(ids(&listed("?open=false").await), [&*second.id]);
    let page = listed("?limit=2").await;
    let next = listed(&format!("?limit=2&cursor={}", page["next_cursor"].as_str().unwrap())).await;
    assert_eq!((ids(&page).len(), ids(&next)), (2, vec![third.id.clone()]));
}

async fn every_change_of_a_client_is_audited(app: TestApp) {
    let client = app.make_client(&of_t1(&["stock:read"])).await;
    app.save_client("admin", &client.id, &of_t1(&["stock:read"])).send().await.expect(200);
    app.token_for(&client, "").await;
    app.post(&format!("/api/v1/clients/{}/secret", client.id)).as_("admin").send().await.expect(200);
    app.close_client("admin", &client).await.expect(200);
    app.close_client("admin", &client).await.expect(200);
    let list = app.get("/api/v1/audit?limit=3").as_("admin").send().await.expect(200);
    let told: Vec<(&str, &Value)> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| (entry["action"].as_str().unwrap(), &entry["subjects"]))
        .collect();
    let subjects = json!([{"kind": "client", "key": client.id}]);
    let expected = ["close_client", "reset_client_secret", "save_client"].map(|action| (action, &subjects));
    assert_eq!(told, expected);
}

async fn no_secret_is_stored(app: TestApp) {
    use diesel::prelude::*;
    use muster::db::schema::clients;
    use sha2::{Digest as _, Sha256};
    let client = app.make_client(&of_t1(&["stock:read"])).await;
    let stored = app.db.read(|snapshot| {
        let hashes: Vec<Vec<u8>> = clients::table.select(clients::secret_hash).load(snapshot.connection)?;
        Ok(hashes)
    });
    let secret = URL_SAFE_NO_PAD.decode(&client.secret).unwrap();
    assert_eq!(stored.await.unwrap(), [Sha256::digest(secret).to_vec()]);
}
