//! What generators of clients need of the document; each of these was a client that could not be made, or lost something.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

use crate::cases::{NoDatabase, cases};
use crate::document::{allows, document, operations};

cases![
    nothing_is_a_union,
    every_shape_has_one_name,
    every_component_is_used,
    no_constructor_has_the_name_of_a_component,
    every_number_says_how_it_is_kept,
    a_parameter_is_never_null,
    what_is_answered_is_there_or_is_never_null,
    a_parameter_names_the_thing,
    paths_are_in_kebab_case,
    every_operation_names_what_any_may_answer,
];

fn components() -> &'static Map<String, Value> {
    document()["components"]["schemas"].as_object().unwrap()
}

/// Every object of the document, examples left out, with its place.
fn objects() -> Vec<(String, &'static Map<String, Value>)> {
    fn collect(place: &str, value: &'static Value, found: &mut Vec<(String, &'static Map<String, Value>)>) {
        match value {
            Value::Object(members) => {
                found.push((place.to_owned(), members));
                let inner = members.iter().filter(|(name, _)| !["example", "examples"].contains(&name.as_str()));
                inner.for_each(|(name, member)| collect(&format!("{place}/{name}"), member, found));
            }
            Value::Array(items) => {
                items.iter().enumerate().for_each(|(at, item)| collect(&format!("{place}/{at}"), item, found));
            }
            _ => {}
        }
    }
    let mut found = Vec::new();
    collect("", document(), &mut found);
    assert!(found.len() > 5_000, "{} objects", found.len());
    found
}

fn is_null(schema: &Value) -> bool {
    schema["type"] == "null"
}

async fn nothing_is_a_union(_: NoDatabase) {
    let is_union = |members: &Map<String, Value>| {
        ["oneOf", "anyOf"].into_iter().any(|keyword| {
            let branches = members.get(keyword).and_then(Value::as_array);
            branches.is_some_and(|branches| branches.iter().filter(|branch| !is_null(branch)).count() > 1)
        })
    };
    let unions: Vec<_> =
        objects().into_iter().filter(|(_, members)| is_union(members)).map(|(place, _)| place).collect();
    assert!(unions.is_empty(), "{unions:?}");
}

async fn every_shape_has_one_name(_: NoDatabase) {
    let mut inner = Vec::new();
    for (place, members) in objects() {
        let parts: Vec<&str> = place.split('/').skip(1).collect();
        let is_component = matches!(parts[..], ["components", _, _]);
        let has_members = members.get("properties").is_some_and(Value::is_object) && members.get("type").is_some();
        let is_joined = members.get("allOf").is_some_and(Value::is_array);
        let is_schema = parts.contains(&"schema") || parts.contains(&"schemas");
        if has_members && !is_component && is_schema || is_joined {
            inner.push(place);
        }
    }
    assert!(inner.is_empty(), "types without a name of their own: {inner:?}");
    let mut same = BTreeMap::<String, Vec<&String>>::new();
    // What has only a reason is not the same for that.
    let is_large = |schema: &Value| schema["properties"].as_object().is_some_and(|members| members.len() > 2);
    for (name, schema) in components().iter().filter(|(_, schema)| is_large(schema)) {
        let mut schema = schema.clone();
        let members = schema.as_object_mut().unwrap();
        ["description", "example"].into_iter().for_each(|member| drop(members.remove(member)));
        same.entry(schema.to_string()).or_default().push(name);
    }
    let copies: Vec<_> = same.values().filter(|names| names.len() > 1).collect();
    assert!(copies.is_empty(), "{copies:?}");
}

async fn every_component_is_used(_: NoDatabase) {
    let used: BTreeSet<&str> = objects().iter().filter_map(|(_, members)| members.get("$ref")?.as_str()).collect();
    for (kind, of_kind) in document()["components"].as_object().unwrap() {
        for name in of_kind.as_object().unwrap().keys().filter(|_| kind != "securitySchemes") {
            let target = format!("#/components/{kind}/{name}");
            assert!(used.contains(&*target), "nothing uses {target}");
        }
    }
}

async fn no_constructor_has_the_name_of_a_component(_: NoDatabase) {
    for name in components().keys() {
        assert!(
            !components().contains_key(&format!("New{name}")),
            "New{name} is also what a generator calls a function"
        );
        assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric()), "{name}");
    }
    let mut folded = BTreeSet::new();
    assert!(components().keys().all(|name| folded.insert(name.to_lowercase())), "two names differ only in capitals");
}

