//! The OpenAPI document as tests read it: operations, targets of `$ref`, schemas and their examples.

use std::sync::OnceLock;

use actix_web::http::Method;
use muster::api::app;
use muster::api::document::Profile;
use serde_json::{Map, Value, json};

use crate::app::{Request, TestApp};

/// The document of the code.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::to_value(app::document(Profile::Everything)).unwrap())
}

/// The operation that follows RFC 6749 in requests and refusals; the tests of clients check it.
pub const RFC_6749: &str = "issue_token";

/// The operations that put what all share, or what has a code, under a name that the client chooses.
pub const PUT_BY_CODE: [&str; 6] =
    ["put_depot", "put_fact", "put_item", "put_item_class", "put_organization", "put_region"];

/// A lower bound of the number of operations, so that a test over all of them is not empty.
const LEAST_OPERATIONS: usize = 95;

/// The same for schemas, including parts of schemas.
const LEAST_SCHEMAS: usize = 500;

/// One operation of the document.
#[derive(Clone, Debug)]
pub struct Operation {
    /// Its `operationId`.
    pub id: &'static str,
    /// Its method.
    pub method: Method,
    /// Its path, with names in braces.
    pub path: &'static str,
    /// Everything that the document says about it.
    pub says: &'static Value,
}

/// Every operation.
pub fn operations() -> Vec<Operation> {
    let mut operations = Vec::new();
    for (path, item) in document()["paths"].as_object().unwrap() {
        for (method, says) in item.as_object().unwrap() {
            let method = Method::from_bytes(method.to_uppercase().as_bytes()).unwrap();
            let id = says["operationId"].as_str().unwrap_or_else(|| panic!("{method} {path} has no operationId"));
            operations.push(Operation { id, method, path, says });
        }
    }
    // Tests iterate over these, and an empty list would pass all of them.
    assert!(operations.len() >= LEAST_OPERATIONS, "only {} operations were found", operations.len());
    operations
}

/// A schema with its place in the document.
pub type Placed = (String, &'static Value);

impl Operation {
    /// True if no sign-in is required: its security has an empty alternative, or is empty.
    pub fn is_public(&self) -> bool {
        let security = self.says["security"].as_array().unwrap_or_else(|| panic!("{} has no security", self.id));
        security.is_empty() || security.iter().any(|one| one.as_object().unwrap().is_empty())
    }

    /// Its parameters in one location: `path`, `query` or `header`.
    pub fn parameters(&self, place: &'static str) -> impl Iterator<Item = &'static Value> {
        all(&self.says["parameters"]).map(resolve).filter(move |parameter| parameter["in"] == place)
    }

    /// The schema of its JSON body, if it reads one.
    pub fn body(&self) -> Option<&'static Value> {
        self.says.pointer("/requestBody/content/application~1json/schema")
    }

    /// Its responses by status.
    pub fn responses(&self) -> impl Iterator<Item = (u16, &'static Value)> {
        let responses = self.says["responses"].as_object().unwrap();
        responses.iter().map(|(status, response)| (status.parse().unwrap(), resolve(response)))
    }

    /// Its path with values from the document's examples, or with one value for all names, and its required query
    /// parameters.
    pub fn uri(&self, given: Option<&str>) -> String {
        self.uri_with(given, None)
    }

    /// The same with one more parameter in the query.
    pub fn uri_with(&self, given: Option<&str>, more: Option<(&str, &str)>) -> String {
        let path = self.parameters("path").fold(self.path.to_owned(), |uri, parameter| {
            let example = given.map_or_else(|| sample(parameter), ToOwned::to_owned);
            uri.replace(&format!("{{{}}}", parameter["name"].as_str().unwrap()), &example)
        });
        let needed = self.parameters("query").filter(|parameter| parameter["required"] == true);
        let query: Vec<String> = needed
            .map(|parameter| (parameter["name"].as_str().unwrap(), sample(parameter)))
            .chain(more.map(|(name, value)| (name, value.to_owned())))
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if query.is_empty() { path } else { format!("{path}?{}", query.join("&")) }
    }

    /// A request that is valid according to the document, without a sign-in.
    pub fn request<'a>(&self, app: &'a TestApp) -> Request<'a> {
        self.request_to(app, &self.uri(None))
    }

    /// The same to another address.
    pub fn request_to<'a>(&self, app: &'a TestApp, uri: &str) -> Request<'a> {
        let request = app.request(self.method.clone(), uri);
        match self.body() {
            Some(schema) => request.json(&example_of(schema).unwrap()),
            None => request,
        }
    }
}

/// A value for a parameter: its example, or one by its format.
fn sample(parameter: &Value) -> String {
    let schema = resolve_in(&parameter["schema"]);
    let example =
        [&parameter["example"], &schema["example"], &schema["enum"][0]].into_iter().find(|example| !example.is_null());
    match (example, schema["format"].as_str()) {
        (Some(Value::String(text)), _) => text.clone(),
        (Some(other), _) => other.to_string(),
        (None, Some("uuid")) => "0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11".to_owned(),
        (None, _) => panic!("no example of the parameter {}", parameter["name"]),
    }
}

