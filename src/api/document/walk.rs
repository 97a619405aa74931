//! Walks over the JSON of the document.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// The beginning of a reference to a schema.
pub(super) const SCHEMAS: &str = "#/components/schemas/";

/// A reference to a component.
pub(super) fn reference(to: &str) -> Value {
    Value::Object(Map::from_iter([("$ref".to_owned(), Value::String(to.to_owned()))]))
}

/// Calls a function for every object inside a value, the outer before the inner. Examples are data, not a part of the
/// document.
pub(super) fn each_object(value: &mut Value, visit: &mut impl FnMut(&mut Map<String, Value>)) {
    match value {
        Value::Object(members) => {
            visit(members);
            let inner = members.iter_mut().filter(|(name, _)| !is_example(name));
            inner.for_each(|(_, member)| each_object(member, visit));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| each_object(item, visit)),
        _ => {}
    }
}

/// True for the members that hold examples.
pub(super) fn is_example(name: &str) -> bool {
    matches!(name, "example" | "examples" | "default" | "enum")
}

/// The names of the schemas to which a value refers, itself or inside.
pub(super) fn references(value: &Value, found: &mut Vec<String>) {
    match value {
        Value::Object(members) => {
            for (name, member) in members.iter().filter(|(name, _)| !is_example(name)) {
                match member.as_str().filter(|_| name == "$ref").and_then(|path| path.strip_prefix(SCHEMAS)) {
                    Some(target) => found.push(target.to_owned()),
                    None => references(member, found),
                }
            }
        }
        Value::Array(items) => items.iter().for_each(|item| references(item, found)),
        _ => {}
    }
}

/// The names of the schemas that can be reached from some.
pub(super) fn reached(components: &Map<String, Value>, mut waiting: Vec<String>) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if let Some(schema) = components.get(&name).filter(|_| !found.contains(&name)) {
            references(schema, &mut waiting);
            found.insert(name);
        }
    }
    found
}

/// The operations of the document, each with its path and method.
pub(super) fn operations(document: &mut Value) -> impl Iterator<Item = (&str, &str, &mut Map<String, Value>)> {
    let paths = document.get_mut("paths").and_then(Value::as_object_mut).into_iter().flatten();
    paths.flat_map(|(path, item)| {
        let methods = item.as_object_mut().into_iter().flatten();
        methods.filter_map(move |(method, operation)| Some((&**path, &**method, operation.as_object_mut()?)))
    })
}

/// The schemas of the document, by their names.
pub(super) fn schemas(document: &mut Value) -> Option<&mut Map<String, Value>> {
    document.pointer_mut("/components/schemas")?.as_object_mut()
}

/// True for a schema that allows a type.
pub(super) fn allows(schema: &Map<String, Value>, kind: &str) -> bool {
    match schema.get("type") {
        Some(Value::String(only)) => only == kind,
        Some(Value::Array(kinds)) => kinds.iter().any(|one| one == kind),
        _ => false,
    }
}

/// True for a schema that allows `null`.
pub(super) fn is_nullable(schema: &Value) -> bool {
    let Some(members) = schema.as_object() else { return false };
    let branches = members.get("oneOf").and_then(Value::as_array).into_iter().flatten();
    allows(members, "null") || branches.into_iter().any(is_nullable)
}

/// Removes `null` from what a schema allows, and leaves the rest; true if it was there.
pub(super) fn remove_null(schema: &mut Map<String, Value>) -> bool {
    let mut is_removed = false;
    if let Some(Value::Array(kinds)) = schema.get_mut("type") {
        let before = kinds.len();
        kinds.retain(|kind| kind != "null");
        is_removed = kinds.len() < before;
        if let [only] = &**kinds {
            let only = only.clone();
            schema.insert("type".to_owned(), only);
        }
    }
    if let Some(Value::Array(branches)) = schema.get_mut("oneOf") {
        let before = branches.len();
        branches.retain(|branch| branch.get("type").is_none_or(|kind| kind != "null"));
        is_removed |= branches.len() < before;
    }
    is_removed
}

/// The only branch of a union, taken out of it; `None` where there are several.
pub(super) fn take_only_branch(schema: &mut Map<String, Value>) -> Option<Value> {
    schema.get("oneOf").and_then(Value::as_array).filter(|branches| branches.len() == 1)?;
    schema.remove("oneOf")?.as_array_mut()?.pop()
}
