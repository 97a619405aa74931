//! What is kept of counts so that figures are quick: it can be lost, and is found out where it is wrong.

use diesel::connection::SimpleConnection as _;
use serde_json::{Value, json};
use tempfile::TempDir;

use crate::cases::cases;
use crate::database::{Backend, TestDatabase};
use crate::process::{Service, muster, outcome, text_of};

cases![
    what_is_kept_is_checked_and_mended,
    figures_are_the_same_without_what_is_kept,
    a_depot_with_many_counts_is_rebuilt_after_a_void,
];

const PASSWORD: &str = "a password for generated banners";

/// Generates a banner, in which T3 alone has counts, and returns the folder with its keys.
fn banner(database: &TestDatabase, counts: &str) -> TempDir {
    let folder = TempDir::new().unwrap();
    let url = text_of(&database.url);
    let settings = [("DATABASE_URL", url.as_str()), ("MUSTER_DATA_DIR", "data")];
    let generate = ["generate", "--password", PASSWORD, "--counts-per-organization", counts, "--only", "T3"];
    let (code, said) = outcome(folder.path(), &generate, &settings);
    assert_eq!(code, 0, "{said}");
    folder
}

fn rebuild(folder: &TempDir, database: &TestDatabase, options: &[&str]) -> (i32, String) {
    let url = text_of(&database.url);
    let arguments = [&["rebuild"], options].concat();
    let ended = muster(folder.path(), &arguments, &[("DATABASE_URL", url.as_str())]).output().unwrap();
    let said = [ended.stdout, ended.stderr].concat();
    (ended.status.code().unwrap(), String::from_utf8(said).unwrap())
}

fn execute(database: &TestDatabase, statement: &str) {
    database.connect().batch_execute(statement).unwrap();
}

/// The figures that a bureau and a quartermaster read.
fn figures(service: &Service) -> Vec<Value> {
    let paths = ["/api/v1/stock?limit=500", "/api/v1/shortages?limit=500", "/api/v1/shortages/summary?group_by=item"];
    let of = |username: &str| {
        let asked = json!({"username": username, "password": PASSWORD});
        let signed_in = service.call("POST", "/api/v1/auth/login", &[], Some(&asked)).body;
        let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
        paths.map(|path| service.call("GET", path, &[("authorization", &token)], None).body)
    };
    [of("t3"), of("admin")].into_iter().flatten().collect()
}

async fn what_is_kept_is_checked_and_mended(database: TestDatabase) {
    let folder = banner(&database, "12");
    let (code, said) = rebuild(&folder, &database, &["--check"]);
    assert!(code == 0 && said.contains("Checked") && said.contains("agrees with the counts"), "{code} {said}");
    let (quantity, other) = match database.backend {
        Backend::Sqlite => ("CAST(body AS TEXT)", "CAST(replace(CAST(body AS TEXT), '\"n\":', '\"n\":1') AS BLOB)"),
        Backend::Postgres => (
            "convert_from(body, 'UTF8')",
            "convert_to(replace(convert_from(body, 'UTF8'), '\"n\":', '\"n\":1'), 'UTF8')",
        ),
    };
    execute(&database, &format!("UPDATE bearing_counts SET body = {other} WHERE {quantity} LIKE '%\"n\":%'"));
    let (code, said) = rebuild(&folder, &database, &["--check"]);
    assert!(code != 0 && said.contains("differed from the counts, and were rebuilt"), "{code} {said}");
    let (code, said) = rebuild(&folder, &database, &["--check"]);
    assert!(code == 0 && said.contains("Checked") && said.contains("agrees with the counts"), "{code} {said}");
    execute(&database, "UPDATE bearing_counts SET body = NULL");
    let (code, said) = rebuild(&folder, &database, &[]);
    assert!(code == 0 && said.contains("Rebuilt"), "{code} {said}");
}

async fn figures_are_the_same_without_what_is_kept(database: TestDatabase) {
    let folder = banner(&database, "12");
    let url = text_of(&database.url);
    let service = Service::start(folder.path(), &url, &[("MUSTER_DATA_DIR", "data")]);
    let before = figures(&service);
    // Another form, as a later version would leave it: nobody makes these anew while this version runs.
    execute(&database, "UPDATE bearing_counts SET form = 1000");
    assert_eq!(figures(&service), before);
    // Damaged, it neither changes a figure nor stands in the way of one.
    let damaged = match database.backend {
        Backend::Sqlite => "x'78'",
        Backend::Postgres => "convert_to('x', 'UTF8')",
    };
    execute(&database, &format!("UPDATE bearing_counts SET form = 1, body = {damaged}"));
    assert_eq!(figures(&service), before);
    let (code, said) = rebuild(&folder, &database, &["--check"]);
    assert!(code != 0 && said.contains("differed from the counts"), "{code} {said}");
    assert_eq!(figures(&service), before);
}

async fn a_depot_with_many_counts_is_rebuilt_after_a_void(database: TestDatabase) {
    let folder = banner(&database, "450");
    let url = text_of(&database.url);
    let service = Service::start(folder.path(), &url, &[("MUSTER_DATA_DIR", "data")]);
    let asked = json!({"username": "t3", "password": PASSWORD});
    let signed_in = service.call("POST", "/api/v1/auth/login", &[], Some(&asked)).body;
    let token = format!("Bearer {}", signed_in["access_token"].as_str().unwrap());
    let newest = service.call("GET", "/api/v1/counts?limit=1", &[("authorization", &token)], None).body;
    let path = format!(
        "/api/v1/counts/{}/void",
        newest["items"][0]["count"]["id"].as_str().or(newest["items"][0]["id"].as_str()).unwrap()
    );
    let voided = service.call("POST", &path, &[("authorization", &token)], Some(&json!({"reason": "counted twice"})));
    assert_eq!(voided.status, 201, "{}", voided.body);
    let at_once = figures(&service);
    let (code, said) = rebuild(&folder, &database, &[]);
    assert_eq!(code, 0, "{said}");
    assert_eq!(figures(&service), at_once);
    let (code, said) = rebuild(&folder, &database, &["--check"]);
    assert!(code == 0 && said.contains("Checked") && said.contains("agrees with the counts"), "{code} {said}");
}
