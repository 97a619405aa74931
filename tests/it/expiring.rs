//! Lots that expire, and what becomes short when they go.

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::clients::of_t1;
use crate::rules::adopt;
use crate::seed;

cases![
    lots_are_listed_with_the_lines_that_become_short,
    what_has_expired_is_listed_where_asked,
    pages_go_on_where_they_ended_whatever_is_asked_for_then,
    another_day_and_a_revision_can_be_asked_for,
    lots_are_a_table_too,
    each_sees_what_is_theirs,
    spans_out_of_bounds_are_refused,
];

const PATH: &str = "/expiring";

/// Adopts the rules, by which `T1` needs 12 masks; counts 3, 5 and 7 in lots, of which the first has expired.
async fn prepare(app: &TestApp) -> Value {
    adopt(app).await;
    let depot = json!({
        "organization": "T1", "name_en": "Depot T1", "name_zh": "T1库", "holding": "physical", "keeper": "Bao"
    });
    let tag = app.tag("/depots/T1-A", "officer").await;
    app.put_on("/depots/T1-A", "officer", &depot, Some(&tag)).await.expect(200);
    let lots = json!([
        {"item": "MASK", "quantity": 3, "lot": "OLD", "expires_on": "2026-11-22"},
        {"item": "MASK", "quantity": 5, "lot": "A", "expires_on": "2026-12-01"},
        {"item": "MASK", "quantity": 7, "lot": "B", "expires_on": "2027-01-31"},
        {"item": "BOOTS", "quantity": 30}
    ]);
    app.count("t1", "T1-A", lots).await.1["count"].clone()
}

/// Of each lot its number, the days left, its quantity, and of its first line the shortage then and whether it becomes short.
fn told(page: &Value) -> Vec<Value> {
    let one = |lot: &Value| {
        let line = &lot["lines"][0];
        json!([lot["lot"], lot["days_left"], lot["quantity"], line["shortage_then"]["min"], line["becomes_short"]])
    };
    page["items"].as_array().unwrap().iter().map(one).collect()
}

async fn lots_are_listed_with_the_lines_that_become_short(app: TestApp) {
    let count = prepare(&app).await;
    let line = app.shortage("T1", "MASK").await;
    assert_eq!((&line["status"], &line["usable"]["max"]), (&json!("met"), &json!(12)));
    let page = app.read(PATH).await;
    assert_eq!((&page["within_days"], &page["as_of"]), (&json!(30), &Value::Null));
    let zero = json!({"min": 0, "max": 0});
    assert_eq!(
        page["items"],
        json!([{
            "organization": line["organization"],
            "depot": {"id": app.depot("T1-A").await, "code": "T1-A", "name": "Depot T1"}, "keeper": "Bao",
            "item": line["item"], "lot": "A", "expires_on": "2026-12-01", "days_left": 8, "expiry_derived": false,
            "quantity": 5, "usable": {"min": 5, "max": 5}, "left_out": null, "stock_state": "counted",
            "count": {"id": count["id"], "counted_at": count["effective_at"], "counted_by": count["counted_by"]},
            "lines": [{
                "line": line["line"], "name": "mask", "strength": "mandatory", "basis": "established", "unit": "piece",
                "status": "met", "shortage": zero, "status_then": "short", "shortage_then": {"min": 5, "max": 5},
                "becomes_short": true
            }]
        }])
    );
    let later = app.read("/expiring?within_days=70").await;
    assert_eq!(told(&later), [json!(["A", 8, 5, 5, true]), json!(["B", 69, 7, 12, true])], "all until then has gone");
    assert_eq!(told(&app.read("/expiring?within_days=8").await), Vec::<Value>::new());
    assert_eq!(told(&app.read("/expiring?within_days=70&item=BOOTS").await), Vec::<Value>::new());
    assert_eq!(told(&app.read("/expiring?within_days=70&organization=T2").await), Vec::<Value>::new());
    assert_eq!(told(&app.read("/expiring?within_days=70&sector=hazchem").await), Vec::<Value>::new());
    assert_eq!(told(&app.read("/expiring?within_days=70&region=159900&item=MASK").await).len(), 2);
    // The same by counting: without the first lot the line is short as it was said.
    app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 7, "lot": "B", "expires_on": "2027-01-31"}])).await;
    assert_eq!(app.shortage("T1", "MASK").await["shortage"], json!({"min": 5, "max": 5}));
}

async fn what_has_expired_is_listed_where_asked(app: TestApp) {
    prepare(&app).await;
    let page = app.read("/expiring?expired=true").await;
    assert_eq!(told(&page), [json!(["OLD", -1, 3, 0, false]), json!(["A", 8, 5, 5, true])]);
    let old = &page["items"][0];
    assert_eq!((&old["left_out"], &old["usable"]), (&json!("expired"), &json!({"min": 0, "max": 0})));
}

async fn pages_go_on_where_they_ended_whatever_is_asked_for_then(app: TestApp) {
    prepare(&app).await;
    let first = app.read("/expiring?expired=true&limit=1").await;
    assert_eq!(told(&first), [json!(["OLD", -1, 3, 0, false])]);
    let cursor = first["next_cursor"].as_str().unwrap();
    // A count that comes between the pages is not in them.
    app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 0}])).await;
    let second = app.read(&format!("/expiring?within_days=3650&limit=500&cursor={cursor}")).await;
    assert_eq!(told(&second), [json!(["A", 8, 5, 5, true]), json!(["B", 69, 7, 12, true])]);
    assert_eq!((&second["revision"], &second["next_cursor"]), (&first["revision"], &Value::Null));
}

