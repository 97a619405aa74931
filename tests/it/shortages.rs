//! From counts to the shortage table, its totals and its proof.

use actix_web::http::Method;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::TimeDelta;
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rules::{adopt, count, minutes_ago};
use crate::seed;

cases![
    a_figure_can_be_followed_from_the_count_to_the_summary,
    the_order_in_which_counts_arrive_does_not_matter,
    nothing_counted_is_unknown_and_never_zero,
    counted_and_found_none_is_a_statement,
    sums_beyond_the_range_are_unknown_or_null_by_name_and_the_report_answers,
    a_fact_nobody_recorded_makes_the_requirement_open,
    expiry_turns_at_the_organizations_midnight,
    two_phones_that_differ_are_a_conflict_until_it_is_settled,
    what_a_settled_count_had_replaced_is_heard_again,
    a_revision_gives_the_same_bytes_for_ever,
    what_was_known_at_an_instant_can_be_asked_for,
    pages_speak_of_one_revision_whatever_arrives,
    a_cursor_of_a_state_that_is_not_there_is_refused,
    the_table_comes_as_csv,
    sums_of_quantities_are_made_within_an_item_only,
    an_organization_that_no_rule_covers_is_counted_as_such,
    a_quartermaster_sees_their_own_organization_only,
    what_has_not_changed_is_not_sent_again,
    names_follow_the_language_asked_for,
    questions_that_make_no_sense_are_refused,
];

async fn a_figure_can_be_followed_from_the_count_to_the_summary(app: TestApp) {
    adopt(&app).await;
    let seen = json!([
        {"item": "BOOTS", "quantity": 20},
        {"item": "BOOTS", "quantity": 4, "condition": "in_repair"},
        {"item": "BOOTS", "quantity": 3, "held": "lent"}
    ]);
    let (id, answer) = app.count("t1", "T1-A", seen).await;
    // 12 people × 2 pairs = 24 in use, and one spare for each started 4: 6.
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!(line["required"], json!({"min": 30, "max": 30}));
    assert_eq!(line["usable"], json!({"min": 20, "max": 20}));
    assert_eq!(line["shortage"], json!({"min": 10, "max": 10}));
    assert_eq!((&line["status"], &line["basis"]), (&json!("short"), &json!("established")));
    assert_eq!(line["left_out"], json!({"in_repair": 4, "lent": 3}));
    assert_eq!(answer["assessments"], json!([line]));

    let path = format!("/api/v1/organizations/T1/shortages/{}", line["line"].as_str().unwrap());
    let explained = app.get(&path).as_("t1").send().await.expect(200);
    assert_eq!(explained["shortage"], line["shortage"]);
    let rule = &explained["explanation"]["scopes"][0]["rules"][0];
    assert_eq!((&rule["rule"], &rule["standard"]["code"]), (&json!("B1"), &json!("STD")));
    let speaking = &explained["explanation"]["depots"][0]["counts"][0];
    assert_eq!(speaking["id"], id.to_string());
    assert_eq!(speaking["lots"].as_array().unwrap().len(), 3);

    let summary = app.get("/api/v1/shortages/summary?group_by=organization").as_("viewer").send().await.expect(200);
    let group = summary["groups"].as_array().unwrap().iter().find(|group| group["key"] == "T1").unwrap().clone();
    assert_eq!(
        group["established"]["lines"],
        json!({"met": 0, "short": 1, "unknown": 2, "not_set": 0, "not_required": 0})
    );
    assert_eq!(group["organization_statuses"]["established"]["short"], 1);
    assert_eq!((&group["recommended"], &group["not_evaluated"]), (&json!(1), &json!(1)));

    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 30}])).await;
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "met");
}

