//! Who is up to standard, who is short, and who has to be asked for what.

use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use uuid::Uuid;

use crate::app::TestApp;
use crate::cases::cases;
use crate::rules::{adopt, count};
use crate::seed;

cases![
    one_request_says_who_is_up_to_standard_and_whom_to_ask,
    organizations_are_chosen_by_status_basis_sector_and_region,
    a_summary_counts_each_organization_once,
    the_causes_are_a_table_too,
    lines_are_a_table_for_those_who_follow_them_up,
    what_is_only_recommended_is_below_or_at_it,
    figures_name_their_engine,
    a_page_of_a_named_moment_stays_there,
    others_do_not_learn_of_it,
];

const PATH: &str = "/organization-statuses";

/// Adopts the rules; the depot of `T1` has a keeper.
async fn prepare(app: &TestApp) {
    adopt(app).await;
    let depot = json!({
        "organization": "T1", "name_en": "Depot T1", "name_zh": "T1库", "holding": "physical", "keeper": "Bao"
    });
    let tag = app.tag("/depots/T1-A", "officer").await;
    app.put_on("/depots/T1-A", "officer", &depot, Some(&tag)).await.expect(200);
}

fn statuses(page: &Value) -> Vec<(String, String, String)> {
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let one = |item: &Value| {
        (text(&item["organization"]["code"]), text(&item["established"]["status"]), text(&item["together"]["status"]))
    };
    page["items"].as_array().unwrap().iter().map(one).collect()
}

fn expected(rows: &[(&str, &str)]) -> Vec<(String, String, String)> {
    rows.iter().map(|(code, status)| ((*code).to_owned(), (*status).to_owned(), (*status).to_owned())).collect()
}

async fn one_request_says_who_is_up_to_standard_and_whom_to_ask(app: TestApp) {
    prepare(&app).await;
    let page = app.read(PATH).await;
    assert_eq!(statuses(&page), expected(&[("E1", "not_covered"), ("T1", "unknown"), ("T2", "unknown")]));
    let numbers = json!({"met": 0, "short": 0, "unknown": 2, "not_covered": 1});
    assert_eq!(page["totals"], json!({"organizations": 3, "established": numbers, "together": numbers}));
    let team = &page["items"][1];
    let lines = json!({"met": 0, "short": 0, "unknown": 3, "not_set": 0, "not_required": 0});
    assert_eq!((&team["together"]["lines"], &team["together"]["not_evaluated"]), (&lines, &json!(1)));
    let depot = json!([{"id": app.depot("T1-A").await, "code": "T1-A", "name": "Depot T1"}]);
    assert_eq!(
        team["causes"],
        json!([
            {"code": "not_evaluated", "lines": 1, "rules": ["X1"], "depots": [], "facts": [],
                "ask": [{"who": "author_of_standard"}]},
            {"code": "never_counted", "lines": 2, "rules": [], "depots": depot, "facts": [],
                "ask": [{"who": "keeper", "depot": "T1-A", "keeper": "Bao"}]},
        ])
    );
    // The people of T2 are not recorded.
    let fact = &page["items"][2]["causes"][0];
    assert_eq!((&fact["code"], &fact["lines"]), (&json!("fact_unknown"), &json!(2)));
    assert_eq!(fact["facts"], json!([{"key": "people", "name": "People"}]));
    assert_eq!(fact["ask"], json!([{"who": "organization"}, {"who": "bureau"}]));
    let line = app.shortage("T2", "BOOTS").await;
    let keeper = json!({"who": "keeper", "depot": "T2-A"});
    assert_eq!(line["ask"], json!([keeper, {"who": "organization"}, {"who": "bureau"}]));
    assert_eq!(line["clauses"], json!([{"standard": "STD", "clause": "1", "rule": "B1"}]));

    // One line that is short decides, whatever else is unknown.
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    let page = app.read(PATH).await;
    assert_eq!(statuses(&page), expected(&[("E1", "not_covered"), ("T1", "short"), ("T2", "unknown")]));
    assert_eq!(page["totals"]["together"], json!({"met": 0, "short": 1, "unknown": 1, "not_covered": 1}));
    assert_eq!(app.shortage("T1", "BOOTS").await["ask"], json!([]));
}

