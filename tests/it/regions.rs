//! Maintaining regions: permissions, immutable fields, and the effect of settings on figures.

use db::locks::Locks;
use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rows::tester;
use crate::rules;
use crate::seed;

cases![
    a_region_is_made_changed_and_remembered,
    the_same_again_changes_nothing,
    an_admin_keeps_the_regions_below_and_the_top_one,
    what_cannot_be_a_region_is_refused_with_its_place,
    the_days_a_count_speaks_follow_the_setting_and_the_past_does_not,
];

fn below() -> Value {
    json!({"parent": "159900", "name_en": "Township", "name_zh": "镇", "time_zone": "Asia/Urumqi", "validity_days": 60})
}

impl TestApp {
    /// Puts a thing under a code, as an account, on a state or on none.
    pub async fn put_on(&self, path: &str, username: &str, body: &Value, state: Option<&str>) -> Answer {
        let request = self.put(&format!("/api/v1{path}")).as_(username).json(body);
        match state {
            Some(tag) => request.header("if-match", tag).send().await,
            None => request.send().await,
        }
    }

    /// The tag of the state of a thing.
    pub async fn tag(&self, path: &str, username: &str) -> String {
        let answer = self.get(&format!("/api/v1{path}")).as_(username).send().await;
        answer.expect(200);
        answer.header("etag").to_owned()
    }

    /// Reads a thing, as an officer.
    pub async fn read(&self, path: &str) -> Value {
        self.get(&format!("/api/v1{path}")).as_("officer").send().await.expect(200)
    }
}

/// The codes and places of the faults of a 422 answer.
pub fn faults(answer: &Answer) -> Vec<(String, String)> {
    assert_eq!(answer.problem(422), "values_not_taken");
    let problem = answer.json();
    let text = |fault: &Value, name: &str| fault[name].as_str().unwrap().to_owned();
    problem["errors"].as_array().unwrap().iter().map(|it| (text(it, "pointer"), text(it, "code"))).collect()
}

/// The same as texts that are easy to compare.
pub fn places(answer: &Answer) -> Vec<String> {
    faults(answer).into_iter().map(|(place, code)| format!("{place} {code}")).collect()
}

async fn a_region_is_made_changed_and_remembered(app: TestApp) {
    let made = app.put_on("/regions/159901", "admin", &below(), None).await;
    let body = made.expect(201);
    assert_eq!((&body["stored"]["code"], &body["repeated"]), (&json!("159901"), &json!(false)));
    assert_eq!(body["valid_from"], "2026-11-23");
    assert_eq!(app.read("/regions/159901").await["time_zone"], "Asia/Urumqi");

    let mut changed = below();
    changed["name_en"] = json!("Town");
    changed["valid_from"] = json!("2026-06-01");
    assert_eq!(app.put_on("/regions/159901", "admin", &changed, None).await.problem(428), "if_match_missing");
    let answer = app.put_on("/regions/159901", "admin", &changed, Some(made.header("etag"))).await;
    assert_eq!(answer.expect(200)["stored"]["name_en"], "Town");
    // From June it was the town, and from today it is the first version.
    assert_eq!(app.read("/regions/159901").await["name_en"], "Township");
    let history = app.read("/regions/159901/history").await;
    let rows = history["items"].as_array().unwrap();
    assert_eq!(rows.len(), 2);
    assert_eq!((&rows[0]["valid_from"], &rows[0]["state"]["name_en"]), (&json!("2026-06-01"), &json!("Town")));
    assert_eq!(rows[0]["author"]["name"], "Holder of admin");
    assert!(rows[0]["revision"].as_i64() > rows[1]["revision"].as_i64());
    let seeded = app.read("/regions/159900/history").await;
    assert_eq!(seeded["items"][0]["author"], Value::Null);
    let first = app.read("/regions/159901/history?limit=1").await;
    let next = format!("/regions/159901/history?limit=1&cursor={}", first["next_cursor"].as_str().unwrap());
    let second = app.read(&next).await;
    assert_eq!((&second["items"][0], &second["next_cursor"]), (&rows[1], &Value::Null));
}

