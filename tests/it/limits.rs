//! The limits of the document are those of the service: a value just within a limit is accepted, and one just beyond is
//! refused.

use serde_json::{Value, json};

use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::document::{Operation, allows, example_of, operations, resolve};
use crate::rights::caller_of;

cases![
    bodies_are_held_to_the_limits_of_the_document,
    query_parameters_are_held_to_the_limits_of_the_document,
    headers_are_held_to_the_limits_of_the_document,
];

/// A limit at a place: a value just within it, and one just beyond.
struct Limit {
    pointer: String,
    /// `None` where a value within the limit may be refused for what it says.
    within: Option<Value>,
    beyond: Value,
}

/// The limits of a schema's own value.
fn limits_of(schema: &Value, pointer: &str) -> Vec<Limit> {
    let number = |name: &str| schema[name].as_i64();
    let text = |length: i64| json!("鞋".repeat(usize::try_from(length).unwrap()));
    // A text that is an id or a day, or has a pattern of its own, is not any text of that length.
    let pattern = schema["pattern"].as_str();
    let is_text = pattern.is_some_and(|pattern| pattern.starts_with(r"^[^\x00-"));
    let is_free =
        schema["format"].is_null() && (is_text || pattern.is_none_or(|pattern| pattern.starts_with(r"^[\x20-")));
    let (mut found, mut pairs) = (Vec::new(), Vec::new());
    if allows(schema, "string") {
        pairs.extend(number("maxLength").map(|most| (text(most), text(most + 1))));
        // What every text of the document keeps to: no control characters but the tab and the ends of lines.
        if is_text {
            let least = usize::try_from(number("minLength").unwrap_or(1).max(1)).unwrap();
            found.push(Limit { pointer: pointer.to_owned(), within: None, beyond: json!("\u{1}".repeat(least)) });
        }
        pairs.extend(number("minLength").filter(|least| *least > 0).map(|least| (text(least), text(least - 1))));
    }
    // What the readers of libraries take, and others who read the same format do not.
    let loose = match schema["format"].as_str() {
        // No clock of a phone holds up what it counted.
        _ if pointer == "/sent_at" => None,
        Some("date") => Some("2027-1-1"),
        Some("date-time") => Some("2027-01-01 00:00:00Z"),
        Some("uuid") => Some("0198f5a27c117c3e9f0a1f1e5a0f6b1c"),
        _ => None,
    };
    found.extend(loose.map(|loose| Limit { pointer: pointer.to_owned(), within: None, beyond: json!(loose) }));
    if allows(schema, "integer") {
        pairs.extend(number("maximum").map(|most| (json!(most), json!(most + 1))));
        pairs.extend(number("minimum").map(|least| (json!(least), json!(least - 1))));
    }
    let limit = |(within, beyond): (Value, Value)| {
        let is_any = !within.is_string() || is_free;
        Limit { pointer: pointer.to_owned(), within: is_any.then_some(within), beyond }
    };
    found.extend(pairs.into_iter().map(limit));
    found
}

/// What the reader of forms or of numbers takes, and the document does not declare: no value, and numbers and booleans as
/// no other program writes them. `plus` is the text of `+5`.
fn loose(schema: &Value, pointer: &str, plus: &str) -> Vec<Limit> {
    let is_any_text =
        schema["type"] == "string" && ["minLength", "format", "enum"].iter().all(|one| schema[one].is_null());
    let mut texts = vec![""; usize::from(!is_any_text)];
    if allows(schema, "integer") {
        texts.extend([plus, "05"]);
    }
    if allows(schema, "boolean") {
        texts.push("on");
    }
    let limit = |text| Limit { pointer: pointer.to_owned(), within: None, beyond: json!(text) };
    texts.into_iter().map(limit).collect()
}

