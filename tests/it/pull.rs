//! Pulling changes: after any number of pulls a device has the same data as a fresh one.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::long_tables::plant_teams;
use crate::rules;
use crate::seed;

cases![
    a_fresh_device_gets_everything_that_its_holder_sees,
    nothing_new_is_a_short_answer_that_need_not_be_sent,
    what_is_pulled_is_packed_as_it_was_asked_for,
    one_count_sends_stock_and_assessments_and_no_catalogue,
    one_item_sends_that_item_only,
    a_device_has_what_a_fresh_one_gets,
    what_the_day_changes_is_sent_on_that_day,
    rights_that_changed_start_over,
    a_cursor_of_a_state_that_is_gone_starts_over,
    a_cursor_that_nobody_gave_out_is_refused,
    pages_lead_to_the_same_state,
    a_device_that_sees_many_organizations_is_sent_them_in_pages,
    a_depot_that_goes_to_another_organization_stays,
];

/// The data that a device keeps.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Mirror {
    things: BTreeMap<(String, String), Value>,
    cursor: Option<String>,
}

impl Mirror {
    /// Pulls until there is no more; returns the changes.
    pub async fn pull(&mut self, app: &TestApp, username: &str) -> Vec<Value> {
        let mut sent = Vec::new();
        loop {
            let path = match &self.cursor {
                Some(cursor) => format!("/api/v1/sync?cursor={cursor}"),
                None => "/api/v1/sync".to_owned(),
            };
            let answer = app.get(&path).as_(username).send().await.expect(200);
            if answer["reset"] == true {
                self.things.clear();
            }
            for change in answer["changes"].as_array().unwrap() {
                let key = (change["type"].as_str().unwrap().to_owned(), change["key"].as_str().unwrap().to_owned());
                match change["op"].as_str().unwrap() {
                    "put" => drop(self.things.insert(key, change["data"].clone())),
                    _ => assert!(self.things.remove(&key).is_some(), "{change} deletes what there was"),
                }
                sent.push(change.clone());
            }
            self.cursor = Some(answer["cursor"].as_str().unwrap().to_owned());
            if answer["more"] == false {
                return sent;
            }
        }
    }

    fn thing(&self, kind: &str, key: &str) -> &Value {
        self.things.get(&(kind.to_owned(), key.to_owned())).unwrap_or(&Value::Null)
    }

    fn keys(&self, kind: &str) -> Vec<&str> {
        self.things.keys().filter(|(of, _)| of == kind).map(|(_, key)| key.as_str()).collect()
    }
}

/// The data that a fresh device gets.
async fn fresh(app: &TestApp, username: &str) -> Mirror {
    let mut mirror = Mirror::default();
    mirror.pull(app, username).await;
    mirror
}

fn kinds(sent: &[Value]) -> Vec<&str> {
    sent.iter().map(|change| change["type"].as_str().unwrap()).collect()
}

async fn a_fresh_device_gets_everything_that_its_holder_sees(app: TestApp) {
    rules::adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 7}])).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 9}])).await;
    let own = fresh(&app, "t1").await;
    assert_eq!(own.keys("organization"), ["T1"]);
    assert_eq!(own.keys("depot"), ["T1-A"]);
    assert_eq!(own.keys("item"), ["BOOTS", "MASK", "SAND"]);
    assert_eq!(own.keys("stock"), ["T1-A"]);
    assert_eq!(own.thing("item", "SAND")["measured"], true);
    assert_eq!(own.thing("depot", "T1-A")["id"], app.depot("T1-A").await);
    let columns = own.thing("assessments", "T1")["columns"].as_array().unwrap();
    let of = |row: &Value, name: &str| row[columns.iter().position(|column| column == name).unwrap()].clone();
    let rows = own.thing("assessments", "T1")["rows"].as_array().unwrap();
    let boots = rows.iter().find(|row| of(row, "item") == "BOOTS").unwrap();
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!(of(boots, "usable_min"), line["usable"]["min"]);
    assert_eq!(
        (of(boots, "shortage_min"), of(boots, "status")),
        (line["shortage"]["min"].clone(), line["status"].clone())
    );
    let all = fresh(&app, "viewer").await;
    assert_eq!(all.keys("organization"), ["E1", "T1", "T2"]);
    assert_eq!(all.keys("stock"), ["T1-A", "T2-A"]);
}

