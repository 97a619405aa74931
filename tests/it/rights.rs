//! The rights of roles: a row for each operation, checked against the service itself.

use db::locks::Locks;
use domain::account::Role;
use serde_json::json;

use crate::acceptances;
use crate::app::TestApp;
use crate::cases::cases;
use crate::clients;
use crate::document::{PUT_BY_CODE, operations};
use crate::exemptions;
use crate::ledger_rows;
use crate::resolutions;
use crate::rows::tester;
use crate::rules;
use crate::seed::plant_below;

cases![
    each_role_may_do_what_its_row_says,
    anothers_things_are_not_found,
    anothers_things_cannot_be_asked_for_in_a_query,
];

/// True for each of quartermaster, viewer, officer, admin and anonymous that may call an operation.
const ROWS: &[(&str, [bool; 5])] = {
    const Y: bool = true;
    const N: bool = false;
    &[
        ("check_liveness", [Y, Y, Y, Y, Y]),
        ("check_readiness", [Y, Y, Y, Y, Y]),
        ("list_keys", [Y, Y, Y, Y, Y]),
        ("find_api_catalog", [Y, Y, Y, Y, Y]),
        ("find_authorization_server", [Y, Y, Y, Y, Y]),
        ("sign_in", [Y, Y, Y, Y, Y]),
        ("refresh_session", [Y, Y, Y, Y, Y]),
        ("sign_out", [Y, Y, Y, Y, Y]),
        ("enrol_device", [Y, Y, Y, Y, Y]),
        ("issue_token", [Y, Y, Y, Y, Y]),
        ("set_up", [Y, Y, Y, Y, Y]),
        ("find_me", [Y, Y, Y, Y, N]),
        ("change_password", [Y, Y, Y, Y, N]),
        ("find_second_factor", [N, Y, Y, Y, N]),
        ("start_second_factor", [N, Y, Y, Y, N]),
        ("confirm_second_factor", [N, Y, Y, Y, N]),
        ("remove_second_factor", [N, Y, Y, Y, N]),
        ("reset_second_factor", [N, N, N, Y, N]),
        ("list_accounts", [N, N, Y, Y, N]),
        ("find_account", [N, N, Y, Y, N]),
        ("put_account", [N, N, Y, Y, N]),
        ("close_account", [N, N, Y, Y, N]),
        ("reopen_account", [N, N, Y, Y, N]),
        ("reset_password", [N, N, Y, Y, N]),
        ("issue_enrolment", [N, N, Y, Y, N]),
        ("list_enrolments", [N, N, Y, Y, N]),
        ("withdraw_enrolment", [N, N, Y, Y, N]),
        ("list_clients", [N, N, N, Y, N]),
        ("find_client", [N, N, N, Y, N]),
        ("put_client", [N, N, N, Y, N]),
        ("reset_client_secret", [N, N, N, Y, N]),
        ("close_client", [N, N, N, Y, N]),
        ("list_devices", [Y, Y, Y, Y, N]),
        ("withdraw_device", [Y, Y, Y, Y, N]),
        ("list_items", [Y, Y, Y, Y, N]),
        ("find_item", [Y, Y, Y, Y, N]),
        ("find_scanned_item", [Y, Y, Y, Y, N]),
        ("list_item_classes", [Y, Y, Y, Y, N]),
        ("list_labels", [Y, Y, Y, Y, N]),
        ("list_regions", [Y, Y, Y, Y, N]),
        ("list_organizations", [Y, Y, Y, Y, N]),
        ("find_organization", [Y, Y, Y, Y, N]),
        ("list_facts", [Y, Y, Y, Y, N]),
        ("find_fact_sheet", [Y, Y, Y, Y, N]),
        ("list_depots", [Y, Y, Y, Y, N]),
        ("find_depot", [Y, Y, Y, Y, N]),
        ("put_item", [N, N, Y, Y, N]),
        ("list_item_history", [Y, Y, Y, Y, N]),
        ("find_item_class", [Y, Y, Y, Y, N]),
        ("put_item_class", [N, N, Y, Y, N]),
        ("list_item_class_history", [Y, Y, Y, Y, N]),
        ("find_region", [Y, Y, Y, Y, N]),
        ("put_region", [N, N, N, Y, N]),
        ("list_region_history", [Y, Y, Y, Y, N]),
        ("put_organization", [N, N, Y, Y, N]),
        ("list_organization_history", [Y, Y, Y, Y, N]),
        ("find_fact", [Y, Y, Y, Y, N]),
        ("put_fact", [N, N, Y, Y, N]),
        ("list_fact_history", [Y, Y, Y, Y, N]),
        ("put_fact_sheet", [N, N, Y, Y, N]),
        ("put_sheet_fact", [N, N, Y, Y, N]),
        ("list_fact_sheet_history", [Y, Y, Y, Y, N]),
        ("put_depot", [N, N, Y, Y, N]),
        ("list_depot_history", [Y, Y, Y, Y, N]),
        ("list_depot_contacts", [Y, Y, Y, Y, N]),
        ("find_depot_contact", [Y, Y, Y, Y, N]),
        ("put_depot_contact", [N, N, Y, Y, N]),
        ("erase_depot_contact", [N, N, Y, Y, N]),
        ("list_depot_contact_reads", [N, N, Y, Y, N]),
        ("list_organization_contacts", [Y, Y, Y, Y, N]),
        ("find_organization_contact", [Y, Y, Y, Y, N]),
        ("put_organization_contact", [N, N, Y, Y, N]),
        ("erase_organization_contact", [N, N, Y, Y, N]),
        ("list_organization_contact_reads", [N, N, Y, Y, N]),
        ("list_standards", [Y, Y, Y, Y, N]),
        ("find_standard", [Y, Y, Y, Y, N]),
        ("list_rules", [Y, Y, Y, Y, N]),
        ("find_rule", [Y, Y, Y, Y, N]),
        ("list_adoptions", [Y, Y, Y, Y, N]),
        ("list_standard_history", [Y, Y, Y, Y, N]),
        ("find_adoption", [Y, Y, Y, Y, N]),
        ("put_adoption", [N, N, Y, Y, N]),
        ("end_adoption", [N, N, Y, Y, N]),
        ("list_drafts", [Y, Y, Y, Y, N]),
        ("find_draft", [Y, Y, Y, Y, N]),
        ("put_draft", [N, N, Y, Y, N]),
        ("delete_draft", [N, N, Y, Y, N]),
        ("check_draft", [Y, Y, Y, Y, N]),
        ("check_standards", [N, N, Y, Y, N]),
        ("publish_draft", [N, N, Y, Y, N]),
        ("list_targets", [Y, Y, Y, Y, N]),
        ("find_target", [Y, Y, Y, Y, N]),
        ("put_target", [Y, N, Y, Y, N]),
        ("list_exemptions", [Y, Y, Y, Y, N]),
        ("find_exemption", [Y, Y, Y, Y, N]),
        ("put_exemption", [N, N, Y, Y, N]),
        ("end_exemption", [N, N, Y, Y, N]),
        ("list_audit", [N, N, N, Y, N]),
        ("import_tables", [Y, N, Y, Y, N]),
        ("export_tables", [Y, Y, Y, Y, N]),
        ("list_ledger_rows", [Y, Y, Y, Y, N]),
        ("find_ledger_row", [Y, Y, Y, Y, N]),
        ("decide_ledger_row", [Y, N, Y, Y, N]),
        ("list_column_maps", [Y, Y, Y, Y, N]),
        ("find_column_map", [Y, Y, Y, Y, N]),
        ("put_column_map", [N, N, Y, Y, N]),
        ("withdraw_column_map", [N, N, Y, Y, N]),
        ("export_count_list", [Y, Y, Y, Y, N]),
        ("list_count_drafts", [Y, N, Y, Y, N]),
        ("find_count_draft", [Y, N, Y, Y, N]),
        ("put_count_draft", [Y, N, Y, Y, N]),
        ("delete_count_draft", [Y, N, Y, Y, N]),
        ("submit_count", [Y, N, Y, Y, N]),
        ("void_count", [Y, N, Y, Y, N]),
        ("list_counts", [Y, Y, Y, Y, N]),
        ("find_count", [Y, Y, Y, Y, N]),
        ("find_count_receipts", [Y, Y, Y, Y, N]),
        ("push_commands", [Y, Y, Y, Y, N]),
        ("pull_changes", [Y, Y, Y, Y, N]),
        ("list_quarantine", [Y, Y, Y, Y, N]),
        ("find_quarantined", [Y, Y, Y, Y, N]),
        ("apply_quarantined", [N, N, Y, Y, N]),
        ("set_aside_quarantined", [N, N, Y, Y, N]),
        ("submit_resolution", [N, N, Y, Y, N]),
        ("void_resolution", [N, N, Y, Y, N]),
        ("list_resolutions", [Y, Y, Y, Y, N]),
        ("find_resolution", [Y, Y, Y, Y, N]),
        ("find_resolution_receipts", [Y, Y, Y, Y, N]),
        ("submit_acceptance", [N, N, Y, Y, N]),
        ("list_acceptances", [Y, Y, Y, Y, N]),
        ("find_acceptance", [Y, Y, Y, Y, N]),
        ("find_acceptance_receipts", [Y, Y, Y, Y, N]),
        ("list_stock", [Y, Y, Y, Y, N]),
        ("list_open_standards", [Y, Y, Y, Y, Y]),
        ("find_open_standard", [Y, Y, Y, Y, Y]),
        ("list_open_rules", [Y, Y, Y, Y, Y]),
        ("list_open_items", [Y, Y, Y, Y, Y]),
        ("list_open_item_classes", [Y, Y, Y, Y, Y]),
    ]
};

