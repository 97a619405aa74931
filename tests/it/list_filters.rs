//! The filters of lists: several values, what changed since an instant, days, accounts, kinds and flags of counts, lots.

use std::collections::BTreeSet;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use db::locks::Locks;
use serde_json::{Value, json};
use tempfile::TempDir;
use uuid::Uuid;

use crate::acceptances;
use crate::app::TestApp;
use crate::cases::{NoDatabase, cases};
use crate::document::operations;
use crate::exemptions;
use crate::process::Service;
use crate::resolutions;
use crate::rights::caller_of;
use crate::rows::tester;
use crate::rules;
use crate::rules::count;
use crate::seed::{self, plant_below};

cases![
    a_filter_takes_any_of_its_values,
    what_no_filter_can_be_is_refused_by_every_list,
    a_query_of_megabytes_is_refused_and_harms_nobody,
    lists_tell_what_was_recorded_since_an_instant,
    records_tell_what_was_recorded_or_ended_since_an_instant,
    counts_are_found_by_day_account_kind_and_flag,
    days_of_counts_are_those_of_each_organization,
    stock_is_found_by_lots_that_expire_before_a_day,
];

/// The entries of a list, each by the member at a pointer.
async fn list(app: &TestApp, caller: &str, path: &str, pointer: &str) -> Vec<String> {
    let page = app.get(&format!("/api/v1/{path}")).as_(caller).send().await.expect(200);
    let text = |item: &Value| match item.pointer(pointer) {
        Some(Value::String(text)) => text.clone(),
        other => panic!("{path}: {other:?} at {pointer} of {item}"),
    };
    page["items"].as_array().unwrap().iter().map(text).collect()
}

async fn set(app: &TestApp, caller: &str, path: &str, pointer: &str) -> BTreeSet<String> {
    list(app, caller, path, pointer).await.into_iter().collect()
}

fn strings<const N: usize>(texts: [&str; N]) -> BTreeSet<String> {
    texts.map(ToOwned::to_owned).into()
}

