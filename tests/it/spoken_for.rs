//! The catalogue that a count speaks for, the same by every way, and times that are odd.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::push::command;
use crate::rules::count;
use crate::seed;

cases![
    a_count_says_how_many_items_it_speaks_for,
    put_and_push_keep_the_same_catalogue,
    a_catalogue_that_was_not_issued_here_is_not_believed,
    a_count_made_before_the_catalogue_had_any_says_so,
    a_count_from_the_future_is_flagged,
];

async fn full(app: &TestApp, depot: &str, at: DateTime<Utc>) -> Value {
    let mut body = count(&app.depot(depot).await, at, json!([{"item": "BOOTS", "quantity": 1}]));
    body["scope"] = json!("full");
    body
}

async fn newest(app: &TestApp) -> (i64, Value) {
    let pulled = app.get("/api/v1/sync").as_("t1").send().await.expect(200);
    (pulled["revision"].as_i64().unwrap(), pulled["change_set"].clone())
}

async fn a_count_says_how_many_items_it_speaks_for(app: TestApp) {
    let (revision, _) = newest(&app).await;
    let mut body = full(&app, "T1-A", seed::now()).await;
    body["catalogue_revision"] = json!(revision);
    let answer = app.submit("t1", Uuid::now_v7(), &body).await.expect(201);
    assert_eq!((&answer["count"]["speaks_for"], &answer["count"]["flags"]), (&json!(3), &json!([])));
    body["scope"] = json!("listed");
    let answer = app.submit("t1", Uuid::now_v7(), &body).await.expect(201);
    assert_eq!(answer["count"]["speaks_for"], 1);
    let listed = app.get("/api/v1/counts").as_("t1").send().await.expect(200);
    assert_eq!((&listed["items"][0]["speaks_for"], &listed["items"][1]["speaks_for"]), (&json!(1), &json!(3)));
}

async fn put_and_push_keep_the_same_catalogue(app: TestApp) {
    let (revision, change_set) = newest(&app).await;
    let of = |revision: Value, change_set: Value| (revision, change_set);
    for (named, believed) in [
        (of(json!(revision), Value::Null), json!(revision)),
        (of(json!(revision), change_set.clone()), json!(revision)),
        (of(json!(revision), json!(Uuid::now_v7())), Value::Null),
        (of(json!(4_000_000), Value::Null), Value::Null),
        (of(json!(4_000_000), change_set), Value::Null),
    ] {
        // Made long before the catalogue was issued, by the device's clock: it names it all the same.
        let mut body = full(&app, "T1-A", seed::now() - TimeDelta::days(30)).await;
        body["catalogue_revision"] = named.0;
        if !named.1.is_null() {
            body["catalogue_change_set"] = named.1;
        }
        let put = app.submit("t1", Uuid::now_v7(), &body).await.expect(201)["count"].clone();
        let pushed = app.pushed("t1", &[command(1, body.clone())]).await;
        assert_eq!(pushed[0]["status"], "applied", "{pushed:?}");
        let path = format!("/api/v1/counts/{}", pushed[0]["count_id"].as_str().unwrap());
        let pushed = app.get(&path).as_("t1").send().await.expect(200);
        for kept in [&put, &pushed] {
            assert_eq!(kept["catalogue_revision"], believed, "{body}");
            let flagged = kept["flags"].as_array().unwrap().contains(&json!("catalogue_unknown"));
            assert_eq!(flagged, believed.is_null(), "{kept}");
        }
        assert_eq!(put["speaks_for"], pushed["speaks_for"]);
    }
}

async fn a_catalogue_that_was_not_issued_here_is_not_believed(app: TestApp) {
    let mut body = full(&app, "T1-A", seed::now()).await;
    body["catalogue_revision"] = json!(999);
    let kept = app.submit("t1", Uuid::now_v7(), &body).await.expect(201)["count"].clone();
    assert_eq!(kept["catalogue_revision"], Value::Null);
    assert!(kept["flags"].as_array().unwrap().contains(&json!("catalogue_unknown")), "{kept}");
}

async fn a_count_made_before_the_catalogue_had_any_says_so(app: TestApp) {
    let body = full(&app, "T1-A", "2026-01-01T00:00:00Z".parse().unwrap()).await;
    let kept = app.submit("t1", Uuid::now_v7(), &body).await.expect(201)["count"].clone();
    assert_eq!((&kept["speaks_for"], &kept["flags"]), (&json!(1), &json!(["before_catalogue"])));
    let listed = app.get("/api/v1/counts").as_("t1").send().await.expect(200);
    assert_eq!(listed["items"][0]["flags"], json!(["before_catalogue"]));
}

async fn a_count_from_the_future_is_flagged(app: TestApp) {
    let depot = app.depot("T1-A").await;
    let year = TimeDelta::days(365);
    let counted = |ahead: TimeDelta| count(&depot, seed::now() + ahead, json!([{"item": "BOOTS", "quantity": 1}]));
    let ahead = json!(["counted_ahead"]);
    for (counted_ahead, sent_ahead, flags) in [
        (year, None, ahead.clone()),
        (TimeDelta::seconds(31), None, ahead.clone()),
        (TimeDelta::seconds(30), None, json!([])),
        (year, Some(TimeDelta::zero()), ahead.clone()),
        (year, Some(year), json!(["clock_corrected"])),
        (year + TimeDelta::days(2), Some(year), json!(["clock_corrected", "counted_ahead"])),
    ] {
        let id = Uuid::now_v7();
        let mut put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", &id.to_string());
        let sent_at = sent_ahead.map(|ahead| (seed::now() + ahead).to_rfc3339_opts(SecondsFormat::Micros, true));
        if let Some(sent_at) = &sent_at {
            put = put.header("muster-sent-at", sent_at);
        }
        let kept = put.json(&counted(counted_ahead)).send().await.expect(201)["count"].clone();
        assert_eq!(kept["flags"], flags, "{counted_ahead} {sent_ahead:?}");
        assert_eq!(kept["effective_at"], "2026-11-23T02:00:00.000000Z", "never later than its receipt");
    }
    let stock = app.get("/api/v1/stock?organization=T1").as_("t1").send().await.expect(200);
    assert!(stock["items"][0]["stock"]["counts"].to_string().contains("counted_ahead"));
}
