//! Submitting, repeating, voiding and reading counts.

use std::collections::BTreeSet;

use base::error::Error;
use db::connection::AnyConnection;
use db::locks::Locks;
use futures_util::future::join_all;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rows::{all_locks, tester};
use crate::rules::{self, count, minutes_ago};
use crate::seed;

cases![
    a_count_sent_again_is_one_count,
    the_spelling_of_a_body_does_not_make_it_another,
    an_id_used_for_other_content_is_refused_and_nothing_changes,
    an_id_of_somebody_elses_count_tells_nothing_of_it,
    one_count_sent_by_many_at_once_is_stored_once,
    sixty_four_clients_at_once_lose_nothing,
    a_repeat_is_known_although_its_depot_would_now_be_refused,
    what_is_wrong_with_a_count_is_named_by_its_place,
    a_refused_count_leaves_nothing,
    a_lot_may_be_partly_here_and_partly_lent,
    packs_are_kept_and_counted_in_units,
    only_an_officer_inspects,
    a_viewer_counts_nothing,
    a_closed_account_counts_nothing_more,
    a_device_is_kept_and_its_clock_corrected,
    an_answer_without_assessments_can_be_asked_for,
    the_answer_is_what_is_read_afterwards,
    a_count_of_the_future_counts_from_its_receipt,
    bad_device_headers_are_named,
    a_voided_count_stays_and_speaks_no_more,
    a_void_is_one_void,
    somebody_elses_counts_are_not_found,
    pages_of_counts_hold_each_once,
    a_packed_body_is_read_and_its_size_bounded,
];

const BOOTS: &str = r#"[{"item":"BOOTS","quantity":5}]"#;

fn lines(text: &str) -> Value {
    serde_json::from_str(text).unwrap()
}

async fn a_count_sent_again_is_one_count(app: TestApp) {
    let (id, body) = (Uuid::now_v7(), count(&app.depot("T1-A").await, seed::now(), lines(BOOTS)));
    let first = app.submit("t1", id, &body).await.expect(201);
    assert_eq!(first["repeated"], false);
    for _ in 0..2 {
        let again = app.submit("t1", id, &body).await.expect(200);
        assert_eq!(again["repeated"], true);
        assert_eq!(again["count"], first["count"]);
    }
    let listed = app.get("/api/v1/counts").as_("t1").send().await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap(), &vec![first["count"].clone()]);
}

async fn the_spelling_of_a_body_does_not_make_it_another(app: TestApp) {
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let path = format!("/api/v1/counts/{id}");
    let one = format!(
        r#"{{"depot_id":"{depot}","scope":"listed","counted_at":"2026-11-23T01:00:00Z","lines":[{{"item":"SAND","quantity":2.5}}]}}"#
    );
    let other = format!(
        r#"{{ "lines": [ {{"quantity": 25e-1, "item": "S\u0041ND"}} ], "counted_at":"2026-11-23T01:00:00Z",
            "scope":"listed", "depot_id":"{depot}" }}"#
    );
    let first = app.put(&path).as_("t1").body("application/json", one).send().await.expect(201);
    let again = app.put(&path).as_("t1").body("application/json", other).send().await.expect(200);
    assert_eq!(first["count"], again["count"]);
    assert_eq!(first["count"]["lines"][0]["quantity"].to_string(), "2.5");
}

async fn an_id_used_for_other_content_is_refused_and_nothing_changes(app: TestApp) {
    let (id, first) = app.count("t1", "T1-A", lines(BOOTS)).await;
    let other = count(&app.depot("T1-A").await, seed::now(), json!([{"item": "BOOTS", "quantity": 6}]));
    let answer = app.submit("t1", id, &other).await;
    assert_eq!(answer.problem(409), "id_reused");
    let problem = answer.json();
    assert_eq!(problem["stored_sha256"], first["count"]["sha256"]);
    assert_eq!(problem["sent_sha256"].as_str().unwrap().len(), 64);
    assert_ne!(problem["sent_sha256"], problem["stored_sha256"]);
    let stored = app.get(&format!("/api/v1/counts/{id}")).as_("t1").send().await.expect(200);
    assert_eq!(stored, first["count"]);
}

async fn an_id_of_somebody_elses_count_tells_nothing_of_it(app: TestApp) {
    let body = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS));
    let id = Uuid::now_v7();
    app.submit("t1", id, &body).await.expect(201);
    let same = app.submit("t2", id, &body).await;
    assert_eq!(same.problem(409), "id_reused");
    assert_eq!(same.json().get("stored_sha256"), None);
    let own = count(&app.depot("T2-A").await, seed::now(), lines(BOOTS));
    assert_eq!(app.submit("t2", id, &own).await.json().get("stored_sha256"), None);
}