/// The limits of everything in a body, for values beside those of its example.
fn limits_within(schema: &'static Value, pointer: &str, found: &mut Vec<Limit>) {
    let schema = resolve(schema);
    for part in ["oneOf", "anyOf", "allOf"].into_iter().flat_map(|keyword| schema[keyword].as_array()).flatten() {
        limits_within(part, pointer, found);
    }
    // The rule check of a draft looks at the parts of a rule, and a draft with faults is stored.
    let is_checked_later = |name: &str| match pointer {
        of_rule if of_rule.ends_with("/rules/0") => {
            ["applies_when", "waived_when", "selector", "quantity", "shares_with"].contains(&name)
        }
        // An unknown value is ignored.
        "/data" => name == "catalogue_revision",
        _ => false,
    };
    // Pushed commands are read one by one, and one beyond a limit is kept for an officer.
    if pointer == "/commands/0" {
        return;
    }
    let properties = schema["properties"].as_object().into_iter().flatten();
    for (name, property) in properties.filter(|(name, _)| !is_checked_later(name)) {
        limits_within(property, &format!("{pointer}/{name}"), found);
    }
    if schema["items"].is_object() {
        limits_within(&schema["items"], &format!("{pointer}/0"), found);
        let one = example_of(&schema["items"]).unwrap_or_else(|| panic!("{pointer} has an example"));
        let list = |length: u64| Value::Array((0..length).map(|_| one.clone()).collect());
        for (most, other) in [("maxItems", 1), ("minItems", -1)] {
            if let Some(bound) = schema[most].as_u64() {
                let beyond = list(bound.checked_add_signed(other).unwrap());
                found.push(Limit { pointer: pointer.to_owned(), within: Some(list(bound)), beyond });
            }
        }
    }
    // A quantity's limits are those of its decimals, which the domain's tests check.
    found.extend(limits_of(schema, pointer));
}

fn faults_at(answer: &Answer, pointer: &str) -> Vec<Value> {
    if !answer.status.is_client_error() {
        return vec![];
    }
    let problem = answer.json();
    let faults = problem["errors"].as_array().cloned().unwrap_or_default();
    faults.into_iter().filter(|fault| fault["pointer"] == pointer).collect()
}

/// What is wrong with the answers to a value beyond a limit, and to one within it.
fn faults(operation: &Operation, limit: &Limit, beyond: &Answer, within: Option<&Answer>) -> Vec<String> {
    let place = format!("{} {}", operation.id, limit.pointer);
    let mut faults = Vec::new();
    if beyond.status.is_server_error() || faults_at(beyond, &limit.pointer).is_empty() {
        faults.push(format!("{place}: beyond the limit ({}): {}", limit.beyond, String::from_utf8_lossy(&beyond.body)));
    }
    let Some(within) = within else { return faults };
    let shape = ["length_out_of_bounds", "out_of_range", "wrong_value", "wrong_header"];
    let told = faults_at(within, &limit.pointer);
    let is_refused = told.iter().any(|fault| shape.contains(&fault["code"].as_str().unwrap()));
    if within.status.is_server_error() || is_refused {
        faults.push(format!("{place}: within the limit: {}", String::from_utf8_lossy(&within.body)));
    }
    faults
}

/// Puts a value at a place in a body; members missing in the example are added.
fn put(body: &Value, pointer: &str, value: &Value) -> Value {
    let mut body = body.clone();
    let place = pointer.split('/').skip(1).fold(&mut body, |place, token| match token.parse::<usize>() {
        Ok(number) => place.as_array_mut().unwrap().get_mut(number).unwrap(),
        Err(_) => place.as_object_mut().unwrap().entry(token).or_insert(Value::Null),
    });
    *place = value.clone();
    body
}

