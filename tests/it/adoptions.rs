//! Adopting standards, and ending adoptions.

use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::{rules, standards};

cases![
    an_adoption_binds_from_its_day_with_its_strength_until_it_ends,
    deciding_is_safe_to_repeat_and_two_officers_at_once_are_told,
    past_days_are_corrected_with_a_reason_only,
    what_is_not_published_cannot_be_adopted,
    an_adopted_standard_does_not_become_a_draft_again,
    an_adoption_before_the_standard_begins_binds_from_its_beginning,
    an_edition_whose_successor_has_ended_does_not_revive,
    a_bureau_decides_in_its_own_regions_only,
    adoptions_are_listed_by_region_standard_day_and_revision,
];

const PATH: &str = "/api/v1/regions/159900/adoptions/STD";

async fn put(app: &TestApp, path: &str, body: Value) -> Answer {
    app.put(path).as_("officer").header("if-match", "*").json(&body).send().await
}

async fn end(app: &TestApp, body: Value) -> Answer {
    app.post(&format!("{PATH}/end")).as_("officer").header("if-match", "*").json(&body).send().await
}

async fn strength_on(app: &TestApp, day: &str) -> Value {
    let path = format!("/api/v1/shortages?organization=T1&item=BOOTS&as_of={day}");
    app.get(&path).as_("viewer").send().await.expect(200)["items"][0]["strength"].clone()
}

async fn an_adoption_binds_from_its_day_with_its_strength_until_it_ends(app: TestApp) {
    rules::adopt(&app).await;
    put(&app, PATH, json!({"strength": "recommended", "valid_from": "2026-12-01"})).await.expect(200);
    end(&app, json!({"reason": "replaced", "valid_from": "2026-12-10"})).await.expect(200);
    for (day, strength) in [
        ("2026-11-30", json!("mandatory")),
        ("2026-12-01", json!("recommended")),
        ("2026-12-09", json!("recommended")),
        ("2026-12-10", json!(null)),
    ] {
        assert_eq!(strength_on(&app, day).await, strength, "{day}");
    }
    let found = app.get(PATH).as_("t1").send().await.expect(200);
    assert_eq!(found["strength"], "mandatory");
    let history = found["history"].as_array().unwrap();
    assert_eq!((history.len(), &history[0]["author"]), (3, &json!(null)), "the first was put in by the program");
    let (author, reason) = (&history[2]["author"]["name"], &history[2]["reason"]);
    assert_eq!((author, reason), (&json!("Holder of officer"), &json!("replaced")));
    assert_eq!((&history[2]["valid_from"], &history[2]["state"]), (&json!("2026-12-10"), &json!({"strength": null})));
}

async fn deciding_is_safe_to_repeat_and_two_officers_at_once_are_told(app: TestApp) {
    rules::adopt(&app).await;
    let first = app.get(PATH).as_("officer").send().await;
    let tag = first.header("etag").to_owned();
    let weaker = json!({"strength": "recommended"});
    assert_eq!(app.put(PATH).as_("officer").json(&weaker).send().await.problem(428), "if_match_missing");
    let request = app.put(PATH).as_("officer").header("if-match", &tag).json(&weaker);
    let changed = request.send().await.expect(200);
    assert_eq!((&changed["stored"]["strength"], &changed["repeated"]), (&json!("recommended"), &json!(false)));
    let repeated = app.put(PATH).as_("officer").header("if-match", &tag).json(&weaker).send().await.expect(200);
    assert_eq!((&repeated["repeated"], &repeated["stored"]), (&json!(true), &changed["stored"]));
    assert_eq!((&repeated["valid_from"], &repeated["revision"]), (&json!("2026-11-23"), &changed["revision"]));
    let other = app.put(PATH).as_("admin").header("if-match", &tag).json(&json!({"strength": "optional"})).send().await;
    assert_eq!(other.problem(412), "changed_meanwhile");
    end(&app, json!({"reason": "replaced"})).await.expect(200);
    assert_eq!(end(&app, json!({"reason": "replaced"})).await.expect(200)["repeated"], true);
}

