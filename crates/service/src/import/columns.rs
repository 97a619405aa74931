//! The columns of a table for the fields of a request, for faults of the rule book, which name fields.

use tables::form::Form;

/// The columns at which a fault of a field is reported: the first one that the file has.
pub(super) fn columns(form: Form, pointer: &str) -> Vec<&str> {
    let mut parts = pointer.trim_start_matches('/').split('/');
    let first = parts.next().unwrap_or_default();
    match (form, first) {
        // A name in the path of a request is a column of a table.
        (Form::Regions, "region")
        | (Form::Organizations, "organization")
        | (Form::Depots, "depot")
        | (Form::Items, "item")
        | (Form::ItemClasses, "item_class") => vec!["code"],
        (Form::Dictionary, "fact") => vec!["key"],
        (Form::Depots, "position") if pointer.ends_with("/lon") => vec!["longitude", "latitude"],
        (Form::Depots, "position") => vec!["latitude", "longitude"],
        (Form::Depots, "datum") => vec!["datum", "latitude"],
        // Where no column says it, it follows from the unit.
        (Form::Items, "measured") => vec!["measured", "unit"],
        (Form::Adoptions, "reason") => vec!["reason", "strength"],
        (Form::Targets, "" | "rule") => vec!["rule"],
        (_, "") => vec!["code"],
        _ => in_either_language(first),
    }
}

/// The column of a field; of a text in two languages that of the other language after it, where the file has only that.
fn in_either_language(field: &str) -> Vec<&str> {
    const TEXTS: [[&str; 2]; 4] =
        [["name_zh", "name_en"], ["definition_zh", "definition_en"], ["title_zh", "title_en"], ["text_zh", "text_en"]];
    TEXTS.iter().find(|text| text.first() == Some(&field)).map_or_else(|| vec![field], |text| text.to_vec())
}

/// The columns of a fault of a standard, by its field in a draft.
pub(super) fn columns_of_standard(pointer: &str) -> Vec<&str> {
    match pointer.trim_start_matches('/') {
        "valid_to" => vec!["in_force_to", "in_force_from"],
        "standard" => vec!["code"],
        field => in_either_language(field.split('/').next().unwrap_or_default()),
    }
}

/// The columns of a fault of a rule, by its field in a draft; fields without a column are in `document`.
pub(super) fn columns_of_rule(field: &str) -> Vec<&str> {
    let mut parts = field.split('/');
    let columns = match (parts.next().unwrap_or_default(), parts.next(), parts.next()) {
        ("selector", Some("capability"), Some("items")) => vec!["any_of"],
        ("selector", Some("capability"), Some("kinds")) => vec!["each_of"],
        ("selector", Some(part), _) => vec![part],
        ("quantity", Some("ratio"), Some("to")) => vec!["ratio_to"],
        ("quantity", Some("classes"), Some("name")) => vec!["class_table"],
        ("quantity", Some("classes"), Some(_)) => vec!["class_rows"],
        ("quantity", Some(_), Some(part)) => vec![part],
        (first, ..) => in_either_language(first),
    };
    columns.into_iter().chain(["document", "code"]).collect()
}