async fn nothing_new_is_a_short_answer_that_need_not_be_sent(app: TestApp) {
    let mut mirror = fresh(&app, "t1").await;
    let path = format!("/api/v1/sync?cursor={}", mirror.cursor.clone().unwrap());
    let answer = app.get(&path).as_("t1").send().await;
    assert_eq!(answer.expect(200)["changes"], json!([]));
    assert_eq!(answer.json()["cursor"], json!(mirror.cursor));
    let again = app.get(&path).as_("t1").header("if-none-match", answer.header("etag")).send().await;
    assert_eq!(again.status, 304);
    // Changes by others outside the caller's reach are not sent.
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 9}])).await;
    assert_eq!(mirror.pull(&app, "t1").await, Vec::<Value>::new());
}

async fn what_is_pulled_is_packed_as_it_was_asked_for(app: TestApp) {
    use std::io::Read as _;
    let plain = app.get("/api/v1/sync").as_("t1").send().await;
    assert_eq!(plain.header("content-encoding"), "");
    for (asked, coding) in [("gzip", "gzip"), ("gzip, deflate;q=0.5", "gzip"), ("br", "br"), ("gzip;q=0", "")] {
        let answer = app.get("/api/v1/sync").as_("t1").header("accept-encoding", asked).send().await;
        assert_eq!(answer.header("content-encoding"), coding, "{asked}");
        assert_eq!((answer.header("cache-control"), answer.header("vary")), ("no-store", ""));
        assert_eq!(answer.header("etag"), plain.header("etag"));
        if coding == "gzip" {
            let mut text = Vec::new();
            flate2::read::GzDecoder::new(&answer.body[..]).read_to_end(&mut text).unwrap();
            assert_eq!(text, plain.body);
        }
    }
}

async fn one_count_sends_stock_and_assessments_and_no_catalogue(app: TestApp) {
    rules::adopt(&app).await;
    let mut mirror = fresh(&app, "t1").await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 7}])).await;
    assert_eq!(kinds(&mirror.pull(&app, "t1").await), ["assessments", "stock"]);
    assert_eq!(mirror, fresh(&app, "t1").await);
}

async fn one_item_sends_that_item_only(app: TestApp) {
    rules::adopt(&app).await;
    let mut mirror = fresh(&app, "t1").await;
    put_item(&app, "ROPE", "2026-11-23").await;
    let sent = mirror.pull(&app, "t1").await;
    assert_eq!(kinds(&sent), ["item"]);
    assert_eq!(sent[0]["key"], "ROPE");
    // The labels that were printed stay right, whatever code comes later.
    let labels = |mirror: &Mirror| {
        let items = ["BOOTS", "MASK", "SAND", "ROPE"];
        items.map(|code| mirror.thing("item", code)["label"].as_u64().unwrap())
    };
    assert_eq!(labels(&mirror), [1, 2, 3, 4]);
    put_item(&app, "AXE", "2026-11-23").await;
    assert_eq!(kinds(&mirror.pull(&app, "t1").await), ["item"]);
    assert_eq!(labels(&mirror), [1, 2, 3, 4]);
    assert_eq!(mirror.thing("item", "AXE")["label"], 5);
    assert_eq!(mirror, fresh(&app, "t1").await);
}

async fn put_item(app: &TestApp, code: &str, from: &str) {
    let item = json!({
        "valid_from": from, "unit": "piece", "measured": false, "name_en": "Rope", "name_zh": "绳", "class": "protection",
        "kind": "equipment", "perishable": false, "packs": [], "barcodes": [], "retired": false
    });
    let path = format!("/api/v1/items/{code}");
    app.put(&path).as_("admin").json(&item).send().await.expect(201);
}