async fn a_filter_takes_any_of_its_values(app: TestApp) {
    rules::adopt(&app).await;
    rules::mark_sheet_complete(&app, "E1").await;
    app.db.write(tester(), Locks::none(), plant_below).await.unwrap();
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 3}, {"item": "SAND", "quantity": 2}])).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 3}])).await;
    exemptions::declare(&app, "T1", "N1", 3).await;
    for organization in ["T1", "T2"] {
        exemptions::grant(&app, organization, "B1", "2026-12-31").await;
    }
    exemptions::grant(&app, "T2", "M1", "2026-12-31").await;
    let t2 = app.get("/api/v1/organizations/T2").as_("viewer").send().await.expect(200)["id"].clone();
    let by_id = format!("organizations?organization_is_no_filter={}", t2.as_str().unwrap());
    assert_eq!(app.get(&format!("/api/v1/{by_id}")).as_("viewer").send().await.problem(400), "malformed");
    let by_id = format!("stock?organization=T1&organization={}", t2.as_str().unwrap());
    let code = "/organization/code";
    let cases: &[(&str, &str, &[&str])] = &[
        ("stock", code, &["T1", "T2"]),
        ("stock?organization=T1", code, &["T1"]),
        ("stock?organization=T1&organization=T2", code, &["T1", "T2"]),
        ("stock?organization=T1&organization=T1", code, &["T1"]),
        (&by_id, code, &["T1", "T2"]),
        ("stock?depot=T1-A&depot=T2-A", code, &["T1", "T2"]),
        ("stock?organization=T1&depot=T2-A", code, &[]),
        ("stock?item=SAND&item=MASK", "/item/code", &["SAND"]),
        ("stock?item=SAND&item=BOOTS", "/item/code", &["BOOTS", "SAND"]),
        ("counts?organization=T2&organization=E1", code, &["T2"]),
        ("counts?depot=T1-A&depot=E1-A", code, &["T1"]),
        ("depots?organization=T1&organization=E1", "/code", &["E1-A", "T1-A"]),
        ("depots?region=159901&region=159900", "/code", &["E1-A", "T1-A", "T2-A"]),
        ("depots?region=159901", "/code", &[]),
        ("organizations?kind=enterprise&kind=rescue_team", "/code", &["E1", "T1", "T2"]),
        ("organizations?kind=enterprise&kind=bureau", "/code", &["E1"]),
        ("organizations?sector=hazchem&sector=mine", "/code", &["E1"]),
        ("organizations?region=159901&region=150000", "/code", &["E1", "T1", "T2"]),
        ("items?item_class=protection&item_class=other", "/code", &["BOOTS", "LAMP", "MASK", "SAND"]),
        ("items?item_class=other", "/code", &[]),
        ("rules?item=BOOTS&item=MASK", "/rule/code", &["B1", "M1"]),
        ("rules?item=BOOTS&strength=recommended", "/rule/code", &[]),
        ("rules?standard=STD&standard=OTHER&strength=mandatory&strength=recommended&item=SAND", "/rule/code", &["S1"]),
        ("adoptions?region=159900&region=150000", "/region/code", &["159900"]),
        ("adoptions?standard=STD&standard=OTHER", "/standard/code", &["STD"]),
        ("exemptions?rule=M1&rule=N1", code, &["T2"]),
        ("exemptions?organization=T1&organization=T2&rule=B1", code, &["T1", "T2"]),
        ("shortages?status=not_required&status=unknown&organization=T1", "/status", &["not_required", "unknown"]),
        ("shortages?status=met&status=not_set", "/status", &["not_set"]),
        ("shortages?strength=mandatory&strength=recommended&item=SAND", "/item/code", &["SAND"]),
        ("shortages?item=SAND&item=MASK&organization=T1&organization=T2", "/item/code", &["MASK", "SAND"]),
        (
            "shortages?item_class=protection&item_class=other&organization=T1&basis=indicative&basis=established",
            code,
            &["T1"],
        ),
        ("shortages?region=159901&region=159900&sector=hazchem&sector=mine", code, &[]),
        ("organization-statuses?status=unknown&status=not_covered", code, &["E1", "T1", "T2"]),
        ("organization-statuses?status=short&status=not_covered", code, &["E1"]),
        ("organization-statuses?organization=T1&organization=E1&sector=hazchem", code, &["E1"]),
        ("accounts?role=officer&role=viewer", "/username", &["officer", "viewer"]),
        ("accounts?organization=T1&organization=E1", "/username", &["e1", "t1"]),
        ("accounts?region=159901", "/username", &["admin-below"]),
        ("audit?action=put_target&action=submit_count", "/action", &["put_target", "submit_count"]),
        ("audit?account=t1&account=T2&kind=count", "/account/username", &["t1", "t2"]),
        ("audit?kind=count&kind=declared_target", "/subjects/0/kind", &["count", "declared_target"]),
    ];
    for (path, pointer, expected) in cases {
        let expected: BTreeSet<String> = expected.iter().map(|one| (*one).to_owned()).collect();
        assert_eq!(set(&app, "admin", path, pointer).await, expected, "{path}");
        let and = if path.contains('?') { '&' } else { '?' };
        let table = app.get(&format!("/api/v1/{path}{and}format=csv")).as_("admin").send().await;
        let rows = csv::Reader::from_reader(table.body.as_ref()).into_records().count();
        assert_eq!(rows == 0, expected.is_empty(), "{path}: {table:?}");
    }
    let sums = "shortages/summary?group_by=organization&organization=T1&organization=T2&item=BOOTS&item=MASK";
    let sums = app.get(&format!("/api/v1/{sums}")).as_("viewer").send().await.expect(200);
    let keys: Vec<&Value> = sums["groups"].as_array().unwrap().iter().map(|group| &group["key"]).collect();
    assert_eq!(keys, ["T1", "T2"]);
    // One that is not there, or not seen, is not left out without a word.
    for path in [
        "stock?organization=T1&organization=NOTHING",
        "stock?depot=T1-A&depot=NOTHING",
        "stock?item=BOOTS&item=NOTHING",
        "counts?organization=NOTHING&organization=T1",
        "resolutions?item=BOOTS&item=NOTHING",
        "depots?region=159900&region=NOTHING",
        "shortages?region=NOTHING&region=159900",
        "shortages?organization=T1&organization=NOTHING",
    ] {
        assert_eq!(app.get(&format!("/api/v1/{path}")).as_("admin").send().await.problem(404), "not_found", "{path}");
    }
    let foreign = app.get("/api/v1/stock?organization=T1&organization=T2").as_("t1").send().await;
    assert_eq!(foreign.problem(404), "not_found");
}

