//! Contacts: the only data that can be erased, and what must not change when it is.

use std::collections::BTreeSet;

use actix_web::http::Method;
use chrono::TimeDelta;
use db::digest::{self, DatabaseDigest, TableDigest};
use db::schema::{audit_changes, contacts};
use diesel::prelude::*;
use domain::actor::Actor;
use serde_json::{Value, json};
use service::backup::archive::Archive;
use service::backup::{self, Programs};
use service::verify::verify_all;
use tempfile::TempDir;

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::rules::adopt;
use crate::seed;

cases![
    an_erasure_changes_no_digest_receipt_figure_audit_or_backup,
    contacts_are_put_found_and_replaced,
    every_reader_of_a_name_is_logged_once_a_day,
    contacts_are_erased_by_themselves_some_days_after_their_end,
    an_erased_keeper_stays_when_the_depot_is_put_again,
    contacts_come_in_tables_and_leave_in_them,
    a_position_without_datum_is_refused_in_a_table,
    credit_codes_are_checked,
    contacts_of_others_are_as_if_they_were_not,
    an_end_holds_until_another_takes_the_place,
    a_keeper_of_a_depot_that_has_not_begun_is_named_with_it,
    the_ends_of_keepers_follow_the_versions_of_their_depot,
];

fn depot() -> Value {
    json!({
        "organization": "T1", "name_en": "Depot T1", "name_zh": "T1库", "holding": "physical", "keeper": "Bao Li",
        "second_keeper": "Wang Wu"
    })
}

/// Adopts the rules, names the keepers of `T1-A` and counts there.
async fn prepare(app: &TestApp) {
    adopt(app).await;
    let tag = app.tag("/depots/T1-A", "officer").await;
    app.put_on("/depots/T1-A", "officer", &depot(), Some(&tag)).await.expect(200);
    let lots = json!([{"item": "MASK", "quantity": 5, "lot": "A", "expires_on": "2026-12-01"}]);
    app.count("t1", "T1-A", lots).await;
}

async fn erase(app: &TestApp, path: &str) -> Answer {
    app.request(Method::DELETE, &format!("/api/v1{path}")).as_("officer").send().await
}

async fn import(app: &TestApp, username: &str, form: &str, table: &str) -> Answer {
    let path = format!("/api/v1/import?form={form}");
    app.post(&path).as_(username).body("text/csv", table.to_owned()).send().await
}

fn text(answer: &Answer) -> String {
    String::from_utf8(answer.body.to_vec()).unwrap()
}

/// The reports that name keepers, as bytes.
async fn reports(app: &TestApp, revision: &Value) -> Vec<String> {
    let mut bytes = Vec::new();
    for path in [
        format!("/shortages?revision={revision}&format=csv"),
        format!("/shortages?revision={revision}"),
        format!("/organization-statuses?revision={revision}"),
        format!("/expiring?revision={revision}"),
        "/depots/T1-A".to_owned(),
        "/depots/T1-A/history".to_owned(),
        "/depots".to_owned(),
        "/stock".to_owned(),
    ] {
        for language in ["en", "zh-CN"] {
            let answer =
                app.get(&format!("/api/v1{path}")).as_("officer").header("accept-language", language).send().await;
            assert_eq!(answer.status, 200, "{path}");
            bytes.push(text(&answer));
        }
    }
    bytes
}

/// The hashes of all tables but that of sessions: these requests sign in.
fn hashes(mut content: DatabaseDigest) -> (Vec<TableDigest>, String) {
    content.tables.retain(|table| table.name != "sessions");
    assert!(content.tables.len() > 40, "{content:?}");
    (content.tables, content.structure_sha256)
}