async fn the_order_in_which_counts_arrive_does_not_matter(app: TestApp) {
    adopt(&app).await;
    let stories = [(50, 7), (40, 9), (30, 0), (20, 11), (10, 5)];
    let orders = [("t1", "T1-A", [0, 1, 2, 3, 4]), ("t2", "T2-A", [4, 2, 0, 3, 1])];
    for (username, depot, order) in orders {
        let depot = app.depot(depot).await;
        for index in order {
            let (minutes, quantity) = stories[index];
            let body = count(
                &depot,
                minutes_ago(minutes),
                json!([{"item": "MASK", "quantity": quantity, "expires_on": "2027-01-01"}]),
            );
            app.submit(username, Uuid::now_v7(), &body).await.expect(201);
        }
    }
    let (one, other) = (app.shortage("T1", "MASK").await, app.shortage("T2", "MASK").await);
    assert_eq!(one["usable"], json!({"min": 5, "max": 5}));
    assert_eq!(one["usable"], other["usable"]);
    assert_eq!(one["last_counted_at"], other["last_counted_at"]);
}

async fn nothing_counted_is_unknown_and_never_zero(app: TestApp) {
    adopt(&app).await;
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!(line["usable"], json!({"min": 0, "max": null}));
    assert_eq!(line["shortage"], json!({"min": 0, "max": 30}));
    assert_eq!((&line["status"], &line["last_counted_at"]), (&json!("unknown"), &json!(null)));
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 30}])).await;
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "met");
    app.clock.set(seed::now() + TimeDelta::days(90));
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "met");
    app.clock.set(seed::now() + TimeDelta::days(91));
    let stale = app.shortage("T1", "BOOTS").await;
    assert_eq!((&stale["status"], &stale["usable"]), (&json!("unknown"), &json!({"min": 0, "max": null})));
}

async fn sums_beyond_the_range_are_unknown_or_null_by_name_and_the_report_answers(app: TestApp) {
    adopt(&app).await;
    let sheet = json!({ "facts": [{ "key": "people", "value": {"number": 999_999_999} }] });
    app.put_on("/organizations/T1/facts", "officer", &sheet, Some("*")).await.expect(200);
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!((&line["required"], &line["status"]), (&json!({"min": 0, "max": null}), &json!("unknown")));
    let named = |line: &Value| {
        let reasons = line["reasons"].as_array().unwrap().clone();
        reasons.into_iter().filter(|reason| reason["code"] == "out_of_range").collect::<Vec<_>>()
    };
    assert_eq!(named(&line), [json!({ "code": "out_of_range", "rule": "B1" })]);
    let path = format!("/api/v1/organizations/T1/shortages/{}", line["line"].as_str().unwrap());
    for (language, words) in [("en", "1,000,000,000 or more"), ("zh-CN", "达到10亿")] {
        let explained = app.get(&path).as_("t1").header("accept-language", language).send().await.expect(200);
        assert!(explained["words"]["sentences"].to_string().contains(words), "{}", explained["words"]["sentences"]);
    }

    // Two lots of one count, then two organizations with one item.
    let lots = json!([
        {"item": "MASK", "quantity": 600_000_000, "lot": "A", "expires_on": "2099-01-01"},
        {"item": "MASK", "quantity": 600_000_000, "lot": "B", "expires_on": "2099-01-01"}
    ]);
    app.count("t1", "T1-A", lots).await;
    let line = app.shortage("T1", "MASK").await;
    assert_eq!((&line["usable"], &line["status"]), (&json!({"min": 0, "max": null}), &json!("unknown")));
    assert_eq!(named(&line), [json!({ "code": "out_of_range", "depot": "T1-A" })]);

    let one = |lot| json!([{"item": "MASK", "quantity": 600_000_000, "lot": lot, "expires_on": "2099-01-01"}]);
    app.count("t1", "T1-A", one("A")).await;
    app.count("t2", "T2-A", one("B")).await;
    let path = "/api/v1/shortages/summary?group_by=item&item=MASK";
    let summary = app.get(path).as_("viewer").send().await.expect(200);
    let tallies = ["established", "indicative"].map(|basis| &summary["groups"][0][basis]["quantities"]["usable"]);
    let sum = tallies.into_iter().find(|sum| sum["out_of_range"] == true).expect("a sum out of range");
    assert_eq!((&sum["min"], &sum["max"]), (&Value::Null, &Value::Null));
    let table = app.get(&format!("{path}&format=csv")).as_("viewer").send().await;
    let text = String::from_utf8(table.body.to_vec()).unwrap();
    assert!(text.lines().any(|row| row.contains(",usable,")), "{text}");
    app.get("/api/v1/shortages").as_("viewer").send().await.expect(200);
}

