//! Declared targets: the quantities that organizations themselves say they need.

use base::error::Error;
use chrono::NaiveDate;
use db::locks::Locks;
use db::sql_types::Day;
use db::write::Change;
use db::{items, regions, standards};
use domain::item::{ItemKind, ItemVersion, Unit};
use domain::revision::Revision;
use domain::rule::{Rule, Strength};
use domain::standard::StandardDocument;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rows::tester;
use crate::rules;

cases![
    a_declared_target_settles_what_was_not_set_and_taking_it_back_opens_it_again,
    declaring_is_safe_to_repeat_and_two_who_change_it_at_once_are_told,
    only_rules_that_say_as_needed_take_a_target,
    only_an_officer_corrects_past_days_and_says_why,
    what_was_declared_is_listed_as_of_a_day,
];

const PATH: &str = "/api/v1/organizations/T1/targets/N1";

/// Adopts a standard whose only rule, `N1`, requires `LAMP`s of teams as needed.
pub async fn plant_need(app: &TestApp) {
    app.db.write(tester(), Locks::none(), plant).await.unwrap();
}

fn plant(change: &mut Change<'_>) -> Result<(), Error> {
    let from = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let version = ItemVersion {
        name_en: "lamp".into(),
        name_zh: "灯".into(),
        class: "protection".into(),
        kind: ItemKind::Equipment,
        perishable: false,
        shelf_life_months: None,
        specification: None,
        service_life_months: None,
        packs: vec![],
        barcodes: vec![],
        retired: false,
    };
    items::insert(change, "LAMP", &Unit { name: "piece".to_owned(), measured: false }, from, &version)?;
    let document: StandardDocument = serde_json::from_value(json!({
        "title_en": "Needs", "title_zh": "需要", "jurisdiction": "CN", "status": "in_force"
    }))
    .unwrap();
    let rule: Rule = serde_json::from_str(
        r#"{"code":"N1","clause":"1","applies_when":{"kind":"rescue_team"},"scope":"team","selector":{"item":"LAMP"},
        "quantity":{"as_needed": {}},"unit":"piece","strength":"mandatory","text_en":"As needed.","text_zh":"按需。",
        "confidence":"verified"}"#,
    )
    .unwrap();
    standards::insert(change, "NEED", from, &document, &[rule])?;
    let regions = regions::list(change.connection, Revision::LATEST)?;
    let banner = regions.iter().find(|region| region.code == "159900").unwrap().id;
    standards::insert_adoption(change, banner, "NEED", from, Some(Strength::Mandatory), None)
}

async fn declare(app: &TestApp, username: &str, body: &Value, if_match: Option<&str>) -> Answer {
    let request = app.put(PATH).as_(username).json(body);
    match if_match {
        Some(tag) => request.header("if-match", tag).send().await,
        None => request.send().await,
    }
}

async fn a_declared_target_settles_what_was_not_set_and_taking_it_back_opens_it_again(app: TestApp) {
    plant_need(&app).await;
    app.count("t1", "T1-A", json!([{"item": "LAMP", "quantity": 3}])).await;
    assert_eq!(app.shortage("T1", "LAMP").await["status"], "not_set");
    let first = declare(&app, "t1", &json!({"quantity": 5}), None).await;
    let view = first.expect(201);
    assert_eq!((&view["stored"]["quantity"], &view["repeated"]), (&json!(5), &json!(false)));
    assert_eq!(view["stored"]["history"][0]["author"]["name"], "Holder of t1");
    let line = app.shortage("T1", "LAMP").await;
    assert_eq!((&line["status"], &line["shortage"]), (&json!("short"), &json!({"min": 2, "max": 2})));
    declare(&app, "officer", &json!({"quantity": null}), Some(first.header("etag"))).await.expect(200);
    assert_eq!(app.shortage("T1", "LAMP").await["status"], "not_set");
    let history = app.get(PATH).as_("viewer").send().await.expect(200)["history"].clone();
    assert_eq!(history.as_array().unwrap().len(), 2);
    let (author, state) = (&history[1]["author"]["name"], &history[1]["state"]);
    assert_eq!((author, state), (&json!("Holder of officer"), &json!({"quantity": null})));
}