async fn an_erasure_changes_no_digest_receipt_figure_audit_or_backup(app: TestApp) {
    prepare(&app).await;
    let revision = app.read("/shortages").await["revision"].clone();
    let before = reports(&app, &revision).await;
    assert!(before.iter().any(|report| report.contains("Bao Li")), "{before:?}");
    let audit = text(&app.get("/api/v1/audit").as_("admin").send().await);
    assert!(!audit.contains("Bao Li"), "{audit}");
    let keys = app.receipts.clone();
    let verified = app.db.read(move |snapshot| verify_all(snapshot.connection, keys.checks())).await.unwrap();
    assert!(verified.findings.is_empty() && verified.links > 0, "{verified:?}");
    let hashed = hashes(digest::of_database(&mut app.database().connect()).unwrap());
    let folder = TempDir::new().unwrap();
    let saved = folder.path().join("backup.tar");
    backup::save(&app.database().url, &saved, &Programs::default()).unwrap();

    erase(&app, "/depots/T1-A/contacts/keeper").await.expect(200);
    erase(&app, "/depots/T1-A/contacts/second_keeper").await.expect(200);

    assert_eq!(hashes(digest::of_database(&mut app.database().connect()).unwrap()), hashed);
    assert_eq!(app.read("/shortages").await["revision"], revision);
    let after = reports(&app, &revision).await;
    for (before, after) in before.iter().zip(&after) {
        let word = if after.contains("已删除") { "已删除" } else { "erased" };
        assert_eq!(&before.replace("Bao Li", word).replace("Wang Wu", word), after);
    }
    assert!(after.iter().any(|report| report.contains("erased")));
    assert_eq!(text(&app.get("/api/v1/audit").as_("admin").send().await), audit);
    let keys = app.receipts.clone();
    let again = app.db.read(move |snapshot| verify_all(snapshot.connection, keys.checks())).await.unwrap();
    assert_eq!(again, verified);
    let later = folder.path().join("later.tar");
    backup::save(&app.database().url, &later, &Programs::default()).unwrap();
    let manifests = [&saved, &later].map(|path| hashes(Archive::open(path).unwrap().manifest.content));
    assert_eq!(manifests[0], manifests[1], "a backup from before still compares");
    // Nothing of the person is left in the database.
    let left: i64 =
        contacts::table.filter(contacts::name.is_not_null()).count().get_result(&mut app.database().connect()).unwrap();
    assert_eq!(left, 0);
}

async fn contacts_are_put_found_and_replaced(app: TestApp) {
    let path = "/organizations/T1/contacts/safety_head";
    let head = json!({"name": "Zhao", "phone": "0477-8120001", "certificate": "AQ-1"});
    let made = app.put_on(path, "officer", &head, None).await;
    let stored = made.expect(201)["stored"].clone();
    assert_eq!(
        (&stored["name"], &stored["present"], &stored["ended_from"]),
        (&json!("Zhao"), &json!(true), &Value::Null)
    );
    assert_eq!(stored["purpose"], "to ask about the organization's reserves and what is missing");
    assert_eq!(app.put_on(path, "officer", &head, None).await.expect(200)["repeated"], true);
    let phone = json!({"name": "Zhao", "phone": "0477-8120002"});
    assert_eq!(app.put_on(path, "officer", &phone, None).await.problem(428), "if_match_missing");
    let tag = app.tag(path, "officer").await;
    let same = app.put_on(path, "officer", &phone, Some(&tag)).await.expect(200)["stored"].clone();
    assert_eq!((&same["id"], &same["certificate"]), (&stored["id"], &Value::Null));
    assert_eq!(app.put_on(path, "officer", &head, Some(&tag)).await.problem(412), "changed_meanwhile");
    // Another person ends the one before.
    let tag = app.tag(path, "officer").await;
    let other = app.put_on(path, "officer", &json!({"name": "Qian"}), Some(&tag)).await.expect(200)["stored"].clone();
    assert_ne!(other["id"], stored["id"]);
    let all = app.read("/organizations/T1/contacts").await["items"].clone();
    let told: Vec<_> =
        all.as_array().unwrap().iter().map(|one| (one["name"].clone(), one["present"].clone())).collect();
    assert_eq!(told, [(json!("Zhao"), json!(false)), (json!("Qian"), json!(true))]);
    let duty = app.put_on("/organizations/T1/contacts/duty", "officer", &json!({"phone": "0477-110"}), None).await;
    assert_eq!(duty.expect(201)["stored"]["name"], Value::Null);

    // A keeper is in the depot's history by its id; the telephone is in none.
    let path = "/depots/T1-A/contacts/keeper";
    let keeper = json!({"name": "Bao", "phone": "138 0000 0000"});
    app.put_on(path, "officer", &keeper, None).await.expect(201);
    assert_eq!(app.read("/depots/T1-A").await["keeper"], "Bao");
    let tag = app.tag(path, "officer").await;
    app.clock.set(seed::now() + TimeDelta::days(1));
    app.put_on(path, "officer", &json!({"name": "Sun"}), Some(&tag)).await.expect(200);
    let history = app.read("/depots/T1-A/history").await["items"].clone();
    let names: Vec<&Value> = history.as_array().unwrap().iter().map(|row| &row["state"]["keeper"]).collect();
    assert_eq!(names[..2], [&json!("Sun"), &json!("Bao")]);
    let all = app.read("/depots/T1-A/contacts").await["items"].clone();
    assert_eq!((&all[0]["name"], &all[0]["ended_from"]), (&json!("Bao"), &json!("2026-11-24")));

    for (path, body, fault) in [
        ("/depots/T1-A/contacts/keeper", json!({"phone": "0477-1"}), "/name missing_field"),
        ("/depots/T1-A/contacts/second_keeper", json!({"name": "X", "phone": "call me"}), "/phone not_a_phone"),
        ("/depots/T1-A/contacts/second_keeper", json!({"name": "erased"}), "/name name_erased"),
        ("/depots/T1-A/contacts/duty", json!({"phone": "0477-110"}), "/role contact_role"),
        ("/organizations/T1/contacts/keeper", json!({"name": "X"}), "/role contact_role"),
        ("/organizations/T1/contacts/duty", json!({"name": "X"}), "/phone missing_field"),
    ] {
        let answer = app.put_on(path, "officer", &body, Some("*")).await;
        let body = answer.expect(422);
        let told = format!(
            "{} {}",
            body["errors"][0]["pointer"].as_str().unwrap(),
            body["errors"][0]["code"].as_str().unwrap()
        );
        assert_eq!(told, fault, "{path} {body}");
    }
    assert_eq!(app.get("/api/v1/depots/T1-A/contacts/nobody").as_("officer").send().await.problem(404), "not_found");
    // The audit has that they changed, and none of their values.
    let values: Vec<(Option<String>, Option<String>)> = audit_changes::table
        .select((audit_changes::old_value, audit_changes::new_value))
        .filter(audit_changes::field.eq_any(["name", "phone", "certificate"]))
        .load(&mut app.database().connect())
        .unwrap();
    assert!(values.len() >= 3 && values.iter().all(|(old, new)| old.is_none() && new.is_none()), "{values:?}");
    let audit = text(&app.get("/api/v1/audit").as_("admin").send().await);
    assert!(audit.contains("\"contact\"") && !audit.contains("Zhao") && !audit.contains("8120001"), "{audit}");
}

