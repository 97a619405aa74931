//! Reading reference data: regions, organizations, facts, depots, the catalogue, standards, rules and adoptions.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::rules;

cases![
    lists_show_what_the_caller_sees,
    lists_are_narrowed_by_their_filters,
    pages_follow_each_other_and_end,
    a_cursor_of_another_list_is_refused,
    things_are_found_by_id_and_by_code,
    a_fact_is_recorded_absent_or_unknown,
    rules_tell_whether_they_give_a_figure,
    adoptions_tell_from_when_to_when,
    names_follow_the_language_asked_for,
    what_a_phone_has_already_is_not_sent_again,
    today_is_the_callers_day,
];

async fn read(app: &TestApp, username: &str, path: &str) -> Value {
    app.get(&format!("/api/v1{path}")).as_(username).send().await.expect(200)
}

fn codes(page: &Value) -> Vec<&str> {
    page["items"].as_array().unwrap().iter().map(|item| item["code"].as_str().unwrap()).collect()
}

async fn lists_show_what_the_caller_sees(app: TestApp) {
    assert_eq!(codes(&read(&app, "viewer", "/organizations").await), ["E1", "T1", "T2"]);
    assert_eq!(codes(&read(&app, "t1", "/organizations").await), ["T1"]);
    assert_eq!(codes(&read(&app, "viewer", "/depots").await), ["E1-A", "T1-A", "T2-A"]);
    assert_eq!(codes(&read(&app, "e1", "/depots").await), ["E1-A"]);
    assert_eq!(codes(&read(&app, "t1", "/regions").await), ["150000", "159900"]);
    assert_eq!(codes(&read(&app, "t1", "/item-classes").await), ["protection"]);
}

async fn lists_are_narrowed_by_their_filters(app: TestApp) {
    let cases = [
        ("/organizations?kind=enterprise", &["E1"][..]),
        ("/organizations?sector=hazchem", &["E1"]),
        ("/organizations?sector=fireworks", &[]),
        ("/organizations?q=t1+ORGANIZATION", &["T1"]),
        ("/organizations?q=%E5%8D%95%E4%BD%8DT2", &["T2"]),
        ("/organizations?region=150000", &["E1", "T1", "T2"]),
        ("/organizations?region=159900&kind=rescue_team", &["T1", "T2"]),
        ("/depots?organization=T2", &["T2-A"]),
        ("/depots?region=150000&open=true", &["E1-A", "T1-A", "T2-A"]),
        ("/depots?open=false", &[]),
        ("/items?q=mas", &["MASK"]),
        ("/items?item_class=protection", &["BOOTS", "MASK", "SAND"]),
        ("/items?item_class=food", &[]),
    ];
    for (path, expected) in cases {
        assert_eq!(codes(&read(&app, "officer", path).await), expected, "{path}");
    }
    for path in ["/organizations?region=999999", "/depots?organization=T9", "/depots?region=nowhere"] {
        assert_eq!(app.get(&format!("/api/v1{path}")).as_("officer").send().await.problem(404), "not_found", "{path}");
    }
    let answer = app.get("/api/v1/organizations?kind=school").as_("officer").send().await;
    assert_eq!(answer.problem(400), "malformed");
    assert_eq!(answer.json()["errors"][0]["pointer"], "/kind/0");
}

async fn pages_follow_each_other_and_end(app: TestApp) {
    rules::adopt(&app).await;
    let lists = [
        ("/organizations", 3),
        ("/depots", 3),
        ("/items", 3),
        ("/regions", 2),
        ("/rules", 4),
        ("/standards", 1),
        ("/facts", 1),
        ("/adoptions", 1),
        ("/item-classes", 1),
    ];
    for (path, expected) in lists {
        let all = read(&app, "admin", path).await["items"].as_array().unwrap().clone();
        assert_eq!(all.len(), expected, "{path}");
        let mut found = Vec::new();
        let mut next = format!("{path}?limit=1");
        loop {
            let page = read(&app, "admin", &next).await;
            found.extend(page["items"].as_array().unwrap().clone());
            assert!(found.len() <= all.len(), "{path}: the pages do not end");
            let Some(cursor) = page["next_cursor"].as_str() else { break };
            next = format!("{path}?limit=1&cursor={cursor}");
        }
        assert_eq!(found, all, "{path}");
    }
}

async fn a_cursor_of_another_list_is_refused(app: TestApp) {
    rules::adopt(&app).await;
    let page = read(&app, "admin", "/rules?limit=1").await;
    for cursor in [page["next_cursor"].as_str().unwrap(), "!", "bnVsbA"] {
        let answer = app.get(&format!("/api/v1/depots?cursor={cursor}")).as_("admin").send().await;
        assert_eq!(answer.problem(422), "values_not_taken", "{cursor}");
        assert_eq!(answer.json()["errors"][0]["code"], "cursor_unknown");
    }
}

async fn things_are_found_by_id_and_by_code(app: TestApp) {
    rules::adopt(&app).await;
    for (list, code) in [("/organizations", "T1"), ("/depots", "T1-A")] {
        let found = read(&app, "t1", &format!("{list}/{code}")).await;
        let id = found["id"].as_str().unwrap();
        assert_eq!(read(&app, "t1", &format!("{list}/{id}")).await, found);
        assert_eq!(read(&app, "t1", &format!("{list}/{}", id.to_uppercase())).await, found);
    }
    for path in ["/items/MASK", "/standards/STD", "/rules/B1"] {
        read(&app, "t1", path).await;
        let other = format!("/api/v1{path}9");
        assert_eq!(app.get(&other).as_("t1").send().await.problem(404), "not_found", "{other}");
    }
    let team = read(&app, "t1", "/organizations/T1").await;
    assert_eq!(team["region"]["code"], "159900");
    assert_eq!((&team["hosted_by"], &team["active"]), (&Value::Null, &json!(true)));
    let depot = read(&app, "t1", "/depots/T1-A").await;
    assert_eq!((&depot["position"], &depot["organization"]["code"]), (&Value::Null, &json!("T1")));
}