/// The target of a `$ref`; any other value itself.
pub fn resolve(value: &'static Value) -> &'static Value {
    resolve_in(value)
}

fn resolve_in(value: &Value) -> &Value {
    match value["$ref"].as_str() {
        None => value,
        Some(reference) => {
            let pointer = reference.strip_prefix('#').unwrap_or_else(|| panic!("{reference} leaves the document"));
            let found = document().pointer(pointer).unwrap_or_else(|| panic!("{reference} names nothing"));
            resolve_in(found)
        }
    }
}

/// Every schema of the document that is not a `$ref`, including parts of schemas, each with its place.
pub fn schemas() -> Vec<Placed> {
    let mut found = Vec::new();
    for (name, schema) in document()["components"]["schemas"].as_object().unwrap() {
        collect(name.clone(), schema, &mut found);
    }
    for operation in operations() {
        for parameter in all(&operation.says["parameters"]) {
            collect(format!("{} {}", operation.id, parameter["name"]), &parameter["schema"], &mut found);
        }
        let answers = operation.responses().map(|(_, response)| &response["content"]);
        for contents in [&operation.says["requestBody"]["content"]].into_iter().chain(answers) {
            // A table in CSV is not a value.
            for (_, content) in contents.as_object().into_iter().flatten().filter(|(kind, _)| kind.ends_with("json")) {
                collect(operation.id.to_owned(), &content["schema"], &mut found);
            }
        }
    }
    assert!(found.len() >= LEAST_SCHEMAS, "only {} schemas were found", found.len());
    found
}

fn collect(place: String, schema: &'static Value, found: &mut Vec<Placed>) {
    for (name, property) in schema["properties"].as_object().into_iter().flatten() {
        collect(format!("{place}.{name}"), property, found);
    }
    for keyword in ["items", "additionalProperties", "not"] {
        if schema[keyword].is_object() {
            collect(format!("{place}[{keyword}]"), &schema[keyword], found);
        }
    }
    for keyword in ["oneOf", "anyOf", "allOf", "prefixItems"] {
        for (number, part) in all(&schema[keyword]).enumerate() {
            collect(format!("{place}[{keyword} {number}]"), part, found);
        }
    }
    if schema.is_object() && schema["$ref"].is_null() {
        found.push((place, schema));
    }
}

/// True if a value of a type, such as `string`, is allowed.
pub fn allows(schema: &Value, kind: &str) -> bool {
    schema["type"] == kind || all_of(&schema["type"]).any(|one| one == kind)
}

/// An example of a schema: its own, or one composed from those of its parts.
pub fn example_of(schema: &'static Value) -> Option<Value> {
    let schema = resolve(schema);
    if let Some(example) = schema.get("example").or_else(|| schema.pointer("/examples/0")) {
        return Some(example.clone());
    }
    if let Some(parts) = schema["allOf"].as_array() {
        let parts = parts.iter().map(|part| example_of(part)?.as_object().cloned()).collect::<Option<Vec<_>>>()?;
        return Some(Value::Object(parts.into_iter().flatten().collect()));
    }
    if let Some(properties) = schema["properties"].as_object() {
        return properties.iter().map(|(name, part)| Some((name.clone(), example_of(part)?))).collect();
    }
    if let Some(first) = schema.pointer("/enum/0") {
        return Some(first.clone());
    }
    match schema["format"].as_str() {
        Some("uuid") => return Some(json!("0198f5a2-7c11-7c3e-9f0a-1f1e5a0f6b11")),
        Some("date") => return Some(json!("2026-11-23")),
        Some("date-time") => return Some(json!("2026-11-23T02:10:00.000000Z")),
        _ => {}
    }
    let alternatives = all(&schema["oneOf"]).chain(all(&schema["anyOf"]));
    match () {
        () if allows(schema, "array") => Some(json!([example_of(&schema["items"])?])),
        () if allows(schema, "boolean") => Some(json!(false)),
        () if allows(schema, "null") => Some(Value::Null),
        () => alternatives.filter(|one| one["type"] != "null").find_map(example_of),
    }
}

/// A self-contained JSON Schema for a schema of the document.
pub fn standing_alone(schema: &Value) -> Value {
    let mut alone = Map::new();
    alone.insert("$schema".to_owned(), json!("https://json-schema.org/draft/2020-12/schema"));
    alone.insert("components".to_owned(), document()["components"].clone());
    alone.insert("allOf".to_owned(), json!([schema]));
    Value::Object(alone)
}

fn all(list: &'static Value) -> impl Iterator<Item = &'static Value> {
    list.as_array().into_iter().flatten()
}

fn all_of(list: &Value) -> impl Iterator<Item = &Value> {
    list.as_array().into_iter().flatten()
}
