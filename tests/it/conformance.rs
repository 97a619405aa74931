//! The vectors for other programs (`openapi/conformance`), compared with the service or the reference client.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::{Arc, Mutex};

use actix_web::http::Method;
use auth::receipts::{ReceiptChecks, ReceiptKeys, ReceiptRefusal};
use base::content::{Content, hexadecimal};
use chrono::{DateTime, TimeDelta, Utc};
use client::receipts::{Expected, KeySet};
use client::report::End;
use client::transport::{self, Response, TransportError};
use client::{Phone, Surroundings};
use domain::receipt::{Link, LinkKind};
use domain::record::link::link_hash;
use domain::record::v1;
use rand::SeedableRng as _;
use rand::rngs::StdRng;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tempfile::TempDir;
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::{NoDatabase, cases};
use crate::rules::count;
use crate::seed;

cases![
    hashes_are_those_of_the_canonical_form,
    receipts_are_judged_as_they_say,
    pulls_lead_the_reference_client_where_they_say,
    pushes_are_answered_as_they_say,
    every_code_of_the_guide_has_a_push,
    counts_count_as_made_when_they_say,
    what_never_arrived_is_told_as_they_say,
];

/// The codes of the guide that no vector can cause: a failure of the service, a code that no value here gets, one that
/// needs an officer's inspection first, one that needs an item's unit to change, and two that need thousands of commands.
const WITHOUT_VECTOR: [&str; 6] =
    ["internal", "not_accepted", "resolves_inspection", "unit_changed", "quarantine_full", "deposit_full"];

fn folder() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi")
}

fn file(name: &str) -> Value {
    let text = fs::read_to_string(folder().join("conformance").join(format!("{name}.json"))).unwrap();
    serde_json::from_str(&text).unwrap()
}

fn vectors(name: &str) -> Vec<Value> {
    let vectors = file(name)["vectors"].as_array().unwrap().clone();
    assert!(!vectors.is_empty());
    vectors
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is no text"))
}

async fn hashes_are_those_of_the_canonical_form(_: NoDatabase) {
    for vector in vectors("canonical") {
        let content = Content::of_json(text(&vector["json"]).as_bytes().to_vec()).unwrap();
        assert_eq!(content.sha256, vector["sha256"], "{vector}");
        let canonical = hexadecimal(&Sha256::digest(text(&vector["canonical"])));
        assert_eq!(canonical, vector["sha256"], "{vector}");
    }
    for refused in file("canonical")["refused"].as_array().unwrap() {
        assert!(Content::of_json(text(&refused["json"]).as_bytes().to_vec()).is_err(), "{refused}");
    }
}

async fn receipts_are_judged_as_they_say(_: NoDatabase) {
    let file = file("receipts");
    for vector in file["vectors"].as_array().unwrap() {
        let key_set = vector.get("key_set").unwrap_or(&file["key_set"]).to_string();
        let checks = ReceiptChecks::of_key_set(&key_set).unwrap();
        assert_eq!(judged_by_a_phone(&key_set, vector), vector["verdict"], "{vector}");
        let verdict = match checks.check(text(&vector["receipt"])) {
            Err(ReceiptRefusal::Unreadable) => "unreadable",
            Err(ReceiptRefusal::UnknownKey(_)) => "unknown_key",
            Err(ReceiptRefusal::WrongSignature) => "wrong_signature",
            Err(ReceiptRefusal::WrongHash) => "wrong_hash",
            Ok(receipt) => {
                let content = Content::of_json(text(&vector["content"]).as_bytes().to_vec()).unwrap();
                let is_its = receipt.link.kind == LinkKind::Count && receipt.link.id.to_string() == vector["id"];
                match (is_its, receipt.link.sha256 == content.sha256) {
                    (false, _) => "other_thing",
                    (true, false) => "other_content",
                    (true, true) => "genuine",
                }
            }
        };
        assert_eq!(verdict, vector["verdict"], "{vector}");
    }
    // The service signs the same bytes.
    let keys = TempDir::new().unwrap();
    fs::create_dir(keys.path().join("receipts")).unwrap();
    auth::secret_file::write(&keys.path().join("receipts/vectors.pem"), text(&file["private_key"]).as_bytes()).unwrap();
    let keys = ReceiptKeys::load_or_create(keys.path()).unwrap();
    let link = Link::from(serde_json::from_value::<v1::Link>(file["link"].clone()).unwrap());
    let hash = link_hash(&link).unwrap();
    assert_eq!(hash, file["hash"]);
    assert_eq!(keys.sign(&link, &hash).unwrap(), file["vectors"][0]["receipt"]);
    assert_eq!(json!(keys.public_keys()), file["key_set"]["keys"]);
}

