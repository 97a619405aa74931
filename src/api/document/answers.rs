//! The answers of operations: the statuses that any of them may have, the headers that are sent, and the members that are
//! always there.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::parameters::LONGEST_HEADER;
use super::values::HEADER;
use super::walk::{SCHEMAS, is_nullable, operations, reached, reference, references, schemas};
use crate::api::hardening::SYNC;
use crate::api::negotiation::CSV;
use crate::api::problem::MEDIA_TYPE;

/// The operations whose answer has no tag: a probe asks for the state of now, and a file of everything is not read again.
const WITHOUT_TAG: [&str; 3] = ["check_liveness", "check_readiness", "export_tables"];

/// The number of operations from which a problem is a component of its own.
const SHARED_FROM: usize = 5;

/// Completes the answers of every operation.
pub(super) fn complete(document: &mut Value) {
    require_members(document);
    for (path, method, operation) in operations(document) {
        let has_tag = method == "get"
            && operation.get("operationId").and_then(Value::as_str).is_some_and(|id| !WITHOUT_TAG.contains(&id));
        let place = (path, method);
        let Some(answers) = operation.get_mut("responses").and_then(Value::as_object_mut) else { continue };
        for (status, description) in OF_EVERY_OPERATION {
            answers.entry(status).or_insert_with(|| problem(description));
        }
        // A quota is used up before the operation is reached, and so before another standard governs the answer.
        if let Some(content) = answers.get_mut("429").and_then(|answer| answer.get_mut("content")?.as_object_mut()) {
            content.entry(MEDIA_TYPE).or_insert_with(problem_content);
        }
        if has_tag {
            answers.insert(
                "304".to_owned(),
                json!({"description": "The client has the answer already: it is that of `If-None-Match`."}),
            );
        }
        for (status, answer) in answers {
            if let Some(answer) = answer.as_object_mut() {
                add_headers(answer, status, has_tag, place);
            }
        }
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("headers".to_owned(), headers());
    }
    share_problems(document);
}

/// The failures of every operation, with their descriptions.
const OF_EVERY_OPERATION: [(&str, &str); 3] = [
    ("400", "The bytes could not be read as what the operation takes."),
    ("429", "Too many requests, or too many failed attempts; send the same again after `Retry-After` seconds."),
    ("500", "A fault of the service; name the `request_id` when you report it."),
];

fn problem(description: &str) -> Value {
    json!({"description": description, "content": {MEDIA_TYPE: problem_content()}})
}

fn problem_content() -> Value {
    json!({"schema": reference(&format!("{SCHEMAS}Problem"))})
}

/// Says of the members of what is only ever answered that they are there, also where they are `null`: what may be left out
/// is never `null`.
fn require_members(document: &mut Value) {
    let (mut sent, mut answered) = (Vec::new(), Vec::new());
    for (_, _, operation) in operations(document) {
        for (name, part) in operation.iter() {
            references(part, if name == "responses" { &mut answered } else { &mut sent });
        }
    }
    let Some(components) = schemas(document) else { return };
    let (sent, answered) = (reached(components, sent), reached(components, answered));
    for (_, schema) in components.iter_mut().filter(|(name, _)| answered.contains(*name) && !sent.contains(*name)) {
        let Some(properties) = schema.get("properties").and_then(Value::as_object) else { continue };
        let there = properties.iter().filter(|(_, member)| is_nullable(member)).map(|(name, _)| name.clone());
        let mut required: BTreeSet<String> = there.collect();
        let known = schema.get("required").and_then(Value::as_array).into_iter().flatten();
        required.extend(known.filter_map(Value::as_str).map(ToOwned::to_owned));
        if let Some(members) = schema.as_object_mut().filter(|_| !required.is_empty()) {
            members.insert("required".to_owned(), json!(required));
        }
    }
}

/// Says which headers an answer has. Answers of sync leave some out, as phones pay for every byte.
fn add_headers(answer: &mut Map<String, Value>, status: &str, has_tag: bool, (path, method): (&str, &str)) {
    let (is_of_the_api, is_sync) = (path.starts_with("/api/v1/"), path == SYNC);
    let is_good = status.starts_with('2');
    let content = answer.get("content").and_then(Value::as_object);
    let is_table = content.is_some_and(|content| content.contains_key(CSV));
    let is_change = content.is_some_and(|content| content.values().any(is_change));
    let has_words = is_of_the_api && content.is_some() && !(is_sync && method == "get" && is_good);
    let there = [
        ("X-Request-Id", true),
        ("Access-Control-Allow-Origin", true),
        ("RateLimit", !status.starts_with('5')),
        ("RateLimit-Policy", !status.starts_with('5') && !is_sync),
        ("ETag", has_tag && matches!(status, "200" | "304") || is_change && is_good),
        ("Cache-Control", is_of_the_api || has_tag && matches!(status, "200" | "304")),
        ("Content-Language", has_words),
        ("Vary", is_of_the_api && !is_sync),
        ("Link", is_table && is_good),
        ("Content-Disposition", is_table && is_good),
        ("WWW-Authenticate", status == "401"),
        ("Retry-After", matches!(status, "429" | "503")),
    ];
    let headers = answer.entry("headers").or_insert_with(|| json!({}));
    let Some(headers) = headers.as_object_mut() else { return };
    for schema in headers.values_mut().filter_map(|header| header.get_mut("schema")?.as_object_mut()) {
        schema.entry("maxLength").or_insert(json!(LONGEST_HEADER));
        schema.entry("pattern").or_insert(json!(HEADER));
    }
    for (name, _) in there.into_iter().filter(|(_, is_there)| *is_there) {
        headers.insert(name.to_owned(), reference(&format!("#/components/headers/{name}")));
    }
}

