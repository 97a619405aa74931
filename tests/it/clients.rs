//! Clients: third-party programs, and their management by admins.

use std::collections::BTreeSet;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chrono::TimeDelta;
use db::accounts;
use db::locks::Locks;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, Request, TestApp};
use crate::cases::cases;
use crate::rows::tester;
use crate::rules;
use crate::seed::{self, plant_below};

cases![
    a_client_fetches_what_its_scopes_say,
    what_a_client_pushes_is_taken_and_kept_like_any_other,
    a_client_is_made_once_and_told_its_secret_once,
    what_a_client_cannot_be_is_refused,
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

/// The path of the token endpoint.
pub const TOKEN: &str = "/api/v1/oauth/token";
/// The form of a token request.
pub const FORM: &str = "application/x-www-form-urlencoded";

/// All scopes that a client of one organization may have.
pub const ALL: [&str; 4] = ["catalogue:read", "stock:read", "shortages:read", "counts:write"];

/// A client with its secret.
pub struct Made {
    /// Its id.
    pub id: String,
    /// Its secret.
    pub secret: String,
}

impl Made {
    /// Its `Authorization` header.
    pub fn basic(&self) -> String {
        format!("Basic {}", STANDARD.encode(format!("{}:{}", self.id, self.secret)))
    }
}

/// The body that creates a client of one organization.
pub fn of_t1(scopes: &[&str]) -> Value {
    json!({"name": "Stock system", "scopes": scopes, "organization": "T1"})
}

/// The body that creates a client of a region.
pub fn of_the_banner(scopes: &[&str]) -> Value {
    json!({"name": "Dashboard", "scopes": scopes, "region": "159900"})
}

impl TestApp {
    fn put_client(&self, caller: &str, id: &str, body: &Value) -> Request<'_> {
        self.put(&format!("/api/v1/clients/{id}")).as_(caller).json(body)
    }

    /// Creates a client, as the admin.
    pub async fn make_client(&self, body: &Value) -> Made {
        let id = Uuid::new_v4().to_string();
        let made = self.put_client("admin", &id, body).send().await.expect(201);
        Made { id, secret: made["secret"].as_str().unwrap().to_owned() }
    }

    /// Requests a token with a form, in the name of a client if one is given.
    pub async fn ask(&self, client: Option<&Made>, form: &str) -> Answer {
        let request = self.post(TOKEN).body(FORM, form.to_owned());
        match client {
            Some(client) => request.header("authorization", &client.basic()).send().await,
            None => request.send().await,
        }
    }

    /// A token of a client for some of its scopes, or for all if none are given.
    pub async fn token_for(&self, client: &Made, scopes: &str) -> Value {
        let form = format!("grant_type=client_credentials&scope={scopes}");
        self.ask(Some(client), &form).await.expect(200)["access_token"].clone()
    }

    /// Closes a client.
    pub async fn close_client(&self, caller: &str, client: &Made) -> Answer {
        let path = format!("/api/v1/clients/{}/close", client.id);
        self.post(&path).as_(caller).json(&json!({"reason": "the contract has ended"})).send().await
    }
}

/// Checks that an answer is a refusal of RFC 6749, section 5.2, and returns its code.
pub fn refusal(answer: &Answer, status: u16) -> String {
    let refusal = answer.expect(status);
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!((answer.header("cache-control"), answer.header("content-language")), ("no-store", "en"));
    assert!(!answer.header("x-request-id").is_empty());
    let members: Vec<&String> = refusal.as_object().unwrap().keys().collect();
    assert_eq!(members, ["error", "error_description"]);
    assert_eq!(answer.header("www-authenticate").starts_with("Basic "), status == 401);
    refusal["error"].as_str().unwrap().to_owned()
}

/// The claims of a token, without checking its signature.
pub fn claims(token: &Value) -> Value {
    let body = token.as_str().unwrap().split('.').nth(1).unwrap();
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(body).unwrap()).unwrap()
}