async fn every_reader_of_a_name_is_logged_once_a_day(app: TestApp) {
    prepare(&app).await;
    let reads = "/depots/T1-A/contacts/keeper/reads";
    let told = |page: &Value| -> Vec<String> {
        let one = |read: &Value| {
            format!(
                "{} {} {}",
                read["day"].as_str().unwrap(),
                read["username"].as_str().unwrap(),
                read["operation"].as_str().unwrap()
            )
        };
        page["items"].as_array().unwrap().iter().map(one).collect()
    };
    let first: BTreeSet<String> = told(&app.read(reads).await).into_iter().collect();
    for _ in 0..3 {
        app.get("/api/v1/organization-statuses").as_("viewer").send().await.expect(200);
        app.get("/api/v1/depots").as_("viewer").send().await.expect(200);
    }
    let page = app.read(reads).await;
    let now: BTreeSet<String> = told(&page).into_iter().collect();
    let new: Vec<&String> = now.difference(&first).collect();
    assert_eq!(new.len(), 1, "{page}");
    assert!(new[0].starts_with("2026-11-23 viewer "), "{new:?}");
    // An answer without the name is no read.
    app.get("/api/v1/items").as_("viewer").send().await.expect(200);
    app.clock.set(seed::now() + TimeDelta::days(1));
    app.get("/api/v1/depots/T1-A").as_("viewer").send().await.expect(200);
    let next = told(&app.read(reads).await);
    assert_eq!(next[0], "2026-11-24 viewer find_depot");
    assert_eq!(app.get(&format!("/api/v1{reads}")).as_("viewer").send().await.problem(403), "role_not_allowed");
}