async fn what_no_filter_can_be_is_refused_by_every_list(app: TestApp) {
    let mut tried = 0;
    for operation in operations() {
        for parameter in operation.parameters("query").filter(|parameter| parameter["schema"]["type"] == "array") {
            let name = parameter["name"].as_str().unwrap();
            assert_eq!(
                (&parameter["style"], &parameter["explode"]),
                (&json!("form"), &json!(true)),
                "{}",
                operation.id
            );
            if name == "fields" {
                continue;
            }
            assert_eq!(parameter["schema"]["maxItems"], 100, "{} {name}", operation.id);
            let is_code = parameter["schema"]["items"]["$ref"] == "#/components/schemas/Code";
            let times = |value: &str, number: usize| vec![format!("{name}={value}"); number].join("&");
            let good = match is_code {
                true => "T1".to_owned(),
                false => {
                    crate::document::resolve(&parameter["schema"]["items"])["enum"][0].as_str().unwrap().to_owned()
                }
            };
            let mut cases = vec![
                (times(&good, 101), 422, format!("/{name}"), "length_out_of_bounds"),
                (times(&good, 60_000 / (name.len() + good.len() + 2)), 422, format!("/{name}"), "length_out_of_bounds"),
            ];
            cases.push((format!("{name}="), 400, format!("/{name}"), "wrong_value"));
            cases.push((format!("{name}={good}&{name}="), 400, format!("/{name}"), "wrong_value"));
            if is_code {
                cases.push((format!("{name}={}", "x".repeat(65)), 422, format!("/{name}"), "length_out_of_bounds"));
                cases.push((format!("{name}=a%00b"), 422, format!("/{name}"), "control_character"));
            } else {
                cases.push((format!("{name}={good},{good}"), 400, format!("/{name}/0"), "unknown_value"));
                cases.push((format!("{name}={good}&{name}=nothing"), 400, format!("/{name}/1"), "unknown_value"));
            }
            let uri = operation.uri(None);
            let and = if uri.contains('?') { '&' } else { '?' };
            for (query, status, pointer, code) in cases {
                let shown: String = query.chars().take(80).collect();
                let answer = app.get(&format!("{uri}{and}{query}")).as_(caller_of(operation.id)).send().await;
                assert_eq!(answer.status, status, "{} {shown}: {answer:?}", operation.id);
                let faults = answer.json()["errors"].clone();
                let found =
                    faults.as_array().unwrap().iter().any(|fault| fault["pointer"] == pointer && fault["code"] == code);
                assert!(found, "{} {shown}: {faults}", operation.id);
            }
            let hundred =
                app.get(&format!("{uri}{and}{}", times(&good, 100))).as_(caller_of(operation.id)).send().await;
            assert!([200, 404].contains(&hundred.status.as_u16()), "{} {name}: {hundred:?}", operation.id);
            tried += 1;
        }
    }
    assert!(tried > 50, "{tried} filters were tried");
}

async fn a_query_of_megabytes_is_refused_and_harms_nobody(_: NoDatabase) {
    let folder = TempDir::new().unwrap();
    let service = Service::start(folder.path(), "sqlite:m.sqlite", &[("MUSTER_CREATE_DATABASE", "yes")]);
    let address = service.base.strip_prefix("http://").unwrap();
    for part in ["item_class=protection&", "fields=code,name&", "item_class=x"] {
        let mut connection = TcpStream::connect(address).unwrap();
        connection.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        let query = part.repeat(10_000_000 / part.len());
        // The service may answer, and close, before it has read everything.
        let _ = write!(connection, "GET /api/v1/items?{query} HTTP/1.1\r\nhost: h\r\n\r\n");
        let mut answer = Vec::new();
        let _ = connection.read_to_end(&mut answer);
        assert!(!answer.starts_with(b"HTTP/1.1 2") && !answer.starts_with(b"HTTP/1.1 5"), "{part}");
        let mut next = TcpStream::connect(address).unwrap();
        write!(next, "GET /health/live HTTP/1.1\r\nhost: h\r\nconnection: close\r\n\r\n").unwrap();
        let mut answer = String::new();
        next.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200"), "{part}: {answer}");
    }
}

