//! Exemptions from rules, from granting to their end.

use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::{rules, standards, targets};

cases![
    an_exempted_line_stays_and_says_by_whose_leave,
    granting_is_exactly_once_by_id,
    ending_is_safe_to_repeat_and_takes_the_state_it_was_decided_on,
    what_cannot_be_granted_is_refused,
    exemptions_are_listed_by_organization_rule_and_day,
    a_bureau_exempts_its_own_organizations_only,
];

/// A body for a rule, through a last day.
pub fn body(rule: &str, ends_on: &str) -> Value {
    json!({"rule": rule, "reason": "the store is being rebuilt", "ends_on": ends_on})
}

/// Grants an exemption from today, and answers its id.
pub async fn grant(app: &TestApp, organization: &str, rule: &str, ends_on: &str) -> Uuid {
    let id = Uuid::now_v7();
    let put = app.put(&format!("/api/v1/organizations/{organization}/exemptions/{id}")).as_("officer");
    put.json(&body(rule, ends_on)).send().await.expect(201);
    id
}

/// Adds a rule that says "as needed", and an organization's target for it.
pub async fn declare(app: &TestApp, organization: &str, rule: &str, quantity: i64) {
    targets::plant_need(app).await;
    let put = app.put(&format!("/api/v1/organizations/{organization}/targets/{rule}")).as_("officer");
    put.json(&json!({"quantity": quantity})).send().await.expect(201);
}

async fn an_exempted_line_stays_and_says_by_whose_leave(app: TestApp) {
    rules::adopt(&app).await;
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "unknown");
    let id = grant(&app, "T1", "B1", "2026-12-31").await;
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!((&line["status"], &line["required"]), (&json!("not_required"), &json!({"min": 0, "max": 0})));
    assert!(line["reasons"].as_array().unwrap().contains(&json!({"code": "exempt", "rule": "B1"})), "{line}");
    let path = format!("/api/v1/organizations/T1/shortages/{}", line["line"].as_str().unwrap());
    let explained = app.get(&path).as_("t1").send().await.expect(200);
    let cited = &explained["explanation"]["scopes"][0]["rules"][0]["exemption"];
    let expected = json!({"id": id, "reason": "the store is being rebuilt", "valid_from": "2026-11-23",
        "ends_on": "2026-12-31", "granted_by": "Holder of officer"});
    assert_eq!(*cited, expected);
    let other = app.shortage("T2", "BOOTS").await;
    assert_ne!(other["status"], "not_required", "leave is for one organization");
}

async fn granting_is_exactly_once_by_id(app: TestApp) {
    rules::adopt(&app).await;
    let id = grant(&app, "T1", "B1", "2026-12-31").await;
    let path = format!("/api/v1/organizations/T1/exemptions/{id}");
    let newest = app.get("/api/v1/shortages").as_("viewer").send().await.expect(200)["revision"].clone();
    let again = app.put(&path).as_("officer").json(&body("B1", "2026-12-31")).send().await.expect(200);
    assert_eq!(again["repeated"], true);
    assert_eq!(app.get("/api/v1/shortages").as_("viewer").send().await.expect(200)["revision"], newest);
    let other = app.put(&path).as_("officer").json(&body("B1", "2027-12-31")).send().await;
    assert_eq!(other.problem(409), "id_reused");
    let elsewhere = app.put(&path.replace("T1", "T2")).as_("officer").json(&body("B1", "2026-12-31")).send().await;
    assert_eq!(elsewhere.problem(409), "id_reused");
}

