//! Lots with one number, duplicate lines, lots that a later count does not mention, and derived expiry days.

use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rules;
use crate::rules::count;
use crate::seed;

cases![
    a_lot_that_a_later_count_does_not_mention_is_named,
    boxes_and_loose_units_of_one_lot_are_two_lines,
    lines_alike_in_everything_are_an_error,
    a_lot_number_is_one_however_it_is_written,
    equal_times_go_by_arrival,
    an_expiry_day_is_worked_out_by_the_shelf_life,
];

async fn counted(app: &TestApp, minutes_ago: i64, lines: Value) -> Value {
    let depot = app.depot("T1-A").await;
    let body = count(&depot, seed::now() - TimeDelta::minutes(minutes_ago), lines);
    app.submit("t1", Uuid::now_v7(), &body).await.expect(201)
}

async fn stock(app: &TestApp, item: &str) -> Value {
    let path = format!("/api/v1/stock?organization=T1&item={item}");
    app.get(&path).as_("t1").send().await.expect(200)["items"][0]["stock"].clone()
}

async fn a_lot_that_a_later_count_does_not_mention_is_named(app: TestApp) {
    rules::adopt(&app).await;
    let first = counted(&app, 60, json!([{"item": "BOOTS", "quantity": 10, "lot": "A1"}])).await;
    let second = counted(&app, 30, json!([{"item": "BOOTS", "quantity": 5, "lot": "B1"}])).await;
    let lot = json!({
        "lot": "A1", "expires_on": null, "quantity": 10, "count": first["count"]["id"],
        "effective_at": first["count"]["effective_at"]
    });
    let mut of_item = lot.clone();
    of_item["item"] = json!("BOOTS");
    assert_eq!(second["count"]["lots_not_mentioned"], json!([of_item]));
    assert_eq!(second["count"]["flags"], json!(["lots_not_mentioned"]));
    assert_eq!(first["count"]["lots_not_mentioned"], Value::Null);
    let path = format!("/api/v1/counts/{}", second["count"]["id"].as_str().unwrap());
    let found = app.get(&path).as_("viewer").send().await.expect(200);
    assert_eq!(found["lots_not_mentioned"], second["count"]["lots_not_mentioned"]);
    let stock = stock(&app, "BOOTS").await;
    assert_eq!(stock["usable"], json!({"min": 5, "max": 5}), "it replaces all lots");
    assert_eq!(stock["counts"][0]["lots_not_mentioned"], json!([lot]));
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!(line["flags"], json!(["lots_not_mentioned"]));
    let path = format!("/api/v1/organizations/T1/shortages/{}", line["line"].as_str().unwrap());
    let explained = app.get(&path).as_("t1").send().await.expect(200);
    assert_eq!(explained["explanation"]["depots"][0]["counts"][0]["lots_not_mentioned"], json!([lot]));
    let says = |sentence: &Value| sentence.as_str().unwrap().contains("does not mention lot A1");
    assert!(
        explained["words"]["sentences"].as_array().unwrap().iter().any(says),
        "{}",
        explained["words"]["sentences"]
    );
}

async fn boxes_and_loose_units_of_one_lot_are_two_lines(app: TestApp) {
    let lines = json!([
        {"item": "MASK", "lot": "A1", "expires_on": "2027-01-31", "pack": "box", "packs": 3, "pack_size": 12},
        {"item": "MASK", "lot": "A1", "expires_on": "2027-01-31", "quantity": 4}
    ]);
    counted(&app, 60, lines).await;
    let boxed = stock(&app, "MASK").await;
    assert_eq!(boxed["usable"], json!({"min": 40, "max": 40}));
    assert_eq!(boxed["counts"][0]["lots"].as_array().unwrap().len(), 1);
    let shelves = json!([
        {"item": "BOOTS", "quantity": 3, "place": "shelf 1"}, {"item": "BOOTS", "quantity": 4, "place": "shelf 2"}
    ]);
    let answer = counted(&app, 30, shelves).await;
    assert_eq!(answer["count"]["lines"][1]["place"], "shelf 2");
    assert_eq!(stock(&app, "BOOTS").await["usable"], json!({"min": 7, "max": 7}));
}