async fn a_fact_is_recorded_absent_or_unknown(app: TestApp) {
    rules::adopt(&app).await;
    let recorded = read(&app, "t1", "/organizations/T1/facts").await;
    assert_eq!((&recorded["as_of"], &recorded["complete"]), (&json!("2026-11-23"), &json!(false)));
    let expected = json!([{
        "key": "people", "kind": "number", "unit": "person", "name": "People", "state": "recorded", "value": {"number": 12},
        "valid_from": "2026-01-01"
    }]);
    assert_eq!(recorded["facts"], expected);
    let before = read(&app, "t1", "/organizations/T1/facts?as_of=2025-12-31").await;
    assert_eq!(before["facts"][0]["state"], "unknown");
    rules::mark_sheet_complete(&app, "E1").await;
    let absent = read(&app, "viewer", "/organizations/E1/facts").await;
    assert_eq!((&absent["complete"], &absent["complete_from"]), (&json!(true), &json!("2026-11-23")));
    assert_eq!((&absent["facts"][0]["state"], &absent["facts"][0]["value"]["number"]), (&json!("absent"), &json!(0)));
}

async fn rules_tell_whether_they_give_a_figure(app: TestApp) {
    rules::adopt(&app).await;
    let cases = [
        ("/rules", &["B1", "M1", "S1", "X1"][..]),
        ("/rules?evaluated=true", &["B1", "M1", "S1"]),
        ("/rules?evaluated=false", &["X1"]),
        ("/rules?item=MASK", &["M1"]),
        ("/rules?strength=recommended", &["S1"]),
        ("/rules?standard=STD&item=BOOTS&strength=mandatory", &["B1"]),
        ("/rules?standard=OTHER", &[]),
    ];
    for (path, expected) in cases {
        let page = read(&app, "viewer", path).await;
        let found: Vec<&str> =
            page["items"].as_array().unwrap().iter().map(|item| item["rule"]["code"].as_str().unwrap()).collect();
        assert_eq!(found, expected, "{path}");
    }
    let rule = read(&app, "viewer", "/rules/B1").await;
    assert_eq!(rule["standard"], json!({"code": "STD", "title": "Test standard"}));
    assert_eq!(rule["rule"]["quantity"]["rate"]["spare"], json!({"ratio": {"for_each": 4, "reserve": 1}}));
    assert_eq!(read(&app, "viewer", "/standards/STD").await["rules"], 4);
}

async fn adoptions_tell_from_when_to_when(app: TestApp) {
    rules::adopt(&app).await;
    let page = read(&app, "t1", "/adoptions").await;
    let adoption = &page["items"][0];
    assert_eq!((&adoption["region"]["code"], &adoption["standard"]["code"]), (&json!("159900"), &json!("STD")));
    assert_eq!((&adoption["strength"], &adoption["today"]), (&json!("mandatory"), &json!(true)));
    assert_eq!((&adoption["valid_from"], &adoption["valid_to"]), (&json!("2026-01-01"), &Value::Null));
}

async fn names_follow_the_language_asked_for(app: TestApp) {
    rules::adopt(&app).await;
    for (path, pointer, english, chinese) in [
        ("/organizations/T1", "/name", "Organization T1", "单位T1"),
        ("/depots/T1-A", "/organization/name", "Organization T1", "单位T1"),
        ("/facts", "/items/0/definition", "Members of the team.", "队员人数。"),
        ("/standards/STD", "/title", "Test standard", "试验标准"),
        ("/rules/B1", "/text", "Clause B1.", "条文。"),
        ("/item-classes", "/items/0/name", "Protection", "防护"),
    ] {
        for (language, expected) in [("en", english), ("zh-CN", chinese)] {
            let request = app.get(&format!("/api/v1{path}")).as_("t1").header("accept-language", language);
            let answer = request.send().await;
            assert_eq!(answer.expect(200).pointer(pointer), Some(&json!(expected)), "{path}");
            assert_eq!(answer.header("content-language"), language);
        }
    }
}

async fn what_a_phone_has_already_is_not_sent_again(app: TestApp) {
    rules::adopt(&app).await;
    for path in ["/organizations", "/organizations/T1/facts", "/depots", "/items", "/standards", "/rules", "/facts"] {
        let path = format!("/api/v1{path}");
        let tag = app.get(&path).as_("t1").send().await.header("etag").to_owned();
        let again = app.get(&path).as_("t1").header("if-none-match", &tag).send().await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}");
        let other = app.get(&path).as_("t1").header("if-none-match", "W/\"other\"").send().await;
        assert_eq!(other.status, 200, "{path}");
    }
}

/// At 17:00 in Greenwich it is the next day in the banner.
async fn today_is_the_callers_day(app: TestApp) {
    rules::adopt(&app).await;
    app.clock.set(crate::seed::now() + chrono::TimeDelta::hours(15));
    for username in ["t1", "viewer"] {
        assert_eq!(read(&app, username, "/organizations/T1/facts").await["as_of"], "2026-11-24", "{username}");
    }
}
