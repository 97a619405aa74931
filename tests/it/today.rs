//! Figures of today, and of days asked for, are kept in memory between reads: whoever reads gets those of the state that is read.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use futures_util::future::{join, join_all};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rules::{adopt, count};

cases![
    summaries_follow_every_change,
    a_summary_takes_lines_by_status_strength_and_basis,
    what_is_read_while_others_write_is_one_state,
    later_pages_are_of_the_state_of_the_first,
];

/// The numbers of lines of each organization and each item by strength, basis and status, counted from the list of lines.
async fn counted(app: &TestApp, query: &str) -> BTreeMap<String, i64> {
    let lines = app.read(&format!("/shortages?limit=500{query}")).await;
    assert_eq!(lines["next_cursor"], Value::Null);
    let mut numbers = BTreeMap::new();
    for line in lines["items"].as_array().unwrap() {
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let item = line["item"]["code"].as_str().map_or_else(|| text(&line["selector"]["other"]), ToOwned::to_owned);
        let state = match line["strength"].as_str().unwrap() {
            "mandatory" => format!("{}.lines.{}", text(&line["basis"]), text(&line["status"])),
            strength => strength.to_owned(),
        };
        for group in [text(&line["organization"]["code"]), item] {
            *numbers.entry(format!("{group} {state}")).or_default() += 1;
        }
    }
    numbers
}

/// The same from the summaries.
async fn summed(app: &TestApp, query: &str) -> BTreeMap<String, i64> {
    let mut numbers = BTreeMap::new();
    for group_by in ["organization", "item"] {
        let summary = app.read(&format!("/shortages/summary?group_by={group_by}{query}")).await;
        for group in summary["groups"].as_array().unwrap() {
            let mut note = |state: String, number: &Value| {
                if number != &json!(0) {
                    let key = format!("{} {state}", group["key"].as_str().unwrap());
                    numbers.insert(key, number.as_i64().unwrap());
                }
            };
            for strength in ["recommended", "reference", "optional"] {
                note(strength.to_owned(), &group[strength]);
            }
            for basis in ["established", "indicative"] {
                for (status, number) in group[basis]["lines"].as_object().unwrap() {
                    note(format!("{basis}.lines.{status}"), number);
                }
            }
        }
    }
    numbers
}

async fn summaries_follow_every_change(app: TestApp) {
    adopt(&app).await;
    let mut before = BTreeMap::new();
    for step in 0..8 {
        match step {
            0 => {}
            1 => _ = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await,
            2 => {
                let (id, _) = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 40}])).await;
                let void = app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&json!({"reason": "twice"}));
                void.send().await.expect(201);
            }
            3 => {
                let fact = json!({"value": {"number": 3}});
                let answer = app.put_on("/organizations/T2/facts/people", "officer", &fact, None).await;
                assert!(answer.status.is_success(), "{answer:?}");
            }
            4 => _ = app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 50}])).await,
            5 => {
                let exemption = json!({"rule": "M1", "ends_on": "2027-12-31", "reason": "rebuilt"});
                let path = format!("/api/v1/organizations/T1/exemptions/{}", Uuid::now_v7());
                app.put(&path).as_("officer").json(&exemption).send().await.expect(201);
            }
            6 => app.clock.set(app.clock.now() + TimeDelta::days(100)),
            _ => {
                let end = app.post("/api/v1/regions/159900/adoptions/STD/end").as_("officer").header("if-match", "*");
                end.json(&json!({"reason": "withdrawn"})).send().await.expect(200);
            }
        }
        let now = summed(&app, "").await;
        assert_eq!(now, counted(&app, "").await, "after step {step}");
        // A void brings the count before it back, and what nobody has counted stays unknown.
        assert!([0, 2, 3].contains(&step) || now != before, "step {step} changed nothing");
        before = now;
        // Other days are kept as well, but not all of them.
        for day in [0, 1 + step, 0] {
            let query = format!("&as_of=2026-11-{}", 16 + day);
            assert_eq!(summed(&app, &query).await, counted(&app, &query).await, "after step {step}, {query}");
        }
    }
}

async fn a_summary_takes_lines_by_status_strength_and_basis(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}, {"item": "SAND", "quantity": 5}])).await;
    for query in
        ["&status=short", "&status=unknown&status=below", "&strength=recommended", "&basis=indicative", "&item=BOOTS"]
    {
        assert_eq!(summed(&app, query).await, counted(&app, query).await, "{query}");
    }
    assert_eq!(summed(&app, "&status=short&item=BOOTS").await.len(), 2);
}

async fn what_is_read_while_others_write_is_one_state(app: TestApp) {
    adopt(&app).await;
    let (one, other) = (app.depot("T1-A").await, app.depot("T2-A").await);
    let write = |n: i64| {
        let (username, depot) = if n % 2 == 0 { ("t1", &one) } else { ("t2", &other) };
        let counted_at = app.clock.now() - TimeDelta::minutes(60 - n);
        let body = count(depot, counted_at, json!([{"item": "BOOTS", "quantity": n}, {"item": "MASK", "quantity": n}]));
        let app = &app;
        async move { app.submit(username, Uuid::now_v7(), &body).await.expect(201) }
    };
    let path = "/shortages/summary?group_by=item";
    let read = |_| app.read(path);
    let (_, read) = join(join_all((0..30).map(write)), join_all((0..30).map(read))).await;
    for summary in read {
        // Of an earlier state nothing is kept: it is worked out from what is stored.
        let again = app.read(&format!("{path}&revision={}", summary["revision"])).await;
        assert_eq!(summary["groups"], again["groups"], "revision {}", summary["revision"]);
    }
}

async fn later_pages_are_of_the_state_of_the_first(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 1}])).await;
    let lines = "/shortages?item=BOOTS&as_of=2026-11-23";
    let first = app.read(&format!("{lines}&limit=1")).await;
    let whole = format!("{lines}&limit=500&revision={}", first["revision"]);
    let before = app.read(&whole).await["items"].clone();
    assert!(before.as_array().unwrap().len() > 1, "{before}");

    // More was counted, and the second organization bears another name.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 500}])).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 500}])).await;
    let renamed = json!({"name_en": "Renamed", "name_zh": "新"});
    app.put_on("/organizations/T2", "officer", &renamed, Some("*")).await.expect(200);
    assert_ne!(app.read(lines).await["items"], before);
    assert_eq!(app.read(&whole).await["items"], before);
    let (mut read, mut cursor) = (first["items"].as_array().unwrap().clone(), first["next_cursor"].clone());
    while let Some(after) = cursor.as_str() {
        let page = app.read(&format!("{lines}&limit=1&cursor={after}")).await;
        read.extend(page["items"].as_array().unwrap().clone());
        cursor = page["next_cursor"].clone();
    }
    assert_eq!(json!(read), before);
}