async fn past_days_are_corrected_with_a_reason_only(app: TestApp) {
    rules::adopt(&app).await;
    let answer = put(&app, PATH, json!({"strength": "optional", "valid_from": "2026-11-22"})).await;
    answer.problem(422);
    let fault = &answer.json()["errors"][0];
    assert_eq!((&fault["code"], &fault["pointer"]), (&json!("needs_correction_reason"), &json!("/valid_from")));
    let chinese = app.put(PATH).as_("officer").header("accept-language", "zh-CN");
    let told = chinese.json(&json!({"strength": "optional", "valid_from": "2026-11-22"})).send().await.json();
    assert!(told["errors"][0]["detail"].as_str().unwrap().contains("已经过去"), "{told}");
    let reasoned = json!({"strength": "optional", "valid_from": "2026-11-22", "correction_reason": "misread"});
    let corrected = put(&app, PATH, reasoned).await.expect(200);
    assert_eq!(corrected["stored"]["history"][1]["reason"], "misread");
    assert_eq!(strength_on(&app, "2026-11-22").await, "optional");
    assert_eq!(strength_on(&app, "2026-11-21").await, "mandatory");
}

async fn what_is_not_published_cannot_be_adopted(app: TestApp) {
    standards::plant_top_officer(&app).await;
    let path = "/api/v1/regions/159900/adoptions/NEW";
    assert_eq!(put(&app, path, json!({"strength": "mandatory"})).await.problem(404), "not_found");
    let mut text = standards::text("NEW", &[]);
    text["status"] = json!("draft");
    standards::draft(&app, &text).await.expect(201);
    assert_eq!(put(&app, path, json!({"strength": "mandatory"})).await.problem(409), "standard_is_draft");
    standards::publish(&app, "NEW", json!({})).await.expect(201);
    assert_eq!(put(&app, path, json!({"strength": "mandatory"})).await.problem(409), "standard_is_draft");
    standards::draft(&app, &standards::text("NEW", &[])).await.expect(201);
    standards::publish(&app, "NEW", json!({})).await.expect(200);
    put(&app, path, json!({"strength": "mandatory"})).await.expect(201);
    let never = app.post("/api/v1/regions/150000/adoptions/NEW/end").as_("top").json(&json!({"reason": "no"}));
    assert_eq!(never.send().await.problem(409), "not_adopted");
}

async fn an_adopted_standard_does_not_become_a_draft_again(app: TestApp) {
    standards::plant_top_officer(&app).await;
    let path = "/api/v1/regions/159900/adoptions/NEW";
    standards::draft(&app, &standards::text("NEW", &[])).await.expect(201);
    standards::publish(&app, "NEW", json!({})).await.expect(201);
    put(&app, path, json!({"strength": "mandatory", "valid_from": "2026-12-01"})).await.expect(201);
    let mut text = standards::text("NEW", &[]);
    text["status"] = json!("draft");
    standards::draft(&app, &text).await.expect(201);
    assert_eq!(standards::publish(&app, "NEW", json!({})).await.problem(409), "standard_is_adopted");
    let end = app.post(&format!("{path}/end")).as_("officer").header("if-match", "*");
    end.json(&json!({"reason": "withdrawn", "valid_from": "2026-12-10"})).send().await.expect(200);
    let early = json!({"valid_from": "2026-12-09"});
    assert_eq!(standards::publish(&app, "NEW", early).await.problem(409), "standard_is_adopted");
    standards::publish(&app, "NEW", json!({"valid_from": "2026-12-10"})).await.expect(200);
}

async fn an_adoption_before_the_standard_begins_binds_from_its_beginning(app: TestApp) {
    standards::plant_top_officer(&app).await;
    let mut text = standards::text("NEW", &[standards::boots("NB1", 4)]);
    text["valid_from"] = json!("2026-12-01");
    standards::draft(&app, &text).await.expect(201);
    standards::publish(&app, "NEW", json!({})).await.expect(201);
    put(&app, "/api/v1/regions/159900/adoptions/NEW", json!({"strength": "mandatory"})).await.expect(201);
    for (day, strength) in [("2026-11-30", json!(null)), ("2026-12-01", json!("mandatory"))] {
        assert_eq!(strength_on(&app, day).await, strength, "{day}");
    }
}

