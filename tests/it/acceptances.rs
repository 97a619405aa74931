//! Inspections against an organization's own later counts, and acceptances, from the decision to its receipt.

use chrono::{DateTime, TimeDelta, Utc};
use db::locks::Locks;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rules;
use crate::seed;

cases![
    an_own_count_that_says_more_is_contested_until_it_is_accepted,
    explanations_and_devices_have_the_inspection_and_the_acceptance,
    an_inspection_stands_for_the_days_of_its_region,
    a_quartermaster_resolves_no_inspection,
    accepting_is_exactly_once_by_id,
    what_cannot_be_accepted_is_refused,
    officers_accept_for_their_own_region_only,
    acceptances_are_listed_by_organization_depot_and_item,
    each_has_a_receipt_and_a_place_in_the_chain,
];

/// An acceptance with the counts that it names.
pub struct Accepted {
    pub id: Uuid,
    pub inspection: Uuid,
    pub count: Uuid,
}

pub fn body(depot: &str, item: &str, inspection: Uuid, count: Uuid) -> Value {
    json!({"depot_id": depot, "item": item, "inspection": inspection, "count": count, "reason": "the note was shown"})
}

/// An inspection an hour ago that found one unit, and an own count now that found three.
pub async fn contest(app: &TestApp, username: &str, depot: &str, item: &str) -> (Uuid, Uuid) {
    let inspection = counted(app, "officer", depot, seed::now() - TimeDelta::hours(1), item, 1).await;
    (inspection, counted(app, username, depot, seed::now(), item, 3).await)
}

/// A contested count that the officer accepts.
pub async fn accept(app: &TestApp, username: &str, depot: &str, item: &str) -> Accepted {
    let (inspection, count) = contest(app, username, depot, item).await;
    let id = Uuid::now_v7();
    put(app, id, &body(&app.depot(depot).await, item, inspection, count)).await.expect(201);
    Accepted { id, inspection, count }
}

async fn counted(app: &TestApp, username: &str, depot: &str, at: DateTime<Utc>, item: &str, units: i64) -> Uuid {
    let id = Uuid::now_v7();
    let count = rules::count(&app.depot(depot).await, at, json!([{"item": item, "quantity": units}]));
    app.put(&format!("/api/v1/counts/{id}")).as_(username).json(&count).send().await.expect(201);
    id
}

async fn put(app: &TestApp, id: Uuid, body: &Value) -> Answer {
    app.put(&format!("/api/v1/acceptances/{id}")).as_("officer").json(body).send().await
}

async fn stock(app: &TestApp, item: &str, query: &str) -> Value {
    let path = format!("/api/v1/stock?organization=T1&item={item}{query}");
    app.get(&path).as_("t1").send().await.expect(200)["items"][0]["stock"].clone()
}

async fn an_own_count_that_says_more_is_contested_until_it_is_accepted(app: TestApp) {
    rules::adopt(&app).await;
    let (inspection, count) = contest(&app, "t1", "T1-A", "BOOTS").await;
    let contested = stock(&app, "BOOTS", "").await;
    assert_eq!((&contested["state"], &contested["usable"]), (&json!("contested"), &json!({"min": 1, "max": 3})));
    assert_eq!(contested["reasons"], json!([{"code": "contested", "depot": "T1-A"}]));
    let standing = &contested["inspection"];
    assert_eq!((&standing["count"]["id"], &standing["stands_through"]), (&json!(inspection), &json!("2026-12-23")));
    assert_eq!(standing["acceptance"], Value::Null);
    assert_eq!(contested["counts"][0]["id"], json!(count));
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!((&line["contested"], &line["conflict"]), (&json!(true), &json!(false)));
    let revision = app.get("/api/v1/stock").as_("viewer").send().await.expect(200)["revision"].as_i64().unwrap();

    let id = Uuid::now_v7();
    let answer = put(&app, id, &body(&app.depot("T1-A").await, "BOOTS", inspection, count)).await.expect(201);
    assert_eq!(answer["acceptance"]["accepted_by"], "Holder of officer");
    let after = stock(&app, "BOOTS", "").await;
    assert_eq!((&after["state"], &after["usable"]), (&json!("counted"), &json!({"min": 3, "max": 3})));
    assert_eq!(after["inspection"]["acceptance"]["id"], json!(id));
    assert_eq!(app.shortage("T1", "BOOTS").await["contested"], false);
    assert_eq!(stock(&app, "BOOTS", &format!("&revision={revision}")).await, contested, "what was known then");
}