async fn contacts_are_erased_by_themselves_some_days_after_their_end(app: TestApp) {
    prepare(&app).await;
    let tag = app.tag("/depots/T1-A", "officer").await;
    let mut other = depot();
    other["keeper"] = json!("Sun");
    app.put_on("/depots/T1-A", "officer", &other, Some(&tag)).await.expect(200);
    let names = async || -> Vec<Value> {
        let items = app.read("/depots/T1-A/contacts").await["items"].clone();
        let mut names: Vec<Value> = items.as_array().unwrap().iter().map(|one| one["name"].clone()).collect();
        names.sort_by_key(Value::to_string);
        names
    };
    let actor = Actor::command("muster serve");
    let days = |days| seed::now() + TimeDelta::days(days);
    let run = |now| service::contacts::erase_ended(&app.db, &actor, 180, now);
    assert_eq!(run(days(179)).await.unwrap(), 0);
    assert_eq!(names().await, [json!("Bao Li"), json!("Sun"), json!("Wang Wu")]);
    assert_eq!(run(days(181)).await.unwrap(), 1);
    assert_eq!(names().await, [json!("Sun"), json!("Wang Wu"), json!("erased")]);
    assert_eq!(run(days(181)).await.unwrap(), 0);
    // A keeper who comes back has no end any more.
    let tag = app.tag("/depots/T1-A", "officer").await;
    app.put_on("/depots/T1-A", "officer", &depot(), Some(&tag)).await.expect(200);
    let tag = app.tag("/depots/T1-A", "officer").await;
    app.put_on("/depots/T1-A", "officer", &other, Some(&tag)).await.expect(200);
    let items = app.read("/depots/T1-A/contacts").await["items"].clone();
    let sun = items.as_array().unwrap().iter().find(|one| one["name"] == "Sun").unwrap();
    assert_eq!((&sun["present"], &sun["ended_from"]), (&json!(true), &Value::Null));
    // Reads are forgotten after three years.
    run(days(3 * 366 + 2)).await.unwrap();
    assert_eq!(app.read("/depots/T1-A/contacts/keeper/reads").await["items"].as_array().unwrap().len(), 0);
}

async fn an_erased_keeper_stays_when_the_depot_is_put_again(app: TestApp) {
    prepare(&app).await;
    erase(&app, "/depots/T1-A/contacts/keeper").await.expect(200);
    let answer = erase(&app, "/depots/T1-A/contacts/keeper").await;
    assert_eq!((&answer.expect(200)["name"], &answer.expect(200)["present"]), (&json!("erased"), &json!(false)));
    for word in ["erased", "已删除"] {
        let mut sent = depot();
        sent["keeper"] = json!(word);
        assert_eq!(app.put_on("/depots/T1-A", "officer", &sent, None).await.expect(200)["repeated"], true, "{word}");
    }
    // The same name again is another contact.
    let tag = app.tag("/depots/T1-A", "officer").await;
    app.put_on("/depots/T1-A", "officer", &depot(), Some(&tag)).await.expect(200);
    let items = app.read("/depots/T1-A/contacts").await["items"].clone();
    assert_eq!(items.as_array().unwrap().len(), 3);
}

async fn contacts_come_in_tables_and_leave_in_them(app: TestApp) {
    let depots = "code,keeper,keeper_phone,keeper_2,keeper_2_phone\nT1-A,Bao,0477-8120001,Sun,138 0000 0000\n";
    import(&app, "officer", "depots", depots).await.expect(200);
    let found = app.read("/depots/T1-A/contacts").await["items"].clone();
    let told: Vec<String> =
        found.as_array().unwrap().iter().map(|one| format!("{} {}", one["name"], one["phone"])).collect();
    assert_eq!(told, ["\"Bao\" \"0477-8120001\"", "\"Sun\" \"138 0000 0000\""]);
    let again = import(&app, "officer", "depots", depots).await.expect(200);
    assert_eq!(again["forms"][0]["unchanged"], 1, "{again}");
    let other = depots.replace("8120001", "8120002");
    let changed = import(&app, "officer", "depots", &other).await.expect(200);
    assert_eq!(changed["forms"][0]["changed"], 1, "{changed}");
    assert_eq!(app.read("/depots/T1-A/contacts/keeper").await["phone"], "0477-8120002");

    let organizations = "code,credit_code,address,legal_representative,safety_head,safety_head_phone,duty_phone\n\
        T1,9144030071526726XG,12 Industrial Road,Zhao,Qian,0477-8120003,0477-119\n";
    import(&app, "officer", "organizations", organizations).await.expect(200);
    let found = app.read("/organizations/T1/contacts").await["items"].clone();
    assert_eq!(found.as_array().unwrap().len(), 3, "{found}");
    assert_eq!(app.read("/organizations/T1").await["credit_code"], "9144030071526726XG");
    let again = import(&app, "officer", "organizations", organizations).await.expect(200);
    assert_eq!(again["forms"][0]["unchanged"], 1, "{again}");
    let wrong = "code,duty_phone\nT1,call me\n";
    assert_eq!(import(&app, "officer", "organizations", wrong).await.expect(422)["errors"][0]["code"], "not_a_phone");

    for (form, parts) in [
        ("depots", ["Bao", "0477-8120002", "Sun", "138 0000 0000"]),
        ("organizations", ["9144030071526726XG", "12 Industrial Road", "0477-8120003", "0477-119"]),
    ] {
        let path = format!("/export?form={form}&format=csv");
        let table = app.get(&format!("/api/v1{path}")).as_("officer").header("accept-language", "en").send().await;
        let text = text(&table);
        assert!(parts.iter().all(|part| text.contains(part)), "{text}");
        let again = import(&app, "officer", form, &text).await.expect(200);
        assert_eq!((&again["forms"][0]["added"], &again["forms"][0]["changed"]), (&json!(0), &json!(0)), "{again}");
    }
    erase(&app, "/depots/T1-A/contacts/keeper").await.expect(200);
    let table =
        app.get("/api/v1/export?form=depots&format=csv").as_("officer").header("accept-language", "en").send().await;
    assert!(text(&table).contains("erased") && !text(&table).contains("8120002"), "{}", text(&table));
    let again = import(&app, "officer", "depots", &text(&table)).await.expect(200);
    assert_eq!(again["forms"][0]["changed"], 0, "{again}");
}