async fn counted_and_found_none_is_a_statement(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 0}])).await;
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!((&line["status"], &line["shortage"]), (&json!("short"), &json!({"min": 30, "max": 30})));
    let stock = app.get("/api/v1/stock?organization=T1").as_("t1").send().await.expect(200);
    assert_eq!(stock["items"][0]["stock"]["usable"], json!({"min": 0, "max": 0}));
    let depot = app.depot("T1-A").await;
    let mut full = count(&depot, seed::now() + TimeDelta::hours(1), json!([{"item": "BOOTS", "quantity": 40}]));
    full["scope"] = json!("full");
    full["catalogue_revision"] = json!(1);
    app.clock.set(seed::now() + TimeDelta::hours(1));
    app.submit("t1", Uuid::now_v7(), &full).await.expect(201);
    // MASK was in the catalogue and is not listed, so the full count states that there is none.
    assert_eq!(app.shortage("T1", "MASK").await["usable"], json!({"min": 0, "max": 0}));
    assert_eq!(app.shortage("T1", "BOOTS").await["status"], "met");
}

async fn a_fact_nobody_recorded_makes_the_requirement_open(app: TestApp) {
    adopt(&app).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 1000}])).await;
    let line = app.shortage("T2", "BOOTS").await;
    assert_eq!((&line["required"], &line["status"]), (&json!({"min": 0, "max": null}), &json!("unknown")));
    assert!(line["reasons"].as_array().unwrap().iter().any(|reason| reason["fact"] == "people"), "{line}");
}

async fn expiry_turns_at_the_organizations_midnight(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "MASK", "quantity": 12, "expires_on": "2026-11-23"}])).await;
    // 2026-11-23T16:00Z is midnight in Shanghai.
    app.clock.set("2026-11-23T15:59:59Z".parse().unwrap());
    assert_eq!(app.shortage("T1", "MASK").await["status"], "met");
    app.clock.set("2026-11-23T16:00:00Z".parse().unwrap());
    let line = app.shortage("T1", "MASK").await;
    assert_eq!((&line["status"], &line["left_out"]), (&json!("short"), &json!({"expired": 12})));
    assert_eq!(line["as_of"], "2026-11-24");
    let path = "/api/v1/shortages?organization=T1&item=MASK&as_of=2026-11-23";
    let before = app.get(path).as_("viewer").send().await.expect(200);
    assert_eq!(before["items"][0]["status"], "met");
}

async fn two_phones_that_differ_are_a_conflict_until_it_is_settled(app: TestApp) {
    adopt(&app).await;
    let depot = app.depot("T1-A").await;
    let mut ids = Vec::new();
    for (device, minutes, quantity) in [("phone-1", 30, 10), ("phone-2", 20, 35)] {
        let id = Uuid::now_v7();
        let body = count(&depot, minutes_ago(minutes), json!([{"item": "BOOTS", "quantity": quantity}]));
        let put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", device);
        put.json(&body).send().await.expect(201);
        ids.push(id);
    }
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!((&line["conflict"], &line["usable"]), (&json!(true), &json!({"min": 10, "max": 35})));
    assert_eq!((&line["status"], &line["shortage"]), (&json!("unknown"), &json!({"min": 0, "max": 20})));
    let mut settled = count(&depot, minutes_ago(10), json!([{"item": "BOOTS", "quantity": 33}]));
    settled["resolves"] = json!(ids);
    app.submit("t1", Uuid::now_v7(), &settled).await.expect(201);
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!((&line["conflict"], &line["usable"]), (&json!(false), &json!({"min": 33, "max": 33})));
}

async fn what_a_settled_count_had_replaced_is_heard_again(app: TestApp) {
    adopt(&app).await;
    let depot = app.depot("T1-A").await;
    let submit = async |device: &str, minutes: i64, quantity: i64, resolves: &[Uuid]| {
        let id = Uuid::now_v7();
        let mut body = count(&depot, minutes_ago(minutes), json!([{"item": "BOOTS", "quantity": quantity}]));
        body["resolves"] = json!(resolves);
        let put = app.put(&format!("/api/v1/counts/{id}")).as_("t1").header("muster-device", device);
        put.json(&body).send().await.expect(201);
        id
    };
    submit("phone-1", 14, 35, &[]).await;
    let second = submit("phone-1", 12, 20, &[]).await;
    submit("phone-2", 5, 30, &[second]).await;
    let line = app.shortage("T1", "BOOTS").await;
    assert_eq!((&line["conflict"], &line["usable"]), (&json!(true), &json!({"min": 30, "max": 35})));
}