async fn one_count_sent_by_many_at_once_is_stored_once(app: TestApp) {
    let (id, body) = (Uuid::now_v7(), count(&app.depot("T1-A").await, seed::now(), lines(BOOTS)));
    let answers = join_all((0..16).map(|_| app.submit("t1", id, &body))).await;
    let stored: Vec<bool> = answers.iter().map(|answer| answer.json()["repeated"] == false).collect();
    assert_eq!(stored.iter().filter(|stored| **stored).count(), 1, "{answers:?}");
    let listed = app.get("/api/v1/counts").as_("t1").send().await.expect(200);
    assert_eq!(listed["items"].as_array().unwrap().len(), 1);
}

async fn sixty_four_clients_at_once_lose_nothing(app: TestApp) {
    let places = [("t1", app.depot("T1-A").await), ("t2", app.depot("T2-A").await), ("e1", app.depot("E1-A").await)];
    let counts: Vec<_> = (0..64)
        .map(|number| {
            let (username, depot) = &places[number % places.len()];
            let seen = json!([{"item": "BOOTS", "quantity": number}, {"item": "SAND", "quantity": 0.125}]);
            (*username, Uuid::now_v7(), count(depot, minutes_ago(64 - number as i64), seen))
        })
        .collect();
    let answers = join_all(counts.iter().map(|(username, id, body)| app.submit(username, *id, body))).await;
    for answer in &answers {
        answer.expect(201);
    }
    let listed = app.get("/api/v1/counts?limit=500").as_("viewer").send().await.expect(200);
    let listed = listed["items"].as_array().unwrap();
    let ids: BTreeSet<&str> = listed.iter().map(|count| count["id"].as_str().unwrap()).collect();
    let revisions: BTreeSet<i64> = listed.iter().map(|count| count["revision"].as_i64().unwrap()).collect();
    assert_eq!((listed.len(), ids.len(), revisions.len()), (64, 64, 64));
    for (_, id, body) in &counts {
        let stored = listed.iter().find(|count| count["id"] == id.to_string()).unwrap();
        assert_eq!(stored["lines"][0]["quantity"], body["lines"][0]["quantity"]);
        assert_eq!(stored["lines"].as_array().unwrap().len(), 2);
    }
}

async fn a_repeat_is_known_although_its_depot_would_now_be_refused(app: TestApp) {
    let (id, body) = (Uuid::now_v7(), count(&app.depot("T1-A").await, seed::now(), lines(BOOTS)));
    app.submit("t1", id, &body).await.expect(201);
    let locks = all_locks(&app.db).await;
    app.db
        .write(tester(), locks, |change| {
            use db::{depots, organizations};
            let all = organizations::list(change.connection, domain::revision::Revision::LATEST)?;
            let ids: Vec<_> = all.iter().map(|organization| organization.id).collect();
            let depot = depots::list(change.connection, &ids, domain::revision::Revision::LATEST)?
                .into_iter()
                .find(|depot| depot.code == "T1-A")
                .unwrap();
            let closed = domain::depot::DepotVersion { open: false, ..depot.versions[0].value.clone() };
            let today = db::sql_types::Day(seed::now().date_naive());
            let owner = change.for_organization(depot.organization_id)?;
            depots::insert_version(change, owner, depot.id, &depot.code, today, &closed)
        })
        .await
        .unwrap();
    assert_eq!(app.submit("t1", id, &body).await.expect(200)["repeated"], true);
    let answer = app.submit("t1", Uuid::now_v7(), &body).await;
    answer.problem(422);
    assert_eq!(answer.json()["errors"][0]["code"], "depot_closed");
}

