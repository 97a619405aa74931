//! Maintaining facts: the dictionary, whole sheets at once, and the resulting figures.

use db::locks::Locks;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::regions::places;
use crate::rows::tester;
use crate::rules;
use crate::seed;

cases![
    an_entry_of_the_dictionary_is_made_and_changed,
    what_all_regions_share_is_kept_by_the_topmost_bureau,
    a_sheet_is_filled_in_by_one_revision_or_not_at_all,
    a_fact_that_was_never_recorded_is_new_on_any_sheet,
    the_same_facts_again_change_nothing,
    a_fact_that_is_taken_back_is_unknown_unless_the_sheet_is_complete,
    a_complete_sheet_says_nothing_of_an_entry_that_came_later,
    figures_follow_the_facts_and_the_past_does_not,
    what_was_put_on_a_sheet_is_remembered,
];

fn divers() -> Value {
    json!({
        "kind": "number", "unit": "person", "name_en": "Divers", "name_zh": "潜水员", "definition_en": "Licensed.",
        "definition_zh": "持证。"
    })
}

fn toxic() -> Value {
    json!({"kind": "tag", "name_en": "Toxic", "name_zh": "有毒", "definition_en": "Is.", "definition_zh": "是。"})
}

/// Records facts of an organization, as an officer.
async fn record(app: &TestApp, organization: &str, body: Value, state: Option<&str>) -> Answer {
    app.put_on(&format!("/organizations/{organization}/facts"), "officer", &body, state).await
}

/// A fact on a sheet: its state and its value.
async fn known(app: &TestApp, path: &str, key: &str) -> (Value, Value) {
    let sheet = app.read(path).await;
    let fact = sheet["facts"].as_array().unwrap().iter().find(|fact| fact["key"] == key).unwrap().clone();
    let value = ["number", "tag"].into_iter().find_map(|kind| fact["value"].get(kind)).cloned();
    (fact["state"].clone(), value.unwrap_or_default())
}

async fn an_entry_of_the_dictionary_is_made_and_changed(app: TestApp) {
    let made = app.put_on("/facts/divers", "officer", &divers(), None).await;
    assert_eq!(made.expect(201)["stored"]["unit"], "person");
    let mut changed = divers();
    changed["name_en"] = json!("Divers with a licence");
    assert_eq!(app.put_on("/facts/divers", "officer", &changed, None).await.problem(428), "if_match_missing");
    let tag = app.tag("/facts/divers", "officer").await;
    app.put_on("/facts/divers", "officer", &changed, Some(&tag)).await.expect(200);
    assert_eq!(app.read("/facts/divers").await["name"], "Divers with a licence");
    assert_eq!(app.put_on("/facts/divers", "officer", &divers(), Some(&tag)).await.problem(412), "changed_meanwhile");
    assert_eq!(app.read("/facts/divers/history").await["items"].as_array().unwrap().len(), 2);

    changed["kind"] = json!("tag");
    changed["unit"] = json!("kg");
    let answer = app.put_on("/facts/divers", "officer", &changed, Some("*")).await;
    assert_eq!(places(&answer), ["/kind never_changes", "/unit never_changes"]);
    let mut tag = toxic();
    tag["unit"] = json!("kg");
    assert_eq!(places(&app.put_on("/facts/toxic", "officer", &tag, None).await), ["/unit tag_with_unit"]);
    assert_eq!(places(&app.put_on("/facts/Toxic-1", "officer", &toxic(), None).await), ["/fact key_not_taken"]);
    assert_eq!(app.get("/api/v1/facts/none").as_("t1").send().await.problem(404), "not_found");
}

async fn what_all_regions_share_is_kept_by_the_topmost_bureau(app: TestApp) {
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    let class = json!({"name_en": "A", "name_zh": "甲"});
    for (path, body) in [("/facts/divers", divers()), ("/item-classes/a", class)] {
        assert_eq!(app.put_on(path, "admin-below", &body, None).await.problem(403), "not_topmost", "{path}");
        app.put_on(path, "admin", &body, None).await.expect(201);
    }
}