async fn bodies_are_held_to_the_limits_of_the_document(app: TestApp) {
    let (mut tried, mut without, mut wrong) = (0, Vec::new(), Vec::new());
    for operation in operations() {
        // What it checks are drafts, whose limits are tried where they are stored.
        let Some(schema) = operation.body().filter(|_| operation.id != "check_standards") else { continue };
        let mut body = example_of(schema).unwrap();
        if operation.id == "submit_count" {
            body["depot_id"] = json!(app.depot("T1-A").await);
            body["lines"] = json!([{"item": "BOOTS", "quantity": 1}]);
        }
        let mut limits = Vec::new();
        limits_within(schema, "", &mut limits);
        // The value of a fact is a number, a tag or nothing, whose limits have tests of their own.
        without.extend(limits.is_empty().then_some(operation.id).filter(|id| *id != "put_sheet_fact"));
        for limit in &limits {
            let mut answers = Vec::new();
            for value in [Some(&limit.beyond), limit.within.as_ref()].into_iter().flatten() {
                let list = limit.pointer.rsplit_once("/0").map(|(list, _)| list);
                let body = match list.filter(|list| body.pointer(list).is_none()) {
                    Some(list) => put(&body, list, &json!([value])),
                    None => put(&body, &limit.pointer, value),
                };
                let uri = operation.uri(Some(&uuid::Uuid::new_v4().to_string()));
                let request = app.request(operation.method.clone(), &uri).as_(caller_of(operation.id));
                answers.push(request.json(&body).send().await);
            }
            wrong.extend(faults(&operation, limit, &answers[0], answers.get(1)));
            tried += 1;
        }
    }
    assert_eq!(without, [""; 0], "bodies without a limit that could be tried");
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 200, "{tried} limits were tried");
}

async fn query_parameters_are_held_to_the_limits_of_the_document(app: TestApp) {
    let (mut tried, mut wrong) = (0, Vec::new());
    for operation in operations() {
        for parameter in operation.parameters("query") {
            let name = parameter["name"].as_str().unwrap();
            let schema = resolve(&parameter["schema"]);
            let pointer = format!("/{name}");
            let mut limits = limits_of(schema, &pointer);
            limits.extend(loose(schema, &pointer, "%2B5"));
            // More values than a list has.
            if let Some(most) = schema["maxItems"].as_u64() {
                let value = schema["items"]["enum"][0].as_str().unwrap_or("x");
                let more = vec![value; usize::try_from(most).unwrap() + 1].join(&format!("&{name}="));
                limits.push(Limit { pointer: pointer.clone(), within: None, beyond: json!(more) });
            }
            for limit in limits {
                let mut answers = Vec::new();
                for value in [Some(&limit.beyond), limit.within.as_ref()].into_iter().flatten() {
                    let text = value.as_str().map_or_else(|| value.to_string(), |text| text.replace('鞋', "x"));
                    let text = text.replace('\u{1}', "%01").replace(' ', "%20");
                    let uri = operation.uri_with(None, Some((name, &text)));
                    answers.push(operation.request_to(&app, &uri).as_(caller_of(operation.id)).send().await);
                }
                if operation.parameters("path").next().is_some() && answers.iter().all(|answer| answer.status == 404) {
                    continue;
                }
                wrong.extend(faults(&operation, &limit, &answers[0], answers.get(1)));
                tried += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 400, "{tried} limits were tried");
}

async fn headers_are_held_to_the_limits_of_the_document(app: TestApp) {
    let (mut tried, mut wrong) = (0, Vec::new());
    for operation in operations() {
        for parameter in operation.parameters("header") {
            let name = parameter["name"].as_str().unwrap();
            let schema = resolve(&parameter["schema"]);
            let pointer = format!("/{name}");
            let mut limits = limits_of(schema, &pointer);
            limits.extend(loose(schema, &pointer, "+5"));
            for limit in limits {
                let mut answers = Vec::new();
                for value in [Some(&limit.beyond), limit.within.as_ref()].into_iter().flatten() {
                    let text = value.as_str().map_or_else(|| value.to_string(), |text| text.replace('鞋', "x"));
                    let device = if name == "Muster-Device" { text.as_str() } else { "phone-7" };
                    let mut request =
                        operation.request(&app).as_(caller_of(operation.id)).header("muster-device", device);
                    let plain = [
                        "accept-language",
                        "idempotency-key",
                        "if-match",
                        "if-none-match",
                        "muster-sent-at",
                        "muster-seq",
                        "prefer",
                    ];
                    if let Some(header) = plain.into_iter().find(|one| one.eq_ignore_ascii_case(name)) {
                        request = request.header(header, &text);
                    }
                    answers.push(request.send().await);
                }
                wrong.extend(faults(&operation, &limit, &answers[0], answers.get(1)));
                tried += 1;
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    assert!(tried >= 3, "{tried} limits were tried");
}
