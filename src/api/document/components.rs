//! The components of the document: each shape once, under one name.
//!
//! Generators make a type of every object, and name those without a name by their place; so every object gets a name
//! here, and every copy becomes a reference.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value, json};

use super::walk::{SCHEMAS, each_object, is_example, reached, reference, references, schemas};

/// Gives every shape its one name.
pub(super) fn tidy(document: &mut Value) {
    refer_to_copies(document);
    unite_variants(document);
    name_inner_objects(document);
    join_parts(document);
    rename(document);
    drop_unused(document);
}

/// True for a schema of which generators make a type.
fn is_shape(members: &Map<String, Value>) -> bool {
    ["properties", "allOf", "oneOf", "enum"].into_iter().any(|name| members.contains_key(name))
}

/// Replaces the copies of components, which utoipa writes for what is generic, by references.
fn refer_to_copies(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    let names: BTreeMap<String, String> =
        components.iter().map(|(name, schema)| (schema.to_string(), name.clone())).collect();
    for (_, schema) in components.iter_mut() {
        for (_, inner) in schema.as_object_mut().into_iter().flatten().filter(|(name, _)| !is_example(name)) {
            refer(inner, &names);
        }
    }
    if let Some(paths) = document.get_mut("paths") {
        refer(paths, &names);
    }
}

fn refer(value: &mut Value, names: &BTreeMap<String, String>) {
    if value.as_object().is_some_and(is_shape)
        && let Some(name) = names.get(&value.to_string())
    {
        *value = reference(&format!("{SCHEMAS}{name}"));
        return;
    }
    match value {
        Value::Object(members) => {
            members.iter_mut().filter(|(name, _)| !is_example(name)).for_each(|(_, member)| refer(member, names));
        }
        Value::Array(items) => items.iter_mut().for_each(|item| refer(item, names)),
        _ => {}
    }
}

/// Makes one object with exactly one of several members out of the variants of an enum, which serde writes as objects
/// with one member each. Typed languages cannot tell the branches of an untagged union apart.
fn unite_variants(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    for schema in components.values_mut() {
        each_object(schema, &mut |members| {
            let Some(properties) = members.get("oneOf").and_then(Value::as_array).and_then(|parts| united(parts))
            else {
                return;
            };
            members.remove("oneOf");
            members.insert("type".to_owned(), json!("object"));
            members.insert("properties".to_owned(), Value::Object(properties));
            members.insert("minProperties".to_owned(), json!(1));
            members.insert("maxProperties".to_owned(), json!(1));
        });
    }
}

/// The members of the variants of an enum; `None` for anything else.
fn united(variants: &[Value]) -> Option<Map<String, Value>> {
    let mut all = Map::new();
    for variant in variants {
        let properties = variant.get("properties")?.as_object().filter(|properties| properties.len() == 1)?;
        all.extend(properties.clone());
    }
    (all.len() == variants.len() && all.len() > 1).then_some(all)
}

/// Makes components of the objects, and of the words of enums, inside other components.
fn name_inner_objects(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    let mut waiting: Vec<String> = components.keys().cloned().collect();
    while let Some(name) = waiting.pop() {
        let Some(mut schema) = components.get_mut(&name).map(Value::take) else { continue };
        let mut found = Vec::new();
        for part in ["properties", "items", "allOf", "oneOf", "additionalProperties"] {
            if let Some(inner) = schema.get_mut(part) {
                // The part of an object that consists of parts is no object of its own.
                lift(inner, &name, part == "properties", part != "allOf", &mut found);
            }
        }
        components.insert(name, schema);
        for (name, schema) in found {
            waiting.push(name.clone());
            components.insert(name, schema);
        }
    }
}

/// Replaces each shape inside a value by a reference, and collects the shapes.
fn lift(value: &mut Value, owner: &str, is_map: bool, is_whole: bool, found: &mut Vec<(String, Value)>) {
    match value {
        Value::Object(members) if is_map => {
            for (name, member) in members {
                lift(member, &inner_name(owner, name), false, true, found);
            }
        }
        Value::Object(members) if is_whole && is_type(members) => {
            let name = owner.to_owned();
            let schema = std::mem::replace(value, reference(&format!("{SCHEMAS}{name}")));
            found.push((name, schema));
        }
        Value::Object(members) => {
            for (name, member) in members.iter_mut().filter(|(name, _)| !is_example(name)) {
                lift(member, owner, name == "properties", name != "allOf", found);
            }
        }
        Value::Array(items) => items.iter_mut().for_each(|item| lift(item, owner, false, is_whole, found)),
        _ => {}
    }
}

