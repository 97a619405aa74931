//! Real answers, compared with the document.

use std::cell::RefCell;
use std::collections::BTreeSet;

use actix_web::http::Method;
use muster::api::scopes;
use serde_json::{Value, json};

use crate::acceptances::{self, Accepted};
use crate::app::{Answer, TestApp};
use crate::cases::cases;
use crate::clients::{self, Made};
use crate::document::{Operation, PUT_BY_CODE, RFC_6749, operations, standing_alone};
use crate::exemptions;
use crate::openapi::json_answer;
use crate::resolutions;
use crate::rights::{caller_of, row_of};
use crate::rules;
use crate::seed;
use crate::standards;

cases![
    every_operation_answers_as_the_document_says,
    refusals_are_what_the_document_says,
    every_list_is_a_table_too,
    what_cannot_be_had_in_the_form_asked_for_is_refused,
    viewers_and_clients_have_every_list_in_every_form,
    every_list_has_the_members_that_are_asked_for,
];

const WORKBOOK: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A world that contains one of everything.
struct World {
    count: String,
    line: String,
    depot: String,
    account: String,
    /// A device and an enrolment, and the secrets that sign in: a refresh token, and codes that work once each.
    device: String,
    enrolment: String,
    refresh_token: Value,
    codes: RefCell<Vec<Value>>,
    draft: String,
    exemption: String,
    /// Two commands in quarantine.
    quarantined: Vec<String>,
    /// An open row of a ledger.
    ledger_row: String,
    resolution: String,
    accepted: Accepted,
    client: String,
}

impl World {
    async fn make(app: &TestApp) -> Self {
        rules::adopt(app).await;
        rules::mark_sheet_complete(app, "E1").await;
        let lines = json!([{"item": "BOOTS", "quantity": 3}, {"item": "MASK", "quantity": 2, "lot": "A1"}]);
        let (count, _) = app.count("t1", "T1-A", lines).await;
        let line = app.shortage("T1", "BOOTS").await["line"].as_str().unwrap().to_owned();
        exemptions::declare(app, "T1", "N1", 3).await;
        let resolution = resolutions::resolve(app, "T1-A", "MASK", &[count]).await.to_string();
        let accepted = acceptances::accept(app, "t1", "T1-A", "SAND").await;
        let exemption = exemptions::grant(app, "T1", "B1", "2026-12-31").await.to_string();
        for code in ["STD", "OTHER"] {
            let path = format!("/api/v1/standards/{code}/draft");
            app.put(&path).as_("admin").json(&standards::text(code, &[])).send().await.expect(201);
        }
        for name in ["monthly", "old"] {
            let path = format!("/api/v1/regions/159900/column-maps/{name}");
            app.put(&path).as_("officer").json(&crate::ledgers_out::monthly()).send().await.expect(201);
        }
        let account = app.account("e1").await["id"].as_str().unwrap().to_owned();
        let signed_in = app.sign_in("t1", Some("a phone")).await;
        let mut codes = Vec::new();
        for _ in 0..2 {
            codes.push(app.issue("t2").await["code"].clone());
        }
        app.pushed("t1", &[1, 2].map(|seq| crate::push::command(seq, json!({"depot_id": seq})))).await;
        let kept = app.get("/api/v1/quarantine").as_("officer").send().await.expect(200);
        let kept = kept["items"].as_array().unwrap();
        let draft = uuid::Uuid::new_v4().to_string();
        let begun = json!({"content": {"lines": {}}});
        app.put(&format!("/api/v1/count-drafts/{draft}")).as_("t1").json(&begun).send().await.expect(201);
        for path in ["depots/T1-A/contacts/keeper", "organizations/T1/contacts/safety_head"] {
            app.put(&format!("/api/v1/{path}")).as_("officer").json(&json!({"name": "Li"})).send().await.expect(201);
        }
        let client = uuid::Uuid::new_v4().to_string();
        app.put(&format!("/api/v1/clients/{client}")).as_("admin").json(&client_of_t1()).send().await.expect(201);
        Self {
            ledger_row: crate::ledger_rows::open_row(app, "T1").await,
            quarantined: kept.iter().map(|one| one["id"].as_str().unwrap().to_owned()).collect(),
            count: count.to_string(),
            line,
            depot: app.depot("T1-A").await,
            account,
            device: signed_in["device"]["id"].as_str().unwrap().to_owned(),
            enrolment: app.issue("t2").await["id"].as_str().unwrap().to_owned(),
            refresh_token: app.sign_in("t1", None).await["refresh_token"].clone(),
            draft,
            exemption,
            resolution,
            accepted,
            client,
            codes: RefCell::new(codes),
        }
    }

