//! The changes of a pull in the document: one schema for each kind, told apart by `type`.

use serde_json::{Map, Value, json};

use super::walk::{SCHEMAS, reference, schemas};

/// The kinds of changes, each with the schema of its `data`.
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

/// Ties the data of a change to its type. The handler writes it as text that is made already, so utoipa does not see it.
pub(super) fn tell_apart(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    let Some(change) = components.remove("Change") else { return };
    let (mut branches, mut mapping) = (Vec::new(), Map::new());
    for (kind, data) in KINDS {
        let name = format!("{}Change", data.trim_end_matches("Data").trim_end_matches("Document"));
        let mut one = change.clone();
        if let Some(properties) = one.get_mut("properties").and_then(Value::as_object_mut) {
            properties.insert(
                "type".to_owned(),
                json!({"type": "string", "enum": [kind], "description": "The kind of thing it is about."}),
            );
            let mut content = reference(&format!("{SCHEMAS}{data}"));
            if let Some(members) = content.as_object_mut() {
                members.insert("description".to_owned(), json!("The complete new content; left out if it is deleted."));
            }
            properties.insert("data".to_owned(), content);
        }
        mapping.insert(kind.to_owned(), json!(format!("{SCHEMAS}{name}")));
        branches.push(reference(&format!("{SCHEMAS}{name}")));
        components.insert(name, one);
    }
    let whole = json!({
        "description": "One change; `type` says of what.",
        "oneOf": branches,
        "discriminator": {"propertyName": "type", "mapping": mapping}
    });
    components.insert("Change".to_owned(), whole);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::app;
    use crate::api::document::Profile;
    use service::sync::key::ChangeType;

    #[test]
    fn every_kind_of_change_has_its_data() {
        let document = serde_json::to_value(app::document(Profile::Everything)).unwrap();
        let kinds: Vec<&str> = KINDS.iter().map(|(kind, _)| *kind).collect();
        let known = serde_json::to_value(<ChangeType as utoipa::PartialSchema>::schema()).unwrap();
        assert_eq!(json!(kinds), known["enum"]);
        for (kind, data) in KINDS {
            assert!(document["components"]["schemas"][data].is_object(), "{kind}: {data}");
        }
    }
}
