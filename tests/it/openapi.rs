//! The OpenAPI document: it equals the file that is checked in, and follows the rules of the project.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use actix_web::http::header;
use muster::api::document::Profile;
use serde_json::Value;

use crate::app::TestApp;
use crate::cases::{NoDatabase, cases};
use crate::document::{RFC_6749, allows, document, example_of, operations, resolve, schemas, standing_alone};
use crate::rights::REFUSED_FOR_WHAT_IT_SAYS;

cases![
    the_document_is_the_one_checked_in,
    the_schema_of_explanations_is_the_one_checked_in,
    the_document_is_openapi_3_1_and_served,
    every_reference_leads_somewhere,
    operation_ids_are_unique_and_in_snake_case,
    every_operation_tells_what_it_does,
    every_parameter_is_described,
    every_value_has_limits,
    failures_are_problems,
    every_answer_and_every_body_has_an_example,
    every_example_is_what_its_schema_says,
    whoever_is_not_signed_in_is_refused,
];

/// The verbs that operation ids begin with.
pub const VERBS: &[&str] = &[
    "apply",
    "change",
    "check",
    "close",
    "confirm",
    "decide",
    "delete",
    "end",
    "enrol",
    "erase",
    "explain",
    "export",
    "find",
    "import",
    "issue",
    "list",
    "publish",
    "pull",
    "push",
    "put",
    "refresh",
    "remove",
    "reopen",
    "reset",
    "set",
    "sign",
    "start",
    "submit",
    "summarize",
    "void",
    "withdraw",
];

async fn the_document_is_the_one_checked_in(_: NoDatabase) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/openapi.json");
    let document = muster::api::app::document(Profile::Everything);
    let text = format!("{}\n", serde_json::to_string_pretty(document).unwrap());
    if std::env::var_os("MUSTER_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        checked_in == text,
        "openapi/openapi.json is not what the code says. See that the change is meant, write it with \
         `MUSTER_WRITE_OPENAPI=1 cargo test --test it openapi`, and read the difference before committing it"
    );
}

async fn the_schema_of_explanations_is_the_one_checked_in(_: NoDatabase) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi/explanation.schema.json");
    let schema = explanation_schema();
    let text = format!("{}\n", serde_json::to_string_pretty(&schema).unwrap());
    if std::env::var_os("MUSTER_WRITE_OPENAPI").is_some() {
        std::fs::write(&path, &text).unwrap();
    }
    let checked_in = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(checked_in == text, "openapi/explanation.schema.json: write it as openapi.json is written");
    let validator = jsonschema::draft202012::new(&schema).unwrap();
    let example = schema["examples"][0].clone();
    let errors: Vec<String> = validator.iter_errors(&example).map(|error| error.to_string()).collect();
    assert!(errors.is_empty(), "{errors:?}");
    for pointer in ["", "/explanation", "/explanation/scopes/0/rules/0", "/explanation/depots/0/counts/0/lots/0"] {
        let mut changed = example.clone();
        changed.pointer_mut(pointer).unwrap()["stranger"] = Value::Bool(true);
        assert!(!validator.is_valid(&changed), "a stranger in {pointer:?}");
    }
}

/// The schema of explanations alone: that of the document, with all that it refers to, and open to no other member.
fn explanation_schema() -> Value {
    let components = document()["components"]["schemas"].as_object().unwrap();
    let (mut waiting, mut parts) = (vec!["ExplainedLine".to_owned()], BTreeMap::new());
    // What is a part of another object may not close it.
    let mut open = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if parts.contains_key(&name) {
            continue;
        }
        let mut part = components[&name].clone();
        rename(&mut part, &mut waiting, &mut open);
        parts.insert(name, part);
    }
    for (name, part) in &mut parts {
        close(part, !open.contains(name));
    }
    let mut whole = parts.remove("ExplainedLine").unwrap();
    let example = whole.as_object_mut().unwrap().remove("example").unwrap();
    let members = whole.as_object_mut().unwrap();
    members.insert("$schema".to_owned(), "https://json-schema.org/draft/2020-12/schema".into());
    members.insert("title".to_owned(), "An explanation of a shortage, muster-explanation/1".into());
    members.insert("examples".to_owned(), Value::Array(vec![example]));
    members.insert("$defs".to_owned(), Value::Object(parts.into_iter().collect()));
    whole
}