async fn every_number_says_how_it_is_kept(_: NoDatabase) {
    for (place, members) in objects() {
        let schema = Value::Object(members.clone());
        let format = members.get("format").and_then(Value::as_str);
        if allows(&schema, "number") {
            assert_eq!(format, Some("double"), "{place}");
        }
        if allows(&schema, "integer") {
            assert!(matches!(format, Some("int32" | "int64")), "{place}");
        }
    }
}

async fn a_parameter_is_never_null(_: NoDatabase) {
    for operation in operations() {
        for place in ["path", "query", "header"] {
            for parameter in operation.parameters(place) {
                let schema = &parameter["schema"];
                let is_nullable = allows(schema, "null") || schema["oneOf"].is_array();
                assert!(!is_nullable, "{} {}", operation.id, parameter["name"]);
            }
        }
    }
}

async fn what_is_answered_is_there_or_is_never_null(_: NoDatabase) {
    let reached = |parts: &dyn Fn(&'static Value) -> Vec<&'static Value>| {
        let mut waiting: Vec<&'static Value> =
            operations().iter().flat_map(|operation| parts(operation.says)).collect();
        let mut found = BTreeSet::new();
        while let Some(value) = waiting.pop() {
            match value {
                Value::Object(members) => {
                    if let Some(name) = members.get("$ref").and_then(Value::as_str) {
                        let pointer = name.trim_start_matches('#');
                        if found.insert(pointer) {
                            waiting.extend(document().pointer(pointer));
                        }
                    }
                    let inner = members.iter().filter(|(name, _)| !["example", "examples"].contains(&name.as_str()));
                    waiting.extend(inner.map(|(_, member)| member));
                }
                Value::Array(items) => waiting.extend(items),
                _ => {}
            }
        }
        found
    };
    let sent = reached(&|says| vec![&says["requestBody"], &says["parameters"]]);
    let answered = reached(&|says| vec![&says["responses"]]);
    let mut checked = 0;
    for (name, schema) in components() {
        let pointer = format!("/components/schemas/{name}");
        if sent.contains(&*pointer) || !answered.contains(&*pointer) {
            continue;
        }
        let required: BTreeSet<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        for (member, part) in schema["properties"].as_object().into_iter().flatten() {
            let branches = part["oneOf"].as_array().into_iter().flatten();
            let is_nullable = allows(part, "null") || branches.into_iter().any(is_null);
            assert!(!is_nullable || required.contains(member.as_str()), "{name}.{member} is null or left out");
            checked += 1;
        }
    }
    assert!(checked > 500, "{checked} members");
}

async fn a_parameter_names_the_thing(_: NoDatabase) {
    let mut names = BTreeSet::new();
    for operation in operations() {
        for place in ["path", "query"] {
            for parameter in operation.parameters(place) {
                let name = parameter["name"].as_str().unwrap();
                assert!(!["code", "key", "class"].contains(&name), "{} {name}: name the thing", operation.id);
                names.insert(name);
            }
        }
    }
    assert!(names.len() > 20, "{names:?}");
}

async fn paths_are_in_kebab_case(_: NoDatabase) {
    for operation in operations() {
        for part in operation.path.split('/').filter(|part| !part.starts_with('{')) {
            let is_plain =
                part.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || b"-.".contains(&byte));
            assert!(is_plain, "{}", operation.path);
        }
    }
}

async fn every_operation_names_what_any_may_answer(_: NoDatabase) {
    for operation in operations() {
        let statuses: BTreeSet<u16> = operation.responses().map(|(status, _)| status).collect();
        assert!(statuses.is_superset(&[400, 406, 429, 500].into()), "{}: {statuses:?}", operation.id);
        let has_tag =
            operation.responses().any(|(status, answer)| status == 200 && answer["headers"]["ETag"].is_object());
        let is_read = operation.method == "GET";
        assert_eq!(statuses.contains(&304), has_tag && is_read, "{}", operation.id);
        let names: Vec<&str> = operation.parameters("header").filter_map(|one| one["name"].as_str()).collect();
        assert!(names.contains(&"Accept-Language"), "{}", operation.id);
    }
}
