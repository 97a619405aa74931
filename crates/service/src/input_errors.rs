//! Faults of bad input, from the errors of serde and validator. Their English texts are for programmers, so each kind is
//! replaced by one of Muster's messages.

use serde::de::DeserializeOwned;
use serde_path_to_error::{Path, Segment};
use validator::{Validate, ValidationErrors, ValidationErrorsKind};

use base::error::{Error, Fault};
use base::quantity::QuantityError;
use text::messages::{Message, message};

/// The maximum length of sent text that is repeated in a fault, in characters.
const ECHO: usize = 64;

/// Reads JSON of a known shape and checks its values.
///
/// # Errors
/// `Invalid` with all faults: wrong types, unknown fields, lengths out of bounds.
pub fn read_json<T: DeserializeOwned + Validate>(bytes: &[u8]) -> Result<T, Error> {
    let mut reader = serde_json::Deserializer::from_slice(bytes);
    let value: T =
        serde_path_to_error::deserialize(&mut reader).map_err(|error| Error::Invalid(vec![of_shape(&error)]))?;
    if bytes.trim_ascii_start().first() == Some(&b'[') {
        // A list would be taken for the fields in their order.
        let mut reader = serde_json::Deserializer::from_slice(bytes);
        serde_path_to_error::deserialize::<_, serde_json::Map<String, serde_json::Value>>(&mut reader)
            .map_err(|error| Error::Invalid(vec![of_shape(&error)]))?;
    }
    value.validate().map_err(|errors| Error::Invalid(of_validation(&errors)))?;
    Ok(value)
}

/// The fault of JSON with the wrong shape.
fn of_shape(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let said = error.inner().to_string();
    let said = said.split(" at line ").next().unwrap_or(&said);
    let (code, field) = sort(said);
    let mut at = pointer(error.path());
    if let Some(field) = field
        && !at.ends_with(&format!("/{field}"))
    {
        at = format!("{at}/{}", escape(field));
    }
    let detail = detail(said, &at);
    Fault::new(at, code, detail)
}

/// The fault of an unreadable query string.
pub fn of_query(error: &serde_path_to_error::Error<serde_html_form::de::Error>) -> Fault {
    let said = error.inner().to_string();
    let (code, field) = sort(&said);
    let mut at = pointer(error.path());
    if let (Some(field), true) = (field, at.is_empty()) {
        at = format!("/{}", escape(field));
    }
    let detail = detail(&said, &at);
    Fault::new(at, code, detail)
}

/// The faults of values with the right shape.
pub fn of_validation(errors: &ValidationErrors) -> Vec<Fault> {
    let mut faults = Vec::new();
    collect(errors, "", &mut faults);
    faults.sort_by(|one, other| one.pointer.cmp(&other.pointer));
    faults
}

fn collect(errors: &ValidationErrors, at: &str, faults: &mut Vec<Fault>) {
    for (field, kind) in errors.errors() {
        let at = format!("{at}/{}", escape(field));
        match kind {
            ValidationErrorsKind::Field(errors) => {
                faults.extend(errors.iter().map(|error| Fault::new(&at, code(&error.code), mend(error))));
            }
            ValidationErrorsKind::Struct(errors) => collect(errors, &at, faults),
            ValidationErrorsKind::List(items) => {
                items.iter().for_each(|(number, errors)| collect(errors, &format!("{at}/{number}"), faults));
            }
        }
    }
}

fn code(code: &str) -> &'static str {
    match code {
        "length" => "length_out_of_bounds",
        "range" => "out_of_range",
        "control_character" | "non_control_character" => "control_character",
        _ => "not_accepted",
    }
}

fn mend(error: &validator::ValidationError) -> Message {
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => message!("length-between", min = min, max = max),
        ("length", None, Some(max)) => message!("length-at-most", max = max),
        ("length", Some(min), None) => message!("length-at-least", min = min),
        ("range", Some(min), Some(max)) => message!("number-between", min = min, max = max),
        ("range", None, Some(max)) => message!("number-at-most", max = max),
        ("range", Some(min), None) => message!("number-at-least", min = min),
        ("control_character" | "non_control_character", ..) => message!("control-character"),
        _ => message!("value-not-accepted"),
    }
}