async fn lines_alike_in_everything_are_an_error(app: TestApp) {
    let depot = app.depot("T1-A").await;
    let base = json!({"item": "MASK", "quantity": 1, "lot": "A1", "expires_on": "2027-01-31"});
    let with = |name: &str, value: Value| {
        let mut line = base.clone();
        line[name] = value;
        line
    };
    for (other, status) in [
        (base.clone(), 422),
        (with("quantity", json!(2)), 422),
        (with("note", json!("wet")), 422),
        (with("lot", json!("ａ1\u{200B}")), 422),
        (with("lot", json!("A2")), 201),
        (with("expires_on", json!("2027-02-01")), 201),
        (with("made_on", json!("2026-01-31")), 201),
        (with("inspected_on", json!("2026-01-31")), 201),
        (with("condition", json!("in_repair")), 201),
        (with("held", json!("lent")), 201),
        (with("place", json!("shelf 2")), 201),
    ] {
        let answer = app.submit("t1", Uuid::now_v7(), &count(&depot, seed::now(), json!([base, other]))).await;
        assert_eq!(answer.status, status, "{other}");
        if status == 422 {
            let fault = &answer.json()["errors"][0];
            assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/lines/1"), &json!("duplicate_line")), "{other}");
        }
    }
    let long = count(&depot, seed::now(), json!([with("place", json!("s".repeat(33)))]));
    let refused = app.submit("t1", Uuid::now_v7(), &long).await;
    refused.problem(422);
    assert_eq!(refused.json()["errors"][0]["pointer"], "/lines/0/place");
}

async fn a_lot_number_is_one_however_it_is_written(app: TestApp) {
    let depot = app.depot("T1-A").await;
    for (phone, number) in
        [("phone-1", "B2209"), ("phone-2", "b2209"), ("phone-3", "Ｂ２２０９"), ("phone-4", "B22\u{200B}09")]
    {
        let body = count(&depot, seed::now(), json!([{"item": "BOOTS", "quantity": 5, "lot": number}]));
        let put = app.put(&format!("/api/v1/counts/{}", Uuid::now_v7())).as_("t1").header("muster-device", phone);
        put.json(&body).send().await.expect(201);
        let stock = stock(&app, "BOOTS").await;
        assert_eq!(
            (&stock["state"], &stock["usable"]),
            (&json!("counted"), &json!({"min": 5, "max": 5})),
            "{number:?}"
        );
        assert_eq!(stock["counts"][0]["lots"][0]["lot"], number, "as it was written");
    }
}

async fn equal_times_go_by_arrival(app: TestApp) {
    let depot = app.depot("T1-A").await;
    let at = seed::now() - TimeDelta::hours(1);
    for units in 1..=12 {
        app.clock.set(seed::now() + TimeDelta::seconds(units));
        let body = count(&depot, at, json!([{"item": "BOOTS", "quantity": units}]));
        app.submit("t1", Uuid::new_v4(), &body).await.expect(201);
        assert_eq!(stock(&app, "BOOTS").await["usable"], json!({"min": units, "max": units}), "the last that arrived");
    }
}

async fn an_expiry_day_is_worked_out_by_the_shelf_life(app: TestApp) {
    let item = |months: i64, from: &str| {
        let body = json!({
            "name_en": "Mask", "name_zh": "面罩", "class": "protection", "kind": "material", "perishable": true,
            "shelf_life_months": months, "valid_from": from
        });
        app.put("/api/v1/items/MASK").as_("admin").header("if-match", "*").json(&body).send()
    };
    item(1, "2026-06-01").await.expect(200);
    counted(&app, 60, json!([{"item": "MASK", "quantity": 5, "made_on": "2026-10-31"}])).await;
    let bounded = stock(&app, "MASK").await;
    let lot = &bounded["counts"][0]["lots"][0];
    assert_eq!((&lot["expires_on"], &lot["expiry_derived"]), (&json!("2026-11-30"), &json!(true)));
    assert_eq!(bounded["usable"], json!({"min": 5, "max": 5}));
    let path = "/api/v1/stock?organization=T1&item=MASK&as_of=2026-12-01";
    let after = app.get(path).as_("t1").send().await.expect(200);
    assert_eq!(after["items"][0]["stock"]["left_out"], json!({"expired": 5}));
    counted(&app, 30, json!([{"item": "MASK", "quantity": 5}])).await;
    assert_eq!(stock(&app, "MASK").await["usable"], json!({"min": 0, "max": 5}), "nothing tells when it was made");
}
