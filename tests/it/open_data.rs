//! Open data: standards with their rules, and the catalogue, without a sign-in.

use muster::api::settings::Settings;
use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::database::TestDatabase;
use crate::document::operations;
use crate::rules;
use crate::standards;

cases![
    a_token_that_is_sent_must_be_good,
    anybody_reads_standards_and_the_catalogue,
    every_rule_says_how_sure_it_is,
    no_open_answer_names_people_or_drafts,
    an_open_answer_may_be_kept_and_shared,
    without_the_setting_there_is_no_such_path,
];

const PATHS: [&str; 5] = ["standards", "standards/STD", "rules", "items", "item-classes"];

fn open(path: &str) -> String {
    format!("/api/v1/open/{path}")
}

async fn anybody_reads_standards_and_the_catalogue(app: TestApp) {
    rules::adopt(&app).await;
    for path in PATHS {
        let answer = app.get(&open(path)).send().await.expect(200);
        let own = app.get(&format!("/api/v1/{path}")).as_("viewer").send().await.expect(200);
        assert_eq!(answer, own, "{path}");
        let with_a_token = app.get(&open(path)).as_("t1").send().await.expect(200);
        assert_eq!(with_a_token, answer, "{path}");
    }
    for (path, first) in [("items", "code"), ("rules?limit=2", "standard"), ("standards", "code")] {
        let csv = app.get(&open(path)).header("accept", "text/csv").send().await;
        assert_eq!(csv.status, 200, "{csv:?}");
        let text = String::from_utf8(csv.body.to_vec()).unwrap();
        assert!(
            text.lines().count() > 1 && text.lines().next().unwrap().split(',').any(|column| column == first),
            "{text}"
        );
    }
    let next = app.get(&open("rules?limit=2")).header("accept", "text/csv").send().await;
    assert!(next.header("link").starts_with("</api/v1/open/rules?limit=2&cursor="), "{next:?}");
    let two =
        app.get(&open("items?item_class=protection&item_class=x&fields=code,unit&limit=1")).send().await.expect(200);
    assert_eq!(two["items"], json!([{"code": "BOOTS", "unit": "pair"}]));
    assert_eq!(app.get(&open("standards/NOTHING")).send().await.problem(404), "not_found");
    assert_eq!(app.get(&open("items?nothing=1")).send().await.problem(400), "malformed");
    assert_eq!(app.get(&open("items")).header("accept", "image/png").send().await.problem(406), "not_acceptable");
    assert_eq!(app.put(&open("items")).send().await.problem(405), "method_not_allowed");
}

async fn every_rule_says_how_sure_it_is(app: TestApp) {
    rules::adopt(&app).await;
    let page = app.get(&open("rules")).send().await.expect(200);
    let rows = page["items"].as_array().unwrap();
    assert!(rows.len() > 2);
    for row in rows {
        let is_verified = row["rule"]["confidence"] == "verified"
            && [Value::Null, json!("verified")].contains(&row["rule"]["attribution"]);
        assert_eq!(row["basis"], if is_verified { "established" } else { "indicative" }, "{row}");
        assert!(row["rule"]["clause"].is_string() && row["standard"]["code"].is_string(), "{row}");
    }
    let csv = app.get(&open("rules")).header("accept", "text/csv").send().await;
    let text = String::from_utf8(csv.body.to_vec()).unwrap();
    let header: Vec<&str> = text.lines().next().unwrap().split(',').collect();
    for column in ["standard", "basis", "rule_clause", "rule_confidence", "rule_attribution", "rule_source"] {
        assert!(header.contains(&column), "{column}: {header:?}");
    }
}

async fn a_token_that_is_sent_must_be_good(app: TestApp) {
    rules::adopt(&app).await;
    for path in PATHS {
        let refused = app.get(&open(path)).header("authorization", "Bearer nonsense").send().await;
        assert_eq!(refused.problem(401), "token_invalid", "{path}");
        app.get(&open(path)).as_("viewer").send().await.expect(200);
    }
    for path in ["/.well-known/api-catalog", "/.well-known/oauth-authorization-server"] {
        let refused = app.get(path).header("authorization", "Bearer nonsense").send().await;
        assert_eq!(refused.problem(401), "token_invalid", "{path}");
    }
}

async fn no_open_answer_names_people_or_drafts(app: TestApp) {
    rules::adopt(&app).await;
    app.put("/api/v1/standards/SECRET/draft")
        .as_("admin")
        .json(&standards::text("SECRET", &[]))
        .send()
        .await
        .expect(201);
    for path in PATHS {
        for accept in ["application/json", "text/csv"] {
            let answer = app.get(&open(path)).header("accept", accept).send().await;
            if answer.status == 406 {
                continue;
            }
            assert_eq!(answer.status, 200, "{path}: {answer:?}");
            let text = String::from_utf8(answer.body.to_vec()).unwrap();
            for hidden in ["SECRET", "Holder of", "officer", "author", "adopt", "159900", "T1"] {
                assert!(!text.contains(hidden), "{path} has {hidden}: {text}");
            }
        }
    }
    let of_open = operations().into_iter().filter(|operation| operation.path.contains("/open/"));
    let ids: Vec<&str> = of_open.clone().map(|operation| operation.id).collect();
    assert_eq!(ids.len(), PATHS.len(), "{ids:?}");
    assert!(of_open.clone().all(|operation| operation.is_public() && operation.method == "GET"));
}

async fn an_open_answer_may_be_kept_and_shared(app: TestApp) {
    rules::adopt(&app).await;
    for path in PATHS {
        let answer = app.get(&open(path)).send().await;
        assert_eq!(answer.header("cache-control"), "public, max-age=3600", "{path}");
        assert_eq!(answer.header("vary").replace("accept-encoding", ""), answer.header("vary"), "{path}");
        assert!(!answer.header("vary").to_lowercase().contains("authorization"), "{path}: {answer:?}");
        let tag = answer.header("etag").to_owned();
        let again = app.get(&open(path)).header("if-none-match", &tag).send().await;
        assert_eq!((again.status.as_u16(), again.body.len()), (304, 0), "{path}: {again:?}");
        assert_eq!(again.header("cache-control"), "public, max-age=3600", "{path}");
        let chinese = app.get(&open(path)).header("if-none-match", &tag).header("accept-language", "zh").send().await;
        assert_eq!(chinese.status, 200, "{path}: {chinese:?}");
    }
    let refused = app.get(&open("items?limit=0")).send().await;
    assert_eq!(refused.problem(422), "values_not_taken");
    assert!(!refused.header("cache-control").contains("public"), "{refused:?}");
}

async fn without_the_setting_there_is_no_such_path(database: TestDatabase) {
    let app = TestApp::with_settings(database, Settings::default()).await;
    let nowhere = app.get("/api/v1/nowhere").send().await;
    for path in PATHS {
        for (accept, caller) in [("application/json", None), ("text/html", None), ("text/csv", Some("admin"))] {
            let request = app.get(&open(path)).header("accept", accept);
            let answer = match caller {
                Some(caller) => request.as_(caller).send().await,
                None => request.send().await,
            };
            assert_eq!(answer.problem(404), nowhere.problem(404), "{path} {accept}");
        }
        assert_eq!(app.post(&open(path)).send().await.problem(404), nowhere.problem(404), "{path}");
    }
}