async fn a_sheet_is_filled_in_by_one_revision_or_not_at_all(app: TestApp) {
    rules::adopt(&app).await;
    app.put_on("/facts/divers", "officer", &divers(), None).await.expect(201);
    app.put_on("/facts/toxic", "officer", &toxic(), None).await.expect(201);
    let wrong = json!({"facts": [
        {"key": "people", "value": {"tag": true}}, {"key": "toxic", "value": {"number": 1}}, {"key": "divers", "value": {"number": -1}},
        {"key": "none", "value": {"number": 1}}, {"key": "divers", "value": {"number": 2}}
    ]});
    let answer = record(&app, "T2", wrong, None).await;
    let expected = [
        "/facts/0/value wrong_kind",
        "/facts/1/value wrong_kind",
        "/facts/2/value negative",
        "/facts/3/key fact_unknown",
        "/facts/4/key duplicate",
    ];
    assert_eq!(places(&answer), expected);
    assert_eq!(app.read("/organizations/T2/fact-history").await["items"], json!([]));

    let body = json!({"facts": [{"key": "people", "value": {"number": 8}}, {"key": "toxic", "value": {"tag": false}}], "complete": true});
    let put = record(&app, "T2", body, None).await;
    let sheet = put.expect(201)["stored"].clone();
    assert_eq!((&sheet["complete"], &sheet["facts"][0]["state"]), (&json!(true), &json!("absent")));
    let history = app.read("/organizations/T2/fact-history").await;
    let revisions: Vec<&Value> = history["items"].as_array().unwrap().iter().map(|row| &row["revision"]).collect();
    assert_eq!(revisions, [&put.json()["revision"]; 3]);

    let one = json!({"value": {"number": 9}});
    let path = "/organizations/T2/facts/people";
    assert_eq!(app.put_on(path, "officer", &one, None).await.problem(428), "if_match_missing");
    let changed = app.put_on(path, "officer", &one, Some(put.header("etag"))).await;
    assert_eq!(changed.expect(200)["stored"]["facts"][1]["value"]["number"], 9);
    assert_eq!(
        app.put_on(path, "officer", &json!({"value": {"number": 10}}), Some(put.header("etag"))).await.problem(412),
        "changed_meanwhile"
    );
    assert_eq!(
        places(&app.put_on(path, "officer", &json!({"value": {"tag": true}}), Some("*")).await),
        ["/value wrong_kind"]
    );
    assert_eq!(places(&app.put_on(path, "officer", &json!({}), Some("*")).await), ["/value missing_field"]);
    assert_eq!(places(&app.put_on(path, "officer", &json!({"value": "9"}), Some("*")).await), ["/value wrong_value"]);
    let nothing = app.put_on("/organizations/T2/facts/none", "officer", &one, Some("*")).await;
    assert_eq!(nothing.problem(404), "not_found");
}

async fn a_fact_that_was_never_recorded_is_new_on_any_sheet(app: TestApp) {
    rules::adopt(&app).await;
    app.put_on("/facts/toxic", "officer", &toxic(), None).await.expect(201);
    record(&app, "T2", json!({"facts": [{"key": "people", "value": {"number": 8}}]}), None).await.expect(201);
    let only_new = async |path: &str, body: Value| {
        let request = app.put(&format!("/api/v1/organizations/T2/facts{path}")).as_("officer");
        request.header("if-none-match", "*").json(&body).send().await
    };
    only_new("/toxic", json!({"value": {"tag": true}})).await.expect(200);
    assert_eq!(known(&app, "/organizations/T2/facts", "toxic").await, (json!("recorded"), json!(true)));
    assert_eq!(only_new("/toxic", json!({"value": {"tag": true}})).await.expect(200)["repeated"], true);
    assert_eq!(only_new("/toxic", json!({"value": {"tag": false}})).await.problem(412), "changed_meanwhile");
    let sheet = json!({"facts": [{"key": "people", "value": {"number": 9}}]});
    assert_eq!(only_new("", sheet).await.problem(412), "changed_meanwhile");
}

async fn the_same_facts_again_change_nothing(app: TestApp) {
    rules::adopt(&app).await;
    let body = json!({"facts": [{"key": "people", "value": {"number": 8}}], "complete": true});
    let first = record(&app, "T2", body.clone(), None).await.expect(201);
    for state in [None, Some("W/\"r1\""), Some("*")] {
        let again = record(&app, "T2", body.clone(), state).await.expect(200);
        assert_eq!((&again["repeated"], &again["revision"]), (&json!(true), &first["revision"]), "{state:?}");
    }
    assert_eq!(app.read("/organizations/T2/fact-history").await["items"].as_array().unwrap().len(), 2);
}

