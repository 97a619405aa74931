//! The limits and formats of values: every text has a greatest length and a pattern or a format, and every number says
//! how a program keeps it.

use serde_json::{Map, Value, json};

use super::walk::{allows, each_object, operations, schemas};
use crate::api::negotiation::{CSV, WORKBOOK};
use tables::MOST_BYTES;

/// The greatest lengths of formats, in characters.
const LENGTHS: [(&str, u64); 3] = [("uuid", 36), ("date", 10), ("date-time", 35)];

/// The greatest length of a file in an answer, in bytes.
const LONGEST_FILE: u64 = 1 << 30;

/// The greatest length of the name of a member, in characters.
const LONGEST_NAME: u64 = 64;

/// The pattern of every text: no control characters but the tab and the ends of lines.
pub(super) const TEXT: &str = r"^[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f]*$";

/// The pattern of a header: visible characters and blanks.
pub(super) const HEADER: &str = r"^[\x20-\x7e]*$";

/// The words that answers may say more of in later versions: clients were told to take others. All other enums are closed
/// within a major version.
const OPEN_ENUMS: [&str; 13] = [
    "AdoptionCause",
    "Askable",
    "Bearing",
    "CountFlag",
    "CountKind",
    "Doubt",
    "LeftOut",
    "ReasonCode",
    "Role",
    "RuleCause",
    "Scope",
    "SourceKind",
    "SubjectKind",
];

/// Marks the enums that may grow.
pub(super) fn mark_open(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    for name in OPEN_ENUMS {
        if let Some(schema) = components.get_mut(name).and_then(Value::as_object_mut) {
            schema.insert("x-extensible-enum".to_owned(), json!(true));
        }
    }
}

/// The largest number that 32 bits hold, with a sign.
const LARGEST_OF_32_BITS: u64 = i32::MAX as u64;

/// Says how long the files may be that operations read and answer with.
pub(super) fn limit_files(document: &mut Value) {
    for (_, _, operation) in operations(document) {
        for (part, content) in operation {
            let longest = if part == "requestBody" { MOST_BYTES as u64 } else { LONGEST_FILE };
            each_object(content, &mut |members| {
                for (media_type, is_text) in [(CSV, true), (WORKBOOK, false)] {
                    if let Some(schema) = members.get_mut(media_type).and_then(|content| content.get_mut("schema")) {
                        // Bytes are a text without a pattern: with `format: binary` some generators make code that does not
                        // compile.
                        let pattern = if is_text { TEXT } else { r"^[\s\S]*$" };
                        *schema = json!({"type": "string", "maxLength": longest, "pattern": pattern});
                    }
                }
            });
        }
    }
}

/// States the limits and the format of every value inside a part of the document.
pub(super) fn complete(part: &mut Value) {
    each_object(part, &mut |schema| {
        if allows(schema, "integer") {
            let is_short = schema.get("maximum").and_then(Value::as_u64).is_some_and(|most| most <= LARGEST_OF_32_BITS);
            schema.insert("format".to_owned(), json!(if is_short { "int32" } else { "int64" }));
        }
        // 32 bits, which is what some languages take for a number, do not keep three decimals.
        if allows(schema, "number") {
            schema.insert("format".to_owned(), json!("double"));
        }
        if allows(schema, "string") && !schema.contains_key("enum") && !schema.contains_key("const") {
            limit_text(schema);
        }
        let names = schema.get_mut("propertyNames").and_then(Value::as_object_mut);
        if let Some(names) = names.filter(|names| !names.contains_key("$ref")) {
            names.entry("type").or_insert(json!("string"));
            names.entry("maxLength").or_insert(json!(LONGEST_NAME));
        }
    });
}

fn limit_text(schema: &mut Map<String, Value>) {
    let format = schema.get("format").and_then(Value::as_str).map(ToOwned::to_owned);
    let length = LENGTHS.iter().find(|(name, _)| Some(*name) == format.as_deref()).map(|(_, length)| *length);
    if let Some(length) = length.filter(|_| !schema.contains_key("maxLength")) {
        schema.insert("maxLength".to_owned(), json!(length));
    }
    if format.is_none() {
        schema.entry("pattern").or_insert(json!(TEXT));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::app;
    use crate::api::document::Profile;

    #[test]
    fn the_open_enums_are_enums_of_the_document() {
        let document = serde_json::to_value(app::document(Profile::Everything)).unwrap();
        for name in OPEN_ENUMS {
            assert!(document["components"]["schemas"][name]["enum"].is_array(), "{name}");
        }
    }
}
