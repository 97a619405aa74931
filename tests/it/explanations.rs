//! Explanations prove themselves: by the answer of the service alone, with the command.

use std::fs;

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::languages::BOTH;
use crate::process::outcome;
use crate::rules::adopt;

cases![
    an_answer_proves_itself_in_every_language,
    a_voided_count_is_named,
    the_command_says_what_is_wrong_by_its_exit_code,
];

/// The explanation of a line of an organization, in each language.
async fn explained(app: &TestApp, item: &str) -> [Value; 2] {
    let line = app.shortage("T1", item).await["line"].as_str().unwrap().to_owned();
    let path = format!("/api/v1/organizations/T1/shortages/{line}");
    let mut found = Vec::new();
    for language in BOTH {
        found.push(app.get(&path).as_("t1").header("accept-language", language.tag()).send().await.expect(200));
    }
    found.try_into().unwrap()
}

async fn an_answer_proves_itself_in_every_language(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 12}])).await;
    let seen = json!([{"item": "BOOTS", "quantity": 20}, {"item": "BOOTS", "quantity": 4, "condition": "in_repair"}]);
    let (id, _) = app.count("t1", "T1-A", seen).await;
    let keys = app.get("/.well-known/jwks.json").send().await.expect(200).to_string();
    let keys = check::Keys::read(&keys).unwrap();
    let answers = explained(&app, "BOOTS").await;
    assert_eq!(answers[0]["sha256"], answers[1]["sha256"]);
    assert_ne!(answers[0]["words"], answers[1]["words"]);
    for answer in answers {
        let report = check::check(&answer.to_string(), Some(&keys)).unwrap();
        assert!(report.is_fine(), "{:#}", report.shown());
        assert_eq!(report.receipts.verdict(), "ok");
        let counts = answer["explanation"]["counts"].as_array().unwrap();
        assert_eq!(counts[0]["id"], json!(id));
        assert_eq!(counts[0]["sha256"].as_str().map(str::len), Some(64));
    }
}

async fn a_voided_count_is_named(app: TestApp) {
    adopt(&app).await;
    let (id, _) = app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 3}])).await;
    let void = json!({"reason": "the wrong shelf"});
    app.post(&format!("/api/v1/counts/{id}/void")).as_("t1").json(&void).send().await.expect(201);
    let [answer, _] = explained(&app, "BOOTS").await;
    let evidence = answer["explanation"]["evidence"].as_array().unwrap();
    let named =
        evidence.iter().flat_map(|item| item["counts"].as_array().unwrap()).find(|count| count["count"] == json!(id));
    assert_eq!(named.unwrap()["bearing"], "voided", "{answer:#}");
    assert!(check::check(&answer.to_string(), None).unwrap().is_fine());
}

async fn the_command_says_what_is_wrong_by_its_exit_code(app: TestApp) {
    adopt(&app).await;
    app.count("t1", "T1-A", json!([{"item": "BOOTS", "quantity": 20}])).await;
    let [answer, _] = explained(&app, "BOOTS").await;
    let folder = tempfile::tempdir().unwrap();
    let keys = app.get("/.well-known/jwks.json").send().await.expect(200);
    fs::write(folder.path().join("jwks.json"), keys.to_string()).unwrap();
    let code = |document: &Value| {
        fs::write(folder.path().join("line.json"), document.to_string()).unwrap();
        outcome(folder.path(), &["explain", "--check", "line.json", "--keys", "jwks.json"], &[]).0
    };
    assert_eq!(code(&answer), 0);
    let changed = |pointer: &str, value: Value, seals: bool| {
        let mut document = answer.clone();
        *document.pointer_mut(pointer).unwrap() = value;
        if seals {
            let digest = check::check(&document.to_string(), None).unwrap().digest.expected;
            document["sha256"] = json!(digest);
        }
        document
    };
    assert_eq!(code(&changed("/words/name", json!("something else"), false)), 0, "words are for people");
    assert_eq!(code(&changed("/shortage/min", json!(9), true)), 3);
    assert_eq!(code(&changed("/explanation", json!(null), true)), 3);
    assert_eq!(code(&changed("/explanation/counts/0/counted_by", json!("Somebody else"), false)), 3, "it stands twice");
    assert_eq!(code(&changed("/revision", json!(1), false)), 4);
    assert_eq!(code(&changed("/explanation/counts/0/sha256", json!("00".repeat(32)), true)), 5);
}