async fn declaring_is_safe_to_repeat_and_two_who_change_it_at_once_are_told(app: TestApp) {
    plant_need(&app).await;
    let body = json!({"quantity": 5});
    let first = declare(&app, "t1", &body, None).await;
    let revision = first.expect(201)["revision"].clone();
    let again = declare(&app, "t1", &body, None).await.expect(200);
    assert_eq!((&again["repeated"], &again["revision"]), (&json!(true), &revision));
    assert_eq!(app.shortage("T1", "LAMP").await["required"], json!({"min": 5, "max": 5}));
    assert_eq!(declare(&app, "t1", &json!({"quantity": 6}), None).await.problem(428), "if_match_missing");
    declare(&app, "t1", &json!({"quantity": 6}), Some(first.header("etag"))).await.expect(200);
    let late = declare(&app, "officer", &json!({"quantity": 7}), Some(first.header("etag"))).await;
    assert_eq!(late.problem(412), "changed_meanwhile");
    assert_eq!(app.get(PATH).as_("t1").send().await.expect(200)["quantity"], 6);
}

async fn only_rules_that_say_as_needed_take_a_target(app: TestApp) {
    rules::adopt(&app).await;
    plant_need(&app).await;
    let put = async |rule: &str, body: Value| {
        let path = format!("/api/v1/organizations/T1/targets/{rule}");
        app.put(&path).as_("t1").json(&body).send().await
    };
    assert_eq!(put("NOTHING", json!({"quantity": 1})).await.problem(404), "not_found");
    for (rule, body, code, pointer) in [
        ("B1", json!({"quantity": 1}), "target_not_asked", ""),
        ("N1", json!({"quantity": 1.5}), "not_whole", "/quantity"),
        ("N1", json!({"quantity": -1}), "not_accepted", "/quantity"),
        ("N1", json!({}), "missing_field", "/quantity"),
        ("N1", json!({"quantity": 1, "valid_from": "2025-12-31"}), "target_not_asked", ""),
    ] {
        let answer = put(rule, body).await;
        answer.problem(422);
        let fault = &answer.json()["errors"][0];
        assert_eq!((&fault["code"], &fault["pointer"]), (&json!(code), &json!(pointer)), "{fault}");
    }
}

async fn only_an_officer_corrects_past_days_and_says_why(app: TestApp) {
    plant_need(&app).await;
    let past = json!({"quantity": 5, "valid_from": "2026-11-22"});
    assert_eq!(declare(&app, "t1", &past, None).await.problem(403), "correction_needs_officer");
    let answer = declare(&app, "officer", &past, None).await;
    answer.problem(422);
    assert_eq!(answer.json()["errors"][0]["code"], "needs_correction_reason");
    let reasoned = json!({"quantity": 5, "valid_from": "2026-11-22", "correction_reason": "it was told by telephone"});
    let view = declare(&app, "officer", &reasoned, None).await.expect(201);
    assert_eq!(view["stored"]["history"][0]["reason"], "it was told by telephone");
    let listed = app.get("/api/v1/shortages?organization=T1&item=LAMP&as_of=2026-11-22").as_("viewer").send().await;
    assert_eq!(listed.expect(200)["items"][0]["required"], json!({"min": 5, "max": 5}));
}

async fn what_was_declared_is_listed_as_of_a_day(app: TestApp) {
    plant_need(&app).await;
    let list = async |query: &str| {
        let path = format!("/api/v1/organizations/T1/targets{query}");
        app.get(&path).as_("t1").send().await.expect(200)["items"].clone()
    };
    assert_eq!(list("").await, json!([]));
    let before = app.get("/api/v1/shortages").as_("t1").send().await.expect(200)["revision"].clone();
    declare(&app, "t1", &json!({"quantity": 5, "valid_from": "2026-12-01"}), None).await.expect(201);
    assert_eq!(list("").await, json!([]));
    let declared = json!([{"rule": "N1", "quantity": 5, "valid_from": "2026-12-01"}]);
    assert_eq!(list("?as_of=2026-12-01").await, declared);
    assert_eq!(list(&format!("?as_of=2026-12-01&revision={before}")).await, json!([]));
}