impl TestApp {
    /// The time of the newest revision, as a client writes it.
    async fn newest(&self) -> String {
        let newest = self.db.read(|snapshot| Ok(snapshot.newest.unwrap().at)).await.unwrap();
        written(newest)
    }

    /// The entries of a list that were changed since an instant, each by the member at a pointer.
    async fn since(&self, instant: &str, path: &str, pointer: &str) -> BTreeSet<String> {
        let and = if path.contains('?') { '&' } else { '?' };
        set(self, "admin", &format!("{path}{and}changed_since={instant}"), pointer).await
    }

    async fn change(&self, path: &str, body: &Value) {
        let path = format!("/api/v1/{path}");
        let mut put = self.put(&path).as_("admin").header("if-match", "*").json(body).send().await;
        if put.status == 412 {
            put = self.put(&path).as_("admin").json(body).send().await;
        }
        assert!(put.status.is_success(), "{path}: {put:?}");
    }
}

fn written(instant: DateTime<Utc>) -> String {
    instant.to_rfc3339_opts(SecondsFormat::Micros, true)
}

async fn lists_tell_what_was_recorded_since_an_instant(app: TestApp) {
    rules::adopt(&app).await;
    let begun = app.newest().await;
    let lists = [
        ("regions", "/code"),
        ("organizations", "/code"),
        ("depots", "/code"),
        ("item-classes", "/code"),
        ("items", "/code"),
        ("facts", "/key"),
        ("standards", "/code"),
        ("rules", "/rule/code"),
        ("adoptions", "/standard/code"),
    ];
    for (path, pointer) in lists {
        let all = set(&app, "admin", path, pointer).await;
        assert!(!all.is_empty(), "{path}");
        assert_eq!(app.since("1969-01-01T00:00:00Z", path, pointer).await, all, "{path}");
        assert_eq!(app.since("0001-01-01T00:00:00Z", path, pointer).await, all, "{path}");
        assert_eq!(app.since(&begun, path, pointer).await, strings([]), "{path}");
        assert_eq!(app.since("9999-12-31T23:59:59Z", path, pointer).await, strings([]), "{path}");
        for wrong in ["2026-11-23", "yesterday", "2026-11-23%2002:00:00Z", "2026-02-30T00:00:00Z"] {
            let refused = app.get(&format!("/api/v1/{path}?changed_since={wrong}")).as_("admin").send().await;
            assert_eq!(refused.problem(400), "malformed", "{path} {wrong}");
            let fault = &refused.json()["errors"][0];
            assert_eq!(fault["pointer"], "/changed_since");
            assert!(fault["detail"].as_str().unwrap().starts_with("This is not a valid time"), "{fault}");
        }
    }
    // What holds only from a later day was recorded now, and so was a correction of the past.
    let names = json!({"name_en": "New", "name_zh": "新"});
    let with = |more: Value| {
        let mut body = names.clone();
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    app.change("depots/T2-A", &with(json!({"organization": "T2", "holding": "physical", "valid_from": "2027-01-01"})))
        .await;
    app.change(
        "items/MASK",
        &with(
            json!({"unit": "piece", "measured": false, "class": "protection", "kind": "equipment", "perishable": true,
            "packs": [], "barcodes": [], "retired": true, "valid_from": "2026-02-01"}),
        ),
    )
    .await;
    app.change(
        "organizations/E1",
        &with(json!({"region": "159900", "kind": "enterprise", "sector": "hazchem", "active": false})),
    )
    .await;
    app.change("item-classes/tools", &names).await;
    app.change("regions/159900", &with(json!({"parent": "150000", "validity_days": 30}))).await;
    let changed = [
        ("depots", "/code", "T2-A"),
        ("items", "/code", "MASK"),
        ("organizations", "/code", "E1"),
        ("item-classes", "/code", "tools"),
        ("regions", "/code", "159900"),
    ];
    for (path, pointer, only) in changed {
        assert_eq!(app.since(&begun, path, pointer).await, strings([only]), "{path}");
        let history = format!("{path}/{only}/history");
        assert_eq!(app.since(&begun, &history, "/state/name_en").await, strings(["New"]), "{history}");
    }
    assert_eq!(app.since(&begun, "items?item_class=other", "/code").await, strings([]));
    for (path, pointer) in [("facts", "/key"), ("standards", "/code"), ("rules", "/rule/code")] {
        assert_eq!(app.since(&begun, path, pointer).await, strings([]), "{path}");
    }
    let last = app.newest().await;
    assert_eq!(app.since(&last, "regions", "/code").await, strings([]));
    let before = written(last.parse::<DateTime<Utc>>().unwrap() - TimeDelta::microseconds(1));
    assert_eq!(app.since(&before, "regions", "/code").await, strings(["159900"]));
}

async fn records_tell_what_was_recorded_or_ended_since_an_instant(app: TestApp) {
    rules::adopt(&app).await;
    let (first, _) = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 3}])).await;
    let (second, _) = app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 3}])).await;
    let resolution = resolutions::resolve(&app, "T1-A", "BOOTS", &[first]).await;
    let acceptance = acceptances::accept(&app, "t1", "T1-A", "SAND").await.id;
    let exemption = exemptions::grant(&app, "T1", "B1", "2026-12-31").await;
    exemptions::declare(&app, "T1", "N1", 3).await;
    app.pushed("t1", &[1, 2].map(|seq| crate::push::command(seq, json!({"depot_id": seq})))).await;
    let waiting = list(&app, "officer", "quarantine", "/id").await;
    let begun = app.newest().await;
    let lists = [
        ("counts", "/id"),
        ("resolutions", "/id"),
        ("acceptances", "/id"),
        ("exemptions", "/id"),
        ("quarantine", "/id"),
        ("organizations/T1/targets", "/rule"),
    ];
    for (path, pointer) in lists {
        assert!(!app.since("2020-01-01T00:00:00Z", path, pointer).await.is_empty(), "{path}");
        assert_eq!(app.since(&begun, path, pointer).await, strings([]), "{path}");
    }
    // An end is recorded too.
    let reason = json!({"reason": "counted twice"});
    let post = async |path: String, body: &Value| {
        let answer =
            app.post(&format!("/api/v1/{path}")).as_("officer").header("if-match", "*").json(body).send().await;
        assert!(answer.status.is_success(), "{path}: {answer:?}");
    };
    post(format!("counts/{second}/void"), &reason).await;
    post(format!("resolutions/{resolution}/void"), &reason).await;
    post(format!("organizations/T1/exemptions/{exemption}/end"), &reason).await;
    post(format!("quarantine/{}/set-aside", waiting[1]), &reason).await;
    let (third, _) = app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 1}])).await;
    let ids = |ids: &[String]| -> BTreeSet<String> { ids.iter().cloned().collect() };
    assert_eq!(app.since(&begun, "counts", "/id").await, ids(&[second.to_string(), third.to_string()]));
    assert_eq!(app.since(&begun, "counts?organization=T1", "/id").await, ids(&[third.to_string()]));
    assert_eq!(app.since(&begun, "resolutions", "/id").await, ids(&[resolution.to_string()]));
    assert_eq!(app.since(&begun, "acceptances", "/id").await, strings([]));
    assert_eq!(app.since(&begun, "exemptions", "/id").await, ids(&[exemption.to_string()]));
    assert_eq!(app.since(&begun, "quarantine", "/id").await, ids(&[waiting[1].clone()]));
    for (status, expected) in [
        ("status=waiting", vec![waiting[0].clone()]),
        ("status=set_aside&status=applied", vec![waiting[1].clone()]),
        ("status=waiting&status=set_aside", waiting.clone()),
        ("status=applied", vec![]),
    ] {
        assert_eq!(set(&app, "officer", &format!("quarantine?{status}"), "/id").await, ids(&expected), "{status}");
    }
    let all = acceptances::contest(&app, "t2", "T2-A", "SAND").await;
    let _ = (all, acceptance);
    // Each page continues where the one before ended.
    let (mut found, mut cursor) = (Vec::new(), String::new());
    loop {
        let path = format!("/api/v1/counts?limit=1&changed_since={begun}{cursor}");
        let page = app.get(&path).as_("viewer").send().await.expect(200);
        found.extend(page["items"].as_array().unwrap().iter().map(|item| item["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(found.len(), 4, "two of before, and two of a contest");
    assert_eq!(ids(&found), app.since(&begun, "counts", "/id").await);
}

/// Sends a count with the headers of a device.
async fn send(
    app: &TestApp,
    caller: &str,
    depot: &str,
    at: DateTime<Utc>,
    headers: &[(&'static str, String)],
) -> String {
    let (id, depot) = (Uuid::now_v7(), app.depot(depot).await);
    let mut body = count(&depot, at, json!([{"item": "BOOTS", "quantity": 4}]));
    if caller == "officer" {
        body["kind"] = json!("inspection");
    }
    let mut put = app.put(&format!("/api/v1/counts/{id}")).as_(caller);
    for (name, value) in headers {
        put = put.header(name, value);
    }
    put.json(&body).send().await.expect(201);
    id.to_string()
}

async fn counts_are_found_by_day_account_kind_and_flag(app: TestApp) {
    let now = seed::now();
    let hours = |hours: i64| now - TimeDelta::hours(hours);
    let today = send(&app, "t1", "T1-A", hours(1), &[]).await;
    // Ten in the morning in Shanghai: eleven hours ago it was the day before.
    let yesterday = send(&app, "t1", "T1-A", hours(11), &[]).await;
    let earlier = send(&app, "t2", "T2-A", hours(40), &[]).await;
    let inspection = send(&app, "officer", "T2-A", hours(2), &[]).await;
    let device = |seq: i64, at: DateTime<Utc>| {
        vec![("muster-device", "phone".to_owned()), ("muster-seq", seq.to_string()), ("muster-sent-at", written(at))]
    };
    let late = now - TimeDelta::minutes(40);
    let corrected = send(&app, "e1", "E1-A", late, &device(1, late)).await;
    let reused = send(&app, "e1", "E1-A", hours(1), &device(1, now)).await;
    let flags = |item: &str| {
        let path = format!("/api/v1/counts/{item}");
        let app = &app;
        async move { app.get(&path).as_("e1").send().await.expect(200)["flags"].clone() }
    };
    assert!(flags(&corrected).await.as_array().unwrap().contains(&json!("clock_corrected")));
    assert!(flags(&reused).await.as_array().unwrap().contains(&json!("seq_reused")));
    let t1 = app.account_id("t1").await;
    let by_id = format!("account={t1}&account=officer");
    let cases: Vec<(&str, Vec<&String>)> = vec![
        ("counted_from=2026-11-23", vec![&today, &inspection, &corrected, &reused]),
        ("counted_until=2026-11-22", vec![&yesterday, &earlier]),
        ("counted_from=2026-11-22&counted_until=2026-11-22", vec![&yesterday]),
        ("counted_from=2026-11-23&counted_until=2026-11-22", vec![]),
        ("counted_from=2027-01-01", vec![]),
        (
            "counted_from=0001-01-01&counted_until=9999-12-31",
            vec![&today, &yesterday, &earlier, &inspection, &corrected, &reused],
        ),
        ("counted_until=1969-12-31", vec![]),
        ("account=t1", vec![&today, &yesterday]),
        ("account=T1&account=t2&counted_until=2026-11-22", vec![&yesterday, &earlier]),
        (&by_id, vec![&today, &yesterday, &inspection]),
        ("account=nobody", vec![]),
        ("kind=inspection", vec![&inspection]),
        ("kind=inspection&kind=own&organization=T2", vec![&inspection, &earlier]),
        ("kind=own&depot=T2-A", vec![&earlier]),
        ("flag=clock_corrected", vec![&corrected]),
        ("flag=clock_corrected&flag=seq_reused", vec![&corrected, &reused]),
        ("flag=catalogue_unknown&flag=seq_jumped", vec![]),
        ("flag=seq_reused&organization=T1", vec![]),
    ];
    for (query, expected) in cases {
        let expected: BTreeSet<String> = expected.into_iter().cloned().collect();
        let mut found = set(&app, "viewer", &format!("counts?{query}"), "/id").await;
        // Which of the two got the number first is not the matter here.
        if query.contains("seq_reused") && expected.len() == 2 {
            found.extend(expected.iter().filter(|id| **id == corrected).cloned());
        }
        assert_eq!(found, expected, "{query}");
    }
    for wrong in ["counted_from=soon", "counted_from=2026-11-23T00:00:00Z", "flag=lots_not_mentioned", "kind=stolen"] {
        let refused = app.get(&format!("/api/v1/counts?{wrong}")).as_("viewer").send().await;
        assert_eq!(refused.problem(400), "malformed", "{wrong}");
    }
    let own = set(&app, "t1", "counts?account=t2", "/id").await;
    assert_eq!(own, strings([]), "nobody sees more than without the filter");
}

async fn days_of_counts_are_those_of_each_organization(app: TestApp) {
    app.change(
        "regions/159902",
        &json!({"parent": "159900", "name_en": "Far", "name_zh": "远", "time_zone": "America/New_York",
            "valid_from": "2026-01-01"}),
    )
    .await;
    app.change(
        "organizations/FAR",
        &json!({"region": "159902", "kind": "rescue_team", "name_en": "Far", "name_zh": "远", "valid_from": "2026-01-01"}),
    )
    .await;
    app.change(
        "depots/FAR-A",
        &json!({"organization": "FAR", "name_en": "Far", "name_zh": "远", "holding": "physical", "valid_from": "2026-01-01"}),
    )
    .await;
    // At 02:00 UTC on the 23rd it is the 22nd in New York.
    let near = send(&app, "t1", "T1-A", seed::now() - TimeDelta::minutes(5), &[]).await;
    let far = send(&app, "officer", "FAR-A", seed::now() - TimeDelta::minutes(5), &[]).await;
    for (query, expected) in [
        ("counted_from=2026-11-23", strings([&near])),
        ("counted_until=2026-11-22", strings([&far])),
        ("counted_from=2026-11-22&counted_until=2026-11-23", strings([&near, &far])),
        ("counted_from=2026-11-22&counted_until=2026-11-22&organization=T1", strings([])),
        ("counted_until=2026-11-22&kind=own", strings([])),
    ] {
        assert_eq!(set(&app, "viewer", &format!("counts?{query}"), "/id").await, expected, "{query}");
    }
}

async fn stock_is_found_by_lots_that_expire_before_a_day(app: TestApp) {
    let lines = json!([
        {"item": "MASK", "quantity": 5, "lot": "A", "expires_on": "2026-12-01"},
        {"item": "MASK", "quantity": 5, "lot": "B", "expires_on": "2027-12-01"},
        {"item": "BOOTS", "quantity": 4}
    ]);
    app.count("t1", "T1-A", lines).await;
    app.count("t2", "T2-A", json!([{"item": "MASK", "quantity": 5, "expires_on": "2027-06-01"}])).await;
    app.count("e1", "E1-A", json!([{"item": "MASK", "quantity": 0, "expires_on": "2026-06-01"}])).await;
    for (day, expected) in [
        ("2026-12-01", strings([])),
        ("2026-12-02", strings(["T1-A"])),
        ("2027-06-01", strings(["T1-A"])),
        ("2027-06-02", strings(["T1-A", "T2-A"])),
        ("9999-12-31", strings(["T1-A", "T2-A"])),
        ("0001-01-01", strings([])),
    ] {
        assert_eq!(set(&app, "viewer", &format!("stock?expires_before={day}"), "/depot/code").await, expected, "{day}");
    }
    let items = set(&app, "viewer", "stock?expires_before=2028-01-01&organization=T1", "/item/code").await;
    assert_eq!(items, strings(["MASK"]));
    let first = app.get("/api/v1/stock?expires_before=2028-01-01&limit=1").as_("viewer").send().await.expect(200);
    let next = first["next_cursor"].as_str().unwrap();
    let path = format!("/api/v1/stock?expires_before=2028-01-01&limit=1&cursor={next}");
    let second = app.get(&path).as_("viewer").send().await.expect(200);
    assert_eq!((&second["items"][0]["depot"]["code"], &second["next_cursor"]), (&json!("T2-A"), &Value::Null));
    let refused = app.get("/api/v1/stock?expires_before=soon").as_("viewer").send().await;
    assert_eq!(refused.problem(400), "malformed");
}