async fn a_revision_gives_the_same_bytes_for_ever(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    let first = app.get("/api/v1/shortages?organization=T1").as_("viewer").send().await;
    let revision = first.expect(200)["revision"].clone();
    let path = format!("/api/v1/shortages?organization=T1&revision={revision}&as_of=2026-11-23");
    let kept = app.get(&path).as_("viewer").send().await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 99}])).await;
    app.clock.set(seed::now() + TimeDelta::days(400));
    let again = app.get(&path).as_("viewer").send().await;
    assert_eq!(kept.body, again.body);
    assert_eq!(kept.json()["items"][0]["usable"], json!({"min": 12, "max": 12}));
}

async fn what_was_known_at_an_instant_can_be_asked_for(app: TestApp) {
    adopt(&app).await;
    let (_, answer) = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    let page = app.get("/api/v1/shortages?organization=T1&item=BOOTS").as_("viewer").send().await.expect(200);
    let known_at = page["known_at"].as_str().unwrap().to_owned();
    assert_eq!(page["revision"], answer["count"]["revision"]);
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 13}])).await;
    let app = &app;
    let ask = |instant: String| {
        let path = format!("/api/v1/shortages?organization=T1&item=BOOTS&as_of=2026-11-23&known_at={instant}");
        async move { app.get(&path.replace('+', "%2B")).as_("viewer").send().await.expect(200) }
    };
    assert_eq!(ask(known_at).await["items"][0]["usable"], json!({"min": 12, "max": 12}));
    assert_eq!(ask("2999-01-01T00:00:00Z".into()).await["items"][0]["usable"], json!({"min": 13, "max": 13}));
    for too_early in ["1999-01-01T00:00:00Z", "0000-01-01T00:00:00Z"] {
        let answer = app.get(&format!("/api/v1/shortages?known_at={too_early}")).as_("viewer").send().await;
        answer.problem(422);
        assert_eq!(answer.json()["errors"][0]["code"], "before_first_revision");
    }
}

async fn pages_speak_of_one_revision_whatever_arrives(app: TestApp) {
    adopt(&app).await;
    let whole = app.get("/api/v1/shortages?limit=500").as_("viewer").send().await.expect(200);
    let (mut items, mut cursor) = (Vec::<Value>::new(), String::new());
    loop {
        let page = app.get(&format!("/api/v1/shortages?limit=3{cursor}")).as_("viewer").send().await.expect(200);
        assert_eq!(page["revision"], whole["revision"]);
        items.extend(page["items"].as_array().unwrap().clone());
        app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 99}])).await;
        match page["next_cursor"].as_str() {
            Some(next) => cursor = format!("&cursor={next}"),
            None => break,
        }
    }
    assert_eq!(json!(items), whole["items"]);
    assert_eq!(items.len(), 8);
    for question in ["revision=1", "as_of=2020-01-01"] {
        let page = app.get("/api/v1/shortages?limit=3").as_("viewer").send().await.expect(200);
        let path = format!("/api/v1/shortages?limit=3&{question}&cursor={}", page["next_cursor"].as_str().unwrap());
        let answer = app.get(&path).as_("viewer").send().await;
        answer.problem(422);
        assert_eq!(answer.json()["errors"][0]["code"], "cursor_of_another_question");
    }
}