/// The same for data derived from counts.
const DERIVED: &[(&str, [bool; 5])] = &[
    ("summarize_shortages", [true, true, true, true, false]),
    ("list_shortages", [true, true, true, true, false]),
    ("list_expiring_lots", [true, true, true, true, false]),
    ("list_fact_checks", [true, true, true, true, false]),
    ("explain_shortage", [true, true, true, true, false]),
    ("list_organization_statuses", [true, true, true, true, false]),
];

/// A caller for each column.
const CALLERS: [(Option<&str>, Option<Role>); 5] = [
    (Some("t1"), Some(Role::Quartermaster)),
    (Some("viewer"), Some(Role::Viewer)),
    (Some("officer"), Some(Role::Officer)),
    (Some("admin"), Some(Role::Admin)),
    (None, None),
];

/// The refusals of a sign-in because of its content, whoever sends it.
pub const REFUSED_FOR_WHAT_IT_SAYS: [&str; 3] = ["credentials_wrong", "code_not_accepted", "session_ended"];

/// True if quartermasters may call an operation.
pub fn is_for_quartermasters(id: &str) -> bool {
    row_of(id).is_some_and(|[quartermaster, ..]| quartermaster)
}

/// All rows of both tables.
pub fn rows() -> impl Iterator<Item = (&'static str, [bool; 5])> {
    ROWS.iter().chain(DERIVED).copied()
}