/// The verdict of the reference client on a receipt.
fn judged_by_a_phone(key_set: &str, vector: &Value) -> &'static str {
    let mut keys = KeySet::default();
    assert!(keys.add(key_set.as_bytes()));
    let content = Content::of_json(text(&vector["content"]).as_bytes().to_vec()).unwrap();
    let (id, sha256) = (text(&vector["id"]).parse().unwrap(), content.sha256.as_str());
    match keys.check(text(&vector["receipt"]), Expected { kind: Some("count"), id, sha256, may_be_corrected: false }) {
        Ok(_) => "genuine",
        Err(client::receipts::ReceiptRefusal::Unreadable) => "unreadable",
        Err(client::receipts::ReceiptRefusal::UnknownKey) => "unknown_key",
        Err(client::receipts::ReceiptRefusal::WrongSignature) => "wrong_signature",
        Err(client::receipts::ReceiptRefusal::WrongHash) => "wrong_hash",
        Err(client::receipts::ReceiptRefusal::OtherThing) => "other_thing",
        Err(client::receipts::ReceiptRefusal::OtherContent) => "other_content",
    }
}

/// A service that gives the answers of a vector, whatever the request, and then has nothing new. It keeps the cursors of
/// the requests.
fn scripted(answers: Vec<Value>, asked: Arc<Mutex<Vec<Value>>>) -> Box<dyn transport::Transport> {
    let mut last = answers.last().unwrap().clone();
    last["changes"] = json!([]);
    last["reset"] = json!(false);
    let mut answers = answers.into_iter();
    Box::new(move |request: &transport::Request| {
        let body = match request.path.split('?').next().unwrap() {
            "/api/v1/auth/login" => json!({
                "access_token": "token", "token_type": "Bearer", "expires_in": 900_000_000, "refresh_token": "next",
                "user": { "id": Uuid::nil(), "username": "t1", "display_name": "T1", "role": "quartermaster" }
            }),
            "/api/v1/sync" => {
                let cursor = request.path.split_once("cursor=").map(|(_, cursor)| cursor);
                asked.lock().unwrap().push(json!(cursor));
                answers.next().unwrap_or_else(|| last.clone())
            }
            _ => return Err(TransportError("nobody answers that".into())),
        };
        let headers = vec![("content-type".to_owned(), "application/json".to_owned())];
        Ok(Response { status: 200, headers, body: body.to_string().into_bytes() })
    })
}