/// Classifies a message of serde, and finds the field it names if the path does not.
fn sort(message: &str) -> (&'static str, Option<&str>) {
    let quoted = message.split('`').nth(1);
    if message.starts_with("unknown field") {
        ("unknown_field", quoted)
    } else if message.starts_with("missing field") {
        ("missing_field", quoted)
    // `serde_html_form` gives the second text for a parameter that appears twice.
    } else if message.starts_with("duplicate field") || message == "unsupported value" {
        ("duplicate_field", quoted)
    } else if message.starts_with("unknown variant") {
        ("unknown_value", None)
    } else {
        ("wrong_value", None)
    }
}

fn pointer(path: &Path) -> String {
    path.iter()
        .filter_map(|segment| match segment {
            Segment::Seq { index } => Some(format!("/{index}")),
            Segment::Map { key } => Some(format!("/{}", escape(key))),
            // A variant with content is written as an object with the variant as its key.
            Segment::Enum { variant } => Some(format!("/{}", escape(variant))),
            Segment::Unknown => None,
        })
        .collect()
}

/// Escapes a reference token (RFC 6901).
fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

/// The message for a text of serde. `at` is the place, whose name distinguishes days from instants, as serde's text
/// does not.
fn detail(said: &str, at: &str) -> Message {
    let (subject, expected) = said.rsplit_once(", expected ").unwrap_or((said, ""));
    let named = subject.split_once('`').map_or("", |(_, rest)| rest.strip_suffix('`').unwrap_or(rest));
    let named: String = named.chars().take(ECHO).collect();
    let known: Vec<String> = expected.split('`').skip(1).step_by(2).map(ToOwned::to_owned).collect();
    match sort(said).0 {
        "missing_field" => message!("field-missing", field = named),
        "duplicate_field" if named.is_empty() => message!("field-duplicate", field = at.trim_start_matches('/')),
        "duplicate_field" => message!("field-duplicate", field = named),
        "unknown_field" if known.is_empty() => {
            let named = named.split('`').next().unwrap_or_default();
            message!("field-unknown-none", field = named)
        }
        "unknown_field" => message!("field-not-taken", field = named, known = known),
        "unknown_value" => message!("value-unknown", value = named, known = known),
        _ => wrong_value(said, expected, at),
    }
}

