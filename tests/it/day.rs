//! The day: data that depends on the day changes at each organization's midnight, whatever its zone, by computation.

use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use db::locks::Locks;
use db::regions;
use db::sql_types::Day;
use db::write::Change;
use domain::region::RegionVersion;
use domain::revision::Revision;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::exemptions;
use crate::rows::tester;
use crate::{rules, standards, targets};

cases![
    expiry_turns_a_minute_after_the_last_one_of_the_day_in_every_zone,
    validity_turns_at_midnight_and_counts_leap_days,
    facts_adoptions_editions_targets_and_exemptions_turn_at_midnight,
    where_the_zone_changes_no_day_comes_back,
];

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

/// Moves the banner to a zone, from a day.
async fn move_to(app: &TestApp, zone: &'static str, from: &str) {
    let from = Day(from.parse::<NaiveDate>().unwrap());
    let set = move |change: &mut Change<'_>| {
        let all = regions::list(change.connection, Revision::LATEST)?;
        let banner = all.iter().find(|region| region.code == "159900").unwrap();
        let version = RegionVersion { time_zone: Some(zone.parse().unwrap()), ..banner.versions[0].value.clone() };
        regions::insert_version(change, banner.id, "159900", from, &version)
    };
    app.db.write(tester(), Locks::none(), set).await.unwrap();
}

/// The day and the status of a line of `T1` a minute before an instant and at it.
async fn around(app: &TestApp, midnight: &str, item: &str) -> [Value; 2] {
    let mut seen = Vec::new();
    for instant in [utc(midnight) - TimeDelta::minutes(1), utc(midnight)] {
        app.clock.set(instant);
        let line = app.shortage("T1", item).await;
        seen.push(json!([line["as_of"], line["status"]]));
    }
    seen.try_into().unwrap()
}

async fn expiry_turns_a_minute_after_the_last_one_of_the_day_in_every_zone(app: TestApp) {
    rules::adopt(&app).await;
    // The last usable day, its end, and the zone.
    let cases = [
        ("2027-12-31", "2027-12-31T18:00:00Z", "Asia/Urumqi"),
        ("2028-02-28", "2028-02-28T16:00:00Z", "Asia/Shanghai"),
        ("2028-02-29", "2028-02-29T16:00:00Z", "Asia/Shanghai"),
        ("2028-03-12", "2028-03-13T02:30:00Z", "America/St_Johns"),
        ("2028-11-04", "2028-11-05T02:30:00Z", "America/St_Johns"),
        ("2028-11-05", "2028-11-06T03:30:00Z", "America/St_Johns"),
        ("2028-12-31", "2028-12-31T10:00:00Z", "Pacific/Kiritimati"),
    ];
    for (last, midnight, zone) in cases {
        move_to(&app, zone, "2026-01-01").await;
        app.clock.set(utc(midnight) - TimeDelta::hours(40));
        app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 12, "expires_on": last}])).await;
        let next = last.parse::<NaiveDate>().unwrap().succ_opt().unwrap();
        let [before, after] = around(&app, midnight, "MASK").await;
        assert_eq!((before, after), (json!([last, "met"]), json!([next, "short"])), "{zone}");
    }
}

async fn validity_turns_at_midnight_and_counts_leap_days(app: TestApp) {
    rules::adopt(&app).await;
    // A count is valid for the 90 days after its day, in the days of the zone.
    let cases = [
        ("2027-12-01T03:00:00Z", "2028-02-29", "2028-02-29T16:00:00Z", "Asia/Shanghai"),
        ("2028-12-01T03:00:00Z", "2029-03-01", "2029-03-01T16:00:00Z", "Asia/Shanghai"),
        ("2030-01-01T10:00:00Z", "2030-04-02", "2030-04-02T10:00:00Z", "Pacific/Kiritimati"),
        ("2031-12-01T12:00:00Z", "2032-02-29", "2032-03-01T03:30:00Z", "America/St_Johns"),
    ];
    for (counted, last, midnight, zone) in cases {
        move_to(&app, zone, "2026-01-01").await;
        app.clock.set(utc(counted));
        app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 30}])).await;
        let next = last.parse::<NaiveDate>().unwrap().succ_opt().unwrap();
        let [before, after] = around(&app, midnight, "BOOTS").await;
        assert_eq!((before, after), (json!([last, "met"]), json!([next, "unknown"])), "{zone}");
    }
}

async fn facts_adoptions_editions_targets_and_exemptions_turn_at_midnight(app: TestApp) {
    rules::adopt(&app).await;
    targets::plant_need(&app).await;
    standards::plant_top_officer(&app).await;
    move_to(&app, "Asia/Urumqi", "2026-01-01").await;
    let put = |path: &str, body: Value| app.put(path).as_("top").header("if-match", "*").json(&body).send();
    let from = "2027-01-01";
    put("/api/v1/organizations/T1/targets/N1", json!({"quantity": 7, "valid_from": from})).await.expect(201);
    put("/api/v1/regions/159900/adoptions/STD", json!({"strength": "optional", "valid_from": from})).await.expect(200);
    standards::draft(&app, &standards::text("NEW", &[standards::boots("NB1", 500)])).await.expect(201);
    standards::publish(&app, "NEW", json!({"valid_from": from})).await.expect(201);
    put("/api/v1/regions/159900/adoptions/NEW", json!({"strength": "mandatory"})).await.expect(201);
    exemptions::grant(&app, "T1", "M1", "2026-12-31").await;
    let told = async |instant: &str| {
        app.clock.set(utc(instant));
        let page = app.get("/api/v1/shortages?organization=T1").as_("viewer").send().await.expect(200);
        let line = |line: &Value| {
            let item = line["item"]["code"].as_str()?;
            Some(json!([item, line["strength"], line["required"]["min"], line["status"], line["as_of"]]))
        };
        let lines: Vec<Value> = page["items"].as_array().unwrap().iter().filter_map(line).collect();
        json!(lines)
    };
    let old = "2026-12-31";
    assert_eq!(
        told("2026-12-31T17:59:00Z").await,
        json!([
            ["BOOTS", "mandatory", 30, "unknown", old],
            ["LAMP", "mandatory", 0, "not_set", old],
            ["MASK", "mandatory", 0, "not_required", old],
            ["SAND", "recommended", 100, "unknown", old],
        ])
    );
    assert_eq!(
        told("2026-12-31T18:00:00Z").await,
        json!([
            ["BOOTS", "mandatory", 500, "unknown", from],
            ["BOOTS", "optional", 500, "unknown", from],
            ["LAMP", "mandatory", 7, "unknown", from],
            ["MASK", "optional", 12, "unknown", from],
            ["SAND", "optional", 100, "unknown", from],
        ])
    );
}

async fn where_the_zone_changes_no_day_comes_back(app: TestApp) {
    rules::adopt(&app).await;
    move_to(&app, "America/St_Johns", "2026-12-01").await;
    let mut days = Vec::new();
    for instant in [
        "2026-11-30T15:59:00Z",
        // Midnight in Shanghai, when the banner moves: its first day in the west begins half a day early.
        "2026-11-30T16:00:00Z",
        "2026-12-01T00:00:00Z",
        "2026-12-01T12:00:00Z",
        "2026-12-02T03:29:00Z",
        "2026-12-02T03:30:00Z",
    ] {
        app.clock.set(utc(instant));
        days.push(app.shortage("T1", "BOOTS").await["as_of"].clone());
    }
    assert_eq!(
        json!(days),
        json!(["2026-11-30", "2026-12-01", "2026-12-01", "2026-12-01", "2026-12-01", "2026-12-02"])
    );
}