async fn a_cursor_of_a_state_that_is_not_there_is_refused(app: TestApp) {
    adopt(&app).await;
    let page = app.get("/api/v1/shortages?limit=1").as_("viewer").send().await.expect(200);
    let cursor = URL_SAFE_NO_PAD.decode(page["next_cursor"].as_str().unwrap()).unwrap();
    let cursor = String::from_utf8(cursor).unwrap();
    let revision = page["revision"].to_string();
    for (from, to) in [
        (format!("\"revision\":{revision}"), "\"revision\":9000".to_owned()),
        (format!("\"revision\":{revision}"), format!("\"revision\":{}", i64::MIN)),
        ("2026-11-23T02:00:00Z".to_owned(), "+262142-12-31T23:59:59Z".to_owned()),
        ("2026-11-23T02:00:00Z".to_owned(), "-262143-01-01T00:00:00Z".to_owned()),
    ] {
        let forged = cursor.replace(&from, &to);
        assert_ne!(forged, cursor, "{cursor}");
        for list in ["shortages", "stock"] {
            let path = format!("/api/v1/{list}?limit=1&cursor={}", URL_SAFE_NO_PAD.encode(&forged));
            let answer = app.get(&path).as_("viewer").send().await;
            answer.problem(422);
            assert_eq!(answer.json()["errors"][0]["code"], "cursor_unknown", "{forged}");
        }
    }
}

async fn the_table_comes_as_csv(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    let answer = app.get("/api/v1/shortages").as_("viewer").header("accept", "text/csv").send().await;
    assert_eq!(answer.status, 200);
    assert!(answer.header("content-type").starts_with("text/csv"));
    let mut reader = csv::Reader::from_reader(answer.body.as_ref());
    let header = reader.headers().unwrap().clone();
    let column = |name: &str| header.iter().position(|column| column == name).unwrap();
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 8);
    let boots =
        rows.iter().find(|row| &row[column("organization")] == "T1" && &row[column("item")] == "BOOTS").unwrap();
    assert_eq!((&boots[column("shortage_min")], &boots[column("status")]), ("18", "short"));
    let masks = rows.iter().find(|row| &row[column("organization")] == "T1" && &row[column("item")] == "MASK").unwrap();
    assert_eq!(&masks[column("usable_max")], "unbounded");
    let empty = app.get("/api/v1/shortages?format=csv&organization=E1").as_("viewer").send().await;
    assert_eq!(String::from_utf8_lossy(&empty.body).lines().count(), 1, "the header stands alone");
    let json = app.get("/api/v1/shortages?format=json").as_("viewer").header("accept", "text/csv").send().await;
    json.expect(200);
    let groups = app.get("/api/v1/shortages/summary?group_by=item&format=csv").as_("viewer").send().await;
    assert!(String::from_utf8_lossy(&groups.body).starts_with("key,name,unit,"));
}

async fn sums_of_quantities_are_made_within_an_item_only(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 100}])).await;
    app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 0}])).await;
    let summary = app.get("/api/v1/shortages/summary?group_by=item").as_("viewer").send().await.expect(200);
    let groups = summary["groups"].as_array().unwrap();
    let boots = groups.iter().find(|group| group["key"] == "BOOTS").unwrap();
    let sums = &boots["established"]["quantities"];
    // T1's surplus of 70 hides nothing that T2 may lack.
    assert_eq!(sums["shortage"], json!({"min": 0, "max": 0, "unbounded": 1}));
    assert_eq!(sums["usable"], json!({"min": 100, "max": 100, "unbounded": 0}));
    assert_eq!(boots["established"]["lines"]["met"], 1);
    for group_by in ["organization", "sector", "region", "item_class"] {
        let path = format!("/api/v1/shortages/summary?group_by={group_by}");
        let summary = app.get(&path).as_("viewer").send().await.expect(200);
        let groups = summary["groups"].as_array().unwrap();
        assert!(groups.iter().all(|group| group["established"].get("quantities").is_none()), "{summary}");
        let lines: i64 = groups
            .iter()
            .flat_map(|group| group["established"]["lines"].as_object().unwrap().values())
            .map(|number| number.as_i64().unwrap())
            .sum();
        assert_eq!(lines, 6, "{group_by}: each mandatory line once");
    }
}

async fn an_organization_that_no_rule_covers_is_counted_as_such(app: TestApp) {
    adopt(&app).await;
    let summary = app.get("/api/v1/shortages/summary?group_by=organization").as_("viewer").send().await.expect(200);
    let covered: Vec<(Value, Value)> = summary["groups"]
        .as_array()
        .unwrap()
        .iter()
        .map(|group| (group["key"].clone(), group["organization_statuses"]["together"]["not_covered"].clone()))
        .collect();
    assert_eq!(json!(covered), json!([["E1", 1], ["T1", 0], ["T2", 0]]));
}

