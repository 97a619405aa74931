//! The audit: it names every change to admins, and nobody can alter it.

use db::locks::Locks;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rows::{add_region, tester};
use crate::rules::count;
use crate::seed;

cases![
    a_change_is_told_of_with_who_when_how_and_from_where,
    a_device_whose_name_is_out_of_bounds_is_refused,
    a_change_that_was_refused_or_repeated_is_not_told_of,
    filters_narrow_what_is_listed,
    pages_follow_each_other_to_the_first_change,
    an_admin_sees_no_changes_of_others_above,
];

async fn a_change_is_told_of_with_who_when_how_and_from_where(app: TestApp) {
    let id = Uuid::now_v7();
    let body = count(&app.depot("T1-A").await, seed::now(), boots());
    let put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", "phone-7").json(&body);
    let answer = put.send().await;
    let stored = answer.expect(201);
    let entry = &audit(&app, "").await[0];
    assert_eq!(entry["revision"], stored["count"]["revision"]);
    assert_eq!(entry["account"]["username"], "t1");
    assert_eq!(entry["account"]["name"], "Holder of t1");
    assert_eq!(entry["action"], "submit_count");
    assert_eq!(entry["device"], "phone-7");
    assert_eq!(entry["request_id"], answer.header("x-request-id"));
    assert_eq!(entry["subjects"], json!([{ "kind": "count", "key": id.to_string() }]));
}

async fn a_device_whose_name_is_out_of_bounds_is_refused(app: TestApp) {
    let (depot, longest) = (app.depot("T1-A").await, "北".repeat(100));
    let (id, body) = (Uuid::now_v7(), count(&depot, seed::now(), boots()));
    app.submit("t1", id, &body).await.expect(201);
    let before = audit(&app, "").await;
    let void = async |device: &[u8]| {
        let void =
            app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&json!({"reason": "The wrong depot."}));
        void.header_bytes("muster-device", device).send().await
    };
    for wrong in ["", &"x".repeat(101), &"x".repeat(9_000), "a\tb"].map(str::as_bytes).into_iter().chain([&b"\xff"[..]])
    {
        assert_eq!(void(wrong).await.expect(400)["errors"][0]["pointer"], "/Muster-Device");
    }
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let sign_in = app.post("/api/v1/auth/login").json(&credentials).header("muster-device", &"x".repeat(101));
    sign_in.send().await.problem(400);
    let push = json!({"device_id": "phone-7", "sent_at": seed::now(), "queued": 0, "commands": []});
    let push = app.post("/api/v1/sync").as_("t1").json(&push).header("muster-device", &"x".repeat(101));
    push.send().await.problem(400);
    assert_eq!(audit(&app, "").await, before);
    void(longest.as_bytes()).await.expect(201);
    assert_eq!(audit(&app, "").await[0]["device"], longest);
}

async fn a_change_that_was_refused_or_repeated_is_not_told_of(app: TestApp) {
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let body = count(&depot, seed::now(), boots());
    app.submit("t1", id, &body).await.expect(201);
    let before = audit(&app, "").await;
    app.submit("t1", id, &body).await.expect(200);
    let unknown = count(&depot, seed::now(), json!([{ "item": "NONE", "quantity": 1 }]));
    app.submit("t1", Uuid::now_v7(), &unknown).await.expect(422);
    assert_eq!(audit(&app, "").await, before);
}

async fn filters_narrow_what_is_listed(app: TestApp) {
    let (id, _) = app.count("t1", "T1-A", boots()).await;
    app.post(&format!("/api/v1/counts/{id}/void"))
        .as_("t1")
        .json(&json!({ "reason": "The wrong depot." }))
        .send()
        .await
        .expect(201);
    let actions = async |query: &str| -> Vec<String> {
        audit(&app, query).await.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(actions("").await, ["void_count", "submit_count", "test"]);
    assert_eq!(actions("account=T1").await, ["void_count", "submit_count"]);
    assert_eq!(actions("action=submit_count").await, ["submit_count"]);
    assert_eq!(actions("kind=void").await, ["void_count"]);
    assert_eq!(actions(&format!("subject={id}")).await, ["void_count", "submit_count"]);
    assert_eq!(actions(&format!("kind=count&subject={id}")).await, ["submit_count"]);
    assert_eq!(actions("kind=count&subject=T1").await, [""; 0]);
    assert_eq!(actions("kind=depot&subject=T1-A").await, ["test"]);
    let at = audit(&app, "kind=void").await[0]["at"].as_str().unwrap().to_owned();
    assert_eq!(actions(&format!("since={at}")).await, ["void_count"]);
    assert_eq!(actions(&format!("until={at}")).await, ["submit_count", "test"]);
}

async fn pages_follow_each_other_to_the_first_change(app: TestApp) {
    for number in 0..5 {
        app.db.write(tester(), Locks::none(), add_region(format!("more {number}"))).await.unwrap();
    }
    let mut revisions = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let page = app.get(&format!("/api/v1/audit?{query}")).as_("admin").send().await.expect(200);
        revisions.extend(page["items"].as_array().unwrap().iter().map(|entry| entry["revision"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(revisions, [6, 5, 4, 3, 2, 1]);
}

/// The accounts of the tests are of one banner; the admin of a region below it has none of theirs to see.
async fn an_admin_sees_no_changes_of_others_above(app: TestApp) {
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    app.count("t1", "T1-A", boots()).await;
    let page = app.get("/api/v1/audit").as_("admin-below").send().await.expect(200);
    assert_eq!(page["items"], json!([]));
}

async fn audit(app: &TestApp, query: &str) -> Vec<Value> {
    let page = app.get(&format!("/api/v1/audit?{query}")).as_("admin").send().await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn boots() -> Value {
    json!([{ "item": "BOOTS", "quantity": 1 }])
}