/// True for an object with members, and for the words of an enum.
fn is_type(members: &Map<String, Value>) -> bool {
    members.contains_key("properties") || members.get("enum").and_then(Value::as_array).is_some_and(|it| it.len() > 1)
}

/// The name of a shape inside a component: that of the entries of a page is the page's, without `Page`.
fn inner_name(owner: &str, member: &str) -> String {
    match owner.strip_prefix("Page_").filter(|_| member == "items") {
        Some(entry) => entry.to_owned(),
        None => format!("{owner}{}", capitalized(member)),
    }
}

/// A name in snake_case as one in PascalCase.
fn capitalized(name: &str) -> String {
    let capital = |word: &str| {
        let mut letters = word.chars();
        letters.next().map(|first| first.to_ascii_uppercase().to_string() + letters.as_str()).unwrap_or_default()
    };
    name.split('_').map(capital).collect()
}

/// Makes one object of each that consists of several parts, for generators that make a type of each part.
fn join_parts(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    let names: Vec<String> = components.keys().cloned().collect();
    for name in names {
        if let Some(whole) = components.get(&name).and_then(|schema| joined(schema, components)) {
            components.insert(name, whole);
        }
    }
}

/// The object that the parts of a schema make together; `None` where a part is no object.
fn joined(schema: &Value, components: &Map<String, Value>) -> Option<Value> {
    let (mut properties, mut required, mut example) = (Map::new(), BTreeSet::new(), Some(Map::new()));
    for part in schema.get("allOf")?.as_array()? {
        let part = match part.get("$ref").and_then(Value::as_str).and_then(|path| path.strip_prefix(SCHEMAS)) {
            Some(name) => components.get(name)?,
            None => part,
        };
        let part = joined(part, components).unwrap_or_else(|| part.clone());
        properties.extend(part.get("properties")?.as_object()?.clone());
        let names = part.get("required").and_then(Value::as_array).into_iter().flatten();
        required.extend(names.filter_map(Value::as_str).map(ToOwned::to_owned));
        example = example.zip(part.get("example").and_then(Value::as_object)).map(|(mut whole, more)| {
            whole.extend(more.clone());
            whole
        });
    }
    let mut whole = schema.as_object()?.clone();
    whole.remove("allOf");
    whole.insert("type".to_owned(), json!("object"));
    whole.insert("properties".to_owned(), Value::Object(properties));
    whole.insert("required".to_owned(), json!(required));
    if let Some(example) = example.filter(|_| !whole.contains_key("example")) {
        whole.insert("example".to_owned(), Value::Object(example));
    }
    Some(Value::Object(whole))
}

/// Gives components names that every generator takes: without underscores, and none that is `New` and the name of another,
/// which is what generated constructors are called.
fn rename(document: &mut Value) {
    let Some(components) = schemas(document) else { return };
    let plain: BTreeSet<String> = components.keys().map(|name| name.replace('_', "")).collect();
    let new_name = |name: &str| {
        let name = name.replace('_', "");
        match name.strip_prefix("New").filter(|other| plain.contains(*other)) {
            Some(other) => format!("{other}Input"),
            None => name,
        }
    };
    *components = std::mem::take(components).into_iter().map(|(name, schema)| (new_name(&name), schema)).collect();
    each_text(document, &mut |text| {
        if let Some(name) = text.strip_prefix(SCHEMAS) {
            *text = format!("{SCHEMAS}{}", new_name(name));
        }
    });
}

fn each_text(value: &mut Value, visit: &mut impl FnMut(&mut String)) {
    match value {
        Value::String(text) => visit(text),
        Value::Object(members) => members.values_mut().for_each(|member| each_text(member, visit)),
        Value::Array(items) => items.iter_mut().for_each(|item| each_text(item, visit)),
        _ => {}
    }
}

/// Drops the components to which no operation leads.
pub(super) fn drop_unused(document: &mut Value) {
    let mut waiting = Vec::new();
    for part in ["/paths", "/components/responses"] {
        document.pointer(part).into_iter().for_each(|part| references(part, &mut waiting));
    }
    let Some(components) = schemas(document) else { return };
    let used = reached(components, waiting);
    components.retain(|name, _| used.contains(name));
}