    /// The address of an operation for a thing that exists.
    fn uri(&self, operation: &Operation) -> String {
        let code = match operation.path.split('/').nth(3) {
            _ if PUT_BY_CODE.contains(&operation.id) => "NEW",
            Some("items") => "BOOTS",
            Some("standards") if operation.id == "delete_draft" => "OTHER",
            Some("item-classes") => "protection",
            Some("standards") => "STD",
            Some("rules") => "B1",
            Some("open") => "STD",
            _ => "",
        };
        let acceptance = self.accepted.id.to_string();
        let id = match operation.path.split('/').nth(3) {
            Some("accounts") => &self.account,
            Some("clients") => &self.client,
            Some("devices") => &self.device,
            Some("enrolments") => &self.enrolment,
            Some("count-drafts") => &self.draft,
            Some("quarantine") if operation.id == "set_aside_quarantined" => &self.quarantined[1],
            Some("quarantine") => &self.quarantined[0],
            Some("ledger-rows") => &self.ledger_row,
            Some("resolutions") => &self.resolution,
            Some("acceptances") => &acceptance,
            _ if operation.path.contains("/exemptions/") => &self.exemption,
            _ => &self.count,
        };
        let or_new = |there| if PUT_BY_CODE.contains(&operation.id) { "NEW" } else { there };
        let names = [
            ("organization", or_new("T1")),
            ("depot", or_new("T1-A")),
            ("line", &self.line),
            ("contact", if operation.path.starts_with("/api/v1/depots/") { "keeper" } else { "safety_head" }),
            ("id", id),
            ("item", code),
            ("name", if operation.id == "withdraw_column_map" { "old" } else { "monthly" }),
            ("item_class", code),
            ("region", or_new("159900")),
            ("standard", if operation.path.contains("/adoptions/") { "STD" } else { code }),
            ("rule", if operation.path.contains("/targets/") { "N1" } else { code }),
            ("fact", if operation.id == "put_fact" { "new" } else { "people" }),
        ];
        let uri = operation.uri(Some("{}"));
        let (path, query) = uri.split_once('?').map_or((uri.as_str(), ""), |(path, query)| (path, query));
        assert!(path.contains("{}") == operation.path.contains('{'));
        let path = names
            .iter()
            .fold(operation.path.to_owned(), |path, (name, value)| path.replace(&format!("{{{name}}}"), value));
        assert!(!path.contains('{'), "{path}: say in `World::uri` of tests/it/answers.rs what it names in this world");
        if query.is_empty() { path } else { format!("{path}?{query}") }
    }

    fn body(&self, operation: &Operation) -> Option<Value> {
        operation.body()?;
        let (_, body) = BODIES.iter().find(|(id, _)| *id == operation.id).expect("a test of the registries names it");
        Some(body(self))
    }
}

/// A function that makes a valid body for the world.
type Body = fn(&World) -> Value;

