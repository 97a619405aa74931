//! The parameters of operations.

use serde_json::{Map, Value, json};

use super::values::HEADER;
use super::walk::{operations, reference, remove_null, take_only_branch};

/// The longest value of a header that names languages or states, in characters; a longer one is refused.
pub const LONGEST_HEADER: usize = 1000;

/// Says of every parameter that it is a value or is left out, and adds those that every operation reads.
pub(super) fn complete(document: &mut Value) {
    for (_, method, operation) in operations(document) {
        let reads_state = method == "get" && answers_with_tag(operation);
        let parameters = operation.entry("parameters").or_insert_with(|| json!([]));
        let Some(parameters) = parameters.as_array_mut() else { continue };
        parameters.iter_mut().filter_map(|parameter| parameter.get_mut("schema")).for_each(without_null);
        parameters.iter_mut().for_each(tell_header);
        parameters.iter_mut().for_each(tell_example);
        parameters.push(reference("#/components/parameters/AcceptLanguage"));
        if reads_state {
            parameters.push(reference("#/components/parameters/IfNoneMatch"));
        }
    }
    let header = |name: &str, description: &str| {
        json!({
            "name": name, "in": "header", "description": description, "required": false,
            "schema": {"type": "string", "maxLength": LONGEST_HEADER, "pattern": HEADER}
        })
    };
    let shared = json!({
        "AcceptLanguage": header(
            "Accept-Language",
            "The language of names and of the words of problems: `en` or `zh-CN`.",
        ),
        "IfNoneMatch": header(
            "If-None-Match",
            "The `ETag` of an answer that the client has: 304 if it would be the same.",
        )
    });
    if let Some(components) = document.get_mut("components").and_then(Value::as_object_mut) {
        components.insert("parameters".to_owned(), shared);
    }
}

/// Moves the example of what may be left out into its description: pages that try an operation would send it, and most
/// filters find nothing together.
fn tell_example(parameter: &mut Value) {
    let Some(members) = parameter.as_object_mut() else { return };
    if members.get("required").is_some_and(|required| *required == json!(true)) {
        return;
    }
    if let Some(example) = members.remove("example")
        && let Some(Value::String(description)) = members.get_mut("description")
    {
        let text = example.as_str().map_or_else(|| example.to_string(), ToOwned::to_owned);
        description.push_str(&format!(" Example: `{text}`."));
    }
}

/// Says what every header keeps to. An instant becomes a text, as some generators refuse it there.
fn tell_header(parameter: &mut Value) {
    let is_header = parameter.get("in").is_some_and(|place| place == "header");
    let Some(schema) = parameter.get_mut("schema").and_then(Value::as_object_mut).filter(|_| is_header) else { return };
    if schema.get("format").is_some_and(|format| format == "date-time") {
        schema.remove("format");
        schema.insert("maxLength".to_owned(), json!(35));
        schema.insert("pattern".to_owned(), json!(r"^[0-9T:.+Zz-]+$"));
    } else if schema.get("type").is_none_or(|kind| kind != "integer") {
        schema.entry("maxLength").or_insert(json!(LONGEST_HEADER));
        schema.entry("pattern").or_insert(json!(HEADER));
    }
}

/// True for an operation whose answer has a tag.
fn answers_with_tag(operation: &Map<String, Value>) -> bool {
    operation.get("responses").is_some_and(|responses| responses.get("304").is_some())
}

/// A parameter that is optional is left out; it is never `null`.
fn without_null(schema: &mut Value) {
    let Some(members) = schema.as_object_mut() else { return };
    if remove_null(members)
        && let Some(only) = take_only_branch(members)
    {
        *schema = only;
    }
}