/// Lets references lead to `$defs`, and notes their names.
fn rename(schema: &mut Value, names: &mut Vec<String>, open: &mut BTreeSet<String>) {
    match schema {
        Value::Object(members) => {
            for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                let name = part["$ref"].as_str().and_then(|path| path.rsplit('/').next());
                open.extend(name.map(ToOwned::to_owned));
            }
            if let Some(Value::String(path)) = members.get_mut("$ref") {
                let name = path.rsplit('/').next().unwrap().to_owned();
                *path = format!("#/$defs/{name}");
                names.push(name);
            }
            members.values_mut().for_each(|part| rename(part, names, open));
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| rename(part, names, open)),
        _ => {}
    }
}

/// Closes the objects of a schema to other members; those that consist of several parts as a whole.
fn close(schema: &mut Value, closes: bool) {
    match schema {
        Value::Object(members) => {
            let whole = members.contains_key("allOf");
            if closes && whole {
                members.insert("unevaluatedProperties".to_owned(), Value::Bool(false));
            } else if closes && members.contains_key("properties") && !members.contains_key("additionalProperties") {
                members.insert("additionalProperties".to_owned(), Value::Bool(false));
            }
            for (name, part) in members.iter_mut().filter(|(name, _)| *name != "example" && *name != "examples") {
                if matches!(name.as_str(), "allOf" | "oneOf" | "anyOf") {
                    let inner = closes && !whole && name != "allOf";
                    part.as_array_mut().unwrap().iter_mut().for_each(|part| close(part, inner));
                } else {
                    close(part, true);
                }
            }
        }
        Value::Array(parts) => parts.iter_mut().for_each(|part| close(part, true)),
        _ => {}
    }
}

async fn the_document_is_openapi_3_1_and_served(app: TestApp) {
    assert!(document()["openapi"].as_str().unwrap().starts_with("3.1."));
    assert_eq!(&app.get("/api/openapi.json").send().await.expect(200), document());
}

async fn every_reference_leads_somewhere(_: NoDatabase) {
    let mut references = Vec::new();
    collect_references(document(), &mut references);
    assert!(references.len() > 50, "the document has references");
    for reference in references {
        resolve(reference);
    }
}

fn collect_references(value: &'static Value, found: &mut Vec<&'static Value>) {
    match value {
        Value::Object(members) => {
            if members.contains_key("$ref") {
                found.push(value);
            }
            members.values().for_each(|member| collect_references(member, found));
        }
        Value::Array(items) => items.iter().for_each(|item| collect_references(item, found)),
        _ => {}
    }
}