async fn ending_is_safe_to_repeat_and_takes_the_state_it_was_decided_on(app: TestApp) {
    rules::adopt(&app).await;
    let id = grant(&app, "T1", "B1", "2026-12-31").await;
    let path = format!("/api/v1/organizations/T1/exemptions/{id}");
    let tag = app.get(&path).as_("officer").send().await.header("etag").to_owned();
    let end = async |body: Value, tag: &str| {
        let request = app.post(&format!("{path}/end")).as_("officer").json(&body);
        if tag.is_empty() { request.send().await } else { request.header("if-match", tag).send().await }
    };
    let done = json!({"reason": "rebuilt", "valid_from": "2026-12-01"});
    assert_eq!(end(done.clone(), "").await.problem(428), "if_match_missing");
    let ended = end(done.clone(), &tag).await.expect(200);
    let view = &ended["stored"];
    assert_eq!((&ended["valid_from"], &ended["revision"]), (&json!("2026-12-01"), &view["ends"][0]["revision"]));
    assert_eq!((&view["ends_on"], &view["ends"][0]["ended_by"]), (&json!("2026-11-30"), &json!("Holder of officer")));
    assert_eq!(end(done, &tag).await.expect(200)["repeated"], true);
    assert_eq!(end(json!({"reason": "at once"}), &tag).await.problem(412), "changed_meanwhile");
    end(json!({"reason": "at once"}), "*").await.expect(200);
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "unknown");
    let early = end(json!({"reason": "never", "valid_from": "2026-11-01"}), "*").await;
    early.problem(422);
    assert_eq!(early.json()["errors"][0]["code"], "before_the_beginning");
    let over = end(json!({"reason": "late", "valid_from": "2027-01-01"}), "*").await;
    assert_eq!(over.problem(409), "exemption_over");
}

async fn what_cannot_be_granted_is_refused(app: TestApp) {
    rules::adopt(&app).await;
    let reasonless = json!({"rule": "B1", "ends_on": "2026-12-31"});
    let mut past = body("B1", "2026-12-31");
    past["valid_from"] = json!("2026-11-01");
    for (body, code) in [
        (body("NOTHING", "2026-12-31"), "rule_unknown"),
        (body("B1", "2026-11-22"), "days_crossed"),
        (past.clone(), "needs_correction_reason"),
        (reasonless, "missing_field"),
    ] {
        let path = format!("/api/v1/organizations/T1/exemptions/{}", Uuid::now_v7());
        let answer = app.put(&path).as_("officer").json(&body).send().await;
        answer.problem(422);
        assert_eq!(answer.json()["errors"][0]["code"], code);
    }
    past["correction_reason"] = json!("the paper was signed on the first");
    let path = format!("/api/v1/organizations/T1/exemptions/{}", Uuid::now_v7());
    app.put(&path).as_("officer").json(&past).send().await.expect(201);
    let before = app.get("/api/v1/shortages?organization=T1&item=BOOTS&as_of=2026-11-01").as_("viewer").send().await;
    assert_eq!(before.expect(200)["items"][0]["status"], "not_required");
}

async fn exemptions_are_listed_by_organization_rule_and_day(app: TestApp) {
    rules::adopt(&app).await;
    let one = grant(&app, "T1", "B1", "2026-12-31").await;
    let other = grant(&app, "T2", "M1", "2026-11-30").await;
    for (username, query, expected) in [
        ("officer", "", vec![one, other]),
        ("officer", "?organization=T2", vec![other]),
        ("officer", "?rule=B1", vec![one]),
        ("officer", "?active_on=2026-12-01", vec![one]),
        ("officer", "?active_on=2026-11-22", vec![]),
        ("t2", "", vec![other]),
    ] {
        let page = app.get(&format!("/api/v1/exemptions{query}")).as_(username).send().await.expect(200);
        let ids: Vec<&str> = page["items"].as_array().unwrap().iter().map(|one| one["id"].as_str().unwrap()).collect();
        assert_eq!(ids, expected.iter().map(Uuid::to_string).collect::<Vec<_>>(), "{username} {query}");
    }
}

async fn a_bureau_exempts_its_own_organizations_only(app: TestApp) {
    rules::adopt(&app).await;
    standards::plant_officer(&app, "neighbour", "159800").await;
    let path = format!("/api/v1/organizations/T1/exemptions/{}", Uuid::now_v7());
    let answer = app.put(&path).as_("neighbour").json(&body("B1", "2026-12-31")).send().await;
    assert_eq!(answer.problem(404), "not_found");
    assert_eq!(app.put(&path).as_("t1").json(&body("B1", "2026-12-31")).send().await.problem(403), "role_not_allowed");
}
