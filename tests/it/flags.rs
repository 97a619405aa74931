//! Flags on how counts arrived are shown wherever the counts are current.

use chrono::{SecondsFormat, TimeDelta};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rules;
use crate::rules::count;
use crate::seed;

cases![
    a_clock_that_is_off_by_more_than_half_a_minute_is_told_of,
    a_corrected_clock_is_shown_with_stock_shortage_and_explanation,
];

/// Counts boots with a phone whose clock is behind, and returns the count's id.
async fn counted(app: &TestApp, behind: TimeDelta) -> Uuid {
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let at = seed::now() - behind;
    let body = count(&depot, at, json!([{"item": "BOOTS", "quantity": 4}]));
    let put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", "phone-1");
    let sent_at = at.to_rfc3339_opts(SecondsFormat::Micros, true);
    put.header("muster-sent-at", &sent_at).json(&body).send().await.expect(201);
    id
}

async fn a_clock_that_is_off_by_more_than_half_a_minute_is_told_of(app: TestApp) {
    let corrected = json!(["clock_corrected"]);
    for (behind, flags) in [
        (TimeDelta::zero(), json!([])),
        (TimeDelta::seconds(30), json!([])),
        (TimeDelta::seconds(-30), json!([])),
        (TimeDelta::seconds(30) + TimeDelta::microseconds(1), corrected.clone()),
        (TimeDelta::seconds(-31), corrected.clone()),
    ] {
        let id = counted(&app, behind).await;
        let found = app.get(&format!("/api/v1/counts/{id}")).as_("t1").send().await.expect(200);
        assert_eq!(found["flags"], flags, "{behind}");
        let listed = app.get("/api/v1/counts?limit=1").as_("viewer").send().await.expect(200);
        assert_eq!((&listed["items"][0]["id"], &listed["items"][0]["flags"]), (&json!(id), &flags), "{behind}");
    }
    let (unsaid, _) = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 4}])).await;
    let found = app.get(&format!("/api/v1/counts/{unsaid}")).as_("t1").send().await.expect(200);
    assert_eq!(found["flags"], json!([]), "nothing is said of a clock that was not shown");
}

async fn a_corrected_clock_is_shown_with_stock_shortage_and_explanation(app: TestApp) {
    rules::adopt(&app).await;
    counted(&app, TimeDelta::minutes(40)).await;
    let corrected = json!(["clock_corrected"]);
    let stock = app.get("/api/v1/stock?organization=T1&item=BOOTS").as_("t1").send().await.expect(200);
    assert_eq!(stock["items"][0]["stock"]["counts"][0]["flags"], corrected);
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!(line["flags"], corrected);
    assert_eq!(app.shortage("T1", "MASK").await["flags"], json!([]), "no such count speaks of it");
    let path = format!("/api/v1/organizations/T1/shortages/{}", line["line"].as_str().unwrap());
    for (language, said, cell, column) in [
        ("en", "Notes on the counts used: device clock corrected.", "clock_corrected", "flags"),
        ("zh-CN", "所依据盘点的提示：已校正设备时钟。", "已校正设备时钟", "盘点提示"),
    ] {
        let explained = app.get(&path).as_("t1").header("accept-language", language).send().await.expect(200);
        assert_eq!(explained["flags"], corrected);
        assert_eq!(explained["explanation"]["depots"][0]["counts"][0]["flags"], corrected);
        assert!(
            explained["words"]["sentences"].as_array().unwrap().contains(&json!(said)),
            "{}",
            explained["words"]["sentences"]
        );
        let table = app.get("/api/v1/shortages?organization=T1&item=BOOTS&format=csv").as_("t1");
        let table = table.header("accept-language", language).send().await;
        assert_eq!(cells(&table.body, column), [Value::from(cell)]);
    }
}

/// The cells of a column of a table.
fn cells(table: &[u8], column: &str) -> Vec<Value> {
    let mut reader = csv::Reader::from_reader(table);
    let place = reader.headers().unwrap().iter().position(|name| name == column).unwrap();
    reader.records().map(|row| Value::from(row.unwrap()[place].to_owned())).collect()
}