async fn organizations_are_chosen_by_status_basis_sector_and_region(app: TestApp) {
    prepare(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    for (query, codes) in [
        ("status=short", vec!["T1"]),
        ("status=unknown", vec!["T2"]),
        ("status=not_covered&basis=established", vec!["E1"]),
        ("status=met", vec![]),
        ("sector=hazchem", vec!["E1"]),
        ("region=159900&status=short", vec!["T1"]),
        ("region=150000", vec!["E1", "T1", "T2"]),
        ("organization=T2", vec!["T2"]),
    ] {
        let page = app.read(&format!("{PATH}?{query}")).await;
        let found: Vec<_> = statuses(&page).into_iter().map(|(code, ..)| code).collect();
        assert_eq!(found, codes, "{query}");
    }
    // The totals are of all that are chosen, whatever their status.
    assert_eq!(app.read(&format!("{PATH}?status=short")).await["totals"]["organizations"], 3);
    assert_eq!(app.read(&format!("{PATH}?sector=hazchem")).await["totals"]["organizations"], 1);
    assert_eq!(app.read(&format!("{PATH}?as_of=2025-12-31")).await["items"], json!([]), "none existed then");

    let first = app.read(&format!("{PATH}?limit=2")).await;
    let next = app.read(&format!("{PATH}?limit=2&cursor={}", first["next_cursor"].as_str().unwrap())).await;
    assert_eq!(statuses(&next), expected(&[("T2", "unknown")]));
    assert_eq!((&next["totals"], &next["next_cursor"]), (&Value::Null, &Value::Null));
    for (query, status) in [("status=fine", 400), ("basis=indicative", 400), ("limit=0", 422), ("cursor=x", 422)] {
        app.get(&format!("/api/v1{PATH}?{query}")).as_("viewer").send().await.problem(status);
    }
}

async fn a_summary_counts_each_organization_once(app: TestApp) {
    prepare(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    for (group_by, organizations) in [("organization", 3), ("sector", 3), ("region", 3), ("item", 8), ("item_class", 4)]
    {
        let summary = app.read(&format!("/shortages/summary?group_by={group_by}")).await;
        let groups = summary["groups"].as_array().unwrap();
        let all: i64 = groups.iter().map(|group| group["organizations"].as_i64().unwrap()).sum();
        assert_eq!(all, organizations, "{group_by}");
        for (group, basis) in groups.iter().flat_map(|group| [(group, "established"), (group, "together")]) {
            let numbers = group["organization_statuses"][basis].as_object().unwrap().values();
            let sum: i64 = numbers.map(|number| number.as_i64().unwrap()).sum();
            assert_eq!(sum, group["organizations"].as_i64().unwrap(), "{group}");
        }
    }
    let summary = app.read("/shortages/summary?group_by=region").await;
    let numbers = &summary["groups"][0]["organization_statuses"]["together"];
    assert_eq!(numbers, &json!({"met": 0, "short": 1, "unknown": 1, "not_covered": 1}));
}

/// The cells of a table by its header.
async fn table(app: &TestApp, path: &str, language: &str) -> Vec<Vec<(String, String)>> {
    let request = app.get(&format!("/api/v1{path}")).as_("viewer").header("accept-language", language);
    let answer = request.header("accept", "text/csv").send().await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let header = reader.headers().unwrap().clone();
    let cells = |row: csv::StringRecord| header.iter().map(str::to_owned).zip(row.iter().map(str::to_owned)).collect();
    reader.records().map(|row| cells(row.unwrap())).collect()
}

fn cell<'r>(row: &'r [(String, String)], column: &str) -> &'r str {
    let found = row.iter().find(|(name, _)| name == column);
    &found.unwrap_or_else(|| panic!("no column {column} in {row:?}")).1
}