async fn a_position_without_datum_is_refused_in_a_table(app: TestApp) {
    let bare = "code,latitude,longitude\nT1-A,41.05,113.1\n";
    let refused = import(&app, "officer", "depots", bare).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "datum_missing", "{refused}");
    let with = |word: &str| format!("code,latitude,longitude,坐标系\nT1-A,41.05,113.1,{word}\n");
    for (word, datum) in [("GCJ-02", "gcj02"), ("BD-09", "bd09"), ("WGS-84", "cgcs2000"), ("CGCS2000", "cgcs2000")] {
        import(&app, "officer", "depots", &with(word)).await.expect(200);
        let position = app.read("/depots/T1-A").await["position"].clone();
        assert_eq!(position, json!({"lat": 41.05, "lon": 113.1, "datum": datum}), "{word}");
    }
    // The degrees that are stored say nothing new, so that a table of before can be imported again.
    assert_eq!(import(&app, "officer", "depots", bare).await.expect(200)["forms"][0]["unchanged"], 1);
    import(&app, "officer", "depots", &with("UTM")).await.expect(422);
}

async fn credit_codes_are_checked(app: TestApp) {
    let tag = app.tag("/organizations/T1", "officer").await;
    let mut body = json!({"name_en": "T1", "name_zh": "T1"});
    for (code, fault) in [("9144030071526726XH", "credit_code_check"), ("91440300", "credit_code_form")] {
        body["credit_code"] = json!(code);
        let refused = app.put_on("/organizations/T1", "officer", &body, Some(&tag)).await.expect(422);
        assert_eq!(
            (&refused["errors"][0]["pointer"], &refused["errors"][0]["code"]),
            (&json!("/credit_code"), &json!(fault))
        );
    }
    body["credit_code"] = json!("9144030071526726XG");
    body["address"] = json!("12 Industrial Road");
    let stored = app.put_on("/organizations/T1", "officer", &body, Some(&tag)).await.expect(200)["stored"].clone();
    assert_eq!((&stored["credit_code"], &stored["address"]), (&body["credit_code"], &body["address"]));
    let table = "code,credit_code\nT1,9144030071526726XH\n";
    let refused = import(&app, "officer", "organizations", table).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "credit_code_check", "{refused}");
}

async fn contacts_of_others_are_as_if_they_were_not(app: TestApp) {
    prepare(&app).await;
    for path in ["/depots/T1-A/contacts", "/depots/T1-A/contacts/keeper", "/organizations/T1/contacts"] {
        app.get(&format!("/api/v1{path}")).as_("t1").send().await.expect(200);
        assert_eq!(app.get(&format!("/api/v1{path}")).as_("t2").send().await.problem(404), "not_found", "{path}");
    }
    assert_eq!(app.get("/api/v1/depots/T1-A/contacts/keeper").as_("t1").send().await.expect(200)["name"], "Bao Li");
    let erased = app.request(Method::DELETE, "/api/v1/depots/T1-A/contacts/keeper").as_("t1").send().await;
    assert_eq!(erased.problem(403), "role_not_allowed");
    // An id of another's contact is not found there.
    let id = app.read("/depots/T1-A/contacts/keeper").await["id"].as_str().unwrap().to_owned();
    let path = format!("/organizations/T2/contacts/{id}");
    assert_eq!(erase(&app, &path).await.problem(404), "not_found");
}

