//! The next read shows a change, whatever writers do in the meantime; `as_of` and `revision` show the earlier state.

use std::rc::Rc;

use base::quantity::Quantity;
use chrono::NaiveDate;
use db::sql_types::Day;
use db::write::Change;
use db::{facts, organizations};
use domain::fact::FactValue;
use domain::revision::Revision;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rows::{all_locks, tester};
use crate::{exemptions, rules, standards, targets};

cases![every_change_is_in_the_next_read_while_sixteen_write, what_is_backdated_changes_the_past_and_not_what_was_known];

/// The lines of `T1`, with everything that a change may affect, at the newest revision or as queried.
async fn lines(app: &TestApp, query: &str) -> Value {
    let page = app.get(&format!("/api/v1/shortages?organization=T1{query}")).as_("viewer").send().await.expect(200);
    let told = |line: &Value| {
        let item = line["item"]["code"].clone();
        (item != "SAND").then(|| json!([item, line["strength"], line["required"], line["status"] == "not_required"]))
    };
    json!({
        "revision": page["revision"],
        "lines": page["items"].as_array().unwrap().iter().filter_map(told).collect::<Vec<_>>()
    })
}

async fn set_people(app: &TestApp, number: i16, from: &str) {
    let from = Day(from.parse::<NaiveDate>().unwrap());
    let set = move |change: &mut Change<'_>| {
        let all = organizations::list(change.connection, Revision::LATEST)?;
        let t1 = all.iter().find(|organization| organization.code == "T1").unwrap().id;
        let t1 = change.for_organization(t1)?;
        facts::insert(change, t1, "people", from, FactValue::Number(Quantity::whole(number)))
    };
    app.db.write(tester(), all_locks(&app.db).await, set).await.unwrap();
}

/// The changes, each of which changes some line of `T1` from today on.
async fn change(app: &TestApp, number: usize) {
    let put = |path: &str, body: Value| app.put(path).as_("top").header("if-match", "*").json(&body).send();
    match number {
        0 => put("/api/v1/regions/159900/adoptions/STD", json!({"strength": "recommended"})).await.expect(200),
        1 => put("/api/v1/organizations/T1/targets/N1", json!({"quantity": 7})).await.expect(201),
        2 => {
            exemptions::grant(app, "T1", "M1", "2026-12-31").await;
            json!(null)
        }
        3 => {
            set_people(app, 20, "2026-11-23").await;
            json!(null)
        }
        4 => {
            standards::draft(app, &standards::text("NEED", &[standards::boots("NX", 500)])).await.expect(201);
            standards::publish(app, "NEED", json!({})).await.expect(200)
        }
        _ => {
            let end = app.post("/api/v1/regions/159900/adoptions/STD/end").as_("top").header("if-match", "*");
            end.json(&json!({"reason": "replaced"})).send().await.expect(200)
        }
    };
}

const CHANGES: usize = 6;

/// The number of counts that each of the sixteen writers submits during one change.
const COUNTS_EACH: usize = 3;

async fn every_change_is_in_the_next_read_while_sixteen_write(app: TestApp) {
    rules::adopt(&app).await;
    targets::plant_need(&app).await;
    standards::plant_top_officer(&app).await;
    let depot = app.depot("T1-A").await;
    let app = Rc::new(app);
    for number in 0..CHANGES {
        let writers: Vec<_> = (0..16)
            .map(|writer| {
                let (app, depot) = (app.clone(), depot.clone());
                actix_web::rt::spawn(async move {
                    for _ in 0..COUNTS_EACH {
                        let body = rules::count(&depot, app.clock.now(), json!([{"item": "SAND", "quantity": writer}]));
                        app.submit("t1", Uuid::now_v7(), &body).await.expect(201);
                    }
                })
            })
            .collect();
        let before = lines(&app, "").await;
        change(&app, number).await;
        let after = lines(&app, "").await;
        assert_ne!(before["lines"], after["lines"], "change {number} is not seen");
        let then = format!("&as_of=2026-11-23&revision={}", before["revision"]);
        assert_eq!(lines(&app, &then).await, before, "change {number}: what was known before");
        assert_ne!(lines(&app, "&as_of=2026-11-22").await["lines"], after["lines"], "change {number}: yesterday");
        for writer in writers {
            writer.await.unwrap();
        }
        assert_eq!(lines(&app, "").await["lines"], after["lines"], "change {number}: counts of other things");
    }
    let first = lines(&app, "&as_of=2026-11-22").await["lines"].clone();
    let mandatory = |item: &str, required: Value| json!([item, "mandatory", required, false]);
    let twelve = json!({"min": 12, "max": 12});
    assert!(first.as_array().unwrap().contains(&mandatory("MASK", twelve)), "yesterday is as it was: {first}");
    let counts = app.get("/api/v1/shortages?organization=T1&item=SAND&as_of=2026-11-22").as_("viewer").send().await;
    assert_eq!(counts.expect(200)["items"][0]["usable"], json!({"min": 0, "max": null}));
}

async fn what_is_backdated_changes_the_past_and_not_what_was_known(app: TestApp) {
    rules::adopt(&app).await;
    let asked = async |query: &str| {
        let path = format!("/api/v1/shortages?organization=T1&item=MASK{query}");
        let page = app.get(&path).as_("viewer").send().await.expect(200);
        (page["items"][0]["required"]["min"].clone(), page["items"][0]["strength"].clone(), page["revision"].clone())
    };
    let (.., revision) = asked("").await;
    set_people(&app, 30, "2026-11-01").await;
    let corrected = json!({"strength": "recommended", "valid_from": "2026-11-10", "correction_reason": "misread"});
    let put = app.put("/api/v1/regions/159900/adoptions/STD").as_("officer").header("if-match", "*");
    put.json(&corrected).send().await.expect(200);
    let then = |query: &str| format!("{query}&revision={revision}");
    for (query, people, strength) in [
        ("&as_of=2026-10-31".to_owned(), 12, "mandatory"),
        ("&as_of=2026-11-01".to_owned(), 30, "mandatory"),
        ("&as_of=2026-11-10".to_owned(), 30, "recommended"),
        (String::new(), 30, "recommended"),
        (then("&as_of=2026-11-01"), 12, "mandatory"),
        (then("&as_of=2026-11-10"), 12, "mandatory"),
        (then("&as_of=2026-11-23"), 12, "mandatory"),
    ] {
        let (required, held, _) = asked(&query).await;
        assert_eq!((required, held), (json!(people), json!(strength)), "{query}");
    }
}