async fn a_client_is_made_once_and_told_its_secret_once(app: TestApp) {
    let (id, body) = (Uuid::new_v4().to_string(), of_t1(&["stock:read", "catalogue:read", "stock:read"]));
    let answer = app.put_client("admin", &id, &body).send().await;
    let made = answer.expect(201);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!((&made["client"]["id"], &made["repeated"]), (&json!(id), &json!(false)));
    assert_eq!(made["client"]["scopes"], json!(["catalogue:read", "stock:read"]));
    assert_eq!((&made["client"]["organization"]["code"], &made["client"]["region"]), (&json!("T1"), &Value::Null));
    assert_eq!(made["secret"].as_str().unwrap().len(), 43);
    let again = app.put_client("admin", &id, &body).send().await.expect(200);
    assert_eq!((&again["client"], &again["secret"], &again["repeated"]), (&made["client"], &Value::Null, &json!(true)));
    let other = app.put_client("admin", &id, &of_t1(&["stock:read"])).send().await;
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
        let problem = app.put_client("admin", &id, &body).send().await.expect(422);
        let fault = &problem["errors"][0];
        assert_eq!((&fault["pointer"], &fault["code"]), (&json!(pointer), &json!(code)), "{body}");
        assert_eq!(app.get(&format!("/api/v1/clients/{id}")).as_("admin").send().await.problem(404), "not_found");
    }
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
    // The request that created it is still recognized by its content.
    let again = app.put_client("admin", &client.id, &of_t1(&ALL)).send().await.expect(200);
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
    // Not even if all accounts get the same password, as in the demo at each start.
    let hash = auth::passwords::hash(seed::PASSWORD).unwrap();
    app.db
        .write(tester(), Locks::none(), move |change| Ok(accounts::set_all_passwords(change.connection, &hash)?))
        .await
        .unwrap();
    let login = app.post("/api/v1/auth/login").json(&json!({"username": username, "password": seed::PASSWORD}));
    assert_eq!(login.send().await.problem(401), "credentials_wrong");
    app.get("/api/v1/items").bearing(&token).send().await.expect(200);
}

async fn admins_manage_the_clients_within_their_reach(app: TestApp) {
    app.db.write(tester(), Locks::none(), plant_below).await.unwrap();
    let client = app.make_client(&of_the_banner(&["stock:read"])).await;
    let path = format!("/api/v1/clients/{}", client.id);
    assert_eq!(app.get(&path).as_("admin-below").send().await.problem(404), "not_found");
    assert_eq!(app.post(&format!("{path}/secret")).as_("admin-below").send().await.problem(404), "not_found");
    assert_eq!(app.close_client("admin-below", &client).await.problem(404), "not_found");
    let taken = app.put_client("admin-below", &client.id, &of_the_banner(&["stock:read"])).send().await;
    assert_eq!(taken.problem(409), "id_reused");
    assert!(taken.json()["stored_sha256"].is_null());
    let id = Uuid::new_v4().to_string();
    let above = app.put_client("admin-below", &id, &of_the_banner(&["stock:read"])).send().await;
    assert_eq!(above.problem(403), "outside_own_region");
    let theirs = app.put_client("admin-below", &id, &of_t1(&["stock:read"])).send().await.expect(422);
    assert_eq!(theirs["errors"][0]["code"], "organization_unknown");
    let below = json!({"name": "Below", "scopes": ["stock:read"], "region": "159901"});
    app.put_client("admin-below", &id, &below).send().await.expect(201);
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
    app.put_client("admin", &client.id, &of_t1(&["stock:read"])).send().await.expect(200);
    app.token_for(&client, "").await;
    app.post(&format!("/api/v1/clients/{}/secret", client.id)).as_("admin").send().await.expect(200);
    app.close_client("admin", &client).await.expect(200);
    app.close_client("admin", &client).await.expect(200);
    let list = app.get("/api/v1/audit?limit=3").as_("admin").send().await.expect(200);
    let told: Vec<[&Value; 3]> = list["items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|entry| [&entry["action"], &entry["subjects"][0]["kind"], &entry["subjects"][0]["key"]])
        .collect();
    let [kind, key] = [json!("client"), json!(client.id)];
    let actions = ["close_client", "reset_client_secret", "put_client"].map(Value::from);
    let expected = actions.each_ref().map(|action| [action, &kind, &key]);
    assert_eq!(told, expected);
}

async fn no_secret_is_stored(app: TestApp) {
    use db::schema::clients;
    use diesel::prelude::*;
    use sha2::{Digest as _, Sha256};
    let client = app.make_client(&of_t1(&["stock:read"])).await;
    let stored = app.db.read(|snapshot| {
        let hashes: Vec<Vec<u8>> = clients::table.select(clients::secret_hash).load(snapshot.connection)?;
        Ok(hashes)
    });
    let secret = URL_SAFE_NO_PAD.decode(&client.secret).unwrap();
    assert_eq!(stored.await.unwrap(), [Sha256::digest(secret).to_vec()]);
}

async fn a_client_fetches_what_its_scopes_say(app: TestApp) {
    crate::rules::adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 7}])).await;
    let client = app.make_client(&of_t1(&["catalogue:read", "stock:read", "shortages:read"])).await;
    for (scopes, expected) in [
        ("catalogue:read", vec!["depot", "item", "item_class", "organization"]),
        ("stock:read", vec!["stock"]),
        ("shortages:read", vec!["assessments", "requirements"]),
        ("stock:read shortages:read", vec!["assessments", "requirements", "stock"]),
    ] {
        let token = app.token_for(&client, scopes).await;
        let pulled = app.get("/api/v1/sync").bearing(&token).send().await.expect(200);
        let kinds: BTreeSet<&str> =
            pulled["changes"].as_array().unwrap().iter().map(|change| change["type"].as_str().unwrap()).collect();
        assert_eq!(kinds.into_iter().collect::<Vec<_>>(), expected, "{scopes}");
    }
    // A cursor belongs to the rights for which it was issued.
    let narrow = app.token_for(&client, "stock:read").await;
    let pulled = app.get("/api/v1/sync").bearing(&narrow).send().await.expect(200);
    let path = format!("/api/v1/sync?cursor={}", pulled["cursor"].as_str().unwrap());
    let wide = app.token_for(&client, "stock:read shortages:read").await;
    assert_eq!(app.get(&path).bearing(&narrow).send().await.expect(200)["reset"], false);
    assert_eq!(app.get(&path).bearing(&wide).send().await.expect(200)["reset"], true);
}