async fn the_causes_are_a_table_too(app: TestApp) {
    prepare(&app).await;
    let rows = table(&app, PATH, "en").await;
    let of_team: Vec<_> = rows.iter().filter(|row| cell(row, "organization") == "T1").collect();
    let causes: Vec<_> = of_team.iter().map(|row| (cell(row, "cause"), cell(row, "cause_lines"))).collect();
    assert_eq!(causes, [("not_evaluated", "1"), ("never_counted", "2")]);
    let counted = of_team[1];
    assert_eq!(
        (cell(counted, "depots"), cell(counted, "ask"), cell(counted, "keeper")),
        ("T1-A", "keeper T1-A Bao", "Bao")
    );
    let uncovered = rows.iter().find(|row| cell(row, "organization") == "E1").unwrap();
    assert_eq!((cell(uncovered, "together_status"), cell(uncovered, "cause")), ("not_covered", ""));
    let rows = table(&app, PATH, "zh-CN").await;
    let named = rows.iter().find(|row| cell(row, "缺少的指标") == "人数").unwrap();
    assert_eq!((cell(named, "原因"), cell(named, "询问对象")), ("指标未登记", "本单位；主管部门"));
    let workbook = app.get(&format!("/api/v1{PATH}?format=xlsx")).as_("viewer").send().await;
    assert!(workbook.body.starts_with(b"PK"), "{workbook:?}");
}

async fn lines_are_a_table_for_those_who_follow_them_up(app: TestApp) {
    prepare(&app).await;
    let depot = app.depot("T1-A").await;
    let lines = json!([{"item": "BOOTS", "quantity": 12}]);
    let counted_at = seed::now() - TimeDelta::hours(1);
    app.submit("t1", Uuid::now_v7(), &count(&depot, counted_at, lines)).await.expect(201);
    let of = |rows: &[Vec<(String, String)>], column: &str, item: &str| {
        rows.iter().find(|row| cell(row, column) == item).unwrap().clone()
    };
    let rows = table(&app, "/shortages?organization=T1", "en").await;
    let (boots, masks) = (of(&rows, "item", "BOOTS"), of(&rows, "item", "MASK"));
    assert_eq!(cell(&boots, "last_counted_at"), "2026-11-23T09:00:00+08:00");
    assert_eq!((cell(&boots, "clause"), cell(&boots, "basis")), ("STD, Test standard, 1 (rule B1)", "established"));
    assert_eq!((cell(&boots, "cause"), cell(&boots, "ask")), ("", ""));
    assert_eq!((cell(&masks, "cause"), cell(&masks, "ask")), ("never_counted T1-A", "keeper T1-A Bao"));
    assert_eq!((cell(&masks, "depots"), cell(&masks, "keeper")), ("T1-A", "Bao"));
    assert_eq!((cell(&masks, "usable_max"), cell(&masks, "shortage_max")), ("unbounded", "12"));
    let rows = table(&app, "/shortages?organization=T1", "zh-CN").await;
    let (boots, masks) = (of(&rows, "物资编码", "BOOTS"), of(&rows, "物资编码", "MASK"));
    assert_eq!(cell(&boots, "物资名称"), "物资BOOTS");
    assert_eq!(cell(&boots, "最近盘点时间（当地）"), "2026-11-23 09:00");
    assert_eq!(cell(&boots, "依据条款"), "《试验标准》（STD）第1条（规则B1）");
    assert_eq!((cell(&masks, "原因"), cell(&masks, "可用上限")), ("从未盘点（T1-A）", "无上限"));
    assert_eq!(cell(&masks, "询问对象"), "库点保管人（T1-A Bao）");
}

async fn what_is_only_recommended_is_below_or_at_it(app: TestApp) {
    prepare(&app).await;
    app.count("t1", "T1-A", json!([{"item": "SAND", "quantity": 50}])).await;
    let line = app.shortage("T1", "SAND").await;
    assert_eq!((&line["status"], &line["shortage"]), (&json!("below"), &json!({"min": 50, "max": 50})));
    assert_eq!(app.read("/shortages?status=short").await["items"], json!([]));
    assert_eq!(app.read("/shortages?status=below").await["items"], json!([line]));
    let rows = table(&app, "/shortages?organization=T1&item=SAND", "zh-CN").await;
    assert_eq!((cell(&rows[0], "要求程度"), cell(&rows[0], "状态")), ("宜配", "低于建议数"));
    // A recommendation makes nobody short.
    let page = app.read(PATH).await;
    assert_eq!(statuses(&page)[1], expected(&[("T1", "unknown")])[0]);

    app.count("t1", "T1-A", json!([{"item": "SAND", "quantity": 100}])).await;
    assert_eq!(app.shortage("T1", "SAND").await["status"], "at");
    let path = format!("/organizations/T1/shortages/{}", line["line"].as_str().unwrap());
    let explained = app.read(&path).await;
    assert!(explained["words"]["sentences"][0].as_str().unwrap().contains("meets the recommendation"), "{explained}");
}