async fn a_quartermaster_sees_their_own_organization_only(app: TestApp) {
    adopt(&app).await;
    let own = app.get("/api/v1/shortages").as_("t1").send().await.expect(200);
    let codes: Vec<&Value> =
        own["items"].as_array().unwrap().iter().map(|line| &line["organization"]["code"]).collect();
    assert_eq!(codes, vec!["T1"; 4]);
    let line = app.shortage("T2", "BOOTS").await["line"].as_str().unwrap().to_owned();
    for path in [
        "/api/v1/shortages?organization=T2".to_owned(),
        "/api/v1/shortages/summary?group_by=item&organization=T2".to_owned(),
        "/api/v1/stock?organization=T2".to_owned(),
        "/api/v1/stock?depot=T2-A".to_owned(),
        format!("/api/v1/organizations/T2/shortages/{line}"),
        format!("/api/v1/organizations/T1/shortages/{line}"),
    ] {
        assert_eq!(app.get(&path).as_("t1").send().await.problem(404), "not_found", "{path}");
    }
}

async fn what_has_not_changed_is_not_sent_again(app: TestApp) {
    adopt(&app).await;
    let path = "/api/v1/stock?organization=T1";
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    let first = app.get(path).as_("t1").send().await;
    let tag = first.header("etag").to_owned();
    let again = app.get(path).as_("t1").header("if-none-match", &tag).send().await;
    assert_eq!((again.status.as_u16(), again.body.len()), (304, 0));
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 13}])).await;
    assert_eq!(app.get(path).as_("t1").header("if-none-match", &tag).send().await.status, 200);
    // The cursor of a page that is not the last names a moment, and the answer is the same a little later.
    let first = app.get("/api/v1/shortages?limit=1").as_("t1").send().await;
    app.clock.set(seed::now() + TimeDelta::minutes(5));
    let again = app.get("/api/v1/shortages?limit=1").as_("t1").header("if-none-match", first.header("etag"));
    assert_eq!(again.send().await.status, 304);
    let head = app.request(Method::HEAD, "/api/v1/shortages?limit=1").as_("t1").send().await;
    assert_eq!((head.status.as_u16(), head.header("etag")), (200, first.header("etag")));
}

async fn names_follow_the_language_asked_for(app: TestApp) {
    adopt(&app).await;
    let path = "/api/v1/shortages?organization=T1&item=BOOTS";
    let answer = app.get(path).as_("viewer").header("accept-language", "zh-CN,en;q=0.5").send().await;
    let line = &answer.expect(200)["items"][0];
    assert_eq!((&line["item"]["name"], &line["organization"]["name"]), (&json!("物资BOOTS"), &json!("单位T1")));
    assert_eq!(answer.header("content-language"), "zh-CN");
}

async fn questions_that_make_no_sense_are_refused(app: TestApp) {
    adopt(&app).await;
    for (query, status, pointer) in [
        ("revision=999", 422, "/revision"),
        ("revision=1&known_at=2026-11-23T00:00:00Z", 422, "/known_at"),
        ("limit=0", 422, "/limit"),
        ("limit=501", 422, "/limit"),
        ("limit=many", 400, "/limit"),
        ("as_of=tomorrow", 400, "/as_of"),
        ("status=fine", 400, "/status/0"),
        ("colour=red", 400, "/colour"),
        ("cursor=abc", 422, "/cursor"),
    ] {
        let answer = app.get(&format!("/api/v1/shortages?{query}")).as_("viewer").send().await;
        answer.problem(status);
        assert_eq!(answer.json()["errors"][0]["pointer"], pointer, "{query}: {}", answer.json());
    }
    for list in ["shortages?", "stock?", "shortages/summary?group_by=item&"] {
        let path = format!("/api/v1/{list}item=NOTHING");
        assert_eq!(app.get(&path).as_("viewer").send().await.problem(404), "not_found", "{list}");
    }
    assert_eq!(app.get("/api/v1/shortages?region=nowhere").as_("viewer").send().await.problem(404), "not_found");
    assert_eq!(app.get("/api/v1/shortages/summary").as_("viewer").send().await.problem(400), "malformed");
}