/// The bodies of all operations that read JSON and are called here.
const BODIES: &[(&str, Body)] = &[
    ("put_column_map", |_| crate::ledgers_out::monthly()),
    ("sign_in", |_| json!({"username": "t1", "password": seed::PASSWORD})),
    ("put_count_draft", |_| json!({"depot_id": null, "content": {"lines": {"BOOTS": {"quantity": "4"}}}})),
    ("submit_count", |world| rules::count(&world.depot, seed::now(), json!([{"item": "SAND", "quantity": 2}]))),
    ("push_commands", |world| {
        crate::push::envelope(&[
            crate::push::command(7, rules::count(&world.depot, seed::now(), json!([{"item": "SAND", "quantity": 3}]))),
            crate::push::command(8, json!({"depot_id": "?"})),
            json!(7),
        ])
    }),
    ("apply_quarantined", |world| {
        json!({
            "reason": "meant the own depot",
            "data": rules::count(&world.depot, seed::now(), json!([{"item": "SAND", "quantity": 4}]))
        })
    }),
    ("void_count", |_| json!({"reason": "counted twice"})),
    ("void_resolution", |_| json!({"reason": "counted twice"})),
    ("close_account", |_| json!({"reason": "counted twice"})),
    ("close_client", |_| json!({"reason": "counted twice"})),
    ("withdraw_device", |_| json!({"reason": "counted twice"})),
    ("decide_ledger_row", |_| json!({"item": null, "reason": "a desk"})),
    ("set_aside_quarantined", |_| json!({"reason": "counted twice"})),
    ("refresh_session", |world| json!({"refresh_token": world.refresh_token})),
    ("sign_out", |world| json!({"refresh_token": world.refresh_token})),
    ("enrol_device", |world| json!({"code": world.codes.borrow_mut().pop(), "device_name": "another phone"})),
    ("change_password", |_| json!({"current": seed::PASSWORD, "new": seed::PASSWORD})),
    ("start_second_factor", |_| json!({"current": seed::PASSWORD})),
    ("put_account", |_| {
        json!({
            "username": "e1-store", "display_name": "Storekeeper", "role": "quartermaster", "organization": "E1"
        })
    }),
    ("put_client", |_| client_of_t1()),
    ("issue_enrolment", |_| json!({"account": "e1", "note": "a new phone", "expires_in": 3600})),
    ("put_adoption", |_| json!({"strength": "mandatory"})),
    ("end_adoption", |_| json!({"reason": "no longer needed"})),
    ("end_exemption", |_| json!({"reason": "no longer needed"})),
    ("submit_resolution", |world| resolutions::body(&world.depot, "BOOTS", &[world.count.parse().unwrap()])),
    ("submit_acceptance", |world| {
        let Accepted { inspection, count, .. } = world.accepted;
        acceptances::body(&world.depot, "SAND", inspection, count)
    }),
    ("put_target", |_| json!({"quantity": 4})),
    ("put_exemption", |_| exemptions::body("B1", "2026-12-31")),
    ("put_draft", |_| standards::text("STD", &[])),
    ("publish_draft", |_| json!({})),
    ("check_standards", |_| json!({})),
    ("put_region", |_| json!({"parent": "159900", "name_en": "New", "name_zh": "新", "validity_days": 30})),
    ("put_organization", |_| {
        json!({
            "region": "159900", "kind": "rescue_team", "name_en": "New", "name_zh": "新", "hosted_by": "E1"
        })
    }),
    ("put_depot", |_| {
        json!({
            "organization": "T1", "name_en": "New", "name_zh": "新", "holding": "physical",
            "position": {"lat": 41.05, "lon": 113.1}
        })
    }),
    ("put_depot_contact", |_| json!({"name": "New", "phone": "0477-8120001"})),
    ("put_organization_contact", |_| json!({"name": "New", "phone": "0477-8120001"})),
    ("put_item_class", |_| json!({"name_en": "New", "name_zh": "新"})),
    ("put_item", |_| {
        json!({
            "unit": "piece", "measured": false, "name_en": "New", "name_zh": "新", "class": "protection",
            "kind": "equipment", "perishable": false, "packs": [{"name": "box", "size": 10}], "barcodes": ["96385074"]
        })
    }),
    ("put_fact", |_| {
        json!({
            "kind": "number", "unit": "person", "name_en": "New", "name_zh": "新", "definition_en": "New.",
            "definition_zh": "新。"
        })
    }),
    ("put_fact_sheet", |_| json!({"facts": [{"key": "people", "value": {"number": 13}}], "complete": true})),
    ("put_sheet_fact", |_| json!({"value": {"number": 14}})),
];