async fn a_device_has_what_a_fresh_one_gets(app: TestApp) {
    let mut mirrors = [("t1", Mirror::default()), ("viewer", Mirror::default())];
    rules::adopt(&app).await;
    for step in 0..8 {
        match step {
            0 => drop(app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 7}])).await),
            1 => put_item(&app, "ROPE", "2026-11-23").await,
            2 => drop(app.count("t2", "T2-A", json!([{"item": "MASK", "quantity": 9}])).await),
            3 => {
                let (id, _) = app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 1}])).await;
                let void = json!({"reason": "the neighbour's"});
                app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&void).send().await.expect(201);
            }
            4 => app.clock.set(seed::now() + TimeDelta::days(91)),
            5 => rules::mark_sheet_complete(&app, "T2").await,
            6 => {
                let unknown = crate::push::command(1, json!({"depot_id": "?"}));
                app.pushed("t1", &[unknown]).await;
            }
            _ => app.clock.set(seed::now() + TimeDelta::days(200)),
        }
        for (username, mirror) in &mut mirrors {
            mirror.pull(&app, username).await;
            assert_eq!(mirror.things, fresh(&app, username).await.things, "after step {step} for {username}");
        }
    }
    assert_eq!(mirrors[0].1.keys("quarantine").len(), 1);
    assert_eq!(mirrors[1].1.keys("quarantine").len(), 0);
}

async fn what_the_day_changes_is_sent_on_that_day(app: TestApp) {
    rules::adopt(&app).await;
    let lines = json!([{"item": "MASK", "quantity": 12, "lot": "L", "expires_on": "2026-11-23"}]);
    app.count("t1", "T1-A", lines).await;
    put_item(&app, "ROPE", "2026-11-24").await;
    let mut mirror = fresh(&app, "t1").await;
    assert_eq!(mirror.keys("item"), ["BOOTS", "MASK", "SAND"]);
    // Midnight in Shanghai is at four in the afternoon.
    app.clock.set(seed::now() + TimeDelta::hours(13));
    assert_eq!(mirror.pull(&app, "t1").await, Vec::<Value>::new());
    app.clock.set(seed::now() + TimeDelta::hours(14));
    assert_eq!(kinds(&mirror.pull(&app, "t1").await), ["item", "assessments", "stock"]);
    assert_eq!(mirror.things, fresh(&app, "t1").await.things);
}

async fn rights_that_changed_start_over(app: TestApp) {
    let mut mirror = fresh(&app, "t1").await;
    let path = format!("/api/v1/accounts/{}", app.account_id("t1").await);
    let moved =
        json!({"username": "t1", "display_name": "Holder of t1", "role": "quartermaster", "organization": "T2"});
    app.put(&path).as_("admin").header("if-match", "*").json(&moved).send().await.expect(200);
    let cursor = mirror.cursor.clone().unwrap();
    let answer = app.get(&format!("/api/v1/sync?cursor={cursor}")).as_("t1").send().await.expect(200);
    assert_eq!(answer["reset"], true);
    mirror.pull(&app, "t1").await;
    assert_eq!(mirror.keys("organization"), ["T2"]);
    assert_eq!(mirror, fresh(&app, "t1").await);
}

async fn a_cursor_of_a_state_that_is_gone_starts_over(app: TestApp) {
    let mirror = fresh(&app, "t1").await;
    use base64::Engine as _;
    let engine = base64::engine::general_purpose::URL_SAFE_NO_PAD;
    let bytes = engine.decode(mirror.cursor.as_ref().unwrap()).unwrap();
    // A later revision, as after a restore, and the same revision with another change set.
    for (place, value) in [(16, 0x40), (20, bytes[20] ^ 1)] {
        let mut gone = bytes.clone();
        gone[place] = value;
        let path = format!("/api/v1/sync?cursor={}", engine.encode(gone));
        let answer = app.get(&path).as_("t1").send().await.expect(200);
        assert_eq!(answer["reset"], true);
        assert_eq!(answer["changes"].as_array().unwrap().len(), mirror.things.len());
    }
}

async fn a_cursor_that_nobody_gave_out_is_refused(app: TestApp) {
    for cursor in ["AQ", "%21%21", &"A".repeat(201)] {
        let answer = app.get(&format!("/api/v1/sync?cursor={cursor}")).as_("t1").send().await;
        assert_eq!(answer.problem(422), "values_not_taken");
        assert_eq!(answer.json()["errors"][0]["pointer"], "/cursor");
    }
}