/// The row of an operation.
pub fn row_of(operation: &str) -> Option<[bool; 5]> {
    rows().find(|(id, _)| *id == operation).map(|(_, allowed)| allowed)
}

/// Somebody who may call an operation: a quartermaster, or else an admin.
pub fn caller_of(operation: &str) -> &'static str {
    let [quartermaster, ..] = row_of(operation).expect("a test of the registries names it");
    if quartermaster { "t1" } else { "admin" }
}

async fn each_role_may_do_what_its_row_says(app: TestApp) {
    let mut tried = 0;
    for operation in operations() {
        let allowed = row_of(operation.id).expect("a test of the registries names it");
        for ((username, role), allowed) in CALLERS.into_iter().zip(allowed) {
            let request = operation.request(&app);
            let answer = match username {
                Some(username) => request.as_(username).send().await,
                None => request.send().await,
            };
            let case = format!("{} as {role:?}: {answer:?}", operation.id);
            assert!(!answer.status.is_server_error(), "{case}");
            let refusal = match answer.status.as_u16() {
                status @ (401 | 403) => Some(answer.problem(status)),
                _ => None,
            };
            // The role is right, but the region is not: standards are for the people of the topmost region.
            let refusal = refusal.filter(|code| code != "not_topmost");
            match (refusal.as_deref(), role) {
                (None, _) => assert!(allowed, "{case}"),
                (Some(code), _) if REFUSED_FOR_WHAT_IT_SAYS.contains(&code) => {
                    assert!(allowed && operation.is_public(), "{case}");
                }
                (Some("role_not_allowed"), Some(_)) | (Some("token_missing"), None) => assert!(!allowed, "{case}"),
                _ => panic!("{case}"),
            }
            tried += 1;
        }
    }
    assert_eq!(tried, rows().count() * CALLERS.len(), "each cell of the table is tried once");
}