async fn an_end_holds_until_another_takes_the_place(app: TestApp) {
    let path = "/organizations/T1/contacts/safety_head";
    let leaving = json!({"name": "Zhao", "ended_from": "2027-01-01"});
    app.put_on(path, "officer", &leaving, None).await.expect(201);
    let tag = app.tag(path, "officer").await;
    app.put_on(path, "officer", &json!({"name": "Qian"}), Some(&tag)).await.expect(200);
    let all = app.read("/organizations/T1/contacts").await["items"].clone();
    assert_eq!([&all[0]["ended_from"], &all[0]["present"]], [&json!("2026-11-23"), &json!(false)], "{all}");

    let keeper = json!({"name": "Bao", "ended_from": "2026-11-23"});
    app.put_on("/depots/T1-A/contacts/keeper", "officer", &keeper, None).await.expect(201);
    app.clock.set(seed::now() + TimeDelta::days(2));
    let tag = app.tag("/depots/T1-A", "officer").await;
    let renamed = json!({
        "organization": "T1", "name_en": "Renamed", "name_zh": "新名", "holding": "physical", "keeper": "Bao"
    });
    app.put_on("/depots/T1-A", "officer", &renamed, Some(&tag)).await.expect(200);
    let all = app.read("/depots/T1-A/contacts").await["items"].clone();
    assert_eq!(all[0]["ended_from"], "2026-11-23", "{all}");
}

async fn a_keeper_of_a_depot_that_has_not_begun_is_named_with_it(app: TestApp) {
    let later = json!({
        "organization": "T1", "name_en": "Later", "name_zh": "后库", "holding": "physical", "valid_from": "2027-01-01"
    });
    app.put_on("/depots/T1-L", "officer", &later, None).await.expect(201);
    let path = "/depots/T1-L/contacts/keeper";
    let refused = app.put_on(path, "officer", &json!({"name": "Bao"}), None).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "depot_not_begun", "{refused}");
    let nowhere = "/depots/%00/contacts/keeper";
    let nothing = app.put_on(nowhere, "officer", &json!({"name": "Bao"}), None).await;
    assert!([400, 404].contains(&nothing.status.as_u16()), "{nothing:?}");
}

async fn the_ends_of_keepers_follow_the_versions_of_their_depot(app: TestApp) {
    let app = &app;
    let put = |keeper: Option<&'static str>, from: &'static str| async move {
        let body = json!({
            "organization": "T1", "name_en": "Store", "name_zh": "库", "holding": "physical", "keeper": keeper,
            "valid_from": from
        });
        let tag = app.tag("/depots/T1-A", "officer").await;
        app.put_on("/depots/T1-A", "officer", &body, Some(&tag)).await.expect(200);
    };
    let end_of = |name: &'static str| async move {
        let all = app.read("/depots/T1-A/contacts").await["items"].clone();
        all.as_array().unwrap().iter().find(|one| one["name"] == name).unwrap()["ended_from"].clone()
    };
    put(Some("Sun"), "2026-11-01").await;
    let tag = app.tag("/depots/T1-A", "officer").await;
    let erased = json!({
        "organization": "T1", "name_en": "Store", "name_zh": "库", "holding": "physical", "keeper": "erased"
    });
    let refused = app.put_on("/depots/T1-A", "officer", &erased, Some(&tag)).await.expect(422);
    assert_eq!(refused["errors"][0]["code"], "name_erased", "{refused}");
    put(None, "2026-11-10").await;
    assert_eq!(end_of("Sun").await, "2026-11-10");
    put(Some("Future"), "2030-01-01").await;
    assert_eq!(end_of("Sun").await, "2026-11-10");
    // Back, until the one who is named for later.
    put(Some("Sun"), "2026-11-15").await;
    assert_eq!([end_of("Sun").await, end_of("Future").await], [json!("2030-01-01"), Value::Null]);
    put(Some("Now"), "2026-11-20").await;
    assert_eq!([end_of("Sun").await, end_of("Now").await], [json!("2026-11-20"), json!("2030-01-01")]);
    // Whoever was never to come is not kept for the day on which they would have.
    put(Some("Now"), "2030-01-01").await;
    assert_eq!([end_of("Future").await, end_of("Now").await], [json!("2026-11-23"), Value::Null]);
}