async fn the_same_again_changes_nothing(app: TestApp) {
    let first = app.put_on("/regions/159901", "admin", &below(), None).await.expect(201);
    let again = app.put_on("/regions/159901", "admin", &below(), None).await.expect(200);
    assert_eq!((&again["repeated"], &again["revision"]), (&json!(true), &first["revision"]));
    let stale = app.put_on("/regions/159901", "admin", &below(), Some("W/\"r1\"")).await.expect(200);
    assert_eq!(stale["repeated"], true);
    assert_eq!(app.read("/regions/159901/history").await["items"].as_array().unwrap().len(), 1);
    let only_new = app.put("/api/v1/regions/159901").as_("admin").header("if-none-match", "*");
    assert_eq!(only_new.json(&json!({"name_en": "B", "name_zh": "乙"})).send().await.problem(412), "changed_meanwhile");
    let gone = app.put_on("/regions/159902", "admin", &below(), Some("*")).await;
    assert_eq!(gone.problem(412), "changed_meanwhile");
}

async fn an_admin_keeps_the_regions_below_and_the_top_one(app: TestApp) {
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    let body = json!({"name_en": "A", "name_zh": "甲"});
    // The bureau has nobody above the banner.
    app.put_on("/regions/159900", "admin", &body, Some("*")).await.expect(200);
    app.put_on("/regions/159901", "admin", &body, Some("*")).await.expect(200);
    for (path, username) in
        [("/regions/150000", "admin"), ("/regions/159901", "admin-below"), ("/regions/159900", "admin-below")]
    {
        assert_eq!(app.put_on(path, username, &body, Some("*")).await.problem(403), "outside_own_region", "{path}");
    }
    let under = |parent: &str| json!({"parent": parent, "name_en": "A", "name_zh": "甲"});
    app.put_on("/regions/R1", "admin-below", &under("159901"), None).await.expect(201);
    let above = app.put_on("/regions/R2", "admin-below", &under("159900"), None).await;
    assert_eq!(above.problem(403), "outside_own_region");
    app.put_on("/regions/R1", "admin", &body, Some("*")).await.expect(200);
}

async fn what_cannot_be_a_region_is_refused_with_its_place(app: TestApp) {
    let cases = [
        (json!({"name_en": "A", "name_zh": "甲"}), vec!["/parent missing_field"]),
        (
            json!({"parent": "nowhere", "name_en": "A", "name_zh": "甲"}),
            vec!["/parent region_unknown", "/parent missing_field"],
        ),
        (
            json!({"parent": "159900", "name_en": " ", "name_zh": "", "time_zone": "Mars/Base"}),
            vec!["/name_zh missing_field", "/time_zone time_zone_unknown"],
        ),
        (
            json!({"parent": "159900", "name_en": "A", "name_zh": "甲", "validity_days": 0}),
            vec!["/validity_days out_of_range"],
        ),
        (json!({"parent": "159900", "name_en": "A\u{7}", "name_zh": "甲"}), vec!["/name_en control_character"]),
        (
            json!({"parent": "159900", "name_en": "A", "name_zh": "甲", "valid_from": "0202-01-01"}),
            vec!["/valid_from out_of_range"],
        ),
    ];
    for (body, expected) in cases {
        let answer = app.put_on("/regions/R1", "admin", &body, None).await;
        assert_eq!(places(&answer), expected, "{body}");
    }
    assert_eq!(places(&app.put_on("/regions/a%20b", "admin", &below(), None).await), ["/region code_not_taken"]);
    app.put_on("/regions/R1", "admin", &below(), None).await.expect(201);
    let moved = json!({"parent": "150000", "name_en": "A", "name_zh": "甲"});
    assert_eq!(places(&app.put_on("/regions/R1", "admin", &moved, Some("*")).await), ["/parent never_changes"]);
    let chinese =
        app.put("/api/v1/regions/R1").as_("admin").header("accept-language", "zh-CN").json(&moved).send().await;
    assert!(chinese.json()["errors"][0]["detail"].as_str().unwrap().contains("不能更改"), "{chinese:?}");
}

async fn the_days_a_count_speaks_follow_the_setting_and_the_past_does_not(app: TestApp) {
    rules::adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 30}])).await;
    app.clock.set(seed::now() + chrono::TimeDelta::days(10));
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "met");
    let before = app.read("/shortages?organization=T1&item=BOOTS").await;
    let body = json!({"name_en": "Region", "name_zh": "地区", "validity_days": 5, "valid_from": "2026-12-01"});
    app.put_on("/regions/159900", "admin", &body, Some("*")).await.expect(200);
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "unknown");
    let of_that_day = app.read("/shortages?organization=T1&item=BOOTS&as_of=2026-11-30").await;
    assert_eq!(of_that_day["items"][0]["status"], "met");
    let known = format!("/shortages?organization=T1&item=BOOTS&as_of=2026-12-03&revision={}", before["revision"]);
    assert_eq!(app.read(&known).await["items"][0]["status"], "met");
}