/// The path parameters that name shared things.
const OF_NOBODY: [&str; 6] = ["fact", "item", "item_class", "name", "region", "standard"];

/// The path parameters that name things of an organization or an account.
const OF_SOMEBODY: [&str; 6] = ["contact", "depot", "id", "line", "organization", "rule"];

/// True if one of the two lists above contains this path parameter.
pub fn is_told_of(name: &str) -> bool {
    OF_NOBODY.contains(&name) || OF_SOMEBODY.contains(&name)
}

/// The operations that put a thing under an id chosen by the client.
const TAKEN_IDS: [&str; 4] = ["submit_count", "submit_resolution", "submit_acceptance", "put_client"];

async fn anothers_things_are_not_found(app: TestApp) {
    rules::adopt(&app).await;
    app.db.write(tester(), Locks::none(), plant_below).await.unwrap();
    let (count, _) = app.count("t2", "T2-A", json!([{"item": "BOOTS", "quantity": 3}])).await;
    let resolution = resolutions::resolve(&app, "T2-A", "BOOTS", &[count]).await;
    let acceptance = acceptances::accept(&app, "t2", "T2-A", "SAND").await.id;
    let line = app.shortage("T2", "BOOTS").await["line"].as_str().unwrap().to_owned();
    let device = app.sign_in("t2", Some("their phone")).await["device"]["id"].as_str().unwrap().to_owned();
    let (organization, depot) = (app.organization("T2").await, app.depot("T2-A").await);
    exemptions::declare(&app, "T2", "N1", 3).await;
    let exemption = exemptions::grant(&app, "T2", "B1", "2026-12-31").await;
    app.pushed("t2", &[crate::push::command(1, json!({}))]).await;
    let quarantined = app.waiting().await.as_str().unwrap().to_owned();
    let account = app.account_id("t2").await;
    let enrolment = app.issue("t2").await["id"].as_str().unwrap().to_owned();
    let client = app.make_client(&clients::of_the_banner(&["stock:read"])).await;
    let ledger_row = ledger_rows::open_row(&app, "T2").await;
    for path in ["/depots/T2-A/contacts/keeper", "/organizations/T2/contacts/safety_head"] {
        app.put_on(path, "officer", &json!({"name": "Theirs"}), None).await.expect(201);
    }
    let mut asked = 0;
    for operation in operations() {
        let names: Vec<&str> =
            operation.parameters("path").map(|parameter| parameter["name"].as_str().unwrap()).collect();
        // A rule by itself is nobody's; a target under it is somebody's.
        let is_rule = operation.path.starts_with("/api/v1/rules/");
        let is_put_by_code = PUT_BY_CODE.contains(&operation.id);
        // The same id may name a draft of each account, and not even the bureau sees another's.
        if operation.path.starts_with("/api/v1/count-drafts") {
            continue;
        }
        if operation.is_public() || names.iter().all(|name| OF_NOBODY.contains(name)) || is_rule || is_put_by_code {
            continue;
        }
        for by_code in [true, false] {
            let uri = names.iter().fold(operation.path.to_owned(), |uri, name| {
                let id = match *name {
                    "organization" => if by_code { "T2" } else { organization.as_str() }.to_owned(),
                    "depot" => if by_code { "T2-A" } else { depot.as_str() }.to_owned(),
                    "line" => line.clone(),
                    "contact" if operation.path.starts_with("/api/v1/depots/") => "keeper".to_owned(),
                    "contact" => "safety_head".to_owned(),
                    "fact" => "people".to_owned(),
                    "id" if operation.path.starts_with("/api/v1/counts/") => count.to_string(),
                    "id" if operation.path.starts_with("/api/v1/resolutions/") => resolution.to_string(),
                    "id" if operation.path.starts_with("/api/v1/acceptances/") => acceptance.to_string(),
                    "id" if operation.path.starts_with("/api/v1/devices/") => device.clone(),
                    "id" if operation.path.starts_with("/api/v1/quarantine/") => quarantined.clone(),
                    "id" if operation.path.contains("/exemptions/") => exemption.to_string(),
                    "id" if operation.path.starts_with("/api/v1/accounts/") => account.clone(),
                    "id" if operation.path.starts_with("/api/v1/enrolments/") => enrolment.clone(),
                    "id" if operation.path.starts_with("/api/v1/clients/") => client.id.clone(),
                    "id" if operation.path.starts_with("/api/v1/ledger-rows/") => ledger_row.clone(),
                    "rule" => "N1".to_owned(),
                    other => panic!("{}: say here whose {other} is", operation.id),
                };
                uri.replace(&format!("{{{name}}}"), &id)
            });
            // An admin of another region tries operations that no quartermaster may call.
            let stranger = if is_for_quartermasters(operation.id) { "t1" } else { "admin-below" };
            let theirs = match operation.id {
                // The body names a place within the stranger's reach, or it would be refused for that.
                "put_account" => app.put(&uri).json(&json!({
                    "username": "t2", "display_name": "T2", "role": "viewer", "region": "159901"
                })),
                "put_client" => app.put(&uri).json(&json!({
                    "name": "x", "scopes": ["stock:read"], "region": "159901"
                })),
                _ => operation.request_to(&app, &uri),
            };
            let theirs = theirs.as_(stranger).send().await;
            if TAKEN_IDS.contains(&operation.id) {
                // The id is taken, and the answer reveals nothing about the thing.
                assert_eq!(theirs.problem(409), "id_reused", "{}", operation.id);
                assert!(theirs.json()["stored_sha256"].is_null(), "{}", operation.id);
            } else {
                assert_eq!(theirs.problem(404), "not_found", "{}", operation.id);
            }
            let own = operation.request_to(&app, &uri).as_("admin").send().await;
            assert_ne!(own.status, 404, "{}: the bureau sees {uri}", operation.id);
        }
        asked += 1;
    }
    assert!(asked >= 37, "{asked} operations were asked");
}

