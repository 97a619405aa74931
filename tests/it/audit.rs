//! The audit: it names every change to admins, and nobody can alter it.

use std::collections::{BTreeMap, BTreeSet};

use db::locks::Locks;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::clients;
use crate::exemptions;
use crate::rows::{add_region, tester};
use crate::rules::{self, count};
use crate::seed;
use crate::standards;

cases![
    a_change_is_told_of_with_who_when_how_and_from_where,
    a_device_whose_name_is_out_of_bounds_is_refused,
    a_change_that_was_refused_or_repeated_is_not_told_of,
    filters_narrow_what_is_listed,
    pages_follow_each_other_to_the_first_change,
    an_admin_sees_no_changes_of_others_above,
    a_count_is_told_with_its_depot_items_and_quantities,
    every_value_is_told_before_and_after,
    of_people_and_secrets_only_that_they_changed,
    an_account_is_told_with_its_role_and_place,
    values_beyond_the_readers_reach_are_not_told,
    a_change_of_many_things_goes_on_on_the_next_page,
    the_audit_is_a_table_in_both_languages,
    a_draft_is_told_rule_by_rule,
    a_first_entry_is_told_as_it_was_and_its_mend_as_a_change,
    a_mended_owner_beyond_the_readers_reach_is_not_named,
];

async fn a_change_is_told_of_with_who_when_how_and_from_where(app: TestApp) {
    let id = Uuid::now_v7();
    let body = count(&app.depot("T1-A").await, seed::now(), boots());
    let put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", "phone-7").json(&body);
    let answer = put.send().await;
    let stored = answer.expect(201);
    let entry = &audit(&app, "").await[0];
    assert_eq!(entry["revision"], stored["count"]["revision"]);
    assert_eq!(entry["account"]["username"], "t1");
    assert_eq!(entry["account"]["name"], "Holder of t1");
    assert_eq!(entry["action"], "submit_count");
    assert_eq!(entry["device"], "phone-7");
    assert_eq!(entry["request_id"], answer.header("x-request-id"));
    assert_eq!(entry["subjects"].as_array().unwrap().len(), 1);
    assert_eq!(entry["subjects"][0]["kind"], "count");
    assert_eq!(entry["subjects"][0]["key"], id.to_string());
}

async fn a_device_whose_name_is_out_of_bounds_is_refused(app: TestApp) {
    let (depot, longest) = (app.depot("T1-A").await, "北".repeat(100));
    let (id, body) = (Uuid::now_v7(), count(&depot, seed::now(), boots()));
    app.submit("t1", id, &body).await.expect(201);
    let before = audit(&app, "").await;
    let void = async |device: &[u8]| {
        let void =
            app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&json!({"reason": "The wrong depot."}));
        void.header_bytes("muster-device", device).send().await
    };
    for wrong in ["", &"x".repeat(101), &"x".repeat(9_000), "a\tb"].map(str::as_bytes).into_iter().chain([&b"\xff"[..]])
    {
        assert_eq!(void(wrong).await.expect(400)["errors"][0]["pointer"], "/Muster-Device");
    }
    let credentials = json!({"username": "t1", "password": seed::PASSWORD});
    let sign_in = app.post("/api/v1/auth/login").json(&credentials).header("muster-device", &"x".repeat(101));
    sign_in.send().await.problem(400);
    let push = json!({"device_id": "phone-7", "sent_at": seed::now(), "queued": 0, "commands": []});
    let push = app.post("/api/v1/sync").as_("t1").json(&push).header("muster-device", &"x".repeat(101));
    push.send().await.problem(400);
    assert_eq!(audit(&app, "").await, before);
    void(longest.as_bytes()).await.expect(201);
    assert_eq!(audit(&app, "").await[0]["device"], longest);
}