async fn pulls_lead_the_reference_client_where_they_say(_: NoDatabase) {
    for vector in vectors("pulls") {
        let (folder, asked) = (TempDir::new().unwrap(), Arc::new(Mutex::new(Vec::new())));
        let answers = vector["answers"].as_array().unwrap().clone();
        let surroundings = Surroundings {
            clock: Box::new(seed::now),
            transport: scripted(answers.clone(), asked.clone()),
            random: StdRng::seed_from_u64(1),
        };
        let mut phone = Phone::open(folder.path(), surroundings).unwrap();
        phone.sign_in("http://muster.example", "t1", "password", "phone").unwrap();
        let mut was_reset = false;
        while asked.lock().unwrap().len() < answers.len() {
            let round = phone.sync().unwrap();
            assert_eq!(round.end, End::Settled, "{vector}");
            was_reset |= round.was_reset;
        }
        let things: BTreeMap<String, Value> = phone
            .mirror()
            .unwrap()
            .into_iter()
            .map(|thing| (format!("{} {}", thing.kind, thing.key), thing.data))
            .collect();
        assert_eq!(json!(things), vector["things"], "{vector}");
        assert_eq!(json!(phone.status().unwrap().revision), vector["revision"], "{vector}");
        assert_eq!(json!(was_reset), vector["pushes_again"], "{vector}");
        let asked: Vec<Value> = asked.lock().unwrap().iter().take(answers.len()).cloned().collect();
        assert_eq!(json!(asked), vector["asked"], "{vector}");
    }
}

/// Replaces placeholders by ids.
async fn with_ids(app: &TestApp, text: &str) -> String {
    let mut text = text.to_owned();
    while let Some((start, rest)) = text.split_once("{depot ").map(|(start, rest)| (start.to_owned(), rest.to_owned()))
    {
        let (code, rest) = rest.split_once('}').unwrap();
        text = format!("{start}{}{rest}", app.depot(code).await);
    }
    while let Some((start, rest)) =
        text.split_once("{account ").map(|(start, rest)| (start.to_owned(), rest.to_owned()))
    {
        let (name, rest) = rest.split_once('}').unwrap();
        text = format!("{start}{}{rest}", app.account_id(name).await);
    }
    text
}

/// Makes the requests that a vector requires first.
async fn make_before(app: &TestApp, of: &Value) {
    for before in of["before"].as_array().into_iter().flatten() {
        let method = Method::from_bytes(text(&before["method"]).as_bytes()).unwrap();
        let path = with_ids(app, text(&before["path"])).await;
        let answer = app.request(method, &path).as_(text(&before["as"])).json(&before["body"]).send().await;
        assert!(answer.status.is_success(), "{before}: {answer:?}");
    }
}

fn errors_of(problem: &Value) -> Value {
    let errors = problem["errors"].as_array().cloned().unwrap_or_default();
    json!(errors.iter().map(|error| json!([error["pointer"], error["code"]])).collect::<Vec<_>>())
}

/// The part of a result that a vector states.
fn told(result: &Value) -> Value {
    json!({
        "id": result["id"], "status": result["status"], "repeated": result["repeated"], "count_id": result["count_id"],
        "receipt": result["receipt"].is_string(), "code": result["problem"]["code"],
        "errors": errors_of(&result["problem"]), "decision": result["decision"]
    })
}

async fn pushes_are_answered_as_they_say(app: TestApp) {
    for vector in vectors("pushes") {
        app.clock.set(seed::now());
        let token = match vector["as"].as_str() {
            Some(username) => app.token_of(username).await,
            None => "nobody.gave.it".to_owned(),
        };
        make_before(&app, &vector).await;
        app.clock.set(seed::now() + TimeDelta::minutes(vector["minutes_later"].as_i64().unwrap_or(0)));
        for push in vector["pushes"].as_array().unwrap() {
            make_before(&app, push).await;
            let answer = send(&app, &json!(token), push).await;
            assert_eq!(answer.status.as_u16(), push["status"], "{}: {answer:?}", vector["name"]);
            let answered = answer.json();
            match push["results"].as_array() {
                Some(expected) => {
                    let results: Vec<Value> = answered["results"].as_array().unwrap().iter().map(told).collect();
                    assert_eq!(results, *expected, "{}", vector["name"]);
                }
                None => {
                    assert_eq!(answered["code"], push["code"], "{}", vector["name"]);
                    assert_eq!(errors_of(&answered), push["errors"], "{}: {answered}", vector["name"]);
                }
            }
        }
    }
}