async fn operation_ids_are_unique_and_in_snake_case(_: NoDatabase) {
    let mut seen = BTreeSet::new();
    for operation in operations() {
        let id = operation.id;
        assert!(seen.insert(id), "{id} is there twice");
        assert!(id.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{id} is not in snake_case");
    }
}

async fn every_operation_tells_what_it_does(_: NoDatabase) {
    let known: BTreeSet<&str> =
        document()["tags"].as_array().unwrap().iter().map(|tag| tag["name"].as_str().unwrap()).collect();
    for operation in operations() {
        let text = |name: &str| operation.says[name].as_str().unwrap_or_default().to_owned();
        let (summary, description) = (text("summary"), text("description"));
        assert!(!summary.is_empty() && !summary.ends_with('.'), "{}: the summary is a title", operation.id);
        assert!(description.ends_with('.'), "{}: the description is made of sentences", operation.id);
        let tags = operation.says["tags"].as_array().unwrap();
        assert!(
            matches!(&tags[..], [Value::String(tag)] if known.contains(tag.as_str())),
            "{}: {tags:?}",
            operation.id
        );
    }
}

async fn every_parameter_is_described(_: NoDatabase) {
    for operation in operations() {
        for place in ["path", "query", "header"] {
            for parameter in operation.parameters(place) {
                let described = parameter["description"].as_str().is_some_and(|text| text.ends_with('.'));
                assert!(described, "{}: {} is not described", operation.id, parameter["name"]);
            }
        }
        let names = operation.path.matches('{').count();
        assert_eq!(operation.parameters("path").count(), names, "{}: {}", operation.id, operation.path);
    }
}

async fn every_value_has_limits(_: NoDatabase) {
    let has = |schema: &Value, names: &[&str]| names.iter().any(|name| !schema[*name].is_null());
    let mut without = Vec::new();
    for (place, schema) in schemas() {
        let limited_by_format = schema["format"].as_str().is_some_and(|it| ["uuid", "date", "date-time"].contains(&it));
        let named = has(schema, &["enum", "const"]);
        if allows(schema, "string") && !named && !limited_by_format && !has(schema, &["maxLength"]) {
            without.push(format!("{place}: maxLength"));
        }
        if allows(schema, "integer") && !named && !(has(schema, &["minimum"]) && has(schema, &["maximum"])) {
            without.push(format!("{place}: minimum and maximum"));
        }
        if allows(schema, "array") && !has(schema, &["maxItems"]) {
            without.push(format!("{place}: maxItems"));
        }
    }
    assert!(without.is_empty(), "without limits:\n{}", without.join("\n"));
}

async fn failures_are_problems(_: NoDatabase) {
    for operation in operations() {
        for (status, response) in operation.responses().filter(|(status, _)| *status >= 400) {
            // Before the form of the answer is known, no other standard governs.
            if operation.id == RFC_6749 && status < 500 && status != 406 {
                let schema = &response["content"]["application/json"]["schema"];
                assert_eq!(schema["$ref"], "#/components/schemas/TokenRefusal", "{status}");
                continue;
            }
            let types: Vec<&String> = response["content"].as_object().unwrap().keys().collect();
            assert_eq!(types, ["application/problem+json"], "{} {status}", operation.id);
            let schema = &response["content"]["application/problem+json"]["schema"];
            assert_eq!(schema["$ref"], "#/components/schemas/Problem", "{} {status}", operation.id);
        }
        if !operation.is_public() {
            let statuses: BTreeSet<u16> = operation.responses().map(|(status, _)| status).collect();
            assert!(statuses.is_superset(&[401, 403].into()), "{}: {statuses:?}", operation.id);
        }
        if operation.body().is_some() {
            let statuses: BTreeSet<u16> = operation.responses().map(|(status, _)| status).collect();
            assert!(statuses.is_superset(&[400, 413, 415, 422].into()), "{}: {statuses:?}", operation.id);
        }
    }
}

/// The JSON of a good answer, under a media type of its own in the catalogue.
pub fn json_answer(response: &'static Value) -> Option<&'static Value> {
    let json = ["/content/application~1json", "/content/application~1linkset+json"];
    json.into_iter().find_map(|pointer| response.pointer(pointer))
}

/// The media types of JSON bodies and answers, each with its place.
fn json_contents() -> Vec<(String, &'static Value)> {
    let mut contents = Vec::new();
    for operation in operations() {
        let before = contents.len();
        if let Some(content) = operation.says.pointer("/requestBody/content/application~1json") {
            contents.push((format!("{} body", operation.id), content));
        }
        for (status, response) in operation.responses().filter(|(status, _)| (200..300).contains(status)) {
            if let Some(content) = json_answer(response) {
                contents.push((format!("{} {status}", operation.id), content));
            }
        }
        // Files are not JSON.
        let is_file = operation.path.ends_with("/export") || operation.path.ends_with("/count-list");
        assert!(contents.len() > before || is_file, "{} neither reads nor answers JSON", operation.id);
    }
    contents
}

fn example_in(content: &'static Value) -> Option<Value> {
    content.get("example").cloned().or_else(|| example_of(&content["schema"]))
}

async fn every_answer_and_every_body_has_an_example(_: NoDatabase) {
    let without: Vec<String> = json_contents()
        .into_iter()
        .filter(|(_, content)| example_in(content).is_none())
        .map(|(place, _)| place)
        .collect();
    assert!(without.is_empty(), "without an example: {without:?}");
}

async fn every_example_is_what_its_schema_says(_: NoDatabase) {
    let (mut wrong, mut checked) = (Vec::new(), 0);
    let whole = json_contents().into_iter().map(|(place, content)| (place, &content["schema"], example_in(content)));
    let parts = schemas().into_iter().map(|(place, schema)| (place, schema, schema.get("example").cloned()));
    for (place, schema, example) in whole.chain(parts) {
        let Some(example) = example else { continue };
        let validator = jsonschema::options()
            .should_validate_formats(true)
            .build(&standing_alone(schema))
            .unwrap_or_else(|error| panic!("{place}: {error}"));
        checked += 1;
        wrong.extend(validator.iter_errors(&example).map(|error| format!("{place}{}: {error}", error.instance_path())));
    }
    assert!(wrong.is_empty(), "examples that their schemas refuse:\n{}", wrong.join("\n"));
    assert!(checked > json_contents().len(), "{checked} examples were checked");
}

async fn whoever_is_not_signed_in_is_refused(app: TestApp) {
    for operation in operations() {
        let answer = operation.request(&app).send().await;
        if operation.is_public() {
            // A sign-in with the example's password is refused for what it says, not for who sends it.
            let refused = answer.status == 401 && !REFUSED_FOR_WHAT_IT_SAYS.contains(&answer.problem(401).as_str());
            assert!(!refused && !answer.status.is_server_error(), "{}: {answer:?}", operation.id);
            continue;
        }
        assert_eq!(answer.problem(401), "token_missing", "{}", operation.id);
        assert!(answer.header(header::WWW_AUTHENTICATE.as_str()).starts_with("Bearer"), "{}", operation.id);
    }
}