async fn pages_lead_to_the_same_state(app: TestApp) {
    let mut header = "code,name_en,name_zh,class,unit,kind\n".to_owned();
    for number in 0..1_500 {
        header += &format!("ROPE{number:04},Rope {number},绳{number},protection,piece,equipment\n");
    }
    let request = app.post("/api/v1/import?form=items&valid_from=2026-01-01").as_("admin");
    request.body("text/csv", header).send().await.expect(200);
    let mut mirror = Mirror::default();
    let first = app.get("/api/v1/sync").as_("t1").send().await.expect(200);
    assert_eq!((&first["more"], first["changes"].as_array().unwrap().len()), (&json!(true), 1_000));
    mirror.cursor = Some(first["cursor"].as_str().unwrap().to_owned());
    for change in first["changes"].as_array().unwrap() {
        let key = (change["type"].as_str().unwrap().to_owned(), change["key"].as_str().unwrap().to_owned());
        mirror.things.insert(key, change["data"].clone());
    }
    // Changes made between the pages come after them.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 7}])).await;
    mirror.pull(&app, "t1").await;
    mirror.pull(&app, "t1").await;
    assert_eq!(mirror.things, fresh(&app, "t1").await.things);
    assert_eq!(mirror.keys("item").len(), 1_503);
}

/// Takes one page.
async fn pull_page(mirror: &mut Mirror, app: &TestApp, username: &str) -> Value {
    let path = mirror.cursor.as_ref().map_or(String::new(), |cursor| format!("?cursor={cursor}"));
    let page = app.get(&format!("/api/v1/sync{path}")).as_(username).send().await.expect(200);
    assert_eq!(page["reset"], false);
    for change in page["changes"].as_array().unwrap() {
        let key = (change["type"].as_str().unwrap().to_owned(), change["key"].as_str().unwrap().to_owned());
        mirror.things.insert(key, change["data"].clone());
    }
    mirror.cursor = Some(page["cursor"].as_str().unwrap().to_owned());
    page
}

async fn a_device_that_sees_many_organizations_is_sent_them_in_pages(app: TestApp) {
    rules::adopt(&app).await;
    plant_teams(&app, 320).await;
    let mut mirror = Mirror::default();
    let first = pull_page(&mut mirror, &app, "viewer").await;
    assert_eq!(first["more"], true);
    assert_eq!(mirror.keys("organization").len(), 323, "all of them, with their names, come first");
    // What changes between the pages comes after them, and moves nothing.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 7}])).await;
    let fact = json!({"value": {"number": 3}});
    assert!(app.put_on("/organizations/R0001/facts/people", "officer", &fact, None).await.status.is_success());
    mirror.pull(&app, "viewer").await;
    assert_eq!(mirror.keys("assessments").len(), 322, "no rule covers E1");
    assert_ne!(mirror.things, fresh(&app, "viewer").await.things);
    mirror.pull(&app, "viewer").await;
    assert_eq!(mirror.things, fresh(&app, "viewer").await.things);
    // A count is old by then, in one organization among all that are compared.
    app.clock.set(app.clock.now() + TimeDelta::days(400));
    let sent = mirror.pull(&app, "viewer").await;
    assert!(sent.len() < 323, "{}", sent.len());
    assert_eq!(mirror.things, fresh(&app, "viewer").await.things);
}

async fn a_depot_that_goes_to_another_organization_stays(app: TestApp) {
    let store = |owner: &str| json!({"organization": owner, "name_en": "B", "name_zh": "乙", "holding": "physical"});
    for (depot, from, to) in [("D8", "T1", "T2"), ("D9", "T2", "T1")] {
        app.put_on(&format!("/depots/{depot}"), "officer", &store(from), None).await.expect(201);
        let mut mirror = fresh(&app, "viewer").await;
        app.mend(&format!("/depots/{depot}"), &store(to)).await.expect(200);
        mirror.pull(&app, "viewer").await;
        assert_eq!(mirror.thing("depot", depot)["organization"], to);
        assert_eq!(mirror.things, fresh(&app, "viewer").await.things);
    }
}