async fn another_day_and_a_revision_can_be_asked_for(app: TestApp) {
    prepare(&app).await;
    let revision = app.read(PATH).await["revision"].clone();
    let path = format!("/expiring?as_of=2026-12-20&within_days=60&revision={revision}");
    let before = app.read(&path).await;
    assert_eq!(told(&before), [json!(["B", 42, 7, 12, false])], "short by then already");
    app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 0}])).await;
    app.clock.set(seed::now() + TimeDelta::days(400));
    assert_eq!(app.read(&path).await, before);
    let answer = app.get("/api/v1/expiring?revision=99999").as_("viewer").send().await;
    answer.problem(422);
    assert_eq!(answer.json()["errors"][0]["code"], "revision_unknown");
}

async fn lots_are_a_table_too(app: TestApp) {
    prepare(&app).await;
    let table = async |query: &str, language: &str| {
        let request = app.get(&format!("/api/v1/expiring?{query}")).as_("viewer").header("accept-language", language);
        let answer = request.send().await;
        assert_eq!(answer.status, 200, "{answer:?}");
        answer
    };
    let english = table("format=csv", "en").await;
    assert_eq!(english.header("muster-engine"), domain::engine::ENGINE);
    let text = String::from_utf8(english.body.to_vec()).unwrap();
    let mut rows = csv::Reader::from_reader(text.as_bytes());
    let names = rows.headers().unwrap().clone();
    let row = rows.records().next().unwrap().unwrap();
    let cell = |name: &str| &row[names.iter().position(|one| one == name).unwrap_or_else(|| panic!("{name}: {text}"))];
    for (name, expected) in [
        ("organization", "T1"),
        ("depot", "T1-A"),
        ("keeper", "Bao"),
        ("item", "MASK"),
        ("lot", "A"),
        ("expires_on", "2026-12-01"),
        ("days_left", "8"),
        ("quantity", "5"),
        ("usable_min", "5"),
        ("line_status", "met"),
        ("line_status_then", "short"),
        ("line_shortage_then_min", "5"),
        ("line_becomes_short", "true"),
    ] {
        assert_eq!(cell(name), expected, "{name}");
    }
    assert_eq!(cell("line"), app.shortage("T1", "MASK").await["line"]);
    let chinese = table("format=csv", "zh-CN").await;
    let text = String::from_utf8(chinese.body.to_vec()).unwrap();
    assert!(text.contains("剩余天数") && text.contains("短缺"), "{text}");
    assert!(table("format=xlsx", "zh-CN").await.body.starts_with(b"PK"));
}

async fn each_sees_what_is_theirs(app: TestApp) {
    prepare(&app).await;
    let lots = json!([{"item": "MASK", "quantity": 2, "expires_on": "2026-12-02"}]);
    app.count("t2", "T2-A", lots).await;
    let of = async |username: &str| {
        let page = app.get("/api/v1/expiring").as_(username).send().await.expect(200);
        let code = |lot: &Value| lot["organization"]["code"].as_str().unwrap().to_owned();
        page["items"].as_array().unwrap().iter().map(code).collect::<Vec<_>>()
    };
    assert_eq!(
        (of("t1").await, of("t2").await, of("viewer").await),
        (vec!["T1".to_owned()], vec!["T2".to_owned()], vec!["T1".to_owned(), "T2".to_owned()])
    );
    let client = app.make_client(&of_t1(&["shortages:read"])).await;
    let token = app.token_for(&client, "").await;
    let page = app.get("/api/v1/expiring").bearing(&token).send().await.expect(200);
    assert_eq!(page["items"].as_array().unwrap().len(), 1);
    let client = app.make_client(&of_t1(&["stock:read"])).await;
    let token = app.token_for(&client, "").await;
    assert_eq!(app.get("/api/v1/expiring").bearing(&token).send().await.problem(403), "scope_missing");
}

async fn spans_out_of_bounds_are_refused(app: TestApp) {
    prepare(&app).await;
    for query in ["within_days=0", "within_days=3651", "limit=0", "limit=501"] {
        let answer = app.get(&format!("/api/v1/expiring?{query}")).as_("viewer").send().await;
        answer.problem(422);
        let pointer = format!("/{}", query.split('=').next().unwrap());
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}");
    }
    for query in ["within_days=1", "within_days=3650", "as_of=9999-12-31&within_days=3650", "as_of=0001-01-01"] {
        app.get(&format!("/api/v1/expiring?{query}")).as_("viewer").send().await.expect(200);
    }
    for query in ["within_days=-1", "within_days=x", "days=3"] {
        let answer = app.get(&format!("/api/v1/expiring?{query}")).as_("viewer").send().await;
        assert!(answer.status.is_client_error(), "{query}: {answer:?}");
    }
    app.get("/api/v1/expiring?item=NOTHING").as_("viewer").send().await.problem(404);
}