/// The message for a wrong value, given the expected type in the words of serde and our types.
fn wrong_value(said: &str, expected: &str, at: &str) -> Message {
    let is_instant = at.ends_with("_at") || matches!(at, "/since" | "/until" | "/changed_since");
    let date = || if is_instant { message!("value-not-instant") } else { message!("value-not-day") };
    let says = |error: QuantityError| said.ends_with(&error.to_string());
    let expects = |words: &[&str]| words.iter().any(|word| expected.contains(word));
    // If serde does not say what it expected, the text is that of chrono, uuid or the form reader.
    let speaks_of = |words: &[&str]| expected.is_empty() && words.iter().any(|word| said.contains(word));
    match expected {
        _ if says(QuantityError::NotANumber) => message!("quantity-not-decimal"),
        _ if says(QuantityError::TooPrecise) => message!("quantity-too-precise"),
        _ if says(QuantityError::TooLarge) => message!("quantity-too-large"),
        _ if expects(&["UUID"]) || speaks_of(&["UUID"]) => message!("value-not-uuid"),
        _ if expects(&["date"]) || speaks_of(&["of input", "input contains", "input is", "trailing input", "date"]) => {
            date()
        }
        _ if speaks_of(&["digit found", "number too", "cannot parse integer"]) => message!("value-not-whole"),
        _ if expects(&["a boolean", "\"true\""]) => message!("value-not-boolean"),
        "u8" | "u16" | "u32" | "u64" | "usize" => message!("value-not-natural"),
        "i8" | "i16" | "i32" | "i64" | "isize" => message!("value-not-whole"),
        "f32" | "f64" => message!("value-not-number"),
        _ if expects(&["string"]) => message!("value-not-text"),
        _ if expects(&["sequence", "array"]) => message!("value-not-list"),
        _ if expects(&["struct", "map"]) => message!("value-not-object"),
        _ => message!("value-not-readable"),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use chrono::{DateTime, NaiveDate, Utc};
    use serde::Deserialize;
    use serde::de::DeserializeOwned;
    use uuid::Uuid;

    use super::*;
    use base::quantity::Quantity;
    use text::language::Language;

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is looked at")]
    struct Sent {
        text: String,
        #[serde(default)]
        day: Option<NaiveDate>,
        #[serde(default)]
        seen_at: Option<DateTime<Utc>>,
        #[serde(default)]
        id: Option<Uuid>,
        #[serde(default)]
        number: Option<u32>,
        #[serde(default)]
        quantity: Option<Quantity>,
        #[serde(default)]
        so: Option<bool>,
        #[serde(default)]
        list: Option<Vec<u8>>,
        #[serde(default)]
        choice: Option<Choice>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(rename_all = "snake_case")]
    enum Choice {
        One,
        Two,
    }

    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    struct Nothing {}

    fn shape<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> Fault {
        let mut reader = serde_json::Deserializer::from_str(json);
        let read: Result<T, _> = serde_path_to_error::deserialize(&mut reader);
        of_shape(&read.unwrap_err())
    }

    fn query<T: DeserializeOwned + std::fmt::Debug>(text: &str) -> Fault {
        let reader = serde_html_form::Deserializer::from_bytes(text.as_bytes());
        let read: Result<T, _> = serde_path_to_error::deserialize(reader);
        of_query(&read.unwrap_err())
    }

    #[test]
    fn each_sort_of_fault_is_told_in_words_of_ours() {
        let cases = [
            ("{}", "/text", "missing_field", "text is missing: send it."),
            ("{\"text\":\"\",\"text\":\"\"}", "/text", "duplicate_field", "text appears twice: send it once."),
            ("{\"text\":1}", "/text", "wrong_value", "The value must be text."),
            ("{\"day\":\"2026-02-30\"}", "/day", "wrong_value", "This is not a valid date: send one as YYYY-MM-DD."),
            ("{\"day\":\"soon\"}", "/day", "wrong_value", "This is not a valid date: send one as YYYY-MM-DD."),
            ("{\"day\":7}", "/day", "wrong_value", "This is not a valid date: send one as YYYY-MM-DD."),
            ("{\"id\":\"x\"}", "/id", "wrong_value", "The value must be a UUID."),
            ("{\"id\":1}", "/id", "wrong_value", "The value must be a UUID."),
            ("{\"number\":-1}", "/number", "wrong_value", "The value must be a whole number, 0 or greater."),
            ("{\"number\":\"a date\"}", "/number", "wrong_value", "The value must be a whole number, 0 or greater."),
            (
                "{\"quantity\":\"x\"}",
                "/quantity",
                "wrong_value",
                "The value must be a decimal number, such as 12 or 0.5.",
            ),
            ("{\"quantity\":0.0001}", "/quantity", "wrong_value", "The number has more than three decimals: round it."),
            ("{\"quantity\":1e9}", "/quantity", "wrong_value", "The number must be less than 1000000000."),
            ("{\"so\":0}", "/so", "wrong_value", "The value must be true or false."),
            ("{\"list\":0}", "/list", "wrong_value", "The value must be a list."),
            (
                "{\"choice\":\"x\"}",
                "/choice",
                "unknown_value",
                "\"x\" is not one of the known values. Use one of: one, two.",
            ),
            ("7", "", "wrong_value", "The value must be an object with the fields documented here."),
        ];
        for (json, pointer, code, detail) in cases {
            let fault = shape::<Sent>(json);
            assert_eq!(
                (fault.pointer.as_str(), fault.code, fault.detail.to_string().as_str()),
                (pointer, code, detail),
                "{json}"
            );
        }
        let instant = shape::<Sent>("{\"seen_at\":\"yesterday\"}").detail.to_string();
        assert!(instant.starts_with("This is not a valid time"), "{instant}");
        let unknown = shape::<Sent>("{\"txt\":1}").detail.text(Language::Chinese);
        assert!(unknown.starts_with("此处没有 txt：请省略。可用的有：text、day、"), "{unknown}");
        let none = shape::<Nothing>("{\"x\":1}").detail.to_string();
        assert_eq!(none, "There is no field x here: leave it out. No fields are accepted here.");
    }

    #[test]
    fn a_query_is_told_like_a_body() {
        let cases = [
            ("text=a&number=x", "/number", "The value must be a whole number within the limits of the field."),
            ("text=a&number=-1", "/number", "The value must be a whole number within the limits of the field."),
            ("text=a&so=perhaps", "/so", "The value must be true or false."),
            ("text=a&day=soon", "/day", "This is not a valid date: send one as YYYY-MM-DD."),
            ("text=a&choice=x", "/choice", "\"x\" is not one of the known values. Use one of: one, two."),
            ("number=1", "/text", "text is missing: send it."),
        ];
        for (text, pointer, detail) in cases {
            let fault = query::<Sent>(text);
            assert_eq!((fault.pointer.as_str(), fault.detail.to_string().as_str()), (pointer, detail), "{text}");
        }
    }

    /// One field for each kind of type that inputs use and [`Sent`] does not.
    #[derive(Debug, Deserialize)]
    #[serde(deny_unknown_fields)]
    #[expect(dead_code, reason = "only whether it can be read is looked at")]
    struct Others {
        #[serde(default)]
        signed: Option<i64>,
        #[serde(default)]
        ratio: Option<f64>,
        #[serde(default)]
        inside: Option<Nothing>,
        #[serde(default)]
        map: Option<BTreeMap<String, i64>>,
        #[serde(default)]
        tagged: Option<Tagged>,
        #[serde(default)]
        until: Option<DateTime<Utc>>,
    }

    #[derive(Debug, Deserialize)]
    #[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
    enum Tagged {
        Empty {},
    }

    #[test]
    fn the_texts_of_the_libraries_are_those_this_file_reads() {
        let (date, uuid) = ("This is not a valid date: send one as YYYY-MM-DD.", "The value must be a UUID.");
        let natural = "The value must be a whole number, 0 or greater.";
        let object = "The value must be an object with the fields documented here.";
        let body = [
            ("{\"day\":\"2026-1\"}", date),
            ("{\"day\":\"2026-01-01x\"}", date),
            ("{\"day\":\"+300000-01-01\"}", date),
            ("{\"day\":[]}", date),
            ("{\"id\":\"0198f5a2-7c11\"}", uuid),
            ("{\"id\":\"0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b1x\"}", uuid),
            ("{\"number\":1.5}", natural),
            ("{\"number\":4294967296}", natural),
            ("{\"list\":{}}", "The value must be a list."),
            ("{\"text\":null}", "The value must be text."),
            ("{\"text\":{}}", "The value must be text."),
            ("[]", object),
        ];
        for (json, detail) in body {
            assert_eq!(shape::<Sent>(json).detail.to_string(), detail, "{json}");
        }
        let others = [
            ("{\"signed\":\"x\"}", "The value must be a whole number within the limits of the field."),
            ("{\"ratio\":\"x\"}", "The value must be a number."),
            ("{\"inside\":0}", object),
            ("{\"map\":0}", object),
            ("{\"tagged\":{}}", "type is missing: send it."),
            ("{\"tagged\":{\"type\":\"x\"}}", "\"x\" is not one of the known values. Use one of: empty."),
        ];
        for (json, detail) in others {
            assert_eq!(shape::<Others>(json).detail.to_string(), detail, "{json}");
        }
        let instants = ["{\"until\":7}", "{\"until\":\"2026-01-01\"}", "{\"until\":\"2026-01-01T25:00:00Z\"}"];
        for json in instants {
            let detail = shape::<Others>(json).detail.to_string();
            assert!(detail.starts_with("This is not a valid time"), "{json}: {detail}");
        }
        let queries = [
            ("text=a&id=x", uuid),
            ("text=a&day=2026-02-30", date),
            ("text=a&number=4294967296", "The value must be a whole number within the limits of the field."),
            ("text=a&text=b", "text appears twice: send it once."),
        ];
        for (text, detail) in queries {
            assert_eq!(query::<Sent>(text).detail.to_string(), detail, "{text}");
        }
        let unknown = query::<Sent>("text=a&more=1");
        assert_eq!((unknown.pointer.as_str(), unknown.code), ("/more", "unknown_field"));
    }

    #[test]
    fn little_of_what_was_sent_is_told_back() {
        let fault = shape::<Sent>(&format!("{{\"choice\":\"{}\"}}", "x".repeat(5000)));
        assert!(fault.detail.to_string().len() < 200);
    }
}