async fn explanations_and_devices_have_the_inspection_and_the_acceptance(app: TestApp) {
    rules::adopt(&app).await;
    let (inspection, count) = contest(&app, "t1", "T1-A", "BOOTS").await;
    let line = app.shortage("T1", "BOOTS").await["line"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/organizations/T1/shortages/{line}");
    let explain =
        async |language: &str| app.get(&path).as_("t1").header("accept-language", language).send().await.expect(200);
    let says = |explained: &Value, words: &str| {
        let sentences = explained["words"]["sentences"].as_array().unwrap();
        assert!(sentences.iter().any(|sentence| sentence.as_str().unwrap().contains(words)), "{sentences:?}");
    };
    says(&explain("en").await, "An inspection found less than the organization counted later");
    says(&explain("zh-CN").await, "核查数少于本单位其后的自行盘点数");
    let pulled = app.get("/api/v1/sync").as_("t1").send().await.expect(200);
    let data = |kind: &str| {
        let changes = pulled["changes"].as_array().unwrap();
        changes.iter().find(|change| change["type"] == kind).unwrap()["data"].clone()
    };
    let column = |document: &Value, name: &str| {
        let columns = document["columns"].as_array().unwrap();
        columns.iter().position(|column| column == name).unwrap()
    };
    let (stock, assessments) = (data("stock"), data("assessments"));
    let row = &stock["rows"][0];
    assert_eq!(row[column(&stock, "state")], "contested");
    let position = row[column(&stock, "inspection")].as_u64().unwrap();
    assert_eq!(stock["counts"][usize::try_from(position).unwrap()]["id"], json!(inspection));
    let boots = assessments["rows"].as_array().unwrap().iter().find(|row| row[0] == "BOOTS").unwrap();
    assert_eq!(boots[column(&assessments, "contested")], true);
    assert_eq!(data("organization")["inspection_stands_days"], 30);

    let id = Uuid::now_v7();
    put(&app, id, &body(&app.depot("T1-A").await, "BOOTS", inspection, count)).await.expect(201);
    let explained = explain("en").await;
    let shown = &explained["explanation"]["depots"][0]["inspection"];
    assert_eq!((&shown["count"]["id"], &shown["acceptance"]["count"]), (&json!(inspection), &json!(count)));
    says(&explained, "Holder of officer accepted the later count: the note was shown");
}

async fn an_inspection_stands_for_the_days_of_its_region(app: TestApp) {
    let set = |from: &str, days: i64| {
        let body = json!({"name_en": "B", "name_zh": "旗", "valid_from": from, "inspection_stands_days": days});
        app.put("/api/v1/regions/159900").as_("admin").header("if-match", "*").json(&body).send()
    };
    let now = seed::now();
    counted(&app, "officer", "T1-A", now - TimeDelta::days(10), "BOOTS", 1).await;
    counted(&app, "t1", "T1-A", now, "BOOTS", 3).await;
    assert_eq!(stock(&app, "BOOTS", "").await["state"], "contested");
    set("2026-11-14", 1).await.expect(200);
    assert_eq!(stock(&app, "BOOTS", "").await["state"], "contested", "it holds from the day after the inspection");
    set("2026-11-01", 9).await.expect(200);
    assert_eq!(stock(&app, "BOOTS", "").await["state"], "counted");
    set("2026-11-02", 10).await.expect(200);
    assert_eq!(stock(&app, "BOOTS", "").await["state"], "contested");
}

async fn a_quartermaster_resolves_no_inspection(app: TestApp) {
    let inspection = counted(&app, "officer", "T1-A", seed::now() - TimeDelta::hours(1), "BOOTS", 1).await;
    let mut count = rules::count(&app.depot("T1-A").await, seed::now(), json!([{"item": "BOOTS", "quantity": 3}]));
    count["resolves"] = json!([inspection]);
    let path = format!("/api/v1/counts/{}", Uuid::now_v7());
    let refused = app.put(&path).as_("t1").json(&count).send().await;
    refused.problem(422);
    let fault = &refused.json()["errors"][0];
    assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/resolves/0"), &json!("resolves_inspection")));
    let pushed = app.pushed("t1", &[crate::push::command(1, count.clone())]).await;
    assert_eq!(pushed[0]["status"], "quarantined");
    app.put(&path).as_("officer").json(&count).send().await.expect(201);
    assert_eq!(stock(&app, "BOOTS", "").await["state"], "counted", "an officer's count does");
}

async fn accepting_is_exactly_once_by_id(app: TestApp) {
    let (inspection, count) = contest(&app, "t1", "T1-A", "BOOTS").await;
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let first = put(&app, id, &body(&depot, "BOOTS", inspection, count)).await.expect(201);
    assert_eq!((&first["repeated"], &first["acceptance"]["count"]), (&json!(false), &json!(count)));
    let again = put(&app, id, &body(&depot, "BOOTS", inspection, count)).await.expect(200);
    assert_eq!((&again["repeated"], &again["receipt"]), (&json!(true), &first["receipt"]));
    let mut other = body(&depot, "BOOTS", inspection, count);
    other["reason"] = json!("another");
    assert_eq!(put(&app, id, &other).await.problem(409), "id_reused");
    let path = format!("/api/v1/acceptances/{id}");
    assert_eq!(app.put(&path).as_("t1").json(&other).send().await.problem(403), "role_not_allowed");
}

async fn what_cannot_be_accepted_is_refused(app: TestApp) {
    let (inspection, count) = contest(&app, "t1", "T1-A", "BOOTS").await;
    let early = counted(&app, "t1", "T1-A", seed::now() - TimeDelta::hours(2), "BOOTS", 3).await;
    let (elsewhere, _) = app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let depot = app.depot("T1-A").await;
    let unknown = Uuid::now_v7();
    for (body, faults) in [
        (body(&unknown.to_string(), "BOOTS", inspection, count), json!([["/depot_id", "depot_unknown"]])),
        (body(&depot, "BOOTS", count, inspection), json!([["/inspection", "not_inspection"], ["/count", "not_own"]])),
        (body(&depot, "BOOTS", inspection, elsewhere), json!([["/count", "count_unknown"]])),
        (body(&depot, "BOOTS", unknown, count), json!([["/inspection", "count_unknown"]])),
        (body(&depot, "BOOTS", inspection, early), json!([["/count", "before_inspection"]])),
        (body(&depot, "MASK", inspection, count), json!([["/inspection", "count_silent"], ["/count", "count_silent"]])),
    ] {
        let answer = put(&app, Uuid::now_v7(), &body).await;
        answer.problem(422);
        let said = answer.json()["errors"].as_array().unwrap().clone();
        let said: Vec<Value> = said.iter().map(|fault| json!([fault["pointer"], fault["code"]])).collect();
        assert_eq!(json!(said), faults, "{body}");
    }
    let voiding = app.post(&format!("/api/v1/counts/{count}/void")).as_("t1").json(&json!({"reason": "wrong shelf"}));
    voiding.send().await.expect(201);
    let voided = put(&app, Uuid::now_v7(), &body(&depot, "BOOTS", inspection, count)).await;
    voided.problem(422);
    assert_eq!(voided.json()["errors"][0]["code"], "count_voided");
}

async fn officers_accept_for_their_own_region_only(app: TestApp) {
    app.db.write(crate::rows::tester(), Locks::none(), seed::plant_below).await.unwrap();
    let (inspection, count) = contest(&app, "t1", "T1-A", "BOOTS").await;
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let path = format!("/api/v1/acceptances/{id}");
    let asked = body(&depot, "BOOTS", inspection, count);
    let stranger = app.put(&path).as_("admin-below").json(&asked).send().await;
    stranger.problem(422);
    assert_eq!(stranger.json()["errors"][0]["code"], "depot_unknown");
    put(&app, id, &asked).await.expect(201);
    let taken = app.put(&path).as_("admin-below").json(&asked).send().await;
    assert_eq!(taken.problem(409), "id_reused");
    assert!(taken.json()["stored_sha256"].is_null(), "no more is said of what has it");
    assert_eq!(app.get(&path).as_("t2").send().await.problem(404), "not_found");
    app.get(&path).as_("t1").send().await.expect(200);
}

async fn acceptances_are_listed_by_organization_depot_and_item(app: TestApp) {
    let boots = accept(&app, "t1", "T1-A", "BOOTS").await.id;
    let theirs = accept(&app, "t2", "T2-A", "BOOTS").await.id;
    let sand = accept(&app, "t1", "T1-A", "SAND").await.id;
    let listed = async |username: &str, query: &str| -> Vec<Value> {
        let path = format!("/api/v1/acceptances?{query}");
        let page = app.get(&path).as_(username).send().await.expect(200);
        page["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect()
    };
    assert_eq!(listed("viewer", "").await, [json!(sand), json!(theirs), json!(boots)], "the last learnt first");
    assert_eq!(listed("t1", "").await, [json!(sand), json!(boots)]);
    assert_eq!(listed("viewer", "organization=T2").await, [json!(theirs)]);
    assert_eq!(listed("viewer", "depot=T1-A&item=BOOTS").await, [json!(boots)]);
}

async fn each_has_a_receipt_and_a_place_in_the_chain(app: TestApp) {
    let Accepted { id, .. } = accept(&app, "t1", "T1-A", "BOOTS").await;
    let path = format!("/api/v1/acceptances/{id}/receipt");
    let receipts = app.get(&path).as_("t1").send().await.expect(200);
    assert_eq!(app.get(&path).as_("t2").send().await.problem(404), "not_found");
    let link = app.receipts.checks().check(receipts["receipt"].as_str().unwrap()).unwrap().link;
    assert_eq!((link.kind.to_string(), link.id, link.position), ("acceptance".to_owned(), id, 3));
    let audit = app.get("/api/v1/audit?limit=1").as_("admin").send().await.expect(200);
    let subject = &audit["items"][0]["subjects"][0];
    assert_eq!((&subject["kind"], &subject["key"]), (&json!("acceptance"), &json!(id.to_string())), "{audit}");
}
