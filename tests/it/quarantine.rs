//! Officers' decisions on commands that could not be applied.

use serde_json::{Value, json};
use service::verify::verify_all;
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::pull::Mirror;
use crate::push::command;
use crate::rules::{count, minutes_ago};
use crate::seed;

cases![
    one_that_was_put_meanwhile_is_that_count,
    one_is_applied_as_what_its_sender_was,
    one_of_a_viewer_makes_a_count_only_for_an_organization_that_they_counted_for,
    one_is_applied_when_what_stood_in_its_way_is_gone,
    one_is_applied_with_what_was_meant,
    one_whose_id_was_taken_becomes_a_count_of_its_own,
    one_is_put_aside_and_its_sender_is_told,
    a_decision_is_made_once,
    what_cannot_be_taken_even_so_is_told_and_stays,
    each_sees_what_is_theirs,
    decisions_are_links_of_the_chain,
];

impl TestApp {
    async fn decide(&self, id: &Value, how: &str, body: Value) -> Answer {
        let path = format!("/api/v1/quarantine/{}/{how}", id.as_str().unwrap());
        self.post(&path).as_("officer").json(&body).send().await
    }

    /// The id in quarantine of the only command that waits there.
    pub async fn waiting(&self) -> Value {
        let listed = self.get("/api/v1/quarantine?status=waiting").as_("officer").send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().len(), 1, "{listed}");
        listed["items"][0]["id"].clone()
    }
}

fn of(item: &str, quantity: i64) -> Value {
    json!([{"item": item, "quantity": quantity}])
}

async fn one_is_applied_when_what_stood_in_its_way_is_gone(app: TestApp) {
    let sent = command(1, count(&app.depot("T1-A").await, minutes_ago(90), of("ROPE", 4)));
    let results = app.pushed("t1", std::slice::from_ref(&sent)).await;
    assert_eq!(results[0]["problem"]["errors"][0]["code"], "item_unknown");
    let id = app.waiting().await;
    let still = app.decide(&id, "apply", json!({"reason": "it is there"})).await;
    assert_eq!(still.json()["errors"][0]["pointer"], "/data/lines/0/item");
    let item = json!({
        "valid_from": "2026-01-01", "unit": "piece", "measured": false, "name_en": "Rope", "name_zh": "绳",
        "class": "protection", "kind": "equipment", "perishable": false, "packs": [], "barcodes": [], "retired": false
    });
    app.put("/api/v1/items/ROPE").as_("admin").json(&item).send().await.expect(201);
    app.clock.set(seed::now() + chrono::TimeDelta::days(2));
    let decided = app.decide(&id, "apply", json!({"reason": "the item was added"})).await.expect(200);
    assert_eq!(decided["quarantined"]["status"], "applied");
    let path = format!("/api/v1/counts/{}", sent["id"].as_str().unwrap());
    let stored = app.get(&path).as_("t1").send().await.expect(200);
    assert_eq!(stored["received_at"], "2026-11-23T02:00:00.000000Z");
    assert_eq!(stored["effective_at"], "2026-11-23T00:30:00.000000Z");
    assert_eq!((&stored["counted_by"], &stored["kind"]), (&json!("Holder of t1"), &json!("own")));
    let again = app.pushed("t1", &[sent]).await;
    assert_eq!((&again[0]["status"], &again[0]["repeated"]), (&json!("applied"), &json!(true)));
    assert!(again[0]["receipt"].is_string());
}