async fn figures_name_their_engine(app: TestApp) {
    prepare(&app).await;
    let line = app.shortage("T1", "BOOTS").await;
    for path in [
        "/shortages".to_owned(),
        "/shortages/summary?group_by=region".to_owned(),
        "/stock".to_owned(),
        PATH.to_owned(),
        format!("/organizations/T1/shortages/{}", line["line"].as_str().unwrap()),
    ] {
        let full = format!("/api/v1{path}");
        let answer = app.get(&full).as_("viewer").send().await;
        assert_eq!(answer.expect(200)["engine"], "3", "{path}");
        assert_eq!(answer.header("muster-engine"), "3", "{path}");
        let known = app.get(&full).as_("viewer").header("if-none-match", answer.header("etag")).send().await;
        assert_eq!((known.status.as_u16(), known.header("muster-engine")), (304, "3"), "{path}");
        if !path.starts_with("/organizations/") {
            let table = app.get(&full).as_("viewer").header("accept", "text/csv").send().await;
            assert_eq!(table.header("muster-engine"), "3", "{path}");
        }
    }
}

async fn a_page_of_a_named_moment_stays_there(app: TestApp) {
    prepare(&app).await;
    // Commits have the database's time, and an instant after the service's own would be the present.
    app.clock.set(Utc::now() + TimeDelta::days(1));
    let page = app.read(PATH).await;
    let revision = &page["revision"];
    let paths = [
        format!("/api/v1{PATH}?revision={revision}"),
        format!("/api/v1{PATH}?known_at={}", page["known_at"].as_str().unwrap()),
        format!("/api/v1{PATH}?revision={revision}&limit=1"),
    ];
    let mut before = Vec::new();
    for path in &paths {
        before.push(app.get(path).as_("viewer").send().await);
    }
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    app.clock.set(Utc::now() + TimeDelta::days(60));
    for (path, before) in paths.iter().zip(&before) {
        let again = app.get(path).as_("viewer").send().await;
        assert_eq!(again.body, before.body, "{path}");
        // Left out, the day is that of the revision's commit, or of the instant.
        let known_at: DateTime<Utc> = page["known_at"].as_str().unwrap().parse().unwrap();
        let day = (known_at + TimeDelta::hours(8)).date_naive().to_string();
        assert_eq!(again.json()["items"][0]["as_of"], day, "{path}");
    }
    let cursor = before[2].json()["next_cursor"].as_str().unwrap().to_owned();
    let known_at = page["known_at"].as_str().unwrap();
    let next = |more: &str| app.get(&format!("/api/v1{PATH}?limit=1&cursor={cursor}{more}")).as_("viewer");
    assert_eq!(statuses(&next(&format!("&known_at={known_at}")).send().await.expect(200))[0].0, "T1");
    let later = (Utc::now() + TimeDelta::days(30)).to_rfc3339_opts(SecondsFormat::Secs, true);
    for (more, code) in [
        (format!("&revision={revision}&known_at={known_at}"), "revision_and_known_at"),
        (format!("&known_at={later}"), "cursor_of_another_question"),
        ("&revision=1".to_owned(), "cursor_of_another_question"),
    ] {
        let answer = next(&more).send().await;
        answer.problem(422);
        assert_eq!(answer.json()["errors"][0]["code"], code, "{more}");
    }
    for question in ["known_at=1999-01-01T00:00:00Z", "revision=0", "revision=-1"] {
        app.get(&format!("/api/v1{PATH}?{question}")).as_("viewer").send().await.problem(422);
    }
}

async fn others_do_not_learn_of_it(app: TestApp) {
    prepare(&app).await;
    let own = app.get(&format!("/api/v1{PATH}")).as_("t1").send().await.expect(200);
    assert_eq!(statuses(&own), expected(&[("T1", "unknown")]));
    assert_eq!(own["totals"]["organizations"], 1);
    let other = app.get(&format!("/api/v1{PATH}?organization=T2")).as_("t1").send().await;
    assert_eq!(other.problem(404), "not_found");
    app.get(&format!("/api/v1{PATH}")).send().await.problem(401);
}