async fn what_is_wrong_with_a_count_is_named_by_its_place(app: TestApp) {
    let (own, foreign) = (app.depot("T1-A").await, app.depot("T2-A").await);
    let with = |lines: &str| {
        format!(r#"{{"depot_id":"{own}","scope":"listed","counted_at":"2026-11-23T01:00:00Z","lines":{lines}}}"#)
    };
    let cases = [
        (with(r#"[{"item":"BOOTS","quantity":-1}]"#), "/lines/0/quantity", "negative"),
        (with(r#"[{"item":"BOOTS","quantity":1.5}]"#), "/lines/0/quantity", "not_whole"),
        (with(r#"[{"item":"SAND","quantity":0.0001}]"#), "/lines/0/quantity", "wrong_value"),
        (with(r#"[{"item":"SAND","quantity":1000000000}]"#), "/lines/0/quantity", "wrong_value"),
        (with(r#"[{"item":"SAND","quantity":"3"}]"#), "/lines/0/quantity", "wrong_value"),
        (with(r#"[{"item":"BOOTS"}]"#), "/lines/0/quantity", "quantity_missing"),
        (with(r#"[{"item":"BOOTS","packs":2}]"#), "/lines/0/quantity", "quantity_missing"),
        (
            with(r#"[{"item":"BOOTS","quantity":1,"pack":"box","packs":2,"pack_size":3}]"#),
            "/lines/0/quantity",
            "quantity_and_packs",
        ),
        (with(r#"[{"item":"BOOTS","pack":"box","packs":2,"pack_size":0}]"#), "/lines/0/pack_size", "zero"),
        (with(r#"[{"item":"BOOTS","pack":"box","packs":2.5,"pack_size":3}]"#), "/lines/0/packs", "not_whole"),
        (with(r#"[{"item":"SAND","pack":"bag","packs":999999999,"pack_size":25}]"#), "/lines/0/packs", "out_of_range"),
        (with(r#"[{"item":"NOTHING","quantity":1}]"#), "/lines/0/item", "item_unknown"),
        (with(r#"[{"item":"","quantity":1}]"#), "/lines/0/item", "length_out_of_bounds"),
        (with(r#"[{"item":"BOOTS","quantity":1},{"item":"BOOTS","quantity":2}]"#), "/lines/1", "duplicate_line"),
        (with(r#"[{"item":"BOOTS","quantity":1,"colour":"red"}]"#), "/lines/0/colour", "unknown_field"),
        (with(r#"[{"item":"BOOTS","quantity":1,"condition":"new"}]"#), "/lines/0/condition", "unknown_value"),
        (with(r#"[{"item":"BOOTS","quantity":1,"expires_on":"2026-02-30"}]"#), "/lines/0/expires_on", "wrong_value"),
        (
            with(r#"[{"item":"MASK","quantity":1,"made_on":"2026-05-01","expires_on":"2026-04-30"}]"#),
            "/lines/0/expires_on",
            "before_made_on",
        ),
        (with(r#"[{"item":"BOOTS","quantity":1e400}]"#), "", "out_of_range"),
        (with(r#"[{"item":"BO\u0000OTS","quantity":1}]"#), "/lines/0/item", "control_character"),
        (with("[]"), "/lines", "empty"),
        (with(BOOTS).replace("2026-11-23T01:00:00Z", "yesterday"), "/counted_at", "wrong_value"),
        (with(BOOTS).replace("2026-11-23T01:00:00Z", "0001-01-01T00:00:00Z"), "/counted_at", "out_of_range"),
        (with(BOOTS).replace("listed", "some"), "/scope", "unknown_value"),
        (with(BOOTS).replace(&own, &foreign), "/depot_id", "depot_unknown"),
        (with(BOOTS).replace(&own, &Uuid::now_v7().to_string()), "/depot_id", "depot_unknown"),
        (with(BOOTS).replace(&own, "T1-A"), "/depot_id", "wrong_value"),
        (with(BOOTS).replace("\"scope\"", "\"note\":\"a\\u0001b\",\"scope\""), "/note", "control_character"),
        (
            with(BOOTS).replace("\"scope\"", &format!("\"survey_id\":\"{}\",\"scope\"", Uuid::now_v7())),
            "/survey_id",
            "survey_unknown",
        ),
        (
            with(BOOTS).replace("\"scope\"", &format!("\"resolves\":[\"{}\"],\"scope\"", Uuid::now_v7())),
            "/resolves/0",
            "count_unknown",
        ),
        (with(BOOTS).replace("\"scope\":\"listed\",", ""), "/scope", "missing_field"),
    ];
    for (body, pointer, code) in cases {
        let path = format!("/api/v1/counts/{}", Uuid::now_v7());
        let answer = app.put(&path).as_("t1").body("application/json", body.clone()).send().await;
        assert_eq!(answer.problem(422), "values_not_taken", "{body}");
        let errors = answer.json()["errors"].clone();
        assert_eq!((&errors[0]["pointer"], &errors[0]["code"]), (&json!(pointer), &json!(code)), "{body}: {errors}");
        assert!(errors[0]["detail"].as_str().unwrap().ends_with('.'), "{errors}");
    }
}

async fn a_refused_count_leaves_nothing(app: TestApp) {
    let id = Uuid::now_v7();
    let depot = app.depot("T1-A").await;
    let bad = count(&depot, seed::now(), json!([{"item": "BOOTS", "quantity": 1}, {"item": "NOTHING", "quantity": 1}]));
    let before = app.get("/health/ready").send().await.expect(200);
    app.submit("t1", id, &bad).await.problem(422);
    assert_eq!(app.get("/health/ready").send().await.expect(200), before);
    let good = count(&depot, seed::now(), lines(BOOTS));
    assert_eq!(app.submit("t1", id, &good).await.expect(201)["repeated"], false);
}

async fn a_lot_may_be_partly_here_and_partly_lent(app: TestApp) {
    let seen = json!([{"item": "BOOTS", "quantity": 5}, {"item": "BOOTS", "quantity": 2, "held": "lent"}]);
    app.count("t1", "T1-A", seen).await;
    let stock = app.get("/api/v1/stock?organization=T1&item=BOOTS").as_("t1").send().await.expect(200);
    assert_eq!(stock["items"][0]["stock"]["usable"], json!({"min": 5, "max": 5}));
    assert_eq!(stock["items"][0]["stock"]["left_out"], json!({"lent": 2}));
}

async fn packs_are_kept_and_counted_in_units(app: TestApp) {
    let seen = json!([{"item": "SAND", "pack": "bag", "packs": 3, "pack_size": 12.5}]);
    let (_, answer) = app.count("t1", "T1-A", seen).await;
    let line = &answer["count"]["lines"][0];
    assert_eq!((&line["quantity"], &line["packs"]), (&json!(37.5), &json!(3)));
    assert_eq!((&line["pack"], &line["pack_size"]), (&json!("bag"), &json!(12.5)));
}

async fn only_an_officer_inspects(app: TestApp) {
    let mut body = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS));
    body["kind"] = json!("inspection");
    assert_eq!(app.submit("t1", Uuid::now_v7(), &body).await.problem(403), "inspection_needs_officer");
    let id = Uuid::now_v7();
    let stored = app.submit("officer", id, &body).await.expect(201);
    assert_eq!(stored["count"]["kind"], "inspection");
    let unsaid = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS));
    let stored = app.submit("officer", Uuid::now_v7(), &unsaid).await.expect(201);
    assert_eq!(stored["count"]["kind"], "inspection", "what an officer sees is an inspection");
    body["kind"] = json!("own");
    assert_eq!(app.submit("officer", Uuid::now_v7(), &body).await.problem(403), "own_needs_quartermaster");
    let void = app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&json!({"reason": "no"}));
    assert_eq!(void.send().await.problem(403), "inspection_needs_officer");
}

async fn a_viewer_counts_nothing(app: TestApp) {
    let body = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS));
    assert_eq!(app.submit("viewer", Uuid::now_v7(), &body).await.problem(403), "role_not_allowed");
}

async fn a_closed_account_counts_nothing_more(app: TestApp) {
    let body = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS));
    let token = format!("Bearer {}", app.token_of("t1").await);
    app.db.write(tester(), Locks::none(), |change| close_all_accounts(change.connection)).await.unwrap();
    let put = app.put(&format!("/api/v1/counts/{}", Uuid::new_v4())).header("authorization", &token);
    assert_eq!(put.json(&body).send().await.problem(401), "account_closed");
}

fn close_all_accounts(connection: &mut AnyConnection) -> Result<(), Error> {
    use db::schema::accounts;
    use db::sql_types::Instant;
    use diesel::prelude::*;
    let closing = (accounts::closed_at.eq(Instant(seed::now())), accounts::closed_reason.eq("moved away"));
    diesel::update(accounts::table).set(closing).execute(connection)?;
    Ok(())
}

async fn a_device_is_kept_and_its_clock_corrected(app: TestApp) {
    let body = count(&app.depot("T1-A").await, minutes_ago(90), lines(BOOTS));
    let stored = app
        .put(&format!("/api/v1/counts/{}", Uuid::now_v7()))
        .as_("t1")
        .header("muster-device", "phone-7")
        .header("muster-seq", "41")
        .header("muster-sent-at", &minutes_ago(60).to_rfc3339())
        .json(&body)
        .send()
        .await
        .expect(201);
    let count = &stored["count"];
    assert_eq!((&count["device"], &count["seq"]), (&json!("phone-7"), &json!(41)));
    assert_eq!(count["counted_at"], "2026-11-23T00:30:00.000000Z");
    // The device's clock is an hour behind, so the count was made half an hour before its receipt.
    assert_eq!(count["effective_at"], "2026-11-23T01:30:00.000000Z");
}

async fn an_answer_without_assessments_can_be_asked_for(app: TestApp) {
    rules::adopt(&app).await;
    let depot = app.depot("T1-A").await;
    let earlier = count(&depot, minutes_ago(90), json!([{"item": "BOOTS", "quantity": 3, "lot": "A1"}]));
    app.submit("t1", Uuid::now_v7(), &earlier).await.expect(201);
    let body = count(&depot, seed::now(), lines(BOOTS));
    let path = format!("/api/v1/counts/{}", Uuid::now_v7());
    let minimal = || app.put(&path).as_("t1").header("prefer", "return=minimal").json(&body);
    let (mut receipts, mut counts) = (Vec::new(), Vec::new());
    for status in [201, 200] {
        let answer = minimal().send().await;
        assert_eq!(answer.header("preference-applied"), "return=minimal");
        let stored = answer.expect(status);
        assert_eq!(stored["assessments"], json!([]));
        receipts.push(stored["receipt"].clone());
        counts.push(stored["count"].clone());
    }
    assert_eq!(counts[0], counts[1]);
    let whole = app.put(&path).as_("t1").header("prefer", "respond-async").json(&body).send().await;
    assert_eq!(whole.header("preference-applied"), "");
    let whole = whole.expect(200);
    assert!(!whole["assessments"].as_array().unwrap().is_empty(), "{whole}");
    assert_eq!(receipts, vec![whole["receipt"].clone(); 2]);
    // The whole answer also tells of the lot that the count leaves out.
    assert_eq!(whole["count"]["lots_not_mentioned"][0]["lot"], "A1", "{whole}");
    assert_ne!(whole["count"], counts[0]);
}

/// Nothing is read again after a count is written, so its answer is made of what was written.
async fn the_answer_is_what_is_read_afterwards(app: TestApp) {
    let depot = app.depot("T1-A").await;
    let listed = count(&depot, minutes_ago(90), lines(BOOTS));
    let full =
        json!({ "depot_id": depot, "scope": "full", "counted_at": minutes_ago(-90), "lines": [], "note": "全部" });
    let sent_at = minutes_ago(60).to_rfc3339();
    let mut flags = BTreeSet::new();
    for (place, (seq, body)) in
        [("1", &listed), ("500000", &full), ("1", &full), ("2", &listed)].into_iter().enumerate()
    {
        for prefer in ["return=minimal", "return=representation"] {
            let path = format!("/api/v1/counts/{}", Uuid::now_v7());
            let sent = app.put(&path).as_("t1").header("prefer", prefer).json(body);
            let sent =
                if place == 3 { sent } else { sent.header("muster-device", "phone-7").header("muster-seq", seq) };
            let sent = if place == 0 { sent.header("muster-sent-at", &sent_at) } else { sent };
            let stored = sent.send().await.expect(201);
            let read = app.get(&path).as_("t1").send().await.expect(200);
            assert_eq!(stored["count"], read, "{prefer} {place}");
            let receipts = app.get(&format!("{path}/receipt")).as_("t1").send().await.expect(200);
            assert_eq!(stored["receipt"], receipts["receipt"]);
            flags.extend(read["flags"].as_array().unwrap().iter().map(ToString::to_string));
        }
    }
    assert!(flags.len() >= 3, "{flags:?}");
}

async fn a_count_of_the_future_counts_from_its_receipt(app: TestApp) {
    let body = count(&app.depot("T1-A").await, minutes_ago(-600), lines(BOOTS));
    let stored = app.submit("t1", Uuid::now_v7(), &body).await.expect(201);
    assert_eq!(stored["count"]["effective_at"], "2026-11-23T02:00:00.000000Z");
}

async fn bad_device_headers_are_named(app: TestApp) {
    let body = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS));
    let cases = [
        ("muster-seq", "-1"),
        ("muster-seq", "many"),
        ("muster-sent-at", "noon"),
        ("muster-seq", "4"),
        ("muster-sent-at", "-5000-01-01T00:00:00Z"),
    ];
    for (name, value) in cases {
        let request = app.put(&format!("/api/v1/counts/{}", Uuid::now_v7())).as_("t1").header(name, value);
        assert_eq!(request.json(&body).send().await.problem(400), "malformed", "{name}: {value}");
    }
}

async fn a_voided_count_stays_and_speaks_no_more(app: TestApp) {
    let (id, _) = app.count("t1", "T1-A", lines(BOOTS)).await;
    let void = app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&json!({"reason": "wrong shelf"}));
    let voided = void.send().await.expect(201);
    assert_eq!(voided["count"]["void"]["reason"], "wrong shelf");
    let stock = app.get("/api/v1/stock?organization=T1").as_("t1").send().await.expect(200);
    assert_eq!(stock["items"], json!([]));
    let found = app.get(&format!("/api/v1/counts/{id}")).as_("t1").send().await.expect(200);
    assert_eq!(found["lines"][0]["quantity"], 5);
    let body = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS));
    let again = app.submit("t1", id, &body).await.expect(200);
    assert_eq!((&again["repeated"], &again["count"]["void"]["reason"]), (&json!(true), &json!("wrong shelf")));
}

async fn a_void_is_one_void(app: TestApp) {
    let (id, _) = app.count("t1", "T1-A", lines(BOOTS)).await;
    let path = format!("/api/v1/counts/{id}/void");
    let void = |reason: &str| app.post(&path).as_("t1").json(&json!({ "reason": reason })).send();
    let answers = join_all((0..8).map(|_| void("wrong shelf"))).await;
    assert_eq!(answers.iter().filter(|answer| answer.status == 201).count(), 1);
    assert!(answers.iter().all(|answer| answer.status == 201 || answer.json()["repeated"] == true));
    assert_eq!(void("another reason").await.problem(409), "already_voided");
    void("").await.problem(422);
}

async fn somebody_elses_counts_are_not_found(app: TestApp) {
    let (id, _) = app.count("t1", "T1-A", lines(BOOTS)).await;
    assert_eq!(app.get(&format!("/api/v1/counts/{id}")).as_("t2").send().await.problem(404), "not_found");
    let void = app.post(&format!("/api/v1/counts/{id}/void")).as_("t2").json(&json!({"reason": "x"}));
    assert_eq!(void.send().await.problem(404), "not_found");
    assert_eq!(app.get("/api/v1/counts?organization=T1").as_("t2").send().await.problem(404), "not_found");
    assert_eq!(app.get("/api/v1/counts?depot=T1-A").as_("t2").send().await.problem(404), "not_found");
    let own = app.get("/api/v1/counts").as_("t2").send().await.expect(200);
    assert_eq!(own["items"], json!([]));
}

async fn pages_of_counts_hold_each_once(app: TestApp) {
    let mut made = Vec::new();
    for _ in 0..7 {
        made.push(app.count("t1", "T1-A", lines(BOOTS)).await.0.to_string());
    }
    let (mut seen, mut cursor) = (Vec::new(), String::new());
    loop {
        let page = app.get(&format!("/api/v1/counts?limit=3{cursor}")).as_("t1").send().await.expect(200);
        seen.extend(page["items"].as_array().unwrap().iter().map(|count| count["id"].as_str().unwrap().to_owned()));
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    made.reverse();
    assert_eq!(seen, made);
    assert_eq!(app.get("/api/v1/counts?cursor=nonsense").as_("t1").send().await.problem(422), "values_not_taken");
}

async fn a_packed_body_is_read_and_its_size_bounded(app: TestApp) {
    let body = count(&app.depot("T1-A").await, seed::now(), lines(BOOTS)).to_string();
    let send = |bytes: Vec<u8>| {
        app.put(&format!("/api/v1/counts/{}", Uuid::now_v7()))
            .as_("t1")
            .header("content-encoding", "gzip")
            .body("application/json", bytes)
            .send()
    };
    send(gzip(body.as_bytes())).await.expect(201);
    let bomb = format!("{}{body}", " ".repeat(8 << 20));
    let packed = gzip(bomb.as_bytes());
    assert!(packed.len() < 20_000);
    assert_eq!(send(packed).await.problem(413), "too_large");
    assert_eq!(send(b"not gzip at all".to_vec()).await.problem(400), "malformed");
    let path = format!("/api/v1/counts/{}", Uuid::now_v7());
    let unknown = app.put(&path).as_("t1").header("content-encoding", "rot13").body("application/json", body);
    assert_eq!(unknown.send().await.problem(415), "unsupported_media_type");
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
