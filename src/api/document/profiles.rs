//! Copies of the document for programs that cannot read all of it: what third-party programs may call, and OpenAPI 3.0.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::components::drop_unused;
use super::walk::{each_object, operations, remove_null, take_only_branch};
use crate::api::negotiation::JSON;
use crate::api::scopes;

/// Keeps what third-party programs may call: the operations that a scope opens, and the public ones. Each answers in one
/// media type, so that generators make one function of it.
pub(super) fn for_programs(document: &mut Value) {
    keep_operations(document);
    for (_, _, operation) in operations(document) {
        if let Some(Value::Array(ways)) = operation.get_mut("security") {
            ways.retain(|way| way.get("bearer").is_none());
        }
        let answers = operation.get_mut("responses").and_then(Value::as_object_mut).into_iter().flatten();
        for (_, answer) in answers.filter(|(status, _)| status.starts_with('2')) {
            if let Some(Value::Object(content)) = answer.get_mut("content") {
                let has_json = content.contains_key(JSON);
                content.retain(|media_type, _| !has_json || media_type == JSON);
            }
        }
        // The form of a table is not asked for.
        if let Some(Value::Array(parameters)) = operation.get_mut("parameters") {
            parameters.retain(|parameter| parameter.get("name").is_none_or(|name| name != "format"));
        }
    }
    drop_unused(document);
    drop_unused_parts(document);
    if let Some(schemes) = document.pointer_mut("/components/securitySchemes").and_then(Value::as_object_mut) {
        schemes.remove("bearer");
    }
    let tags: BTreeSet<String> = operations(document)
        .flat_map(|(_, _, operation)| operation.get("tags").and_then(Value::as_array).cloned().unwrap_or_default())
        .filter_map(|tag| tag.as_str().map(ToOwned::to_owned))
        .collect();
    if let Some(Value::Array(known)) = document.get_mut("tags") {
        known.retain(|tag| tag.get("name").and_then(Value::as_str).is_some_and(|name| tags.contains(name)));
    }
}

/// Drops the answers, parameters and headers to which nothing refers any more.
fn drop_unused_parts(document: &mut Value) {
    for kind in ["responses", "parameters", "headers"] {
        let text = document.to_string();
        if let Some(parts) = document.pointer_mut(&format!("/components/{kind}")).and_then(Value::as_object_mut) {
            parts.retain(|name, _| text.contains(&format!("\"#/components/{kind}/{name}\"")));
        }
    }
}

/// Drops the operations that no program may call.
fn keep_operations(document: &mut Value) {
    let Some(paths) = document.get_mut("paths").and_then(Value::as_object_mut) else { return };
    for item in paths.values_mut().filter_map(Value::as_object_mut) {
        item.retain(|_, operation| is_for_programs(operation));
    }
    paths.retain(|_, item| item.as_object().is_some_and(|item| !item.is_empty()));
}

/// Operations of signing in that programs need.
const ALSO: [&str; 2] = ["issue_token", "list_keys"];

fn is_for_programs(operation: &Value) -> bool {
    let id = operation.get("operationId").and_then(Value::as_str).unwrap_or_default();
    let is_of_people = operation.get("tags").is_some_and(|tags| *tags == json!(["sign-in"]));
    let ways = operation.get("security").and_then(Value::as_array).into_iter().flatten();
    let mut ways = ways.filter_map(Value::as_object);
    // People sign in at other operations, which are public as well.
    ALSO.contains(&id) || !is_of_people && ways.any(|way| way.is_empty() || way.contains_key(scopes::SCHEME))
}

/// Rewrites the document as OpenAPI 3.0: what that version cannot say, it says otherwise or leaves out.
pub(super) fn as_3_0(document: &mut Value) {
    if let Some(version) = document.get_mut("openapi") {
        *version = json!("3.0.3");
    }
    each_object(document, &mut |members| {
        tell_nullable(members);
        wrap_reference(members);
        if let Some(only) = members.remove("const") {
            members.insert("enum".to_owned(), json!([only]));
        }
        if let Some(Value::Array(examples)) = members.remove("examples")
            && let Some(first) = examples.into_iter().next()
        {
            members.entry("example").or_insert(first);
        }
        members.remove("propertyNames");
    });
}

/// A schema that allows `null` besides something else is `nullable`.
fn tell_nullable(members: &mut Map<String, Value>) {
    if !remove_null(members) {
        return;
    }
    members.insert("nullable".to_owned(), json!(true));
    let Some(mut only) = take_only_branch(members) else { return };
    if let Some(description) = only.as_object_mut().and_then(|only| only.remove("description")) {
        members.entry("description").or_insert(description);
    }
    members.insert("allOf".to_owned(), json!([only]));
}

/// Beside a reference nothing else is read, so what stands there goes around it.
fn wrap_reference(members: &mut Map<String, Value>) {
    if members.len() > 1
        && members.get("$ref").is_some_and(Value::is_string)
        && let Some(reference) = members.remove("$ref")
    {
        members.insert("allOf".to_owned(), json!([{"$ref": reference}]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::api::app;
    use crate::api::document::Profile;
    use crate::api::document::walk::is_example;

    /// The number of schemas with a word that OpenAPI 3.0 does not know.
    fn unknown_to_3_0(value: &Value) -> usize {
        match value {
            Value::Object(members) => {
                let here = members.get("type").is_some_and(Value::is_array)
                    || members.get("const").is_some_and(|it| !it.is_object());
                let inner = members.iter().filter(|(name, _)| !is_example(name));
                usize::from(here) + inner.map(|(_, member)| unknown_to_3_0(member)).sum::<usize>()
            }
            Value::Array(items) => items.iter().map(unknown_to_3_0).sum(),
            _ => 0,
        }
    }

    #[test]
    fn a_copy_as_3_0_has_nothing_that_3_0_does_not_know() {
        let document = serde_json::to_value(app::document(Profile::Everything)).unwrap();
        assert!(unknown_to_3_0(&document) > 100);
        let copy = serde_json::to_value(app::document(Profile::EverythingAs30)).unwrap();
        assert_eq!((&copy["openapi"], unknown_to_3_0(&copy)), (&json!("3.0.3"), 0));
        assert_eq!(copy["components"]["schemas"]["Version"], Value::Null);
    }

    #[test]
    fn programs_see_what_they_may_call() {
        let mut copy = serde_json::to_value(app::document(Profile::Programs)).unwrap();
        let ids: BTreeSet<String> = operations(&mut copy)
            .filter_map(|(_, _, operation)| operation.get("operationId")?.as_str().map(ToOwned::to_owned))
            .collect();
        let open: Vec<&str> =
            scopes::OPERATIONS.iter().filter(|(_, scopes)| !scopes.is_empty()).map(|(id, _)| *id).collect();
        assert!(open.iter().all(|id| ids.contains(*id)));
        let closed = scopes::OPERATIONS.iter().filter(|(_, scopes)| scopes.is_empty()).map(|(id, _)| *id);
        assert_eq!(closed.filter(|id| ids.contains(*id)).count(), 0);
        assert!(ids.contains("issue_token") && ids.contains("list_keys") && !ids.contains("sign_in"), "{ids:?}");
        assert!(!ids.contains("set_up"), "{ids:?}");
    }
}
