//! Checks of facts, and of units that are away.

use base::error::Error;
use chrono::NaiveDate;
use db::locks::Locks;
use db::sql_types::Day;
use db::write::Change;
use db::{regions, standards};
use domain::revision::Revision;
use domain::rule::{Rule, Strength};
use domain::standard::StandardDocument;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::rows::tester;
use crate::rules::adopt;

cases![
    facts_are_checked_and_are_no_shortages,
    units_away_are_checked_against_those_held,
    checks_are_chosen_by_status_strength_and_organization,
    an_exemption_ends_what_is_asked,
    checks_are_a_table_too,
];

const PATH: &str = "/fact-checks";

/// Adopts the rules of `adopt`, and a standard with checks: `F1` at least 15 people in a team, `F2` should be at most 10,
/// `P1` at most a quarter of the boots away.
async fn prepare(app: &TestApp) {
    adopt(app).await;
    app.db.write(tester(), Locks::none(), plant).await.unwrap();
}

fn plant(change: &mut Change<'_>) -> Result<(), Error> {
    let from = Day(NaiveDate::from_ymd_opt(2026, 1, 1).unwrap());
    let document: StandardDocument = serde_json::from_value(json!({
        "title_en": "Checks", "title_zh": "检查", "jurisdiction": "CN", "status": "in_force"
    }))
    .unwrap();
    let rule = |code: &str, role: &str, selector: &str, quantity: &str, unit: &str, strength: &str| -> Rule {
        serde_json::from_str(&format!(
            r#"{{"code":"{code}","clause":"2","role":"{role}","applies_when":{{"kind":"rescue_team"}},"scope":"team",
            "selector":{selector},"quantity":{quantity},"unit":"{unit}","strength":"{strength}",
            "text_en":"Clause {code}.","text_zh":"条文{code}。","confidence":"verified"}}"#
        ))
        .unwrap()
    };
    let least = r#"{"fact":{"key":"people"}}"#;
    let most = r#"{"fact":{"key":"people","bound":"at_most"}}"#;
    let rules = [
        rule("F1", "fact_check", least, r#"{"rate":{"n":15}}"#, "person", "mandatory"),
        rule("F2", "fact_check", most, r#"{"rate":{"n":20}}"#, "person", "recommended"),
        rule("P1", "parameter", r#"{"item":"BOOTS"}"#, r#"{"away_at_most":{"n":1,"per":4}}"#, "pair", "mandatory"),
    ];
    standards::insert(change, "CHK", from, &document, &rules)?;
    let regions = regions::list(change.connection, Revision::LATEST)?;
    let banner = regions.iter().find(|region| region.code == "159900").unwrap().id;
    standards::insert_adoption(change, banner, "CHK", from, Some(Strength::Mandatory), None)
}

/// Of each check its organization, its rule and its status.
fn told(page: &Value) -> Vec<Value> {
    let one = |check: &Value| json!([check["organization"]["code"], check["rule"], check["status"]]);
    page["items"].as_array().unwrap().iter().map(one).collect()
}

async fn facts_are_checked_and_are_no_shortages(app: TestApp) {
    adopt(&app).await;
    let before = app.read("/shortages").await;
    let status = app.read("/organization-statuses").await;
    app.db.write(tester(), Locks::none(), plant).await.unwrap();
    let page = app.read(PATH).await;
    assert_eq!(
        told(&page),
        [
            json!(["T1", "F1", "short"]),
            json!(["T1", "F2", "met"]),
            json!(["T1", "P1", "unknown"]),
            json!(["T2", "F1", "unknown"]),
            json!(["T2", "F2", "unknown"]),
            json!(["T2", "P1", "unknown"])
        ]
    );
    let mut violated = page["items"][0].clone();
    violated.as_object_mut().unwrap().remove("organization");
    assert_eq!(
        violated,
        json!({
            "standard": {"code": "CHK", "title": "Checks"}, "rule": "F1", "clause": "2", "name": "People",
            "fact": "people", "items": [], "status": "short", "strength": "mandatory",
            "basis": "established", "bound": "at_least", "limit": {"min": 15, "max": 15},
            "found": {"min": 12, "max": 12}, "unit": "person", "reasons": [],
            "working": "15 people for the organization; not less than 15 people", "text": "Clause F1.",
            "as_of": "2026-11-23"
        })
    );
    let unknown = &page["items"][3];
    assert_eq!(unknown["found"], json!({"min": 0, "max": null}));
    assert_eq!(unknown["reasons"], json!([{"code": "fact_unknown", "rule": "F1", "fact": "people"}]));
    assert_eq!(app.read("/shortages").await["items"], before["items"]);
    assert_eq!(app.read("/organization-statuses").await["items"], status["items"]);
}

async fn units_away_are_checked_against_those_held(app: TestApp) {
    prepare(&app).await;
    let of = async |away: i64| {
        let lines = json!([
            {"item": "BOOTS", "quantity": 40 - away}, {"item": "BOOTS", "quantity": 1, "held": "lent"},
            {"item": "BOOTS", "quantity": away - 1, "condition": "in_repair"}
        ]);
        app.count("t1", "T1-A", lines).await;
        app.read("/fact-checks?organization=T1").await["items"][2].clone()
    };
    let violated = of(11).await;
    assert_eq!((&violated["rule"], &violated["status"]), (&json!("P1"), &json!("short")));
    assert_eq!(violated["limit"], json!({"min": 10, "max": 10}));
    assert_eq!(violated["found"], json!({"min": 11, "max": 11}));
    assert_eq!((&violated["fact"], &violated["items"]), (&Value::Null, &json!(["BOOTS"])));
    assert_eq!(violated["units_held"], json!({"min": 40, "max": 40}));
    assert_eq!(of(10).await["status"], "met");
}

async fn checks_are_chosen_by_status_strength_and_organization(app: TestApp) {
    prepare(&app).await;
    let chosen = async |query: &str| told(&app.read(&format!("/fact-checks?{query}")).await);
    assert_eq!(chosen("status=short").await, [json!(["T1", "F1", "short"])]);
    assert_eq!(chosen("organization=T2&strength=recommended").await, [json!(["T2", "F2", "unknown"])]);
    assert_eq!(chosen("region=159900").await.len(), 6);
    assert_eq!(chosen("sector=hazchem").await, Vec::<Value>::new());
    let first = app.read("/fact-checks?limit=4").await;
    let cursor = first["next_cursor"].as_str().unwrap();
    assert_eq!(
        chosen(&format!("cursor={cursor}")).await,
        [json!(["T2", "F2", "unknown"]), json!(["T2", "P1", "unknown"])]
    );
    let own = app.get("/api/v1/fact-checks").as_("t2").send().await.expect(200);
    assert_eq!(told(&own).len(), 3);
    app.get("/api/v1/fact-checks?organization=T1").as_("t2").send().await.problem(404);
    app.get("/api/v1/fact-checks?status=below").as_("viewer").send().await.problem(400);
    let past = app.read("/fact-checks?as_of=2025-12-31").await;
    assert_eq!(told(&past), Vec::<Value>::new(), "nothing was adopted then");
}

async fn an_exemption_ends_what_is_asked(app: TestApp) {
    prepare(&app).await;
    crate::exemptions::grant(&app, "T1", "F1", "2026-12-31").await;
    let check = app.read("/fact-checks?organization=T1").await["items"][0].clone();
    assert_eq!((&check["status"], &check["reasons"][0]["code"]), (&json!("not_required"), &json!("exempt")));
}

async fn checks_are_a_table_too(app: TestApp) {
    prepare(&app).await;
    let text = async |language: &str| {
        let request = app.get("/api/v1/fact-checks?format=csv").as_("viewer").header("accept-language", language);
        let answer = request.send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        String::from_utf8(answer.body.to_vec()).unwrap()
    };
    let english = text("en").await;
    assert!(english.contains("limit_min") && english.contains(",CHK,Checks,F1,"), "{english}");
    let chinese = text("zh-CN").await;
    assert!(
        chinese.contains("不符合") && chinese.contains("应不少于15人") && chinese.contains("条文F1。"),
        "{chinese}"
    );
    let workbook = app.get("/api/v1/fact-checks?format=xlsx").as_("viewer").send().await;
    assert!(workbook.body.starts_with(b"PK"));
}
