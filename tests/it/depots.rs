//! Opening, changing and closing depots.

use db::locks::Locks;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::regions::places;
use crate::rows::tester;
use crate::rules;
use crate::seed;

cases![
    a_depot_is_opened_and_figures_wait_for_its_count,
    a_depot_is_closed_from_a_day_and_opened_again,
    what_cannot_be_a_depot_is_refused_with_its_place,
    a_depot_of_another_region_is_as_if_it_were_not,
];

fn store() -> Value {
    json!({
        "organization": "T1", "name_en": "North store", "name_zh": "北库", "holding": "physical",
        "position": {"lat": 41.05, "lon": 113.1}, "keeper": "Storekeeper"
    })
}

async fn a_depot_is_opened_and_figures_wait_for_its_count(app: TestApp) {
    rules::adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 30}])).await;
    assert_eq!(app.shortage("T1", "BOOTS").await["usable"], json!({"min": 30, "max": 30}));
    let made = app.put_on("/depots/T1-B", "officer", &store(), None).await;
    let stored = made.expect(201)["stored"].clone();
    assert_eq!(
        (&stored["open"], &stored["position"]),
        (&json!(true), &json!({"lat": 41.05, "lon": 113.1, "datum": "cgcs2000"}))
    );
    assert_eq!(app.put_on("/depots/T1-B", "officer", &store(), None).await.expect(200)["repeated"], true);
    // Nobody has counted there yet.
    assert_eq!(app.shortage("T1", "BOOTS").await["usable"], json!({"min": 30, "max": null}));
    app.count("t1", "T1-B", json!([{"item": "BOOTS", "quantity": 4}])).await;
    assert_eq!(app.shortage("T1", "BOOTS").await["usable"], json!({"min": 34, "max": 34}));
}

async fn a_depot_is_closed_from_a_day_and_opened_again(app: TestApp) {
    rules::adopt(&app).await;
    let made = app.put_on("/depots/T1-B", "officer", &store(), None).await;
    made.expect(201);
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 20}])).await;
    app.count("t1", "T1-B", json!([{"item": "BOOTS", "quantity": 10}])).await;
    let before = app.read("/shortages?organization=T1&item=BOOTS").await;
    assert_eq!(before["items"][0]["status"], "met");

    app.clock.set(seed::now() + chrono::TimeDelta::days(1));
    let mut closed = store();
    closed["open"] = json!(false);
    assert_eq!(app.put_on("/depots/T1-B", "officer", &closed, None).await.problem(428), "if_match_missing");
    let tag = app.tag("/depots/T1-B", "officer").await;
    let answer = app.put_on("/depots/T1-B", "officer", &closed, Some(&tag)).await;
    assert_eq!(answer.expect(200)["stored"]["open"], false);
    assert_eq!(app.shortage("T1", "BOOTS").await["usable"], json!({"min": 20, "max": 20}));
    let yesterday = app.read("/shortages?organization=T1&item=BOOTS&as_of=2026-11-23").await;
    assert_eq!(yesterday["items"][0]["status"], "met");
    let known = format!("/shortages?organization=T1&item=BOOTS&as_of=2026-11-24&revision={}", before["revision"]);
    assert_eq!(app.read(&known).await["items"][0]["status"], "met");
    let body = rules::count(&app.depot("T1-B").await, app.clock.now(), json!([{"item": "BOOTS", "quantity": 1}]));
    assert_eq!(app.submit("t1", Uuid::now_v7(), &body).await.problem(422), "values_not_taken");

    let other = app.put_on("/depots/T1-B", "officer", &store(), Some(&tag)).await;
    // It is a repeat: left-out fields stay as they are.
    assert_eq!(other.expect(200)["repeated"], true);
    let mut open = store();
    open["open"] = json!(true);
    assert_eq!(app.put_on("/depots/T1-B", "officer", &open, Some(&tag)).await.problem(412), "changed_meanwhile");
    app.put_on("/depots/T1-B", "officer", &open, Some(answer.header("etag"))).await.expect(200);
    assert_eq!(app.shortage("T1", "BOOTS").await["usable"], json!({"min": 30, "max": 30}));
    assert_eq!(app.read("/depots/T1-B/history").await["items"].as_array().unwrap().len(), 3);
}

async fn what_cannot_be_a_depot_is_refused_with_its_place(app: TestApp) {
    let with = |name: &str, value: Value| {
        let mut body = store();
        body[name] = value;
        body
    };
    let cases = [
        (with("position", json!({"lat": 41.05})), "/position/lon missing_field"),
        (with("position", json!({"lat": 90.5, "lon": 0})), "/position/lat out_of_range"),
        (with("position", json!({"lat": 0, "lon": -181})), "/position/lon out_of_range"),
        (with("holding", json!("pocket")), "/holding unknown_value"),
        (with("organization", json!("T7")), "/organization organization_unknown"),
        (with("organization", Value::Null), "/organization missing_field"),
        (with("name_zh", json!("x".repeat(201))), "/name_zh length_out_of_bounds"),
    ];
    for (body, expected) in cases {
        assert_eq!(places(&app.put_on("/depots/T1-B", "officer", &body, None).await), [expected], "{body}");
    }
    // Counted, so it stays with its owner.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let moved = app.put_on("/depots/T1-A", "officer", &with("organization", json!("T2")), Some("*")).await;
    assert_eq!(places(&moved), ["/organization never_changes"]);
}

async fn a_depot_of_another_region_is_as_if_it_were_not(app: TestApp) {
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    for code in ["T1-A", "T1-Z"] {
        let theirs = app.put_on(&format!("/depots/{code}"), "admin-below", &store(), Some("*")).await;
        assert_eq!(places(&theirs), ["/organization organization_unknown"], "{code}");
    }
    let theirs = app.put_on("/depots/T1-B", "admin-below", &store(), None).await;
    assert_eq!(places(&theirs), ["/organization organization_unknown"]);
}