async fn an_edition_whose_successor_has_ended_does_not_revive(app: TestApp) {
    standards::plant_top_officer(&app).await;
    for (code, rule, successor) in [("NEW", "NB1", json!(null)), ("OLD", "OB1", json!("NEW"))] {
        let mut text = standards::text(code, &[standards::boots(rule, 4)]);
        text["replaced_by"] = successor;
        standards::draft(&app, &text).await.expect(201);
        standards::publish(&app, code, json!({})).await.expect(201);
    }
    let [old, new] = ["OLD", "NEW"].map(|code| format!("/api/v1/regions/159900/adoptions/{code}"));
    put(&app, &old, json!({"strength": "mandatory"})).await.expect(201);
    put(&app, &new, json!({"strength": "recommended", "valid_from": "2026-12-01"})).await.expect(201);
    let over = json!({"reason": "a trial", "valid_from": "2026-12-10"});
    let end = app.post(&format!("{new}/end")).as_("officer").header("if-match", "*");
    end.json(&over).send().await.expect(200);
    let strengths = async || {
        let mut found = Vec::new();
        for day in ["2026-11-30", "2026-12-01", "2026-12-10", "2026-12-20"] {
            found.push(strength_on(&app, day).await);
        }
        json!(found)
    };
    assert_eq!(strengths().await, json!(["mandatory", "recommended", null, null]));
    // An edition adopted while its successor is in force stays out; adopted after that, it binds again.
    put(&app, &old, json!({"strength": "mandatory", "valid_from": "2026-12-05"})).await.expect(200);
    assert_eq!(strengths().await, json!(["mandatory", "recommended", null, null]));
    put(&app, &old, json!({"strength": "mandatory", "valid_from": "2026-12-15"})).await.expect(200);
    assert_eq!(strengths().await, json!(["mandatory", "recommended", null, "mandatory"]));
}

async fn a_bureau_decides_in_its_own_regions_only(app: TestApp) {
    rules::adopt(&app).await;
    standards::plant_officer(&app, "neighbour", "159800").await;
    let answer = app.put(PATH).as_("neighbour").json(&json!({"strength": "optional"})).send().await;
    assert_eq!(answer.problem(403), "outside_own_region");
    let above = "/api/v1/regions/150000/adoptions/STD";
    assert_eq!(put(&app, above, json!({"strength": "optional"})).await.problem(403), "outside_own_region");
    standards::plant_top_officer(&app).await;
    app.put(above).as_("top").json(&json!({"strength": "optional"})).send().await.expect(201);
    assert_eq!(app.shortage("T1", "BOOTS").await["strength"], "mandatory", "the strongest holds");
}

async fn adoptions_are_listed_by_region_standard_day_and_revision(app: TestApp) {
    rules::adopt(&app).await;
    let before = app.get("/api/v1/shortages").as_("viewer").send().await.expect(200)["revision"].clone();
    put(&app, PATH, json!({"strength": "optional", "valid_from": "2026-12-01"})).await.expect(200);
    for (query, expected) in [
        ("", json!(["mandatory", "optional"])),
        ("?region=159900&standard=STD", json!(["mandatory", "optional"])),
        ("?region=150000", json!([])),
        ("?standard=OTHER", json!([])),
        ("?as_of=2026-12-01", json!(["optional"])),
        (&format!("?as_of=2026-12-01&revision={before}"), json!(["mandatory"])),
    ] {
        let page = app.get(&format!("/api/v1/adoptions{query}")).as_("viewer").send().await.expect(200);
        let strengths: Vec<&Value> = page["items"].as_array().unwrap().iter().map(|one| &one["strength"]).collect();
        assert_eq!(json!(strengths), expected, "{query}");
    }
}