async fn a_fact_that_is_taken_back_is_unknown_unless_the_sheet_is_complete(app: TestApp) {
    rules::adopt(&app).await;
    let sheet = "/organizations/T1/facts";
    let back = json!({"facts": [{"key": "people", "value": null}]});
    record(&app, "T1", back.clone(), Some("*")).await.expect(200);
    assert_eq!(known(&app, sheet, "people").await, (json!("unknown"), Value::Null));
    record(&app, "T1", json!({"facts": [], "complete": true}), Some("*")).await.expect(200);
    assert_eq!(known(&app, sheet, "people").await, (json!("absent"), json!(0)));
    record(&app, "T1", json!({"facts": [], "complete": false}), Some("*")).await.expect(200);
    assert_eq!(known(&app, sheet, "people").await, (json!("unknown"), Value::Null));
    // Both in one revision: the sender states that nothing is missing.
    record(&app, "T1", json!({"facts": [{"key": "people", "value": {"number": 5}}], "complete": true}), Some("*"))
        .await
        .expect(200);
    let both = json!({"facts": [{"key": "people", "value": null}], "complete": true});
    record(&app, "T1", both.clone(), Some("*")).await.expect(200);
    assert_eq!(known(&app, sheet, "people").await, (json!("absent"), json!(0)));
    assert_eq!(record(&app, "T1", both, None).await.expect(200)["repeated"], true);
}

async fn a_complete_sheet_says_nothing_of_an_entry_that_came_later(app: TestApp) {
    rules::adopt(&app).await;
    let body = json!({"facts": [{"key": "people", "value": {"number": 8}}], "complete": true});
    record(&app, "T2", body.clone(), None).await.expect(201);
    app.put_on("/facts/toxic", "officer", &toxic(), None).await.expect(201);
    let sheet = "/organizations/T2/facts";
    assert_eq!(known(&app, sheet, "toxic").await, (json!("unknown"), Value::Null));
    // The mark covers more now, so it is a change that must name its state.
    assert_eq!(record(&app, "T2", body.clone(), None).await.problem(428), "if_match_missing");
    record(&app, "T2", body, Some(&app.tag(sheet, "officer").await)).await.expect(200);
    assert_eq!(known(&app, sheet, "toxic").await, (json!("absent"), json!(false)));
}

async fn figures_follow_the_facts_and_the_past_does_not(app: TestApp) {
    rules::adopt(&app).await;
    let lines = "/shortages?organization=T1&item=MASK";
    let before = app.read(lines).await;
    assert_eq!(before["items"][0]["required"], json!({"min": 12, "max": 12}));
    let body = json!({"valid_from": "2026-10-01", "facts": [{"key": "people", "value": {"number": 20}}]});
    record(&app, "T1", body, Some("*")).await.expect(200);
    let required = async |path: String| app.read(&path).await["items"][0]["required"]["max"].clone();
    assert_eq!(required(lines.to_owned()).await, 20);
    assert_eq!(required(format!("{lines}&as_of=2026-10-01")).await, 20);
    assert_eq!(required(format!("{lines}&as_of=2026-09-30")).await, 12);
    assert_eq!(required(format!("{lines}&as_of=2026-11-23&revision={}", before["revision"])).await, 12);
    // A value from a future day does not hold yet.
    let body = json!({"valid_from": "2026-11-24", "facts": [{"key": "people", "value": {"number": 30}}]});
    record(&app, "T1", body, Some("*")).await.expect(200);
    assert_eq!(required(lines.to_owned()).await, 20);
    app.clock.set(seed::now() + chrono::TimeDelta::hours(15));
    assert_eq!(required(lines.to_owned()).await, 30);
}

async fn what_was_put_on_a_sheet_is_remembered(app: TestApp) {
    rules::adopt(&app).await;
    let body = json!({"facts": [{"key": "people", "value": {"number": 2.5}}], "complete": true});
    record(&app, "T1", body, Some("*")).await.expect(200);
    let history = app.read("/organizations/T1/fact-history?fact=people").await;
    let values: Vec<&Value> =
        history["items"].as_array().unwrap().iter().map(|row| &row["state"]["value"]["number"]).collect();
    assert_eq!(values, [&json!(2.5), &json!(12)]);
    let whole = app.read("/organizations/T1/fact-history").await;
    let mark = whole["items"].as_array().unwrap().iter().find(|row| row["state"]["key"].is_null()).unwrap().clone();
    assert_eq!((&mark["state"]["complete"], &mark["author"]["name"]), (&json!(true), &json!("Holder of officer")));
    app.get("/api/v1/organizations/T1/fact-history").as_("t1").send().await.expect(200);
    assert_eq!(app.get("/api/v1/organizations/T1/fact-history").as_("t2").send().await.problem(404), "not_found");
}