/// True if an operation has a body here, or needs none: one is for a world without accounts, and one reads a form.
pub fn knows_body_of(operation: &str) -> bool {
    ELSEWHERE.contains(&operation) || BODIES.iter().any(|(id, _)| *id == operation)
}

/// The operations whose answers are checked by tests of their own.
const ELSEWHERE: [&str; 4] = ["set_up", RFC_6749, "confirm_second_factor", "remove_second_factor"];

/// The names of the operations that have a body here.
pub fn bodies() -> impl Iterator<Item = &'static str> {
    BODIES.iter().map(|(id, _)| *id)
}

fn client_of_t1() -> Value {
    json!({"name": "Stock system", "scopes": ["catalogue:read", "counts:write"], "organization": "T1"})
}

/// Checks that a value matches a schema of the document, without any further members.
pub fn check(place: &str, schema: &Value, value: &Value) {
    let mut alone = standing_alone(schema);
    alone["unevaluatedProperties"] = json!(false);
    let validator = jsonschema::options().should_validate_formats(true).build(&alone).unwrap();
    let faults: Vec<String> =
        validator.iter_errors(value).map(|error| format!("{}: {error}", error.instance_path())).collect();
    assert!(faults.is_empty(), "{place}: {value}\n{}", faults.join("\n"));
}