async fn a_change_that_was_refused_or_repeated_is_not_told_of(app: TestApp) {
    let (id, depot) = (Uuid::now_v7(), app.depot("T1-A").await);
    let body = count(&depot, seed::now(), boots());
    app.submit("t1", id, &body).await.expect(201);
    let before = audit(&app, "").await;
    app.submit("t1", id, &body).await.expect(200);
    let unknown = count(&depot, seed::now(), json!([{ "item": "NONE", "quantity": 1 }]));
    app.submit("t1", Uuid::now_v7(), &unknown).await.expect(422);
    assert_eq!(audit(&app, "").await, before);
}

async fn filters_narrow_what_is_listed(app: TestApp) {
    let (id, _) = app.count("t1", "T1-A", boots()).await;
    app.post(&format!("/api/v1/counts/{id}/void"))
        .as_("t1")
        .json(&json!({ "reason": "The wrong depot." }))
        .send()
        .await
        .expect(201);
    let actions = async |query: &str| -> Vec<String> {
        audit(&app, query).await.iter().map(|entry| entry["action"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(actions("").await, ["void_count", "submit_count", "test"]);
    assert_eq!(actions("account=T1").await, ["void_count", "submit_count"]);
    assert_eq!(actions("action=submit_count").await, ["submit_count"]);
    assert_eq!(actions("kind=void").await, ["void_count"]);
    assert_eq!(actions(&format!("subject={id}")).await, ["void_count", "submit_count"]);
    assert_eq!(actions(&format!("kind=count&subject={id}")).await, ["submit_count"]);
    assert_eq!(actions("kind=count&subject=T1").await, [""; 0]);
    assert_eq!(actions("kind=depot&subject=T1-A").await, ["test"]);
    let at = audit(&app, "kind=void").await[0]["at"].as_str().unwrap().to_owned();
    assert_eq!(actions(&format!("since={at}")).await, ["void_count"]);
    assert_eq!(actions(&format!("until={at}")).await, ["submit_count", "test"]);
}

async fn pages_follow_each_other_to_the_first_change(app: TestApp) {
    for number in 0..5 {
        app.db.write(tester(), Locks::none(), add_region(format!("more {number}"))).await.unwrap();
    }
    let mut revisions = Vec::new();
    let mut query = "limit=2".to_owned();
    loop {
        let page = app.get(&format!("/api/v1/audit?{query}")).as_("admin").send().await.expect(200);
        revisions.extend(page["items"].as_array().unwrap().iter().map(|entry| entry["revision"].as_i64().unwrap()));
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(revisions, [6, 5, 4, 3, 2, 1]);
}

/// The accounts of the tests belong to one banner, so the admin of a region below it sees nothing of theirs.
async fn an_admin_sees_no_changes_of_others_above(app: TestApp) {
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    app.count("t1", "T1-A", boots()).await;
    let page = app.get("/api/v1/audit").as_("admin-below").send().await.expect(200);
    assert_eq!(page["items"], json!([]));
}

async fn audit(app: &TestApp, query: &str) -> Vec<Value> {
    let page = app.get(&format!("/api/v1/audit?{query}")).as_("admin").send().await.expect(200);
    page["items"].as_array().unwrap().clone()
}

fn boots() -> Value {
    json!([{ "item": "BOOTS", "quantity": 1 }])
}

async fn a_count_is_told_with_its_depot_items_and_quantities(app: TestApp) {
    let lines = json!([
        { "item": "BOOTS", "quantity": 12 },
        { "item": "MASK", "quantity": 3, "lot": "B2209", "expires_on": "2027-09-30", "condition": "in_repair" },
        { "item": "SAND", "quantity": 0.125 }
    ]);
    let (id, _) = app.count("t1", "T1-A", lines).await;
    let subject = &audit(&app, &format!("subject={id}")).await[0]["subjects"][0];
    assert_eq!(subject["depot"]["code"], "T1-A");
    assert_eq!(subject["organization"]["code"], "T1");
    assert_eq!(value_of(subject, "depot")["new"], "T1-A");
    assert_eq!(value_of(subject, "scope")["new"], "listed");
    let counted: Vec<Value> =
        subject["changes"].as_array().unwrap().iter().filter(|it| it["field"] == "quantity").cloned().collect();
    let told: Vec<_> =
        counted.iter().map(|it| (it["item"]["code"].clone(), it["old"].clone(), it["new"].clone())).collect();
    let expected = [("BOOTS", json!(12)), ("MASK", json!(3)), ("SAND", json!(0.125))];
    assert_eq!(told, expected.map(|(item, quantity)| (json!(item), Value::Null, quantity)));
    assert_eq!((&counted[1]["lot"], &counted[1]["condition"]), (&json!("B2209"), &json!("in_repair")));
    assert_eq!(counted[0]["text"], "BOOTS boots: 12 pairs");
    let path = format!("/api/v1/audit?subject={id}");
    let chinese = app.get(&path).as_("admin").header("accept-language", "zh-CN").send().await.expect(200);
    let subject = &chinese["items"][0]["subjects"][0];
    assert_eq!(subject["depot"]["name"], "T1库");
    let texts: Vec<&str> =
        subject["changes"].as_array().unwrap().iter().map(|it| it["text"].as_str().unwrap()).collect();
    assert!(texts.contains(&"BOOTS 物资BOOTS：12双"), "{texts:?}");
    assert!(texts.contains(&"MASK 物资MASK：3件，批号 B2209，有效期至 2027-09-30，待修"), "{texts:?}");
}

async fn every_value_is_told_before_and_after(app: TestApp) {
    rules::adopt(&app).await;
    let item = json!({
        "name_en": "rubber boots", "name_zh": "物资BOOTS", "class": "protection", "kind": "material",
        "perishable": false, "barcodes": ["6901234567892"], "valid_from": "2026-12-01"
    });
    app.put_on("/items/BOOTS", "officer", &item, Some("*")).await.expect(200);
    let subject = last(&app, "kind=item").await;
    assert_eq!(subject["name"], "boots", "as it is called today");
    assert_eq!(
        changes(&subject),
        [
            ("name_en", json!("boots"), json!("rubber boots")),
            ("kind", json!("equipment"), json!("material")),
            ("barcodes", json!([]), json!(["6901234567892"])),
        ]
        .map(|(field, old, new)| (field.to_owned(), old, new))
    );
    assert_eq!(subject["changes"][0]["valid_from"], "2026-12-01");
    assert_eq!(subject["changes"][1]["text"], "kind: equipment → material (from 2026-12-01)");

    for (value, expected) in [(20, (json!(12), json!(20))), (30, (json!(20), json!(30)))] {
        let fact = json!({ "value": {"number": value} });
        let put = app.put_on("/organizations/T1/facts/people", "officer", &fact, Some("*")).await;
        assert!(put.status.is_success(), "{put:?}");
        let subject = last(&app, "kind=fact").await;
        assert_eq!((subject["organization"]["code"].clone(), subject["name"].clone()), (json!("T1"), json!("People")));
        let (field, old, new) = changes(&subject).remove(0);
        assert_eq!((field.as_str(), (old, new)), ("value", expected));
    }

    let adoption = json!({ "strength": "recommended", "valid_from": "2026-12-01" });
    let put = app.put_on("/regions/159900/adoptions/STD", "officer", &adoption, Some("*")).await;
    assert!(put.status.is_success(), "{put:?}");
    let subject = last(&app, "kind=adoption").await;
    assert_eq!(changes(&subject)[0], ("strength".to_owned(), json!("mandatory"), json!("recommended")));
    let exemption = exemptions::grant(&app, "T1", "B1", "2026-12-31").await;
    let subject = last(&app, &format!("subject={exemption}")).await;
    assert_eq!(value_of(&subject, "ends_on")["new"], "2026-12-31");
    assert_eq!(value_of(&subject, "rule")["new"], "B1");
    let (id, _) = app.count("t1", "T1-A", boots()).await;
    let void = app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&json!({ "reason": "The wrong depot." }));
    void.send().await.expect(201);
    let subject = last(&app, "kind=void").await;
    assert_eq!(value_of(&subject, "reason")["new"], "The wrong depot.");
    assert_eq!(subject["depot"]["code"], "T1-A");
}

async fn of_people_and_secrets_only_that_they_changed(app: TestApp) {
    let depot = json!({
        "name_en": "Depot T1", "name_zh": "T1库", "holding": "agreement", "keeper": "Ulaan Bator Junior",
        "position": { "lat": 41.05, "lon": -113.1 }
    });
    app.put_on("/depots/T1-A", "officer", &depot, Some("*")).await.expect(200);
    let subject = last(&app, "kind=depot").await;
    assert_eq!(value_of(&subject, "holding")["old"], "physical");
    assert_eq!(value_of(&subject, "longitude")["new"], -113.1);
    let keeper = value_of(&subject, "keeper");
    assert_eq!((&keeper["old"], &keeper["new"], &keeper["withheld"]), (&Value::Null, &Value::Null, &json!(true)));
    assert!(keeper["text"].as_str().unwrap().starts_with("keeper: changed"), "{keeper}");

    let (account, tag) = app.account_with_tag("t2").await;
    let body = json!({
        "username": "t2", "display_name": "Somebody Else", "role": "quartermaster", "organization": "T2"
    });
    let put = app.put(&format!("/api/v1/accounts/{}", account["id"].as_str().unwrap())).as_("admin").json(&body);
    put.header("if-match", &tag).send().await.expect(200);
    let subject = last(&app, "kind=account&subject=t2").await;
    assert_eq!(value_of(&subject, "display_name")["withheld"], true);
    let reset = app.post(&format!("/api/v1/accounts/{}/password", account["id"].as_str().unwrap())).as_("admin");
    let reset = reset.json(&json!({ "password": "another one of these days" })).send().await;
    assert!(reset.status.is_success(), "{reset:?}");
    assert_eq!(value_of(&last(&app, "kind=account&subject=t2").await, "password")["withheld"], true);
    for format in ["json", "csv"] {
        for filter in ["kind=depot", "kind=account&subject=t2"] {
            let told = app.get(&format!("/api/v1/audit?{filter}&format={format}")).as_("admin").send().await;
            let text = String::from_utf8(told.body.to_vec()).unwrap();
            for name in ["Ulaan", "Somebody", "another one"] {
                assert!(!text.contains(name), "{filter}: {text}");
            }
        }
    }
}

async fn an_account_is_told_with_its_role_and_place(app: TestApp) {
    let body = json!({ "username": "e1-new", "display_name": "New", "role": "quartermaster", "organization": "E1" });
    let path = format!("/api/v1/accounts/{}", Uuid::new_v4());
    app.put(&path).as_("officer").json(&body).send().await.expect(201);
    let subject = last(&app, "subject=e1-new").await;
    assert_eq!(value_of(&subject, "role")["new"], "quartermaster");
    assert_eq!(value_of(&subject, "organization")["new"], "E1");
    let (_, tag) = app.account_with_tag("e1-new").await;
    let body = json!({ "username": "e1-new", "display_name": "New", "role": "viewer", "region": "159900" });
    app.put(&path).as_("admin").json(&body).header("if-match", &tag).send().await.expect(200);
    let subject = last(&app, "subject=e1-new").await;
    assert_eq!(
        changes(&subject),
        [
            ("role", json!("quartermaster"), json!("viewer")),
            ("organization", json!("E1"), Value::Null),
            ("region", Value::Null, json!("159900")),
        ]
        .map(|(field, old, new)| (field.to_owned(), old, new))
    );
    let close = app.post(&format!("{path}/close")).as_("admin").json(&json!({ "reason": "left the service" }));
    close.send().await.expect(200);
    let subject = last(&app, "subject=e1-new").await;
    assert_eq!(
        (&value_of(&subject, "closed")["old"], &value_of(&subject, "closed")["new"]),
        (&json!(false), &json!(true))
    );
    assert_eq!(value_of(&subject, "reason")["new"], "left the service");
    let client = app.make_client(&clients::of_the_banner(&["stock:read"])).await;
    let subject = last(&app, &format!("subject={}", client.id)).await;
    assert_eq!(value_of(&subject, "scopes")["new"], "stock:read");
    assert_eq!(value_of(&subject, "region")["new"], "159900");
}

/// Somebody who moves to another region takes along that they made a change, and not what the change was about.
async fn values_beyond_the_readers_reach_are_not_told(app: TestApp) {
    rules::adopt(&app).await;
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    let depot = json!({ "name_en": "Hidden hall", "name_zh": "T1库", "holding": "agreement" });
    app.put_on("/depots/T1-A", "officer", &depot, Some("*")).await.expect(200);
    let body = json!({ "username": "e1-new", "display_name": "New", "role": "quartermaster", "organization": "E1" });
    let put = app.put(&format!("/api/v1/accounts/{}", Uuid::new_v4())).as_("officer").json(&body);
    put.send().await.expect(201);
    let fact =
        app.put_on("/organizations/T1/facts/people", "officer", &json!({ "value": {"number": 20} }), Some("*")).await;
    assert!(fact.status.is_success(), "{fact:?}");
    move_officer_below(&app).await;
    let page = app.get("/api/v1/audit?kind=depot").as_("admin-below").send().await;
    let subject = &page.expect(200)["items"][0]["subjects"][0];
    for member in ["key", "changes", "organization", "depot", "name"] {
        assert_eq!(subject[member], Value::Null, "{member}");
    }
    let page = app.get("/api/v1/audit").as_("admin-below").send().await;
    let told: Vec<_> = page.expect(200)["items"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|entry| {
            entry["subjects"]
                .as_array()
                .unwrap()
                .iter()
                .map(|it| it["kind"].as_str().unwrap().to_owned())
                .collect::<Vec<_>>()
        })
        .collect();
    assert_eq!(told, ["fact", "account", "depot"]);
    let text = String::from_utf8(page.body.to_vec()).unwrap();
    for word in ["Hidden", "T1-A", "e1-new", "people", "People"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
    // Nor is a guessed key confirmed.
    for key in ["T1-A", "e1-new"] {
        let page = app.get(&format!("/api/v1/audit?subject={key}")).as_("admin-below").send().await.expect(200);
        assert_eq!(page["items"], json!([]), "{key}");
    }
    assert_eq!(value_of(&last(&app, "kind=depot").await, "name_en")["new"], "Hidden hall");
}

async fn a_change_of_many_things_goes_on_on_the_next_page(app: TestApp) {
    let rows: String = (0..1_203).map(|number| format!("c{number},类{number},Class {number}\n")).collect();
    let file = format!("code,name_zh,name_en\n{rows}");
    app.post("/api/v1/import?form=item_classes").as_("officer").body("text/csv", file).send().await.expect(200);
    app.count("t1", "T1-A", boots()).await;
    let (mut keys, mut query, mut pages) = (BTreeSet::new(), "limit=2".to_owned(), Vec::new());
    loop {
        let page = app.get(&format!("/api/v1/audit?{query}")).as_("admin").send().await.expect(200);
        for entry in page["items"].as_array().unwrap() {
            let subjects = entry["subjects"].as_array().unwrap();
            pages.push((entry["action"].clone(), subjects.len(), entry["more_subjects"] == true));
            for subject in subjects.iter().filter(|subject| subject["kind"] == "item_class") {
                assert!(keys.insert(subject["key"].to_string()), "{subject} is told twice");
                assert!(!subject["changes"].as_array().unwrap().is_empty(), "{subject}");
            }
        }
        match page["next_cursor"].as_str() {
            Some(cursor) => query = format!("limit=2&cursor={cursor}"),
            None => break,
        }
    }
    assert_eq!(keys.len(), 1_204, "with the class that was there");
    let told: Vec<_> = pages.iter().map(|(action, number, more)| (action.as_str().unwrap(), *number, *more)).collect();
    assert_eq!(told[..3], [("submit_count", 1, false), ("import_tables", 999, true), ("import_tables", 204, false)]);
    let one = audit(&app, "subject=c7").await;
    assert_eq!(one[0]["subjects"].as_array().unwrap().len(), 1, "what was not asked for is not told");
}

async fn the_audit_is_a_table_in_both_languages(app: TestApp) {
    app.count("t1", "T1-A", boots()).await;
    let depot = json!({ "name_en": "Depot T1", "name_zh": "T1库", "holding": "agreement" });
    app.put_on("/depots/T1-A", "officer", &depot, Some("*")).await.expect(200);
    let table = async |language: &str| {
        let path = "/api/v1/audit?limit=2";
        let get = app.get(path).as_("admin").header("accept", "text/csv").header("accept-language", language);
        let answer = get.send().await;
        assert_eq!(answer.status, 200);
        let link = answer.header("link");
        assert!(link.starts_with("</api/v1/audit?limit=2&cursor=") && link.ends_with(">; rel=\"next\""), "{link}");
        String::from_utf8(answer.body.to_vec()).unwrap()
    };
    let read = |text: &str| -> Vec<BTreeMap<String, String>> {
        let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
        reader.deserialize().map(Result::unwrap).collect()
    };
    let rows = read(&table("en").await);
    let holding = rows.iter().find(|row| row["field"] == "holding").unwrap();
    assert_eq!((&*holding["old"], &*holding["new"], &*holding["key"]), ("physical", "agreement", "T1-A"));
    let counted = rows.iter().find(|row| row["field"] == "quantity").unwrap();
    assert_eq!((&*counted["depot"], &*counted["item"], &*counted["new"]), ("T1-A", "BOOTS", "1"));
    assert_eq!((&*counted["account"], &*counted["action"]), ("t1", "submit_count"));
    let rows = read(&table("zh-CN").await);
    let holding = rows.iter().find(|row| row["字段"] == "储备方式").unwrap();
    assert_eq!((&*holding["原值"], &*holding["新值"], &*holding["种类"]), ("实物储备", "协议储备", "库点"));
    let counted = rows.iter().find(|row| row["字段"] == "数量").unwrap();
    assert_eq!((&*counted["库点名称"], &*counted["物资名称"], &*counted["计量单位"]), ("T1库", "物资BOOTS", "双"));
}

async fn a_draft_is_told_rule_by_rule(app: TestApp) {
    rules::adopt(&app).await;
    let path = "/api/v1/standards/NEW-1/draft";
    let mut text = standards::text("NEW-1", &[]);
    app.put(path).as_("admin").json(&text).send().await.expect(201);
    assert_eq!(value_of(&last(&app, "kind=draft").await, "fate")["new"], "written");
    text["title_en"] = json!("Another title");
    app.put(path).as_("admin").header("if-match", "*").json(&text).send().await.expect(200);
    let subject = last(&app, "kind=draft").await;
    let title = value_of(&subject, "title_en");
    assert_eq!(title["new"], "Another title");
    assert!(!title["old"].is_null());
    assert!(
        subject["changes"]
            .as_array()
            .unwrap()
            .iter()
            .all(|it| ["fate", "title_en"].contains(&it["field"].as_str().unwrap()))
    );
}

async fn a_first_entry_is_told_as_it_was_and_its_mend_as_a_change(app: TestApp) {
    let rope = |unit: &str, measured: bool| {
        json!({
            "unit": unit, "measured": measured, "name_en": "Rope", "name_zh": "绳", "class": "protection",
            "kind": "equipment", "perishable": false
        })
    };
    let team = |kind: &str| json!({ "kind": kind, "region": "159900", "name_en": "A", "name_zh": "甲" });
    let store = |owner: &str| json!({ "organization": owner, "name_en": "B", "name_zh": "乙", "holding": "physical" });
    let cases = [
        (
            "item",
            "/items/ROPE",
            [rope("piece", false), rope("m", true)],
            vec![("unit", json!("piece"), json!("m")), ("measured", json!(false), json!(true))],
        ),
        (
            "organization",
            "/organizations/T9",
            [team("rescue_team"), team("enterprise")],
            vec![("kind", json!("rescue_team"), json!("enterprise"))],
        ),
        ("depot", "/depots/D9", [store("T1"), store("T2")], vec![("organization", json!("T1"), json!("T2"))]),
    ];
    for (kind, path, [slip, right], mended) in cases {
        app.put_on(path, "officer", &slip, None).await.expect(201);
        let first = last(&app, &format!("kind={kind}")).await;
        app.put_on(path, "officer", &right, Some("*")).await.expect(200);
        let entries = audit(&app, &format!("kind={kind}&limit=2")).await;
        let told = mended.iter().map(|(field, old, new)| ((*field).to_owned(), old.clone(), new.clone()));
        assert_eq!(changes(&entries[0]["subjects"][0]), told.collect::<Vec<_>>(), "{kind}");
        assert_eq!(
            entries[1]["subjects"][0]["changes"], first["changes"],
            "{kind}: the first entry, told after the mend"
        );
        for (field, old, _) in mended {
            assert_eq!(value_of(&first, field)["new"], old, "{kind}");
        }
    }
    let organization = &audit(&app, "kind=organization&limit=2").await[1]["subjects"][0];
    assert_eq!(value_of(organization, "region")["new"], "159900");
    let words = app.get("/api/v1/audit?kind=organization&limit=1").as_("admin").send().await.expect(200);
    assert_eq!(words["items"][0]["subjects"][0]["changes"][0]["text"], "kind: rescue team → enterprise");
}

async fn a_mended_owner_beyond_the_readers_reach_is_not_named(app: TestApp) {
    app.db.write(tester(), Locks::none(), seed::plant_below).await.unwrap();
    let below = json!({ "kind": "rescue_team", "region": "159901", "name_en": "Below", "name_zh": "下" });
    app.put_on("/organizations/U1", "officer", &below, None).await.expect(201);
    let store = |owner: &str| json!({ "organization": owner, "name_en": "B", "name_zh": "乙", "holding": "physical" });
    app.put_on("/depots/D9", "officer", &store("T1"), None).await.expect(201);
    app.put_on("/depots/D9", "officer", &store("U1"), Some("*")).await.expect(200);
    move_officer_below(&app).await;
    let page = app.get("/api/v1/audit?subject=D9").as_("admin-below").send().await.expect(200);
    let entries = page["items"].as_array().unwrap();
    assert_eq!(entries.len(), 2);
    for entry in entries {
        let owner = value_of(&entry["subjects"][0], "organization");
        assert_eq!((&owner["old"], &owner["new"], &owner["withheld"]), (&Value::Null, &Value::Null, &json!(true)));
    }
    let mended = value_of(&last(&app, "subject=D9").await, "organization");
    assert_eq!((&mended["old"], &mended["new"]), (&json!("T1"), &json!("U1")));
}

/// Moves the account `officer` to the region `159901`.
async fn move_officer_below(app: &TestApp) {
    let (account, tag) = app.account_with_tag("officer").await;
    let body =
        json!({ "username": "officer", "display_name": "Holder of officer", "role": "officer", "region": "159901" });
    let put = app.put(&format!("/api/v1/accounts/{}", account["id"].as_str().unwrap())).as_("admin").json(&body);
    put.header("if-match", &tag).send().await.expect(200);
}

/// The first subject of the last entry that a filter lets through.
async fn last(app: &TestApp, query: &str) -> Value {
    audit(app, query).await[0]["subjects"][0].clone()
}

/// The change of a field.
fn value_of(subject: &Value, field: &str) -> Value {
    let changes = subject["changes"].as_array().unwrap_or_else(|| panic!("{subject} has no changes"));
    changes.iter().find(|change| change["field"] == field).unwrap_or_else(|| panic!("{subject} has no {field}")).clone()
}

/// All changes of a subject: field, old value, new value.
fn changes(subject: &Value) -> Vec<(String, Value, Value)> {
    let changes = subject["changes"].as_array().unwrap();
    changes.iter().map(|it| (it["field"].as_str().unwrap().to_owned(), it["old"].clone(), it["new"].clone())).collect()
}