async fn send(app: &TestApp, token: &Value, push: &Value) -> Answer {
    let body = push["text"].as_str().map_or_else(|| push["push"].to_string(), ToOwned::to_owned);
    let media_type = push["media_type"].as_str().unwrap_or("application/json");
    let path = if push["deposit"] == true { "/api/v1/sync?deposit=true" } else { "/api/v1/sync" };
    app.post(path).bearing(token).body(media_type, with_ids(app, &body).await).send().await
}

async fn every_code_of_the_guide_has_a_push(_: NoDatabase) {
    let guide = fs::read_to_string(folder().join("sync.md")).unwrap();
    let of_results = guide.split("## What a result says").nth(1).and_then(|rest| rest.split("\n## ").next()).unwrap();
    let rows = of_results.lines().filter_map(|line| line.strip_prefix("| `")?.split(" | ").next());
    let words = rows.flat_map(|cell| cell.split("`, `")).map(|code| code.trim_end_matches('`'));
    // Not the headers of the tables.
    let codes: Vec<&str> = words.filter(|word| !word.contains('.')).collect();
    assert!(codes.len() > 30, "{codes:?}");
    let vectors = file("pushes").to_string();
    for code in codes.iter().filter(|code| !WITHOUT_VECTOR.contains(code)) {
        assert!(vectors.contains(&format!("\"{code}\"")), "no vector of pushes.json has {code}");
    }
}

fn instant(value: &Value) -> DateTime<Utc> {
    text(value).parse().unwrap()
}

async fn counts_count_as_made_when_they_say(app: TestApp) {
    let depot = app.depot("T1-A").await;
    for (number, vector) in vectors("times").into_iter().enumerate() {
        app.clock.set(instant(&vector["received_at"]));
        let sent = vector["commands"].as_array().unwrap();
        let commands: Vec<Value> = sent
            .iter()
            .map(|command| {
                let mut data = count(&depot, seed::now(), json!([{ "item": "BOOTS", "quantity": 1 }]));
                data["counted_at"] = command["counted_at"].clone();
                json!({"id": Uuid::now_v7(), "seq": command["seq"], "type": "submit_count", "data": data})
            })
            .collect();
        let mut push = json!({"device_id": format!("clock-{number}"), "commands": commands});
        if !vector["sent_at"].is_null() {
            push["sent_at"] = vector["sent_at"].clone();
        }
        app.post("/api/v1/sync").as_("t1").json(&push).send().await.expect(200);
        for (command, expected) in commands.iter().zip(sent) {
            let path = format!("/api/v1/counts/{}", text(&command["id"]));
            let stored = app.get(&path).as_("t1").send().await.expect(200);
            assert_eq!(
                (&stored["effective_at"], &stored["flags"]),
                (&expected["effective_at"], &expected["flags"]),
                "{vector}"
            );
        }
    }
}

async fn what_never_arrived_is_told_as_they_say(app: TestApp) {
    let token = app.sign_in("t1", Some("phone of T1")).await["access_token"].clone();
    let depot = app.depot("T1-A").await;
    for (number, vector) in vectors("missing").into_iter().enumerate() {
        let device = format!("device-{number}");
        for push in vector["pushes"].as_array().unwrap() {
            let commands: Vec<Value> = push["seqs"]
                .as_array()
                .unwrap()
                .iter()
                .map(|seq| {
                    let data = count(&depot, seed::now(), json!([{ "item": "BOOTS", "quantity": 1 }]));
                    json!({"id": Uuid::now_v7(), "seq": seq, "type": "submit_count", "data": data})
                })
                .collect();
            let push = json!({"device_id": device, "queued": push["queued"], "commands": commands});
            app.post("/api/v1/sync").bearing(&token).json(&push).send().await.expect(200);
        }
        let mut report = app.device_report(&device, "").await.unwrap();
        report["not_received"].as_object_mut().unwrap().remove("since");
        for member in ["last_seq", "received", "not_received", "flags"] {
            assert_eq!(report[member], vector[member], "{member} of {vector}");
        }
    }
}