async fn one_is_applied_with_what_was_meant(app: TestApp) {
    let sent = command(1, count(&app.depot("T2-A").await, minutes_ago(5), of("BOOTS", 4)));
    app.pushed("t1", std::slice::from_ref(&sent)).await;
    let id = app.waiting().await;
    let meant = count(&app.depot("T1-A").await, minutes_ago(5), of("BOOTS", 4));
    app.decide(&id, "apply", json!({"reason": "meant their own depot", "data": &meant})).await.expect(200);
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 4, "max": 4}));
    // A command is recognized by the count it became, also if somebody sends it in a request of its own.
    let again = app.pushed("t1", std::slice::from_ref(&sent)).await;
    assert_eq!((&again[0]["status"], &again[0]["count_id"]), (&json!("applied"), &sent["id"]));
    assert_eq!(again[0]["decision"]["reason"], "meant their own depot");
    // A pull brings what it became, so that the phone can bring it back after a restore.
    let told = Mirror::default().pull(&app, "t1").await;
    let told = told.iter().find(|change| change["type"] == "quarantine").unwrap();
    assert_eq!((&told["data"]["data"], &told["data"]["receipt"]), (&meant, &again[0]["receipt"]));
    let id = sent["id"].as_str().unwrap().parse().unwrap();
    let by_put = app.submit("t1", id, &sent["data"]).await.expect(200);
    assert_eq!((&by_put["repeated"], &by_put["receipt"]), (&json!(true), &again[0]["receipt"]));
}

async fn one_whose_id_was_taken_becomes_a_count_of_its_own(app: TestApp) {
    let first = app.boots(1, "T1-A", 3, 30).await;
    let mut other = app.boots(2, "T1-A", 5, 20).await;
    other["id"] = first["id"].clone();
    app.pushed("t1", &[first.clone(), other.clone()]).await;
    let id = app.waiting().await;
    let decided = app.decide(&id, "apply", json!({"reason": "two phones made one id"})).await.expect(200);
    assert_eq!(decided["quarantined"]["decision"]["count_id"], id);
    let results = app.pushed("t1", &[first.clone(), other]).await;
    assert_eq!((&results[0]["count_id"], &results[1]["count_id"]), (&first["id"], &id));
    assert_eq!(app.usable_boots("T1-A").await, json!({"min": 5, "max": 5}));
    // It arrived with one number, once.
    assert_eq!(app.device_report("phone-1", "").await.unwrap()["flags"], json!([]));
}

async fn one_is_put_aside_and_its_sender_is_told(app: TestApp) {
    let sent = command(1, count(&Uuid::now_v7().to_string(), minutes_ago(5), of("BOOTS", 4)));
    app.pushed("t1", std::slice::from_ref(&sent)).await;
    let mut mirror = Mirror::default();
    mirror.pull(&app, "t1").await;
    let id = app.waiting().await;
    app.decide(&id, "set-aside", json!({"reason": "no such depot"})).await.expect(200);
    let told = mirror.pull(&app, "t1").await;
    assert_eq!((told.len(), &told[0]["type"], &told[0]["key"]), (1, &json!("quarantine"), &id));
    assert_eq!(
        told[0]["data"],
        json!({"command_id": sent["id"], "status": "set_aside", "code": "values_not_taken", "reason": "no such depot"})
    );
    let again = app.pushed("t1", &[sent]).await;
    assert_eq!((&again[0]["status"], &again[0]["decision"]["status"]), (&json!("quarantined"), &json!("set_aside")));
    let listed = app.get("/api/v1/quarantine?status=set_aside").as_("officer").send().await.expect(200);
    assert_eq!(listed["items"][0]["decision"]["account"]["username"], "officer");
}

async fn a_decision_is_made_once(app: TestApp) {
    app.pushed("t1", &[command(1, json!({}))]).await;
    let id = app.waiting().await;
    let aside = json!({"reason": "nothing in it"});
    assert_eq!(app.decide(&id, "set-aside", aside.clone()).await.expect(200)["repeated"], false);
    assert_eq!(app.decide(&id, "set-aside", aside.clone()).await.expect(200)["repeated"], true);
    assert_eq!(app.decide(&id, "set-aside", json!({"reason": "other"})).await.problem(409), "decided_before");
    assert_eq!(app.decide(&id, "apply", aside).await.problem(409), "decided_before");
    let nothing = json!(Uuid::now_v7());
    assert_eq!(app.decide(&nothing, "set-aside", json!({"reason": "x"})).await.problem(404), "not_found");
}

