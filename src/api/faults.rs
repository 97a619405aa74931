//! What serde and validator say of bad input, as faults with places.

use serde_path_to_error::{Path, Segment};
use validator::{ValidationErrors, ValidationErrorsKind};

use crate::error::Fault;

/// The fault of JSON that has not the shape asked for.
pub fn of_shape(error: &serde_path_to_error::Error<serde_json::Error>) -> Fault {
    let message = error.inner().to_string();
    let (code, field) = sort(&message);
    let mut at = pointer(error.path());
    if let Some(field) = field
        && !at.ends_with(&format!("/{field}"))
    {
        at = format!("{at}/{}", escape(field));
    }
    let detail = message.split(" at line ").next().unwrap_or(&message);
    Fault::new(at, code, sentence(detail))
}

/// The fault of a query string that cannot be read.
pub fn of_query(error: &serde_path_to_error::Error<serde_html_form::de::Error>) -> Fault {
    let message = error.inner().to_string();
    let (code, field) = sort(&message);
    let mut at = pointer(error.path());
    if let (Some(field), true) = (field, at.is_empty()) {
        at = format!("/{}", escape(field));
    }
    let detail = if message.contains("digit found in string") || message.contains("number too") {
        "Send a whole number within the bounds of the parameter.".to_owned()
    } else {
        sentence(&message)
    };
    Fault::new(at, code, detail)
}

/// The faults of values whose shape is right.
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
        "control_character" => "control_character",
        _ => "not_accepted",
    }
}

fn mend(error: &validator::ValidationError) -> String {
    let bound = |name: &str| error.params.get(name).map(ToString::to_string);
    match (error.code.as_ref(), bound("min"), bound("max")) {
        ("length", Some(min), Some(max)) => format!("The length must lie between {min} and {max}."),
        ("length", None, Some(max)) => format!("The length must be at most {max}."),
        ("length", Some(min), None) => format!("The length must be at least {min}."),
        ("range", Some(min), Some(max)) => format!("The number must lie between {min} and {max}."),
        ("range", None, Some(max)) => format!("The number must be at most {max}."),
        ("range", Some(min), None) => format!("The number must be at least {min}."),
        ("control_character", ..) => "The text holds a control character: leave it out.".to_owned(),
        _ => "The value is not accepted.".to_owned(),
    }
}

/// Sorts a message of serde, and finds the field it names where the path cannot.
fn sort(message: &str) -> (&'static str, Option<&str>) {
    let quoted = message.split('`').nth(1);
    if message.starts_with("unknown field") {
        ("unknown_field", quoted)
    } else if message.starts_with("missing field") {
        ("missing_field", quoted)
    } else if message.starts_with("duplicate field") {
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
            // What holds something is written as an object with the variant as its key.
            Segment::Enum { variant } => Some(format!("/{}", escape(variant))),
            Segment::Unknown => None,
        })
        .collect()
}

/// Escapes a reference token (RFC 6901).
fn escape(token: &str) -> String {
    token.replace('~', "~0").replace('/', "~1")
}

fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str().trim_end_matches('.'))
}
