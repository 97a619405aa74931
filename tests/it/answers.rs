//! Real answers are what the document says of them.

use serde_json::{Value, json};

use crate::app::TestApp;
use crate::cases::cases;
use crate::document::{Operation, operations, standing_alone};
use crate::exemptions;
use crate::rights::allows_quartermasters;
use crate::rules;
use crate::seed;
use crate::standards;

cases![every_operation_answers_as_the_document_says, refusals_are_what_the_document_says];

/// A world in which there is one of everything.
struct World {
    count: String,
    line: String,
    depot: String,
    exemption: String,
}

impl World {
    async fn make(app: &TestApp) -> Self {
        rules::adopt(app).await;
        rules::mark_sheet_complete(app, "E1").await;
        let lines = json!([{"item": "BOOTS", "quantity": 3}, {"item": "MASK", "quantity": 2, "lot": "A1"}]);
        let (count, _) = app.count("t1", "T1-A", lines).await;
        let line = app.shortage("T1", "BOOTS").await["line"].as_str().unwrap().to_owned();
        exemptions::declare(app, "T1", "N1", 3).await;
        let exemption = exemptions::grant(app, "T1", "B1", "2026-12-31").await.to_string();
        standards::plant_top_officer(app).await;
        for code in ["STD", "OTHER"] {
            standards::draft(app, &standards::text(code, &[])).await.expect(201);
        }
        Self { count: count.to_string(), line, depot: app.depot("T1-A").await, exemption }
    }

    /// The address of an operation for something that is there.
    fn uri(&self, operation: &Operation) -> String {
        let code = match operation.path.split('/').nth(3) {
            Some("items") => "BOOTS",
            Some("standards") if operation.id == "discard_draft" => "OTHER",
            Some("standards") => "STD",
            Some("rules") => "B1",
            _ => "",
        };
        let id = if operation.path.contains("/exemptions/") { &self.exemption } else { &self.count };
        let names = [
            ("organization", "T1"),
            ("depot", "T1-A"),
            ("line", &self.line),
            ("id", id),
            ("code", code),
            ("region", "159900"),
            ("standard", "STD"),
            ("rule", "N1"),
        ];
        let uri = operation.uri(Some("{}"));
        let (path, query) = uri.split_once('?').map_or((uri.as_str(), ""), |(path, query)| (path, query));
        assert!(path.contains("{}") == operation.path.contains('{'));
        let path = names
            .iter()
            .fold(operation.path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        assert!(!path.contains('{'), "{path} names something that this world does not have");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn body(&self, operation: &Operation) -> Option<Value> {
        operation.body()?;
        Some(match operation.id {
            "sign_in" => json!({"username": "t1", "password": seed::PASSWORD}),
            "submit_count" => rules::count(&self.depot, seed::now(), json!([{"item": "SAND", "quantity": 2}])),
            "void_count" => json!({"reason": "counted twice"}),
            "adopt_standard" => json!({"strength": "mandatory"}),
            "end_adoption" | "end_exemption" => json!({"reason": "no longer needed"}),
            "declare_target" => json!({"quantity": 4}),
            "grant_exemption" => exemptions::body("B1", "2026-12-31"),
            "write_draft" => standards::text("STD", &[]),
            "publish_draft" => json!({}),
            other => panic!("{other}: what does it read?"),
        })
    }
}

/// Asks that a value is what a schema of the document says, and has nothing besides.
fn check(place: &str, schema: &Value, value: &Value) {
    let mut alone = standing_alone(schema);
    alone["unevaluatedProperties"] = json!(false);
    let validator = jsonschema::options().should_validate_formats(true).build(&alone).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{place}: {value}\n{}", faults.join("\n"));
}

async fn every_operation_answers_as_the_document_says(app: TestApp) {
    let world = World::make(&app).await;
    // What changes something comes last.
    let mut all = operations();
    let last = ["void_count", "end_adoption", "end_exemption", "publish_draft", "discard_draft"];
    all.sort_by_key(|operation| last.contains(&operation.id));
    for operation in all {
        let mut uri = world.uri(&operation);
        if operation.id == "submit_count" {
            uri = operation.uri(Some(&uuid::Uuid::new_v4().to_string()));
        }
        for language in ["en", "zh-CN"] {
            let caller = if allows_quartermasters(operation.id) { "t1" } else { "top" };
            let request = app.request(operation.method.clone(), &uri).as_(caller).header("accept-language", language);
            let request = request.header("if-match", "*");
            let request = match world.body(&operation) {
                Some(body) => request.json(&body),
                None => request,
            };
            let answer = request.send().await;
            let place = format!("{} {}", operation.id, answer.status);
            assert!(answer.status.is_success(), "{place}: {answer:?}");
            let said = operation.responses().find(|(status, _)| *status == answer.status.as_u16());
            let (_, said) = said.unwrap_or_else(|| panic!("{place} is not in the document"));
            check(&place, &said["content"]["application/json"]["schema"], &answer.json());
        }
    }
}

async fn refusals_are_what_the_document_says(app: TestApp) {
    let problem = json!({"$ref": "#/components/schemas/Problem"});
    for operation in operations() {
        for (username, uri) in [("viewer", operation.uri(Some("nothing"))), ("t1", operation.uri(None))] {
            let answer = operation.request_to(&app, &uri).as_(username).send().await;
            if answer.status.is_client_error() {
                let place = format!("{} {}", operation.id, answer.status);
                check(&place, &problem, &answer.json());
                let said = operation.responses().any(|(status, _)| status == answer.status.as_u16());
                assert!(said, "{place} is not in the document");
            }
        }
    }
}