async fn what_a_client_pushes_is_taken_and_kept_like_any_other(app: TestApp) {
    let client = app.make_client(&of_t1(&["stock:read", "counts:write"])).await;
    let token = app.token_for(&client, "stock:read counts:write").await;
    let unknown = crate::push::command(2, json!({"depot_id": "?"}));
    let sent = crate::push::envelope(&[app.boots(1, "T1-A", 3, 30).await, unknown.clone()]);
    let answer = app.post("/api/v1/sync").bearing(&token).json(&sent).send().await.expect(200);
    assert_eq!(answer["results"][0]["status"], "applied");
    assert_eq!(answer["results"][1]["status"], "quarantined");
    // The cursor of a push has the same rights as the cursors of pulls.
    let path = format!("/api/v1/sync?cursor={}", answer["cursor"].as_str().unwrap());
    let pulled = app.get(&path).bearing(&token).send().await.expect(200);
    assert_eq!(pulled["reset"], false);
    let told = pulled["changes"].as_array().unwrap().iter().find(|change| change["type"] == "quarantine").unwrap();
    assert_eq!(told["data"]["command_id"], unknown["id"]);
    // An officer sees it, and so does the client; its device is listed.
    assert_eq!(app.device_report("phone-1", "").await.unwrap()["received"], 2);
    let id = app.waiting().await;
    let listed = app.get("/api/v1/quarantine").bearing(&token).send().await.expect(200);
    assert_eq!(listed["items"][0]["id"], id);
    let meant =
        crate::rules::count(&app.depot("T1-A").await, app.clock.now(), json!([{"item": "BOOTS", "quantity": 9}]));
    let path = format!("/api/v1/quarantine/{}/apply", id.as_str().unwrap());
    let body = json!({"reason": "the system sent an old form", "data": meant});
    app.post(&path).as_("officer").json(&body).send().await.expect(200);
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 9, "max": 9}));
    // A client that may only write can push, but fetches nothing.
    let writes = app.token_for(&client, "counts:write").await;
    app.post("/api/v1/sync").bearing(&writes).json(&sent).send().await.expect(200);
    assert_eq!(app.get("/api/v1/sync").bearing(&writes).send().await.problem(403), "scope_missing");
}