async fn anothers_things_cannot_be_asked_for_in_a_query(app: TestApp) {
    let mut asked = 0;
    // An import names them as its rows do, and says so with the faults of its rows.
    let asks = |id: &str| is_for_quartermasters(id) && id != "import_tables";
    for operation in operations().into_iter().filter(|operation| asks(operation.id)) {
        for parameter in operation.parameters("query") {
            let theirs = match parameter["name"].as_str().unwrap() {
                name @ "organization" => (name, "T2"),
                name @ "depot" => (name, "T2-A"),
                _ => continue,
            };
            let uri = operation.uri_with(None, Some(theirs));
            let answer = app.request(operation.method.clone(), &uri).as_("t1").send().await;
            assert_eq!(answer.problem(404), "not_found", "{uri}");
            let own = app.request(operation.method.clone(), &uri.replace("T2", "T1")).as_("t1").send().await;
            assert_ne!(own.status, 404, "{uri}");
            asked += 1;
        }
    }
    assert!(asked >= 10, "{asked} parameters were asked with");
}

impl TestApp {
    /// The id of an organization, by its code.
    async fn organization(&self, code: &str) -> String {
        let found = self.get(&format!("/api/v1/organizations/{code}")).as_("officer").send().await.expect(200);
        found["id"].as_str().unwrap().to_owned()
    }
}