/// True for the answer to a change of what is kept by revisions, whose tag is the state for the next change.
fn is_change(content: &Value) -> bool {
    let schema = content.pointer("/schema/$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(SCHEMAS));
    schema.is_some_and(|name| name.starts_with("Changed"))
}

/// The headers of answers.
fn headers() -> Value {
    let header = |description: &str, pattern: &str, example: &str| {
        let schema = json!({"type": "string", "maxLength": LONGEST_HEADER, "pattern": pattern});
        json!({"description": description, "schema": schema, "example": example})
    };
    let seconds = json!({"type": "integer", "format": "int32", "minimum": 0, "maximum": 86400});
    json!({
        "X-Request-Id": header(
            "The id of the request, as in the logs and in `request_id` of a problem.", HEADER,
            "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11"),
        "Access-Control-Allow-Origin": header(
            "The origin of the page that asks, where the service is set to answer pages of that origin.", HEADER,
            "https://board.example"),
        "RateLimit": header(
            "The requests that the caller has left, and the seconds until it has more \
             (draft-ietf-httpapi-ratelimit-headers); left out where no quota is set.", HEADER, "\"default\";r=590;t=1"),
        "RateLimit-Policy": header(
            "The quota of the caller: a number of requests in a number of seconds; left out where none is set.", HEADER,
            "\"default\";q=600;w=60"),
        "ETag": header(
            "Names this state: send it as `If-None-Match` to read it again, and as `If-Match` to change it.",
            r#"^(W/)?"[\x21\x23-\x7e]*"$"#, "W/\"r812.1f0e3dad99908345f7439f8ffabdffc4\""),
        "Cache-Control": header("Where and how long the answer may be kept.", HEADER, "private, no-cache"),
        "Content-Language": header("The language of names and words.", HEADER, "zh-CN"),
        "Vary": header("The headers of a request on which the answer depends.", HEADER,
            "Accept, Accept-Language, Authorization"),
        "Link": header(
            "The next part of a table (`rel=\"next\"`); left out where the table has everything.", HEADER,
            "</api/v1/counts?format=csv&cursor=eyJ>; rel=\"next\""),
        "Content-Disposition": header("The name of the file; of workbooks and exports only.", HEADER,
            "attachment; filename=\"muster.xlsx\""),
        "WWW-Authenticate": header("How to sign in.", HEADER, "Bearer realm=\"muster\""),
        "Retry-After": {"description": "The seconds to wait before the same request.", "schema": seconds, "example": 2}
    })
}

/// Makes a component of each problem that many operations answer with.
fn share_problems(document: &mut Value) {
    let mut counted: BTreeMap<(String, String), (usize, Value)> = BTreeMap::new();
    for (_, _, operation) in operations(document) {
        for (status, answer) in problems(operation) {
            counted.entry((status.clone(), answer.to_string())).or_insert((0, answer.clone())).0 += 1;
        }
    }
    let mut shared = BTreeMap::new();
    let mut names = BTreeMap::new();
    for ((status, text), (number, answer)) in counted {
        let name = NAMES.iter().find(|(of, _)| *of == status).map(|(_, name)| *name);
        if let Some(name) = name.filter(|name| number >= SHARED_FROM && !shared.contains_key(*name)) {
            shared.insert(name.to_owned(), answer);
            names.insert(text, reference(&format!("#/components/responses/{name}")));
        }
    }
    for (_, _, operation) in operations(document) {
        for (_, answer) in problems(operation) {
            if let Some(reference) = names.get(&answer.to_string()) {
                *answer = reference.clone();
            }
        }
    }
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("responses".to_owned(), json!(shared));
    }
}

/// The failures of an operation, by their statuses.
fn problems(operation: &mut Map<String, Value>) -> impl Iterator<Item = (&String, &mut Value)> {
    let answers = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
    answers.filter(|(status, _)| status.starts_with(['4', '5']))
}

/// The names of the components, by status.
const NAMES: [(&str, &str); 15] = [
    ("400", "Malformed"),
    ("401", "NotSignedIn"),
    ("403", "NotAllowed"),
    ("404", "NotFound"),
    ("406", "NotAcceptable"),
    ("408", "TooSlow"),
    ("409", "Conflict"),
    ("412", "ChangedMeanwhile"),
    ("413", "TooLarge"),
    ("415", "UnsupportedMediaType"),
    ("422", "Invalid"),
    ("428", "IfMatchMissing"),
    ("429", "TooMany"),
    ("500", "Internal"),
    ("503", "Unavailable"),
];
