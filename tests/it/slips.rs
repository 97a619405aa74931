//! Slips at first entry: mended while nothing rests on them, and never after.

use chrono::{TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::pull::Mirror;
use crate::push::command;
use crate::regions::places;
use crate::rules::{self, count, minutes_ago};
use crate::{exemptions, seed, targets};

cases![
    a_unit_is_mended_until_the_item_is_counted,
    a_unit_is_not_mended_while_a_rule_or_a_pack_stands_on_it,
    a_count_with_an_older_catalogue_waits_for_an_officer,
    a_kind_is_mended_until_something_rests_on_it,
    a_mended_kind_leaves_what_was_known_before,
    an_empty_depot_goes_to_another_organization,
    a_table_says_a_first_entry_once,
    a_table_mends_what_a_request_may_mend,
];

fn rope(unit: &str, measured: bool) -> Value {
    json!({
        "unit": unit, "measured": measured, "name_en": "Rope", "name_zh": "绳", "class": "protection", "kind": "equipment",
        "perishable": false
    })
}

fn of(item: &str, quantity: i64) -> Value {
    json!([{"item": item, "quantity": quantity}])
}

impl TestApp {
    pub async fn mend(&self, path: &str, body: &Value) -> Answer {
        self.put_on(path, "officer", body, Some("*")).await
    }

    async fn history_of(&self, path: &str, field: &str) -> Vec<Value> {
        let history = self.read(&format!("{path}/history")).await;
        history["items"].as_array().unwrap().iter().map(|row| row["state"][field].clone()).collect()
    }
}

async fn a_unit_is_mended_until_the_item_is_counted(app: TestApp) {
    app.put_on("/items/ROPE", "officer", &rope("piece", false), None).await.expect(201);
    let mut mirror = Mirror::default();
    mirror.pull(&app, "t1").await;
    let mended = app.mend("/items/ROPE", &rope("m", true)).await.expect(200);
    assert_eq!((&mended["repeated"], &mended["stored"]["unit"]), (&json!(false), &json!("m")));
    assert_eq!(app.mend("/items/ROPE", &rope("m", true)).await.expect(200)["repeated"], true);
    assert_eq!(app.read("/items/ROPE").await["measured"], true);
    assert_eq!(app.history_of("/items/ROPE", "unit").await, [json!("m"), json!("piece")]);
    let sent = mirror.pull(&app, "t1").await;
    let item = sent.iter().find(|change| change["key"] == "ROPE").unwrap();
    assert_eq!((&item["data"]["unit"], &item["data"]["measured"]), (&json!("m"), &json!(true)));
    // Without a word of the unit it stays, and a state of before is refused.
    let mut renamed = rope("m", true);
    renamed["name_en"] = json!("Static rope");
    renamed["unit"] = Value::Null;
    app.mend("/items/ROPE", &renamed).await.expect(200);
    assert_eq!(app.read("/items/ROPE").await["unit"], "m");

    let body = count(&app.depot("T1-A").await, minutes_ago(5), json!([{"item": "ROPE", "quantity": 20.5}]));
    let id = Uuid::now_v7();
    app.submit("t1", id, &body).await.expect(201);
    let refused = app.mend("/items/ROPE", &rope("piece", false)).await;
    assert_eq!(places(&refused), ["/unit never_changes", "/measured never_changes"]);
    // A count stays on record, also where it was taken back.
    let path = format!("/api/v1/counts/{id}/void");
    let void = app.post(&path).as_("t1").json(&json!({"reason": "of another"})).send().await;
    assert!(void.status.is_success(), "{void:?}");
    assert_eq!(places(&app.mend("/items/ROPE", &rope("piece", true)).await), ["/unit never_changes"]);
}

async fn a_unit_is_not_mended_while_a_rule_or_a_pack_stands_on_it(app: TestApp) {
    let boots = json!({
        "unit": "piece", "measured": false, "name_en": "boots", "name_zh": "靴", "class": "protection",
        "kind": "equipment", "perishable": false
    });
    app.mend("/items/BOOTS", &boots).await.expect(200);
    let mut pair = boots.clone();
    pair["unit"] = json!("pair");
    app.mend("/items/BOOTS", &pair).await.expect(200);
    rules::adopt(&app).await;
    assert_eq!(places(&app.mend("/items/BOOTS", &boots).await), ["/unit never_changes"]);
    // A pack of half a unit on another day would be none of what is counted in whole units.
    let mut coil = rope("m", true);
    coil["packs"] = json!([{"name": "coil", "size": 2.5}]);
    app.put_on("/items/ROPE", "officer", &coil, None).await.expect(201);
    let mut later = rope("piece", false);
    later["valid_from"] = json!("2026-12-01");
    assert_eq!(places(&app.mend("/items/ROPE", &later).await), ["/measured not_whole"]);
    later["valid_from"] = Value::Null;
    app.mend("/items/ROPE", &later).await.expect(200);
}

async fn a_count_with_an_older_catalogue_waits_for_an_officer(app: TestApp) {
    // Received after the catalogue was issued, which has the time of the database's clock.
    app.clock.set(seed::now().max(Utc::now()) + TimeDelta::hours(1));
    app.put_on("/items/ROPE", "officer", &rope("piece", false), None).await.expect(201);
    let before = app.get("/api/v1/sync").as_("t1").send().await.expect(200)["revision"].clone();
    app.mend("/items/ROPE", &rope("m", true)).await.expect(200);
    let after = app.get("/api/v1/sync").as_("t1").send().await.expect(200)["revision"].clone();
    let mut body = count(&app.depot("T1-A").await, minutes_ago(5), of("ROPE", 3));
    body["catalogue_revision"] = before.clone();
    let refused = app.submit("t1", Uuid::now_v7(), &body).await;
    assert_eq!(places(&refused), ["/lines/0/item unit_changed"]);
    assert!(refused.json()["errors"][0]["detail"].as_str().unwrap().contains("ROPE"), "{refused:?}");
    let results = app.pushed("t1", &[command(1, body.clone())]).await;
    assert_eq!(results[0]["status"], "quarantined");
    assert_eq!(results[0]["problem"]["errors"][0]["code"], "unit_changed");
    // As it was sent it says nothing of the unit; an officer who asked says what was meant.
    let id = app.waiting().await;
    let path = format!("/api/v1/quarantine/{}/apply", id.as_str().unwrap());
    let apply = async |body: Value| app.post(&path).as_("officer").json(&body).send().await;
    let as_sent = apply(json!({"reason": "as sent"})).await;
    assert_eq!(as_sent.json()["errors"][0]["code"], "unit_changed");
    let mut meant = body.clone();
    meant["lines"][0]["quantity"] = json!(60);
    apply(json!({"reason": "three ropes of 20 m", "data": meant})).await.expect(200);
    body["catalogue_revision"] = after;
    app.submit("t1", Uuid::now_v7(), &body).await.expect(201);
    // What else is counted does not wait.
    let mut boots = count(&app.depot("T1-A").await, minutes_ago(5), of("BOOTS", 3));
    boots["catalogue_revision"] = before;
    app.submit("t1", Uuid::now_v7(), &boots).await.expect(201);
}

fn named(kind: &str) -> Value {
    json!({"kind": kind, "region": "159900", "name_en": "A", "name_zh": "甲"})
}

async fn a_kind_is_mended_until_something_rests_on_it(app: TestApp) {
    rules::adopt(&app).await;
    targets::plant_need(&app).await;
    let (team, enterprise) = (named("rescue_team"), named("enterprise"));
    app.put_on("/organizations/T9", "officer", &team, None).await.expect(201);
    let mended = app.mend("/organizations/T9", &enterprise).await.expect(200);
    assert_eq!((&mended["repeated"], &mended["stored"]["kind"]), (&json!(false), &json!("enterprise")));
    assert_eq!(app.mend("/organizations/T9", &enterprise).await.expect(200)["repeated"], true);
    assert_eq!(app.history_of("/organizations/T9", "kind").await, [json!("enterprise"), json!("rescue_team")]);
    // It hosts a brigade, and that is hosted.
    let mut hosted = team.clone();
    hosted["hosted_by"] = json!("T9");
    app.put_on("/organizations/T8", "officer", &hosted, None).await.expect(201);
    assert_eq!(places(&app.mend("/organizations/T9", &team).await), ["/kind never_changes"]);
    assert_eq!(places(&app.mend("/organizations/T8", &named("bureau")).await), ["/kind never_changes"]);
    // A target and an exemption are of rules that apply to a kind.
    let target = json!({"quantity": 4});
    app.put("/api/v1/organizations/T2/targets/N1").as_("officer").json(&target).send().await.expect(201);
    assert_eq!(places(&app.mend("/organizations/T2", &enterprise).await), ["/kind never_changes"]);
    exemptions::grant(&app, "E1", "B1", "2026-12-31").await;
    assert_eq!(places(&app.mend("/organizations/E1", &team).await), ["/kind never_changes"]);
    app.count("t1", "T1-A", of("BOOTS", 3)).await;
    assert_eq!(places(&app.mend("/organizations/T1", &enterprise).await), ["/kind never_changes"]);
}

async fn a_mended_kind_leaves_what_was_known_before(app: TestApp) {
    rules::adopt(&app).await;
    let covered = async |path: &str| app.read(path).await["items"].as_array().unwrap().len();
    let asked = "/shortages?organization=E1&as_of=2026-11-23";
    let before = app.read(asked).await["revision"].clone();
    assert_eq!(covered(asked).await, 0);
    app.mend("/organizations/E1", &named("rescue_team")).await.expect(200);
    assert!(covered(asked).await > 0);
    assert_eq!(covered(&format!("{asked}&revision={before}")).await, 0);
}

async fn an_empty_depot_goes_to_another_organization(app: TestApp) {
    let store = |owner: &str| json!({"organization": owner, "name_en": "B", "name_zh": "乙", "holding": "physical"});
    app.put_on("/depots/D9", "officer", &store("T1"), None).await.expect(201);
    let depot = app.depot("D9").await;
    let (mut former, mut new) = (Mirror::default(), Mirror::default());
    former.pull(&app, "t1").await;
    new.pull(&app, "t2").await;
    let queued = command(1, count(&depot, minutes_ago(5), of("BOOTS", 3)));
    let moved = app.mend("/depots/D9", &store("T2")).await.expect(200);
    assert_eq!((&moved["repeated"], &moved["stored"]["organization"]["code"]), (&json!(false), &json!("T2")));
    assert_eq!(app.mend("/depots/D9", &store("T2")).await.expect(200)["repeated"], true);
    let codes = async |owner: &str| -> Vec<Value> {
        let page = app.read(&format!("/depots?organization={owner}")).await;
        page["items"].as_array().unwrap().iter().map(|one| one["code"].clone()).collect()
    };
    assert_eq!((codes("T1").await, codes("T2").await), (vec![json!("T1-A")], vec![json!("D9"), json!("T2-A")]));
    let owners: Vec<Value> =
        app.history_of("/depots/D9", "organization").await.iter().map(|owner| owner["code"].clone()).collect();
    assert_eq!(owners, [json!("T2"), json!("T1")]);
    // Each phone learns of it, and only the new owner counts there.
    let ops = |sent: &[Value]| -> Vec<Value> {
        sent.iter().filter(|change| change["type"] == "depot").map(|change| change["op"].clone()).collect()
    };
    assert_eq!(ops(&former.pull(&app, "t1").await), [json!("delete")]);
    assert_eq!(ops(&new.pull(&app, "t2").await), [json!("put")]);
    let results = app.pushed("t1", &[queued]).await;
    assert_eq!(results[0]["problem"]["errors"][0]["code"], "depot_unknown");
    let theirs = app.get("/api/v1/depots/D9/history").as_("t2").send().await.expect(200);
    assert_eq!(theirs["items"][1]["state"]["organization"]["code"], "T2", "an owner that t2 does not see is not named");
    app.count("t2", "D9", of("BOOTS", 3)).await;
    assert_eq!(places(&app.mend("/depots/D9", &store("T1")).await), ["/organization never_changes"]);
    assert_eq!(app.usable_boots("D9").await, json!({"min": 3, "max": 3}));
}

async fn a_table_says_a_first_entry_once(app: TestApp) {
    for (form, table, column) in [
        (
            "items",
            "code,name_en,name_zh,class,unit,kind,valid_from\nROPE,A,甲,protection,piece,material,2026-01-01\n\
             ROPE,A,甲,protection,m,material,2026-06-01\n",
            "unit",
        ),
        (
            "organizations",
            "code,name_en,name_zh,region,kind,valid_from\nT9,A,甲,159900,rescue_team,2026-01-01\n\
             T9,A,甲,159900,enterprise,2026-06-01\n",
            "kind",
        ),
        (
            "depots",
            "code,name_en,name_zh,organization,valid_from\nD9,A,甲,T1,2026-01-01\nD9,A,甲,T2,2026-06-01\n",
            "organization",
        ),
    ] {
        let told = app.import_parity(form, "officer", table, false).await;
        assert_eq!(places(&told), [format!("/t.csv/3/{column} never_changes")], "{form}");
    }
}

async fn a_table_mends_what_a_request_may_mend(app: TestApp) {
    app.put_on("/items/ROPE", "officer", &rope("kg", true), None).await.expect(201);
    app.put_on("/organizations/T9", "officer", &named("rescue_team"), None).await.expect(201);
    let store = json!({"organization": "T1", "name_en": "B", "name_zh": "乙", "holding": "physical"});
    app.put_on("/depots/D9", "officer", &store, None).await.expect(201);
    for (form, table) in [
        ("items", "code,name_en,name_zh,class,unit,kind\nROPE,Rope,绳,protection,piece,equipment\n"),
        ("organizations", "code,name_en,name_zh,region,kind\nT9,A,甲,159900,enterprise\n"),
        ("depots", "code,name_en,name_zh,organization\nD9,B,乙,T9\n"),
    ] {
        let done = app.import_parity(form, "officer", table, false).await.expect(200);
        assert_eq!(done["forms"][0]["changed"], 1, "{form}: {done}");
        let again = app.import_parity(form, "officer", table, false).await.expect(200);
        assert_eq!(again["revision"], Value::Null, "{form}: {again}");
    }
    let item = app.read("/items/ROPE").await;
    // What is counted in pieces is not measured; a table need not say so.
    assert_eq!((&item["unit"], &item["measured"]), (&json!("piece"), &json!(false)));
    assert_eq!(app.read("/organizations/T9").await["kind"], "enterprise");
    assert_eq!(app.read("/depots/D9").await["organization"]["code"], "T9");
}