async fn what_cannot_be_taken_even_so_is_told_and_stays(app: TestApp) {
    app.pushed("t1", &[command(1, json!({"depot_id": "?"}))]).await;
    let id = app.waiting().await;
    let depot = app.depot("T1-A").await;
    for (data, pointer) in [
        (
            json!({"depot_id": depot, "scope": "listed", "counted_at": "2026-11-23T01:00:00Z", "lines": []}),
            "/data/lines",
        ),
        (count(&depot, minutes_ago(5), of("GONE", 1)), "/data/lines/0/item"),
        (count(&Uuid::now_v7().to_string(), minutes_ago(5), of("BOOTS", 1)), "/data/depot_id"),
        (json!({"depot_id": depot}), "/data/scope"),
    ] {
        let answer = app.decide(&id, "apply", json!({"reason": "try", "data": data})).await;
        assert_eq!(answer.problem(422), "values_not_taken");
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer);
    }
    assert_eq!(app.waiting().await, id);
}

async fn each_sees_what_is_theirs(app: TestApp) {
    app.pushed("t1", &[command(1, json!({}))]).await;
    let id = app.waiting().await;
    let path = format!("/api/v1/quarantine/{}", id.as_str().unwrap());
    // One of the bureau's people, for no organization.
    let sent = command(2, json!({}));
    app.pushed("officer", std::slice::from_ref(&sent)).await;
    let listed = app.get("/api/v1/quarantine").as_("officer").send().await.expect(200);
    let of_officer = listed["items"].as_array().unwrap().iter().find(|one| one["command_id"] == sent["id"]).unwrap();
    let of_officer = &of_officer["id"];
    for (username, sees) in [("t1", false), ("viewer", true), ("officer", true)] {
        let listed = app.get("/api/v1/quarantine").as_(username).send().await.expect(200);
        let ids: Vec<&Value> = listed["items"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
        assert_eq!(ids.contains(&of_officer), sees, "{username}: {listed}");
        let path = format!("/api/v1/quarantine/{}", of_officer.as_str().unwrap());
        assert_eq!(app.get(&path).as_(username).send().await.status, if sees { 200 } else { 404 }, "{username}");
    }
    for (username, sees) in [("t1", true), ("t2", false), ("viewer", true), ("officer", true)] {
        let listed = app.get("/api/v1/quarantine").as_(username).send().await.expect(200);
        assert_eq!(listed["items"].as_array().unwrap().iter().any(|one| one["id"] == id), sees, "{username}");
        let found = app.get(&path).as_(username).send().await;
        assert_eq!(found.status, if sees { 200 } else { 404 }, "{username}");
    }
    let theirs = app.get("/api/v1/quarantine?organization=T2").as_("officer").send().await.expect(200);
    assert_eq!(theirs["items"], json!([]));
}

async fn decisions_are_links_of_the_chain(app: TestApp) {
    let sent = command(1, count(&app.depot("T2-A").await, minutes_ago(5), of("BOOTS", 4)));
    app.pushed("t1", &[sent, command(2, json!({}))]).await;
    let listed = app.get("/api/v1/quarantine").as_("officer").send().await.expect(200);
    let ids: Vec<Value> = listed["items"].as_array().unwrap().iter().map(|one| one["id"].clone()).collect();
    let meant = count(&app.depot("T1-A").await, minutes_ago(5), of("BOOTS", 4));
    app.decide(&ids[0], "apply", json!({"reason": "meant their own depot", "data": meant})).await.expect(200);
    let decided = app.decide(&ids[1], "set-aside", json!({"reason": "nothing in it"})).await.expect(200);
    let receipt = decided["quarantined"]["decision"]["receipt"].as_str().unwrap();
    let link = app.receipts.checks().check(receipt).unwrap().link;
    assert_eq!((link.position, link.id.to_string()), (3, ids[1].as_str().unwrap().to_owned()));
    let keys = app.receipts.clone();
    let verified = app.db.read(move |snapshot| verify_all(snapshot.connection, keys.checks())).await.unwrap();
    assert_eq!((verified.links, verified.findings), (3, vec![]));
}

async fn one_that_was_put_meanwhile_is_that_count(app: TestApp) {
    let token = json!(app.token_of("t1").await);
    let sent = app.boots(1, "T1-A", 4, 5).await;
    app.clock.set(seed::now() + chrono::TimeDelta::hours(1));
    let deposit = app.post("/api/v1/sync?deposit=true").bearing(&token);
    let answer = deposit.json(&crate::push::envelope(std::slice::from_ref(&sent))).send().await.expect(200);
    assert_eq!(answer["results"][0]["status"], "quarantined");
    let put = app.submit("t1", sent["id"].as_str().unwrap().parse().unwrap(), &sent["data"]).await.expect(201);
    let decided = app.decide(&app.waiting().await, "apply", json!({"reason": "they are known"})).await.expect(200);
    assert_eq!(decided["quarantined"]["decision"]["count_id"], sent["id"]);
    let listed = app.get("/api/v1/counts").as_("officer").send().await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
    let again = app.pushed("t1", std::slice::from_ref(&sent)).await;
    assert_eq!(again[0]["receipt"], put["receipt"]);
}

async fn one_of_a_viewer_makes_a_count_only_for_an_organization_that_they_counted_for(app: TestApp) {
    let sent = app.boots(1, "T1-A", 3, 30).await;
    let results = app.pushed("viewer", std::slice::from_ref(&sent)).await;
    assert_eq!(
        (&results[0]["status"], &results[0]["problem"]["code"]),
        (&json!("quarantined"), &json!("role_not_allowed"))
    );
    let id = app.waiting().await;
    let why = json!({"reason": "it looks right"});
    assert_eq!(app.decide(&id, "apply", why.clone()).await.problem(403), "role_not_allowed");
    app.get(&format!("/api/v1/counts/{}", sent["id"].as_str().unwrap())).as_("officer").send().await.problem(404);
    app.decide(&id, "set-aside", json!({"reason": "no quartermaster"})).await.expect(200);
    // The right of somebody who counted for the organization was withdrawn while the phone was offline.
    app.pushed("t1", &[app.boots(1, "T1-A", 4, 20).await]).await;
    let moved = json!({"username": "t1", "display_name": "Holder of t1", "role": "viewer", "region": "159900"});
    let path = format!("/api/v1/accounts/{}", app.account_id("t1").await);
    app.put(&path).as_("admin").header("if-match", "*").json(&moved).send().await.expect(200);
    let late = app.boots(2, "T1-A", 5, 10).await;
    assert_eq!(app.pushed("t1", std::slice::from_ref(&late)).await[0]["status"], "quarantined");
    app.decide(&app.waiting().await, "apply", why).await.expect(200);
    let path = format!("/api/v1/counts/{}", late["id"].as_str().unwrap());
    let stored = app.get(&path).as_("officer").send().await.expect(200);
    assert_eq!((&stored["kind"], &stored["organization"]["code"]), (&json!("own"), &json!("T1")));
}

async fn one_is_applied_as_what_its_sender_was(app: TestApp) {
    let sent = command(1, count(&app.depot("T1-A").await, minutes_ago(5), of("ROPE", 4)));
    app.pushed("t1", std::slice::from_ref(&sent)).await;
    let id = app.waiting().await;
    let account = app.account_id("t1").await;
    let raised = json!({"username": "t1", "display_name": "Holder of t1", "role": "officer", "region": "159900"});
    let path = format!("/api/v1/accounts/{account}");
    app.put(&path).as_("admin").header("if-match", "*").json(&raised).send().await.expect(200);
    let meant = count(&app.depot("T1-A").await, minutes_ago(5), of("BOOTS", 4));
    app.decide(&id, "apply", json!({"reason": "boots were meant", "data": meant})).await.expect(200);
    let listed = app.get("/api/v1/counts").as_("officer").send().await.expect(200);
    assert_eq!(listed["items"][0]["kind"], "own");
}
