//! The changes of a pull in the document: one object for the data of all kinds, with optional members.
//!
//! A union of the kinds would be read by few languages, as the tag that tells them apart stands beside the data. The kinds
//! have no member of one name and two forms but those in [`of_several_forms`].

use serde_json::{Map, Value, json};

use super::walk::{SCHEMAS, reference, schemas};

/// The kinds of changes, each with the schema of its data.
const KINDS: [(&str, &str); 8] = [
    ("organization", "OrganizationData"),
    ("item_class", "ItemClassData"),
    ("item", "ItemData"),
    ("depot", "DepotData"),
    ("requirements", "RequirementsDocument"),
    ("assessments", "AssessmentsDocument"),
    ("stock", "StockDocument"),
    ("quarantine", "QuarantineData"),
];

/// The members that are not the same in all kinds that have them, each with a form that all of them have.
fn of_several_forms(name: &str) -> Option<Value> {
    match name {
        "id" => Some(json!({"type": "string", "format": "uuid"})),
        "kind" => Some(json!({"type": "string", "maxLength": 64})),
        _ => None,
    }
}

/// The name of the object.
const DATA: &str = "ChangeData";

/// Tells what the data of a change may be. The handler writes it as text that is made already, so utoipa does not see it.
pub(super) fn tell_data(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    let mut members = Map::new();
    for (kind, schema) in KINDS {
        let properties = components.get(schema).and_then(|schema| schema.get("properties")).and_then(Value::as_object);
        for (name, member) in properties.into_iter().flatten() {
            let told = member.get("description").and_then(Value::as_str).unwrap_or_default().to_owned();
            let whole = members.entry(name.clone()).or_insert_with(|| {
                let mut whole = of_several_forms(name).unwrap_or_else(|| member.clone());
                if let Some(whole) = whole.as_object_mut() {
                    whole.remove("description");
                }
                whole
            });
            widen(whole, member);
            add_description(whole, kind, &told);
        }
    }
    let data = json!({
        "type": "object",
        "description": "The complete new content of what changed. Which members there are depends on the `type` of the change: each \
            says to which it belongs.",
        "properties": members
    });
    components.insert(DATA.to_owned(), data);
    if let Some(change) = components.get_mut("Change").and_then(|change| change.pointer_mut("/properties/data")) {
        *change = reference(&format!("{SCHEMAS}{DATA}"));
        if let Some(change) = change.as_object_mut() {
            change.insert("description".to_owned(), json!("The complete new content; left out if it is deleted."));
        }
    }
}

/// The limits of a member that is in several kinds are the widest of theirs.
fn widen(member: &mut Value, other: &Value) {
    let Some(member) = member.as_object_mut() else { return };
    for limit in LIMITS {
        let limits = member.get(limit).and_then(Value::as_u64).zip(other.get(limit).and_then(Value::as_u64));
        if let Some((mine, theirs)) = limits {
            member.insert(limit.to_owned(), json!(mine.max(theirs)));
        }
    }
}

/// The limits that may differ between kinds.
const LIMITS: [&str; 2] = ["maxItems", "maxLength"];

/// Adds what a member is in the data of one kind.
fn add_description(member: &mut Value, kind: &str, told: &str) {
    let Some(member) = member.as_object_mut() else { return };
    let before =
        member.get("description").and_then(Value::as_str).map(|text| format!("{text}\n\n")).unwrap_or_default();
    member.insert("description".to_owned(), json!(format!("{before}`{kind}`: {told}").trim_end_matches(": ")));
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::api::app;
    use service::sync::key::ChangeType;

    #[test]
    fn every_kind_of_change_has_its_data() {
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        let known = serde_json::to_value(<ChangeType as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(json!(kinds), known["enum"]);
    }

    #[test]
    fn a_member_of_several_kinds_has_one_form() {
        let document = serde_json::to_value(app::described()).unwrap();
        let mut forms = BTreeMap::new();
        for (kind, schema) in KINDS {
            for (name, member) in document["components"]["schemas"][schema]["properties"].as_object().unwrap() {
                let mut form = member.clone();
                ["description", "example"]
                    .into_iter()
                    .chain(LIMITS)
                    .for_each(|word| drop(form.as_object_mut().unwrap().remove(word)));
                let first = forms.entry(name.clone()).or_insert_with(|| form.clone());
                assert!(*first == form || of_several_forms(name).is_some(), "{kind}: {name}: {form} after {first}");
            }
        }
        assert!(forms.len() > 20, "{forms:?}");
    }
}