async fn every_operation_answers_as_the_document_says(app: TestApp) {
    let world = World::make(&app).await;
    // Operations that end something come last.
    let mut all = operations();
    all.sort_by_key(|operation| match operation.id {
        "void_count"
        | "void_resolution"
        | "sign_out"
        | "reopen_account"
        | "end_adoption"
        | "end_exemption"
        | "publish_draft"
        | "delete_draft"
        | "delete_count_draft"
        | "withdraw_column_map" => 2,
        "close_account" | "close_client" => 3,
        _ if operation.method == Method::POST => 1,
        _ => 0,
    });
    all.retain(|operation| !ELSEWHERE.contains(&operation.id));
    let new = uuid::Uuid::new_v4().to_string();
    let mut wrong = Vec::new();
    for operation in all {
        // The content of files is checked by the tests of import and export.
        if operation.path.ends_with("/import") || FILES.contains(&operation.id) {
            continue;
        }
        let mut uri = world.uri(&operation);
        if matches!(operation.id, "submit_count" | "submit_resolution" | "submit_acceptance") {
            uri = operation.uri(Some(&uuid::Uuid::new_v4().to_string()));
        }
        if ["put_account", "put_client"].contains(&operation.id) {
            uri = operation.uri(Some(&new));
        }
        for language in ["en", "zh-CN"] {
            let request = app
                .request(operation.method.clone(), &uri)
                .as_(caller_of(operation.id))
                .header("accept-language", language);
            let conditional = !PUT_BY_CODE.contains(&operation.id);
            let request = if conditional { request.header("if-match", "*") } else { request };
            let request = match world.body(&operation) {
                Some(body) => request.json(&body),
                None => request,
            };
            let answer = request.send().await;
            let place = format!("{} {}", operation.id, answer.status);
            assert!(answer.status.is_success(), "{place}: {answer:?}");
            let said = operation.responses().find(|(status, _)| *status == answer.status.as_u16());
            let (_, said) = said.unwrap_or_else(|| panic!("{place} is not in the document"));
            let content = json_answer(said).unwrap_or_else(|| panic!("{place} is no JSON"));
            check(&place, &content["schema"], &answer.json());
            wrong.extend(wrong_headers(&place, said, &answer));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The headers of which the document says with which answers they come; all others come with every answer, or are those of
/// HTTP itself.
const TOLD: [&str; 8] = [
    "ETag",
    "Cache-Control",
    "Content-Language",
    "Vary",
    "WWW-Authenticate",
    "Retry-After",
    "Muster-Engine",
    "X-Request-Id",
];

/// The headers that an answer has, and the document does not name, or the other way about.
fn wrong_headers(place: &str, said: &Value, answer: &Answer) -> Vec<String> {
    let is_there = |name: &str| answer.headers.contains_key(name);
    let is_said = |name: &str| said["headers"].get(name).is_some();
    let wrong = TOLD.into_iter().filter(|name| is_there(name) != is_said(name));
    wrong.map(|name| format!("{place}: {name} is {}", if is_there(name) { "not said" } else { "not there" })).collect()
}

async fn refusals_are_what_the_document_says(app: TestApp) {
    let (mut refused, mut wrong) = (BTreeSet::new(), Vec::new());
    for operation in operations() {
        for (username, uri) in [("viewer", operation.uri(Some("nothing"))), ("t1", operation.uri(None))] {
            let answer = operation.request_to(&app, &uri).as_(username).send().await;
            let place = format!("{} {}", operation.id, answer.status);
            assert!(!answer.status.is_server_error(), "{place}: {answer:?}");
            let said = operation.responses().find(|(status, _)| *status == answer.status.as_u16());
            let (_, said) = said.unwrap_or_else(|| panic!("{place} is not in the document"));
            if answer.status.is_client_error() {
                check(&place, &said["content"][answer.header("content-type")]["schema"], &answer.json());
                wrong.extend(wrong_headers(&place, said, &answer));
                refused.insert(operation.id);
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    // Nothing has the code "nothing", and a viewer may not create anything under it.
    let named = operations().into_iter().filter(|operation| operation.path.contains('{')).map(|operation| operation.id);
    let taken: Vec<&str> = named.filter(|id| !refused.contains(id)).collect();
    assert!(taken.is_empty(), "these refused nobody: {taken:?}");
}

/// The lists whose tables have columns of their own; tests of their own look at them.
const OWN_TABLES: [&str; 5] =
    ["list_shortages", "summarize_shortages", "list_organization_statuses", "export_tables", "export_count_list"];

/// The files, which cannot be had as JSON.
const FILES: [&str; 2] = ["export_tables", "export_count_list"];

async fn every_list_is_a_table_too(app: TestApp) {
    let world = World::make(&app).await;
    let mut tried = 0;
    for operation in operations() {
        let pointer = "/responses/200/content/text~1csv/example";
        let Some(example) = operation.says.pointer(pointer).and_then(Value::as_str) else {
            let page = operation.says.pointer("/responses/200/content/application~1json/schema/$ref");
            let is_page = page.and_then(Value::as_str).is_some_and(|name| name.contains("Page"));
            assert!(!is_page, "{} is a list and no table", operation.id);
            continue;
        };
        let mut uri = world.uri(&operation);
        if operation.id == "export_tables" {
            uri.push_str("?form=items");
        }
        let and = if uri.contains('?') { '&' } else { '?' };
        for language in ["en", "zh-CN"] {
            let ask = async |uri: &str, accept: &str| {
                // The list of findings is asked for by a body.
                let request = match operation.id {
                    "check_standards" => app.post(uri).json(&json!({})),
                    _ => app.get(uri),
                };
                let request = request.as_(caller_of(operation.id)).header("accept-language", language);
                let answer = request.header("accept", accept).send().await;
                assert_eq!(answer.status, 200, "{}: {answer:?}", operation.id);
                answer
            };
            let table = ask(&uri, "text/csv").await;
            assert!(table.header("content-type").starts_with("text/csv"), "{}", operation.id);
            let text = String::from_utf8(table.body.to_vec()).unwrap();
            let header = text.lines().next().unwrap();
            match language {
                "en" if OWN_TABLES.contains(&operation.id) => {}
                "en" => assert_eq!(header, example.trim_end(), "{}", operation.id),
                _ => {
                    let names = header.trim_start_matches('\u{feff}').split(',');
                    let has_letters = |name: &str| name.chars().any(|letter| letter.is_ascii_lowercase());
                    let plain: Vec<&str> = names.filter(|name| has_letters(name)).collect();
                    assert!(text.starts_with('\u{feff}') && plain.is_empty(), "{}: {plain:?}", operation.id);
                }
            }
            assert_eq!(ask(&format!("{uri}{and}format=csv"), "image/png").await.body, table.body, "{}", operation.id);
            let workbook = ask(&uri, WORKBOOK).await;
            assert_eq!(workbook.header("content-type"), WORKBOOK, "{}", operation.id);
            assert!(workbook.body.starts_with(b"PK"), "{}", operation.id);
        }
        tried += 1;
    }
    assert!(tried > 28, "{tried} lists were tried");
}

async fn what_cannot_be_had_in_the_form_asked_for_is_refused(app: TestApp) {
    let before = app.get("/api/v1/audit").as_("admin").send().await.expect(200);
    let mut tried = 0;
    for operation in operations() {
        let answers = operation.responses().filter(|(status, _)| (200..300).contains(status));
        let offered: Vec<&str> = answers
            .flat_map(|(_, answer)| answer["content"].as_object().into_iter().flatten())
            .map(|(media_type, _)| media_type.as_str())
            .collect();
        for asked in ["image/png", "text/html, application/json;q=0", "csv", "text/csv", WORKBOOK] {
            let is_offered = offered.contains(&asked);
            let request = operation.request(&app).as_(caller_of(operation.id)).header("accept", asked);
            if offered.is_empty() || is_offered {
                continue;
            }
            let answer = request.send().await;
            let place = format!("{} as {asked}", operation.id);
            assert_eq!(answer.problem(406), "not_acceptable", "{place}");
            let problem = answer.json();
            assert!(problem["detail"].as_str().unwrap().contains(offered[0]), "{place}: {problem}");
            let (_, said) = operation.responses().find(|(status, _)| *status == 406).expect("the document says so");
            check(&place, &said["content"]["application/problem+json"]["schema"], &problem);
            tried += 1;
        }
    }
    assert!(tried > 400, "{tried} requests were refused");
    let after = app.get("/api/v1/audit").as_("admin").header("accept", "application/json, text/plain").send().await;
    assert_eq!(after.expect(200), before, "what is refused was not done");
}

/// The lists of the document, and the files, each with an address in a world.
fn lists(world: &World) -> Vec<(Operation, String)> {
    let is_list = |operation: &Operation| {
        operation.method == Method::GET && operation.says.pointer("/responses/200/content/text~1csv").is_some()
    };
    let all = operations().into_iter().filter(is_list).map(|operation| {
        let uri = world.uri(&operation);
        // A table in CSV holds one form.
        let uri = if operation.id == "export_tables" { format!("{uri}?form=items") } else { uri };
        (operation, uri)
    });
    all.collect()
}

/// The forms in which a list is had; files are no JSON.
fn forms_of(operation: &Operation) -> Vec<&'static str> {
    let all = ["application/json", "text/csv", WORKBOOK];
    all.into_iter().filter(|form| *form != all[0] || !FILES.contains(&operation.id)).collect()
}

async fn viewers_and_clients_have_every_list_in_every_form(app: TestApp) {
    let world = World::make(&app).await;
    let of_the_banner = app.make_client(&clients::of_the_banner(&clients::ALL[..3])).await;
    let of_t1 = app.make_client(&clients::of_t1(&clients::ALL)).await;
    let viewer = json!(app.token_of("viewer").await);
    let (mut had, mut refused) = (0, 0);
    for (operation, uri) in lists(&world) {
        let opening = scopes::opening(operation.id).unwrap_or_default();
        let tokens = opening.iter().map(async |scope| {
            let client: &Made = if *scope == domain::scope::Scope::CountsWrite { &of_t1 } else { &of_the_banner };
            (scope.word(), app.token_for(client, scope.word()).await)
        });
        let mut tokens = futures_of(tokens).await;
        // Files are of the forms that a scope opens.
        tokens.retain(|(scope, _)| operation.id != "export_tables" || *scope == "catalogue:read");
        for form in forms_of(&operation).into_iter().chain(["image/png", "application/xml"]) {
            let status = if form == WORKBOOK || form.contains("csv") || form.contains("json") { 200 } else { 406 };
            let place = format!("{} as {form}", operation.id);
            if row_of(operation.id).unwrap()[1] {
                let answer = app.get(&uri).bearing(&viewer).header("accept", form).send().await;
                assert_eq!(answer.status, status, "{place}: {answer:?}");
                had += 1;
            }
            for (scope, token) in &tokens {
                let answer = app.get(&uri).bearing(token).header("accept", form).send().await;
                assert_eq!(answer.status, status, "{place} with {scope}: {answer:?}");
                if status == 200 {
                    assert!(answer.header("content-type").starts_with(form), "{place}");
                }
                had += 1;
            }
            if opening.is_empty() && !operation.is_public() && status == 200 {
                let token = app.token_for(&of_the_banner, "catalogue:read").await;
                let answer = app.get(&uri).bearing(&token).header("accept", form).send().await;
                assert_eq!(answer.problem(403), "scope_missing", "{place}");
                refused += 1;
            }
        }
    }
    assert!(had > 250 && refused > 20, "{had} answers were had, {refused} refused");
}

async fn futures_of<T>(all: impl Iterator<Item = impl Future<Output = T>>) -> Vec<T> {
    let mut done = Vec::new();
    for one in all {
        done.push(one.await);
    }
    done
}

async fn every_list_has_the_members_that_are_asked_for(app: TestApp) {
    let world = World::make(&app).await;
    let tokens = [("t1", json!(app.token_of("t1").await)), ("admin", json!(app.token_of("admin").await))];
    let mut tried = 0;
    for (operation, uri) in lists(&world) {
        let Some(parameter) = operation.parameters("query").find(|parameter| parameter["name"] == "fields") else {
            let is_file = FILES.contains(&operation.id);
            assert!(is_file || operation.id == "summarize_shortages", "{} is a list", operation.id);
            continue;
        };
        let names: Vec<&str> = parameter["schema"]["items"]["enum"]
            .as_array()
            .unwrap()
            .iter()
            .map(|name| name.as_str().unwrap())
            .collect();
        let and = if uri.contains('?') { '&' } else { '?' };
        let (_, token) = tokens.iter().find(|(username, _)| *username == caller_of(operation.id)).unwrap();
        let get = async |fields: &str, form: &'static str| {
            app.get(&format!("{uri}{and}{fields}")).bearing(token).header("accept", form).send().await
        };
        let members_of = |page: &Value| -> BTreeSet<String> {
            let items = page["items"].as_array().unwrap();
            items.iter().flat_map(|item| item.as_object().unwrap().keys().cloned()).collect()
        };
        let whole = app.get(&uri).bearing(token).send().await.expect(200);
        assert!(members_of(&whole).iter().all(|name| names.contains(&name.as_str())), "{}: {names:?}", operation.id);
        let all = names.join(",");
        assert_eq!(get(&format!("fields={all}"), "application/json").await.expect(200), whole, "{}", operation.id);
        for name in &names {
            let page = get(&format!("fields={name}&limit=2"), "application/json").await.expect(200);
            let expected: BTreeSet<String> = members_of(&whole).into_iter().filter(|member| member == name).collect();
            assert!(members_of(&page).is_subset(&expected), "{} {name}: {page}", operation.id);
            for form in ["text/csv", WORKBOOK] {
                let table = get(&format!("fields={name}&limit=2"), form).await;
                assert_eq!(table.status, 200, "{} {name}: {table:?}", operation.id);
            }
        }
        let (first, last) = (names[0], names[names.len() - 1]);
        let once = get(&format!("fields={first}&fields={last}"), "application/json").await.expect(200);
        assert_eq!(get(&format!("fields={last},{first},{first}"), "application/json").await.expect(200), once);
        let missing = get("fields=", "application/json").await.problem(400);
        assert_eq!(missing, "malformed", "{}", operation.id);
        for wrong in ["nothing", ",", "Code", "%00", &format!("{first},nothing"), &"x".repeat(5000)] {
            let refused = get(&format!("fields={wrong}"), "application/json").await;
            assert_eq!(refused.problem(400), "malformed", "{} {wrong}", operation.id);
            let fault = &refused.json()["errors"][0];
            assert_eq!((&fault["pointer"], &fault["code"]), (&json!("/fields"), &json!("unknown_value")));
            assert!(fault["detail"].as_str().unwrap().contains(first), "{fault}");
        }
        tried += 1;
    }
    assert!(tried > 30, "{tried} lists were tried");
}
